//! Rows of the history and of files.

use std::sync::Arc;
use std::time::Duration;

use cosdiag::domain::record::Record;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::update::update;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::canned;
use crate::screen::Screen;

/// Rows that were recorded earlier, or read from a file.
fn preloaded(width: u16, height: u16, mode: cosdiag::ui::Mode, records: Vec<Arc<Record>>) -> Screen {
    let mut screen = Screen::empty(width, height);
    screen.model.session.is_unsigned_start = false;
    screen.model.session.opened_at = "2026-11-26T06:40:00Z".parse().expect("a time");
    cosdiag::ui::update::open_preloaded(&mut screen.model, mode, screen.now);
    screen.records = records;
    screen.now += Duration::from_millis(100);
    screen.send(Message::records(screen.records.clone()));
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
    let read = Read { units: (3001, cosdiag::import::Unit::Line), not_understood: 1, passed: 2256, broken: 0, lines };
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
            _ => assert!(imported.is_empty() && words.contains("was imported"), "{words}"),
        }
    }
    let (gone, words) = effects(&["other"], "probe", 'r');
    assert!(
        auth(&gone).contains("profile other") && words.contains("prod is not configured here: sent as other"),
        "{words}"
    );
    let (gone, words) = effects(&["other"], "probe", 'd');
    assert!(gone.is_empty() && words.contains("prod of this row no longer exists"), "{words}");
}
