//! Line 1 of rows that were not sent from here: what was asked for or read, and on which days it was.

use std::path::Path;

use jiff::civil::Date;
use ratatui::text::{Line, Span};

use crate::i18n::tell;
use crate::text::import_remark::units;
use crate::text::sanitize::sanitize;
use crate::ui::group_columns::sparkline;
use crate::ui::model::{Files, Found, Mode, Model};

/// Steps of the line of days.
const STEPS: i32 = 15;
/// From here there is room for it.
const WIDE: usize = 100;

/// `22 of 1,204 failures · since 7 d · 3 profiles`, or what was read; `None` when requests are sent here.
pub fn words(model: &Model) -> Option<String> {
    let parts = match &model.session.mode {
        Mode::Live => return None,
        Mode::History(found) => of_history(model, found),
        Mode::Import(files) => of_files(model, files),
    };
    Some(parts.join(" · "))
}

fn of_history(model: &Model, found: &Found) -> Vec<String> {
    let (language, past) = (model.chrome.language, &model.session.past);
    let shown = past.days.values().map(|rows| *rows as usize).sum::<usize>();
    let mut parts = vec![match (shown, found.all) {
        (1, 1) => tell!(language, "1 failure").into_owned(),
        (n, all) if n >= all => tell!(language, "%{n} failures", n = grouped(n)).into_owned(),
        (n, all) => tell!(language, "%{n} of %{all} failures", n = grouped(n), all = grouped(all)).into_owned(),
    }];
    if let Some(since) = &found.since {
        parts.push(tell!(language, "since %{when}", when = age(&sanitize(since))).into_owned());
    }
    let profiles = past.profiles.len();
    if profiles > 1 {
        parts.push(tell!(language, "%{n} profiles", n = profiles).into_owned());
    } else if let Some(profile) = past.profiles.first() {
        parts.push(sanitize(profile).into_owned());
    }
    parts
}

fn of_files(model: &Model, files: &Files) -> Vec<String> {
    let language = model.chrome.language;
    let mut parts = vec![match files.names.as_slice() {
        [one] => {
            let name = Path::new(one).file_name().map_or_else(|| one.into(), |name| name.to_string_lossy());
            sanitize(&name).into_owned()
        }
        many => tell!(language, "%{n} files", n = many.len()).into_owned(),
    }];
    if let Some(read) = &files.read {
        parts.push(units(read.units.0, read.units.1, language).into_owned());
        if read.not_understood > 0 {
            parts.push(tell!(language, "%{n} not understood", n = read.not_understood).into_owned());
        }
        if read.broken > 0 {
            parts.push(tell!(language, "%{n} not read", n = read.broken).into_owned());
        }
    }
    let days = &model.session.past.days;
    parts.extend(days.first_key_value().zip(days.last_key_value()).map(|((first, _), (last, _))| {
        if first == last { first.to_string() } else { format!("{first} … {}", last.strftime("%m-%d")) }
    }));
    parts
}

/// `▁▂▁▁▃▅▂▁▁▁▂▇█▃▁  11-19 … 11-25`: rows of each day, and the first and the last of them.
pub fn days(model: &Model, width: usize) -> Line<'static> {
    let days = &model.session.past.days;
    let Some((first, last)) = days.first_key_value().zip(days.last_key_value()) else { return Line::default() };
    let (first, last) = (*first.0, *last.0);
    let span = |day: Date| day.since(first).map_or(0, |span| span.get_days());
    let wide = span(last) / STEPS + 1;
    let mut rate = vec![0u32; usize::try_from(span(last) / wide + 1).unwrap_or(1)];
    for (day, rows) in days {
        if let Some(step) = usize::try_from(span(*day) / wide).ok().and_then(|step| rate.get_mut(step)) {
            *step = step.saturating_add(*rows);
        }
    }
    let (theme, glyphs) = (&model.chrome.theme, model.chrome.glyphs);
    let of = |day: Date| day.strftime("%m-%d").to_string();
    let words = if first == last { of(first) } else { glyphs.plain(&format!("{} … {}", of(first), of(last))) };
    let mut spans = Vec::new();
    if width >= WIDE && first != last {
        spans.push(Span::styled(format!("{}  ", sparkline(&rate, &glyphs.spark)), theme.quiet));
    }
    spans.push(Span::styled(words, theme.quiet));
    Line::from(spans)
}

/// A number with its thousands parted.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    parts.join(",")
}

/// `7d` as `7 d`; anything else as it is.
fn age(given: &str) -> String {
    match given.split_at_checked(given.len().saturating_sub(1)) {
        Some((number, unit)) if number.parse::<u32>().is_ok() && unit.parse::<u32>().is_err() => {
            format!("{number} {unit}")
        }
        _ => given.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ages_are_easy_to_read() {
        assert_eq!([0, 999, 1204, 1_000_000].map(grouped), ["0", "999", "1,204", "1,000,000"]);
        assert_eq!(["7d", "2h", "2026-11-20", "yesterday"].map(age), ["7 d", "2 h", "2026-11-20", "yesterday"]);
    }
}
