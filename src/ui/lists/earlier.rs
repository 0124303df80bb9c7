//! What of the history can be opened: all of it, or one of the latest runs.

use super::lines::{Content, Take};
use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::ui::model::Model;

/// The list.
pub fn content(model: &Model) -> Content {
    let language = model.chrome.language;
    let mut content = Content { title: tell!(language, "Earlier failures").into_owned(), ..Content::default() };
    let Some(runs) = &model.session.runs else { return content };
    let count = |n: usize| match n {
        1 => tell!(language, "1 failure"),
        n => tell!(language, "%{n} failures", n = n),
    };
    content.push(Some('a'), tell!(language, "all"), count(runs.failures), Take::Earlier(None));
    content.heading(tell!(language, "by run"));
    for ((place, run), key) in runs.latest.iter().enumerate().zip('1'..='9') {
        let zoned = |time: jiff::Timestamp| time.to_zoned(model.chrome.time_zone.clone());
        let (first, last) = (zoned(run.times.0), zoned(run.times.1));
        let words = if last.date() != first.date() {
            format!("{} – {}", first.strftime("%m-%d %H:%M"), last.strftime("%m-%d %H:%M"))
        } else if last.strftime("%H:%M").to_string() == first.strftime("%H:%M").to_string() {
            first.strftime("%m-%d %H:%M").to_string()
        } else {
            format!("{} – {}", first.strftime("%m-%d %H:%M"), last.strftime("%H:%M"))
        };
        let preview = format!("{} · {}", count(run.failures), sanitize(&run.profiles));
        content.push(Some(key), words, preview, Take::Earlier(Some(place)));
    }
    content
}
