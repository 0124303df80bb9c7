//! What the system tells the screen: to end, to stop, to go on, and that its terminal is gone.

use std::io;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

/// Exit status after Ctrl-C, a signal to end, or the loss of the terminal.
pub const INTERRUPTED: u8 = 130;

/// What a signal asks for.
pub enum Told {
    /// To end.
    End,
    /// To go on after a stop.
    Continue,
}

#[cfg(unix)]
mod system {
    use std::os::fd::AsFd;
    use std::thread;

    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::signal::{SigSet, Signal, raise};
    use nix::unistd;
    use tokio::signal::unix::{self, SignalKind, signal};

    use super::{CancellationToken, Event, KeyCode, KeyEvent, KeyModifiers, Stream, Told};
    use super::{io, unbounded_channel, unfold};

    /// Between two looks at a terminal that has input for us, in milliseconds.
    const PAUSE: u8 = 50;

    /// The signals that ask a program to end or to go on. Ctrl-C is a key in raw mode and comes as one.
    pub struct Signals {
        end: [unix::Signal; 4],
        go_on: unix::Signal,
    }

    impl Signals {
        /// Listens from now on. Signals that were ignored are heard, too.
        ///
        /// # Errors
        /// When the system does not let us listen.
        pub fn new() -> io::Result<Self> {
            let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
            let [a, b, c, d] = kinds.map(signal);
            let go_on = signal(SignalKind::from_raw(Signal::SIGCONT as i32))?;
            Ok(Self { end: [a?, b?, c?, d?], go_on })
        }

        /// Waits for the next one.
        pub async fn next(&mut self) -> Told {
            let [a, b, c, d] = &mut self.end;
            tokio::select! {
                biased;
                _ = a.recv() => Told::End,
                _ = b.recv() => Told::End,
                _ = c.recv() => Told::End,
                _ = d.recv() => Told::End,
                _ = self.go_on.recv() => Told::Continue,
            }
        }
    }

    fn stops_set() -> SigSet {
        let mut set = SigSet::empty();
        set.add(Signal::SIGTSTP);
        set
    }

    /// Keeps SIGTSTP from stopping this thread and those that it starts from now on: `stops` takes it.
    /// A handler would be simpler, and nothing could stop the program afterwards but SIGSTOP, which also
    /// stops where no shell is there to continue it.
    ///
    /// # Errors
    /// When the system does not do it.
    pub fn hold_stops() -> io::Result<()> {
        Ok(stops_set().thread_block()?)
    }

    /// Stops the process, unless no shell is there to continue it. Returns when it goes on.
    ///
    /// # Errors
    /// When the system does not do it.
    pub fn stop() -> io::Result<()> {
        stops_set().thread_unblock()?;
        let stopped = raise(Signal::SIGTSTP);
        hold_stops()?;
        Ok(stopped?)
    }

    /// Each SIGTSTP from outside as the key that asks for the same.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn stops() -> io::Result<impl Stream<Item = io::Result<Event>> + Unpin> {
        let (sender, receiver) = unbounded_channel();
        let wait = move || {
            while stops_set().wait().is_ok() {
                let key = KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL);
                if sender.send(Ok(Event::Key(key))).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("stops".to_owned()).spawn(wait)?;
        let stream = unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
        Ok(Box::pin(stream))
    }

    /// Cancelled when the terminal is gone. crossterm does not tell: it reads the end of its input again
    /// and again.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn gone() -> io::Result<CancellationToken> {
        let gone = CancellationToken::new();
        let told = gone.clone();
        let watch = move || {
            if watch().is_ok() {
                told.cancel();
            }
        };
        thread::Builder::new().name("terminal".to_owned()).spawn(watch)?;
        Ok(gone)
    }

    /// Returns when the terminal is gone. An error does not mean that: some systems do not watch terminals.
    fn watch() -> nix::Result<()> {
        let (input, output) = (io::stdin(), io::stdout());
        let hung_up = |wanted: PollFlags, timeout: PollTimeout| -> nix::Result<(bool, bool)> {
            let mut ends = [PollFd::new(input.as_fd(), wanted), PollFd::new(output.as_fd(), PollFlags::empty())];
            match poll(&mut ends, timeout) {
                Err(Errno::EINTR) => return Ok((false, false)),
                polled => polled?,
            };
            let [input, output] = ends.map(|end| end.revents().unwrap_or(PollFlags::empty()));
            if (input | output).contains(PollFlags::POLLNVAL) {
                return Err(Errno::EBADF);
            }
            let gone = (input | output).intersects(PollFlags::POLLHUP | PollFlags::POLLERR);
            Ok((gone, input.contains(PollFlags::POLLIN)))
        };
        loop {
            let (gone, has_input) = hung_up(PollFlags::POLLIN, PollTimeout::NONE)?;
            if gone || (has_input && refuses_input()) {
                return Ok(());
            }
            // The input is read elsewhere.
            if hung_up(PollFlags::empty(), PollTimeout::from(PAUSE))?.0 {
                return Ok(());
            }
        }
    }

    /// Whether the terminal belongs to others for good: the shell that could bring us to the foreground
    /// again has ended. Reading nothing tells; with the shell there it stops us, as any reading does.
    fn refuses_input() -> bool {
        let in_background = unistd::tcgetpgrp(io::stdin()).is_ok_and(|group| group != unistd::getpgrp());
        in_background && unistd::read(io::stdin(), &mut []) == Err(Errno::EIO)
    }

    /// Whether a terminal answers like this when it is gone.
    pub fn means_gone(error: &io::Error) -> bool {
        [Errno::EIO, Errno::ENXIO, Errno::EPIPE].iter().any(|gone| error.raw_os_error() == Some(*gone as i32))
    }
}

/// Where there are no such signals.
#[cfg(not(unix))]
mod system {
    use super::{CancellationToken, Event, Stream, Told, io};

    /// The signals that ask a program to end.
    pub struct Signals;

    impl Signals {
        /// Listens from now on.
        pub fn new() -> io::Result<Self> {
            Ok(Self)
        }

        /// Waits for the next one.
        pub async fn next(&mut self) -> Told {
            let _ = tokio::signal::ctrl_c().await;
            Told::End
        }
    }

    /// Nothing stops the process here.
    pub fn hold_stops() -> io::Result<()> {
        Ok(())
    }

    /// Nothing stops the process here.
    pub fn stop() -> io::Result<()> {
        Ok(())
    }

    /// Never anything.
    pub fn stops() -> io::Result<impl Stream<Item = io::Result<Event>> + Unpin> {
        Ok(futures_util::stream::pending())
    }

    /// Never cancelled: reading says it.
    pub fn gone() -> io::Result<CancellationToken> {
        Ok(CancellationToken::new())
    }

    /// Whether a terminal answers like this when it is gone.
    pub fn means_gone(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::BrokenPipe
    }
}

pub use system::{Signals, gone, hold_stops, means_gone, stop, stops};
