//! Times as programs print them, with a zone and without.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use regex::Regex;

use super::form::regex;

static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?P<date>\d{4}[-/.]\d\d[-/.]\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<part>\d{1,9}))?(?: ?(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?",
        r"|(?P<mail>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d) GMT",
        r"|\b(?P<basic>\d{8}T\d{6}Z)\b",
        r"|(?P<log>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})",
        r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<script>[A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d) GMT(?P<scriptzone>[+-]\d{4})",
    ))
});

/// A time in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The time.
    pub time: Timestamp,
    /// No zone is given: UTC was taken.
    pub is_assumed: bool,
}

/// The time that a place of a text is of: the last one up to the end of its line, else the first one after it.
#[must_use]
pub fn near(text: &str, at: usize) -> Option<Printed> {
    let form = FORM.as_ref()?;
    let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let all = form.captures_iter(text).filter_map(|found| Some((found.get(0)?.start(), read(&found)?)));
    let mut before = None;
    for (start, printed) in all {
        if start >= line_end {
            return before.or(Some(printed));
        }
        before = Some(printed);
    }
    before
}

fn read(found: &regex::Captures<'_>) -> Option<Printed> {
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let stamp = |format: &str, text: &str| jiff::fmt::strtime::parse(format, text).ok()?.to_timestamp().ok();
    let zoned = |time| Some(Printed { time, is_assumed: false });
    if let Some(date) = part("date") {
        let civil = format!("{}T{}.{}", date.replace(['/', '.'], "-"), part("clock")?, part("part").unwrap_or("0"));
        let civil: DateTime = civil.parse().ok()?;
        return match part("zone") {
            None => Some(Printed { time: civil.to_zoned(TimeZone::UTC).ok()?.timestamp(), is_assumed: true }),
            Some("Z" | "UTC" | "GMT") => zoned(civil.to_zoned(TimeZone::UTC).ok()?.timestamp()),
            Some(zone) => zoned(format!("{civil}{}", with_colon(zone)).parse().ok()?),
        };
    }
    if let Some(mail) = part("mail") {
        return zoned(stamp("%a, %d %b %Y %H:%M:%S %z", &format!("{mail} +0000"))?);
    }
    if let Some(basic) = part("basic") {
        return zoned(crate::domain::target::amz_date(basic)?);
    }
    if let Some(log) = part("log") {
        return zoned(stamp("%d/%b/%Y:%H:%M:%S %z", log)?);
    }
    zoned(stamp("%b %d %Y %H:%M:%S %z", &format!("{} {}", part("script")?, part("scriptzone")?))?)
}

fn with_colon(zone: &str) -> String {
    if zone.contains(':') { zone.to_owned() } else { format!("{}:{}", &zone[..3], &zone[3..]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_common_form() {
        for (text, wanted, is_assumed) in [
            ("2020/10/16 20:39:06 ERROR", "2020-10-16T20:39:06Z", true),
            ("[2026/01/28 14:00:45.230] x", "2026-01-28T14:00:45.23Z", true),
            ("2022-09-18 21:23:10,123 x", "2022-09-18T21:23:10.123Z", true),
            ("time=\"2024-04-04T04:02:14Z\"", "2024-04-04T04:02:14Z", false),
            ("[2022-04-21T01:14:41+08:00]", "2022-04-20T17:14:41Z", false),
            ("2026-02-22 13:41:06.207215+00:00 [error]", "2026-02-22T13:41:06.207215Z", false),
            ("Date: Fri, 14 Jun 2019 03:53:01 GMT", "2019-06-14T03:53:01Z", false),
            ("X-Amz-Date: 20200408T200713Z", "2020-04-08T20:07:13Z", false),
            ("[24/Mar/2013:12:24:57 +0000]", "2013-03-24T12:24:57Z", false),
            ("time: Tue Dec 15 2015 12:45:51 GMT+0800 (x)", "2015-12-15T04:45:51Z", false),
        ] {
            let wanted = wanted.parse().map(|time| Printed { time, is_assumed }).ok();
            assert_eq!(near(text, 0), wanted, "{text}");
        }
        for text in ["no time at 99:99:99", "VID_20170925T233500Z_frame.png: AccessDenied"] {
            assert_eq!(near(text, 0), None, "{text}");
        }
        let two = "2020-01-01T00:00:00Z a\n2020-01-02T00:00:00Z b";
        assert_eq!(
            near(two, two.find('b').unwrap_or(0)).map(|found| found.time.to_string()).as_deref(),
            Some("2020-01-02T00:00:00Z")
        );
    }
}
