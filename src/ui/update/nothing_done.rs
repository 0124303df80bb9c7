//! Why a key came to nothing: it has no meaning, the end is reached, the tab is open already, there is no
//! row.

use std::time::Instant;

use crossterm::event::{KeyEvent, KeyModifiers};

use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::ui::keymap::Action;
use crate::ui::layout::Panes;
use crate::ui::model::{Focus, Model, Tab};

/// What an action that only moves would have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    cursor: usize,
    moved: (bool, bool),
    top: usize,
    stop: usize,
    left: usize,
    /// Lines of the detail: unfolding changes them.
    lines: usize,
    tab: Tab,
    focus: Focus,
    layers: usize,
    marks: usize,
    said: bool,
}

impl Before {
    /// How it stands.
    pub fn of(model: &Model) -> Self {
        Self {
            cursor: model.table.cursor,
            moved: (model.table.cursor_moved, model.table.follow),
            top: model.detail.top,
            stop: model.detail.stop,
            left: model.detail.left,
            lines: model.detail.shown.as_ref().map_or(0, |shown| shown.lines.len()),
            tab: model.detail.open_tab(),
            focus: model.chrome.focus,
            layers: model.chrome.layers.len(),
            marks: model.table.marks.len(),
            said: model.chrome.status.is_some(),
        }
    }

    /// Why it still stands so after an action; nothing after one that did something or has said why not.
    pub fn words(self, model: &Model, action: Action) -> Option<String> {
        let language = model.chrome.language;
        let wanted = tab_of(action);
        let is_open = wanted.is_none_or(|tab| tab == model.detail.open_tab());
        if (Self::of(model) != self && is_open) || (self.said != model.chrome.status.is_some()) {
            return None;
        }
        let no_row = model.selected().is_none();
        let words = match action {
            _ if wanted.is_some() && !is_open => {
                let tab = wanted.map(Tab::title).unwrap_or_default();
                let tab = tell!(language, tab);
                tell!(language, "This row has no tab %{tab}: the store sent no canonical string", tab = tab)
            }
            Action::Close if model.chrome.panes == Panes::Both => {
                tell!(language, "Nothing to close · %{key} quits", key = model.key(Action::Quit))
            }
            _ if no_row && (is_movement(action) || wanted.is_some()) => tell!(language, "No row here"),
            Action::Unfold => tell!(language, "Nothing to unfold here"),
            _ if no_row && matches!(action, Action::Open | Action::Mark | Action::MarkRange | Action::Focus) => {
                tell!(language, "No row here")
            }
            _ if wanted.is_some() => tell!(language, "This tab is open already"),
            _ if !is_movement(action) => return None,
            _ if model.chrome.focus == Focus::Detail && goes_up(action) => {
                tell!(language, "This is the beginning of the text")
            }
            _ if model.chrome.focus == Focus::Detail => tell!(language, "This is the end of the text"),
            _ if goes_up(action) => tell!(language, "This is the first row"),
            _ => tell!(language, "This is the last row"),
        };
        Some(words.into_owned())
    }
}

/// Says that a key does nothing here, and what does.
pub fn no_meaning(model: &mut Model, key: impl Into<KeyEvent>, instead: &str, now: Instant) {
    let key = key.into();
    let control = if key.modifiers.contains(KeyModifiers::CONTROL) { "C-" } else { "" };
    let key = format!("{control}{}", key.code);
    let words = tell!(model.chrome.language, "\"%{key}\" has no meaning here", key = sanitize(&key));
    model.say_no_meaning(format!("{words} · {instead}"), now);
}

fn is_movement(action: Action) -> bool {
    goes_up(action) || matches!(action, Action::Down | Action::HalfDown | Action::PageDown | Action::Last)
}

fn goes_up(action: Action) -> bool {
    matches!(action, Action::Up | Action::HalfUp | Action::PageUp | Action::First)
}

fn tab_of(action: Action) -> Option<Tab> {
    Some(match action {
        Action::TabWhy => Tab::Why,
        Action::TabHeaders => Tab::Headers,
        Action::TabBody => Tab::Body,
        Action::TabRequest => Tab::Request,
        Action::TabTiming => Tab::Timing,
        Action::TabChecks => Tab::Checks,
        Action::TabSign => Tab::Sign,
        _ => return None,
    })
}
