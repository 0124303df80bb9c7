//! The settings' keys: each change is seen at once.

use crossterm::event::KeyCode;

use super::{Effects, table};
use crate::i18n::Language;
use crate::ui::effect::Effect;
use crate::ui::layout::Split;
use crate::ui::look;
use crate::ui::model::{Layer, Model};
use crate::ui::settings_list::{Item, edits};

/// A key in the list.
pub fn on_key(model: &mut Model, key: KeyCode) -> Effects {
    let Some(Layer::Settings(cursor)) = model.chrome.layers.last_mut() else { return Effects::new() };
    let last = Item::ALL.len() - 1;
    match key {
        KeyCode::Char('j') | KeyCode::Down => *cursor = (*cursor + 1).min(last),
        KeyCode::Char('k') | KeyCode::Up => *cursor = cursor.saturating_sub(1),
        KeyCode::Char('l' | ' ') | KeyCode::Right | KeyCode::Enter => {
            let item = Item::ALL[(*cursor).min(last)];
            return turn(model, item, 1);
        }
        KeyCode::Char('h') | KeyCode::Left => {
            let item = Item::ALL[(*cursor).min(last)];
            return turn(model, item, -1);
        }
        KeyCode::Char('S') => {
            model.chrome.layers.pop();
            return vec![Effect::SaveSettings(model.chrome.screen.file.clone(), edits(model))];
        }
        KeyCode::Esc | KeyCode::Char('q' | ',') => {
            model.chrome.layers.pop();
        }
        _ => {}
    }
    Effects::new()
}

/// Gives a setting the next of its values, or the one before.
fn turn(model: &mut Model, item: Item, by: isize) -> Effects {
    let values = item.values(model);
    let now = item.value(model);
    let place = values.iter().position(|value| *value == now).unwrap_or(0);
    let next = &values[(place + values.len()).saturating_add_signed(by) % values.len()];
    let mut effects = Effects::new();
    match item {
        Item::Theme => model.chrome.look.theme.clone_from(next),
        Item::Glyphs => model.chrome.look.glyphs.clone_from(next),
        Item::Mouse => {
            model.chrome.look.mouse = next == "on";
            effects.push(Effect::TakeMouse(next == "on"));
        }
        Item::Split => {
            let beside = (next != "auto").then_some(next == "beside");
            model.chrome.split = Split { beside, moved: 0 };
        }
        Item::Language => {
            model.chrome.screen.says_language = next != "auto";
            model.chrome.language = match next.as_str() {
                "zh" => Language::Zh,
                "en" => Language::En,
                _ => model.chrome.screen.locale_language,
            };
            effects.push(Effect::Speak(model.chrome.language));
        }
    }
    look::apply(model);
    table::rewrap(model);
    effects
}
