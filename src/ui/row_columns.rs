//! The table's columns when its lines are rows.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::glyphs::Glyphs;
use super::keymap::Keymap;
use super::theme::Theme;
use super::widget::table::{ColumnSet, Head, cut, cut_text};
use crate::domain::column::Column;
use crate::domain::row::Row;
use crate::domain::severity::Severity;
use crate::i18n::{Language, tell};
use crate::store::{Rows, Sort};
pub use crate::text::cells::{code, latency, no_id, time_of_day, title};
use crate::text::columns::{Placed, Wishes, columns};
use crate::text::sanitize::sanitize;
use crate::text::shorten;

/// How values are shown: styles, signs, language, time zone.
#[derive(Clone, Copy)]
pub struct Format<'a> {
    /// Styles.
    pub theme: &'a Theme,
    /// Signs.
    pub glyphs: &'static Glyphs,
    /// The language of everything that is ours.
    pub language: Language,
    /// For times of day.
    pub time_zone: &'a TimeZone,
    /// When the screen was opened: ages count from here.
    pub opened_at: Timestamp,
    /// For sentences that name a key.
    pub keymap: &'a Keymap,
}

/// The rows as columns.
pub struct RowColumns<'a> {
    rows: &'a Rows,
    order: &'a [u32],
    marks: &'a BTreeSet<u32>,
    sort: Sort,
    placed: Vec<Placed>,
    /// Characters of the ids' tails that tell the visible ones apart.
    tail: usize,
    format: Format<'a>,
}

impl<'a> RowColumns<'a> {
    /// The columns of a table so wide, for the lines that can be seen.
    #[must_use]
    pub fn new(
        (rows, order): (&'a Rows, &'a [u32]),
        marks: &'a BTreeSet<u32>,
        sort: Sort,
        (width, wishes): (u16, &Wishes),
        seen: std::ops::Range<usize>,
        format: Format<'a>,
    ) -> Self {
        let seen = order.get(seen.start..seen.end.min(order.len())).unwrap_or_default();
        let tail = shorten::tail_of(seen.iter().map(|row| rows.get(*row).request_id));
        Self { rows, order, marks, sort, placed: columns(width, rows.content(), wishes), tail, format }
    }

    fn cell(&self, number: u32, row: &Row<'_>, placed: Placed) -> Line<'static> {
        let (theme, glyphs) = (self.format.theme, self.format.glyphs);
        let width = usize::from(placed.width);
        let text = |text: Option<&str>, style| cut(&sanitize(text.unwrap_or_default()), width, style, glyphs);
        match placed.column {
            Column::Status => status(row.severity, row.status, row.tries, self.format),
            Column::Code => {
                let code = code_cell(row.code, width, self.format);
                with_signs(code, &self.signs(number, row), width, self.format)
            }
            Column::Message => {
                let message = sanitize(row.message);
                let message = if row.from_twin {
                    tell!(self.format.language, "%{message} (asked again as GET)", message = message)
                } else {
                    message
                };
                cut(&message, width, theme.text, glyphs)
            }
            Column::Request => {
                let method = format!("{:<4} ", shorten::method(&sanitize(row.method)));
                let target = shorten::target(&sanitize(&row.target.to_string()), width.saturating_sub(5));
                Line::from(vec![Span::styled(method, theme.quiet), Span::styled(target, theme.text)])
            }
            Column::RequestId => self.id(row, width),
            Column::Sure if row.severity == Severity::Ok => Line::default(),
            Column::Sure => Line::styled(glyphs.certainty(row.certainty), theme.certainty(row.certainty)),
            Column::Time => Line::styled(self.time(row.time_ms, width), theme.quiet),
            Column::Took => Line::styled(latency(row.latency_us), theme.quiet),
            Column::Cause | Column::Operation => text(row.own_text(placed.column), theme.text),
            Column::Region | Column::Profile | Column::Node | Column::Host => {
                text(row.own_text(placed.column), theme.quiet)
            }
        }
    }

    /// What was done with a row: a note was written, it was checked.
    fn signs(&self, number: u32, row: &Row<'_>) -> String {
        let glyphs = self.format.glyphs;
        let note = if row.note.is_empty() { "" } else { glyphs.note };
        let checked = if self.rows.is_checked(number) { glyphs.checked } else { "" };
        format!("{note}{checked}")
    }

    fn id(&self, row: &Row<'_>, width: usize) -> Line<'static> {
        id_cell(row, width, self.tail, self.format)
    }

    fn time(&self, time_ms: i64, width: usize) -> String {
        let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let zoned = time.to_zoned(self.format.time_zone.clone());
        match width {
            11.. => zoned.strftime("%m-%d %H:%M").to_string(),
            8.. => zoned.strftime("%H:%M:%S").to_string(),
            _ => crate::text::cells::age(time_ms, self.format.opened_at),
        }
    }
}

impl ColumnSet for RowColumns<'_> {
    fn heads(&self) -> Vec<Head> {
        let head = |placed: &Placed| Head {
            title: match (placed.column, placed.width) {
                // Its own head would touch the Code.
                (Column::Status, ..6) => tell!(self.format.language, "Stat"),
                (Column::Time, ..8) => tell!(self.format.language, "Age"),
                (column, _) => title(column, self.format.language),
            }
            .into_owned(),
            x: placed.x,
            width: placed.width,
            at_right: placed.column == Column::Took,
            arrow: match (self.sort.column == placed.column, self.sort.descending) {
                // By time is how rows come: no news in that.
                (true, false) if placed.column == Column::Time => "",
                (true, false) => self.format.glyphs.up,
                (true, true) => self.format.glyphs.down,
                (false, _) => "",
            },
        };
        self.placed.iter().map(head).collect()
    }

    fn length(&self) -> usize {
        self.order.len()
    }

    fn cells(&self, line: usize) -> Vec<Line<'static>> {
        let number = self.order[line];
        let row = self.rows.get(number);
        self.placed.iter().map(|placed| self.cell(number, &row, *placed)).collect()
    }

    fn is_marked(&self, line: usize) -> bool {
        self.marks.contains(&self.order[line])
    }
}

/// The mark of a severity, the status, and how often the request was sent if that was more than once.
#[must_use]
pub fn status(severity: Severity, status: u16, tries: u8, format: Format<'_>) -> Line<'static> {
    let style = format.theme.severity(severity).add_modifier(Modifier::BOLD);
    let number = if status == 0 { format.glyphs.none.to_owned() } else { status.to_string() };
    let again = if tries > 1 { format!(" {}{tries}", format.glyphs.again) } else { String::new() };
    Line::from(vec![
        Span::styled(format!("{} {number}", format.glyphs.severity(severity)), style),
        Span::styled(again, format.theme.quiet),
    ])
}

/// A Code, or what stands in its place.
#[must_use]
pub fn code_cell(text: &str, width: usize, format: Format<'_>) -> Line<'static> {
    let style = if text.starts_with('(') { format.theme.quiet } else { format.theme.strong };
    cut(&code(text, format.language), width, style, format.glyphs)
}

/// A Code with signs after it, where there is room for them.
fn with_signs(mut code: Line<'static>, signs: &str, width: usize, format: Format<'_>) -> Line<'static> {
    if !signs.is_empty() && code.width() + 1 + signs.width() <= width {
        code.push_span(Span::styled(format!(" {signs}"), format.theme.accent));
    }
    code
}

/// A RequestId, its head quiet and its tail plain; where there is none, why.
#[must_use]
pub fn id_cell(row: &Row<'_>, width: usize, tail: usize, format: Format<'_>) -> Line<'static> {
    let theme = format.theme;
    if !row.request_id.is_empty() {
        let (head, tail) = shorten::request_id(&sanitize(row.request_id), width, tail);
        return Line::from(vec![Span::styled(head, theme.quiet), Span::styled(tail, theme.text)]);
    }
    let Some(words) = no_id(row.severity, row.dialect, format.language) else { return Line::default() };
    let words = format!("{} {words}", format.glyphs.none);
    Line::styled(cut_text(&words, width, format.glyphs), theme.quiet)
}

/// The column at this place of a table so wide.
#[must_use]
pub fn column_at(placed: &[Placed], x: u16) -> Option<Column> {
    placed.iter().find(|placed| (placed.x..placed.x + placed.width).contains(&x)).map(|placed| placed.column)
}
