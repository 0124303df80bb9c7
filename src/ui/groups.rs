//! Groups on the screen: a line each in the table, and what stands above the detail of the selected one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::detail::Text;
use super::grid::{MARK, code, edge, middle_cut, on_the_right, time_of_day};
use super::model::Folded;
use super::theme::Theme;
use crate::domain::error_site;
use crate::domain::language::{Language, tell};
use crate::domain::text::{end_cut, visible};
use crate::store::Rows;
use crate::store::groups::{Group, Groups, STEPS};

/// What a line tells of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Count,
    Code,
    Message,
    Rate,
    First,
    Last,
    Nodes,
    Operation,
    Host,
}

/// A column for each step of the sparkline.
const RATE: u16 = 16;
const _: () = assert!(STEPS == RATE as usize);

/// In the order shown: the part, its head, its least width, and when it comes in as the table gets
/// wider.
const PARTS: [(Part, &str, u16, usize); 9] = [
    (Part::Count, "Count", 7, 0),
    (Part::Code, "Code", 21, 1),
    (Part::Message, "Message", 12, 3),
    (Part::Rate, "Rate", RATE, 2),
    (Part::First, "First", 8, 5),
    (Part::Last, "Last", 8, 4),
    (Part::Nodes, "Nodes", 11, 6),
    (Part::Operation, "Operation", 14, 7),
    (Part::Host, "Host", 24, 8),
];

/// The parts that fit, each with its place and width; the Message takes what is left.
fn columns(width: u16) -> Vec<(Part, &'static str, u16, u16)> {
    let mut room = width.saturating_sub(MARK);
    let mut wanted = PARTS;
    wanted.sort_by_key(|(.., turn)| *turn);
    let mut fitting = Vec::new();
    for (part, _, least, turn) in wanted {
        // The Code gives way before nothing but a number is left.
        let least = if part == Part::Code { least.min(room.saturating_sub(1)) } else { least };
        let Some(rest) = room.checked_sub(least + 1).filter(|_| fitting.len() == turn) else { break };
        room = rest;
        fitting.push((part, least));
    }
    let widest = if fitting.iter().any(|(part, _)| *part == Part::Message) { Part::Message } else { Part::Code };
    let mut x = MARK;
    let mut placed = Vec::new();
    for (part, head, ..) in PARTS {
        let Some((_, least)) = fitting.iter().find(|(known, _)| *known == part) else { continue };
        let width = if part == widest { least + room } else { *least };
        placed.push((part, head, x, width));
        x += width + 1;
    }
    placed
}

/// How many parts a table so wide leaves out.
#[must_use]
pub fn hidden(width: u16) -> usize {
    PARTS.len() - columns(width).len()
}

/// What the table of groups draws.
pub struct GroupGrid<'a> {
    /// All rows.
    pub rows: &'a Rows,
    /// The groups and their order.
    pub folded: &'a Folded,
    /// The first visible line.
    pub top: usize,
    /// The selected line.
    pub cursor: usize,
    /// The marked rows.
    pub marks: &'a BTreeSet<u32>,
    /// The table has the focus.
    pub focused: bool,
    /// Styles.
    pub theme: &'a Theme,
    /// For times of day.
    pub time_zone: &'a TimeZone,
    /// The language of the heads.
    pub language: Language,
}

impl GroupGrid<'_> {
    /// Draws heads and visible groups.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let columns = columns(area.width);
        for (part, head, x, width) in &columns {
            let width = usize::from(*width);
            let head = tell!(self.language, *head);
            let head = if *part == Part::Count { on_the_right(&format!("{head}↓"), width).into() } else { head };
            buffer.set_stringn(area.x + x, area.y, head, width, self.theme.heading);
        }
        let lines = self.folded.lines.iter().enumerate().skip(self.top);
        for (y, (place, number)) in (area.y + 1..area.bottom()).zip(lines) {
            let Some(group) = self.folded.groups.get(*number) else { continue };
            for (part, _, x, width) in &columns {
                let (text, style) = self.cell(group, *part, usize::from(*width));
                buffer.set_stringn(area.x + x, y, text, usize::from(*width), style);
            }
            let marked = self.marks.contains(&group.row);
            edge(buffer, Rect { y, height: 1, ..area }, place == self.cursor, marked, self.focused, self.theme);
        }
    }

    fn cell(&self, group: &Group, part: Part, width: usize) -> (String, Style) {
        let row = self.rows.get(group.row);
        let quiet = self.theme.quiet;
        match part {
            Part::Count => (format!("{:>width$}", group.count), self.theme.heading),
            Part::Code => (end_cut(&code(row.code, self.language), width), self.theme.status(row.status)),
            Part::Message => (end_cut(&visible(row.message), width), Style::new()),
            Part::Rate => (sparkline(&self.folded.groups.rate(group)), Style::new()),
            Part::First => (time_of_day(group.first_ms, self.time_zone), quiet),
            Part::Last => (time_of_day(group.last_ms, self.time_zone), quiet),
            Part::Nodes => (end_cut(&nodes_in_short(&self.folded.groups, group, self.language), width), quiet),
            Part::Operation => (end_cut(&visible(row.operation), width), Style::new()),
            Part::Host => (middle_cut(&visible(&group.kind.host), width), Style::new()),
        }
    }
}

/// One node by its tag, more by their number.
fn nodes_in_short(groups: &Groups, group: &Group, language: Language) -> Cow<'static, str> {
    match groups.nodes(group).as_slice() {
        [] => "-".into(),
        [(node, _)] => visible(node).into_owned().into(),
        nodes => tell!(language, "%{n} nodes", n = nodes.len()),
    }
}

/// Rows of each step, the group's own busiest step the highest.
fn sparkline(rate: &[u32]) -> String {
    let most = u64::from(rate.iter().copied().max().unwrap_or(0).max(1));
    let bar = |rows: &u32| match u64::from(*rows) {
        0 => ' ',
        rows => {
            ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][usize::try_from((rows * 8).div_ceil(most) - 1).unwrap_or(0).min(7)]
        }
    };
    rate.iter().map(bar).collect()
}

/// What is said of a group above the detail of its first row.
#[must_use]
pub fn head(
    groups: &Groups,
    group: u32,
    columns: usize,
    theme: &Theme,
    time_zone: &TimeZone,
    language: Language,
) -> Vec<Line<'static>> {
    let Some(group) = groups.get(group) else { return Vec::new() };
    let mut text = Text { lines: Vec::new(), columns: columns.max(10), theme, language };
    let [first, last] = [group.first_ms, group.last_ms].map(|time| time_of_day(time, time_zone));
    text.heading(&match group.count {
        1 => tell!(language, "1 row, %{first} to %{last}", first = first, last = last),
        n => tell!(language, "%{n} rows, %{first} to %{last}", n = n, first = first, last = last),
    });
    let nodes = groups.nodes(group);
    let mut named: Vec<_> = nodes.iter().take(8).map(|(node, rows)| format!("{node} ×{rows}").into()).collect();
    if nodes.len() > named.len() {
        named.push(tell!(language, "and %{n} more", n = nodes.len() - named.len()));
    }
    if !named.is_empty() {
        let value = tell!(language, "%{nodes} (inferred from the ids)", nodes = named.join(", "));
        text.field(&tell!(language, "Nodes"), &value, 9);
    }
    if !group.kind.site.is_empty() {
        let site = error_site::short(&group.kind.site);
        let value = tell!(language, "%{site} (inferred from the TraceIds)", site = site);
        text.field(&tell!(language, "Site"), &value, 9);
    }
    text.field(&tell!(language, "Host"), &group.kind.host, 9);
    text.gap();
    text.words(&tell!(language, "The first of them · Enter shows all"), theme.quiet);
    text.lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bars_are_as_high_as_the_group_s_own_busiest_step() {
        assert_eq!(sparkline(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!((sparkline(&[u32::MAX, 0]).as_str(), sparkline(&[]).as_str()), ("█ ", ""));
    }

    proptest! {
        #[test]
        fn columns_fit_and_do_not_overlap(width in 0u16..400) {
            let columns = columns(width);
            for pair in columns.windows(2) {
                prop_assert!(pair[0].2 + pair[0].3 < pair[1].2);
            }
            if width >= 40 {
                let last = columns.last().unwrap();
                prop_assert!(last.2 + last.3 <= width && columns.len() >= 2, "{columns:?}");
            }
        }
    }
}
