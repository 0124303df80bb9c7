//! The app on a real terminal: copying, colours, sizes, hostile text.

use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};

use crate::{Terminal, demo, osc52, size};

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
