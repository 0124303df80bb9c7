//! What lies around table and detail: size, styles, popups, the last line's message.

use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use tui_input::Input;

use crate::config::Look;
use crate::domain::language::Language;
use crate::ui::glyphs::Glyphs;
use crate::ui::layout::{Focus, Panes, Split};
use crate::ui::model::prompt::Prompt;
use crate::ui::theme::Theme;

/// How long a message stands in the last line.
pub const STATUS_TIME: Duration = Duration::from_secs(4);

/// Everything around table and detail.
#[derive(Debug)]
pub struct Chrome {
    /// Look and address of the diagnosis tool.
    pub look: Look,
    /// Styles.
    pub theme: Theme,
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
}

/// What lies over the main screen and gets keys first.
#[derive(Debug)]
pub enum Layer {
    /// The help text, scrolled by this many lines.
    Help(usize),
    /// The filter being typed.
    Filter(Input),
    /// The probe prompt.
    Prompt(Box<Prompt>),
    /// What to copy.
    CopyMenu,
    /// A note being written on a row.
    Note {
        /// The row.
        row: u32,
        /// The text, line feeds in it.
        input: Input,
    },
    /// What to sort by.
    SortMenu,
    /// Which profile to send as; the place of the cursor.
    Profiles(usize),
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

/// The last line's message.
#[derive(Clone, Debug)]
pub struct Status {
    /// What it says.
    pub text: String,
    /// When it goes.
    pub until: Instant,
}
