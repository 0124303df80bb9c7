//! Every way out gives the terminal back: keys, signals, a stop, a closed terminal.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{CommandBuilder, native_pty_system};

use crate::{Terminal, demo, ended, osc52, size};

/// A terminal this large takes two frames before it has to be read.
const LARGE: (u16, u16) = (300, 90);

/// Has frames drawn, more than a terminal takes that reads nothing.
fn draw_many(input: &mut dyn Write) {
    for _ in 0..30 {
        input.write_all(b"\x0c").expect("the program listens");
        thread::sleep(Duration::from_millis(20));
    }
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
