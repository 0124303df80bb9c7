//! The table's columns when its lines are rows.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::glyphs::Glyphs;
use super::theme::Theme;
use super::widget::table::{ColumnSet, Head, cut, cut_text};
use crate::domain::column::Column;
use crate::domain::language::{Language, tell};
use crate::domain::profile::Dialect;
use crate::domain::row::Row;
use crate::domain::severity::Severity;
use crate::domain::text::visible;
use crate::store::{Rows, Sort};
use crate::text::columns::{Placed, Wishes, columns};
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
    /// When the screen was opened: ages are told from here.
    pub opened_at: Timestamp,
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

    fn cell(&self, row: &Row<'_>, placed: Placed) -> Line<'static> {
        let (theme, glyphs) = (self.format.theme, self.format.glyphs);
        let width = usize::from(placed.width);
        let text = |text: &str, style| cut(&visible(text), width, style, glyphs);
        match placed.column {
            Column::Status => status(row.severity, row.status, row.tries, self.format),
            Column::Code => code_cell(row.code, width, self.format),
            Column::Message => {
                let message = visible(row.message);
                let message = if row.from_twin {
                    tell!(self.format.language, "(asked again as GET) %{message}", message = message)
                } else {
                    message
                };
                cut(&message, width, theme.text, glyphs)
            }
            Column::Request => {
                let method = format!("{:<4} ", shorten::method(&visible(row.method)));
                let target = shorten::target(&visible(row.target), width.saturating_sub(5));
                Line::from(vec![Span::styled(method, theme.quiet), Span::styled(glyphs.plain_cut(&target), theme.text)])
            }
            Column::RequestId => self.id(row, width),
            Column::Sure if row.severity == Severity::Ok => Line::default(),
            Column::Sure => Line::styled(glyphs.certainty(row.certainty), theme.certainty(row.certainty)),
            Column::Time => Line::styled(self.time(row.time_ms, width), theme.quiet),
            Column::Took => Line::styled(latency(row.latency_us), theme.quiet),
            Column::Cause => text(row.cause, theme.text),
            Column::Region => text(row.region, theme.quiet),
            Column::Profile => text(row.profile, theme.quiet),
            Column::Operation => text(row.operation, theme.text),
            Column::Node => text(row.node, theme.quiet),
        }
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
            _ => age((self.format.opened_at.as_millisecond() - time_ms) / 1000, self.format.language),
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
        let row = self.rows.get(self.order[line]);
        self.placed.iter().map(|placed| self.cell(&row, *placed)).collect()
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

/// A RequestId, its head quiet and its tail plain; where there is none, why.
#[must_use]
pub fn id_cell(row: &Row<'_>, width: usize, tail: usize, format: Format<'_>) -> Line<'static> {
    let theme = format.theme;
    if !row.request_id.is_empty() {
        let (head, tail) = shorten::request_id(&visible(row.request_id), width, tail);
        return Line::from(vec![
            Span::styled(format.glyphs.plain_cut(&head), theme.quiet),
            Span::styled(tail, theme.text),
        ]);
    }
    let Some(words) = no_id(row.severity, row.dialect, format.language) else { return Line::default() };
    let words = format!("{} {words}", format.glyphs.none);
    Line::styled(cut_text(&words, width, format.glyphs), theme.quiet)
}

/// Why a row has no RequestId; `None` where none is missed.
#[must_use]
pub fn no_id(severity: Severity, dialect: Dialect, language: Language) -> Option<Cow<'static, str>> {
    match (severity, dialect) {
        (Severity::Ok | Severity::NotSet | Severity::NotSupported, _) => None,
        (Severity::Network, _) => Some(tell!(language, "no answer")),
        (Severity::Other, Dialect::Cos) => Some(tell!(language, "not from COS")),
        (Severity::Other, Dialect::S3) => Some(tell!(language, "not the store")),
        (Severity::Client | Severity::Server, _) => Some(tell!(language, "none given")),
    }
}

/// A column's head.
#[must_use]
pub fn title(column: Column, language: Language) -> Cow<'static, str> {
    match column {
        // The store's own words, which its documents do not translate either.
        Column::Code | Column::Message | Column::RequestId => column.title().into(),
        _ => tell!(language, column.title()),
    }
}

/// A Code as shown. What stands in the place of one is ours; a Code itself is never looked up.
#[must_use]
pub fn code(code: &str, language: Language) -> Cow<'_, str> {
    match code {
        "(no Code)" => tell!(language, "(no Code)"),
        "(not supported)" => tell!(language, "(not supported)"),
        "(another server)" => tell!(language, "(another server)"),
        code => visible(code),
    }
}

/// A time of day where the person is.
#[must_use]
pub fn time_of_day(time_ms: i64, time_zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(time_zone.clone()).strftime("%H:%M:%S").to_string()
}

/// How long ago something was, in four columns: `12 m`, `2 h`, `3 d`.
#[must_use]
pub fn age(seconds: i64, language: Language) -> String {
    const DAY: i64 = 86_400;
    match seconds.max(0) {
        s @ ..60 => tell!(language, "%{n} s", n = s),
        s @ ..3_600 => tell!(language, "%{n} m", n = s / 60),
        s @ ..DAY => tell!(language, "%{n} h", n = s / 3_600),
        s if s < 100 * DAY => tell!(language, "%{n} d", n = s / DAY),
        s if s < 700 * DAY => tell!(language, "%{n} w", n = s / DAY / 7),
        s => tell!(language, "%{n} y", n = s / DAY / 365),
    }
    .into_owned()
}

/// A latency in three digits or so.
#[must_use]
pub fn latency(us: u32) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..10_000 => format!("{:.1} ms", f64::from(us) / 1e3),
        10_000..1_000_000 => format!("{} ms", us / 1000),
        _ => format!("{:.1} s", f64::from(us) / 1e6),
    }
}

/// The column at this place of a table so wide.
#[must_use]
pub fn column_at(placed: &[Placed], x: u16) -> Option<Column> {
    placed.iter().find(|placed| (placed.x..placed.x + placed.width).contains(&x)).map(|placed| placed.column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn only_what_stands_in_the_place_of_a_code_is_translated() {
        assert_eq!(code("(no Code)", Language::Zh), "（无错误码）");
        assert_eq!(code("(another server)", Language::En), "(another server)");
        assert_eq!((code("Request", Language::Zh), tell!(Language::Zh, "Request")), ("Request".into(), "请求".into()));
    }

    #[test]
    fn ages_take_four_columns() {
        let told = [-5, 0, 59, 60, 3_599, 3_600, 86_399, 86_400, 99 * 86_400, 100 * 86_400, 699 * 86_400, 800 * 86_400];
        let words = told.map(|seconds| age(seconds, Language::En));
        assert_eq!(words, ["0 s", "0 s", "59 s", "1 m", "59 m", "1 h", "23 h", "1 d", "99 d", "14 w", "99 w", "2 y"]);
        assert!(told.iter().all(|seconds| age(*seconds, Language::Zh).width() <= 4));
    }

    #[test]
    fn latencies_have_three_digits_or_so() {
        assert_eq!([999, 9_999, 14_000, 2_000_000].map(latency), ["999 µs", "10.0 ms", "14 ms", "2.0 s"]);
    }
}
