//! Values that an option may have: in its help, in completions, and in the error.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use crate::domain::suggest::did_you_mean;

/// One of these words.
#[derive(Clone)]
pub struct OneOf(Vec<&'static str>);

/// Formats of a list of failures.
pub fn formats() -> OneOf {
    OneOf(crate::report::format_names().collect())
}

/// Formats of everything else.
pub fn table_or_json() -> OneOf {
    OneOf(vec!["table", "json"])
}

/// Formats that can be read.
pub fn read_formats() -> OneOf {
    OneOf(crate::import::format_names().collect())
}

/// Suites of operations.
pub fn suites() -> OneOf {
    OneOf(crate::domain::operation::SUITES.iter().map(|suite| suite.name).collect())
}

/// Dialects.
pub fn dialects() -> OneOf {
    OneOf(vec!["cos", "s3"])
}

/// Schemes.
pub fn schemes() -> OneOf {
    OneOf(vec!["https", "http"])
}

impl TypedValueParser for OneOf {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        let text = value.to_string_lossy();
        if self.0.contains(&text.as_ref()) {
            return Ok(text.into_owned());
        }
        let option = arg.and_then(Arg::get_long).map(|name| format!("--{name}: ")).unwrap_or_default();
        let (all, near) = (self.0.join(", "), did_you_mean(&text, self.0.iter().copied()));
        let words = format!("{option}\"{text}\" is not one of {all}{near}");
        Err(Error::raw(ErrorKind::InvalidValue, words).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
