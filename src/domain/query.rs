//! The filter language of the table.
//!
//! Words must all be found (in Code, Message, RequestId, operation or target), `field:value`
//! narrows one field, `field:=value` asks for all of it, `not:` or `-` in front excludes, `or` joins
//! alternatives, quotes keep blanks together: `status:4xx code:Denied not:photos or latency:>2s`.

mod error;
mod read;
mod words;

use std::fmt;

pub use error::{QueryError, Wrong};
pub use words::quoted;

use super::error_site;
use super::row::Row;
use super::verdict::Confidence;

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
    /// Is found in the field.
    Text(Field, String),
    /// Is all of the field.
    Whole(Field, String),
    Status(Status),
    Latency(Comparison, u32),
    Site(String),
    Sure(Option<Confidence>),
}

/// A field that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Code,
    Message,
    Id,
    Operation,
    Bucket,
    Key,
    Target,
    Host,
    Cause,
    Region,
    Profile,
    Method,
    Note,
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

/// The fields, in the order in which they are told.
pub const FIELDS: &[&str] = &[
    "status", "code", "message", "id", "op", "bucket", "key", "target", "host", "cause", "sure", "latency", "site",
    "region", "profile", "method", "note",
];

impl Query {
    /// Reads a filter.
    ///
    /// # Errors
    /// On an unknown field or a value that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        read::query(text)
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Whether it asks for what only the whole record tells.
    #[must_use]
    pub fn reads_records(&self) -> bool {
        let deep = |field: &Field| matches!(field, Field::Host | Field::Region | Field::Method | Field::Note);
        self.alternatives.iter().flatten().any(|term| match &term.test {
            Test::Site(_) | Test::Sure(_) => true,
            Test::Text(field, _) | Test::Whole(field, _) => deep(field),
            Test::Anywhere(_) | Test::Status(_) | Test::Latency(..) => false,
        })
    }

    /// The same, narrowed to what another one lets through too: each of its alternatives with each of
    /// the other's.
    #[must_use]
    pub fn narrowed(&self, by: &Self) -> Self {
        let nothing = [Vec::new()];
        let own = if self.is_empty() { &nothing[..] } else { &self.alternatives };
        let both = |terms: &Vec<Term>, more: &Vec<Term>| {
            let new = more.iter().filter(|term| !terms.contains(term));
            terms.iter().chain(new).cloned().collect()
        };
        let alternatives = own.iter().flat_map(|terms| by.alternatives.iter().map(move |more| both(terms, more)));
        Self { alternatives: alternatives.collect() }
    }

    /// How many alternatives it has.
    #[must_use]
    pub fn alternatives(&self) -> usize {
        self.alternatives.len()
    }

    /// Whether a row passes.
    #[must_use]
    pub fn matches(&self, row: &Row<'_>) -> bool {
        self.is_empty()
            || self.alternatives.iter().any(|terms| terms.iter().all(|term| term.negated != term.test.holds(row)))
    }
}

/// As it may be typed: read again it is the same filter.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, terms) in self.alternatives.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { " or " })?;
            for (i, term) in terms.iter().enumerate() {
                let (blank, not) = (if i == 0 { "" } else { " " }, if term.negated { "not:" } else { "" });
                write!(f, "{blank}{not}{}", term.test)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anywhere(text) => f.write_str(&quoted(text, false)),
            Self::Text(field, text) => write!(f, "{}:{}", field.name(), quoted(text, true)),
            Self::Whole(field, text) => write!(f, "{}:={}", field.name(), quoted(text, true)),
            Self::Status(Status::Missing) => f.write_str("status:none"),
            Self::Status(Status::Class(class)) => write!(f, "status:{class}xx"),
            Self::Status(Status::Compare(comparison, number)) => write!(f, "status:{}{number}", comparison.sign()),
            Self::Latency(comparison, us) => {
                let (ms, rest) = (us / 1000, us % 1000);
                let rest = if rest == 0 { String::new() } else { format!(".{rest:03}") };
                write!(f, "latency:{}{ms}{rest}ms", comparison.sign())
            }
            Self::Site(name) => write!(f, "site:{}", quoted(name, true)),
            Self::Sure(confidence) => write!(f, "sure:{}", sure_word(*confidence)),
        }
    }
}

/// The word of a certainty in this language.
fn sure_word(confidence: Option<Confidence>) -> &'static str {
    match confidence {
        Some(Confidence::Certain) => "certain",
        Some(Confidence::Likely) => "likely",
        Some(Confidence::Possible) => "possible",
        None => "none",
    }
}

/// The values of a row that a field can be asked for, for those fields of which people choose one from a
/// list.
#[must_use]
pub fn value_of(field: &str, row: &Row<'_>) -> Option<String> {
    let text = match field {
        "status" if row.status == 0 => "none".to_owned(),
        "status" => row.status.to_string(),
        "sure" => sure_word(row.certainty).to_owned(),
        "site" => error_site::short(row.site),
        "latency" | "id" | "message" | "key" | "target" | "note" => return None,
        _ => Field::named(field)?.of(row).to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

impl Field {
    /// The field that somebody names.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "code" => Self::Code,
            "message" | "msg" => Self::Message,
            "id" | "requestid" => Self::Id,
            "op" | "operation" => Self::Operation,
            "bucket" => Self::Bucket,
            "key" => Self::Key,
            "target" => Self::Target,
            "host" => Self::Host,
            "cause" => Self::Cause,
            "region" => Self::Region,
            "profile" => Self::Profile,
            "method" => Self::Method,
            "note" => Self::Note,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Message => "message",
            Self::Id => "id",
            Self::Operation => "op",
            Self::Bucket => "bucket",
            Self::Key => "key",
            Self::Target => "target",
            Self::Host => "host",
            Self::Cause => "cause",
            Self::Region => "region",
            Self::Profile => "profile",
            Self::Method => "method",
            Self::Note => "note",
        }
    }

    fn of<'a>(self, row: &Row<'a>) -> &'a str {
        match self {
            Self::Code => row.code,
            Self::Message => row.message,
            Self::Id => row.request_id,
            Self::Operation => row.operation,
            Self::Bucket => row.target.split_once('/').map_or(row.target, |(bucket, _)| bucket),
            Self::Key => row.target.split_once('/').map_or("", |(_, key)| key),
            Self::Target => row.target,
            Self::Host => row.host,
            Self::Cause => row.cause,
            Self::Region => row.region,
            Self::Profile => row.profile,
            Self::Method => row.method,
            Self::Note => row.note,
        }
    }
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

    fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

impl Test {
    fn holds(&self, row: &Row<'_>) -> bool {
        match self {
            Self::Anywhere(needle) => [row.code, row.message, row.request_id, row.operation, row.target]
                .iter()
                .any(|text| contains(text, needle)),
            Self::Text(field, needle) => contains(field.of(row), needle),
            Self::Whole(field, needle) => is_same(field.of(row), needle),
            Self::Status(Status::Missing) => row.status == 0,
            Self::Status(Status::Class(class)) => row.status / 100 == *class,
            Self::Status(Status::Compare(comparison, number)) => {
                row.status != 0 && comparison.holds(row.status, *number)
            }
            Self::Site(name) => error_site::is_named(row.site, name),
            Self::Latency(comparison, limit) => comparison.holds(row.latency_us, *limit),
            Self::Sure(confidence) => row.certainty == *confidence,
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

/// Whether `text` is `needle`, which is lower case, without regard to case.
fn is_same(text: &str, needle: &str) -> bool {
    if needle.is_ascii() { text.eq_ignore_ascii_case(needle) } else { text.to_lowercase() == needle }
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
        host: "photos-1250000000.cos.ap-guangzhou.myqcloud.com",
        note: "asked on Monday",
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
            ("not:photos", false),
            ("not:missing status:403", true),
            ("not:status:403", false),
            ("not:status:404", true),
            ("not:", true),
            ("NOT:code:denied", false),
            ("-not:denied", true),
            ("sure:certain", true),
            ("sure:likely or sure:none", false),
            ("region:guang profile:prod method:head", true),
            ("region:beijing", false),
            ("bucket:photos -bucket:相册", true),
            ("key:相册 -key:photos", true),
            ("key:125", false),
            ("host:myqcloud", true),
            ("note:monday", true),
            ("-note:tuesday", true),
            ("code:=accessdenied", true),
            ("code:=Access", false),
            ("code:\"=Access\"", false),
            ("Code:Denied", true),
            ("\"status:403\"", false),
            ("\"-photos\"", false),
            ("\"or\"", false),
        ] {
            assert_eq!(Query::parse(text).expect(text).matches(&ROW), passes, "{text}");
        }
    }

    #[test]
    fn errors_say_where_and_what_would_be_right() {
        let error = Query::parse("denied stauts:403").unwrap_err();
        assert_eq!(error.at, 7);
        assert!(error.to_string().contains("did you mean \"status\""), "{error}");
        assert_eq!((error.length, error.better), (10, Some((7..13, "status".to_owned()))));
        for (text, wanted) in [
            ("status:abc", "4xx"),
            ("status:4", "4xx"),
            ("status:40", "4xx"),
            ("latency:soon", ">2s"),
            ("sure:certian", "did you mean \"certain\""),
            ("not:sure:x", "certain, likely, possible or none"),
        ] {
            let error = Query::parse(text).unwrap_err();
            assert!(error.to_string().contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn narrowing_holds_for_every_alternative_and_asks_for_nothing_twice() {
        for (filter, more, narrowed) in [
            ("", "code:x", "code:x"),
            ("a or b", "code:=\"x y\"", "a code:=\"x y\" or b code:=\"x y\""),
            ("code:x", "code:x", "code:x"),
            ("code:x", "not:code:x", "code:x not:code:x"),
            ("a or b", "c or d", "a c or a d or b c or b d"),
        ] {
            let query = Query::parse(filter).unwrap().narrowed(&Query::parse(more).unwrap());
            assert_eq!(query.to_string(), narrowed, "{filter} and {more}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Query::parse(&text).map(|query| query.matches(&ROW));
        }

        #[test]
        fn bytes_of_any_kind_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let text = String::from_utf8_lossy(&bytes);
            let _ = Query::parse(&text).map(|query| query.matches(&ROW));
        }

        #[test]
        fn a_filter_printed_is_the_same_filter(
            text in "((-|not:|\"){0,2}(code|status|latency|sure|site|note|key|x-|)(:|:=|)(4xx|40[34]|>=5[0-9]{2}|none|[<>]?[0-9]{1,3}(\\.[0-9]{1,4})?(s|ms)|certain|[ \"=:a-zA-ZİΣß相-]{0,6})(\"| | or |)){0,4}",
        ) {
            if let Ok(query) = Query::parse(&text) {
                let printed = query.to_string();
                prop_assert_eq!(Query::parse(&printed), Ok(query), "{} printed as {}", text, printed);
            }
        }

        #[test]
        fn a_quoted_value_finds_its_own_text(code in ".{1,20}") {
            let row = Row { code: &code, ..ROW };
            for sign in ["", "="] {
                let text = format!("code:{sign}{}", quoted(&code, true));
                let query = Query::parse(&text);
                prop_assert!(query.as_ref().is_ok_and(|query| query.matches(&row)), "{} {:?}", text, query);
            }
        }
    }
}
