//! Copying, honestly: which way it went is said, and where none can work the text is shown instead.
//!
//! Over SSH a local clipboard would be the wrong machine's, so the terminal is asked (OSC 52),
//! which never answers. Inside tmux its buffer is certain, and tmux passes it on if it may.

use std::io::{Write, stdout};
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

/// Terminals cut longer OSC 52 texts, some without a word.
const OSC52_LONGEST: usize = 74_000;

/// Which way a text went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The desktop's clipboard: certain.
    Local,
    /// The tmux buffer: certain.
    Tmux,
    /// The terminal was asked; whether it obeys cannot be known.
    Osc52,
}

/// What the environment says about clipboards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four facts of the environment")]
pub struct Place {
    /// Inside tmux.
    pub tmux: bool,
    /// Logged in from elsewhere.
    pub remote: bool,
    /// A desktop is there.
    pub desktop: bool,
    /// The terminal cannot know OSC 52.
    pub dumb: bool,
}

impl Place {
    /// Reads the environment.
    #[must_use]
    pub fn from_environment() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let term = std::env::var("TERM").unwrap_or_default();
        Self {
            tmux: set("TMUX"),
            remote: set("SSH_TTY") || set("SSH_CONNECTION"),
            desktop: cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY"),
            dumb: term == "dumb" || term == "linux",
        }
    }

    /// The ways to try, best first.
    #[must_use]
    pub fn ways(self, length: usize) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.desktop && !self.remote {
            ways.push(Way::Local);
        }
        if self.tmux {
            ways.push(Way::Tmux);
        }
        if !self.dumb && length <= OSC52_LONGEST {
            ways.push(Way::Osc52);
        }
        ways
    }
}

/// The clipboard. On X11 and Wayland a copied text lives as long as its owner, so the handle is kept.
#[derive(Default)]
pub struct Clipboard {
    place: Place,
    local: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// The clipboard of this environment.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self { place, local: None }
    }

    /// Copies by the first way that works.
    pub fn copy(&mut self, text: &str) -> Option<Way> {
        self.place.ways(text.len()).into_iter().find(|way| match way {
            Way::Local => self.local(text),
            Way::Tmux => tmux(text),
            Way::Osc52 => execute!(stdout(), CopyToClipboard::to_clipboard_from(text)).is_ok(),
        })
    }

    fn local(&mut self, text: &str) -> bool {
        if self.local.is_none() {
            self.local = arboard::Clipboard::new().ok();
        }
        self.local.as_mut().is_some_and(|clipboard| clipboard.set_text(text).is_ok())
    }
}

fn tmux(text: &str) -> bool {
    let child = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_fits_the_place() {
        let place = Place::default();
        assert_eq!(place.ways(40), [Way::Osc52]);
        assert_eq!(Place { desktop: true, ..place }.ways(40), [Way::Local, Way::Osc52]);
        assert_eq!(Place { desktop: true, remote: true, ..place }.ways(40), [Way::Osc52]);
        assert_eq!(Place { tmux: true, remote: true, ..place }.ways(40), [Way::Tmux, Way::Osc52]);
        assert_eq!(Place { dumb: true, ..place }.ways(40), []);
        assert_eq!(place.ways(OSC52_LONGEST + 1), []);
    }
}
