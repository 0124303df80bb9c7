//! Every key of the key map, in every place: something changes, something is done, or the screen says why not.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::Connection;
use cosdiag::domain::record::Record;
use cosdiag::store::history::{RunSummary, Runs};
use cosdiag::ui::effect::Effect;
use cosdiag::ui::keymap;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::path::Entry;
use cosdiag::ui::model::{Found, Mode, Model, Run};
use cosdiag::ui::theme::{Colours, Theme};
use cosdiag::ui::update::update;
use cosdiag::ui::view::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::canned;

/// Made once: diagnosing them takes longer than all keys.
static RECORDS: LazyLock<Vec<Arc<Record>>> = LazyLock::new(canned::crowd);

struct Place {
    model: Model,
    records: Vec<Arc<Record>>,
    now: Instant,
}

/// The key written as in the key map.
fn key(written: &str) -> KeyEvent {
    if let Some(letter) = written.strip_prefix("C-") {
        let letter = letter.chars().next().expect("a letter");
        return KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    }
    let code = match written {
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Enter" => KeyCode::Enter,
        "Space" => KeyCode::Char(' '),
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "S-Tab" => KeyCode::BackTab,
        other => KeyCode::Char(other.chars().next().expect("a key")),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

impl Place {
    fn empty() -> Self {
        let look = canned::appearance();
        let theme = Theme::named("dark", Colours::default());
        let model = Model::new(Vec::new(), look, theme, TimeZone::UTC, (100, 24));
        Self { model, records: Vec::new(), now: Instant::now() }
    }

    fn filled() -> Self {
        let mut place = Self::empty();
        place.records.clone_from(&RECORDS);
        place.send(Message::records(place.records.clone()));
        place.send(Message::Finished);
        place
    }

    fn send(&mut self, message: Message) -> usize {
        let effects = update(&mut self.model, message, self.now);
        let count = effects.len();
        for effect in effects {
            match effect {
                Effect::LoadDetail(row) => {
                    let record = Arc::clone(&self.records[row as usize]);
                    self.send(Message::Detail(row, record));
                }
                Effect::Order(request) => {
                    self.send(Message::Ordered(request.answer(&false.into()).expect("not cancelled")));
                }
                Effect::ReadPair(rows) => {
                    let records = rows.map(|row| Arc::clone(&self.records[row as usize]));
                    self.send(Message::PairRead(rows, records));
                }
                _ => {}
            }
        }
        count
    }

    fn keys(mut self, keys: &str) -> Self {
        for written in keys.split_whitespace() {
            self.send(Message::Key(key(written)));
        }
        self.model.chrome.status = None;
        self
    }

    fn state(&self) -> String {
        format!("{:?}", self.model)
    }

    fn picture(&self) -> String {
        let (width, height) = self.model.chrome.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a backend");
        terminal.draw(|frame| view(&self.model, frame)).expect("drawn");
        terminal.backend().to_string()
    }
}

/// The cursor stands amid the rows, so that it can move either way.
fn rows() -> Place {
    let mut rows = Place::filled();
    rows.model.session.profiles = ["one", "two", "three"].map(canned::profile).to_vec();
    rows.model.session.targets =
        ["photos-1250000000", "logs-1250000000", "backup-1250000000"].map(str::to_owned).to_vec();
    rows.keys("j j j j j j j j j j j j j j j j j j j j")
}

fn during(run: Run) -> Place {
    let mut place = rows();
    place.model.session.run = run;
    place
}

fn checking() -> Place {
    let mut place = rows();
    place.model.session.checking = Some(0);
    place
}

/// The rows were sent from here.
fn sent() -> Place {
    let mut place = rows();
    let url = "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/".parse().expect("a URL");
    let probe = Probe::of_url(&url, false, &canned::profile("one"), &RequestOptions::default()).expect("a probe");
    let connection = Arc::new(Connection::default());
    place.model.session.probes = vec![(probe, connection); 40];
    place.model.session.last_run = 0..40;
    place
}

fn earlier() -> Place {
    let mut place = rows();
    let time = jiff::Timestamp::UNIX_EPOCH;
    let run = |run| RunSummary { run, failures: 3, times: (time, time), profiles: "prod".to_owned() };
    let latest = (1..=4).map(run).collect();
    place.send(Message::RunsFound(Ok(Some(Runs { failures: 12, latest })), true));
    place.keys("Down Down")
}

fn path(keys: &str) -> Place {
    let mut place = rows();
    place.send(Message::Key(key("I")));
    let entry = |name: &str, is_folder| Entry { name: name.to_owned(), is_folder, bytes: 2048 };
    let entries = vec![entry("logs", true), entry("lost.har", false), entry("s3.log", false)];
    place.send(Message::FolderListed(String::new(), entries));
    place.keys(keys.strip_prefix("I ").expect("it opens the line"))
}

/// The records of the history lie over those that were sent.
fn opened(mode: Mode) -> Place {
    let mut place = rows();
    place.send(Message::Opened(mode));
    place.send(Message::records(place.records.clone()));
    place.send(Message::Finished);
    place.keys("j j j j")
}

fn running() -> Place {
    during(Run { running: true, planned: 60, done: 40, ..Run::default() })
}

/// Where keys are pressed.
type MakePlace = fn() -> Place;

const PLACES: &[(&str, MakePlace)] = &[
    ("empty", Place::empty),
    ("nothing matches", || rows().keys("/ q q q Enter")),
    ("table", rows),
    ("first row", || rows().keys("g")),
    ("last row", || rows().keys("G")),
    ("detail", || rows().keys("Enter 2 j")),
    ("checks", || rows().keys("Enter 6")),
    ("marks", || rows().keys("Space")),
    ("groups", || rows().keys("c j")),
    ("a group", || rows().keys("c Enter j")),
    ("zoom", || rows().keys("z")),
    ("reading", || during(Run { running: true, reading: true, ..Run::default() })),
    ("running", running),
    ("checking", checking),
    ("copy", || rows().keys("Y Down")),
    ("copy of a group", || rows().keys("c Y Down")),
    ("sort", || rows().keys("s Down")),
    ("profiles", || rows().keys("P Down")),
    ("palette", || rows().keys(": e e Down Left")),
    ("palette, argument", || rows().keys(": r e g i o n Space a p Down Left")),
    ("help", || rows().keys("? j")),
    ("help, finding", || rows().keys("? / c o Down Down Left")),
    ("page", || rows().keys("i j")),
    ("prompt", || rows().keys("p Down Left")),
    ("filter", || rows().keys("/ a c Down Left")),
    ("note", || rows().keys("e a b C-j a b C-j a b Up Left")),
    ("what to watch", || sent().keys("w Down")),
    ("watching", || sent().keys("w w")),
    ("earlier runs", earlier),
    ("path of a file", || path("I l o Left Down")),
    ("history", || opened(Mode::History(Found::default()))),
    ("comparison", || rows().keys("Space = a j")),
    ("end of a comparison", || rows().keys("Space = G")),
    ("send all again?", || rows().keys("R")),
    ("leave?", || running().keys("q")),
];

#[test]
fn every_key_does_something_or_says_why_not() {
    let keymap = keymap::Keymap::default();
    let written: BTreeSet<&str> =
        keymap.entries().iter().flat_map(|entry| entry.keys.iter().map(String::as_str)).chain(["T", "&"]).collect();
    let (mut pressed, mut silent) = (0, Vec::new());
    for (name, make) in PLACES {
        for written in &written {
            let mut place = make();
            let before = place.state();
            let effects = place.send(Message::Key(key(written)));
            pressed += 1;
            if effects == 0 && place.state() == before {
                silent.push(format!("{name}: {written}"));
            }
            assert!(!place.picture().is_empty());
        }
    }
    assert!(pressed > 1500, "only {pressed} keys");
    assert!(silent.is_empty(), "{} of {pressed} keys do nothing and say nothing:\n{}", silent.len(), silent.join("\n"));
}
