//! Checks: read-only requests that each change one factor of a failed one, planned by what is still
//! undecided. This plans them and reads their results; the engine sends them.

mod plan;
mod planned;
mod result;
mod variants;

pub use plan::{MOST, PREFLIGHT, needs_checks, plan};
pub use planned::{CheckRoute, Failed, PlannedCheck};
pub use result::CheckResult;
pub(super) use result::{is_nowhere, short};
