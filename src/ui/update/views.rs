//! Undoing and redoing changes of the view.

use std::borrow::Cow;
use std::time::Instant;

use super::{Effects, table};
use crate::i18n::{Language, tell};
use crate::ui::keymap::Action;
use crate::ui::model::{Layer, Model, Shown};

/// Takes note of a change of the view; while a filter is typed it is not finished.
pub fn settle(model: &mut Model) {
    if !matches!(model.chrome.layers.last(), Some(Layer::Filter(_))) {
        model.table.views.settle(model.table.shown());
    }
}

/// Keeps the view as it is now: what comes is a change by itself.
pub fn remember(model: &mut Model) {
    model.table.views.keep(model.table.shown());
}

/// Back to the view before, or forth to the one that was undone.
pub fn turn(model: &mut Model, back: bool, now: Instant) -> Effects {
    let (language, shown) = (model.chrome.language, model.table.shown());
    let views = &mut model.table.views;
    let other = if back { views.back(shown.clone()) } else { views.forth(shown.clone()) };
    let what = other.as_ref().map(|other| differing(&shown, other, language)).unwrap_or_default();
    let words = match (&other, back) {
        (Some(_), true) => {
            tell!(language, "Undone: %{what} · %{key} redoes it", key = model.key(Action::Redo), what = what)
        }
        (Some(_), false) => {
            tell!(language, "Redone: %{what} · %{key} undoes it", key = model.key(Action::Undo), what = what)
        }
        (None, true) => tell!(language, "Nothing to undo in the view"),
        (None, false) => tell!(language, "Nothing to redo in the view"),
    };
    model.say(words, now);
    other.map_or_else(Effects::new, |other| apply(model, other))
}

fn apply(model: &mut Model, shown: Shown) -> Effects {
    let Shown { filter, view, group_by, follow, columns } = shown;
    let table = &mut model.table;
    (table.filter, table.view, table.group_by, table.follow, table.columns) = (filter, view, group_by, follow, columns);
    table.filter_error = None;
    vec![table::ask_for_order(model)]
}

/// What two views differ in.
fn differing(one: &Shown, other: &Shown, language: Language) -> String {
    let parts: [(bool, Cow<'static, str>); 6] = [
        (one.filter != other.filter, tell!(language, "filter")),
        (one.view.sort != other.view.sort, tell!(language, "order")),
        (one.group_by != other.group_by || one.view.within != other.view.within, tell!(language, "groups")),
        (one.view.all != other.view.all, tell!(language, "successes")),
        (one.columns != other.columns, tell!(language, "columns")),
        (one.follow != other.follow, tell!(language, "following")),
    ];
    let words: Vec<_> = parts.iter().filter(|(differ, _)| *differ).map(|(_, words)| words.as_ref()).collect();
    words.join(", ")
}
