//! The terminal, taken and given back: on leaving, on an error, on a panic, across Ctrl-Z.

#[cfg(unix)]
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::mem::ManuallyDrop;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode, is_raw_mode_enabled,
};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::{Frame, Terminal};

use super::background::{self, Asked};
use super::signals;

/// What the loop draws on: the terminal, or a test's.
pub trait Surface {
    /// Draws a frame.
    ///
    /// # Errors
    /// When the surface is gone.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;

    /// The next frame is drawn whole.
    ///
    /// # Errors
    /// When the surface is gone.
    fn invalidate(&mut self) -> io::Result<()>;

    /// Takes the mouse or gives it back.
    ///
    /// # Errors
    /// When the surface is gone.
    fn take_mouse(&mut self, take: bool) -> io::Result<()>;

    /// Gives the surface back and stops the process as Ctrl-Z does outside of raw mode; returns when it
    /// goes on.
    ///
    /// # Errors
    /// When the process cannot be stopped.
    fn suspend(&mut self) -> io::Result<()>;

    /// Takes the surface again after a stop. Returns its size, which may have changed: a stopped program
    /// is not told. `None` while another program has it, as after `bg`.
    ///
    /// # Errors
    /// When the surface is gone.
    fn resume(&mut self) -> io::Result<Option<(u16, u16)>>;
}

/// The screen. Dropping it gives the terminal back.
pub struct Screen {
    // Never dropped: ratatui's own end complains on standard error when the terminal is gone, and
    // panics when that is gone too. `give_back` does what there is to do.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal, and asks it for its background.
    ///
    /// # Errors
    /// When there is none.
    pub fn enter(mouse: bool) -> io::Result<(Self, Asked)> {
        let before = std::panic::take_hook();
        // A panic in any task: the terminal first, then the words, then the end. Going on would draw
        // over both on a terminal that is no longer ours.
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
            std::process::exit(101);
        }));
        enable_raw_mode()?;
        let asked = background::ask();
        take(mouse).inspect_err(|_| give_back())?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, stdout()));
        Ok((Self { terminal: ManuallyDrop::new(Terminal::new(backend)?), mouse }, asked))
    }
}

impl Surface for Screen {
    // Inside a synchronized update the terminal shows the frame at once or not at all.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        crossterm::queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(view)?;
        crossterm::queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }

    // Not `Terminal::clear`: that asks the terminal where its cursor is, and not all of them answer.
    fn invalidate(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().clear()?;
        self.terminal.swap_buffers();
        Ok(())
    }

    fn take_mouse(&mut self, take: bool) -> io::Result<()> {
        self.mouse = take;
        if take { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signals::stop()
    }

    fn resume(&mut self) -> io::Result<Option<(u16, u16)>> {
        if !is_ours() {
            return Ok(None);
        }
        // After a SIGSTOP crossterm still believes in its raw mode, whatever the shell made of it.
        disable_raw_mode()?;
        take(self.mouse)?;
        self.invalidate()?;
        crossterm::terminal::size().map(Some)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
    if mouse {
        execute!(stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Whether the terminal is this program's to change. A program in the background would be stopped for it.
fn is_ours() -> bool {
    #[cfg(unix)]
    return nix::unistd::tcgetpgrp(io::stdin()).map_or(true, |group| group == nix::unistd::getpgrp());
    #[cfg(not(unix))]
    true
}

/// Gives back everything that was taken, in the order in which a terminal wants it back; nothing twice.
/// Errors are of no use any more: the terminal may be gone.
fn give_back() {
    if !is_raw_mode_enabled().unwrap_or(true) {
        return;
    }
    let _ = write_back(&mut stdout());
    if is_ours() {
        let _ = disable_raw_mode();
    }
}

fn write_back(terminal: &mut impl Write) -> io::Result<()> {
    execute!(terminal, EndSynchronizedUpdate, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show)
}

/// Drops what a terminal that has stopped reading has not read yet, so that who waits in a write comes
/// out of it and can give the terminal back.
#[cfg(unix)]
pub fn drop_unread() {
    use nix::sys::{signal, termios};
    if is_ours() && termios::tcflush(stdout(), termios::FlushArg::TCOFLUSH).is_ok() {
        // A write that waits does not notice the room by itself, only when a signal makes it look.
        let _ = signal::kill(nix::unistd::getpid(), signal::Signal::SIGWINCH);
    }
}

/// Gives the terminal back as far as that goes without waiting for it or for other writers.
#[cfg(unix)]
pub fn abandon() {
    use std::os::unix::fs::OpenOptionsExt;
    if !is_raw_mode_enabled().unwrap_or(true) {
        return;
    }
    let flags = (nix::fcntl::OFlag::O_NONBLOCK | nix::fcntl::OFlag::O_NOCTTY).bits();
    // Opened again: to make standard output not wait would make it so for the shell, too.
    let opened = nix::unistd::ttyname(stdout())
        .map_err(io::Error::from)
        .and_then(|name| OpenOptions::new().write(true).custom_flags(flags).open(name));
    if let Ok(mut terminal) = opened {
        let _ = write_back(&mut terminal);
    }
    if is_ours() {
        let _ = disable_raw_mode();
    }
}
