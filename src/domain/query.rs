//! The filter language of the table.
//!
//! Words must all be found (in Code, Message, RequestId, operation or target; a number may be the status), `field:value`
//! narrows one field, `field:=value` asks for all of it, `not:` or `-` in front excludes, `or` joins
//! alternatives, quotes keep blanks together: `status:4xx code:Denied not:photos or latency:>2s`.

mod error;
mod filter;
mod read;
#[cfg(test)]
mod tests;
mod words;

pub use error::{QueryError, Wrong};
pub use filter::{FIELDS, Query, Rest, value_of};
pub use words::quoted;
