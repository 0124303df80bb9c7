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

/// A screen with a profile to send with.
fn with_profile(screen: Screen, region: Option<&str>, credentials: bool) -> Screen {
    use cosdiag::domain::endpoint::Endpoint;
    use cosdiag::domain::profile::{Connection, Credentials, Dialect, KnownBucket, Profile};
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
        let pictures = [
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
    let urls: Vec<_> = probes.iter().map(|probe| probe.sent_url()).collect();
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
    for (screen, keys, words) in [
        (bare(), "new-1250000000", "No region: type one, such as ap-guangzhou"),
        (bare(), "cos://*", "no credentials"),
        (ready(), "cos://*⇥write", "does not go to cos://*"),
        (ready(), "://x", "is no target"),
        (ready(), "a-1250000000⇥put-object", "writes: only the suite \"write\" does that"),
        (ready(), "a-1250000000⇥head-object", "works on an object"),
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
    insta::assert_snapshot!("groups_120x40", crowd(120, 40).keys("c").picture());
    insta::assert_snapshot!("groups_200x20", crowd(200, 20).keys("cj").picture());
    insta::assert_snapshot!("groups_80x24", crowd(80, 24).keys("cj").picture());
    insta::assert_snapshot!("groups_60x20", crowd(60, 20).keys("cj").picture());
    insta::assert_snapshot!("group_opened", crowd(80, 24).keys("cj⏎").picture());
    insta::assert_snapshot!("group_marked", crowd(80, 24).keys("cj ").picture());
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
    insta::assert_snapshot!("zh_groups_120x40", crowd(120, 40).keys("c").picture());
    insta::assert_snapshot!("zh_groups_200x20", crowd(200, 20).keys("cj").picture());
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
    assert_eq!((picked("c").len(), picked("cj").len(), picked("cjj").len()), (20, 10, 5), "the largest group first");
    assert_eq!(picked("cj ").len(), 10);
    assert_eq!(picked("cj k ").len(), 5, "marked and unmarked again: the next group's");
    let screen = Screen::with(100, 24, canned::crowd()).keys("cj⏎");
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
    let mut screen = Screen::with(100, 24, canned::crowd()).keys("cj");
    let selected = screen.model.selected();
    let more = canned::crowd();
    screen.records.extend(more.iter().cloned());
    screen.send(Message::Records(more));
    assert_eq!(
        (screen.model.table.length(), screen.model.table.order.len(), screen.model.selected()),
        (4, 80, selected)
    );
    assert!(screen.picture().contains("Failures 80 ▸ 4 groups"), "{}", screen.picture());
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
