//! The virtual table: only the rows that can be seen are read and drawn, whatever their number.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;
use crate::domain::language::{Language, tell};
use crate::domain::record::Outcome;
use crate::domain::row::Row;
use crate::domain::text::{end_cut, head, visible};
use crate::store::{Column, Rows, Sort};

/// Columns before the first cell: which row is selected, which are marked.
pub const MARK: u16 = 2;
const STATUS: u16 = 6;
const CODE: u16 = 21;
/// A COS id has 40 characters, rarely up to 44.
const ID: u16 = 40;
/// A Message narrower than this says nothing.
const MESSAGE: (u16, u16) = (12, 30);
const GAP: u16 = 1;

/// A column as placed: what, from where, how wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What it shows.
    pub column: Column,
    x: u16,
    width: u16,
}

/// Places the columns. The RequestId is the last one to lose width, the Message the first.
#[must_use]
pub fn columns(width: u16) -> Vec<Placed> {
    let mut wanted: Vec<(Column, u16)> = vec![(Column::Status, STATUS)];
    let fixed = MARK + STATUS + GAP;
    let room = width.saturating_sub(fixed);
    if room < CODE + GAP + ID {
        let code = room.saturating_sub(ID + GAP).clamp(14.min(room / 2), CODE);
        wanted.extend([(Column::Code, code), (Column::RequestId, room.saturating_sub(code + GAP).min(44))]);
        return placed(&wanted);
    }
    let mut rest = room - (CODE + GAP + ID);
    if rest < MESSAGE.0 + GAP {
        wanted.extend([(Column::Code, CODE + rest), (Column::RequestId, ID)]);
        return placed(&wanted);
    }
    let mut message = (rest - GAP).min(MESSAGE.1);
    rest -= message + GAP;
    let mut more = Vec::new();
    for (column, least) in
        [(Column::Time, 8), (Column::Operation, 12), (Column::Target, 16), (Column::Latency, 8), (Column::Cause, 18)]
    {
        let Some(left) = rest.checked_sub(least + GAP) else { break };
        rest = left;
        more.push((column, least));
    }
    let id = ID + rest.min(4);
    rest -= rest.min(4);
    for (column, width) in &mut more {
        let more_wanted = match column {
            Column::Operation => 12.min(rest),
            Column::Target => 20.min(rest),
            _ => 0,
        };
        *width += more_wanted;
        rest -= more_wanted;
    }
    message += rest;
    wanted.extend([(Column::Code, CODE), (Column::Message, message), (Column::RequestId, id)]);
    wanted.extend(more);
    placed(&wanted)
}

fn placed(wanted: &[(Column, u16)]) -> Vec<Placed> {
    let mut x = MARK;
    wanted
        .iter()
        .map(|(column, width)| {
            let placed = Placed { column: *column, x, width: *width };
            x += width + GAP;
            placed
        })
        .collect()
}

/// The column at this place of a table so wide.
#[must_use]
pub fn column_at(width: u16, x: u16) -> Option<Column> {
    columns(width)
        .into_iter()
        .find(|placed| (placed.x..placed.x + placed.width).contains(&x))
        .map(|placed| placed.column)
}

/// How many columns a table so wide leaves out.
#[must_use]
pub fn hidden(width: u16) -> usize {
    9 - columns(width).len()
}

/// A column's head.
#[must_use]
pub fn title(column: Column, language: Language) -> Cow<'static, str> {
    match column {
        Column::Status => tell!(language, "Status"),
        // The store's own words, which its documents do not translate either.
        Column::Code => "Code".into(),
        Column::Message => "Message".into(),
        Column::RequestId => "RequestId".into(),
        Column::Time => tell!(language, "Time"),
        Column::Operation => tell!(language, "Operation"),
        Column::Target => tell!(language, "Target"),
        Column::Latency => tell!(language, "Latency"),
        Column::Cause => tell!(language, "Verdict"),
    }
}

/// A Code as shown. What stands in the place of one is ours; a Code itself is never looked up.
#[must_use]
pub fn code(code: &str, language: Language) -> Cow<'_, str> {
    match code {
        "(no code)" => tell!(language, "(no code)"),
        "(not the store)" => tell!(language, "(not the store)"),
        code => visible(code),
    }
}

/// What the grid draws.
pub struct Grid<'a> {
    /// All rows.
    pub rows: &'a Rows,
    /// The shown ones.
    pub order: &'a [u32],
    /// The first visible place of `order`.
    pub top: usize,
    /// The selected place.
    pub cursor: usize,
    /// The marked rows.
    pub marks: &'a BTreeSet<u32>,
    /// The table has the focus.
    pub focused: bool,
    /// What it is sorted by.
    pub sort: Sort,
    /// Styles.
    pub theme: &'a Theme,
    /// For times of day.
    pub time_zone: &'a TimeZone,
    /// The language of the heads, and of what stands in the place of a cell.
    pub language: Language,
}

impl Grid<'_> {
    /// Draws heads and visible rows.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let columns = columns(area.width);
        for placed in &columns {
            let arrow = match (self.sort.column == placed.column, self.sort.descending) {
                (false, _) => "",
                (true, false) => "↑",
                (true, true) => "↓",
            };
            let head = format!("{}{arrow}", title(placed.column, self.language));
            let width = usize::from(placed.width);
            let head = if placed.column == Column::Latency { on_the_right(&head, width) } else { head };
            put(buffer, area, *placed, area.y, &head, self.theme.heading);
        }
        let visible = usize::from(area.height.saturating_sub(1));
        for (line, place) in (self.top..self.order.len()).take(visible).enumerate() {
            let y = area.y + 1 + u16::try_from(line).unwrap_or(u16::MAX);
            let row = self.rows.get(self.order[place]);
            for placed in &columns {
                let (text, style) = self.cell(&row, *placed);
                put(buffer, area, *placed, y, &text, style);
            }
            let marked = self.marks.contains(&self.order[place]);
            edge(buffer, Rect { y, height: 1, ..area }, place == self.cursor, marked, self.focused, self.theme);
        }
    }

    fn cell(&self, row: &Row<'_>, placed: Placed) -> (String, Style) {
        let width = usize::from(placed.width);
        let status = match row.outcome {
            // A portal's 200 is no success.
            Outcome::Failure if (200..400).contains(&row.status) => self.theme.client_error,
            _ => self.theme.status(row.status),
        };
        match placed.column {
            Column::Status => {
                let number = if row.status == 0 { "✗".to_owned() } else { row.status.to_string() };
                let tries = if row.tries > 1 { format!("↻{}", row.tries) } else { String::new() };
                (format!("{number} {tries}"), status)
            }
            Column::Code => (end_cut(&code(row.code, self.language), width), status),
            Column::Message if row.from_twin => {
                let message = visible(row.message);
                (end_cut(&tell!(self.language, "as GET: %{message}", message = message), width), Style::new())
            }
            Column::Message => (end_cut(&visible(row.message), width), Style::new()),
            Column::RequestId if row.request_id.is_empty() => {
                let words =
                    if row.outcome == Outcome::Failure { tell!(self.language, row.no_id) } else { Cow::default() };
                (end_cut(&words, width), self.theme.quiet)
            }
            Column::RequestId => (middle_cut(&visible(row.request_id), width), Style::new()),
            Column::Time => (time_of_day(row.time_ms, self.time_zone), self.theme.quiet),
            Column::Operation => (end_cut(&visible(row.operation), width), Style::new()),
            Column::Target => (middle_cut(&visible(row.target), width), Style::new()),
            Column::Cause => (end_cut(row.cause, width), Style::new()),
            Column::Latency => (format!("{:>width$}", latency(row.latency_us)), self.theme.quiet),
        }
    }
}

/// The left edge of a line: whether it is selected, and whether it is marked.
pub fn edge(buffer: &mut Buffer, line: Rect, selected: bool, marked: bool, focused: bool, theme: &Theme) {
    if selected {
        let style = if focused { theme.selected } else { theme.heading };
        // One colour across the line: a reversed patchwork hides where it ends.
        buffer.set_style(line, style.fg(Color::Reset));
        buffer.set_stringn(line.x, line.y, "▌", 1, Style::new());
    }
    if marked {
        // Beside the selection's own mark it stands close to the text; alone it does not.
        buffer.set_stringn(line.x + u16::from(selected), line.y, "✓", 1, theme.key);
    }
}

/// Text at the right end of so many columns.
pub fn on_the_right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// A time of day where the person is.
pub fn time_of_day(time_ms: i64, time_zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(time_zone.clone()).strftime("%H:%M:%S").to_string()
}

fn put(buffer: &mut Buffer, area: Rect, placed: Placed, y: u16, text: &str, style: Style) {
    let x = area.x + placed.x.min(area.width);
    let room = placed.width.min(area.right().saturating_sub(x));
    if room > 0 {
        buffer.set_stringn(x, y, text, usize::from(room), style);
    }
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

/// Text of at most `width` columns, its middle left out.
#[must_use]
pub fn middle_cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let Some(room) = width.checked_sub(1) else { return String::new() };
    let reversed: String = text.chars().rev().collect();
    let tail: String = head(&reversed, room / 2).chars().rev().collect();
    format!("{}…{tail}", head(text, room - room / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(width: u16) -> Vec<Column> {
        columns(width).into_iter().map(|placed| placed.column).collect()
    }

    #[test]
    fn the_request_id_outlives_the_message() {
        assert_eq!(shown(60), [Column::Status, Column::Code, Column::RequestId]);
        assert_eq!(shown(100), [Column::Status, Column::Code, Column::Message, Column::RequestId]);
        assert_eq!((shown(150).len(), shown(200).len()), (8, 9));
        let id = |width| columns(width).into_iter().find(|p| p.column == Column::RequestId).map(|p| p.width);
        assert_eq!((id(100), id(80), id(200)), (Some(40), Some(40), Some(44)));
    }

    #[test]
    fn only_what_stands_in_the_place_of_a_code_is_translated() {
        assert_eq!(code("(no code)", Language::Zh), "（无错误码）");
        assert_eq!(code("(not the store)", Language::En), "(not the store)");
        assert_eq!((code("Request", Language::Zh), tell!(Language::Zh, "Request")), ("Request".into(), "请求".into()));
    }

    #[test]
    fn cuts_keep_the_ends_that_matter() {
        assert_eq!(middle_cut("NjgzNDk2MmZfYTAx", 9), "NjgzYTAx".replace("Njgz", "Njgz…"));
        assert_eq!(end_cut("访问被拒绝", 7), "访问被…");
        assert_eq!((end_cut("abc", 0), middle_cut("abc", 0)), (String::new(), String::new()));
    }

    proptest! {
        #[test]
        fn columns_fit_and_do_not_overlap(width in 0u16..400) {
            let columns = columns(width);
            for pair in columns.windows(2) {
                prop_assert!(pair[0].x + pair[0].width < pair[1].x);
            }
            if width >= 40 {
                let last = columns.last().unwrap();
                prop_assert!(last.x + last.width <= width, "{columns:?}");
            }
        }

        #[test]
        fn cuts_are_never_wider_than_asked(text in ".{0,40}", width in 0usize..30) {
            prop_assert!(end_cut(&visible(&text), width).width() <= width);
            prop_assert!(middle_cut(&visible(&text), width).width() <= width);
        }
    }
}
