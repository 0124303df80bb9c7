//! The built program in a real pseudo-terminal: what it writes, and how it leaves the terminal.
#![cfg(all(feature = "tui", unix))]

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use cosdiag::sandbox::Sandbox;
use nix::sys::signal::{Signal, kill};
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

/// A terminal this large takes two frames before it has to be read.
const LARGE: (u16, u16) = (300, 90);

/// Has frames drawn, more than a terminal takes that reads nothing.
fn draw_many(input: &mut dyn Write) {
    for _ in 0..30 {
        input.write_all(b"\x0c").expect("the program listens");
        thread::sleep(Duration::from_millis(20));
    }
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

#[test]
fn y_sends_exactly_the_selected_rows_id() {
    let mut terminal = demo(&[]);
    for _ in 0..3 {
        let contents = terminal.screen().screen().contents();
        let id = contents.lines().find(|line| line.contains("y copy")).and_then(|line| line.split_whitespace().next());
        let id = id.expect("an id").to_owned();
        let copied = osc52(&terminal.bytes()).len();
        terminal.keys("y");
        terminal.see("sent to the terminal (OSC 52)");
        terminal.wait("the sequence", |_| osc52(&terminal.bytes()).len() > copied);
        assert_eq!(osc52(&terminal.bytes()).last(), Some(&id));
        terminal.keys("j");
        terminal.wait("another row", |parser| !parser.screen().contents().contains(&id));
        terminal.see("y copy");
    }
    terminal.keys("o");
    terminal.see("No browser here. Open this page:");
    terminal.see("https://console.cloud.tencent.com/cos5/diagnose");
    // What is said takes no key: it goes to the table.
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}

/// Keys, columns and settings of the configuration, and back into it.
#[test]
fn the_configuration_is_what_the_screen_takes_and_saves() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "# mine\ntheme = \"dark\" # at night\n\n[keys]\nhelp = [\"F1\", \"?\"]\nquit = [\"X\"]\n")
        .expect("written");
    let variables = [("COSDIAG_CONFIG", path.to_str().expect("text"))];
    let mut terminal = demo(&variables);
    terminal.keys(",l");
    terminal.see("< light");
    terminal.keys("S");
    terminal.see("Saved in ");
    terminal.keys("CjS");
    terminal.wait("the chooser to go", |parser| !parser.screen().contents().contains("Columns"));
    terminal.keys("C");
    terminal.see("always");
    terminal.keys("jjj ");
    terminal.rest();
    terminal.keys("S");
    terminal.wait("Request to go", |parser| !parser.screen().contents().contains("Request  "));
    terminal.keys("qj");
    terminal.see("2/11");
    terminal.keys("X");
    assert_eq!(terminal.left(), 0);
    let saved = std::fs::read_to_string(&path).expect("text");
    assert!(saved.starts_with("# mine\ntheme = \"light\" # at night\n"), "{saved}");
    assert!(saved.contains("[keys]\nhelp = [\"F1\", \"?\"]\n") && saved.contains("hidden = [\"request\"]"), "{saved}");
    let mut terminal = demo(&variables);
    assert!(!terminal.screen().screen().contents().contains("Request  "), "it is as it was left");
    terminal.keys("X");
    assert_eq!(terminal.left(), 0);
}

/// The answers are there before the question: nothing depends on how fast this test is.
#[test]
fn the_background_decides_between_dark_and_light() {
    let mark = |answers: &str| {
        let mut terminal = Terminal::start(&["demo", "--scenario", "access"], &[]);
        terminal.keys(answers);
        terminal.see("11 sent in");
        terminal.see("y copy ");
        terminal.rest();
        let parser = terminal.screen();
        let found = (0..30).find_map(|row| {
            let cell = parser.screen().cell(row, 2).filter(|cell| cell.contents() == "▲" && !cell.inverse())?;
            Some(cell.fgcolor())
        });
        terminal.keys("q");
        assert_eq!(terminal.left(), 0);
        found.expect("a row that failed with 4xx")
    };
    let (yellow, magenta) = (vt100::Color::Idx(3), vt100::Color::Idx(5));
    assert_eq!(mark("\u{1b}]11;rgb:fbfb/fafa/f7f7\u{1b}\\\u{1b}[?62;4c"), magenta);
    assert_eq!(mark("\u{1b}]11;#16161e\u{7}\u{1b}[?6c"), yellow);
    assert_eq!(mark("\u{1b}[?1;2c"), yellow, "it knows no colours");
    assert_eq!(mark("j"), yellow, "no answer, and a key");
}

#[test]
fn an_answer_that_comes_late_is_not_taken_for_keys() {
    let mut terminal = demo(&[]);
    assert!(String::from_utf8_lossy(&terminal.bytes()).contains("\u{1b}]11;?\u{1b}\\\u{1b}[c"));
    // As keys, this opens a tab, sends again and asks to send all again.
    terminal.keys("\u{1b}]11;rgb:1616/1616/1e1e\u{7}\u{1b}[?62;4cj");
    terminal.wait("the second row", |parser| parser.screen().contents().contains("2/11"));
    terminal.rest();
    let contents = terminal.screen().screen().contents();
    assert!(contents.contains("11 sent in") && contents.contains("●"), "{contents}");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn nobody_is_asked_for_colours_who_would_not_understand() {
    let terminal = Terminal::start(&["demo", "--scenario", "access"], &[("TERM", "linux")]);
    terminal.see("11 sent in");
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains("]11;"));
    kill(terminal.pid(), Signal::SIGTERM).expect("sent");
    assert_eq!(terminal.left(), 130);
}

#[test]
fn the_terminal_is_as_before_after_every_way_out() {
    let mut terminal = demo(&[]);
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
    let mut terminal = demo(&[]);
    terminal.keys("p\u{3}");
    assert_eq!(terminal.left(), 130);
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
        let terminal = demo(&[]);
        kill(terminal.pid(), signal).expect("sent");
        assert_eq!(terminal.left(), 130, "{signal}");
    }
}

/// With and without a SIGHUP: only those whose controlling terminal it is get one.
#[test]
fn a_terminal_that_is_gone_ends_the_program() {
    for (controlling, reads) in [(true, true), (true, false), (false, true), (false, false)] {
        let pair = native_pty_system().openpty(size(LARGE.0, LARGE.1)).expect("a pty");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cosdiag"));
        command.arg("demo");
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.set_controlling_tty(controlling);
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (mut seen, mut buffer) = (String::new(), [0; 4096]);
        while !seen.contains("help") {
            let read = reader.read(&mut buffer).expect("it writes");
            seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        let mut input = pair.master.take_writer().expect("a writer");
        if !reads {
            draw_many(&mut input);
        }
        drop((reader, input, pair.master));
        assert_eq!(ended(&mut *child), 130, "controlling: {controlling}, reads: {reads}");
    }
}

#[test]
fn a_signal_ends_the_program_though_the_terminal_reads_nothing() {
    let mut terminal = demo(&[]);
    terminal.pause(true);
    terminal.master.resize(size(LARGE.0, LARGE.1)).expect("resized");
    draw_many(&mut terminal.input);
    kill(terminal.pid(), Signal::SIGTERM).expect("sent");
    assert_eq!(terminal.left(), 130);
}

/// Below a shell with job control, which takes the terminal and gives it again in any state.
#[test]
fn a_stop_from_outside_gives_the_terminal_back_and_fg_takes_it_again() {
    let program = env!("CARGO_BIN_EXE_cosdiag");
    let script = |then: &str| {
        format!(
            "set -m; {program} demo --scenario access; echo is-stopped; read line; stty sane; {then}; echo status $?"
        )
    };
    let taken = |parser: &vt100::Parser| {
        let screen = parser.screen();
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        (screen.alternate_screen(), mouse, screen.bracketed_paste())
    };
    for (stop, then, status) in [
        (Some(Signal::SIGTSTP), "fg", "status 0"),
        (Some(Signal::SIGSTOP), "fg", "status 0"),
        (None, "fg", "status 0"),
        // It goes on in the background, where it must end without the terminal.
        (None, "kill -TERM %1; bg %1; wait %1", "status 130"),
        (Some(Signal::SIGSTOP), "kill -TERM %1; bg %1; wait %1", "status 130"),
    ] {
        let mut terminal = Terminal::start_program("sh", &["-c", &script(then)], &[("PATH", "/usr/bin:/bin")]);
        terminal.see("11 sent in");
        terminal.see("y copy ");
        terminal.rest();
        match stop {
            Some(signal) => {
                let job = terminal.master.process_group_leader().expect("a job in the foreground");
                kill(Pid::from_raw(job), signal).expect("sent");
            }
            None => terminal.keys("\u{1a}"),
        }
        terminal.see("is-stopped");
        if stop != Some(Signal::SIGSTOP) {
            assert_eq!(taken(&terminal.screen()), (false, false, false), "{stop:?}");
            assert!(!terminal.screen().screen().hide_cursor(), "{stop:?}");
        }
        terminal.keys("\n");
        if then == "fg" {
            terminal.wait("the screen again", |parser| taken(parser) == (true, true, true));
            terminal.see("11 sent in");
            assert!(!terminal.screen().screen().contents().contains("is-stopped"), "{stop:?}");
            // One key without Enter.
            terminal.keys("?");
            terminal.see("Copy the RequestId");
            terminal.keys("qq");
        }
        terminal.see(status);
        assert_eq!(taken(&terminal.screen()), (false, false, false), "{stop:?} {then}");
        assert_eq!(ended(&mut *terminal.child), 0);
    }
}

#[test]
fn resizing_to_anything_and_back_does_no_harm() {
    let mut terminal = demo(&[]);
    let smallest = (0..4).flat_map(|columns| (0..4).map(move |rows| (columns, rows)));
    let others = [(80, 0), (0, 24), (39, 9), (60, 20), (300, 90), (80, 24), (100, 30)];
    for (columns, rows) in smallest.chain(others) {
        terminal.master.resize(size(columns, rows)).expect("resized");
        if rows < 2 {
            // Long enough for it to be drawn.
            thread::sleep(Duration::from_millis(40));
        }
        terminal.size = (columns, rows);
    }
    terminal.keys("\u{c}?");
    terminal.see("Copy the RequestId");
    terminal.keys("qq");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn no_color_writes_no_colour_and_still_shows_the_selection() {
    let mut terminal = demo(&[("NO_COLOR", "1")]);
    let parser = terminal.screen();
    let screen = parser.screen();
    let cells = (0..30).flat_map(|y| (0..100).map(move |x| (y, x)));
    let mut reversed = 0;
    for cell in cells.filter_map(|(y, x)| screen.cell(y, x)) {
        assert_eq!(
            (cell.fgcolor(), cell.bgcolor()),
            (vt100::Color::Default, vt100::Color::Default),
            "{}",
            cell.contents()
        );
        reversed += usize::from(cell.inverse());
    }
    assert!(reversed >= 60, "the selected row is reversed: {reversed} cells");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn hostile_text_reaches_no_terminal() {
    let mut terminal = Terminal::start(&["demo"], &[]);
    terminal.see("sent in");
    terminal.keys("/hostile\r");
    terminal.see("访问被拒绝");
    terminal.keys("3");
    terminal.see("<Error>");
    assert_eq!(osc52(&terminal.bytes()), Vec::<String>::new(), "the server's OSC 52 did not get through");
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains('\u{202e}'));
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn ids_are_printed_on_the_ordinary_screen_on_leaving() {
    let mut terminal = demo(&[]);
    terminal.keys(" ");
    terminal.see("1 marked");
    terminal.keys("Q");
    terminal.wait("the id", |parser| {
        let screen = parser.screen();
        let is_id = |line: &str| line.trim_end().len() == 40 && line.starts_with("Nm");
        !screen.alternate_screen() && screen.contents().lines().filter(|line| is_id(line)).count() == 1
    });
    assert_eq!(terminal.left(), 0);
}

#[test]
fn without_a_clipboard_the_id_stands_alone_to_be_selected() {
    let mut terminal = demo(&[("TERM", "linux")]);
    terminal.keys("y");
    terminal.see("No clipboard here. RequestId, to select:");
    assert_eq!(osc52(&terminal.bytes()), Vec::<String>::new());
    let contents = terminal.screen().screen().contents();
    assert!(contents.lines().any(|line| line.trim_end().len() == 40 && line.starts_with('N')), "{contents}");
    terminal.keys("qq");
    assert_eq!(terminal.left(), 0);
}

/// The line of progress is written over and over, and nothing of it is left.
#[test]
fn progress_stands_on_the_terminal_and_goes() {
    use cosdiag::sandbox::{Role, Sandbox, account};
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(([127, 0, 0, 1], 0).into())).expect("a sandbox");
    let address = sandbox.addr().to_string();
    let owner = account(Role::Owner);
    let arguments = [
        "probe",
        "photos-1250000000",
        "--op",
        "get-bucket",
        "--repeat",
        "100",
        "--rate",
        "50/s",
        "--region",
        "ap-guangzhou",
        "--scheme",
        "http",
        "--connect-to",
        &address,
        "--format",
        "csv",
    ];
    let variables = [("COS_SECRET_ID", owner.id.as_str()), ("COS_SECRET_KEY", owner.expose_key())];
    let terminal = Terminal::start(&arguments, &variables);
    terminal.see(" of 100 · ");
    terminal.see(" left");
    terminal.see("0 failed, 100 ok");
    let contents = terminal.screen().screen().contents();
    assert!(!contents.contains(" of 100 ·") && !contents.contains(" left"), "{contents}");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn a_profile_with_a_program_is_loaded_when_it_is_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, marker) = (folder.path().join("config.toml"), folder.path().join("was-run"));
    let printed =
        r#"{\"Version\":1,\"AccessKeyId\":\"AKIDPRINTEDPRINTED00\",\"SecretAccessKey\":\"FAKEprintedFAKEprinted\"}"#;
    let script = folder.path().join("print.sh");
    std::fs::write(&script, format!("touch {}; echo '{}'", marker.display(), printed.replace('\\', "")))
        .expect("written");
    let text = format!(
        "default_profile = \"plain\"\n[profile.plain]\nanonymous = true\n[profile.program]\nregion = \"ap-tokyo\"\ncredential_process = \"sh {}\"\n[profile.broken]\nendpoint = \"ftp://store.example\"\n",
        script.display()
    );
    std::fs::write(&path, text).expect("written");
    let mut terminal =
        Terminal::start(&[], &[("COSDIAG_CONFIG", path.to_str().expect("text")), ("PATH", "/usr/bin:/bin")]);
    terminal.see("Nothing has been sent yet");
    terminal.keys("P");
    terminal.see("runs its credential_process when");
    terminal.see("cannot be used: ");
    assert!(!marker.exists(), "a list runs no program");
    terminal.keys("G\r");
    terminal.see("program · cos · ap-tokyo · AKID…ED00 from credential_process of");
    assert!(marker.exists());
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn what_stood_on_the_screen_before_kill_9_is_in_the_history_after() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(([127, 0, 0, 1], 0).into())).expect("a sandbox");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let (address, file) = (sandbox.addr().to_string(), file.to_str().expect("text").to_owned());
    let flags = ["--anonymous", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", &address];
    let variables = [("COSDIAG_HISTORY", file.as_str())];
    let mut terminal = Terminal::start(&flags, &variables);
    terminal.see("Nothing has been sent yet");
    terminal.keys("pphotos-1250000000/a.txt\r");
    terminal.see("4 saved");
    // The run's end comes after its rows.
    terminal.see("4 sent in");
    terminal.keys("R");
    terminal.see("Send 4 requests again?");
    terminal.keys("y");
    terminal.see("8 saved");
    let shown = terminal.screen().screen().contents();
    terminal.keys("Ry");
    kill(terminal.pid(), Signal::SIGKILL).expect("sent");
    terminal.child.wait().expect("ended");

    let list =
        std::process::Command::new(env!("CARGO_BIN_EXE_cosdiag")).arg("history").env("COSDIAG_HISTORY", &file).output();
    let kept = String::from_utf8(list.expect("it runs").stdout).expect("text");
    assert!(kept.lines().count() >= 8, "{kept}");
    let ids: Vec<_> = shown.split_whitespace().filter(|word| word.len() == 40 && word.starts_with('N')).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| kept.contains(id)), "{ids:?} {kept}");

    let mut terminal = Terminal::start(&["history", "code:AccessDenied"], &variables);
    terminal.see(&format!("Failures {}", kept.lines().count()));
    terminal.see("y copy");
    terminal.keys("r");
    terminal.see("needs a profile");
    terminal.keys("e");
    terminal.see("Enter save");
    terminal.keys("the tool says no\r");
    terminal.see("Note saved");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
    let list = std::process::Command::new(env!("CARGO_BIN_EXE_cosdiag"))
        .args(["history", "--format", "ndjson"])
        .env("COSDIAG_HISTORY", &file)
        .output();
    let kept = String::from_utf8(list.expect("it runs").stdout).expect("text");
    assert_eq!(kept.matches("the tool says no").count(), 1, "{kept}");
}

#[test]
fn imported_rows_are_rows_like_others_and_are_not_sent_again() {
    let sample = |name: &str| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (log, pasted) = (sample("cos-access.log"), sample("go.txt"));
    let mut terminal = Terminal::start(&["import", &log, &pasted], &[]);
    // Two lines of the log were not understood: which ones is one key away.
    terminal.see("2 not understood");
    terminal.keys("!");
    terminal.see("understood:");
    // Where it is broken depends on how long the names of the files are.
    let words = terminal.screen().screen().contents().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2 not understood: line 9, 11"), "{words}");
    terminal.see("read in");
    terminal.see("NoSuchKey");
    terminal.keys("r");
    terminal.see("needs a profile");
    terminal.keys("y");
    terminal.see("RequestId");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);

    let terminal = Terminal::start(&["import", "/nonexistent.log"], &[]);
    let written = |terminal: &Terminal| String::from_utf8_lossy(&terminal.bytes()).into_owned();
    terminal.see("/nonexistent.log: No such file");
    assert!(!written(&terminal).contains("\u{1b}[?1049h"), "no screen for nothing");
    assert_eq!(terminal.left(), 2);
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

/// The columns are the screen's, no line wraps, and the first one says when where rows are of many days.
#[test]
fn a_printed_table_fits_its_terminal() {
    let sample = |name: &str| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (log, pasted) = (sample("cos-access.log"), sample("go.txt"));
    let arguments = ["import", &log, &pasted, "--format", "table"];
    for (columns, heads) in [
        // There is no room for a fifth one.
        (56, vec!["Stat", "Code", "Message", "RequestId"]),
        (80, vec!["Age", "Status", "Code", "Message", "RequestId"]),
        (120, vec!["Time", "Status", "Code", "Message", "Request", "RequestId"]),
    ] {
        let (text, status) = printed(columns, &arguments, &[("NO_COLOR", "1")]);
        assert_eq!(status, 1, "{text}");
        let (table, said): (Vec<_>, Vec<_>) = text.lines().partition(|line| !line.contains("cosdiag: "));
        let table: Vec<_> = table.into_iter().skip_while(|line| !line.starts_with(heads[0])).collect();
        let found: Vec<_> = table[0].split_whitespace().filter(|head| *head != "Sure").collect();
        assert_eq!(found, heads, "{columns}: {text}");
        // Lines that wrapped would have no status in their place.
        let rows = table[1..].iter().filter(|line| line.contains('▲') || line.contains('■') || line.contains('✗'));
        assert_eq!(rows.count(), 7, "{columns}: {text}\n{said:?}");
        assert!(table.iter().take(8).all(|line| line.chars().count() <= usize::from(columns)), "{columns}: {text}");
    }
    let (text, _) = printed(80, &[&arguments[..], &["--wide"]].concat(), &[]);
    assert!(text.replace('\n', "").contains("NWMwMjZiZGFfYTAxMjNlMGJfMTNlZV8xMDAx"), "a whole id: {text}");
}

#[test]
fn a_printed_table_has_colours_where_they_are_wanted() {
    let sample = |name: &str| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (log, pasted) = (sample("cos-access.log"), sample("go.txt"));
    let arguments = ["import", &log, &pasted, "--format", "table"];
    let written = |variables: &[(&str, &str)]| {
        let mut terminal = Terminal::start(&arguments, variables);
        assert_eq!(ended(&mut *terminal.child), 1);
        terminal.rest();
        let text = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        terminal.left();
        text
    };
    let dark = written(&[]);
    assert!(dark.contains("\u{1b}[33;1m▲ 404\u{1b}[0m") && dark.contains("\u{1b}[35;1m✗ —\u{1b}[0m"), "{dark:?}");
    assert!(written(&[("COLORFGBG", "0;15")]).contains("\u{1b}[35;1m▲ 404\u{1b}[0m"));
    for plain in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let text = written(&[plain]);
        assert!(text.contains("▲ 404") && !text.contains("m▲"), "{plain:?}: {text:?}");
    }
    let ascii = written(&[("LANG", "C"), ("NO_COLOR", "1")]);
    assert!(ascii.contains("! 404") && ascii.contains("x -"), "{ascii}");
}

#[test]
fn the_meanings_of_a_code_have_a_line_each() {
    let (text, status) = printed(80, &["explain", "AccessDenied"], &[]);
    assert_eq!(status, 0);
    assert_eq!(text.lines().filter(|line| line.starts_with("  ")).count(), 14, "{text}");
}

#[test]
fn a_target_opens_the_app_and_is_probed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(([127, 0, 0, 1], 0).into())).expect("a sandbox");
    let address = sandbox.addr().to_string();
    let arguments = [
        "photos-1250000000/a.txt",
        "--anonymous",
        "--scheme",
        "http",
        "--region",
        "ap-guangzhou",
        "--connect-to",
        &address,
    ];
    let mut terminal = Terminal::start(&arguments, &[]);
    terminal.see("4 sent in");
    terminal.see("AccessDenied");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);

    for (arguments, instead) in [
        (&arguments[..], "Use cosdiag probe photos-1250000000/a.txt"),
        (&[], "Use cosdiag probe TARGET"),
        (&["demo"], "Use cosdiag probe TARGET"),
        (&["import", "Cargo.toml"], "Use cosdiag import FILE --format table"),
    ] {
        let file = format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
        let arguments: Vec<_> =
            arguments.iter().map(|word| if *word == "Cargo.toml" { &file } else { *word }).collect();
        let (text, status) = printed(200, &arguments, &[("TERM", "dumb")]);
        assert_eq!((status, text.trim_end().lines().count()), (2, 1), "{text}");
        assert!(text.contains("TERM=dumb") && text.contains(instead), "{text}");
    }
}
