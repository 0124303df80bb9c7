//! The values that options take, declared to clap: it puts them into help, completions and errors.

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use strum::VariantArray;

use crate::domain::dialect::Dialect;
use crate::domain::endpoint::Scheme;
use crate::domain::operation::{self, OPERATIONS, Operation, SUITES, Suite};
use crate::sandbox::scenario::{self, Scenario};
use crate::{import, report};

/// Their names are on the types.
macro_rules! values {
    ($($type:ty),+) => {$(
        impl ValueEnum for $type {
            fn value_variants<'a>() -> &'a [Self] {
                Self::VARIANTS
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(PossibleValue::new(<&'static str>::from(self)))
            }
        }
    )+};
}

values!(Dialect, Scheme, report::Format, import::Format);

/// A format of everything that is not a list of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For reading.
    Table,
    /// For programs.
    Json,
}

/// The operation writes.
#[derive(Debug, thiserror::Error)]
#[error("This operation writes; only --suite write writes")]
struct Writes;

/// Reads the name of an operation that only reads.
pub fn operation() -> impl TypedValueParser<Value = &'static Operation> {
    let named = |name: String| operation::known(&name).filter(|operation| !operation.writes).ok_or(Writes);
    PossibleValuesParser::new(OPERATIONS.iter().map(|operation| operation.name)).try_map(named)
}

/// Reads the name of a suite.
pub fn suite() -> impl TypedValueParser<Value = &'static Suite> {
    let values = SUITES.iter().map(|suite| PossibleValue::new(suite.name).help(suite.about));
    PossibleValuesParser::new(values).try_map(|name| Suite::named(&name).ok_or(UnknownName))
}

/// Reads the name of a scenario of the sandbox.
pub fn scenario() -> impl TypedValueParser<Value = &'static Scenario> {
    let values =
        scenario::scenarios().iter().map(|scenario| PossibleValue::new(&*scenario.name).help(&*scenario.about));
    PossibleValuesParser::new(values).try_map(|name| scenario::scenario(&name).ok_or(UnknownName))
}

/// The name is not one of the possible values, which clap checks first.
#[derive(Debug, thiserror::Error)]
#[error("unknown name")]
struct UnknownName;
