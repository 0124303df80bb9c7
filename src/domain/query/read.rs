//! Reading a filter: from words to terms.

use super::error::{QueryError, Wrong};
use super::filter::{Comparison, FIELDS, Field, Query, Status, Term, Test};
use super::words::{self, Letter};
use crate::domain::suggest::nearest;
use crate::domain::trace_id;
use crate::domain::verdict::Confidence;

impl Query {
    /// Reads a filter.
    ///
    /// # Errors
    /// On an unknown field or a value that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        query(text)
    }
}

fn query(text: &str) -> Result<Query, QueryError> {
    let mut alternatives = Vec::new();
    let mut terms = Vec::new();
    for word in words::words(text) {
        if words::after(&word, "or").is_some_and(<[_]>::is_empty) {
            alternatives.extend((!terms.is_empty()).then(|| std::mem::take(&mut terms)));
            continue;
        }
        terms.extend(term(&word)?);
    }
    alternatives.extend((!terms.is_empty()).then_some(terms));
    Ok(Query { alternatives })
}

fn term(word: &[Letter]) -> Result<Option<Term>, QueryError> {
    let (mut negated, mut rest) = (false, word);
    while let Some(after) = words::after(rest, "-").or_else(|| words::after(rest, "not:")) {
        (negated, rest) = (!negated, after);
    }
    if rest.is_empty() {
        return Ok(None);
    }
    let anywhere = || Test::Anywhere(words::text(rest).to_lowercase());
    let test = match split(rest) {
        Some((field, value)) => match narrowed(field, value) {
            Ok(test) => test,
            Err((wrong, better)) => {
                let range = words::range(rest);
                let better = better.map(|(letters, better)| (words::range(letters), better));
                return Err(QueryError { at: range.start, length: range.len(), wrong, better });
            }
        },
        None => Some(anywhere()),
    };
    Ok(test.map(|test| Term { negated, test }))
}

/// A field's letters and its value's; `None` where the colon is a letter like any other, as in a URL.
fn split(letters: &[Letter]) -> Option<(&[Letter], &[Letter])> {
    let colon = letters.iter().position(|letter| letter.c == ':' && !letter.quoted)?;
    let (field, value) = (&letters[..colon], &letters[colon + 1..]);
    let names = !field.is_empty() && field.iter().all(|letter| !letter.quoted && letter.c.is_ascii_alphabetic());
    (names && words::after(value, "//").is_none()).then_some((field, value))
}

/// What is wrong, and what was probably meant in the place of which letters.
type Mistake<'a> = (Wrong, Option<(&'a [Letter], String)>);

/// The test of a field. `None` while its value is being typed: half a term narrows nothing.
fn narrowed<'a>(field: &'a [Letter], value: &'a [Letter]) -> Result<Option<Test>, Mistake<'a>> {
    let name = words::text(field).to_ascii_lowercase();
    let text = words::text(value);
    let lower = text.to_lowercase();
    let known = Field::named(&name);
    if known.is_none() && !FIELDS.contains(&name.as_str()) {
        let better = nearest(&name, FIELDS.iter().copied()).map(|near| (field, near.to_owned()));
        return Err((Wrong::Field(words::text(field)), better));
    }
    if value.is_empty() {
        return Ok(None);
    }
    if let Some(field) = known {
        return Ok(match words::after(value, "=") {
            Some([]) => None,
            Some(whole) => Some(Test::Whole(field, words::text(whole).to_lowercase())),
            None => Some(Test::Text(field, lower)),
        });
    }
    match name.as_str() {
        "status" => status(&lower).map(|status| Some(Test::Status(status))).ok_or((Wrong::Status(lower), None)),
        "latency" => latency(&lower).map(Some).ok_or((Wrong::Latency(lower), None)),
        "sure" => sure(&lower).map(Some).ok_or_else(|| {
            let better = nearest(&lower, ["certain", "likely", "possible", "none"]);
            (Wrong::Sure(lower.clone()), better.map(|near| (value, near.to_owned())))
        }),
        // A TraceId tells its site; its letters have a case.
        _ => Ok(Some(Test::Site(trace_id::failure_site(&text).unwrap_or(lower)))),
    }
}

fn sure(text: &str) -> Option<Test> {
    let confidence = match text {
        "certain" => Some(Confidence::Certain),
        "likely" => Some(Confidence::Likely),
        "possible" => Some(Confidence::Possible),
        "none" | "unknown" => None,
        _ => return None,
    };
    Some(Test::Sure(confidence))
}

fn comparison(text: &str) -> (Comparison, &str) {
    for (sign, comparison) in [
        (">=", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        (">", Comparison::More),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (comparison, rest);
        }
    }
    (Comparison::Equal, text)
}

fn status(text: &str) -> Option<Status> {
    if text == "none" {
        return Some(Status::Missing);
    }
    if let Some(class) =
        text.strip_suffix("xx").and_then(|digit| digit.parse().ok()).filter(|digit| (1..=5).contains(digit))
    {
        return Some(Status::Class(class));
    }
    let (comparison, number) = comparison(text);
    let number = number.parse().ok()?;
    // 4 and 40 are the beginning of 404: no answer has them.
    let is_whole = comparison != Comparison::Equal || number >= 100;
    is_whole.then_some(Status::Compare(comparison, number))
}

fn latency(text: &str) -> Option<Test> {
    let (comparison, rest) = comparison(text);
    let (number, unit) = match (rest.strip_suffix("ms"), rest.strip_suffix('s')) {
        (Some(number), _) => (number, 1e3),
        (None, Some(number)) => (number, 1e6),
        (None, None) => (rest, 1e3),
    };
    let number: f64 = number.parse().ok()?;
    if !(0.0..=4000.0 * 1e6).contains(&(number * unit)) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked above")]
    Some(Test::Latency(comparison, (number * unit).round() as u32))
}
