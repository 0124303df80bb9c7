//! Pictures of the screen beside the table: two rows compared, and what stands there at the start.
#![cfg(feature = "tui")]
#![allow(clippy::useless_vec, reason = "a screen is too large for the stack by the dozen")]

#[path = "support/canned.rs"]
mod canned;

use std::sync::Arc;
use std::time::Instant;

use cosdiag::config::Appearance;
use cosdiag::domain::record::Record;
use cosdiag::i18n::Language;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::Model;
use cosdiag::ui::theme::{Colours, Theme};
use cosdiag::ui::update::update;
use cosdiag::ui::view::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;

struct Screen {
    model: Model,
    records: Vec<Arc<Record>>,
    now: Instant,
    /// What was to be done that a test does not do.
    left: Vec<Effect>,
}

impl Screen {
    fn empty(width: u16, height: u16) -> Self {
        let look = Appearance {
            theme: "dark".to_owned(),
            glyphs: "unicode".to_owned(),
            mouse: true,
            diagnose_url: "https://diagnose.example/".to_owned(),
        };
        let theme = Theme::named("dark", Colours::default());
        let model = Model::new(Vec::new(), look, theme, TimeZone::UTC, (width, height));
        Self { model, records: Vec::new(), now: Instant::now(), left: Vec::new() }
    }

    fn showing(width: u16, height: u16, records: Vec<Arc<Record>>) -> Self {
        let mut screen = Self::empty(width, height);
        screen.records = records;
        screen.send(Message::Records(screen.records.clone()));
        screen.send(Message::Finished);
        screen
    }

    /// Updates, and performs what a test can.
    fn send(&mut self, message: Message) {
        for effect in update(&mut self.model, message, self.now) {
            let record = |row: u32| Arc::clone(&self.records[row as usize]);
            match effect {
                Effect::LoadDetail(row) => {
                    let record = record(row);
                    self.send(Message::Detail(row, record));
                }
                Effect::Order(request) => {
                    self.send(Message::Ordered(request.answer(&false.into()).expect("not cancelled")));
                }
                Effect::ReadPair(rows) => {
                    let records = rows.map(record);
                    self.send(Message::PairRead(rows, records));
                }
                other => self.left.push(other),
            }
        }
    }

    fn keys(mut self, keys: &str) -> Self {
        for key in keys.chars() {
            let code = match key {
                '⏎' => KeyCode::Enter,
                '⎋' => KeyCode::Esc,
                '⇥' => KeyCode::Tab,
                other => KeyCode::Char(other),
            };
            self.send(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    fn picture(&self) -> String {
        let (width, height) = self.model.chrome.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a backend");
        terminal.draw(|frame| view(&self.model, frame)).expect("drawn");
        terminal.backend().to_string()
    }
}

/// A HEAD that is refused, and the same as GET, which is not.
fn pair() -> Vec<Arc<Record>> {
    let url = "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/2024/a.txt";
    let head = json!({ "operation": "head-object", "method": "HEAD", "url": url, "key": "2024/a.txt", "body": null,
        "codeFrom": "none", "headers": { "content-type": null }, "profile": "sub-user",
        "error": { "Code": null, "Message": null, "Resource": null, "TraceId": null },
        "request": { "canonicalRequest": "head\n/2024/a.txt\n\nhost=photos-1250000000.cos.ap-guangzhou.myqcloud.com\n" } });
    let get = json!({ "operation": "get-object", "method": "GET", "url": url, "key": "2024/a.txt", "body": null,
        "outcome": "success", "exception": null, "statusCode": 206, "codeFrom": "none", "profile": "sub-user",
        "headers": { "content-type": null, "content-length": "1", "content-range": "bytes 0-0/1024" },
        "error": { "Code": null, "Message": null, "Resource": null, "TraceId": null },
        "request": { "headers": { "range": "bytes=0-0" },
            "canonicalRequest": "get\n/2024/a.txt\n\nhost=photos-1250000000.cos.ap-guangzhou.myqcloud.com&range=bytes%3D0-0\n" } });
    vec![canned::record(1, head), canned::record(2, get)]
}

#[test]
fn two_rows_side_by_side() {
    let compared = |width, height| Screen::showing(width, height, pair()).keys("aM=");
    insta::assert_snapshot!("compare_80x24", compared(80, 24).picture());
    insta::assert_snapshot!("compare_120x40_all", compared(120, 40).keys("a").picture());
    insta::assert_snapshot!("compare_48x20_below_each_other", compared(48, 20).picture());
    insta::assert_snapshot!("compare_swapped_end", compared(80, 14).keys("⇥G").picture());
    let mut chinese = Screen::showing(80, 24, pair());
    chinese.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("compare_chinese", chinese.keys("aM=").picture());
    let crowd = Screen::showing(100, 30, canned::records()).keys(" jj=");
    insta::assert_snapshot!("compare_hostile", crowd.picture());
    assert!(crowd.keys("⎋").model.chrome.layers.is_empty());
}

#[test]
fn what_a_comparison_comes_to_is_no_more_than_the_two_requests_say() {
    let pair = |a: serde_json::Value, b: serde_json::Value| vec![canned::record(1, a), canned::record(2, b)];
    let ok = |mut change: serde_json::Value| {
        change["outcome"] = json!("success");
        change["statusCode"] = json!(200);
        change["error"] = json!({ "Code": null, "Message": null });
        change
    };
    for (records, wanted) in [
        (self::pair(), "HEAD and GET are two permissions"),
        (pair(json!({}), ok(json!({}))), "Only A failed, and nothing in the requests differs"),
        (
            pair(ok(json!({})), json!({ "profile": "sub-user" })),
            "Only B failed, and only this differs in the requests: Profile.",
        ),
        (
            pair(json!({ "profile": "sub-user", "region": "ap-beijing" }), ok(json!({}))),
            "Several things differ in the requests: Region, Profile.",
        ),
        (
            pair(json!({}), json!({ "profile": "sub-user" })),
            "Both failed with the same Code, though this differs: Profile.",
        ),
    ] {
        let screen = Screen::showing(120, 40, records).keys("aM=");
        assert!(screen.picture().contains(wanted), "{wanted}\n{}", screen.picture());
    }
    // Two failures of different kinds, or two successes, come to nothing.
    for records in [
        pair(json!({}), json!({ "profile": "sub-user", "error": { "Code": "NoSuchKey" } })),
        pair(ok(json!({})), ok(json!({ "profile": "sub-user" }))),
    ] {
        let screen = Screen::showing(120, 40, records).keys("aM=");
        assert!(!screen.picture().contains("So  "), "{}", screen.picture());
    }
}

#[test]
fn a_comparison_needs_two_rows_and_says_so() {
    for (keys, said) in [
        ("=", "Mark one row with Space"),
        (" k=", "This row is the marked one"),
        ("M=", "8 rows are marked, and two are compared"),
    ] {
        let picture = Screen::showing(100, 30, canned::records()).keys("a").keys(keys).picture();
        assert!(picture.contains(said), "{keys}: {picture}");
    }
}

#[test]
fn leaving_prints_the_ids_of_what_is_marked_and_nothing_hostile() {
    let printed = |records: Vec<Arc<Record>>, keys: &str| {
        let mut screen = Screen::showing(100, 30, records).keys(keys);
        match screen.left.pop() {
            Some(Effect::Quit(lines)) => Some(lines),
            _ => None,
        }
    };
    let first = canned::record(1, json!({})).copied_id().expect("an id").to_owned();
    let second = canned::record(2, json!({})).copied_id().expect("an id").to_owned();
    assert_eq!(printed(canned::records(), "Q"), Some(vec![first.clone()]));
    assert_eq!(printed(canned::records(), "  Q"), Some(vec![first, second]));
    assert_eq!(printed(canned::records(), "  q"), Some(Vec::new()), "q prints nothing");
    let hostile = json!({ "requestId": { "value": "Nm\u{1b}]52;c;eA==\u{7}\nIw\u{202e}" } });
    assert_eq!(printed(vec![canned::record(1, hostile)], "Q"), Some(vec!["Nm]52;c;eA==Iw".to_owned()]));
    let without = json!({ "requestId": null });
    let screen = Screen::showing(100, 30, vec![canned::record(1, without)]).keys("Q");
    assert!(screen.left.is_empty() && screen.picture().contains("No RequestId to print here"), "{}", screen.picture());
    // While something is sent it asks first, and then prints all the same.
    let mut running = Screen::showing(100, 30, canned::records());
    running.model.session.run.running = true;
    let asked = running.keys("Q");
    assert!(asked.left.is_empty() && asked.picture().contains("Leave?"));
    assert!(matches!(asked.keys("y").left.as_slice(), [Effect::Quit(lines)] if lines.len() == 1));
}
