//! How a printed table looks: its width, signs, colours and language.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::severity::Severity;
use crate::domain::verdict::Confidence;
use crate::i18n::Language;
use crate::text::glyphs::{Glyphs, UNICODE};

/// How the formats for people look; the others do not ask.
#[derive(Clone, Debug)]
pub struct Look {
    /// The terminal's width, which nothing exceeds. `None` prints every value whole.
    pub width: Option<u16>,
    /// The signs.
    pub glyphs: &'static Glyphs,
    /// The colours.
    pub colours: Colours,
    /// The language of everything that is ours.
    pub language: Language,
    /// For times of day.
    pub zone: TimeZone,
    /// For ages.
    pub now: Timestamp,
    /// Rows are of many days: the time comes first.
    pub with_day: bool,
    /// Rows have numbers, for what is said about them below.
    pub numbered: bool,
}

impl Default for Look {
    /// A pipe's: whole values without colours.
    fn default() -> Self {
        Self {
            width: None,
            glyphs: &UNICODE,
            colours: Colours::None,
            language: Language::default(),
            zone: TimeZone::UTC,
            now: Timestamp::UNIX_EPOCH,
            with_day: false,
            numbered: false,
        }
    }
}

/// Which of the 16 colours stand for the roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// No escape sequence at all.
    #[default]
    None,
    /// For a dark background.
    Dark,
    /// For a light one.
    Light,
}

/// What a piece of text is, as the screen's themes name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Messages, values.
    Text,
    /// Codes, the verdict's sentence.
    Strong,
    /// What may be overlooked.
    Quiet,
    /// The heads of columns.
    Head,
    /// Names before values.
    Label,
    /// A mark and a status.
    Severity(Severity),
    /// How certain.
    Certainty(Option<Confidence>),
}

impl Colours {
    /// The text in the style of its role.
    #[must_use]
    pub fn paint(self, role: Role, text: &str) -> String {
        match self.sgr(role) {
            "" => text.to_owned(),
            _ if text.trim().is_empty() => text.to_owned(),
            sgr => format!("\u{1b}[{sgr}m{text}\u{1b}[0m"),
        }
    }

    /// The roles of `dark` and `light` in assets/theme.toml, which the build without a screen has not.
    fn sgr(self, role: Role) -> &'static str {
        let (dark, light) = match role {
            Role::Text | Role::Certainty(Some(Confidence::Likely)) => ("", ""),
            Role::Strong => ("1", "1"),
            Role::Quiet
            | Role::Certainty(Some(Confidence::Possible) | None)
            | Role::Severity(Severity::NotSet | Severity::NotSupported) => ("2", "2"),
            Role::Head => ("2;1", "2;1"),
            Role::Label => ("36", "34"),
            Role::Certainty(Some(Confidence::Certain)) => ("36;1", "34;1"),
            Role::Severity(Severity::Client) => ("33;1", "35;1"),
            Role::Severity(Severity::Server) => ("91;1", "31;1"),
            Role::Severity(Severity::Network) => ("35;1", "34;1"),
            Role::Severity(Severity::Other) => ("94;1", "36;1"),
            Role::Severity(Severity::Ok) => ("32;1", "32;1"),
        };
        match self {
            Self::None => "",
            Self::Dark => dark,
            Self::Light => light,
        }
    }
}
