//! The state of the popups: a list to choose from, the palette, the keys, a page to read.

use tui_input::Input;

/// A list of which one line is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// What it offers.
    pub kind: ListKind,
    /// The selected line.
    pub cursor: usize,
}

/// What a list offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// What can be copied or written.
    Copy {
        /// Ids among the rows that the copy is of, counted when the list was opened.
        ids: usize,
    },
    /// What rows can be sorted by.
    Sort,
    /// What rows can be grouped by.
    Group,
    /// Which profile to send as.
    Profiles,
    /// What to watch, and how often.
    Watch,
    /// What of the history to open.
    Earlier,
}

/// The command line over all commands.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The selected one of the commands that match.
    pub cursor: usize,
    /// Ids among the rows that a copy is of, counted when it was opened.
    pub ids: usize,
}

/// The keys of a pane.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// Those of the detail; else the table's.
    pub in_detail: bool,
    /// The detail shows the checks: their keys come first.
    pub on_checks: bool,
    /// The selected one of the keys shown.
    pub cursor: usize,
    /// Words that are looked for.
    pub find: Input,
    /// They are being typed.
    pub finding: bool,
}

/// A text to read.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its text, in lines.
    pub text: String,
    /// The first visible line.
    pub top: usize,
}
