//! The table's columns when its lines are groups: count, share, then what a row has, with what parts
//! the groups.

use std::collections::BTreeSet;

use ratatui::text::Line;

use super::model::Folded;
use super::row_columns::{Format, code_cell, id_cell, status};
use super::widget::table::{ColumnSet, Head, cut};
use crate::domain::language::tell;
use crate::domain::text::visible;
use crate::store::Rows;
use crate::store::groups::{Group, STEPS};
use crate::text::columns::EDGE;
use crate::text::shorten;

/// A column of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Count,
    Share,
    Status,
    Code,
    Host,
    Message,
    Rate,
    Id,
}

/// Left to right: the part, its least width, and when it comes in as the table gets wider.
const PARTS: [(Part, u16, usize); 8] = [
    (Part::Count, 7, 0),
    (Part::Share, 6, 6),
    (Part::Status, 5, 1),
    (Part::Code, 14, 2),
    (Part::Host, 12, 5),
    (Part::Message, 9, 4),
    (Part::Rate, STEPS as u16, 7),
    (Part::Id, 13, 3),
];

/// A group column as placed.
type Placed = (Part, u16, u16);

/// The groups as columns.
pub struct GroupColumns<'a> {
    rows: &'a Rows,
    folded: &'a Folded,
    marks: &'a BTreeSet<u32>,
    placed: Vec<Placed>,
    format: Format<'a>,
}

impl<'a> GroupColumns<'a> {
    /// The columns of a table so wide.
    #[must_use]
    pub fn new(rows: &'a Rows, folded: &'a Folded, marks: &'a BTreeSet<u32>, width: u16, format: Format<'a>) -> Self {
        let hosts = folded.lines.iter().filter_map(|number| folded.groups.get(*number)).map(|group| &group.kind.host);
        let mut hosts: Vec<_> = hosts.take(1000).collect();
        hosts.sort_unstable();
        hosts.dedup();
        // A column stands only if it tells lines apart.
        let tells_hosts = hosts.len() > 1;
        Self { rows, folded, marks, placed: placed(width, rows.content().code, tells_hosts), format }
    }

    fn group(&self, line: usize) -> Option<&Group> {
        self.folded.groups.get(*self.folded.lines.get(line)?)
    }

    fn cell(&self, group: &Group, part: Part, width: u16) -> Line<'static> {
        let row = self.rows.get(group.row);
        let (theme, glyphs) = (self.format.theme, self.format.glyphs);
        let columns = usize::from(width);
        match part {
            Part::Count => Line::styled(group.count.to_string(), theme.strong),
            Part::Share => {
                let most = self.group(0).map_or(1, |first| first.count.max(1));
                let cells = (u64::from(group.count) * u64::from(width)).div_ceil(u64::from(most)).max(1);
                Line::styled(glyphs.bar.repeat(usize::try_from(cells).unwrap_or(1)), theme.severity(row.severity))
            }
            Part::Status => status(row.severity, row.status, 1, self.format),
            Part::Code => code_cell(row.code, columns, self.format),
            Part::Host => {
                let host = visible(&group.kind.host);
                cut(&shorten::target(&host, columns), columns, theme.text, glyphs)
            }
            Part::Message if row.message.is_empty() => Line::styled(glyphs.none, theme.quiet),
            Part::Message => cut(&visible(row.message), columns, theme.text, glyphs),
            Part::Rate => Line::styled(sparkline(&self.folded.groups.rate(group), &glyphs.spark), theme.quiet),
            Part::Id => id_cell(&row, columns, 8, self.format),
        }
    }
}

impl ColumnSet for GroupColumns<'_> {
    fn heads(&self) -> Vec<Head> {
        let language = self.format.language;
        let head = |(part, x, width): &Placed| Head {
            title: match part {
                Part::Count => tell!(language, "Count").into_owned(),
                Part::Share => String::new(),
                Part::Status => tell!(language, "Stat").into_owned(),
                Part::Code => "Code".to_owned(),
                Part::Host => tell!(language, "Host").into_owned(),
                Part::Message => "Message".to_owned(),
                Part::Rate => tell!(language, "Over time").into_owned(),
                Part::Id => tell!(language, "Newest RequestId").into_owned(),
            },
            x: *x,
            width: *width,
            at_right: *part == Part::Count,
            arrow: "",
        };
        self.placed.iter().map(head).collect()
    }

    fn length(&self) -> usize {
        self.folded.lines.len()
    }

    fn cells(&self, line: usize) -> Vec<Line<'static>> {
        let Some(group) = self.group(line) else { return Vec::new() };
        self.placed.iter().map(|(part, _, width)| self.cell(group, *part, *width)).collect()
    }

    fn is_marked(&self, line: usize) -> bool {
        self.group(line).is_some_and(|group| self.marks.contains(&group.row))
    }
}

/// The parts that fit, each with its place and width. The Code gets what its content asks for, then the
/// Message gets what is left.
fn placed(width: u16, code: u16, tells_hosts: bool) -> Vec<Placed> {
    let gap = if width < 98 { 1 } else { 2 };
    let mut wanted: Vec<_> = PARTS.iter().filter(|(part, ..)| *part != Part::Host || tells_hosts).collect();
    wanted.sort_by_key(|(.., turn)| *turn);
    let mut room = width.saturating_sub(EDGE);
    let mut fitting: Vec<(Part, u16)> = Vec::new();
    for (part, least, _) in wanted {
        let Some(rest) = room.checked_sub(least + gap) else { break };
        room = rest;
        fitting.push((*part, *least));
    }
    let mut widen = |part: Part, most: u16| {
        if let Some((_, cells)) = fitting.iter_mut().find(|(known, _)| *known == part) {
            let more = most.saturating_sub(*cells).min(room);
            *cells += more;
            room -= more;
        }
    };
    widen(Part::Code, code.clamp(12, 24));
    widen(Part::Id, 17);
    widen(Part::Share, 10);
    widen(Part::Host, 24);
    widen(Part::Message, 60);
    widen(Part::Host, 44);
    let mut x = EDGE;
    let mut placed = Vec::new();
    for (part, ..) in PARTS {
        let Some((_, cells)) = fitting.iter().find(|(known, _)| *known == part) else { continue };
        placed.push((part, x, *cells));
        x += cells + gap;
    }
    placed
}

/// Rows of each step, the group's own busiest step the highest.
#[must_use]
pub fn sparkline(rate: &[u32], steps: &[&str; 8]) -> String {
    let most = u64::from(rate.iter().copied().max().unwrap_or(0).max(1));
    let step = |rows: &u32| match u64::from(*rows) {
        0 => " ",
        rows => steps[usize::try_from((rows * 8).div_ceil(most) - 1).unwrap_or(0).min(7)],
    };
    rate.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::glyphs::UNICODE;
    use proptest::prelude::*;

    #[test]
    fn bars_are_as_high_as_the_group_s_own_busiest_step() {
        assert_eq!(sparkline(&[0, 1, 4, 8], &UNICODE.spark), " ▁▄█");
        assert_eq!(sparkline(&[u32::MAX, 0], &UNICODE.spark), "█ ");
        assert_eq!(sparkline(&[], &UNICODE.spark), "");
    }

    #[test]
    fn status_code_and_id_of_the_newest_stand_from_56_columns() {
        for width in 56..=260 {
            let parts: Vec<_> = placed(width, 24, true).into_iter().map(|(part, ..)| part).collect();
            let fixed = [Part::Count, Part::Status, Part::Code, Part::Message, Part::Id];
            assert!(fixed.iter().all(|part| parts.contains(part)), "{width}: {parts:?}");
        }
    }

    proptest! {
        #[test]
        fn columns_fit_and_do_not_overlap(width in 40u16..400, code in 0u16..40, hosts: bool) {
            let columns = placed(width, code, hosts);
            for pair in columns.windows(2) {
                prop_assert!(pair[0].1 + pair[0].2 < pair[1].1);
            }
            let last = columns.last().unwrap();
            prop_assert!(last.1 + last.2 <= width && columns.len() >= 2, "{columns:?}");
        }
    }
}
