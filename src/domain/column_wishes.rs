//! Which columns of the table a person wishes to see.

use super::column::Column;

/// What a person wishes to see, in addition to what fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The time with its day stands first: rows are of many days.
    pub with_day: bool,
    /// Request ids are shown whole.
    pub whole_ids: bool,
    /// Columns that are switched off.
    pub hidden: Vec<Column>,
    /// Columns that are switched on although they do not come in by themselves.
    pub added: Vec<Column>,
    /// Widths that were set by hand.
    pub widths: Vec<(Column, u16)>,
    /// The order from left to right; columns that it does not name keep their place after those.
    pub order: Vec<Column>,
}

impl Wishes {
    /// All columns in the order they stand in, those that do not stand too.
    #[must_use]
    pub fn all(&self) -> Vec<Column> {
        let mut all = Column::ALL.to_vec();
        all.sort_by_key(|column| self.rank(*column));
        all
    }

    /// How far to the left a column stands.
    #[must_use]
    pub fn rank(&self, column: Column) -> (usize, usize) {
        match self.order.iter().position(|known| *known == column) {
            Some(place) => (0, place),
            None if self.with_day && column == Column::Time => (0, 0),
            None => (1, column as usize),
        }
    }
}
