//! How the screen looks and acts, out of what the configuration says: theme, signs, keys, columns.

use super::glyphs::Glyphs;
use super::keymap::Keymap;
use super::model::Model;
use super::theme::{Colours, Theme};
use crate::config::screen::Screen;

/// What is wrong with the file's keys and theme, a line each.
#[must_use]
pub fn remarks(screen: &Screen) -> Vec<String> {
    let (_, mut remarks) = keymap(screen);
    remarks.extend(own_theme(screen, Colours::default()).and_then(Result::err));
    remarks
}

/// Applies the settings file. Problems are reported, and their entries are ignored.
pub fn take(model: &mut Model, screen: Screen) {
    model.session.remarks.extend(remarks(&screen));
    model.chrome.keymap = keymap(&screen).0;
    model.table.columns.clone_from(&screen.columns);
    model.chrome.split.beside = screen.beside;
    if let (Some(Ok(theme)), Some(file)) = (own_theme(&screen, model.chrome.colours), &screen.theme) {
        model.chrome.own_theme = Some((file.name.clone(), theme));
    }
    model.chrome.screen = screen;
    apply(model);
}

/// Makes styles and signs again from their names.
pub fn apply(model: &mut Model) {
    let chrome = &mut model.chrome;
    let own = chrome.own_theme.as_ref().filter(|(name, _)| *name == chrome.look.theme);
    let known = crate::config::screen::THEMES.contains(&chrome.look.theme.as_str());
    let name = if known { chrome.look.theme.as_str() } else { "auto" };
    chrome.theme = own.map_or_else(|| Theme::named(name, chrome.colours), |(_, theme)| theme.clone());
    chrome.glyphs = Glyphs::named(&chrome.look.glyphs, chrome.shows_unicode);
}

fn keymap(screen: &Screen) -> (Keymap, Vec<String>) {
    let (keymap, mut wrong) = Keymap::written(&screen.keys, &screen.file);
    if let Some(last) = wrong.last_mut() {
        last.push_str("; the keys are the usual ones");
    }
    (keymap, wrong)
}

fn own_theme(screen: &Screen, colours: Colours) -> Option<Result<Theme, String>> {
    let file = screen.theme.as_ref()?;
    Some(Theme::written(file, colours).map_err(|error| format!("{error}; auto is used")))
}
