//! The style of every role, from `assets/theme.toml` or a theme file next to the configuration.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;

use crate::assets::asset;
use crate::config::screen::{ThemeFile, line_of};
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
    /// has them; where it has not, `dark` and `light` stand for the two that need them. Without colours
    /// every theme is `mono`.
    ///
    /// # Panics
    /// Never: the file is part of the program and a test reads it.
    #[must_use]
    pub fn named(name: &str, colours: Colours) -> Self {
        let name = match (colours, name) {
            (Colours { none: true, .. }, _) => "mono",
            (Colours { light: true, truecolor: true, .. }, "auto") => "paper",
            (Colours { truecolor: true, .. }, "auto") => "night",
            (Colours { light: true, .. }, "auto") | (Colours { truecolor: false, .. }, "paper") => "light",
            (_, "auto") | (Colours { truecolor: false, .. }, "night") => "dark",
            (_, name) => name,
        };
        built_in().get(name).map(Self::of).unwrap_or_default()
    }

    /// A theme file next to the configuration: any role; the rest as in the theme that it
    /// extends, `dark` unless it says so.
    ///
    /// # Errors
    /// With file, line and key of the first thing that means nothing.
    pub fn written(file: &ThemeFile, colours: Colours) -> Result<Self, String> {
        let place = |at: usize| format!("{}:{}", file.path.display(), line_of(&file.text, at));
        let written: BTreeMap<String, Spanned<String>> = toml::from_str(&file.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            format!("{}: {}", place(at), error.message().replace('\n', ", "))
        })?;
        let themes = built_in();
        let base = written.get("extends").map_or("dark", |name| name.get_ref().as_str());
        let wrong = |key: &str, at: &Spanned<String>, why: String| format!("{}: {key}: {why}", place(at.span().start));
        let mut roles = match (themes.get(base), written.get("extends")) {
            (Some(roles), _) => roles.clone(),
            (None, Some(at)) => {
                let names: Vec<_> = themes.keys().map(String::as_str).collect();
                return Err(wrong("extends", at, format!("\"{base}\" is none of {}", names.join(", "))));
            }
            (None, None) => Roles::new(),
        };
        let mut lines: Vec<_> = written.iter().filter(|(key, _)| *key != "extends").collect();
        lines.sort_by_key(|(_, words)| words.span().start);
        for (role, words) in lines {
            if !roles.contains_key(role) {
                let known: Vec<_> = roles.keys().map(String::as_str).collect();
                return Err(wrong(role, words, format!("there is no such role; there are {}", known.join(", "))));
            }
            if let Some(odd) = words.get_ref().split_whitespace().find(|word| !means_something(word)) {
                let why = format!("\"{odd}\" is no colour and none of bold, dim, reversed, underlined, on");
                return Err(wrong(role, words, why));
            }
            roles.insert(role.clone(), words.get_ref().clone());
        }
        Ok(if colours.none { Self::named("mono", colours) } else { Self::of(&roles) })
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
    asset!("theme.toml")
}

fn means_something(word: &str) -> bool {
    word == "on" || style(word) != Style::new()
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
        let plain = Colours::default();
        assert_eq!(Theme::named("night", plain), Theme::named("dark", plain), "no 24-bit colours");
        assert_eq!(Theme::named("paper", plain), Theme::named("light", plain));
        let mono = Theme::named("night", Colours { none: true, ..Colours::default() });
        for role in [mono.client, mono.server, mono.network, mono.label, mono.warn, mono.select, mono.accent] {
            assert_eq!((role.fg, role.bg), (None, None));
        }
        assert!(mono.selects_by_reversing());
    }

    /// The relative luminance and the contrast of WCAG 2.
    fn contrast(one: Color, other: Color) -> f64 {
        let luminance = |color: Color| {
            let Color::Rgb(red, green, blue) = color else { panic!("{color} is no 24-bit colour") };
            let part = |part: u8| match f64::from(part) / 255.0 {
                part if part <= 0.04045 => part / 12.92,
                part => ((part + 0.055) / 1.055).powf(2.4),
            };
            0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_role_can_be_read_on_its_ground_and_on_the_selection() {
        let colours = Colours { truecolor: true, ..Colours::default() };
        for (name, ground) in [("night", Color::Rgb(0x16, 0x16, 0x1e)), ("paper", Color::Rgb(0xfb, 0xfa, 0xf7))] {
            let theme = Theme::named(name, colours);
            let select = theme.select.bg.expect("a tint");
            let roles = &built_in()[name];
            for (role, words) in roles.iter().filter(|(role, _)| !matches!(role.as_str(), "rule" | "select" | "match"))
            {
                let shown = style(words).fg.expect("a colour");
                let found = contrast(shown, ground);
                assert!(found >= 4.9, "{name} {role}: {found:.2}");
                // Quiet text is plain there.
                let shown = if role == "quiet" { theme.text.fg.expect("a colour") } else { shown };
                let found = contrast(shown, select);
                assert!(found >= 4.0, "{name} {role} selected: {found:.2}");
            }
            let found = contrast(theme.found.fg.expect("a colour"), theme.found.bg.expect("a colour"));
            assert!(found >= 4.9, "{name} match: {found:.2}");
        }
    }

    #[test]
    fn a_theme_file_sets_roles_and_inherits_the_rest_or_says_where_it_is_wrong() {
        let colours = Colours { truecolor: true, ..Colours::default() };
        let written = |text: &str| {
            let file = ThemeFile { name: "mine".into(), path: "themes/mine.toml".into(), text: text.into() };
            Theme::written(&file, colours)
        };
        let mine = written("extends = \"paper\"\nserver = \"#ff0000 bold\"\n").expect("a theme");
        let paper = Theme::named("paper", colours);
        assert_eq!(mine.server, Style::new().fg(Color::Rgb(255, 0, 0)).add_modifier(Modifier::BOLD));
        assert_eq!(Theme { server: paper.server, ..mine }, paper);
        assert_eq!(written("").expect("a theme"), Theme::named("dark", colours));
        for (text, wanted) in [
            ("# a\nserver = \"redd\"", "themes/mine.toml:2: server: \"redd\" is no colour"),
            (
                "text = \"bold\"\nsevrer = \"red\"",
                "themes/mine.toml:2: sevrer: there is no such role; there are accent",
            ),
            ("extends = \"drak\"", "themes/mine.toml:1: extends: \"drak\" is none of dark, light"),
            ("text = 3", "themes/mine.toml:1: "),
            ("\ntext = ", "themes/mine.toml:2: "),
        ] {
            let error = written(text).expect_err(text);
            assert!(error.starts_with(wanted), "{error}");
        }
        let none = Colours { none: true, ..colours };
        let file = ThemeFile { name: "mine".into(), path: "m".into(), text: "server = \"red\"".into() };
        assert_eq!(Theme::written(&file, none).expect("a theme"), Theme::named("mono", none));
    }
}
