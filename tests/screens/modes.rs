//! Pictures of the screen beside the table: two rows compared, and what stands there at the start.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::record::Record;
use cosdiag::i18n::Language;
use cosdiag::store::history::{RunSummary, Runs};
use cosdiag::ui::FirstRun;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::path::Entry;
use cosdiag::ui::model::{Found, Mode, Model};
use cosdiag::ui::theme::{Colours, Theme};
use cosdiag::ui::update::update;
use cosdiag::ui::view::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;

use crate::canned;

struct Screen {
    model: Model,
    records: Vec<Arc<Record>>,
    now: Instant,
    /// What was to be done that a test does not do.
    left: Vec<Effect>,
}

impl Screen {
    fn empty(width: u16, height: u16) -> Self {
        let look = canned::appearance();
        let theme = Theme::named("dark", Colours::default());
        let model = Model::new(Vec::new(), look, theme, TimeZone::UTC, (width, height));
        Self { model, records: Vec::new(), now: Instant::now(), left: Vec::new() }
    }

    fn showing(width: u16, height: u16, records: Vec<Arc<Record>>) -> Self {
        let mut screen = Self::empty(width, height);
        screen.records = records;
        screen.send(Message::records(screen.records.clone()));
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
        ("=", "Mark a row with Space, select another, then press ="),
        (" k=", "This row is the marked one"),
        ("M=", "8 rows are marked; only two can be compared"),
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
    assert!(
        screen.left.is_empty() && screen.picture().contains("No RequestId to print · q quits"),
        "{}",
        screen.picture()
    );
    // While something is sent it asks first, and then prints all the same.
    let mut running = Screen::showing(100, 30, canned::records());
    running.model.session.run.running = true;
    let asked = running.keys("Q");
    assert!(asked.left.is_empty() && asked.picture().contains("Quit?"));
    assert!(matches!(asked.keys("y").left.as_slice(), [Effect::Quit(lines)] if lines.len() == 1));
}

#[test]
fn somebody_without_credentials_is_told_what_was_looked_for() {
    let time = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
    let mut screen = Screen::empty(100, 30);
    screen.model.session.is_unsigned_start = true;
    screen.model.session.opened_at = time("2026-11-26T06:41:00Z");
    screen.model.session.first_run = FirstRun {
        looked_for: ["COS_SECRET_ID", "TENCENTCLOUD_SECRET_ID", "~/.cos.yaml (coscli)", "~/.cos.conf (coscmd)"]
            .map(str::to_owned)
            .to_vec(),
        config: "~/.config/cosdiag/config.toml".to_owned(),
    };
    let run = RunSummary {
        run: 7,
        failures: 20,
        times: (time("2026-11-26T06:30:00Z"), time("2026-11-26T06:38:00Z")),
        profiles: "prod".to_owned(),
    };
    let runs = Runs { failures: 20, latest: vec![run] };
    screen.send(Message::RunsFound(Ok(Some(runs)), false));
    insta::assert_snapshot!("first_100x30", screen.picture());
    screen.model.chrome.size = (80, 24);
    insta::assert_snapshot!("first_80x24", screen.picture());
    screen.model.chrome.size = (60, 20);
    screen.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("first_60x20_chinese", screen.picture());
    screen.model.chrome.language = Language::En;
    let explained = screen.keys("iAccessDenied⏎");
    assert!(explained.picture().contains("AccessDenied · 15 meanings"), "{}", explained.picture());
}

#[test]
fn the_history_is_a_table_of_its_own_and_esc_leads_back() {
    let mut screen = Screen::showing(100, 30, canned::crowd()).keys("jj/NoSuchKey⏎j");
    let before = screen.picture();
    assert!(before.contains("Failures 20 "), "{before}");
    let runs = |latest| Runs { failures: 1204, latest };
    let time = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
    let summary = |run, first: &str, last: &str| RunSummary {
        run,
        failures: 22,
        times: (time(first), time(last)),
        profiles: "prod,staging".to_owned(),
    };
    let screen_keys = |screen: Screen, keys: &str| screen.keys(keys);
    screen = screen_keys(screen, "H");
    assert!(matches!(screen.left.pop(), Some(Effect::FindRuns { opens: true })));
    let latest = vec![
        summary(9, "2026-11-25T17:00:00Z", "2026-11-25T17:04:00Z"),
        summary(8, "2026-11-24T23:50:00Z", "2026-11-25T00:10:00Z"),
        summary(7, "2026-11-24T08:00:00Z", "2026-11-24T08:00:09Z"),
    ];
    screen.send(Message::RunsFound(Ok(Some(runs(latest))), true));
    insta::assert_snapshot!("history_choice_100x30", screen.picture());
    screen = screen_keys(screen, "2");
    let asked = screen.left.pop();
    assert!(matches!(&asked, Some(Effect::OpenHistory(asked)) if asked.run == Some(8)), "{asked:?}");
    // What comes is another table: nothing of the one before is left in it.
    let live = std::mem::replace(&mut screen.records, canned::records());
    screen.send(Message::Opened(Mode::History(Found { all: 1204, since: None })));
    screen.send(Message::records(screen.records.clone()));
    screen.send(Message::Finished);
    insta::assert_snapshot!("history_opened_100x30", screen.picture());
    screen.records = live;
    let mut screen = screen_keys(screen, "⎋");
    assert!(screen.left.iter().any(|effect| matches!(effect, Effect::CloseEarlier)));
    screen.model.chrome.status = None;
    assert_eq!(screen.picture(), before, "as it was");
    // There is nothing behind this one: Esc goes on as ever.
    assert!(screen_keys(screen, "⎋⎋").picture().contains("Nothing to close"));
}

#[test]
fn other_rows_are_not_opened_while_something_goes_on() {
    let mut screen = Screen::showing(100, 30, canned::records());
    screen.model.session.run.running = true;
    for (keys, said) in [("H", "Requests are being sent · x cancels"), ("I", "Requests are being sent · x cancels")] {
        screen = screen.keys(keys);
        assert!(screen.left.is_empty() && screen.picture().contains(said), "{keys}: {}", screen.picture());
    }
    screen.model.session.run.running = false;
    screen.send(Message::RunsFound(Ok(None), true));
    assert!(screen.picture().contains("Nothing has been recorded yet"));
}

#[test]
fn a_path_is_completed_and_a_folder_entered() {
    let entry = |name: &str, is_folder, bytes| Entry { name: name.to_owned(), is_folder, bytes };
    let mut screen = Screen::showing(80, 24, canned::records()).keys("I");
    assert!(matches!(screen.left.pop(), Some(Effect::ListFolder(folder)) if folder.is_empty()));
    let entries = vec![
        entry("logs", true, 0),
        entry(".secret", false, 1),
        entry("lost.har", false, 2_400_000),
        entry("s3 old.log.gz", false, 40_960),
        entry("s3.log", false, 900),
    ];
    screen.send(Message::FolderListed(String::new(), entries));
    insta::assert_snapshot!("import_80x24", screen.picture());
    // What all have in common, then the chosen one.
    let screen = screen.keys("s⇥");
    assert!(screen.picture().contains("│ s3 "), "{}", screen.picture());
    let mut screen = screen.keys(" ⇥⏎");
    let opened = screen.left.pop();
    assert!(
        matches!(&opened, Some(Effect::OpenFiles(files)) if files == &[PathBuf::from("s3 old.log.gz")]),
        "{opened:?}"
    );
    // It is open until the rows come; a folder is entered.
    let mut screen = screen.keys("⎋I");
    screen.send(Message::FolderListed(String::new(), vec![entry("logs", true, 0)]));
    let mut screen = screen.keys("logs⏎");
    assert!(matches!(screen.left.pop(), Some(Effect::ListFolder(folder)) if folder == "logs/"));
    // A dropped path is quoted by some terminals.
    screen = screen.keys("⎋I");
    screen.send(Message::Pasted("'/tmp/a b.log'".to_owned()));
    let mut screen = screen.keys("⏎");
    let opened = screen.left.pop();
    assert!(
        matches!(&opened, Some(Effect::OpenFiles(files)) if files == &[PathBuf::from("/tmp/a b.log")]),
        "{opened:?}"
    );
}

#[test]
fn a_watch_makes_rows_of_what_changes_only() {
    let url = "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/?max-keys=1".parse().expect("a URL");
    let mut screen = Screen::empty(100, 24);
    screen.model.session.profiles = vec![canned::profile("prod")];
    let probe = Probe::of_url(&url, false, &canned::profile("prod"), &RequestOptions::default()).expect("a probe");
    screen.records = vec![canned::record(1, json!({}))];
    screen.send(Message::Send(vec![probe.clone()]));
    screen.left.clear();
    screen.send(Message::records(screen.records.clone()));
    screen.send(Message::Finished);
    let mut screen = screen.keys("w");
    insta::assert_snapshot!("watch_choice_100x24", screen.picture());
    screen = screen.keys("3w");
    let round = |screen: &mut Screen| match screen.left.pop() {
        Some(Effect::StartRound(probes, _)) => probes.len(),
        other => panic!("no round: {other:?}"),
    };
    let answer = |screen: &mut Screen, record: Arc<Record>| {
        let before = screen.records.len();
        if screen.model.table.rows.len() == before {
            let id = u32::try_from(before + 1).expect("few");
            screen.records.push(Arc::new(Record { id, ..Record::clone(&record) }));
        }
        screen.send(Message::Watched(vec![record]));
        screen.send(Message::Finished);
        let kept = screen
            .left
            .drain(..)
            .filter(|effect| matches!(effect, Effect::Keep(records, _) if records.len() == 1))
            .count();
        screen.records.truncate(before + kept);
        kept
    };
    assert_eq!(round(&mut screen), 1);
    assert_eq!(answer(&mut screen, canned::record(1, json!({}))), 1, "the first answer is a row");
    for _ in 0..3 {
        screen.now += Duration::from_secs(31);
        screen.send(Message::TimeIsUp);
        assert_eq!(round(&mut screen), 1);
        assert_eq!(answer(&mut screen, canned::record(1, json!({}))), 0, "the same answer is none");
    }
    screen.send(Message::TimeIsUp);
    assert!(screen.left.is_empty(), "not before it is due");
    screen.now += Duration::from_secs(31);
    screen.send(Message::TimeIsUp);
    round(&mut screen);
    let slow =
        json!({ "statusCode": 503, "error": { "Code": "SlowDown", "Message": "Please reduce your request rate." } });
    assert_eq!(answer(&mut screen, canned::record(1, slow)), 1);
    insta::assert_snapshot!("watch_changed_100x24", screen.picture());
    screen.model.chrome.size = (80, 24);
    insta::assert_snapshot!("watch_changed_80x24", screen.picture());
    let screen = screen.keys("x");
    assert!(screen.model.session.watching.is_none());
    assert!(screen.picture().contains("Watch stopped after 5 rounds"), "{}", screen.picture());
    assert_eq!(screen.model.next_round(), None, "nothing is waited for any more");
}

#[test]
fn a_request_that_writes_is_not_watched() {
    let url = "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a.txt".parse().expect("a URL");
    let mut screen = Screen::empty(100, 24);
    screen.model.session.profiles = vec![canned::profile("prod")];
    let mut probe = Probe::of_url(&url, false, &canned::profile("prod"), &RequestOptions::default()).expect("a probe");
    "PUT".clone_into(&mut probe.method);
    screen.records = vec![canned::record(1, json!({ "method": "PUT" }))];
    screen.send(Message::Send(vec![probe]));
    screen.send(Message::records(screen.records.clone()));
    screen.send(Message::Finished);
    screen.left.clear();
    let screen = screen.keys("ww");
    assert!(screen.left.is_empty() && screen.picture().contains("Requests that write cannot be watched"));
}

#[test]
fn a_verdict_speaks_the_language_that_is_chosen() {
    let screen = Screen::showing(100, 30, canned::records());
    let sentence = "The SecretKey does not belong to this SecretId.";
    assert!(screen.picture().contains(sentence), "{}", screen.picture());
    let screen = screen.keys(",jjjjh⎋");
    assert_eq!(screen.model.chrome.language, Language::Zh);
    assert!(!screen.picture().contains(sentence), "{}", screen.picture());
}
