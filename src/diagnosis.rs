//! What a failure means: the code book, the causes, and what an id says about itself.
//!
//! Pure: it looks at a record and at what is written in `assets/`, and at nothing else.

mod asked;
mod cached;
pub(crate) mod causes;
pub mod checks;
mod clock;
pub mod code_book;
pub(crate) mod cors;
pub(crate) mod permission;
pub mod rules;
pub(crate) mod signature_diff;
mod versions;
