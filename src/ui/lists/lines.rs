//! The lines of a list, and what taking each of them means.

use crate::domain::column::Column;
use crate::store::By;
use crate::ui::model::watch::Watched;
use crate::ui::widget::list::ListLine;

/// What is copied or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The selected row's id; of a group the newest.
    Id,
    /// All ids of the rows, or of all rows shown where one row is selected.
    AllIds,
    /// One line a row for a chat.
    Line,
    /// The ticket.
    Ticket,
    /// curl lines.
    Curl,
    /// JSON, a line a row.
    Json,
    /// The answer's headers.
    Headers,
    /// The body.
    Body,
    /// The policy that would allow it.
    Policy,
    /// The checks as text.
    Checks,
    /// Both signed texts.
    SignedTexts,
    /// The ticket, to a file.
    TicketFile,
    /// An evidence file.
    Evidence,
    /// The rows as CSV.
    Csv,
}

/// What taking a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// Copy or write something.
    Copy(Copied),
    /// Sort by a column; the same column again turns the order round.
    Sort(Column),
    /// Group by something; `None` shows every row.
    Group(Option<By>),
    /// Send as the profile of this place, those that wait to be loaded after the others.
    Profile(usize),
    /// Watch these.
    Watch(Watched),
    /// As many seconds between two rounds.
    Pause(u32),
    /// Open one of the latest runs of the history, or all of it.
    Earlier(Option<usize>),
}

/// A list's words and lines.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Its title.
    pub title: String,
    /// Its lines.
    pub lines: Vec<ListLine>,
    /// What taking each line means; nothing for a heading.
    pub takes: Vec<Option<Take>>,
    /// The keys that work in it in addition to those of the lines.
    pub keys: Vec<(&'static str, String)>,
}

impl Content {
    /// Adds a line.
    pub fn push(&mut self, key: Option<char>, words: impl Into<String>, preview: impl Into<String>, take: Take) {
        self.lines.push(ListLine { key, words: words.into(), preview: preview.into(), heading: false });
        self.takes.push(Some(take));
    }

    /// Adds the name of the lines below it.
    pub fn heading(&mut self, words: impl Into<String>) {
        self.lines.push(ListLine { words: words.into(), heading: true, ..ListLine::default() });
        self.takes.push(None);
    }
}
