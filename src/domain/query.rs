//! The filter language of the table.
//!
//! Words must all be found (in Code, Message, RequestId, operation or target), `field:value`
//! narrows one field, `-` negates, `or` joins alternatives, quotes keep blanks together:
//! `status:4xx code:Denied -photos or latency:>2s`.

use std::fmt;

use super::error_site;
use super::naming::did_you_mean;
use super::row::Row;

/// A parsed filter. The empty one lets everything through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Any of these must hold; in each, all terms.
    alternatives: Vec<Vec<Term>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Anywhere(String),
    Text(Field, String),
    Status(Status),
    Latency(Comparison, u32),
    Site(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Code,
    Message,
    Id,
    Operation,
    Target,
    Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Class(u16),
    Compare(Comparison, u16),
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// Why a filter could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The character at which it went wrong.
    pub at: usize,
    /// What was wrong and what would be right.
    pub message: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The names of the fields.
pub const FIELDS: &[&str] =
    &["status", "code", "message", "id", "op", "bucket", "key", "target", "cause", "latency", "site"];

impl Query {
    /// Reads a filter.
    ///
    /// # Errors
    /// On an unknown field or a value that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut alternatives = Vec::new();
        let mut terms = Vec::new();
        for (at, word) in words(text) {
            if word.eq_ignore_ascii_case("or") {
                alternatives.extend((!terms.is_empty()).then(|| std::mem::take(&mut terms)));
                continue;
            }
            terms.extend(term(&word).map_err(|message| QueryError { at, message })?);
        }
        alternatives.extend((!terms.is_empty()).then_some(terms));
        Ok(Self { alternatives })
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Whether it asks for the error site, which not everybody has at hand.
    #[must_use]
    pub fn names_site(&self) -> bool {
        self.alternatives.iter().flatten().any(|term| matches!(term.test, Test::Site(_)))
    }

    /// Whether a row passes.
    #[must_use]
    pub fn matches(&self, row: &Row<'_>) -> bool {
        self.is_empty()
            || self.alternatives.iter().any(|terms| terms.iter().all(|term| term.negated != term.test.holds(row)))
    }
}

/// Words and where they begin, in characters; quotes group and vanish.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let (mut quoted, mut open) = (false, false);
    for (i, c) in text.chars().enumerate() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => open = false,
            c => {
                if !open {
                    words.push((i, String::new()));
                    open = true;
                }
                if let Some((_, word)) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words
}

fn term(word: &str) -> Result<Option<Term>, String> {
    let (negated, word) = match word.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    if word.is_empty() {
        return Ok(None);
    }
    let Some((field, value)) = word.split_once(':') else {
        return Ok(Some(Term { negated, test: Test::Anywhere(word.to_lowercase()) }));
    };
    let lower = value.to_lowercase();
    let text = |field| Test::Text(field, lower.clone());
    // Half a term while it is being typed narrows nothing.
    if value.is_empty() && FIELDS.contains(&field) {
        return Ok(None);
    }
    let narrowed = match field {
        "status" => Test::Status(status(&lower)?),
        "latency" => latency(&lower)?,
        // A TraceId tells its site; its letters have a case.
        "site" => Test::Site(error_site::of(value).unwrap_or(lower)),
        "code" => text(Field::Code),
        "message" | "msg" => text(Field::Message),
        "id" | "requestid" => text(Field::Id),
        "op" | "operation" => text(Field::Operation),
        "cause" => text(Field::Cause),
        "bucket" | "key" | "target" => text(Field::Target),
        _ if field.chars().all(|c| c.is_ascii_alphabetic()) && !value.starts_with("//") => {
            return Err(format!(
                "no field \"{field}\"{} (fields: {})",
                did_you_mean(field, FIELDS.iter().copied()),
                FIELDS.join(", ")
            ));
        }
        _ => Test::Anywhere(word.to_lowercase()),
    };
    Ok(Some(Term { negated, test: narrowed }))
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

fn status(text: &str) -> Result<Status, String> {
    if text == "none" {
        return Ok(Status::Missing);
    }
    if let Some(class) =
        text.strip_suffix("xx").and_then(|digit| digit.parse().ok()).filter(|digit| (1..=5).contains(digit))
    {
        return Ok(Status::Class(class));
    }
    let (comparison, number) = comparison(text);
    let number = number.parse().map_err(|_| format!("\"{text}\" is no status: write 403, 4xx, >=500 or none"))?;
    Ok(Status::Compare(comparison, number))
}

fn latency(text: &str) -> Result<Test, String> {
    let bad = || format!("\"{text}\" is no latency: write >2s or <150ms");
    let (comparison, rest) = comparison(text);
    let (number, unit) = match (rest.strip_suffix("ms"), rest.strip_suffix('s')) {
        (Some(number), _) => (number, 1e3),
        (None, Some(number)) => (number, 1e6),
        (None, None) => (rest, 1e3),
    };
    let number: f64 = number.parse().map_err(|_| bad())?;
    if !(0.0..=4000.0 * 1e6).contains(&(number * unit)) {
        return Err(bad());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked above")]
    Ok(Test::Latency(comparison, (number * unit) as u32))
}

impl Comparison {
    fn holds<T: PartialOrd + Copy>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
}

impl Test {
    fn holds(&self, row: &Row<'_>) -> bool {
        match self {
            Self::Anywhere(needle) => [row.code, row.message, row.request_id, row.operation, row.target]
                .iter()
                .any(|text| contains(text, needle)),
            Self::Text(field, needle) => {
                let text = match field {
                    Field::Code => row.code,
                    Field::Message => row.message,
                    Field::Id => row.request_id,
                    Field::Operation => row.operation,
                    Field::Target => row.target,
                    Field::Cause => row.cause,
                };
                contains(text, needle)
            }
            Self::Status(Status::Missing) => row.status == 0,
            Self::Status(Status::Class(class)) => row.status / 100 == *class,
            Self::Status(Status::Compare(comparison, number)) => {
                row.status != 0 && comparison.holds(row.status, *number)
            }
            Self::Site(name) => error_site::is_named(row.site, name),
            Self::Latency(comparison, limit) => comparison.holds(row.latency_us, *limit),
        }
    }
}

/// Whether `text` contains `needle`, which is lower case, without regard to case.
fn contains(text: &str, needle: &str) -> bool {
    if !needle.is_ascii() {
        return text.to_lowercase().contains(needle);
    }
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    needle.is_empty() || text.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::super::profile::Dialect;
    use super::super::severity::Severity;
    use super::super::verdict::Confidence;
    use super::*;
    use proptest::prelude::*;

    const ROW: Row<'static> = Row {
        severity: Severity::Client,
        status: 403,
        code: "AccessDenied",
        message: "Request has expired",
        request_id: "NjgzNDk2MmZf",
        dialect: Dialect::Cos,
        method: "HEAD",
        profile: "prod",
        region: "ap-guangzhou",
        node: "",
        operation: "head-bucket",
        target: "photos-1250000000/相册/猫.jpg",
        cause: "clock-skew",
        certainty: Some(Confidence::Certain),
        site: "8efc6b2d3b069ca89454d10b9ef0018749ddf94d356b53a614ecc3d8f6b91b5942aeecd042aeecd042aeecd042aeecd0",
        time_ms: 0,
        latency_us: 1_500_000,
        tries: 1,
        from_twin: false,
    };

    #[test]
    fn what_passes_and_what_does_not() {
        for (text, passes) in [
            ("", true),
            ("denied", true),
            ("denied expired", true),
            ("denied missing", false),
            ("denied or missing", true),
            ("missing or latency:>1s", true),
            ("-photos", false),
            ("status:403", true),
            ("status:4xx code:access", true),
            ("status:>=500", false),
            ("-status:404", true),
            ("status:none", false),
            ("latency:>2s", false),
            ("latency:<=1500ms", true),
            ("\"has expired\"", true),
            ("message:\"expired request\"", false),
            ("猫", true),
            ("op:head bucket:photos id:njgz", true),
            ("code:", true),
            ("cause:clock", true),
            ("cause:permission", false),
            ("site:49dd-42aeecd0", true),
            ("site:42AEECD0 status:403", true),
            ("site:", true),
            ("site:49dd-bf52c057", false),
            ("-site:42aeecd0", false),
            (
                "site:OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OTQyYWVlY2QwNDJhZWVjZDA0MmFlZWNkMDQyYWVlY2Qw",
                true,
            ),
            ("-", true),
            ("or or", true),
        ] {
            assert_eq!(Query::parse(text).expect(text).matches(&ROW), passes, "{text}");
        }
    }

    #[test]
    fn errors_say_where_and_what_would_be_right() {
        let error = Query::parse("denied stauts:403").unwrap_err();
        assert_eq!(error.at, 7);
        assert!(error.message.contains("did you mean \"status\""), "{error}");
        assert!(Query::parse("status:abc").unwrap_err().message.contains("4xx"));
        assert!(Query::parse("latency:soon").unwrap_err().message.contains(">2s"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Query::parse(&text).map(|query| query.matches(&ROW));
        }
    }
}
