//! Which rows are shown and in what order: a permutation of row numbers.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::thread;

use super::group_key::Key;
use super::rows::{Rows, SharedPlace};
use crate::domain::column::Column;
use crate::domain::query::{Query, Rest};
use crate::domain::record::Outcome;
use crate::domain::row::Row;

/// Rows that are not worth another thread.
const PART: u32 = 32 * 1024;

/// Kinds of rows that are told apart at a time.
const KINDS: usize = 16;

/// A column and a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

/// What is shown, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableQuery {
    /// The filter.
    pub query: Query,
    /// The order.
    pub sort: Sort,
    /// Successes and what is not configured are shown too.
    pub all: bool,
    /// One group's rows only.
    pub within: Option<Arc<Key>>,
}

impl TableQuery {
    /// Whether a row is shown.
    #[must_use]
    pub fn shows(&self, row: &Row<'_>) -> bool {
        self.is_listed(row) && self.query.matches(row)
    }

    fn is_listed(&self, row: &Row<'_>) -> bool {
        self.all || row.outcome() == Outcome::Failure
    }

    fn holds(&self, rows: &Rows, number: u32) -> bool {
        self.shows(&rows.get(number)) && self.within.as_ref().is_none_or(|key| key.holds(rows, number))
    }

    /// The shown rows in order. `None` when `cancelled` became true on the way.
    #[must_use]
    pub fn order(&self, rows: &Rows, cancelled: &AtomicBool) -> Option<Vec<u32>> {
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let threads = thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
        let part = count.div_ceil(threads).max(PART);
        let parts = (0..count).step_by(part as usize).map(|first| first..first.saturating_add(part).min(count));
        let mut parts: Vec<_> = parts.collect();
        let last = parts.pop().unwrap_or_default();
        let mut shown = thread::scope(|scope| {
            let others: Vec<_> =
                parts.into_iter().map(|part| scope.spawn(|| self.shown_in(rows, part, cancelled))).collect();
            let last = self.shown_in(rows, last, cancelled);
            let mut shown = Vec::new();
            for other in others {
                shown.extend(other.join().ok()??);
            }
            shown.extend(last?);
            Some(shown)
        })?;
        // Rows arrive nearly in the order of their times: most have nothing to be sorted.
        if !shown.is_sorted_by(|a, b| self.sort.compare(rows, *a, *b) == Ordering::Less) {
            shown.sort_unstable_by(|a, b| self.sort.compare(rows, *a, *b));
        }
        Some(shown)
    }

    /// The shown rows of a part. `None` when `cancelled` became true on the way.
    fn shown_in(&self, rows: &Rows, part: Range<u32>, cancelled: &AtomicBool) -> Option<Vec<u32>> {
        let mut shown = Vec::new();
        // Of the last few kinds of rows, what is left to be asked.
        let mut rests: Vec<(SharedPlace, Rest<'_>)> = Vec::with_capacity(KINDS);
        let mut oldest = 0;
        for number in part {
            if number % 4096 == 0 && cancelled.load(Memory::Relaxed) {
                return None;
            }
            let place = rows.shared_place(number);
            let at = rests.iter().position(|(of, _)| *of == place).unwrap_or_else(|| {
                let row = rows.get(number);
                let rest = if self.is_listed(&row) { self.query.rest(&row) } else { Rest::Settled(false) };
                if rests.len() < KINDS {
                    rests.push((place, rest));
                    return rests.len() - 1;
                }
                oldest = (oldest + 1) % KINDS;
                rests[oldest] = (place, rest);
                oldest
            });
            let passes = match &rests[at].1 {
                Rest::Settled(passes) => *passes,
                open @ Rest::Open(_) => {
                    let (id, rest) = rows.texts(number);
                    open.holds(id, rest, || rows.get(number))
                }
            };
            if passes && self.within.as_ref().is_none_or(|key| key.holds(rows, number)) {
                shown.push(number);
            }
        }
        Some(shown)
    }

    /// Adds the rows from `first` on to an order that holds those before, and gives those of them that
    /// are shown.
    pub fn extend(&self, order: &mut Vec<u32>, rows: &Rows, first: u32) -> Vec<u32> {
        let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut more: Vec<u32> = (first..last).filter(|number| self.holds(rows, *number)).collect();
        more.sort_unstable_by(|a, b| self.sort.compare(rows, *a, *b));
        // Rows arrive nearly in order, so most batches belong at one end as they are.
        match (order.last(), more.first()) {
            (Some(end), Some(start)) if self.sort.compare(rows, *end, *start) == Ordering::Greater => {
                let mut merged = Vec::with_capacity(order.len() + more.len());
                let mut rest = order.as_slice();
                for number in more.iter().copied() {
                    let before =
                        rest.partition_point(|other| self.sort.compare(rows, *other, number) == Ordering::Less);
                    merged.extend_from_slice(&rest[..before]);
                    merged.push(number);
                    rest = &rest[before..];
                }
                merged.extend_from_slice(rest);
                *order = merged;
            }
            _ => order.extend_from_slice(&more),
        }
        more
    }
}

impl Sort {
    /// Compares two rows. Ties are broken by the place in the plan, then by arrival, so every order is total
    /// and the same whenever the same plan is sent.
    #[must_use]
    pub fn compare(self, rows: &Rows, a: u32, b: u32) -> Ordering {
        let (left, right) = match self.column {
            // The usual order: it takes a fraction of what whole rows do.
            Column::Time => return self.directed(rows.time_ms(a).cmp(&rows.time_ms(b)), rows, a, b),
            _ => (rows.get(a), rows.get(b)),
        };
        let order = match self.column {
            Column::Status => left.status.cmp(&right.status),
            Column::Code => left.code.cmp(right.code),
            Column::Message => left.message.cmp(right.message),
            Column::RequestId => left.request_id.cmp(right.request_id),
            Column::Request => left.target.cmp(&right.target).then_with(|| left.method.cmp(right.method)),
            Column::Sure => left.certainty.cmp(&right.certainty),
            Column::Took => left.latency_us.cmp(&right.latency_us),
            column => left.own_text(column).cmp(&right.own_text(column)),
        };
        self.directed(order, rows, a, b)
    }

    fn directed(self, order: Ordering, rows: &Rows, a: u32, b: u32) -> Ordering {
        let order = if self.descending { order.reverse() } else { order };
        order.then_with(|| rows.probe(a).cmp(&rows.probe(b))).then(a.cmp(&b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Record;
    use crate::store::rows::tests_support::record;
    use proptest::prelude::*;

    fn sorts() -> impl Strategy<Value = Sort> {
        let columns = [Column::Status, Column::Code, Column::RequestId, Column::Time, Column::Request, Column::Took];
        (prop::sample::select(columns.to_vec()), any::<bool>())
            .prop_map(|(column, descending)| Sort { column, descending })
    }

    proptest! {
        #[test]
        fn extending_gives_what_ordering_anew_gives(
            rows_in in prop::collection::vec((0u16..6, "[a-c]{0,2}", 0i64..20), 0..60),
            cut in 0usize..60,
            sort in sorts(),
            filter in "(a|b|status:>3|-c|id:a|a or key:b|-id:b code:a|latency:<5 or a|target:c status:<4|note:x or op:x)?",
            all: bool,
        ) {
            let cut = cut.min(rows_in.len());
            let view = TableQuery { query: Query::parse(&filter).expect("a filter"), sort, all, within: None };
            let mut rows = Rows::default();
            let mut order = Vec::new();
            for (i, (status, text, time)) in rows_in.iter().enumerate() {
                let first = rows.push(&record(*status, text, *time), "");
                if i + 1 == cut {
                    order = view.order(&rows, &AtomicBool::new(false)).expect("not cancelled");
                } else if i >= cut {
                    view.extend(&mut order, &rows, first);
                }
            }
            prop_assert_eq!(order, view.order(&rows, &AtomicBool::new(false)).expect("not cancelled"));
        }
    }

    #[test]
    fn rows_of_one_moment_stand_in_the_order_of_their_plan() {
        let mut rows = Rows::default();
        for id in [3, 1, 2] {
            rows.push(&Record { id, source: "probe".into(), ..record(403, "same", 7) }, "");
        }
        for descending in [false, true] {
            let view = TableQuery { sort: Sort { column: Column::Time, descending }, ..TableQuery::default() };
            assert_eq!(view.order(&rows, &AtomicBool::new(false)), Some(vec![1, 2, 0]));
        }
    }

    #[test]
    fn rows_come_back_as_they_went_in_across_chunks() {
        let mut rows = Rows::default();
        for i in 0..70_000u32 {
            let text = format!("t{i}");
            assert_eq!(rows.push(&record(u16::try_from(i % 500).unwrap(), &text, i64::from(i)), ""), i);
        }
        let row = rows.get(69_999);
        assert_eq!(
            (row.status, row.target.to_string().as_str(), row.request_id, row.time_ms),
            (499, "b/t69999", "idt69999", 69_999)
        );
        assert_eq!(rows.len(), 70_000);
    }
}
