//! What the lists offer: their lines, and what taking each of them means.

mod copy;
mod earlier;
mod lines;
mod watch;

use ratatui::layout::Rect;

pub use copy::{copied_text, is_of_selected};
pub use lines::{Content, Copied, Take};

use super::group_columns;
use super::model::{List, ListKind, Model};
use super::row_columns::title;
use super::widget::list::ListPopup;
use super::widget::popup::Anchor;
use crate::domain::column::Column;
use crate::domain::profile::Profile;
use crate::i18n::tell;
use crate::store::By;
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;

/// Columns of a name or a region; a longer one is cut.
const WIDEST: usize = 24;

/// What rows can be sorted by, each with its key.
pub const SORT: &[(char, Column)] = &[
    ('t', Column::Time),
    ('s', Column::Status),
    ('c', Column::Code),
    ('m', Column::Message),
    ('i', Column::RequestId),
    ('q', Column::Request),
    ('o', Column::Operation),
    ('l', Column::Took),
    ('u', Column::Sure),
    ('v', Column::Cause),
    ('r', Column::Region),
    ('p', Column::Profile),
    ('n', Column::Node),
    ('h', Column::Host),
];

/// What rows can be grouped by, each with its key. The first is the key that opens the list, too.
pub const GROUP: &[(char, By)] = &[
    ('c', By::Failure),
    ('o', By::CodeAndMessage),
    ('v', By::Cause),
    ('b', By::Bucket),
    ('r', By::Region),
    ('s', By::Status),
    ('n', By::Node),
    ('p', By::Profile),
    ('h', By::Hour),
];

/// What a list offers.
#[must_use]
pub fn content(model: &Model, kind: ListKind) -> Content {
    let language = model.chrome.language;
    let mut content = match kind {
        ListKind::Copy { ids } => copy::content(model, ids),
        ListKind::Sort => sort(model),
        ListKind::Group => group(model),
        ListKind::Profiles => profiles(model),
        ListKind::Watch => watch::content(model),
        ListKind::Earlier => earlier::content(model),
    };
    let own = std::mem::take(&mut content.keys);
    content
        .keys
        .extend([("Enter", tell!(language, "take").into_owned()), ("Esc", tell!(language, "close").into_owned())]);
    content.keys.extend(own);
    let glyphs = model.chrome.glyphs;
    content.title = glyphs.plain(&content.title);
    for line in &mut content.lines {
        line.words = glyphs.plain(&line.words);
        line.preview = glyphs.plain(&line.preview);
    }
    content
}

fn sort(model: &Model) -> Content {
    let language = model.chrome.language;
    let sort = model.table.view.sort;
    let mut content = Content { title: tell!(language, "Sort by").into_owned(), ..Content::default() };
    for (key, column) in SORT {
        let preview = match (sort.column == *column, sort.descending) {
            (false, _) => String::new(),
            (true, true) => format!("{} {}", model.chrome.glyphs.down, tell!(language, "press again to reverse")),
            (true, false) => format!("{} {}", model.chrome.glyphs.up, tell!(language, "press again to reverse")),
        };
        content.push(Some(*key), title(*column, language), preview, Take::Sort(*column));
    }
    content
}

/// The key that opened the list turns groups on, and off again.
fn group(model: &Model) -> Content {
    let language = model.chrome.language;
    let chosen = model.table.group_by;
    let mut content = Content { title: tell!(language, "Group by").into_owned(), ..Content::default() };
    for (key, by) in GROUP {
        let (words, take) = match (by, chosen) {
            (By::Failure, Some(_)) => (tell!(language, "off: every row"), None),
            (by, _) => (group_columns::about(*by, language), Some(*by)),
        };
        let preview = if chosen == Some(*by) { model.chrome.glyphs.ok } else { "" };
        content.push(Some(*key), words, preview, Take::Group(take));
    }
    content
}

fn profiles(model: &Model) -> Content {
    let language = model.chrome.language;
    let mut content = Content { title: tell!(language, "Send as").into_owned(), ..Content::default() };
    let ready = model.session.profiles.iter().map(|profile| (shown(&profile.name), in_words(model, profile)));
    let waiting = model.session.unresolved_profiles.iter();
    let waiting = waiting.map(|(name, about)| (shown(name), sanitize(about).into_owned()));
    let digits = '1'..='9';
    for (place, (name, about)) in ready.chain(waiting).enumerate() {
        let current = place == model.session.current;
        let about = if current { format!("{} {about}", model.chrome.glyphs.ok) } else { about };
        content.push(digits.clone().nth(place), name, about, Take::Profile(place));
    }
    content
}

/// Dialect, region, masked id and where it is from.
fn in_words(model: &Model, profile: &Profile) -> String {
    let language = model.chrome.language;
    let region = profile.region.as_deref().map_or_else(|| tell!(language, "no region").into_owned(), shown);
    let key = crate::text::remarks::credentials(profile, language);
    let dot = model.chrome.glyphs.dot;
    format!("{} {dot} {region} {dot} {}", profile.dialect.as_str(), sanitize(&key))
}

fn shown(text: &str) -> String {
    truncate_end(&sanitize(text), WIDEST)
}

/// The widget of a list, for drawing and for clicks.
pub fn with_popup<T>(model: &Model, list: List, work: impl FnOnce(&ListPopup<'_>, Rect, &Content) -> T) -> T {
    let content = content(model, list.kind);
    let keys: Vec<_> = content.keys.iter().map(|(key, words)| (*key, words.as_str())).collect();
    let row = model.table.cursor.saturating_sub(model.table.top);
    let anchor = match list.kind {
        ListKind::Profiles | ListKind::Earlier => Anchor::Centre,
        _ => Anchor::Line(u16::try_from(row).unwrap_or(0).saturating_add(3)),
    };
    let popup = ListPopup {
        title: &content.title,
        lines: &content.lines,
        keys: &keys,
        cursor: list.cursor,
        anchor,
        theme: &model.chrome.theme,
        glyphs: model.chrome.glyphs,
    };
    work(&popup, Rect::new(0, 0, model.chrome.size.0, model.chrome.size.1), &content)
}
