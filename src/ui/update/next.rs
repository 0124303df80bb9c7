//! What a key or a click on a layer comes to.

use crossterm::event::KeyEvent;

use super::Effects;
use crate::ui::keymap::Action;

/// What is to be done next.
pub enum Next {
    /// Nothing but these.
    Done(Effects),
    /// An action of the screen below.
    Act(Action),
    /// The key is for the screen below.
    PassOn(KeyEvent),
    /// The screen is left, and these lines are printed.
    Leave(Vec<String>),
}

impl Next {
    /// Whether nothing is to be done.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Done(effects) if effects.is_empty())
    }
}

impl From<Effects> for Next {
    fn from(effects: Effects) -> Self {
        Self::Done(effects)
    }
}
