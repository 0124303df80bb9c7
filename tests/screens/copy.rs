//! Copies, and what the last line says of them.

use std::time::Duration;

use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::update::update;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::canned;
use crate::screen::Screen;

#[test]
fn copies_are_of_the_marked_rows_or_the_selected_group() {
    let picked = |keys: &str| Screen::with(100, 24, canned::crowd()).keys(keys).model.picked();
    assert_eq!(picked(""), [0]);
    assert_eq!(picked("j j "), [1, 3]);
    assert_eq!(picked("j j ⎋"), [4]);
    assert_eq!(picked("/SlowDown⏎M").len(), 5);
    assert_eq!((picked("cc").len(), picked("ccj").len(), picked("ccjj").len()), (20, 10, 5), "the largest group first");
    assert_eq!(picked("ccj ").len(), 10);
    assert_eq!(picked("ccj k ").len(), 5, "marked and unmarked again: the next group's");
    let screen = Screen::with(100, 24, canned::crowd()).keys("ccj⏎");
    let codes: Vec<_> = screen.model.table.order.iter().map(|row| screen.model.table.rows.get(*row).code).collect();
    assert_eq!(codes, ["AccessDenied"; 10]);
    let row = screen.model.selected();
    let screen = screen.keys("⎋");
    assert_eq!((screen.model.table.length(), screen.model.selected()), (4, row), "back on its group");
    let screen = screen.keys("⎋");
    assert_eq!((screen.model.table.length(), screen.model.selected()), (40, row), "and on its row");
}

#[test]
fn what_is_copied() {
    let mut screen = Screen::filled(100, 24);
    let copied = |screen: &mut Screen, keys: &str| {
        let mut effects = Vec::new();
        for key in keys.chars() {
            let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
            effects = update(&mut screen.model, Message::Key(key), screen.now);
        }
        effects.into_iter().find_map(|effect| match effect {
            Effect::Copy { text, .. } => Some(text),
            _ => None,
        })
    };
    assert_eq!(copied(&mut screen, "y").as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01="));
    let all = copied(&mut screen, "Ya").expect("ids");
    assert_eq!(all.lines().count(), 5, "seven failures, two of them never reached the store");
    assert_eq!(copied(&mut screen, " j y").expect("ids").lines().count(), 2, "of the marked rows");
    assert_eq!(copied(&mut screen, "go").expect("an id").lines().count(), 1, "the tool takes one at a time");
    let mut screen = screen.keys("⎋gjjj");
    assert_eq!(copied(&mut screen, "y"), None);
    assert!(screen.picture().contains("No RequestId: no answer. Y copies other things"));
}

#[test]
fn nothing_is_copied_of_a_detail_whose_row_cannot_be_read_any_more() {
    let mut screen = Screen::filled(100, 24).keys("2⏎j");
    let (row, id) = (screen.model.selected().expect("a row"), "NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01=");
    let header = copied(&mut screen).expect("a header");
    assert_ne!(header, id);
    screen.send(Message::NoDetail(row, "cannot read the row back".to_owned()));
    assert!(screen.picture().contains("cannot read the row back"));
    assert_eq!(copied(&mut screen).as_deref(), Some(id));
}

#[test]
fn ids_are_copied_without_what_cannot_be_seen() {
    let hostile = [
        "X\u{1b}[201~\ntouch PWNED\nY",
        "X\r\nY",
        "X\tY",
        "\u{202e}XY",
        "X\u{9b}Y",
        "X\u{ad}Y",
        "X\u{2028}Y",
        "X\u{e0041}Y",
    ];
    let record = |(n, id): (usize, &&str)| {
        canned::record(u32::try_from(n).expect("small") + 1, serde_json::json!({"requestId": {"value": id}}))
    };
    let mut screen = Screen::with(100, 24, hostile.iter().enumerate().map(record).collect());
    for keys in ["y", "jy", "o", "Ya", " j y"] {
        let mut effects = Vec::new();
        for key in keys.chars() {
            effects = update(
                &mut screen.model,
                Message::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)),
                screen.now,
            );
        }
        let copied = effects.into_iter().find_map(|effect| match effect {
            Effect::Copy { text, label } => Some((text, label)),
            _ => None,
        });
        let (text, label) = copied.unwrap_or_else(|| panic!("{keys} copies"));
        assert!(!text.contains(|c| c != '\n' && cosdiag::text::sanitize::is_unsafe_char(c)), "{keys}: {text:?}");
        assert!(label.contains("hidden character"), "{keys}: {label}");
        assert_eq!(
            text.lines().count(),
            match keys {
                "Ya" => 8,
                " j y" => 2,
                _ => 1,
            },
            "{keys}: {text:?}"
        );
    }
}

pub fn copied(screen: &mut Screen) -> Option<String> {
    let key = KeyEvent::new(KeyCode::Char('y'), KeyModifiers::NONE);
    let effects = update(&mut screen.model, Message::Key(key), screen.now);
    effects.into_iter().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text),
        _ => None,
    })
}

/// The last line of the screen.
fn last_line(screen: &Screen) -> String {
    screen.picture().lines().last().expect("a line").trim_matches('"').trim().to_owned()
}

#[test]
fn a_copy_says_what_was_copied() {
    use cosdiag::ui::clipboard::ClipboardBackend;
    let id = "NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01=";
    let said = |width, label: &str, text: &str, way| {
        let mut screen = Screen::filled(width, 24);
        let (label, text) = (label.to_owned(), text.to_owned());
        screen.send(Message::Copied { label, text, way: Some(way) });
        last_line(&screen)
    };
    let cases = [
        (80, "RequestId", id, ClipboardBackend::Local, format!("✓ {id} in the clipboard")),
        (80, "RequestId", id, ClipboardBackend::Tmux, format!("✓ {id} in the tmux buffer")),
        (80, "RequestId", id, ClipboardBackend::Osc52, format!("✓ {id} sent by OSC 52; paste to check")),
        (
            120,
            "2 RequestIds",
            &format!("{id}\nabc="),
            ClipboardBackend::Tmux,
            format!("✓ 2 RequestIds, the first {id}, in the tmux buffer"),
        ),
        (
            80,
            "curl line",
            "curl -sS -i https://x.example/",
            ClipboardBackend::Local,
            "✓ curl line in the clipboard".to_owned(),
        ),
    ];
    for (width, label, text, way, wanted) in cases {
        let line = said(width, label, text, way);
        assert!(line.ends_with(&wanted), "{line}");
        assert_eq!(line.starts_with("y copy id"), width >= 100, "the hints stay where there is room: {line}");
    }
    assert!(
        said(120, "RequestId", id, ClipboardBackend::Osc52).ends_with("sent to the terminal (OSC 52); paste to check")
    );
}

#[test]
fn a_mistake_stays_until_the_next_key_and_an_unknown_key_is_said() {
    let mut screen = Screen::filled(100, 24).keys("jjjy");
    assert!(last_line(&screen).starts_with("✗ No RequestId"), "{}", last_line(&screen));
    screen.now += Duration::from_secs(60);
    screen.send(Message::TimeIsUp);
    assert!(last_line(&screen).starts_with("✗ No RequestId"), "{}", last_line(&screen));
    let mut screen = screen.keys("kT");
    assert!(
        last_line(&screen).starts_with("\"T\" has no meaning here · : lists all commands"),
        "{}",
        last_line(&screen)
    );
    screen.now += Duration::from_secs(2);
    screen.send(Message::TimeIsUp);
    assert!(last_line(&screen).ends_with(": all commands  ? help"), "{}", last_line(&screen));
}

/// Keys, a title, and how many lines each key copies.
type CopyCase<'a> = (&'a str, &'a str, &'a [(char, usize)]);

#[test]
fn what_the_copy_list_says_is_what_one_gets() {
    let copied = |screen: &mut Screen, key: char| {
        let effects =
            update(&mut screen.model, Message::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)), screen.now);
        effects.into_iter().find_map(|effect| match effect {
            Effect::Copy { text, .. } => Some(text.lines().count()),
            Effect::CopyRows { rows, .. }
            | Effect::Ticket { rows, .. }
            | Effect::SaveCsv(rows)
            | Effect::SaveEvidence(rows) => Some(rows.len()),
            _ => None,
        })
    };
    // Places, what the title says, then each key and how many ids or rows it gives.
    let cases: &[CopyCase<'_>] = &[
        ("", "Copy · this row", &[('y', 1), ('a', 35), ('l', 1), ('t', 1), ('c', 1), ('j', 1), ('E', 1), ('L', 40)]),
        (
            "ccj",
            "Copy · 10 rows of this group",
            &[('y', 1), ('a', 10), ('l', 10), ('t', 10), ('c', 10), ('j', 10), ('T', 10), ('L', 10)],
        ),
        ("  ", "Copy · 2 marked rows", &[('y', 1), ('a', 2), ('c', 2), ('E', 2), ('L', 2)]),
        (" ", "Copy · the marked row", &[('y', 1), ('a', 1), ('c', 1), ('L', 1)]),
    ];
    for (keys, title, lines) in cases {
        for (key, wanted) in *lines {
            let mut screen = Screen::with(100, 40, canned::crowd()).keys(keys).keys("Y");
            let picture = screen.picture();
            assert!(picture.contains(title), "{picture}");
            let shown = screen.model.table.rows.len();
            let got = copied(&mut screen, *key);
            assert!(got == Some(*wanted), "{keys:?} Y {key}: {got:?} of {shown}\n{picture}");
        }
    }
}
