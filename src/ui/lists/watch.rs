//! What can be watched, and how often.

use super::lines::{Content, Take};
use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::text::shorten;
use crate::ui::model::Model;
use crate::ui::model::watch::{USUAL_SECONDS, Watched};

/// The pauses offered, each with its key.
const PAUSES: [(char, u32); 4] = [('1', 1), ('2', 5), ('3', 30), ('4', 300)];

/// The list.
pub fn content(model: &Model) -> Content {
    let language = model.chrome.language;
    let seconds = model.session.watch_seconds.unwrap_or(USUAL_SECONDS);
    let title = tell!(language, "Watch: send again every %{n} s and report changes", n = seconds);
    let mut content = Content { title: title.into_owned(), ..Content::default() };
    if let Some(row) = model.selected() {
        let row = model.table.rows.get(row);
        let preview = format!("{} {}", shorten::method(&sanitize(row.method)), sanitize(&row.target.to_string()));
        content.push(Some('w'), tell!(language, "this request"), preview, Take::Watch(Watched::Row));
    }
    let marks = model.table.marks.len();
    if marks > 0 {
        let words = tell!(language, "%{n} marked", n = marks);
        content.push(Some('m'), words, "", Take::Watch(Watched::Marked));
    }
    let last = model.session.last_run.len();
    if last > 0 {
        let preview = match last {
            1 => tell!(language, "1 request"),
            n => tell!(language, "%{n} requests", n = n),
        };
        content.push(Some('a'), tell!(language, "everything in the last run"), preview, Take::Watch(Watched::Last));
    }
    content.heading(tell!(language, "every"));
    for (key, pause) in PAUSES {
        let preview = if pause == seconds { model.chrome.glyphs.ok } else { "" };
        content.push(Some(key), format!("{pause} s"), preview, Take::Pause(pause));
    }
    content
}
