//! A program on a pseudo-terminal, its keys and its screen.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const ROWS: NonZero<u16> = NonZero::new(40).expect("not 0");
const COLUMNS: NonZero<u16> = NonZero::new(120).expect("not 0");

/// A program that runs until this is dropped.
pub struct Run {
    pub child: Box<dyn Child + Send + Sync>,
    /// How many bytes it has written.
    pub bytes: Arc<AtomicUsize>,
    /// From its start to its first text on the alternate screen.
    pub first_frame: Duration,
    screen: vt100::Parser,
    output: mpsc::Receiver<(Instant, Vec<u8>)>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    _master: Box<dyn MasterPty + Send>,
}

impl Run {
    /// Starts a program and waits until its first text stands on the alternate screen.
    pub fn start(program: &str, arguments: &[&str]) -> Self {
        let size = PtySize { rows: ROWS.get(), cols: COLUMNS.get(), pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pty");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keys = Arc::new(Mutex::new(pair.master.take_writer().expect("a writer")));
        let (sink, output) = mpsc::channel();
        let bytes = Arc::new(AtomicUsize::new(0));
        let (counted, replies) = (Arc::clone(&bytes), Arc::clone(&keys));
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        thread::spawn(move || {
            let mut seen = Vec::new();
            let mut buffer = vec![0; 65536];
            let mut is_told = false;
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                let _ = sink.send((Instant::now(), buffer[..read].to_vec()));
                counted.fetch_add(read, Ordering::Relaxed);
                if !is_told && seen.len() < 1 << 16 {
                    seen.extend_from_slice(&buffer[..read]);
                    // As terminals do: the background's colour for OSC 11, and what they are for DA1.
                    if seen.windows(3).any(|part| part == b"\x1b[c") {
                        let reply = b"\x1b]11;rgb:1616/1616/1e1e\x1b\\\x1b[?62;22c";
                        is_told = replies.lock().is_ok_and(|mut keys| keys.write_all(reply).is_ok());
                    }
                }
            }
        });
        let screen = vt100::Parser::new(ROWS, COLUMNS, 0);
        let mut run = Self { child, bytes, first_frame: Duration::ZERO, screen, output, keys, _master: pair.master };
        let has_text = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() > 3;
        run.first_frame = run.wait(|screen| screen.alternate_screen() && has_text(&screen.contents())) - begun;
        run
    }

    /// Waits until the screen shows all these texts.
    pub fn wait_for(&mut self, texts: &[&str]) {
        if !shows(self.screen.screen(), texts) {
            self.wait(|screen| shows(screen, texts));
        }
    }

    /// Presses keys, in one write. Returns the time from then until the screen shows all these texts, which it
    /// must not show before.
    pub fn press(&mut self, keys: &str, texts: &[&str]) -> Duration {
        for (_, bytes) in self.output.try_iter() {
            self.screen.process(&bytes);
        }
        let screen = self.screen.screen();
        assert!(!shows(screen, texts), "{texts:?} before {keys:?}:\n{}", screen.contents());
        let begun = Instant::now();
        self.keys.lock().expect("a writer").write_all(keys.as_bytes()).expect("written");
        self.wait(|screen| shows(screen, texts)) - begun
    }

    /// Reads until the screen looks so. Returns when the last bytes of that came.
    fn wait(&mut self, looks_so: impl Fn(&vt100::Screen) -> bool) -> Instant {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok((came, bytes)) = self.output.recv_timeout(left) else {
                panic!("the screen does not come:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
            if looks_so(self.screen.screen()) {
                return came;
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn shows(screen: &vt100::Screen, texts: &[&str]) -> bool {
    let contents = screen.contents();
    texts.iter().all(|text| contents.contains(text))
}
