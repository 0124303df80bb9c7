//! Moments as people type them: `2h`, `7d`, `2026-11-20`, `2026-11-20T10:00`, or with an offset.

use jiff::civil::DateTime;
use jiff::{Span, Timestamp, Zoned};

/// Reads a moment; a duration counts back from `now`, a date or time without an offset is of `now`'s
/// time zone.
///
/// # Errors
/// When it is none of these, in one line.
pub fn parse_time(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return local
            .to_zoned(now.time_zone().clone())
            .map(|zoned| zoned.timestamp())
            .map_err(|error| format!("\"{text}\": {error}"));
    }
    let span = text.parse::<Span>().ok().filter(|span| !span.is_negative());
    let ago = span.and_then(|span| now.checked_sub(span).ok());
    ago.map(|ago| ago.timestamp()).ok_or_else(|| {
        format!("\"{text}\" is no time: write how long ago, such as 2h or 7d, or 2026-11-20, or 2026-11-20T10:00")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_count_back_and_dates_are_local() {
        let now: Zoned = "2026-11-23T06:38:09+08:00[Asia/Shanghai]".parse().expect("a time");
        for (text, wanted) in [
            ("2h", "2026-11-22T20:38:09Z"),
            ("7d", "2026-11-15T22:38:09Z"),
            ("1w 30m", "2026-11-15T22:08:09Z"),
            ("0s", "2026-11-22T22:38:09Z"),
            ("2026-11-20", "2026-11-19T16:00:00Z"),
            ("2026-11-20T10:00", "2026-11-20T02:00:00Z"),
            ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
            ("2026-11-20T10:00:00-05:00", "2026-11-20T15:00:00Z"),
        ] {
            assert_eq!(parse_time(text, &now).map(|moment| moment.to_string()).as_deref(), Ok(wanted), "{text}");
        }
        for text in ["", "soon", "7", "-7d", "2026-13-01", "99999999d"] {
            assert!(parse_time(text, &now).expect_err(text).contains("7d"), "{text}");
        }
    }
}
