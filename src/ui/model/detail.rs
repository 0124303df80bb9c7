//! The detail: the selected row's record, its tabs, and the text made of it.

use std::ops::Range;
use std::sync::Arc;

use ratatui::text::Line;
use tui_input::Input;

use crate::domain::record::Record;
use crate::store::Differ;
use crate::ui::found::{Found, Joints};

/// The tabs of the detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Why it failed.
    #[default]
    Why,
    /// The response and its headers.
    Headers,
    /// The body.
    Body,
    /// The request as sent.
    Request,
    /// Where the time went.
    Timing,
    /// The checks, each with one thing changed.
    Checks,
    /// The text that the store signed next to the text signed here.
    Sign,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Why, Self::Headers, Self::Body, Self::Request, Self::Timing, Self::Checks, Self::Sign];

    /// Its name, in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Why => "Why",
            Self::Headers => "Headers",
            Self::Body => "Body",
            Self::Request => "Request",
            Self::Timing => "Timing",
            Self::Checks => "Checks",
            Self::Sign => "Sign",
        }
    }

    /// Whether a record has this tab: Sign is there only when both texts are known.
    #[must_use]
    pub fn is_shown_for(self, record: &Record) -> bool {
        self != Self::Sign || record.diagnosis.as_ref().is_some_and(|diagnosis| diagnosis.signature.is_some())
    }
}

/// The detail's state.
#[derive(Debug, Default)]
pub struct DetailPane {
    /// The selected row's detail, once it is read.
    pub shown: Option<Detail>,
    /// The row whose detail was asked for last, so that one that cannot be read is not asked for for ever.
    pub asked: Option<u32>,
    /// The first visible line below what is pinned.
    pub top: usize,
    /// The tab that was chosen last; it comes back with the next row that has it.
    pub tab: Tab,
    /// The body as it came.
    pub raw_body: bool,
    /// The selected one of the text's stops.
    pub stop: usize,
    /// What is folded to one line stands whole: the policy, the selected check's answer.
    pub unfolded: bool,
    /// Long lines are cut at the edge instead of wrapped, and the text can be moved sideways.
    pub unwrapped: bool,
    /// The first visible column of an unwrapped text.
    pub left: usize,
    /// What is searched in the text.
    pub search: Option<Search>,
}

impl DetailPane {
    /// The tab that stands open: the chosen one, or Why on a row that does not have it.
    #[must_use]
    pub fn open_tab(&self) -> Tab {
        let has = |tab: Tab| self.shown.as_ref().is_none_or(|shown| tab.is_shown_for(&shown.record));
        if has(self.tab) { self.tab } else { Tab::Why }
    }
}

/// What is searched in the detail's text, whichever is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The text searched for.
    pub text: String,
    /// Where it stands; lines are counted from the pinned ones on.
    pub found: Vec<Found>,
    /// The present one of them.
    pub at: Option<usize>,
}

/// The search while it is typed, and what was there before.
#[derive(Debug, Default)]
pub struct SearchLine {
    /// What is typed.
    pub input: Input,
    /// The search before.
    pub before: Option<Search>,
    /// The first visible line.
    pub top: usize,
    /// The first visible column.
    pub left: usize,
}

/// The group whose newest row the detail shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOfDetail {
    /// Its number.
    pub number: u32,
    /// Its rows.
    pub count: u32,
    /// What differs among them; `None` where they are too many to be looked at.
    pub differ: Option<Differ>,
}

/// The selected row's record and the text made of it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The row.
    pub row: u32,
    /// Its record.
    pub record: Arc<Record>,
    /// What differs among the rows that this one stands for.
    pub group: Option<GroupOfDetail>,
    /// The lines that never scroll: on Why and Checks the verdict's sentence.
    pub pinned: Vec<Line<'static>>,
    /// The current tab's text, wrapped to the pane.
    pub lines: Vec<Line<'static>>,
    /// Which of the lines go on with the one before.
    pub joints: Joints,
    /// The parts of it that can be selected, from the first on; most tabs have none.
    pub stops: Vec<Stop>,
}

/// A part of the text that can be selected: a check, a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its lines.
    pub lines: Range<usize>,
    /// What `y` copies there: the words for it, and the text.
    pub copied: Option<(String, String)>,
}
