//! The terminal, taken and given back: on leaving, on an error, on a panic, across Ctrl-Z.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::mem::ManuallyDrop;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::{Frame, Terminal};

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
    fn forget(&mut self) -> io::Result<()>;

    /// Takes the mouse or gives it back.
    ///
    /// # Errors
    /// When the surface is gone.
    fn take_mouse(&mut self, take: bool) -> io::Result<()>;

    /// Stops the process as Ctrl-Z does outside of raw mode, and comes back with `fg`. Gives the size,
    /// which may have changed: a stopped program is not told.
    ///
    /// # Errors
    /// When the surface is gone.
    fn suspend(&mut self) -> io::Result<(u16, u16)>;
}

/// The screen. Dropping it gives the terminal back.
pub struct Screen {
    // Never dropped: ratatui's own end complains on standard error when the terminal is gone, and
    // panics when that is gone too. `give_back` does what there is to do.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When there is none.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        let before = std::panic::take_hook();
        // A panic in any task: the terminal first, then the words, then the end. Going on would draw
        // over both on a terminal that is no longer ours.
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
            std::process::exit(101);
        }));
        take(mouse)?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, stdout()));
        Ok(Self { terminal: ManuallyDrop::new(Terminal::new(backend)?), mouse })
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
    fn forget(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().clear()?;
        self.terminal.swap_buffers();
        Ok(())
    }

    fn take_mouse(&mut self, take: bool) -> io::Result<()> {
        self.mouse = take;
        if take { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    fn suspend(&mut self) -> io::Result<(u16, u16)> {
        give_back();
        #[cfg(unix)]
        nix::sys::signal::raise(nix::sys::signal::Signal::SIGTSTP).map_err(io::Error::from)?;
        take(self.mouse)?;
        self.forget()?;
        crossterm::terminal::size()
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

/// Everything that was taken, in the order in which a terminal wants it back. Errors are of no
/// use any more: the terminal may be gone.
fn give_back() {
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
}
