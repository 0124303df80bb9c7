//! Roles and their styles, from `assets/theme.toml`.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// The style of every role.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// 4xx.
    pub client_error: Style,
    /// 5xx, and the status line's errors.
    pub server_error: Style,
    /// No whole answer.
    pub exception: Style,
    /// 2xx.
    pub success: Style,
    /// The selected row or tab.
    pub selected: Style,
    /// Column heads, titles.
    pub heading: Style,
    /// Names before values.
    pub label: Style,
    /// What may be overlooked.
    pub quiet: Style,
    /// A key to press.
    pub key: Style,
    /// What must not be overlooked.
    pub warning: Style,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct File(BTreeMap<String, BTreeMap<String, String>>);

impl Theme {
    /// The theme of this name. `auto` is `dark` unless the terminal says that its background is
    /// light; with `NO_COLOR` every theme is `mono`.
    ///
    /// # Panics
    /// Never: the file is part of the program and a test reads it.
    #[must_use]
    pub fn named(name: &str, no_color: bool, colorfgbg: Option<&str>) -> Self {
        let light = colorfgbg.and_then(|text| text.rsplit(';').next()).is_some_and(|back| matches!(back, "7" | "15"));
        let name = match (no_color, name) {
            (true, _) => "mono",
            (false, "auto") if light => "light",
            (false, "auto") => "dark",
            (false, name) => name,
        };
        let file: File =
            toml::from_str(include_str!("../../assets/theme.toml")).expect("assets/theme.toml is checked by a test");
        let roles = file.0.get(name).cloned().unwrap_or_default();
        let role = |role: &str| roles.get(role).map(|words| style(words)).unwrap_or_default();
        Self {
            client_error: role("client-error"),
            server_error: role("server-error"),
            exception: role("exception"),
            success: role("success"),
            selected: role("selected"),
            heading: role("heading"),
            label: role("label"),
            quiet: role("quiet"),
            key: role("key"),
            warning: role("warning"),
        }
    }

    /// The style of a status; 0 stands for none.
    #[must_use]
    pub fn status(&self, status: u16) -> Style {
        match status {
            200..400 => self.success,
            400..500 => self.client_error,
            500.. => self.server_error,
            _ => self.exception,
        }
    }
}

fn style(words: &str) -> Style {
    words.split_whitespace().fold(Style::new(), |style, word| match word {
        "bold" => style.add_modifier(Modifier::BOLD),
        "dim" => style.add_modifier(Modifier::DIM),
        "reversed" => style.add_modifier(Modifier::REVERSED),
        "underlined" => style.add_modifier(Modifier::UNDERLINED),
        color => color.parse::<Color>().map_or(style, |color| style.fg(color)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_found_and_mono_has_no_colour() {
        let dark = Theme::named("auto", false, None);
        assert_eq!(dark.client_error.fg, Some(Color::Yellow));
        assert_eq!(Theme::named("auto", false, Some("0;15")).client_error.fg, Some(Color::Blue));
        let mono = Theme::named("light", true, None);
        for style in [mono.client_error, mono.server_error, mono.exception, mono.label, mono.warning, mono.selected] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert!(mono.selected.add_modifier.contains(Modifier::REVERSED));
    }
}
