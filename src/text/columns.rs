//! Which columns of the table of failures stand at a width, and how wide each is.
//!
//! Status, Code, Message and RequestId stand from 56 columns on. The others come in one after the
//! other as the table gets wider, and the first that does not fit ends it: no column disappears as a
//! window grows.

use crate::domain::column::{Column, Content};
pub use crate::domain::column_wishes::Wishes;

/// Columns before the first cell: the selection and the mark.
pub const EDGE: u16 = 2;
/// The widest a whole RequestId is shown.
const WHOLE_ID: u16 = 44;
/// From here two columns part the cells.
const ROOMY: u16 = 98;
/// What the Message keeps before a RequestId is shown whole.
const MESSAGE_BESIDE_WHOLE_ID: u16 = 56;
/// A time with its day, and how long ago it was where that does not fit.
const DAY: u16 = 11;
const AGE: u16 = 4;
/// The Message's head: what an empty Message takes.
const EMPTY_MESSAGE: u16 = 7;
/// The most that one value of an optional column takes.
const OPTIONAL: u16 = 20;

/// A column as placed: what, from where, how wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The column.
    pub column: Column,
    /// Its first terminal column, counted from the table's left edge.
    pub x: u16,
    /// Its width in terminal columns.
    pub width: u16,
}

/// Places the columns of a table `width` terminal columns wide.
#[must_use]
pub fn columns(width: u16, content: &Content, wishes: &Wishes) -> Vec<Placed> {
    let mut plan = Plan::new(width, content, wishes);
    if !plan.has_message() {
        return plan.placed();
    }
    let mut fits = !wishes.with_day || plan.bring_in(Column::Time, plan.day_width(), 20);
    fits = fits && plan.bring_in_request();
    for column in &wishes.added {
        fits = fits && (plan.has(*column) || plan.bring_in(*column, plan.optional_width(*column), 28));
    }
    for (column, cells, message) in [(Column::Sure, 4, 32), (Column::Time, 8, 40), (Column::Took, 7, 44)] {
        let skipped = wishes.hidden.contains(&column) || plan.has(column);
        fits = fits && (skipped || plan.bring_in(column, cells, message));
    }
    plan.show_whole_ids();
    plan.placed()
}

/// Widths in the making. The Message has what the others leave.
struct Plan<'a> {
    width: u16,
    gap: u16,
    content: &'a Content,
    wishes: &'a Wishes,
    cells: Vec<(Column, u16)>,
}

impl<'a> Plan<'a> {
    /// The columns that always stand.
    fn new(width: u16, content: &'a Content, wishes: &'a Wishes) -> Self {
        let gap = if width < ROOMY { 1 } else { 2 };
        let status = match (content.retried, width) {
            (true, _) => 9,
            (false, ..64) => 5,
            (false, _) => 6,
        };
        let missing = if content.lacks_id { 14 } else { 0 };
        let id = content.request_id.min(17).max(missing).max(9).min(if width < 70 { 13 } else { 17 });
        let mut plan = Self { width, gap, content, wishes, cells: vec![(Column::Status, status)] };
        let wanted = plan.set_width(Column::Code).unwrap_or(content.code.clamp(12, 24));
        plan.cells.push((Column::RequestId, plan.set_width(Column::RequestId).unwrap_or(id)));
        let left = plan.left().saturating_sub(gap);
        let code = match (width, left.saturating_sub(wanted + gap)) {
            (..56, _) => wanted.min(left),
            (..64, _) => wanted.min(16),
            (_, ..34) => wanted.min(18),
            _ => wanted,
        };
        plan.cells.insert(1, (Column::Code, code));
        plan
    }

    fn set_width(&self, column: Column) -> Option<u16> {
        self.wishes.widths.iter().find(|(known, _)| *known == column).map(|(_, width)| (*width).clamp(4, 60))
    }

    fn has(&self, column: Column) -> bool {
        self.cells.iter().any(|(known, _)| *known == column)
    }

    fn cell(&mut self, column: Column) -> Option<&mut u16> {
        self.cells.iter_mut().find(|(known, _)| *known == column).map(|(_, width)| width)
    }

    /// What is not taken yet by the cells and the gaps before them; what the Message gets.
    fn left(&self) -> u16 {
        let taken: u16 = self.cells.iter().map(|(_, width)| width + self.gap).sum();
        self.width.saturating_sub(EDGE + taken)
    }

    /// Whether the Message fits at all: it always does from 56 columns.
    fn has_message(&self) -> bool {
        self.left() >= EMPTY_MESSAGE
    }

    /// The width that the Message may lose: where all Messages are empty nearly all of it.
    fn spare(&self, keeps: u16) -> u16 {
        let keeps = if self.content.message == 0 { EMPTY_MESSAGE } else { keeps };
        self.left().saturating_sub(keeps)
    }

    fn bring_in(&mut self, column: Column, cells: u16, message: u16) -> bool {
        let cells = self.set_width(column).unwrap_or(cells);
        // What the Request took beyond its least is given back, and shared again if the column fits.
        if self.set_width(Column::Request).is_none()
            && let Some(width) = self.cell(Column::Request)
        {
            *width = 16;
        }
        let left = self.left().saturating_sub(cells + self.gap + self.owed());
        let fits = left >= if self.content.message == 0 { EMPTY_MESSAGE } else { message } + self.lent_to_request(left);
        if fits {
            self.cells.push((column, cells));
        }
        self.share_with_request();
        fits
    }

    /// What a wider table takes more for gaps, times and the columns that always stand: a column that comes in before it must
    /// not disappear there.
    fn owed(&self) -> u16 {
        if self.width >= ROOMY {
            return 0;
        }
        let gaps = u16::try_from(self.cells.len() + 1).unwrap_or(0);
        let age = if self.wishes.with_day && self.has(Column::Time) { DAY - AGE } else { 0 };
        // The RequestId, then the Status and the Code, have not grown yet.
        let fixed = if self.width < 70 { 4 } else { 0 } + if self.width < 64 { 3 } else { 0 };
        gaps + age + fixed
    }

    /// What the Request takes of a Message this wide: half of what it has over 36 columns, as far as its
    /// content asks for it; all that is left where every Message is empty.
    fn lent_to_request(&self, message: u16) -> u16 {
        if !self.has(Column::Request) || self.set_width(Column::Request).is_some() {
            return 0;
        }
        let wanted = self.content.target.saturating_add(5).clamp(16, 44) - 16;
        let over = match self.content.message {
            0 => message.saturating_sub(EMPTY_MESSAGE),
            _ => message.saturating_sub(36) / 2,
        };
        over.min(wanted)
    }

    /// The Request column; the Code gives way to let it in.
    fn bring_in_request(&mut self) -> bool {
        if self.wishes.hidden.contains(&Column::Request) {
            return true;
        }
        let code = self.set_width(Column::Code).unwrap_or(self.content.code.clamp(12, 24));
        let kept = self.cell(Column::Code).map_or(code, |width| *width);
        for tried in [code, code.min(20)] {
            if let Some(width) = self.cell(Column::Code) {
                *width = tried;
            }
            if self.bring_in(Column::Request, 16, 28) {
                return true;
            }
        }
        if let Some(width) = self.cell(Column::Code) {
            *width = kept;
        }
        false
    }

    /// Gives the Request its share.
    fn share_with_request(&mut self) {
        let more = self.lent_to_request(self.left());
        if let Some(width) = self.cell(Column::Request) {
            *width += more;
        }
    }

    /// Ids are whole where the Message keeps enough next to them, or where `f` asks for it.
    fn show_whole_ids(&mut self) {
        let whole = self.content.request_id.clamp(9, WHOLE_ID);
        let short = self.cell(Column::RequestId).map_or(whole, |width| *width);
        if whole <= short || self.set_width(Column::RequestId).is_some() {
            return;
        }
        let keeps = if self.wishes.whole_ids { 8 } else { MESSAGE_BESIDE_WHOLE_ID };
        let (extra, spare) = (whole - short, self.spare(keeps));
        let request = self.cell(Column::Request).map_or(0, |width| width.saturating_sub(16));
        let lent = extra.saturating_sub(spare).min(request);
        if spare + lent < extra && !self.wishes.whole_ids {
            return;
        }
        if let Some(width) = self.cell(Column::Request) {
            *width -= lent;
        }
        let mut missing = extra.saturating_sub(spare + lent);
        while missing > 0 {
            // Whole ids were asked for: other columns make room, the last one to come in first.
            let Some(at) = self.cells.iter().rposition(|(column, _)| !column.is_fixed()) else { break };
            missing = missing.saturating_sub(self.cells.remove(at).1 + self.gap);
        }
        if let Some(width) = self.cell(Column::RequestId) {
            *width = whole - missing;
        }
    }

    fn day_width(&self) -> u16 {
        if self.width < ROOMY { AGE } else { DAY }
    }

    fn optional_width(&self, column: Column) -> u16 {
        let content = match column {
            Column::Sure => 4,
            Column::Took => 7,
            Column::Time => 8,
            column => self.content.own(column),
        };
        let head = u16::try_from(column.title().len()).unwrap_or(OPTIONAL);
        content.max(head).min(OPTIONAL)
    }

    /// From left to right, with the Message in its place.
    fn placed(mut self) -> Vec<Placed> {
        let message = self.left();
        if message >= EMPTY_MESSAGE {
            self.cells.push((Column::Message, message));
        }
        self.cells.sort_by_key(|(column, _)| self.wishes.rank(*column));
        let mut x = EDGE;
        let mut place = |(column, width): (Column, u16)| {
            let placed = Placed { column, x, width };
            x += width + self.gap;
            placed
        };
        self.cells.iter().copied().map(&mut place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn demo() -> Content {
        let mut content =
            Content { code: 24, message: 80, request_id: 40, lacks_id: true, target: 60, ..Content::default() };
        for (column, width) in [
            (Column::Cause, 24),
            (Column::Region, 12),
            (Column::Profile, 8),
            (Column::Operation, 20),
            (Column::Node, 8),
        ] {
            *content.own_mut(column) = width;
        }
        content
    }

    fn widths(width: u16, content: &Content, wishes: &Wishes) -> Vec<(Column, u16)> {
        columns(width, content, wishes).into_iter().map(|placed| (placed.column, placed.width)).collect()
    }

    /// The table of the design: the width of each column at each width of the table.
    #[test]
    fn the_columns_of_the_demo() {
        use Column::{Code, Message, Request, RequestId, Status, Sure, Time, Took};
        let columns = [Status, Code, Message, Request, RequestId, Sure, Time, Took];
        for (width, wanted) in [
            (56, vec![5, 16, 17, 0, 13]),
            (60, vec![5, 16, 21, 0, 13]),
            (80, vec![6, 18, 34, 0, 17]),
            (88, vec![6, 24, 36, 0, 17]),
            (99, vec![6, 20, 30, 16, 17]),
            (100, vec![6, 20, 31, 16, 17]),
            (120, vec![6, 24, 39, 18, 17, 4]),
            (125, vec![6, 24, 41, 21, 17, 4]),
            (140, vec![6, 24, 44, 23, 17, 4, 8]),
            (160, vec![6, 24, 49, 29, 17, 4, 8, 7]),
            (200, vec![6, 24, 56, 39, 40, 4, 8, 7]),
        ] {
            let wanted: Vec<_> = columns.into_iter().zip(wanted).filter(|(_, width)| *width > 0).collect();
            assert_eq!(widths(width, &demo(), &Wishes::default()), wanted, "at {width}");
        }
    }

    #[test]
    fn rows_of_many_days_begin_with_their_time() {
        let days = Wishes { with_day: true, ..Wishes::default() };
        let first = |width| widths(width, &demo(), &days)[0];
        assert_eq!((first(120), first(80)), ((Column::Time, 11), (Column::Time, 4)));
        assert!(!widths(120, &demo(), &days).iter().any(|(column, _)| *column == Column::Sure));
    }

    #[test]
    fn short_ids_and_empty_messages_leave_their_room_to_the_request() {
        let log = Content { code: 21, message: 0, request_id: 16, lacks_id: false, target: 40, ..demo() };
        let shown = widths(80, &log, &Wishes::default());
        assert!(shown.contains(&(Column::RequestId, 16)) && shown.contains(&(Column::Message, 7)), "{shown:?}");
        assert!(shown.iter().any(|(column, width)| *column == Column::Request && *width >= 18), "{shown:?}");
    }

    #[test]
    fn ids_are_whole_when_somebody_asks_for_it() {
        let whole = Wishes { whole_ids: true, ..Wishes::default() };
        for width in [80, 100, 120, 160] {
            assert!(widths(width, &demo(), &whole).contains(&(Column::RequestId, 40)), "at {width}");
        }
    }

    fn contents() -> impl Strategy<Value = Content> {
        (0u16..40, 0u16..90, 0u16..50, any::<bool>(), 0u16..80, any::<bool>()).prop_map(
            |(code, message, request_id, lacks_id, target, retried)| Content {
                code,
                message,
                request_id,
                lacks_id,
                target,
                retried,
                ..demo()
            },
        )
    }

    proptest! {
        #[test]
        fn columns_fit_and_none_disappears_as_the_window_grows(
            content in contents(),
            with_day: bool,
            whole_ids: bool,
            added in prop::sample::subsequence(Column::ALL.to_vec(), 0..4),
        ) {
            let wishes = Wishes { with_day, whole_ids, added, ..Wishes::default() };
            let mut before: Vec<Column> = Vec::new();
            for width in 40..=260 {
                let placed = columns(width, &content, &wishes);
                for pair in placed.windows(2) {
                    prop_assert!(pair[0].x + pair[0].width < pair[1].x, "{width}: {placed:?}");
                }
                let last = placed.last().unwrap();
                prop_assert!(last.x + last.width <= width, "{width}: {placed:?}");
                let now: Vec<Column> = placed.iter().map(|placed| placed.column).collect();
                if width >= 56 {
                    prop_assert!(Column::ALL.iter().filter(|c| c.is_fixed()).all(|c| now.contains(c)), "{width}: {now:?}");
                }
                if !whole_ids {
                    prop_assert!(before.iter().all(|column| now.contains(column)), "{width}: {before:?} then {now:?}");
                }
                before = now;
            }
        }
    }
}
