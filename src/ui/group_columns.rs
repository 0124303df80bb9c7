//! The table's columns when its lines are groups: count, share, then what a row has, with what parts
//! the groups.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use ratatui::text::Line;

use super::model::Folded;
use super::row_columns::{Format, code, code_cell, id_cell, status};
use super::widget::table::{ColumnSet, Head, cut};
use crate::domain::trace_id;
use crate::i18n::{Language, tell};
use crate::store::groups::{Group, STEPS};
use crate::store::{By, Key, Rows};
use crate::text::columns::EDGE;
use crate::text::sanitize::sanitize;
use crate::text::shorten;

/// A column of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Count,
    Share,
    Status,
    Code,
    Key,
    Beside,
    Message,
    Rate,
    Id,
}

/// A cell for each step of the sparkline.
const RATE: u16 = 16;
const _: () = assert!(STEPS == RATE as usize);

/// Left to right: the part, its least width, and when it comes in as the table gets wider.
const PARTS: [(Part, u16, usize); 9] = [
    (Part::Count, 7, 0),
    (Part::Share, 6, 7),
    (Part::Status, 5, 1),
    (Part::Code, 14, 2),
    (Part::Key, 12, 4),
    (Part::Beside, 12, 6),
    (Part::Message, 9, 5),
    (Part::Rate, RATE, 8),
    (Part::Id, 13, 3),
];

/// Groups that are looked at to know whether they look alike.
const MEASURED: usize = 1000;

/// A group column as placed.
type Placed = (Part, u16, u16);

/// The groups as columns.
pub struct GroupColumns<'a> {
    rows: &'a Rows,
    folded: &'a Folded,
    marks: &'a BTreeSet<u32>,
    /// The value next to the Code that tells groups apart.
    beside: Option<Beside>,
    placed: Vec<Placed>,
    format: Format<'a>,
}

/// What can tell apart groups that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Bucket,
    Host,
    Operation,
    Site,
}

impl Beside {
    const ALL: [Self; 4] = [Self::Bucket, Self::Host, Self::Operation, Self::Site];

    fn title(self) -> &'static str {
        match self {
            Self::Bucket => "Bucket",
            Self::Host => "Host",
            Self::Operation => "Operation",
            Self::Site => "Site",
        }
    }

    /// Its value for a group; `None` where the rows of the group need not share it.
    fn of<'a>(self, rows: &'a Rows, group: &'a Group) -> Option<&'a str> {
        let Key::Failure(kind) = group.key.as_ref() else { return None };
        match self {
            Self::Bucket => {
                let row = rows.get(group.row);
                kind.host
                    .strip_prefix(row.bucket())
                    .filter(|rest| rest.starts_with('.'))
                    .map(|rest| &kind.host[..kind.host.len() - rest.len()])
            }
            Self::Host => Some(&kind.host),
            Self::Operation => Some(&kind.operation),
            Self::Site => Some(&kind.site),
        }
    }

    /// What is to be added, if groups look alike without it: the first that parts the most of them.
    fn needed(rows: &Rows, folded: &Folded) -> Option<Self> {
        let groups = || folded.lines.iter().take(MEASURED).filter_map(|line| folded.groups.get(*line));
        let look = |group: &Group| {
            let row = rows.get(group.row);
            (row.status, rows.kind(group.row).code, rows.kind(group.row).shape)
        };
        let looks = groups().map(look).collect::<HashSet<_>>().len();
        if looks == groups().count() {
            return None;
        }
        let parted = |beside: Self| {
            let values: Option<HashSet<_>> =
                groups().map(|group| beside.of(rows, group).map(|value| (look(group), value))).collect();
            values.map_or(0, |values| values.len())
        };
        let best = Self::ALL.into_iter().rev().max_by_key(|beside| parted(*beside))?;
        (parted(best) > looks).then_some(best)
    }
}

/// By what rows are put together, as a line of the list to choose from.
#[must_use]
pub fn about(by: By, language: Language) -> Cow<'static, str> {
    match by {
        By::Failure => tell!(language, "failures alike"),
        By::CodeAndMessage => tell!(language, "Code and Message"),
        by => title(by, language),
    }
}

fn title(by: By, language: Language) -> Cow<'static, str> {
    match by {
        By::Failure | By::CodeAndMessage => "Code".into(),
        By::Cause => tell!(language, "Cause"),
        By::Bucket => tell!(language, "Bucket"),
        By::Region => tell!(language, "Region"),
        By::Status => tell!(language, "Status"),
        By::Node => tell!(language, "Node"),
        By::Profile => tell!(language, "Profile"),
        By::Hour => tell!(language, "Hour"),
    }
}

/// By what the groups are parted, as line 2 says it: `Code, bucket`.
#[must_use]
pub fn parted_by(rows: &Rows, folded: &Folded, language: Language) -> String {
    let by = folded.groups.by();
    let first = match by {
        By::Failure => "Code".into(),
        by => about(by, language),
    };
    let first = if matches!(by, By::Failure | By::CodeAndMessage) { first.into_owned() } else { first.to_lowercase() };
    match Beside::needed(rows, folded) {
        Some(beside) => format!("{first}, {}", tell!(language, beside.title()).to_lowercase()),
        None => first,
    }
}

/// What the rows of a group share, in words.
#[must_use]
pub fn key_words(key: &Key, format: Format<'_>) -> String {
    match key {
        Key::Failure(kind) => code(&kind.code, format.language).into_owned(),
        Key::CodeAndMessage(words, _) => code(words, format.language).into_owned(),
        Key::Text(_, text) if text.is_empty() => format.glyphs.none.to_owned(),
        Key::Text(_, text) => sanitize(text).into_owned(),
        Key::Status(0) => format.glyphs.none.to_owned(),
        Key::Status(status) => status.to_string(),
        Key::Hour(_) => moment(key.hour_ms().unwrap_or_default(), "%m-%d %H:%M", format),
    }
}

fn moment(time_ms: i64, pattern: &str, format: Format<'_>) -> String {
    let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(format.time_zone.clone()).strftime(pattern).to_string()
}

impl<'a> GroupColumns<'a> {
    /// The columns of a table so wide.
    #[must_use]
    pub fn new(rows: &'a Rows, folded: &'a Folded, marks: &'a BTreeSet<u32>, width: u16, format: Format<'a>) -> Self {
        // A column stands only if it tells lines apart.
        let beside = Beside::needed(rows, folded);
        let by = folded.groups.by();
        let keyed = !matches!(by, By::Failure | By::CodeAndMessage | By::Status);
        let placed = placed(width, rows.content().code, (keyed, beside.is_some()));
        Self { rows, folded, marks, beside, placed, format }
    }

    fn group(&self, line: usize) -> Option<&Group> {
        self.folded.groups.get(*self.folded.lines.get(line)?)
    }

    /// From when to when the sparklines go.
    fn span(&self) -> String {
        let groups = || self.folded.lines.iter().filter_map(|line| self.folded.groups.get(*line));
        let first = groups().map(|group| group.first_ms).min();
        let last = groups().map(|group| group.last_ms).max();
        let Some((first, last)) = first.zip(last) else { return String::new() };
        let day = |time_ms| moment(time_ms, "%m-%d", self.format);
        let pattern = if day(first) == day(last) { "%H:%M" } else { "%m-%d" };
        let of = |time_ms| moment(time_ms, pattern, self.format);
        self.format.glyphs.plain(&format!("{} – {}", of(first), of(last)))
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
            Part::Key => cut(&key_words(&group.key, self.format), columns, theme.strong, glyphs),
            Part::Beside => {
                let value = self.beside.and_then(|beside| beside.of(self.rows, group)).unwrap_or_default();
                let value = sanitize(value);
                let short = match self.beside {
                    Some(Beside::Site) => trace_id::short_site(&value),
                    _ => shorten::target(&value, columns),
                };
                cut(&glyphs.plain_cut(&short), columns, theme.text, glyphs)
            }
            Part::Message if row.message.is_empty() => Line::styled(glyphs.none, theme.quiet),
            Part::Message => cut(&sanitize(row.message), columns, theme.text, glyphs),
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
                Part::Key => title(self.folded.groups.by(), language).into_owned(),
                Part::Beside => {
                    self.beside.map(|beside| tell!(language, beside.title()).into_owned()).unwrap_or_default()
                }
                Part::Message => "Message".to_owned(),
                Part::Rate => self.span(),
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
fn placed(width: u16, code: u16, (keyed, beside): (bool, bool)) -> Vec<Placed> {
    let gap = if width < 98 { 1 } else { 2 };
    let mut wanted: Vec<_> = PARTS
        .iter()
        .filter(|(part, ..)| match part {
            Part::Key => keyed,
            Part::Beside => beside,
            _ => true,
        })
        .collect();
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
    widen(Part::Key, 16);
    widen(Part::Beside, 16);
    widen(Part::Message, 36);
    widen(Part::Key, 24);
    widen(Part::Beside, 44);
    widen(Part::Message, 60);
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
            let parts: Vec<_> = placed(width, 24, (false, true)).into_iter().map(|(part, ..)| part).collect();
            let fixed = [Part::Count, Part::Status, Part::Code, Part::Message, Part::Id];
            assert!(fixed.iter().all(|part| parts.contains(part)), "{width}: {parts:?}");
        }
    }

    proptest! {
        #[test]
        fn columns_fit_and_do_not_overlap(width in 40u16..400, code in 0u16..40, keyed: bool, beside: bool) {
            let columns = placed(width, code, (keyed, beside));
            for pair in columns.windows(2) {
                prop_assert!(pair[0].1 + pair[0].2 < pair[1].1);
            }
            let last = columns.last().unwrap();
            prop_assert!(last.1 + last.2 <= width && columns.len() >= 2, "{columns:?}");
        }
    }
}
