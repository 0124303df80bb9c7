//! The built program in a real pseudo-terminal: what it writes, and how it leaves the terminal.
#![cfg(all(feature = "tui", unix))]

mod kept;
mod printed;
mod screen;
mod ways_out;

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    closed: bool,
    /// Nothing is read: what is written waits.
    paused: bool,
}

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    input: Box<dyn Write + Send>,
    written: Arc<(Mutex<Written>, Condvar)>,
    size: (u16, u16),
    before: String,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_cosdiag"), arguments, variables)
    }

    fn start_program(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_sized((100, 30), program, arguments, variables)
    }

    fn start_sized((columns, rows): (u16, u16), program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pty");
        let before = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(std::env::temp_dir());
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("HOME", "/nonexistent"),
            ("COSDIAG_HISTORY", "/dev/null"),
        ]
        .iter()
        .chain(variables)
        {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let written = Arc::new((Mutex::new(Written::default()), Condvar::new()));
        let (sink, mut reader) = (Arc::clone(&written), pair.master.try_clone_reader().expect("a reader"));
        thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let written = sink.0.lock().expect("no panic in the reader");
                let mut written = sink.1.wait_while(written, |written| written.paused).expect("no panic in the reader");
                written.bytes.extend_from_slice(&buffer[..read]);
                written.closed = read == 0;
                sink.1.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        let input = pair.master.take_writer().expect("a writer");
        Self { master: pair.master, child, input, written, size: (columns, rows), before }
    }

    fn bytes(&self) -> Vec<u8> {
        self.written.0.lock().expect("no panic in the reader").bytes.clone()
    }

    /// The terminal as a terminal sees it.
    fn screen(&self) -> vt100::Parser {
        let one = std::num::NonZero::<u16>::MIN;
        let dimension = |n| std::num::NonZero::new(n).unwrap_or(one);
        let mut parser = vt100::Parser::new(dimension(self.size.1), dimension(self.size.0), 0);
        parser.process(&self.bytes());
        parser
    }

    fn wait(&self, what: &str, done: impl Fn(&vt100::Parser) -> bool) {
        let (lock, changed) = &*self.written;
        for _ in 0..200 {
            if done(&self.screen()) {
                return;
            }
            let guard = lock.lock().expect("no panic in the reader");
            drop(changed.wait_timeout(guard, Duration::from_millis(100)).expect("no panic in the reader"));
        }
        panic!("{what} never came; the screen is\n{}", self.screen().screen().contents());
    }

    fn see(&self, text: &str) {
        self.wait(text, |parser| parser.screen().contents().contains(text));
    }

    /// Until nothing more is written: the rows' order is made on a thread of its own, and may come after them.
    fn rest(&self) {
        let (lock, changed) = &*self.written;
        let mut written = lock.lock().expect("no panic in the reader");
        loop {
            let before = written.bytes.len();
            written = changed.wait_timeout(written, Duration::from_millis(300)).expect("no panic in the reader").0;
            if written.bytes.len() == before {
                return;
            }
        }
    }

    fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).expect("the program listens");
        self.input.flush().expect("the program listens");
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().expect("an id")).expect("an id"))
    }

    fn pause(&self, paused: bool) {
        let (lock, changed) = &*self.written;
        lock.lock().expect("no panic in the reader").paused = paused;
        changed.notify_all();
    }

    /// The exit status; by then everything that was taken must have been given back.
    fn left(mut self) -> u32 {
        let status = ended(&mut *self.child);
        self.pause(false);
        let (lock, changed) = &*self.written;
        let written = lock.lock().expect("no panic in the reader");
        drop(changed.wait_while(written, |written| !written.closed).expect("no panic in the reader"));
        let parser = self.screen();
        let screen = parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is given back");
        assert_eq!(format!("{:?}", self.master.get_termios()), self.before, "raw mode is off");
        status
    }
}

/// The exit status of a program that ends by itself.
fn ended(child: &mut dyn Child) -> u32 {
    for _ in 0..2000 {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.exit_code();
        }
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().expect("it can be killed");
    panic!("it did not end");
}

fn demo(variables: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::start(&["demo", "--scenario", "access"], variables);
    terminal.see("11 sent in");
    terminal.see("y copy ");
    terminal.rest();
    terminal
}

/// What was put into OSC 52 sequences, decoded.
fn osc52(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.split("\u{1b}]52;c;")
        .skip(1)
        .map(|rest| {
            let end = rest.find(['\u{7}', '\u{1b}']).expect("an end");
            let bytes = base64::engine::general_purpose::STANDARD.decode(&rest[..end]).expect("base64");
            String::from_utf8(bytes).expect("text")
        })
        .collect()
}

/// What a command writes to a terminal this wide, and its exit status.
fn printed(columns: u16, arguments: &[&str], variables: &[(&str, &str)]) -> (String, u32) {
    let program = env!("CARGO_BIN_EXE_cosdiag");
    let mut terminal = Terminal::start_sized((columns, 60), program, arguments, variables);
    let status = ended(&mut *terminal.child);
    terminal.rest();
    let contents = terminal.screen().screen().contents();
    let status = (contents, status);
    terminal.left();
    status
}
