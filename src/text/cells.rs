//! The words in the cells of the table of failures, the same on the screen and in a printed table.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::column::Column;
use crate::domain::dialect::Dialect;
use crate::domain::record::Record;
use crate::domain::severity::Severity;
use crate::i18n::{Language, Localize, tell};
use crate::text::sanitize::sanitize;

/// Why a row has no RequestId; `None` for a row that did not fail.
#[must_use]
pub fn no_id(severity: Severity, dialect: Dialect, language: Language) -> Option<Cow<'static, str>> {
    match (severity, dialect) {
        (Severity::Ok | Severity::NotSet | Severity::NotSupported, _) => None,
        (Severity::Network, _) => Some(tell!(language, "no answer")),
        (Severity::Other, Dialect::Cos) => Some(tell!(language, "not from COS")),
        (Severity::Other, Dialect::S3) => Some(tell!(language, "not the store")),
        (Severity::Client | Severity::Server, _) => Some(tell!(language, "none given")),
    }
}

/// A column's head.
#[must_use]
pub fn title(column: Column, language: Language) -> Cow<'static, str> {
    match column {
        // The store's own words, which its documents do not translate either.
        Column::Code | Column::Message | Column::RequestId => column.title().into(),
        _ => tell!(language, column.title()),
    }
}

/// A Code as shown. What stands in the place of one is ours; a Code itself is never looked up.
#[must_use]
pub fn code(code: &str, language: Language) -> Cow<'_, str> {
    match code {
        "(no Code)" => tell!(language, "(no Code)"),
        "(not supported)" => tell!(language, "(not supported)"),
        "(another server)" => tell!(language, "(another server)"),
        code => sanitize(code),
    }
}

/// A record's Message: what the store said, why no answer came, else the first remark.
#[must_use]
pub fn message(record: &Record, language: Language) -> Cow<'_, str> {
    match (&record.client_failure, &record.error.message, record.remarks.first()) {
        (Some(failure), _, _) => Cow::Owned(failure.localize(language)),
        (None, Some(message), _) => Cow::Borrowed(message),
        (None, None, remark) => remark.map_or(Cow::Borrowed(""), |remark| Cow::Owned(remark.localize(language))),
    }
}

/// How a record's Message is shown where that is not the English that is kept.
#[must_use]
pub fn translated(language: Language) -> Option<fn(&Record) -> Cow<'_, str>> {
    match language {
        Language::En => None,
        Language::Zh => Some(|record| message(record, Language::Zh)),
    }
}

/// A time of day where the person is.
#[must_use]
pub fn time_of_day(time_ms: i64, time_zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(time_zone.clone()).strftime("%H:%M:%S").to_string()
}

/// A latency in three digits or so.
#[must_use]
pub fn latency(us: u32) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..10_000 => format!("{:.1} ms", f64::from(us) / 1e3),
        10_000..1_000_000 => format!("{} ms", us / 1000),
        _ => format!("{:.1} s", f64::from(us) / 1e6),
    }
}

/// How long ago that was, in four columns.
#[must_use]
pub fn age(time_ms: i64, now: Timestamp) -> String {
    let seconds = (now.as_millisecond() - time_ms).max(0) / 1000;
    let (number, unit) = match seconds {
        0..60 => (seconds, "s"),
        60..3_600 => (seconds / 60, "m"),
        3_600..86_400 => (seconds / 3_600, "h"),
        86_400..8_640_000 => (seconds / 86_400, "d"),
        8_640_000..60_480_000 => (seconds / 604_800, "w"),
        _ => (seconds / 31_536_000, "y"),
    };
    format!("{number:>2} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_in_the_place_of_a_code_is_translated() {
        assert_eq!(code("(no Code)", Language::Zh), "（无错误码）");
        assert_eq!(code("(another server)", Language::En), "(another server)");
        assert_eq!((code("Request", Language::Zh), tell!(Language::Zh, "Request")), ("Request".into(), "请求".into()));
    }

    #[test]
    fn ages_have_four_columns() {
        let ago = |seconds: i64| age(0, Timestamp::from_second(seconds).expect("a time"));
        let all = [0, 59, 3_599, 86_399, 8_639_999, 8_640_000, 60_479_999, 2_000_000_000].map(ago);
        assert_eq!(all, [" 0 s", "59 s", "59 m", "23 h", "99 d", "14 w", "99 w", "63 y"].map(str::to_owned));
    }

    #[test]
    fn latencies_have_three_digits_or_so() {
        assert_eq!([999, 9_999, 14_000, 2_000_000].map(latency), ["999 µs", "10.0 ms", "14 ms", "2.0 s"]);
    }
}
