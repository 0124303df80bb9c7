//! The terminal: its width, signs and colours, and whether there is one.

use std::io::{self, IsTerminal};

#[cfg(feature = "tui")]
use anyhow::bail;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::status::{environment, language};
use crate::i18n::{Language, tell};
use crate::report::look::{Colours, Look};
use crate::text::glyphs::{Glyphs, shows_unicode};

/// How wide a table may be.
#[derive(Debug, Default, Args)]
pub struct LookArgs {
    #[arg(long, help = "Print whole RequestIds and Messages, even wider than the terminal")]
    wide: bool,
}

impl LookArgs {
    /// How a table on standard output looks.
    pub fn look(&self, language: Language) -> Look {
        Look { width: if self.wide { None } else { terminal_width() }, ..look(language) }
    }
}

/// How text on standard output looks, whatever its width.
pub fn look(language: Language) -> Look {
    Look {
        glyphs: Glyphs::named("auto", shows_unicode(&environment)),
        colours: colours(),
        language,
        zone: TimeZone::system(),
        now: Timestamp::now(),
        ..Look::default()
    }
}

fn colours() -> Colours {
    let variable = |name| environment(name).unwrap_or_default();
    let light = matches!(variable("COLORFGBG").rsplit(';').next(), Some("7" | "15"));
    match io::stdout().is_terminal() && variable("NO_COLOR").is_empty() && variable("TERM") != "dumb" {
        false => Colours::None,
        true if light => Colours::Light,
        true => Colours::Dark,
    }
}

/// Standard output's, where it is a terminal.
pub fn terminal_width() -> Option<u16> {
    #[cfg(feature = "tui")]
    if io::stdout().is_terminal() {
        return crossterm::terminal::size().ok().map(|(width, _)| width);
    }
    None
}

/// Requires a terminal for input and output, and one that can be drawn on; `instead` works without.
#[cfg(feature = "tui")]
pub fn require_terminal(what: &str, instead: &str) -> anyhow::Result<()> {
    for (is_terminal, name) in [
        (io::stdin().is_terminal(), tell!(language(), "input")),
        (io::stdout().is_terminal(), tell!(language(), "output")),
    ] {
        if !is_terminal {
            bail!(tell!(
                language(),
                "%{what} opens the app, and standard %{name} is not a terminal. Use %{instead}",
                what = what,
                name = name,
                instead = instead
            ));
        }
    }
    if environment("TERM").as_deref() == Some("dumb") {
        bail!(tell!(
            language(),
            "%{what} opens the app, which TERM=dumb cannot show. Use %{instead}",
            what = what,
            instead = instead
        ));
    }
    Ok(())
}
