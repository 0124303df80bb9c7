//! Rows that failed the same way, folded into one: how many, from when to when, how fast they came
//! and through which access nodes.
//!
//! Rows of a chunk name their kind by a number, so a million rows are folded without comparing texts.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering as Memory};

use super::group_by::By;
use super::group_key::Key;
use super::rows::Rows;

/// Steps of the sparkline at most.
pub const STEPS: usize = 16;
/// Access nodes that a group names; more are counted as `others`.
const NODES: usize = 32;
/// A place that was not looked up yet.
const UNKNOWN: u32 = u32::MAX;

/// Rows of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they share.
    pub key: Arc<Key>,
    /// The newest of them, which stands for all; of equals the one that arrived last.
    pub row: u32,
    /// The first of them to arrive.
    pub first_row: u32,
    /// How many they are.
    pub count: u32,
    /// The earliest start, in Unix milliseconds.
    pub first_ms: i64,
    /// The latest start.
    pub last_ms: i64,
    /// Rows of each step of time, by the step's number.
    rate: Vec<(i64, u32)>,
    /// Rows of each access node; what is beyond [`NODES`] is under [`UNKNOWN`].
    nodes: Vec<(u32, u32)>,
}

/// All groups. Rows can be added as they come, in any order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    by: By,
    all: Vec<Group>,
    places: HashMap<Arc<Key>, u32>,
    /// For each chunk, the group of each key and the number of each node.
    chunks: Vec<GroupIndex>,
    nodes: Vec<String>,
    node_places: HashMap<String, u32>,
    time: Axis,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct GroupIndex {
    groups: Vec<u32>,
    nodes: Vec<u32>,
}

/// The axis that all sparklines share: steps of one width, at most [`STEPS`] of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Axis {
    width_ms: i64,
    steps: Option<(i64, i64)>,
}

impl Default for Axis {
    fn default() -> Self {
        Self { width_ms: 1, steps: None }
    }
}

impl Groups {
    /// The groups of these rows. `None` when `cancelled` became true on the way.
    #[must_use]
    pub fn of(rows: &Rows, order: &[u32], by: By, cancelled: &AtomicBool) -> Option<Self> {
        let mut groups = Self { by, ..Self::default() };
        for (i, number) in order.iter().enumerate() {
            if i % 4096 == 0 && cancelled.load(Memory::Relaxed) {
                return None;
            }
            groups.add(rows, *number);
        }
        Some(groups)
    }

    /// Adds a row.
    pub fn add(&mut self, rows: &Rows, number: u32) {
        let (group, node) = (self.group_of(rows, number), self.node_of(rows, number));
        let time_ms = rows.time_ms(number);
        let step = self.step_of(time_ms);
        let Some(group) = self.all.get_mut(group as usize) else { return };
        group.count += 1;
        group.first_row = group.first_row.min(number);
        if (time_ms, number) > (rows.time_ms(group.row), group.row) {
            group.row = number;
        }
        group.first_ms = group.first_ms.min(time_ms);
        group.last_ms = group.last_ms.max(time_ms);
        add(&mut group.rate, step, 1);
        if let Some(node) = node {
            let known = group.nodes.len() < NODES || group.nodes.iter().any(|(known, _)| *known == node);
            add(&mut group.nodes, if known { node } else { UNKNOWN }, 1);
        }
    }

    /// The number of a row's group, made if it is the first of its kind.
    fn group_of(&mut self, rows: &Rows, number: u32) -> u32 {
        let (chunk, at) = rows.key_place(number, self.by);
        if let Some(known) = at.and_then(|at| get(&self.known(chunk).groups, at)) {
            return known;
        }
        let owned = Arc::new(Key::of(rows, number, self.by));
        let next = u32::try_from(self.all.len()).unwrap_or(UNKNOWN);
        let place = *self.places.entry(Arc::clone(&owned)).or_insert(next);
        if place == next {
            let time_ms = rows.time_ms(number);
            self.all.push(Group {
                key: owned,
                row: number,
                first_row: number,
                count: 0,
                first_ms: time_ms,
                last_ms: time_ms,
                rate: Vec::new(),
                nodes: Vec::new(),
            });
        }
        if let Some(at) = at {
            set(&mut self.known(chunk).groups, at, place);
        }
        place
    }

    /// The number of the node that a row's id tells.
    fn node_of(&mut self, rows: &Rows, number: u32) -> Option<u32> {
        let (chunk, node) = rows.node_place(number);
        if let Some(known) = get(&self.known(chunk).nodes, node) {
            return Some(known);
        }
        let text = rows.node(number);
        if text.is_empty() {
            return None;
        }
        let next = u32::try_from(self.nodes.len()).unwrap_or(UNKNOWN);
        let place = *self.node_places.entry(text.to_owned()).or_insert(next);
        if place == next {
            self.nodes.push(text.to_owned());
        }
        set(&mut self.known(chunk).nodes, node, place);
        Some(place)
    }

    fn known(&mut self, chunk: usize) -> &mut GroupIndex {
        if self.chunks.len() <= chunk {
            self.chunks.resize_with(chunk + 1, GroupIndex::default);
        }
        &mut self.chunks[chunk]
    }

    /// The step of a time. When it lies too far out, all steps get wider until it is on the axis.
    fn step_of(&mut self, time_ms: i64) -> i64 {
        loop {
            let step = time_ms.div_euclid(self.time.width_ms);
            let (first, last) = self.time.steps.unwrap_or((step, step));
            let (first, last) = (first.min(step), last.max(step));
            if usize::try_from(last - first).is_ok_and(|span| span < STEPS) {
                self.time.steps = Some((first, last));
                return step;
            }
            self.time.width_ms *= 2;
            self.time.steps = self.time.steps.map(|(first, last)| (first.div_euclid(2), last.div_euclid(2)));
            for group in &mut self.all {
                for (step, rows) in std::mem::take(&mut group.rate) {
                    add(&mut group.rate, step.div_euclid(2), rows);
                }
            }
        }
    }

    /// By what the rows are put together.
    #[must_use]
    pub fn by(&self) -> By {
        self.by
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A group by its number.
    #[must_use]
    pub fn get(&self, group: u32) -> Option<&Group> {
        self.all.get(group as usize)
    }

    /// The numbers of the groups, the largest first; of equals the one that came first.
    #[must_use]
    pub fn by_count(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..u32::try_from(self.all.len()).unwrap_or(UNKNOWN)).collect();
        order.sort_by_key(|group| {
            let group = &self.all[*group as usize];
            (std::cmp::Reverse(group.count), group.first_row)
        });
        order
    }

    /// The number of the group that holds a row which was added.
    #[must_use]
    pub fn holding(&self, rows: &Rows, number: u32) -> Option<u32> {
        match rows.key_place(number, self.by) {
            (chunk, Some(at)) => get(&self.chunks.get(chunk)?.groups, at),
            (_, None) => self.places.get(&Key::of(rows, number, self.by)).copied(),
        }
    }

    /// Those of these rows that are of a group, in their order.
    #[must_use]
    pub fn members(&self, rows: &Rows, order: &[u32], group: u32) -> Vec<u32> {
        order.iter().copied().filter(|number| self.holding(rows, *number) == Some(group)).collect()
    }

    /// Rows of each step of time, from the first step of any group to the last.
    #[must_use]
    pub fn rate(&self, group: &Group) -> Vec<u32> {
        let Some((first, last)) = self.time.steps else { return Vec::new() };
        (first..=last)
            .map(|step| group.rate.iter().find(|(known, _)| *known == step).map_or(0, |(_, rows)| *rows))
            .collect()
    }

    /// The access nodes of a group and their rows, the busiest first; one without a name stands for
    /// those beyond the first few dozen.
    #[must_use]
    pub fn nodes(&self, group: &Group) -> Vec<(&str, u32)> {
        let name = |node: u32| self.nodes.get(node as usize).map_or("…", String::as_str);
        let mut nodes: Vec<_> = group.nodes.iter().map(|(node, rows)| (name(*node), *rows)).collect();
        nodes.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        nodes
    }
}

fn get(places: &[u32], at: u32) -> Option<u32> {
    places.get(at as usize).copied().filter(|place| *place != UNKNOWN)
}

fn set(places: &mut Vec<u32>, at: u32, place: u32) {
    let at = at as usize;
    if places.len() <= at {
        places.resize(at + 1, UNKNOWN);
    }
    places[at] = place;
}

/// Adds rows to a key of a short list; the latest key is the likeliest.
fn add<K: PartialEq>(list: &mut Vec<(K, u32)>, key: K, rows: u32) {
    match list.iter_mut().rev().find(|(known, _)| *known == key) {
        Some((_, count)) => *count += rows,
        None => list.push((key, rows)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Record;
    use crate::domain::request_id;
    use crate::store::rows::tests_support::record;
    use proptest::prelude::*;
    use serde_json::json;

    fn refused(code: &str, message: &str, node: u32, time_ms: i64) -> Record {
        let mut record = record(403, code, time_ms);
        record.error.message = Some(message.to_owned());
        let id = request_id::encode(1_795_415_829, node, 7, u32::try_from(time_ms).unwrap_or(0));
        if let Some(known) = &mut record.request_id {
            known.node = request_id::decode(&id).map(|decoded| decoded.node);
        }
        record
    }

    fn folded(records: &[Record]) -> (Rows, Vec<u32>, Groups) {
        let mut rows = Rows::default();
        let order: Vec<u32> = records.iter().map(|record| rows.push(record, "")).collect();
        let groups = Groups::of(&rows, &order, By::Failure, &AtomicBool::new(false)).expect("not cancelled");
        (rows, order, groups)
    }

    #[test]
    fn rows_that_failed_the_same_way_are_one_group() {
        let node = |i: i64| if i % 2 == 0 { 0x1eb5_0309 } else { 0xa012_3e0b };
        let mut records: Vec<_> =
            (0..100).map(|i| refused("NoSuchKey", &format!("no key \"k{i}\""), node(i), i * 1000)).collect();
        records.extend((0..10).map(|i| refused("AccessDenied", "Access Denied.", node(0), 30_000 + i)));
        let (rows, order, groups) = folded(&records);
        let by_count = groups.by_count();
        assert_eq!(by_count.len(), 2);
        let (keys, denied) = (groups.get(by_count[0]).unwrap(), groups.get(by_count[1]).unwrap());
        assert_eq!((keys.count, keys.first_row, keys.row, keys.first_ms, keys.last_ms), (100, 0, 99, 0, 99_000));
        assert_eq!(groups.nodes(keys), [("1eb50309", 50), ("a0123e0b", 50)]);
        assert_eq!((rows.get(denied.row).code, denied.count, groups.nodes(denied).len()), ("AccessDenied", 10, 1));
        assert_eq!(groups.members(&rows, &order, by_count[1]), (100..110).collect::<Vec<_>>());
        let (steady, burst) = (groups.rate(keys), groups.rate(denied));
        assert_eq!((steady.len(), burst.len()), (13, 13), "100 s in steps of 8,192 ms");
        assert_eq!(burst.iter().position(|rows| *rows == 10), Some(3), "{burst:?}");
        assert_eq!(steady.iter().sum::<u32>(), 100);
    }

    #[test]
    fn another_host_operation_or_error_site_is_another_group() {
        use base64::Engine as _;
        let site = |digit: &str| base64::engine::general_purpose::STANDARD.encode(digit.repeat(128));
        let base = refused("AccessDenied", "Access Denied.", 0x1eb5_0309, 0);
        let changed = |change: &dyn Fn(&mut Record)| {
            let mut record = base.clone();
            change(&mut record);
            record
        };
        let records = [
            base.clone(),
            changed(&|record| record.url = "https://other/".to_owned()),
            changed(&|record| record.operation = "head-bucket".to_owned()),
            changed(&|record| record.error.trace_id = Some(site("a"))),
            changed(&|record| record.error.trace_id = Some(site("b"))),
            changed(&|record| record.url = "https://h/another/key?x=1".to_owned()),
        ];
        let (_, _, groups) = folded(&records);
        assert_eq!(groups.len(), 5, "only the last one is of a group that was there");
    }

    const EVERY: [By; 9] = [
        By::Failure,
        By::CodeAndMessage,
        By::Cause,
        By::Bucket,
        By::Region,
        By::Status,
        By::Node,
        By::Profile,
        By::Hour,
    ];

    type Change<'a> = &'a dyn Fn(&mut Record);

    #[test]
    fn rows_are_put_together_by_what_is_asked_for() {
        let changed = |change: &dyn Fn(&mut Record)| {
            let mut record = refused("AccessDenied", "Access Denied.", 0x1eb5_0309, 0);
            change(&mut record);
            record
        };
        let cases: [(By, Change<'_>); 8] = [
            (By::CodeAndMessage, &|record| record.error.message = Some("Request has expired".to_owned())),
            (By::Cause, &|record| {
                let diagnosis = json!({ "verdicts": [{ "cause": "throttled", "confidence": "certain", "owner": "store",
                    "summary": "s", "evidence": [], "fix": [], "retry": true }], "checks": [] });
                record.diagnosis = serde_json::from_value(diagnosis).expect("a diagnosis");
            }),
            (By::Bucket, &|record| record.bucket = Some("another".to_owned())),
            (By::Region, &|record| record.region = Some("ap-tokyo".to_owned())),
            (By::Status, &|record| record.status_code = Some(503)),
            (By::Node, &|record| record.request_id.as_mut().expect("an id").node = Some("a0123e0b".to_owned())),
            (By::Profile, &|record| record.profile = "other".to_owned()),
            (By::Hour, &|record| record.time = jiff::Timestamp::from_millisecond(3_600_000).expect("a time")),
        ];
        for (by, change) in cases {
            let records = [changed(&|_| ()), changed(change), changed(&|_| ()), changed(change)];
            let (rows, order, _) = folded(&records);
            let groups = Groups::of(&rows, &order, by, &AtomicBool::new(false)).expect("not cancelled");
            let members: Vec<_> = groups.by_count().iter().map(|group| groups.members(&rows, &order, *group)).collect();
            assert_eq!(members, [[0, 2], [1, 3]], "{by:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_any_order(rows_in in prop::collection::vec((0u8..4, 0u8..3, -5_000_000_000i64..5_000_000_000), 1..200), by in prop::sample::select(EVERY.to_vec())) {
            let records: Vec<_> = rows_in
                .iter()
                .map(|(code, message, time)| refused(&format!("C{code}"), &"m".repeat(usize::from(*message)), 0x1eb5_0309, *time))
                .collect();
            let (rows, order, _) = folded(&records);
            let groups = Groups::of(&rows, &order, by, &AtomicBool::new(false)).expect("not cancelled");
            let mut all = Vec::new();
            for group in groups.by_count() {
                let members = groups.members(&rows, &order, group);
                let held = groups.get(group).expect("a group");
                prop_assert_eq!(members.len(), held.count as usize);
                prop_assert_eq!(groups.rate(held).iter().sum::<u32>(), held.count);
                prop_assert!(groups.rate(held).len() <= STEPS);
                prop_assert!(members.iter().all(|row| held.key.holds(&rows, *row)));
                all.extend(members);
            }
            all.sort_unstable();
            prop_assert_eq!(all, order);
        }
    }
}
