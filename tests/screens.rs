//! Pictures of the screen as text, at the sizes that matter, from records that never change.
#![cfg(feature = "tui")]

#[path = "support/canned.rs"]
mod canned;

use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::config::Look;
use cosdiag::diagnosis::rules;
use cosdiag::domain::language::Language;
use cosdiag::domain::record::Record;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::{Model, Tab};
use cosdiag::ui::theme::Theme;
use cosdiag::ui::update::update;
use cosdiag::ui::view::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

struct Screen {
    model: Model,
    records: Vec<Arc<Record>>,
    now: Instant,
}

impl Screen {
    fn empty(width: u16, height: u16) -> Self {
        let look = Look {
            theme: "dark".to_owned(),
            glyphs: "unicode".to_owned(),
            mouse: true,
            diagnose_url: "https://diagnose.example/".to_owned(),
        };
        let theme = Theme::named("dark", cosdiag::ui::theme::Colours::default());
        let mut model = Model::new(Vec::new(), look, theme, TimeZone::UTC, (width, height));
        model.session.is_unsigned_start = true;
        Self { model, records: Vec::new(), now: Instant::now() }
    }

    fn filled(width: u16, height: u16) -> Self {
        Self::with(width, height, canned::records())
    }

    fn with(width: u16, height: u16, records: Vec<Arc<Record>>) -> Self {
        Self::empty(width, height).showing(records)
    }

    /// The same in Chinese, as somebody with LANG=zh_CN.UTF-8 has it.
    fn chinese(width: u16, height: u16, records: Vec<Arc<Record>>) -> Self {
        let mut screen = Self::empty(width, height);
        screen.model.chrome.language = Language::Zh;
        let diagnosed = records.into_iter().map(|record| {
            let diagnosis = rules::diagnose(&record, Language::Zh);
            Arc::new(Record { diagnosis, ..Record::clone(&record) })
        });
        screen.showing(diagnosed.collect())
    }

    fn showing(self, records: Vec<Arc<Record>>) -> Self {
        let mut screen = self;
        screen.model.session.is_unsigned_start = false;
        screen.model.session.run.planned = records.len();
        screen.records = records;
        screen.model.session.run.started = Some(screen.now);
        screen.now += Duration::from_millis(1200);
        screen.send(Message::Records(screen.records.clone()));
        screen.send(Message::Finished);
        screen
    }

    /// Updates and performs what a test can: reading details and ordering.
    fn send(&mut self, message: Message) {
        for effect in update(&mut self.model, message, self.now) {
            match effect {
                Effect::LoadDetail(row) => {
                    let record = Arc::clone(&self.records[row as usize]);
                    self.send(Message::Detail(row, record));
                }
                Effect::Order(request) => {
                    let ordered = request.answer(&false.into()).expect("not cancelled");
                    self.send(Message::Ordered(ordered));
                }
                Effect::SaveNote { row, note, .. } => {
                    let noted = Arc::new(Record { note: Some(note), ..Record::clone(&self.records[row as usize]) });
                    self.records[row as usize] = Arc::clone(&noted);
                    self.send(Message::Noted(row, noted));
                }
                _ => {}
            }
        }
    }

    fn keys(mut self, keys: &str) -> Self {
        for key in keys.chars() {
            let code = match key {
                '⏎' => KeyCode::Enter,
                '⎋' => KeyCode::Esc,
                '⇥' => KeyCode::Tab,
                '↓' => KeyCode::Down,
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

#[test]
fn sizes() {
    insta::assert_snapshot!("120x20", Screen::filled(120, 20).picture());
    insta::assert_snapshot!("100x24", Screen::filled(100, 24).keys("j").picture());
    insta::assert_snapshot!("80x24", Screen::filled(80, 24).picture());
    insta::assert_snapshot!("60x20", Screen::filled(60, 20).picture());
    insta::assert_snapshot!("60x20_detail", Screen::filled(60, 20).keys("⏎").picture());
    insta::assert_snapshot!("39x9_too_small", Screen::filled(39, 9).picture());
}

#[test]
fn places() {
    insta::assert_snapshot!("first_run", Screen::empty(80, 14).picture());
    insta::assert_snapshot!("help", Screen::filled(80, 24).keys("?").picture());
    insta::assert_snapshot!("headers_error_site", Screen::with(100, 24, canned::crowd()).keys("2").picture());
    insta::assert_snapshot!("headers", Screen::filled(100, 24).keys("2").picture());
    insta::assert_snapshot!("verdict_with_others", Screen::filled(100, 24).keys("G").picture());
    insta::assert_snapshot!("body", Screen::filled(100, 24).keys("3").picture());
    insta::assert_snapshot!("request", Screen::filled(100, 30).keys("4").picture());
    insta::assert_snapshot!("timing", Screen::filled(100, 24).keys("5").picture());
    insta::assert_snapshot!("timing_reused", Screen::filled(100, 24).keys("ajj5").picture());
    insta::assert_snapshot!("hostile_chinese", Screen::filled(100, 24).keys("jj").picture());
    insta::assert_snapshot!("never_reached", Screen::filled(100, 24).keys("jjj").picture());
    insta::assert_snapshot!("copy_menu", Screen::filled(100, 14).keys("Y").picture());
    insta::assert_snapshot!("sort_menu", Screen::filled(100, 14).keys("s").picture());
    insta::assert_snapshot!("sorted_by_code", Screen::filled(100, 14).keys("scsc").picture());
    insta::assert_snapshot!("filtered", Screen::filled(100, 14).keys("/status:4xx").picture());
    insta::assert_snapshot!("filter_wrong", Screen::filled(100, 14).keys("/stauts:4xx").picture());
    insta::assert_snapshot!("nothing_passes", Screen::filled(100, 14).keys("/nowhere⏎").picture());
}

#[test]
fn the_profile_switcher() {
    use cosdiag::domain::profile::{Credentials, Dialect, Profile};
    let profile = |name: &str, dialect, region: &str| Profile {
        name: name.to_owned(),
        dialect,
        region: Some(region.to_owned()),
        endpoint: cosdiag::domain::endpoint::Endpoint::of(dialect, "https"),
        credentials: Some(Arc::new(Credentials::new(
            "AKIDEXAMPLE0000000000000000000000000",
            "FAKE",
            format!("profile {name}"),
        ))),
        anonymous: false,
        connection: cosdiag::domain::profile::Connection::default(),
        bucket: None,
        buckets: Arc::default(),
    };
    let mut screen = Screen::filled(100, 24);
    screen.model.session.profiles =
        vec![profile("prod", Dialect::Cos, "ap-guangzhou"), profile("other\u{1b}[31m", Dialect::S3, "eu-west-1")];
    screen.model.session.unresolved_profiles =
        vec![("by-program".to_owned(), "runs its credential_process when it is chosen".to_owned())];
    let screen = screen.keys("Pj");
    insta::assert_snapshot!("profiles", screen.picture());
    let screen = screen.keys("⏎");
    assert_eq!(screen.model.session.current, 1);
    assert!(screen.picture().contains("Requests go out as other"), "{}", screen.picture());
    let mut screen = screen.keys("PG");
    let key = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
    let effects = update(&mut screen.model, Message::Key(key), screen.now);
    assert!(matches!(effects.as_slice(), [Effect::LoadProfile(name)] if name == "by-program"), "{effects:?}");
    let loaded = profile("by-program", Dialect::Cos, "ap-tokyo");
    screen.send(Message::ProfileLoaded(Ok((Box::new(loaded), Vec::new()))));
    let model = &screen.model;
    assert_eq!(
        (model.profile().map(|profile| profile.name.as_str()), model.session.unresolved_profiles.len()),
        (Some("by-program"), 0)
    );
    screen.send(Message::ProfileLoaded(Err("credential_process failed".to_owned())));
    assert!(screen.picture().contains("credential_process failed"));
    assert_eq!(screen.model.session.current, 2, "one that failed changes nothing");
}

#[test]
fn groups_marks_and_notes() {
    let crowd = |width, height| Screen::with(width, height, canned::crowd());
    insta::assert_snapshot!("groups_120x40", crowd(120, 40).keys("cc").picture());
    insta::assert_snapshot!("groups_200x20", crowd(200, 20).keys("ccj").picture());
    insta::assert_snapshot!("groups_80x24", crowd(80, 24).keys("ccj").picture());
    insta::assert_snapshot!("groups_60x20", crowd(60, 20).keys("ccj").picture());
    insta::assert_snapshot!("group_opened", crowd(80, 24).keys("ccj⏎").picture());
    insta::assert_snapshot!("group_marked", crowd(80, 24).keys("ccj ").picture());
    insta::assert_snapshot!("marked_120x40", crowd(120, 40).keys(" j jj").picture());
    insta::assert_snapshot!("marked_60x20_menu", crowd(60, 20).keys("  Y").picture());
    let mut writing = Screen::filled(100, 40).keys("e");
    writing.send(Message::Pasted("the tool says:\r\nrequest 访问被拒\u{1b}[2J\nby the bucket's policy".to_owned()));
    insta::assert_snapshot!("note_prompt", writing.picture());
    insta::assert_snapshot!("note_kept", writing.keys("⏎").picture());
    let note = |screen: &Screen| screen.model.detail.shown.as_ref().and_then(|detail| detail.record.note.clone());
    let left = Screen::filled(80, 24).keys("eabc⎋");
    assert_eq!(note(&left), None, "Esc leaves it as it was");
    assert_eq!(note(&left.keys("eabc⏎")).as_deref(), Some("abc"));
}

#[test]
fn in_chinese() {
    let filled = |width, height| Screen::chinese(width, height, canned::records());
    insta::assert_snapshot!("zh_120x40", filled(120, 40).picture());
    insta::assert_snapshot!("zh_200x20", filled(200, 20).picture());
    insta::assert_snapshot!("zh_60x20", filled(60, 20).keys("jjj").picture());
    insta::assert_snapshot!("zh_help", filled(80, 50).keys("?").picture());
    insta::assert_snapshot!("zh_headers", filled(100, 24).keys("2").picture());
    insta::assert_snapshot!("zh_timing", filled(100, 24).keys("5").picture());
    insta::assert_snapshot!("zh_prompt", filled(100, 24).keys("p").picture());
    insta::assert_snapshot!("zh_copy_menu", filled(60, 20).keys("  Y").picture());
    insta::assert_snapshot!("zh_sort_menu", filled(100, 14).keys("s").picture());
    insta::assert_snapshot!("zh_filtered", filled(100, 14).keys("/status:4xx").picture());
    let crowd = |width, height| Screen::chinese(width, height, canned::crowd());
    insta::assert_snapshot!("zh_groups_120x40", crowd(120, 40).keys("cc").picture());
    insta::assert_snapshot!("zh_groups_200x20", crowd(200, 20).keys("ccj").picture());
    let mut first_run = Screen::empty(80, 14);
    first_run.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("zh_first_run", first_run.picture());
}

#[test]
fn a_click_on_a_tab_opens_it_in_either_language() {
    let click = |language, column| {
        let mut screen = Screen::filled(120, 40);
        screen.model.chrome.language = language;
        let areas = screen.model.areas().expect("a screen");
        screen.send(Message::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: areas.detail.x + column,
            row: areas.detail.y,
            modifiers: KeyModifiers::NONE,
        }));
        screen.model.detail.tab
    };
    // `─ 1 Why ─ 2 Headers ─ 3` and `─ 1 原因 ─ 2 响应头 ─ 3`.
    assert_eq!([8, 9].map(|column| click(Language::En, column)), [Tab::Why, Tab::Headers]);
    assert_eq!([9, 10].map(|column| click(Language::Zh, column)), [Tab::Why, Tab::Headers]);
}

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
fn groups_take_in_what_comes_later() {
    let mut screen = Screen::with(100, 24, canned::crowd()).keys("ccj");
    let selected = screen.model.table.selected_group();
    let more = canned::crowd();
    screen.records.extend(more.iter().cloned());
    screen.send(Message::Records(more));
    assert_eq!(
        (screen.model.table.length(), screen.model.table.order.len(), screen.model.table.selected_group()),
        (4, 80, selected)
    );
    assert!(screen.picture().contains("Failures 80 ▸ by Code · 4 groups"), "{}", screen.picture());
    assert_eq!(screen.model.picked().len(), 20);
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
        assert!(!text.contains(|c| c != '\n' && cosdiag::domain::text::is_hostile(c)), "{keys}: {text:?}");
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

#[test]
fn the_prompt_says_who_takes_every_bucket() {
    let screen = Screen::filled(80, 24).keys("pcos://*");
    assert!(screen.picture().contains("`cosdiag probe 'cos://*'` in a shell takes every bucket; name one here"));
    assert!(screen.keys("⏎").model.chrome.layers.len() == 1, "nothing is sent, and the prompt stays");
}

#[test]
fn the_cursor_stays_on_its_row_when_the_order_changes() {
    let screen = Screen::filled(100, 24).keys("jjjj");
    let row = screen.model.selected();
    let screen = screen.keys("sc");
    assert_eq!(screen.model.selected(), row);
    let screen = screen.keys("/code:SlowDown⏎");
    assert_eq!(screen.model.table.order.len(), 1);
    let screen = screen.keys("⎋");
    assert_eq!((screen.model.table.order.len(), screen.model.selected()), (7, row));
}

#[test]
fn the_error_site_that_the_headers_tab_shows_can_be_filtered_by() {
    let screen = Screen::with(100, 24, canned::crowd()).keys("/site:49dd-42aeecd0⏎");
    assert_eq!(screen.model.table.order.len(), 10, "two of every eight");
    assert_eq!(screen.keys("⎋/-site:49dd⏎").model.table.order.len(), 5, "those without a TraceId");
}

/// Some terminals have no rows or no columns, and some change their size before they tell.
#[test]
fn the_smallest_sizes_do_no_harm_whatever_is_open() {
    let sizes = [0, 1, 2, 3, 9, 10, 39, 40, 80, 220];
    let sizes: Vec<_> = sizes.iter().flat_map(|width| sizes.map(|height| (*width, height))).collect();
    for keys in ["", "j\u{23ce}", "z", "?", "p", "P", "n", "/x", "Y", "s", "R", "c", "ysy"] {
        let mut screen = Screen::filled(100, 30).keys(keys);
        for told in &sizes {
            screen.send(Message::Resized(told.0, told.1));
            for (width, height) in [*told, (0, told.1), (told.0, 0), (1, 1), (3, 100)] {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a backend");
                terminal.draw(|frame| view(&screen.model, frame)).expect("drawn");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// No size and no keys make it panic, and no hostile character reaches a cell.
    #[test]
    fn nothing_panics(width in 1u16..220, height in 1u16..60, keys in "[jkgGhl1234567vwHLzFfaYsytcmiobl/?pPeuM|<>⏎⎋⇥↓ ]{0,25}", to in (1u16..220, 1u16..60), chinese: bool) {
        let mut screen = Screen::filled(width, height);
        screen.model.chrome.language = if chinese { Language::Zh } else { Language::En };
        let mut screen = screen.keys(&keys);
        let _ = screen.picture();
        screen.send(Message::Resized(to.0, to.1));
        let picture = screen.picture();
        prop_assert!(!picture.replace('\n', "").contains(cosdiag::domain::text::is_hostile));
    }
}

/// Rows that were recorded earlier, or read from a file.
fn preloaded(width: u16, height: u16, mode: cosdiag::ui::Mode, records: Vec<Arc<Record>>) -> Screen {
    let mut screen = Screen::empty(width, height);
    screen.model.session.is_unsigned_start = false;
    screen.model.session.opened_at = "2026-11-26T06:40:00Z".parse().expect("a time");
    cosdiag::ui::update::open_preloaded(&mut screen.model, mode, screen.now);
    screen.records = records;
    screen.now += Duration::from_millis(100);
    screen.send(Message::Records(screen.records.clone()));
    screen
}

/// Some failures of four days, the newest first, of two profiles.
fn recorded() -> Vec<Arc<Record>> {
    let days = ["2026-11-26T05:10:00Z", "2026-11-25T23:59:00Z", "2026-11-25T10:00:00Z", "2026-11-20T04:00:00Z"];
    let of = |(record, time): (Arc<Record>, &&str)| {
        let mut record = Record::clone(&record);
        record.time = time.parse().expect("a time");
        Arc::new(record)
    };
    let failed = canned::crowd().into_iter();
    let mut records: Vec<_> = failed.zip(days.iter().cycle()).map(of).collect();
    records.sort_by_key(|record| std::cmp::Reverse(record.time));
    let mut last = Record::clone(records.last().expect("one"));
    last.profile = "prod-eu".to_owned();
    *records.last_mut().expect("one") = Arc::new(last);
    records
}

#[test]
fn history_and_import_say_what_they_are_and_when_it_was() {
    use cosdiag::ui::{Files, Found, Mode, Read};
    let history = |width, height| {
        let found = Found { all: 1204, since: Some("7d".to_owned()) };
        let mut screen = preloaded(width, height, Mode::History(found), recorded());
        screen.send(Message::Finished);
        screen
    };
    insta::assert_snapshot!("history_120x30", history(120, 30).picture());
    insta::assert_snapshot!("history_80x24", history(80, 24).picture());
    let import = |width, height, read: Read| {
        let files = Files { names: vec!["logs/s3.log".to_owned()], read: None };
        let mut screen = preloaded(width, height, Mode::Import(files), recorded());
        screen.send(Message::Read(read));
        screen.send(Message::Finished);
        screen
    };
    let lines = vec![
        "s3.log (s3-log): 3001 lines, 40 failures, 2256 where nothing failed, 1 not understood: line 7".to_owned(),
    ];
    let read = Read { units: (3001, "line"), not_understood: 1, passed: 2256, broken: 0, lines };
    let screen = import(120, 30, read.clone());
    insta::assert_snapshot!("import_120x30", screen.picture());
    // The first key is the table's; what was not understood can still be asked for.
    let screen = screen.keys("j");
    assert_eq!(screen.model.table.cursor, 1, "no panel took the key");
    let screen = screen.keys("!");
    assert!(screen.picture().contains("1 not understood: line 7"), "{}", screen.picture());
    let nothing = Read { passed: 3, ..Read::default() };
    assert!(!import(120, 30, nothing).picture().contains("not understood"));
}

#[test]
fn a_recorded_row_is_checked_and_sent_again_as_the_profile_it_was_sent_as() {
    use cosdiag::domain::profile::{Connection, Credentials, Dialect, Profile};
    let profile = |name: &str| Profile {
        name: name.to_owned(),
        dialect: Dialect::Cos,
        region: Some("ap-guangzhou".to_owned()),
        endpoint: cosdiag::domain::endpoint::Endpoint::of(Dialect::Cos, "https"),
        credentials: Some(Arc::new(Credentials::new("AKIDEXAMPLE", "FAKE", format!("profile {name}")))),
        anonymous: false,
        connection: Connection::default(),
        bucket: None,
        buckets: Arc::default(),
    };
    let effects = |names: &[&str], source: &str, key: char| {
        let mut record = Record::clone(&recorded()[0]);
        record.source = source.to_owned();
        let found = cosdiag::ui::Found { all: 1, since: None };
        let mut screen = preloaded(100, 24, cosdiag::ui::Mode::History(found), vec![Arc::new(record)]);
        screen.model.session.profiles = names.iter().map(|name| profile(name)).collect();
        screen.send(Message::Finished);
        let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
        let effects = update(&mut screen.model, Message::Key(key), screen.now);
        (effects, screen.model.chrome.status.map(|status| status.text).unwrap_or_default())
    };
    let auth = |effects: &[Effect]| match effects {
        [Effect::StartRun(probes, _)] => format!("{:?}", probes[0].auth),
        [Effect::Check { probe, recorded: false, .. }] => format!("{:?}", probe.auth),
        other => panic!("{other:?}"),
    };
    for key in ['r', 'd'] {
        let (own, _) = effects(&["other", "prod"], "probe", key);
        assert!(auth(&own).contains("profile prod"), "{key}: {own:?}");
        let (imported, words) = effects(&["other"], "import:s3.log:3", key);
        match key {
            'r' => assert!(auth(&imported).contains("profile other"), "{imported:?}"),
            _ => assert!(imported.is_empty() && words.contains("not sent from here"), "{words}"),
        }
    }
    let (gone, words) = effects(&["other"], "probe", 'r');
    assert!(
        auth(&gone).contains("profile other") && words.contains("prod is not here: sent again as other"),
        "{words}"
    );
    let (gone, words) = effects(&["other"], "probe", 'd');
    assert!(gone.is_empty() && words.contains("prod of this row is not here any more"), "{words}");
}

#[test]
fn rows_are_grouped_by_what_is_chosen_and_the_detail_is_of_the_newest() {
    let crowd = |width, height| Screen::with(width, height, canned::crowd());
    insta::assert_snapshot!("group_by_menu", crowd(100, 24).keys("c").picture());
    insta::assert_snapshot!("group_by_node_100x30", crowd(100, 30).keys("cn").picture());
    insta::assert_snapshot!("group_by_hour_80x24", crowd(80, 24).keys("ch").picture());
    let screen = crowd(120, 30).keys("cc");
    let picture = screen.picture();
    assert!(picture.contains("▸ by Code · 4 groups") && picture.contains("of the newest of 20"), "{picture}");
    assert!(picture.contains("y copy this id  Y all 20"), "{picture}");
    assert!(picture.contains("20 targets below photos-1250000000/2024/ · get-object"), "{picture}");
    let newest = screen.model.detail.shown.as_ref().map(|shown| shown.record.id);
    assert!(screen.records.iter().all(|record| record.status_code != Some(404) || Some(record.id) <= newest));
    let off = screen.keys("cc");
    assert!(off.model.table.groups.is_none() && !off.picture().contains("of the newest"), "{}", off.picture());

    // Groups that look alike get what parts them.
    let mut records = canned::crowd();
    for record in records.iter_mut().step_by(2) {
        let mut other = Record::clone(record);
        other.url = other.url.replace("photos-1250000000", "backup-1250000000");
        other.bucket = Some("backup-1250000000".to_owned());
        *record = Arc::new(other);
    }
    let screen = Screen::with(120, 30, records).keys("cc");
    insta::assert_snapshot!("groups_that_look_alike_120x30", screen.picture());
    assert!(screen.picture().contains("by Code, bucket"), "{}", screen.picture());
}
