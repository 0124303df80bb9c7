//! The keys of the last line, for drawing and for clicks.

use unicode_width::UnicodeWidthStr;

use super::keymap::Action;
use super::model::{Focus, Layer, Model, Tab};
use crate::i18n::tell;

/// Columns between two hints.
pub const GAP: usize = 3;
/// Columns between those at the right.
pub const GAP_AT_RIGHT: usize = 2;

/// A key and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What it does, where it is a key of the key map.
    pub action: Option<Action>,
    /// The key.
    pub key: String,
    /// The words.
    pub words: String,
}

impl Hint {
    fn width(&self) -> usize {
        self.key.width() + 1 + self.words.width()
    }
}

/// All commands and the help, which always stand at the right.
#[must_use]
pub fn always(model: &Model) -> [Hint; 2] {
    let language = model.chrome.language;
    [(Action::Commands, tell!(language, "all commands")), (Action::Help, tell!(language, "help"))].map(
        |(action, words)| Hint { action: Some(action), key: model.key(action).to_owned(), words: words.into_owned() },
    )
}

/// Columns that they leave to the others.
#[must_use]
pub fn room(model: &Model, width: usize) -> usize {
    let always: usize = always(model).iter().map(|hint| hint.width() + GAP_AT_RIGHT).sum();
    width.saturating_sub(always)
}

/// The first hints of the pane in focus that fit.
#[must_use]
pub fn fitting(model: &Model, room: usize) -> Vec<Hint> {
    let language = model.chrome.language;
    let mut used = 1;
    let hints = wanted(model).into_iter().map(|(action, key, words)| {
        let words = match (words, model.picked_count()) {
            ("more to copy", n) if n > 1 => tell!(language, "copy %{n}", n = n),
            (words, _) => tell!(language, words),
        };
        Hint { action, key, words: words.into_owned() }
    });
    hints
        .take_while(|hint| {
            used += hint.width() + GAP;
            used <= room + GAP
        })
        .collect()
}

/// The action whose hint stands at a column.
#[must_use]
pub fn action_at(model: &Model, width: usize, column: usize) -> Option<Action> {
    let room = room(model, width);
    let (mut end, hints, gap) =
        if column < room { (1, fitting(model, room), GAP) } else { (room + 1, always(model).to_vec(), GAP_AT_RIGHT) };
    hints.into_iter().find_map(|hint| {
        let start = end;
        end += hint.width() + gap;
        (start..end - gap).contains(&column).then_some(hint.action)
    })?
}

/// The hints of the place, most important first: the key of each action and its words.
fn wanted(model: &Model) -> Vec<(Option<Action>, String, &str)> {
    if model.chrome.layers.last().is_some_and(Layer::is_compare) {
        let keys =
            [("y", "copy A's id"), ("Y", "copy both as text"), ("Tab", "swap"), ("a", "equal too"), ("Esc", "back")];
        return keys.map(|(key, words)| (None, key.to_owned(), words)).to_vec();
    }
    let mut actions: Vec<Action> = Vec::new();
    if model.session.run.running || model.session.checking.is_some() || model.session.watching.is_some() {
        actions.push(Action::Cancel);
    }
    let on_checks = model.chrome.focus == Focus::Detail && model.detail.open_tab() == Tab::Checks;
    let here: &[Action] = if model.table.rows.is_empty() {
        &[Action::Probe, Action::Import, Action::History, Action::Profiles, Action::Quit]
    } else if model.table.order.is_empty() {
        &[Action::ShowAll, Action::Filter, Action::Probe, Action::Watch, Action::Quit]
    } else if on_checks {
        &[Action::Down, Action::CopyId, Action::Unfold, Action::Diagnose, Action::Edit, Action::Zoom, Action::Close]
    } else if model.chrome.focus == Focus::Detail {
        &[
            Action::CopyId,
            Action::Diagnose,
            Action::Search,
            Action::NextTab,
            Action::Explain,
            Action::Wrap,
            Action::Raw,
            Action::Zoom,
            Action::Close,
        ]
    } else if model.table.groups.is_some() {
        &[
            Action::Open,
            Action::CopyId,
            Action::CopyMenu,
            Action::Fold,
            Action::OnlyLike,
            Action::NoneLike,
            Action::Filter,
        ]
    } else if !model.table.marks.is_empty() {
        &[Action::CopyMenu, Action::CopyId, Action::Compare, Action::Mark, Action::MarkAll, Action::Note, Action::Close]
    } else {
        &[
            Action::CopyId,
            Action::Diagnose,
            Action::Open,
            Action::Filter,
            Action::Fold,
            Action::Probe,
            Action::CopyMenu,
            Action::Sort,
            Action::Rerun,
            Action::ShowAll,
        ]
    };
    actions.extend(here);
    let shown = actions.into_iter().filter_map(|action| {
        let entry = model.chrome.keymap.entry(action)?;
        let words = entry.checks.as_deref().filter(|_| on_checks).or(entry.hint.as_deref())?;
        let key = match action {
            // Two keys for one thing.
            Action::Down if on_checks => format!("{} {}", entry.keys.first()?, model.key(Action::Up)),
            _ => entry.keys.first()?.clone(),
        };
        Some((Some(action), key, words))
    });
    shown.collect()
}
