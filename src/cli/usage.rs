//! clap's errors in one line: what is wrong, and what to do.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The most values that an error lists.
const LISTED: usize = 12;

/// Returns an error of the command line in one line.
pub fn one_line(error: &Error) -> String {
    let arg = option(error);
    let value = text(error, ContextKind::InvalidValue);
    let mut words = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg}: the value is missing"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => invalid_value(error, &arg, &value),
        ErrorKind::UnknownArgument => format!("unknown option or argument \"{arg}\""),
        ErrorKind::InvalidSubcommand => {
            format!("unknown command \"{}\"", text(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            format!("the command is missing. Use one of {}", text(error, ContextKind::ValidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("missing: {arg}"),
        ErrorKind::ArgumentConflict => match text(error, ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == arg => format!("{arg} can be given only once"),
            prior => format!("{arg} cannot be combined with {prior}"),
        },
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg}: the value is missing")
        }
        ErrorKind::TooManyValues => format!("{arg}: takes no value"),
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8 text".to_owned(),
        kind => kind.as_str().unwrap_or("invalid command line").to_owned(),
    };
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let near = text(error, kind);
        if !near.is_empty() {
            words = format!("{words}. Did you mean \"{}\"?", bare(&near));
        }
    }
    format!("{} See cosdiag --help.", ended(words))
}

/// The value, and why it cannot be used. What a header holds may be a secret and is not repeated.
fn invalid_value(error: &Error, arg: &str, value: &str) -> String {
    let about = format!("{arg}: invalid value \"{value}\"");
    match (error.source(), error.get(ContextKind::ValidValue)) {
        (Some(reason), _) => format!("{about}. {reason}"),
        (None, Some(ContextValue::Strings(known))) if known.len() <= LISTED => {
            format!("{about}. Use one of {}", known.join(", "))
        }
        (None, _) => about,
    }
}

/// The option or argument that the error is about, without the name of its value.
fn option(error: &Error) -> String {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(all)) => all.iter().map(|arg| bare(arg)).collect::<Vec<_>>().join(", "),
        _ => bare(&text(error, ContextKind::InvalidArg)).to_owned(),
    }
}

/// `--format` of `--format <FORMAT>`.
fn bare(arg: &str) -> &str {
    arg.split([' ', '=']).next().unwrap_or(arg).trim_end_matches("...")
}

fn text(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn ended(mut words: String) -> String {
    if !words.ends_with(['.', '?', '!']) {
        words.push('.');
    }
    words
}
