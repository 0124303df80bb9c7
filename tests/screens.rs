//! Pictures of the screen as text, at the sizes that matter, from records that never change.
#![cfg(feature = "tui")]
#![allow(clippy::useless_vec, reason = "a screen is too large for the stack by the dozen")]

#[path = "support/canned.rs"]
mod canned;

use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::config::Appearance;
use cosdiag::diagnosis::rules;
use cosdiag::domain::cause::Cause;
use cosdiag::domain::check::{Change, Check, CheckKind, CheckOutcome, ShortResponse};
use cosdiag::domain::fact::{Evidence, EvidenceSource, Fact};
use cosdiag::domain::record::Record;
use cosdiag::domain::signed_element::SignedElement;
use cosdiag::domain::verdict::{Comparison, Confidence, Cors, CorsRule, Diagnosis, Former, Statement};
use cosdiag::i18n::Language;
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
        let look = Appearance {
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
            let diagnosis = rules::diagnose(&record);
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
                '⌫' => KeyCode::Backspace,
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
    use cosdiag::domain::credentials::Credentials;
    use cosdiag::domain::dialect::Dialect;
    use cosdiag::domain::profile::Profile;
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

/// A screen with a profile to send with.
fn with_profile(screen: Screen, region: Option<&str>, credentials: bool) -> Screen {
    use cosdiag::domain::credentials::Credentials;
    use cosdiag::domain::dialect::Dialect;
    use cosdiag::domain::endpoint::Endpoint;
    use cosdiag::domain::profile::{Connection, KnownBucket, Profile};
    let mut screen = screen;
    let key = Credentials::new("AKIDEXAMPLE0000000000000000000000000", "FAKEkeyFAKEkey", "profile prod");
    let known = |name: &str, region: &str| {
        (name.to_owned(), KnownBucket { name: name.to_owned(), region: Some(region.to_owned()) })
    };
    let profile = Profile {
        name: "prod".to_owned(),
        dialect: Dialect::Cos,
        region: region.map(str::to_owned),
        endpoint: Endpoint::of(Dialect::Cos, "https"),
        credentials: credentials.then(|| Arc::new(key)),
        anonymous: !credentials,
        connection: Connection::default(),
        bucket: None,
        buckets: Arc::new(region.map(|_| known("backup-1250000000", "ap-guangzhou")).into_iter().collect()),
    };
    let other = Profile { name: "readonly".to_owned(), buckets: Arc::default(), ..profile.clone() };
    screen.model.session.profiles = vec![profile, other];
    screen.model.session.targets = vec!["photos-1250000000".to_owned(), "logs-1250000000/2024/a b.txt".to_owned()];
    screen
}

/// The prompt on a fresh screen, these keys typed into it; `→` `←` `↓` `↑` and `⌃` with a letter too.
fn prompt_with(screen: Screen, keys: &str) -> Screen {
    let mut screen = screen.keys("p");
    let mut keys = keys.chars();
    while let Some(key) = keys.next() {
        let (code, modifiers) = match key {
            '⌃' => (KeyCode::Char(keys.next().expect("a letter")), KeyModifiers::CONTROL),
            '→' => (KeyCode::Right, KeyModifiers::NONE),
            '↓' => (KeyCode::Down, KeyModifiers::NONE),
            '↑' => (KeyCode::Up, KeyModifiers::NONE),
            '⇤' => (KeyCode::BackTab, KeyModifiers::NONE),
            '⇥' => (KeyCode::Tab, KeyModifiers::NONE),
            '⏎' => (KeyCode::Enter, KeyModifiers::NONE),
            other => (KeyCode::Char(other), KeyModifiers::NONE),
        };
        screen.send(Message::Key(KeyEvent::new(code, modifiers)));
    }
    screen
}

#[test]
fn the_probe_prompt() {
    let ready = |width, height| with_profile(Screen::filled(width, height), Some("ap-guangzhou"), true);
    let bare = |width, height| with_profile(Screen::empty(width, height), None, false);
    for (size, width, height) in [("80x24", 80, 24), ("100x30", 100, 30)] {
        let pictures = vec![
            ("fresh", prompt_with(ready(width, height), "")),
            ("several", prompt_with(ready(width, height), "photos-1250000000/2024/a.txt back")),
            ("wrong", prompt_with(ready(width, height), "Photos_1250000000⇥head-bukcet⇤")),
            ("no_region", prompt_with(bare(width, height), "photos-1250000000⇥⇥")),
            ("writes", prompt_with(ready(width, height), "photos-1250000000⇥write⏎")),
            ("earlier", prompt_with(ready(width, height), "⌃rbck12")),
        ];
        for (name, screen) in pictures {
            insta::assert_snapshot!(format!("probe_{name}_{size}"), screen.picture());
        }
    }
    insta::assert_snapshot!("probe_list_60x20", prompt_with(ready(60, 20), "↓").picture());
    let chinese = Screen::chinese(100, 30, canned::records());
    let chinese = with_profile(chinese, Some("ap-guangzhou"), true);
    insta::assert_snapshot!("zh_probe", prompt_with(chinese, "photos-1250000000 back⇥⇥head-bukcet⇥").picture());
}

/// What stands in the prompt's fields.
fn fields(screen: &Screen) -> [String; 4] {
    let Some(cosdiag::ui::model::Layer::Prompt(prompt)) = screen.model.chrome.layers.last() else {
        panic!("no prompt:\n{}", screen.picture())
    };
    cosdiag::ui::model::Field::ALL.map(|field| prompt.value(field).to_owned())
}

#[test]
fn what_is_typed_into_the_probe_prompt() {
    let ready = || with_profile(Screen::filled(100, 30), Some("ap-guangzhou"), true);
    let cases: &[(&str, [&str; 4])] = &[
        // What is typed takes the place of what stands there, in every field.
        ("new-1250000000⇥head-bucket⇥ap-tokyo⇥readonly", ["new-1250000000", "head-bucket", "ap-tokyo", "readonly"]),
        // Tab takes what is offered, and then goes on.
        ("back⇥⇥head-ob⇥⇥ap-bei⇥", ["backup-1250000000", "head-object", "ap-beijing", "prod"]),
        ("photos-1250000000 back⇥", ["photos-1250000000 backup-1250000000", "quick", "ap-guangzhou", "prod"]),
        // A key with a blank stays one word.
        ("2024⇥", ["\"logs-1250000000/2024/a b.txt\"", "quick", "ap-guangzhou", "prod"]),
        ("↓↓⏎", ["\"logs-1250000000/2024/a b.txt\"", "quick", "ap-guangzhou", "prod"]),
        // → takes what is right.
        ("Photos_1250000000→", ["photos-1250000000", "quick", "ap-guangzhou", "prod"]),
        ("x-1250000000⇥head-bukcet get-bucket→", ["x-1250000000", "head-bucket get-bucket", "ap-guangzhou", "prod"]),
        ("x-1250000000⇥⇥ap-guangzou→", ["x-1250000000", "quick", "ap-guangzhou", "prod"]),
        ("⇥⇥⇥prood→", ["photos-1250000000", "quick", "ap-guangzhou", "prod"]),
        // What was used before is found by some of its letters.
        ("⌃rbck12⏎", ["backup-1250000000", "quick", "ap-guangzhou", "prod"]),
    ];
    for (keys, wanted) in cases {
        assert_eq!(fields(&prompt_with(ready(), keys)), wanted.map(str::to_owned), "{keys}");
    }
    let mut pasted = prompt_with(ready(), "");
    pasted.send(Message::Pasted("a-1250000000\r\nb-1250000000\n".to_owned()));
    assert_eq!(fields(&pasted)[0], "a-1250000000  b-1250000000", "the list takes the old target's place");
    assert!(pasted.picture().contains("4 requests, read-only: head-bucket, get-bucket on 2 buckets"));
}

/// The effect of one more Enter.
fn entered(screen: &mut Screen) -> Vec<Effect> {
    let key = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
    update(&mut screen.model, Message::Key(key), screen.now)
}

#[test]
fn what_the_probe_prompt_sends() {
    let ready = || with_profile(Screen::filled(100, 30), Some("ap-guangzhou"), true);
    let mut screen = prompt_with(ready(), "a-1250000000 backup-1250000000/k⇥head-bucket⇥ap-tokyo");
    let effects = entered(&mut screen);
    let [Effect::StartRun(probes, _), ..] = effects.as_slice() else { panic!("{effects:?}") };
    let urls: Vec<_> = probes.iter().map(cosdiag::domain::probe::Probe::sent_url).collect();
    let host = |bucket: &str| format!("https://{bucket}.cos.ap-tokyo.myqcloud.com/");
    assert_eq!(urls, [host("a-1250000000"), host("backup-1250000000")], "the region that is typed goes for all");
    // What writes is asked about once more, and any other key takes that back.
    let mut screen = prompt_with(ready(), "a-1250000000⇥write");
    for _ in 0..2 {
        let effects = entered(&mut screen);
        assert!(effects.is_empty(), "{effects:?}");
        screen.send(Message::Key(KeyEvent::new(KeyCode::Home, KeyModifiers::NONE)));
    }
    entered(&mut screen);
    assert!(matches!(entered(&mut screen).as_slice(), [Effect::StartRun(probes, _), ..] if probes.len() == 2));
    // Files, the list of buckets and a region that nobody knows are looked up first.
    let keyed = || with_profile(Screen::empty(100, 30), None, true);
    for (screen, keys, lists, files) in
        [(ready(), "cos://*", true, 0), (ready(), "@list.txt", false, 1), (keyed(), "new-1250000000⇥⇥*", true, 0)]
    {
        let mut screen = prompt_with(screen, keys);
        let effects = entered(&mut screen);
        let [Effect::FindTargets(find)] = effects.as_slice() else { panic!("{keys}: {effects:?}") };
        assert_eq!((find.lists, find.files.len()), (lists, files), "{keys}");
    }
    // What is typed while they are read is not sent with what was read, and can be sent itself.
    let mut screen = prompt_with(ready(), "cos://*");
    entered(&mut screen);
    assert!(screen.picture().contains("Reading the targets"), "{}", screen.picture());
    screen.send(Message::Key(KeyEvent::new(KeyCode::Char('x'), KeyModifiers::NONE)));
    assert!(!screen.picture().contains("Reading the targets"), "{}", screen.picture());
    // What cannot be sent says so, and the prompt stays.
    let bare = || with_profile(Screen::empty(100, 30), None, false);
    for (screen, keys, words) in vec![
        (bare(), "new-1250000000", "No region: type one, such as ap-guangzhou"),
        (bare(), "cos://*", "no credentials"),
        (ready(), "cos://*⇥write", "does not go to cos://*"),
        (ready(), "://x", "unknown scheme"),
        (ready(), "a-1250000000⇥put-object", "writes: only the suite \"write\" does that"),
        (ready(), "a-1250000000⇥head-object", "needs a key"),
        (ready(), "a-1250000000⇥fast", "Cannot send yet: 1 name is not right."),
        (ready(), "a-1250000000⇥⇥⇥nobody", "no profile \"nobody\""),
    ] {
        let mut screen = prompt_with(screen, keys);
        assert!(screen.picture().contains(words), "{keys}:\n{}", screen.picture());
        let effects = entered(&mut screen);
        assert!(effects.is_empty() && screen.model.chrome.layers.len() == 1, "{keys}: {effects:?}");
    }
}

#[test]
fn a_row_opens_the_prompt_on_what_it_asked() {
    let screen = with_profile(Screen::filled(100, 30), Some("ap-guangzhou"), true).keys("E");
    assert_eq!(fields(&screen), ["photos-1250000000", "get-bucket", "ap-guangzhou", "prod"].map(str::to_owned));
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
    for keys in ["", "j\u{23ce}", "z", "?", "p", "P", "n", "/x", "Y", "s", "R", "c", "ysy", "CG", ","] {
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

const SIZES: [(u16, u16); 4] = [(80, 24), (100, 30), (120, 40), (160, 45)];

fn check(kind: CheckKind, changed: Change, outcome: CheckOutcome, id: u32) -> Check {
    let succeeded = outcome.response().is_some_and(|response| response.status == Some(200));
    let request_id = (id > 0).then(|| format!("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiN{id:02}="));
    Check { kind, changed, outcome, succeeded, request_id }
}

/// A record whose diagnosis is changed.
fn diagnosed(record: &Record, change: impl FnOnce(&mut Diagnosis)) -> Arc<Record> {
    let mut record = record.clone();
    change(record.diagnosis.get_or_insert_default());
    Arc::new(record)
}

/// A bucket that the checks found elsewhere.
fn checked() -> Arc<Record> {
    let change = serde_json::json!({ "statusCode": 404, "error": { "Code": "NoSuchBucket", "Message": "The bucket is not there." } });
    diagnosed(&canned::record(1, change), |diagnosis| {
        let first = &mut diagnosis.verdicts[0];
        diagnosis.was = Some(Former::of(first));
        first.cause = Cause::BucketWrongRegion;
        first.confidence = Confidence::Certain;
        let region = "ap-shanghai".to_owned();
        first.statement = Statement::FoundIn { region: region.clone() };
        let response =
            |status, code: Option<&str>| ShortResponse { status, code: code.map(str::to_owned), other_server: false };
        let seen = |kind, fact| Evidence { from: EvidenceSource::Check(kind), fact };
        let refused = response(Some(404), Some("NoSuchBucket"));
        first.evidence.push(seen(CheckKind::ServiceList, Fact::ListedElsewhere { region: region.clone() }));
        first.evidence.push(seen(CheckKind::Anonymous, Fact::NotPublic { response: refused.clone() }));
        let list = CheckOutcome::Buckets {
            response: response(Some(200), None),
            count: 26,
            more: false,
            listed: Some(true),
            region: Some(region),
        };
        let timeout = CheckOutcome::Response(response(None, Some("ETIMEDOUT")));
        diagnosis.checks = vec![
            check(CheckKind::ServiceList, Change::ListBuckets, list, 27),
            check(CheckKind::Anonymous, Change::NoSignature, CheckOutcome::Response(refused), 28),
            check(CheckKind::Direct, Change::NoProxy, timeout, 0),
        ];
    })
}

/// The screen on a record whose checks were planned with one that was not sent.
fn on_checks(size: (u16, u16)) -> Screen {
    let mut screen = Screen::with(size.0, size.1, vec![checked()]);
    let mut planned = checked().diagnosis.clone().unwrap_or_default().checks;
    let sweep = Change::EveryRegion { regions: 23 };
    planned.push(check(CheckKind::RegionSweep, sweep, CheckOutcome::Pending, 0));
    screen.model.session.planned_checks.insert(0, planned);
    screen
}

fn copied(screen: &mut Screen) -> Option<String> {
    let key = KeyEvent::new(KeyCode::Char('y'), KeyModifiers::NONE);
    let effects = update(&mut screen.model, Message::Key(key), screen.now);
    effects.into_iter().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text),
        _ => None,
    })
}

#[test]
fn checks_are_a_table() {
    for size in SIZES {
        let screen = on_checks(size).keys("6⇥j");
        insta::assert_snapshot!(format!("checks_{}x{}", size.0, size.1), screen.picture());
    }
    insta::assert_snapshot!("checks_60x20", on_checks((60, 20)).keys("6⇥").picture());
    insta::assert_snapshot!("checks_unfolded", on_checks((100, 30)).keys("6⇥⏎").picture());
    let mut ascii = on_checks((100, 30));
    ascii.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    insta::assert_snapshot!("checks_ascii", ascii.keys("6⇥").picture());
    let mut chinese = on_checks((100, 30));
    chinese.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("checks_zh", chinese.keys("6⇥").picture());
}

#[test]
fn a_check_that_waits_has_its_row_at_once_and_one_that_was_needless_keeps_it() {
    let mut screen = Screen::with(120, 40, vec![checked()]).keys("6");
    let waiting = diagnosed(&checked(), |diagnosis| {
        diagnosis.checks = vec![
            check(CheckKind::ServiceList, Change::ListBuckets, CheckOutcome::Pending, 0),
            check(CheckKind::RegionSweep, Change::EveryRegion { regions: 23 }, CheckOutcome::Pending, 0),
        ];
    });
    screen.send(Message::Checked(0, waiting));
    let row = |screen: &Screen, words: &str| {
        let picture = screen.picture();
        picture.lines().find(|line| line.contains(words)).map_or_else(|| panic!("{picture}"), str::to_owned)
    };
    assert!(row(&screen, "… every region ").contains(" …  "), "{}", screen.picture());
    screen.send(Message::Checked(0, checked()));
    assert!(row(&screen, "○ every region ").contains("not sent  "), "{}", screen.picture());
}

#[test]
fn a_check_and_a_header_are_copied_by_the_line_that_is_chosen() {
    let mut screen = on_checks((120, 40)).keys("6⇥");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiN27="));
    let mut screen = screen.keys("j");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiN28="));
    let mut screen = screen.keys("jj");
    assert_eq!(copied(&mut screen), None, "never answered");
    let mut screen = screen.keys("2");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01="), "ids first");
    let mut screen = screen.keys("j");
    assert_eq!(copied(&mut screen).as_deref(), Some("tencent-cos"));
    let mut screen = screen.keys("⎋");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01="), "the row's id");
}

#[test]
fn cors_rules_are_rows() {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let rule = |origin: &str, methods: &[&str], headers: &[&str], exposed: &[&str], fits: [bool; 4]| CorsRule {
        origins: owned(&[origin]),
        methods: owned(methods),
        headers: owned(headers),
        exposed: owned(exposed),
        origin_fits: fits[0],
        method_fits: fits[1],
        headers_fit: fits[2],
        exposes_id: fits[3],
    };
    let change = serde_json::json!({ "method": "OPTIONS", "operation": "options-object", "key": "app.js",
        "error": { "Code": "AccessForbidden", "Message": "CORSResponse: This CORS request is not allowed." } });
    let record = diagnosed(&canned::record(1, change), |diagnosis| {
        let rules = CheckOutcome::CorsRules { response: ShortResponse::of_status(Some(200)), count: 2 };
        diagnosis.checks = vec![check(CheckKind::Preflight, Change::CorsRules, rules, 27)];
        diagnosis.cors = Some(Cors {
            origin: "https://shop.example.com".to_owned(),
            method: "PUT".to_owned(),
            headers: owned(&["content-type", "x-other"]),
            rules: vec![
                rule("https://www.example.com", &["GET"], &[], &["ETag"], [false, false, false, false]),
                rule(
                    "https://*.example.com",
                    &["GET", "PUT"],
                    &["content-type", "x-cos-acl"],
                    &["x-cos-request-id"],
                    [true, true, false, true],
                ),
            ],
        });
    });
    for (width, height) in SIZES {
        let screen = Screen::with(width, height, vec![Arc::clone(&record)]).keys("6");
        insta::assert_snapshot!(format!("cors_{width}x{height}"), screen.picture());
    }
    let mut ascii = Screen::with(100, 30, vec![record]);
    ascii.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    ascii.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("cors_zh_ascii", ascii.keys("6").picture());
}

#[test]
fn both_signed_texts_line_by_line() {
    let host = "host=photos-1250000000.cos.ap-guangzhou.myqcloud.com&range=bytes%3D0-0";
    let long = "/2024/".repeat(30);
    let signed = |store: String, here: String| {
        let change =
            serde_json::json!({ "error": { "Code": "SignatureDoesNotMatch", "Message": "The Signature is invalid." } });
        let byte = store.bytes().zip(here.bytes()).take_while(|(a, b)| a == b).count() - 3;
        let both_equal = store == here;
        diagnosed(&canned::record(1, change), |diagnosis| {
            diagnosis.signature = Some(Comparison {
                text: "FormatString".to_owned(),
                store,
                here,
                line: (!both_equal).then_some(2),
                byte: (!both_equal).then_some(byte),
                element: SignedElement::Path,
            });
        })
    };
    let text = |path: &str| format!("get\n{path}\n\n{host}");
    let record = signed(text("/a%2Bb.txt"), text("/a+b.txt"));
    for (width, height) in SIZES {
        let screen = Screen::with(width, height, vec![Arc::clone(&record)]).keys("7");
        insta::assert_snapshot!(format!("sign_{width}x{height}"), screen.picture());
    }
    let of = |record: &Arc<Record>, width, height| Screen::with(width, height, vec![Arc::clone(record)]);
    insta::assert_snapshot!("sign_60x20", of(&record, 60, 20).keys("⏎7").picture());
    let record = signed(text(&format!("{long}%2B.txt")), text(&format!("{long}+.txt")));
    insta::assert_snapshot!("sign_long", of(&record, 100, 30).keys("7").picture());
    insta::assert_snapshot!("sign_unwrapped", of(&record, 100, 30).keys("⏎7wLLLLLLLLLLLLL").picture());
    let mut chinese = of(&signed(text("/a"), text("/a")), 100, 30);
    chinese.model.chrome.language = Language::Zh;
    chinese.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    insta::assert_snapshot!("sign_zh_ascii", chinese.keys("7").picture());
}

#[test]
fn every_millisecond_has_a_line() {
    let silent = canned::record(
        1,
        serde_json::json!({ "exception": "client", "statusCode": null, "headers": null, "codeFrom": "client",
            "answeredBy": "nobody", "requestId": null, "body": null,
            "error": { "Code": "ETIMEDOUT", "Message": "no answer in 2 s", "RequestId": null, "TraceId": null },
            "timing": { "dnsMs": 0.1, "connectMs": 6.5, "tlsMs": null, "firstByteMs": null, "totalMs": 2001.7, "reused": false } }),
    );
    let retried = Arc::clone(&canned::records()[5]);
    for (width, height) in SIZES {
        let of = |record: &Arc<Record>| Screen::with(width, height, vec![Arc::clone(record)]).keys("5");
        insta::assert_snapshot!(format!("waited_{width}x{height}"), of(&silent).picture());
        insta::assert_snapshot!(format!("attempts_{width}x{height}"), of(&retried).picture());
    }
    insta::assert_snapshot!("attempts_60x20", Screen::with(60, 20, vec![retried]).keys("⏎5").picture());
    let mut chinese = Screen::with(80, 24, vec![silent]);
    chinese.model.chrome.language = Language::Zh;
    chinese.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    insta::assert_snapshot!("waited_zh_ascii", chinese.keys("5").picture());
}

#[test]
fn the_policy_is_folded_to_a_line() {
    let change = serde_json::json!({ "error": { "Code": "AccessDenied", "Message": "Access Denied." } });
    let screen = Screen::with(100, 40, vec![canned::record(1, change)]).keys("⏎");
    insta::assert_snapshot!("policy_folded", screen.picture());
    let screen = screen.keys("⏎");
    assert!(screen.picture().contains("Policy that would allow it"), "{}", screen.picture());
    assert!(!screen.keys("⏎").picture().contains("Policy that would allow it"));
}

#[test]
fn the_column_chooser() {
    use cosdiag::config::save::Setting;
    use cosdiag::domain::column::Column;
    let shown = |screen: &Screen| screen.picture().lines().nth(2).unwrap_or_default().to_owned();
    insta::assert_snapshot!("columns_100x30", Screen::filled(100, 30).keys("C").picture());
    let screen = Screen::filled(120, 40);
    assert!(shown(&screen).contains("Sure") && shown(&screen).contains("Request "), "{}", shown(&screen));
    // Down to Request and Sure: both go.
    let screen = screen.keys("Cjjj jj ");
    assert!(!shown(&screen).contains("Sure") && !shown(&screen).contains("Request "), "{}", shown(&screen));
    let screen = screen.keys(" ");
    assert!(shown(&screen).contains("Sure"), "and comes back: {}", shown(&screen));
    // One that does not come in by itself is asked for, moved to the left, and made wider.
    let screen = screen.keys("GkkkK>>=>");
    let screen = screen.keys(" ");
    assert!(shown(&screen).contains("Region"), "{}", shown(&screen));
    let wishes = screen.model.table.columns.clone();
    assert_eq!((wishes.hidden, wishes.added), (vec![Column::Request], vec![Column::Region]));
    let place = |column| wishes.order.iter().position(|known| *known == column);
    assert!(place(Column::Region) < place(Column::Cause), "{:?}", wishes.order);
    // What always stands cannot be taken away, and the Message has what is left.
    let screen = screen.keys("g ");
    assert!(screen.picture().contains("This column always stands"));
    assert!(screen.keys("jj>").picture().contains("This column's width follows from the others"));
    let mut screen = Screen::filled(120, 40).keys("Cj>jjjj ");
    let key = KeyEvent::new(KeyCode::Char('S'), KeyModifiers::NONE);
    let effects = update(&mut screen.model, Message::Key(key), screen.now);
    let Some(Effect::SaveSettings(_, edits)) = effects.first() else { panic!("{effects:?}") };
    let of = |key| edits.iter().find(|edit| edit.key == key).map(|edit| (&edit.value, edit.usual));
    assert_eq!(of("hidden"), Some((&Setting::List(vec!["sure".into()]), false)));
    assert_eq!(of("widths"), Some((&Setting::Numbers(vec![("code".into(), 22)]), false)));
    assert_eq!(of("order"), Some((&Setting::List(Vec::new()), true)));
    assert!(screen.model.chrome.layers.is_empty());
    for size in [(40, 10), (60, 20), (80, 24)] {
        let screen = Screen::filled(size.0, size.1).keys("CG");
        assert!(screen.picture().contains("Node"), "{}", screen.picture());
    }
}

#[test]
fn settings_are_seen_at_once_and_saved() {
    use cosdiag::config::save::Setting;
    insta::assert_snapshot!("settings_80x24", Screen::filled(80, 24).keys(",").picture());
    let screen = Screen::filled(120, 40).keys(",l");
    assert_eq!(screen.model.chrome.theme, Theme::named("light", cosdiag::ui::theme::Colours::default()));
    let screen = screen.keys("jl");
    assert!(screen.picture().contains("> ! 403") && !screen.picture().contains('▲'), "{}", screen.picture());
    let screen = screen.keys("h");
    assert!(screen.picture().contains("▲ 403"), "{}", screen.picture());
    let screen = screen.keys("jl");
    assert!(!screen.model.chrome.look.mouse && screen.picture().contains("the terminal selects text"));
    let screen = screen.keys("jl");
    assert!(screen.model.areas().expect("a screen").beside);
    let screen = screen.keys("jll");
    assert!(screen.picture().contains("设置"), "{}", screen.picture());
    let mut screen = screen;
    let key = KeyEvent::new(KeyCode::Char('S'), KeyModifiers::NONE);
    let effects = update(&mut screen.model, Message::Key(key), screen.now);
    let Some(Effect::SaveSettings(_, edits)) = effects.first() else { panic!("{effects:?}") };
    let text = |text: &str| Setting::Text(text.to_owned());
    let saved: Vec<_> = edits.iter().map(|edit| (edit.key, edit.value.clone(), edit.usual)).collect();
    assert_eq!(
        saved,
        [
            ("theme", text("light"), false),
            ("glyphs", text("unicode"), false),
            ("mouse", Setting::Switch(false), false),
            ("split", text("beside"), false),
            ("language", text("zh"), false),
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// No size and no keys make it panic, and no hostile character reaches a cell.
    #[test]
    fn nothing_panics(width in 1u16..220, height in 1u16..60, keys in "[jkgGhl1234567vwHLzFfaYsytcmiobl/?pPeuM|<>CJKS,=⏎⎋⇥↓ ]{0,25}", to in (1u16..220, 1u16..60), chinese: bool) {
        let mut screen = Screen::filled(width, height);
        screen.model.chrome.language = if chinese { Language::Zh } else { Language::En };
        let mut screen = screen.keys(&keys);
        let _ = screen.picture();
        screen.send(Message::Resized(to.0, to.1));
        let picture = screen.picture();
        prop_assert!(!picture.replace('\n', "").contains(cosdiag::text::sanitize::is_unsafe_char));
    }
}

/// The text of a copy, and the popups that lead to it.
#[test]
fn the_popups() {
    let crowd = |width, height| Screen::with(width, height, canned::crowd());
    insta::assert_snapshot!("popup_copy_80x24", crowd(80, 24).keys("Y").picture());
    insta::assert_snapshot!("popup_copy_group_100x30", crowd(100, 30).keys("ccjY").picture());
    insta::assert_snapshot!("popup_copy_60x20", crowd(60, 20).keys("Y").picture());
    insta::assert_snapshot!("popup_sort_100x30", crowd(100, 30).keys("s↓↓").picture());
    insta::assert_snapshot!("popup_palette_100x30", crowd(100, 30).keys(":che").picture());
    insta::assert_snapshot!("popup_palette_argument_80x24", crowd(80, 24).keys(":region sha").picture());
    insta::assert_snapshot!("popup_help_120x40", crowd(120, 40).keys("?").picture());
    insta::assert_snapshot!("popup_help_found_80x24", crowd(80, 24).keys("?/copy").picture());
    insta::assert_snapshot!("popup_help_detail_80x24", crowd(80, 24).keys("⏎?").picture());
    insta::assert_snapshot!("popup_page_80x24", crowd(80, 24).keys("i").picture());
    let chinese = |width, height| Screen::chinese(width, height, canned::crowd());
    insta::assert_snapshot!("popup_zh_copy_80x24", chinese(80, 24).keys("Y").picture());
    insta::assert_snapshot!("popup_zh_help_100x30", chinese(100, 30).keys("?").picture());
    insta::assert_snapshot!("popup_zh_palette_80x24", chinese(80, 24).keys(":copy").picture());
    insta::assert_snapshot!("popup_zh_page_80x24", chinese(80, 24).keys("i").picture());
    let mut ascii = crowd(80, 24);
    ascii.model.chrome.glyphs = cosdiag::ui::glyphs::Glyphs::named("ascii", false);
    insta::assert_snapshot!("popup_ascii_copy_80x24", ascii.keys("Y").picture());
}

/// The last line of the screen.
fn last_line(screen: &Screen) -> String {
    screen.picture().lines().last().expect("a line").trim_matches('"').trim().to_owned()
}

#[test]
fn a_copy_says_what_was_copied() {
    use cosdiag::ui::clipboard::Way;
    let id = "NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01=";
    let said = |width, label: &str, text: &str, way| {
        let mut screen = Screen::filled(width, 24);
        let (label, text) = (label.to_owned(), text.to_owned());
        screen.send(Message::Copied { label, text, way: Some(way) });
        last_line(&screen)
    };
    let cases = [
        (80, "RequestId", id, Way::Local, format!("✓ {id} in the clipboard")),
        (80, "RequestId", id, Way::Tmux, format!("✓ {id} in the tmux buffer")),
        (80, "RequestId", id, Way::Osc52, format!("✓ {id} sent by OSC 52; paste to check")),
        (
            120,
            "2 RequestIds",
            &format!("{id}\nabc="),
            Way::Tmux,
            format!("✓ 2 RequestIds, the first {id}, in the tmux buffer"),
        ),
        (80, "curl line", "curl -sS -i https://x.example/", Way::Local, "✓ curl line in the clipboard".to_owned()),
    ];
    for (width, label, text, way, wanted) in cases {
        let line = said(width, label, text, way);
        assert!(line.ends_with(&wanted), "{line}");
        assert_eq!(line.starts_with("y copy id"), width >= 100, "the hints stay where there is room: {line}");
    }
    assert!(said(120, "RequestId", id, Way::Osc52).ends_with("sent to the terminal (OSC 52); paste to check"));
}

#[test]
fn a_mistake_stays_until_the_next_key_and_an_unknown_key_is_said() {
    let mut screen = Screen::filled(100, 24).keys("jjjy");
    assert!(last_line(&screen).starts_with("✗ No RequestId"), "{}", last_line(&screen));
    screen.now += Duration::from_secs(60);
    screen.send(Message::StatusExpired);
    assert!(last_line(&screen).starts_with("✗ No RequestId"), "{}", last_line(&screen));
    let mut screen = screen.keys("kT");
    assert!(
        last_line(&screen).starts_with("\"T\" has no meaning here · : lists all commands"),
        "{}",
        last_line(&screen)
    );
    screen.now += Duration::from_secs(2);
    screen.send(Message::StatusExpired);
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

#[test]
fn the_palette_runs_commands_with_arguments() {
    let screen = Screen::with(100, 30, canned::crowd()).keys(":filter code:SlowDown⏎");
    assert_eq!(screen.model.table.order.len(), 5);
    let screen = Screen::with(100, 30, canned::crowd()).keys(":explain nosuchb⇥⏎");
    assert!(screen.picture().contains("─ NoSuchBucket ─"), "{}", screen.picture());
    let screen = Screen::with(100, 30, canned::crowd()).keys(":sort code⏎");
    assert_eq!(screen.model.table.view.sort.column, cosdiag::domain::column::Column::Code);
    let screen = Screen::with(100, 30, canned::crowd()).keys(":checks what⏎");
    assert_eq!(screen.model.detail.tab, Tab::Checks);
    let screen = Screen::with(100, 30, canned::crowd()).keys(":zzzz⏎");
    assert!(screen.picture().contains("No command fits"), "{}", screen.picture());
    let mut screen = Screen::with(100, 30, canned::crowd()).keys(":csv");
    let effects =
        update(&mut screen.model, Message::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE)), screen.now);
    assert!(matches!(effects.as_slice(), [Effect::SaveCsv(rows)] if rows.len() == 40), "{effects:?}");
}

#[test]
fn a_click_on_a_line_of_a_list_takes_it() {
    let mut screen = Screen::with(100, 30, canned::crowd()).keys("s");
    let picture = screen.picture();
    let lines = picture.lines().map(|line| line.trim_start_matches('"').chars().collect::<String>());
    let (row, line) = lines.enumerate().find(|(_, line)| line.contains(" c  Code")).expect("a line");
    let column = line.split("c  Code").next().expect("a start").chars().count();
    screen.send(Message::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: u16::try_from(column).expect("small"),
        row: u16::try_from(row).expect("small"),
        modifiers: KeyModifiers::NONE,
    }));
    assert!(screen.model.chrome.layers.is_empty());
    assert_eq!(screen.model.table.view.sort.column, cosdiag::domain::column::Column::Code);
}

/// What an action left behind: the rows shown, the filter, what is said.
fn after(screen: &Screen) -> (usize, String, String) {
    let said = screen.model.chrome.status.as_ref().map(|status| status.text.clone()).unwrap_or_default();
    (screen.model.table.order.len(), screen.model.table.filter.clone(), said)
}

#[test]
fn the_filter_while_it_is_typed() {
    let crowd = |keys: &str| Screen::with(100, 30, canned::crowd()).keys(keys);
    insta::assert_snapshot!("filter_mistake_100x30", crowd("/404 statsu:4xx").picture());
    insta::assert_snapshot!("filter_values_100x30", crowd("/status:").picture());
    insta::assert_snapshot!("filter_mistake_60x20", Screen::filled(60, 20).keys("/403 not:sure:certian").picture());
    let chinese = Screen::chinese(80, 24, canned::records());
    insta::assert_snapshot!("zh_filter_held_80x24", chinese.keys("/statsu").picture());
    for (keys, rows, filter) in [
        ("/statsu", 40, "statsu"),
        ("/statsu:4", 40, "statsu:4"),
        ("/statsu:404⇥", 20, "status:404"),
        ("/statsu⇥", 40, "status:"),
        ("/stat", 40, "stat"),
        ("/stat⇥4⇥", 20, "status:404"),
        ("/status:⇥", 20, "status:404"),
        ("/status:⇥⇥", 10, "status:403"),
        ("/status:4", 40, "status:4"),
        ("/code:=n⇥", 20, "code:=NoSuchKey"),
        ("/sure:certian", 40, "sure:certian"),
        ("/statsu⏎", 0, "statsu"),
        ("/nowhere", 0, "nowhere"),
        ("/slow⏎/status:4⎋", 5, "slow"),
        ("/slow⏎/code:x⎋", 5, "slow"),
        ("/statsu:x⏎⏎⎋", 40, ""),
        ("/not:code:nosuchkey⏎", 20, "not:code:nosuchkey"),
    ] {
        let (shown, now, _) = after(&crowd(keys));
        assert_eq!((shown, now.as_str()), (rows, filter), "{keys}");
    }
}

/// Orders come when they are made, which may be when more is typed already.
#[test]
fn an_order_that_comes_late_takes_no_rows_away_for_a_mistake() {
    let mut screen = Screen::with(100, 30, canned::crowd()).keys("/404 ");
    let mut late = Vec::new();
    for key in "statsu:4xx".chars() {
        let key = Message::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE));
        late.extend(update(&mut screen.model, key, screen.now));
    }
    for effect in late {
        let Effect::Order(request) = effect else { continue };
        screen.send(Message::Ordered(request.answer(&false.into()).expect("not cancelled")));
    }
    assert_eq!(after(&screen).0, 20);
}

#[test]
fn anything_pasted_into_the_filter_leaves_it_usable() {
    for text in ["x".repeat(10 << 20), "\"-not:or \u{0}\u{1b}[2J\u{202e}访".repeat(1 << 19), "\n".repeat(10 << 20)] {
        let mut screen = Screen::filled(80, 24).keys("/");
        screen.send(Message::Pasted(text));
        assert!(screen.model.table.filter.chars().count() <= 4096);
        let picture = screen.picture();
        assert!(!picture.replace('\n', "").contains(cosdiag::text::sanitize::is_unsafe_char), "{picture}");
        assert_eq!(after(&screen.keys("⎋")), (7, String::new(), String::new()));
    }
}

#[test]
fn only_rows_like_this_one_or_none_of_them() {
    let crowd = |keys: &str| Screen::with(120, 40, canned::crowd()).keys(keys);
    for (keys, rows, filter, said) in [
        ("*", 20, "code:NoSuchKey", "Only code:NoSuchKey · u undoes it"),
        ("-", 20, "not:code:NoSuchKey", "Without code:NoSuchKey · u undoes it"),
        ("--", 10, "not:code:NoSuchKey not:code:AccessDenied", "Without code:AccessDenied · u undoes it"),
        ("**", 20, "code:NoSuchKey", "The filter asks for that already"),
        ("/404 or 403⏎*", 20, "404 code:nosuchkey or 403 code:nosuchkey", "Only code:NoSuchKey · u undoes it"),
        ("cc*", 20, "code:NoSuchKey", "Only code:NoSuchKey · u undoes it"),
        ("*u", 40, "", "Undone: filter · U redoes it"),
        ("-uU", 20, "not:code:NoSuchKey", "Redone: filter · u undoes it"),
    ] {
        let (shown, now, words) = after(&crowd(keys));
        assert_eq!((shown, now.as_str(), words.as_str()), (rows, filter, said), "{keys}");
    }
    let of = |id, code: &str, host: &str| {
        canned::record(id, serde_json::json!({ "url": format!("https://{host}/"), "error": { "Code": code } }))
    };
    let records = vec![of(1, "No \"Such", "a.x"), of(2, "No \"Such", "b.x"), of(3, "No \"SuchBucket", "a.x")];
    let likes = |keys: &str| after(&Screen::with(120, 40, records.clone()).keys(keys)).1;
    assert_eq!(likes("*"), "code:=\"No \"\"Such\"", "another Code has this one in it");
    assert_eq!(after(&Screen::with(120, 40, records.clone()).keys("*")).0, 2);
    assert_eq!(likes("cc*"), "code:=\"No \"\"Such\" host:=a.x");
    assert_eq!(after(&Screen::with(120, 40, records.clone()).keys("cc-")).0, 2, "the other host's stay");
}

#[test]
fn changes_of_the_view_are_undone_and_redone() {
    let crowd = |keys: &str| Screen::with(120, 40, canned::crowd()).keys(keys);
    let said = |keys: &str| after(&crowd(keys)).2;
    for (keys, words) in [
        ("u", "Nothing to undo in the view"),
        ("jGu", "Nothing to undo in the view"),
        ("U", "Nothing to redo in the view"),
        ("/slow⏎u", "Undone: filter · U redoes it"),
        ("/slow⎋u", "Nothing to undo in the view"),
        ("scu", "Undone: order · U redoes it"),
        ("ccu", "Undone: groups · U redoes it"),
        ("cc⏎u", "Undone: groups · U redoes it"),
        ("au", "Undone: successes · U redoes it"),
        ("fu", "Undone: columns · U redoes it"),
        ("Fu", "Undone: following · U redoes it"),
        ("Fju", "Nothing to undo in the view"),
        ("/slow⏎uUU", "Nothing to redo in the view"),
        ("/slow⏎uaU", "Nothing to redo in the view"),
    ] {
        assert_eq!(said(keys), words, "{keys}");
    }
    let start = format!("{:?}", cosdiag::ui::model::Shown::of(&crowd("").model.table));
    let back = crowd("/slow⏎scaccf⎋uuuuuu");
    assert_eq!(format!("{:?}", cosdiag::ui::model::Shown::of(&back.model.table)), start);
    assert_eq!(back.model.table.order.len(), 40);
}

#[test]
fn a_range_is_marked_and_taken_back() {
    for (keys, marked, ranging) in [
        ("v", 1, true),
        ("vjjj", 4, true),
        ("vjjjkk", 2, true),
        ("jjjvkk", 3, true),
        ("vjjv", 3, false),
        ("vjj jjj", 3, false),
        ("vjjvjjv", 4, true),
        (" jvj⎋", 1, false),
        ("vjj⎋", 0, false),
        ("vG", 40, true),
        ("ccvj", 30, true),
    ] {
        let screen = Screen::with(120, 40, canned::crowd()).keys(keys);
        let table = &screen.model.table;
        assert_eq!((table.marks.len(), table.range.is_some()), (marked, ranging), "{keys}");
    }
    insta::assert_snapshot!("range_80x24", Screen::with(80, 24, canned::crowd()).keys("jvjjj").picture());
}

#[test]
fn the_detail_is_searched() {
    let crowd = |keys: &str| Screen::with(100, 30, canned::crowd()).keys(keys);
    let state = |screen: &Screen| {
        let search = screen.model.detail.search.as_ref();
        search.map(|search| (search.text.clone(), search.at, search.found.len()))
    };
    let found = |text: &str, at, all| Some((text.to_owned(), at, all));
    for (keys, wanted) in [
        ("⏎3/code", found("code", Some(0), 2)),
        ("⏎3/code⏎n", found("code", Some(1), 2)),
        ("⏎3/code⏎nn", found("code", Some(0), 2)),
        ("⏎3/code⏎N", found("code", Some(1), 2)),
        ("⏎3/cOde", found("cOde", None, 0)),
        ("⏎3/Code", found("Code", Some(0), 2)),
        ("⏎3/code⏎w", found("code", Some(0), 2)),
        ("⏎3/code⎋", None),
        ("⏎3/code⏎/xyz⎋", found("code", Some(0), 2)),
        ("⏎3/code⏎/⏎", found("code", Some(0), 2)),
        ("⏎3/code⏎⎋", None),
        ("⏎3/code⏎2", found("code", None, 1)),
        ("⏎3/code⏎⇥jjjj", found("code", Some(0), 2)),
        ("⏎3n", None),
    ] {
        let screen = crowd(keys);
        assert_eq!(state(&screen), wanted, "{keys}");
        assert_eq!(screen.model.table.order.len(), 40, "{keys}: the table keeps its rows");
    }
    let once = crowd("⏎3/code⏎⎋");
    assert_eq!(once.model.chrome.focus, cosdiag::ui::model::Focus::Detail, "Esc leaves the search first");
    assert_eq!(crowd("⏎3/code⏎⎋⎋").model.chrome.focus, cosdiag::ui::model::Focus::Table);
    insta::assert_snapshot!("searched_100x30", crowd("⏎3/code⏎n").picture());
    insta::assert_snapshot!("searched_typing_80x24", Screen::with(80, 24, canned::crowd()).keys("⏎4/host").picture());
    let long = format!("<Error><Code>x</Code><A>{}NEEDLE{}</A></Error>", "a".repeat(91), "b".repeat(400));
    let long = || Screen::with(100, 30, vec![canned::record(1, serde_json::json!({ "body": long }))]);
    for keys in ["⏎3/aNEEDLEb", "⏎3w/aNEEDLEb", "⏎3/aNEEDLEb⏎w", "⏎3v/aNEEDLEb"] {
        let screen = long().keys(keys);
        assert_eq!(state(&screen).map(|state| state.2), Some(1), "{keys}: wrapped or not, it is one place");
        assert!(screen.picture().contains("1 of 1"), "{keys}");
    }
    let aside = long().keys("⏎3w/bNOT⌫").keys("⎋/NEEDLEb⏎").picture();
    assert!(aside.contains("NEEDLE"), "moved into sight:\n{aside}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Typing, completing, searching and undoing in any order: no panic, nothing hostile on the screen.
    #[test]
    fn nothing_typed_panics(
        width in 40u16..130, height in 10u16..45,
        keys in "[/*uUvnNcajG3w\\-⏎⎋⇥ ]{0,6}(/|⏎/|⏎3/)[a-z:=\"<>4x\u{202e}\u{200b}访 ⇥⏎⎋-]{0,20}[/*uUvnNcaj⏎⎋⇥ -]{0,6}",
    ) {
        let screen = Screen::with(width, height, canned::records()).keys(&keys);
        prop_assert!(!screen.picture().replace('\n', "").contains(cosdiag::text::sanitize::is_unsafe_char));
        let table = &screen.model.table;
        prop_assert!(table.cursor < table.length().max(1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Nor on what checks, rules and signed texts hold, whoever wrote it.
    #[test]
    fn nothing_panics_on_what_checks_found(
        size in (1u16..220, 1u16..60),
        keys in "[67⇥⏎jkwHLdyg]{0,12}",
        texts in ("[\\PC\u{0}-\u{1f}\u{202e}访]{0,90}", "[\\PC\u{0}-\u{1f}\u{202e}访]{0,90}"),
    ) {
        let (store, here) = texts;
        let record = diagnosed(&checked(), |diagnosis| {
            let outcome = CheckOutcome::Told(store.clone());
            diagnosis.checks.push(check(CheckKind::Referer, Change::Referer(here.clone()), outcome, 3));
            let from = EvidenceSource::Element(here.clone());
            diagnosis.verdicts[0].evidence.push(Evidence { from, fact: Fact::Value(store.clone()) });
            diagnosis.was = diagnosis.was.take().map(|was| Former {
                statement: Statement::Told { summary: here.clone(), fix: Vec::new() },
                ..was
            });
            let rule = CorsRule { origins: vec![here.clone()], headers: vec![store.clone()], ..CorsRule::default() };
            diagnosis.cors = Some(Cors {
                origin: store.clone(),
                method: here.clone(),
                headers: vec![here.clone()],
                rules: vec![rule],
            });
            diagnosis.signature = Some(Comparison {
                text: "FormatString".to_owned(),
                store: format!("get\n{store}\n{here}"),
                here: format!("get\n{here}"),
                line: Some(2),
                byte: Some(1),
                element: SignedElement::Told(here.clone(), store.clone()),
            });
        });
        let screen = Screen::with(size.0, size.1, vec![record]).keys(&keys);
        prop_assert!(!screen.picture().replace('\n', "").contains(cosdiag::text::sanitize::is_unsafe_char));
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
    "prod-eu".clone_into(&mut last.profile);
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
    use cosdiag::domain::credentials::Credentials;
    use cosdiag::domain::dialect::Dialect;
    use cosdiag::domain::profile::{Connection, Profile};
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
        record.source = source.into();
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
