//! The settings of the screen: each with the values that it can have, the one it has, and how it is saved.

use super::model::Model;
use crate::config::save::{Edit, Setting};
use crate::config::screen::THEMES;
use crate::i18n::{Language, tell};

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Colours.
    Theme,
    /// Signs.
    Glyphs,
    /// Whether the mouse is taken.
    Mouse,
    /// The detail's place.
    Split,
    /// The language of everything that is ours.
    Language,
}

impl Item {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Theme, Self::Glyphs, Self::Mouse, Self::Split, Self::Language];

    /// Its name, in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Theme => "Theme",
            Self::Glyphs => "Signs",
            Self::Mouse => "Mouse",
            Self::Split => "Detail",
            Self::Language => "Language",
        }
    }

    /// What it can be, as in the configuration.
    #[must_use]
    pub fn values(self, model: &Model) -> Vec<String> {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        match self {
            Self::Theme => {
                let mut values = owned(&THEMES);
                // They would look as the 16-colour ones do.
                values.retain(|name| model.chrome.colours.truecolor || !matches!(name.as_str(), "night" | "paper"));
                values.extend(model.chrome.own_theme.as_ref().map(|(name, _)| name.clone()));
                values
            }
            Self::Glyphs => owned(&["auto", "unicode", "ascii"]),
            Self::Mouse => owned(&["on", "off"]),
            Self::Split => owned(&["auto", "beside", "below"]),
            Self::Language => owned(&["auto", "en", "zh"]),
        }
    }

    /// What it is.
    #[must_use]
    pub fn value(self, model: &Model) -> String {
        let chrome = &model.chrome;
        match self {
            Self::Theme => chrome.look.theme.clone(),
            Self::Glyphs => chrome.look.glyphs.clone(),
            Self::Mouse => if chrome.look.mouse { "on" } else { "off" }.to_owned(),
            Self::Split => match chrome.split.beside {
                None => "auto".to_owned(),
                Some(true) => "beside".to_owned(),
                Some(false) => "below".to_owned(),
            },
            Self::Language => match (chrome.screen.says_language, chrome.language) {
                (false, _) => "auto".to_owned(),
                (true, Language::En) => "en".to_owned(),
                (true, Language::Zh) => "zh".to_owned(),
            },
        }
    }

    /// A value in words.
    #[must_use]
    pub fn words(value: &str, language: Language) -> String {
        match value {
            "auto" => tell!(language, "auto").into_owned(),
            "on" => tell!(language, "on").into_owned(),
            "off" => tell!(language, "off").into_owned(),
            "beside" => tell!(language, "beside").into_owned(),
            "below" => tell!(language, "below").into_owned(),
            "en" => "English".to_owned(),
            "zh" => "中文".to_owned(),
            name => name.to_owned(),
        }
    }

    /// What to know about it, in English; may be empty.
    #[must_use]
    pub fn about(self, model: &Model) -> &'static str {
        match (self, model.chrome.look.mouse) {
            (Self::Theme, _) if model.chrome.colours.none => "NO_COLOR is set: no colours",
            (Self::Theme, _) => "auto follows the background",
            (Self::Glyphs, _) => "auto follows locale and terminal",
            (Self::Mouse, true) => "hold Shift to select text",
            (Self::Mouse, false) => "the terminal selects text",
            (Self::Split, _) => "auto: beside from 150 columns",
            (Self::Language, _) => "auto follows the locale",
        }
    }
}

/// The settings as lines of the configuration.
#[must_use]
pub fn edits(model: &Model) -> Vec<Edit> {
    let edit = |item: Item| {
        let value = item.value(model);
        let (key, usual) = match item {
            Item::Theme => ("theme", "auto"),
            Item::Glyphs => ("glyphs", "auto"),
            Item::Mouse => ("mouse", "on"),
            Item::Split => ("split", "auto"),
            Item::Language => ("language", "auto"),
        };
        let usual = value == usual;
        let value = if item == Item::Mouse { Setting::Switch(value == "on") } else { Setting::Text(value) };
        Edit { table: None, key, value, usual }
    };
    Item::ALL.into_iter().map(edit).collect()
}
