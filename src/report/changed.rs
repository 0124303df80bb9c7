//! A change that a watch saw, in words.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::domain::record::Record;
use crate::domain::watch::{Answered, Changed};
use crate::i18n::{Language, tell};

/// `403 -> 200 at 12:03:11 after 14 tries: head-bucket photos-1250000000`.
#[must_use]
pub fn in_words(changed: &Changed, record: &Record, zone: &TimeZone, language: Language) -> String {
    let tries = match changed.tries {
        1 => tell!(language, "1 try"),
        n => tell!(language, "%{n} tries", n = n),
    };
    let words = tell!(
        language,
        "%{change} at %{time} after %{tries}",
        change = short(changed, language),
        time = record.time.to_zoned(zone.clone()).strftime("%H:%M:%S"),
        tries = tries
    );
    format!("{words}: {} {}", record.operation, record.target())
}

/// `403 -> 200`.
#[must_use]
pub fn short(changed: &Changed, language: Language) -> String {
    format!("{} -> {}", answered(&changed.before, language), answered(&changed.now, language))
}

fn answered(answered: &Answered, language: Language) -> Cow<'_, str> {
    match answered {
        Answered::Status(status) => status.as_str().into(),
        Answered::Code(status, Some(code)) => format!("{status} {code}").into(),
        Answered::Code(status, None) => tell!(language, "%{status} without a code", status = status),
    }
}
