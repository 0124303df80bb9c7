//! Feedback after a copy: what was copied and where it went, or the text itself to select.

use std::borrow::Cow;
use std::time::Instant;

use unicode_width::UnicodeWidthStr;

use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::ui::clipboard::ClipboardBackend;
use crate::ui::keymap::Action;
use crate::ui::model::{Layer, Model};

/// A text longer than this is not shown for selection.
const LONGEST_TO_SELECT: usize = 64 * 1024;

/// A copied text up to this width is repeated as it is; a RequestId has 40 columns.
const LONGEST_TO_REPEAT: usize = 60;

/// Below this width a whole RequestId leaves room for few words next to it.
const ROOM_FOR_WHOLE_WORDS: u16 = 100;

/// Says that the diagnosis tool was opened.
pub fn on_tool_opened(model: &mut Model, now: Instant) {
    let so_far = model.chrome.status.take().map(|status| format!("{} · ", status.text)).unwrap_or_default();
    model.say(format!("{so_far}{}", tell!(model.chrome.language, "diagnosis tool opened in the browser")), now);
}

/// Shows the diagnosis tool's address whole: in the footer where it fits, else on a line of its own.
pub fn show_address(model: &mut Model, url: String, now: Instant) {
    let copied = model.chrome.status.take().map(|status| status.text);
    let reason = tell!(model.chrome.language, "No browser here. Open this page:").into_owned();
    let words = format!("{reason} {url}");
    let whole = copied.iter().fold(words, |words, copied| format!("{words} · {copied}"));
    if whole.width() + 2 <= usize::from(model.chrome.size.0) {
        model.say(whole, now);
    } else {
        let text = copied.into_iter().fold(url, |url, copied| format!("{url}\n{copied}"));
        model.chrome.layers.push(Layer::Select { reason, text });
    }
}

/// Says which way a text went; where none took it, it is shown, unless it is too long for that.
pub fn on_copied(model: &mut Model, label: &str, text: String, way: Option<ClipboardBackend>, now: Instant) {
    let language = model.chrome.language;
    match way {
        Some(way) => {
            let narrow = model.chrome.size.0 < ROOM_FOR_WHOLE_WORDS;
            let words = copied_words(&what_was_copied(label, &text, language), way, narrow, language);
            model.say_done(words, now);
        }
        None if text.len() > LONGEST_TO_SELECT => {
            let kib = text.len() / 1024;
            model.say_mistake(tell!(
                language,
                "Too big for this clipboard (%{kib} KiB). %{key} E writes a file",
                key = model.key(Action::CopyMenu),
                kib = kib
            ));
        }
        None => {
            let reason = tell!(language, "No clipboard here. %{label}, to select:", label = label).into_owned();
            model.chrome.layers.push(Layer::Select { reason, text });
        }
    }
}

/// A short text itself, so that a paste can be compared with it; of many ids the first.
fn what_was_copied(label: &str, text: &str, language: Language) -> String {
    let first = text.lines().next().unwrap_or_default();
    let is_word = !first.is_empty() && first.width() <= LONGEST_TO_REPEAT && !first.contains(char::is_whitespace);
    match (is_word, text.lines().nth(1).is_some()) {
        (false, _) => label.to_owned(),
        (true, false) => sanitize(first).into_owned(),
        (true, true) => tell!(language, "%{label}, the first %{id},", label = label, id = sanitize(first)).into_owned(),
    }
}

fn copied_words(what: &str, way: ClipboardBackend, narrow: bool, language: Language) -> Cow<'static, str> {
    match way {
        ClipboardBackend::Local => tell!(language, "%{what} in the clipboard", what = what),
        ClipboardBackend::Tmux => tell!(language, "%{what} in the tmux buffer", what = what),
        ClipboardBackend::Osc52 if narrow => tell!(language, "%{what} sent by OSC 52; paste to check", what = what),
        ClipboardBackend::Osc52 => {
            tell!(language, "%{what} sent to the terminal (OSC 52); paste to check", what = what)
        }
    }
}
