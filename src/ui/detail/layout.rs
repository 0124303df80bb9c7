//! How a tab's text is laid out.

use crate::domain::check::Check;

/// What the text of a tab depends on in addition to the record.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    /// Columns of the text.
    pub columns: usize,
    /// The body as it came.
    pub raw_body: bool,
    /// Long lines are kept whole.
    pub unwrapped: bool,
    /// What is folded to one line stands whole.
    pub unfolded: bool,
    /// The selected one of the text's stops.
    pub stop: usize,
    /// The checks that were planned in this session; those without an answer were not sent.
    pub planned: &'a [Check],
}
