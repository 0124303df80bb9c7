//! The style of every role, from `assets/theme.toml` or a theme file beside the configuration.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

use crate::domain::severity::Severity;
use crate::domain::verdict::Confidence;

/// A theme as written: the style of each role, as words.
type Roles = BTreeMap<String, String>;

/// The style of every role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// Messages, values.
    pub text: Style,
    /// Codes, the verdict's sentence, a whole id.
    pub strong: Style,
    /// What may be overlooked: sources, places, an id's head.
    pub quiet: Style,
    /// Keys, the active tab, the sorted head, certainty.
    pub accent: Style,
    /// 4xx.
    pub client: Style,
    /// 5xx.
    pub server: Style,
    /// No response.
    pub network: Style,
    /// Another server answered; the badge of the mode.
    pub other: Style,
    /// 2xx, done, copied.
    pub ok: Style,
    /// Names before values.
    pub label: Style,
    /// Mistakes, writes, an insecure connection.
    pub warn: Style,
    /// Search hits and differing bytes.
    pub found: Style,
    /// Lines.
    pub rule: Style,
    /// The selected row.
    pub select: Style,
}

/// What is known of the terminal's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colours {
    /// `NO_COLOR` is set.
    pub none: bool,
    /// The background is light.
    pub light: bool,
    /// 24-bit colours are shown.
    pub truecolor: bool,
}

impl Theme {
    /// The theme of this name. `auto` follows the background, and uses 24-bit colours where the terminal
    /// has them; without colours every theme is `mono`.
    ///
    /// # Panics
    /// Never: the file is part of the program and a test reads it.
    #[must_use]
    pub fn named(name: &str, colours: Colours) -> Self {
        let name = match (colours, name) {
            (Colours { none: true, .. }, _) => "mono",
            (Colours { light: true, truecolor: true, .. }, "auto") => "paper",
            (Colours { light: true, .. }, "auto") => "light",
            (Colours { truecolor: true, .. }, "auto") => "night",
            (_, "auto") => "dark",
            (_, name) => name,
        };
        built_in().get(name).map(Self::of).unwrap_or_default()
    }

    fn of(roles: &Roles) -> Self {
        let role = |role: &str| roles.get(role).map(|words| style(words)).unwrap_or_default();
        Self {
            text: role("text"),
            strong: role("strong"),
            quiet: role("quiet"),
            accent: role("accent"),
            client: role("client"),
            server: role("server"),
            network: role("network"),
            other: role("other"),
            ok: role("ok"),
            label: role("label"),
            warn: role("warn"),
            found: role("match"),
            rule: role("rule"),
            select: role("select"),
        }
    }

    /// The style of a severity.
    #[must_use]
    pub fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Client => self.client,
            Severity::Server => self.server,
            Severity::Network => self.network,
            Severity::Other => self.other,
            Severity::Ok => self.ok,
            Severity::NotSet | Severity::NotSupported => self.quiet,
        }
    }

    /// The style of a certainty.
    #[must_use]
    pub fn certainty(&self, certainty: Option<Confidence>) -> Style {
        match certainty {
            Some(Confidence::Certain) => self.accent,
            Some(Confidence::Likely) => self.text,
            Some(Confidence::Possible) | None => self.quiet,
        }
    }

    /// A column's head.
    #[must_use]
    pub fn head(&self) -> Style {
        self.quiet.add_modifier(Modifier::BOLD)
    }

    /// Whether the selection is a reversed line, which drops the colours of its cells, or a tint.
    #[must_use]
    pub fn selects_by_reversing(&self) -> bool {
        self.select.bg.is_none()
    }
}

fn built_in() -> BTreeMap<String, Roles> {
    toml::from_str(include_str!("../../assets/theme.toml")).expect("assets/theme.toml is checked by a test")
}

/// A style of words; words that mean nothing change nothing.
fn style(words: &str) -> Style {
    let mut style = Style::new();
    let mut behind = false;
    for word in words.split_whitespace() {
        style = match word {
            "bold" => style.add_modifier(Modifier::BOLD),
            "dim" => style.add_modifier(Modifier::DIM),
            "reversed" => style.add_modifier(Modifier::REVERSED),
            "underlined" => style.add_modifier(Modifier::UNDERLINED),
            "on" => style,
            color => match (color.parse::<Color>(), behind) {
                (Ok(color), true) => style.bg(color),
                (Ok(color), false) => style.fg(color),
                (Err(_), _) => style,
            },
        };
        behind = word == "on";
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [&str; 14] = [
        "text", "strong", "quiet", "accent", "client", "server", "network", "other", "ok", "label", "warn", "match",
        "rule", "select",
    ];

    #[test]
    fn every_theme_has_every_role_and_no_other_word() {
        let themes = built_in();
        let names: Vec<_> = themes.keys().map(String::as_str).collect();
        assert_eq!(names, ["dark", "light", "mono", "night", "paper"]);
        for (name, roles) in &themes {
            let known: Vec<_> = ROLES.iter().filter(|role| roles.contains_key(**role)).collect();
            assert_eq!((known.len(), roles.len()), (ROLES.len(), ROLES.len()), "{name}");
            let words = roles.values().flat_map(|words| words.split_whitespace());
            let odd: Vec<_> = words.filter(|word| *word != "on" && style(word) == Style::new()).collect();
            assert!(odd.is_empty(), "{name}: {odd:?}");
        }
    }

    #[test]
    fn auto_follows_the_terminal_and_mono_has_no_colour() {
        let auto = |light, truecolor| Theme::named("auto", Colours { none: false, light, truecolor });
        assert_eq!(auto(false, false).client.fg, Some(Color::Yellow));
        assert_eq!(auto(true, false).client.fg, Some(Color::Magenta));
        assert_eq!(auto(false, true).select.bg, Some(Color::Rgb(0x28, 0x34, 0x57)));
        assert_eq!(auto(true, true).select.bg, Some(Color::Rgb(0xdb, 0xe4, 0xf5)));
        let mono = Theme::named("night", Colours { none: true, ..Colours::default() });
        for role in [mono.client, mono.server, mono.network, mono.label, mono.warn, mono.select, mono.accent] {
            assert_eq!((role.fg, role.bg), (None, None));
        }
        assert!(mono.selects_by_reversing());
    }
}
