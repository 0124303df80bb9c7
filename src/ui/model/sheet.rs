//! A table that lies behind the present one: Esc comes back to it.

use std::collections::BTreeMap;

use super::detail::DetailPane;
use super::session::{Mode, Past, Run, Severities};
use super::table::Table;
use crate::domain::check::Check;
use crate::domain::tally::Tally;
use crate::ui::layout::Focus;

/// What belongs to one table and not to the others.
#[derive(Debug)]
pub struct Sheet {
    /// Its rows.
    pub table: Table,
    /// The selected one's detail.
    pub detail: DetailPane,
    /// The pane in focus.
    pub focus: Focus,
    /// Where the rows are from.
    pub mode: Mode,
    /// What they tell of the past.
    pub past: Past,
    /// How the run went.
    pub run: Run,
    /// How its requests ended.
    pub counts: Tally,
    /// Rows of each severity.
    pub severities: Severities,
    /// Of each row that was checked, the checks that were planned.
    pub planned_checks: BTreeMap<u32, Vec<Check>>,
}
