//! Times as people type them: `2h`, `7d`, `2026-11-20`, `2026-11-20T10:00`, or with an offset.

use jiff::civil::DateTime;
use jiff::{Span, Timestamp, Zoned};

/// A time that was typed.
#[derive(Clone, Debug)]
pub struct TimeArg {
    /// As it was typed.
    pub text: String,
    /// What it means.
    pub time: Timestamp,
}

/// The text is not a time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Use 2h, 7d, 2026-11-20 or 2026-11-20T10:00")]
pub struct InvalidTime;

/// Reads a time, from now.
///
/// # Errors
/// As [`parse_time`].
pub fn time(text: &str) -> Result<TimeArg, InvalidTime> {
    let time = parse_time(text, &Zoned::now())?;
    Ok(TimeArg { text: text.to_owned(), time })
}

/// Reads a time; a duration counts back from `now`, a date or time without an offset is in `now`'s time zone.
///
/// # Errors
/// When it is none of these.
pub fn parse_time(text: &str, now: &Zoned) -> Result<Timestamp, InvalidTime> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        let zoned = local.to_zoned(now.time_zone().clone()).map_err(|_| InvalidTime)?;
        return Ok(zoned.timestamp());
    }
    let span = text.parse::<Span>().ok().filter(|span| !span.is_negative());
    let ago = span.and_then(|span| now.checked_sub(span).ok());
    ago.map(|ago| ago.timestamp()).ok_or(InvalidTime)
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
            assert_eq!(parse_time(text, &now), Err(InvalidTime), "{text}");
        }
    }
}
