//! The probe prompt and the profiles.

use std::sync::Arc;

use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::update::update;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::canned;
use crate::screen::Screen;

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
    assert!(screen.picture().contains("Now sending as other"), "{}", screen.picture());
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
            ("earlier_here", prompt_with(ready(width, height), "backup-1250000000⌃r⌃r")),
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
        (bare(), "new-1250000000", "Region? Type one, such as ap-guangzhou, or * for each bucket's own"),
        (bare(), "cos://*", "No credentials."),
        (ready(), "cos://*⇥write", "does not take cos://*"),
        (ready(), "://x", "unknown scheme"),
        (ready(), "a-1250000000⇥put-object", "writes. Only the suite \"write\" may write"),
        (ready(), "a-1250000000⇥head-object", "needs a key"),
        (ready(), "a-1250000000⇥fast", "Cannot send yet: 1 name is invalid."),
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
