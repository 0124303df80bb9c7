//! A field that is typed in.

use crossterm::event::{Event, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// Types a key into a field. The keys that a shell's line has work too.
pub fn typed(input: &mut Input, key: KeyEvent) -> bool {
    input.handle_event(&Event::Key(key)).is_some_and(|changed| changed.value)
}
