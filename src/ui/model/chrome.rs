//! What lies around table and detail: size, styles, popups, the last line's message.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Position;
use tui_input::Input;

use super::detail::SearchLine;
use super::filter::FilterLine;
use crate::config::Appearance;
use crate::config::screen::Screen;
use crate::i18n::Language;
use crate::ui::glyphs::Glyphs;
use crate::ui::keymap::Keymap;
use crate::ui::layout::{Focus, Panes, Split};
use crate::ui::model::compare::Compare;
use crate::ui::model::path::PathLine;
use crate::ui::model::popups::{Help, List, Page, Palette};
use crate::ui::model::prompt::Prompt;
use crate::ui::row_columns::Format;
use crate::ui::theme::{Colours, Theme};

/// How long a message stands in the last line.
pub const STATUS_TIME: Duration = Duration::from_secs(4);
/// How long the note about a key without meaning stays.
pub const NO_MEANING_TIME: Duration = Duration::from_secs(2);

/// Everything around table and detail.
#[derive(Debug)]
pub struct Chrome {
    /// Look and address of the diagnosis tool.
    pub look: Appearance,
    /// Styles.
    pub theme: Theme,
    /// What is known of the terminal's colours.
    pub colours: Colours,
    /// The theme of a file next to the configuration, and its name.
    pub own_theme: Option<(String, Theme)>,
    /// Whether the terminal shows more than ASCII.
    pub shows_unicode: bool,
    /// Which key does what.
    pub keymap: Keymap,
    /// What the configuration file says of the screen.
    pub screen: Screen,
    /// Signs.
    pub glyphs: &'static Glyphs,
    /// The language of everything that is ours.
    pub language: Language,
    /// For times of day.
    pub time_zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pane in focus.
    pub focus: Focus,
    /// Which panes are shown.
    pub panes: Panes,
    /// How they are divided.
    pub split: Split,
    /// What lies over it, the last one on top.
    pub layers: Vec<Layer>,
    /// The last line's message.
    pub status: Option<Status>,
    /// Nothing is shown any more.
    pub leaving: bool,
    /// The last press of the mouse: when and where.
    pub pressed: Option<(Instant, Position)>,
    /// The mouse holds the edge between table and detail.
    pub holds_edge: bool,
}

impl Chrome {
    /// How values are shown in a screen that was opened then.
    #[must_use]
    pub fn format(&self, opened_at: Timestamp) -> Format<'_> {
        Format {
            theme: &self.theme,
            glyphs: self.glyphs,
            language: self.language,
            time_zone: &self.time_zone,
            opened_at,
            keymap: &self.keymap,
        }
    }
}

/// What lies over the main screen and gets keys first.
#[derive(Debug)]
pub enum Layer {
    /// The keys.
    Help(Help),
    /// The filter being typed.
    Filter(Box<FilterLine>),
    /// A text to search in the detail being typed.
    Search(Box<SearchLine>),
    /// The probe prompt.
    Prompt(Box<Prompt>),
    /// A list to take one line of: copy, sort, profiles.
    List(List),
    /// All commands.
    Palette(Palette),
    /// A text to read.
    Page(Page),
    /// The path of a file to import being typed.
    Path(Box<PathLine>),
    /// Two rows side by side.
    Compare(Box<Compare>),
    /// Requests are still running; whether to leave, and print this then, is asked once.
    ConfirmQuit(Vec<String>),
    /// A note being written on a row.
    Note {
        /// The row.
        row: u32,
        /// The text, line feeds in it.
        input: Input,
    },
    /// Which columns the table has; the place of the cursor.
    Columns(usize),
    /// How the screen looks; the place of the cursor.
    Settings(usize),
    /// These rows are about to be sent again.
    ConfirmRerun(Vec<u32>),
    /// Text for the person to select, since it could not be copied.
    Select {
        /// Why it is shown.
        reason: String,
        /// The text.
        text: String,
    },
}

impl Layer {
    /// Two rows side by side.
    #[must_use]
    pub fn is_compare(&self) -> bool {
        matches!(self, Self::Compare(_))
    }
}

/// The last line's message.
#[derive(Clone, Debug)]
pub struct Status {
    /// What it says.
    pub text: String,
    /// Of what kind it is.
    pub kind: StatusKind,
    /// When it goes; `None` stays until the next key.
    pub until: Option<Instant>,
}

/// What a message of the last line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Something to know.
    Note,
    /// Something was done, such as a copy.
    Done,
    /// Something cannot be done.
    Mistake,
}
