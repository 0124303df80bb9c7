//! Line 1 while requests are sent, and what stands in the table's place meanwhile.

use std::time::{Duration, Instant};

use cosdiag::ui::message::Message;
use cosdiag::ui::model::Run;

use crate::canned;
use crate::screen::Screen;

/// A run of which the crowd's records have come so far.
fn under_way(width: u16, height: u16) -> Screen {
    let mut screen = Screen::empty(width, height);
    screen.model.session.is_unsigned_start = false;
    let started = screen.now;
    screen.model.session.run = Run { started: Some(started), planned: 43, running: true, ..Run::default() };
    screen.records = canned::crowd();
    screen.now += Duration::from_secs(4);
    screen.send(Message::records(screen.records.clone()));
    screen
}

fn first_line(screen: &Screen) -> String {
    screen.picture().lines().next().unwrap_or_default().to_owned()
}

fn at(screen: &mut Screen, time: Instant) -> String {
    screen.now = time;
    screen.send(Message::TimeIsUp);
    first_line(screen)
}

#[test]
fn a_long_wait_is_told_by_the_second() {
    let mut screen = under_way(100, 24);
    let latest = screen.now;
    let due = |screen: &Screen| screen.model.session.run.tells_at().map(|at| (at - latest).as_secs());
    assert_eq!(due(&screen), Some(10));
    assert!(at(&mut screen, latest + Duration::from_secs(9)).contains("40/43 · 10/s · "));
    assert!(at(&mut screen, latest + Duration::from_secs(12)).contains("40/43 · waiting 12 s for 3"));
    assert_eq!(due(&screen), Some(13));
    screen.send(Message::records(Vec::from([screen.records[0].clone()])));
    assert!(!first_line(&screen).contains("waiting"));
    screen.send(Message::Finished);
    assert_eq!(due(&screen), None, "nothing is drawn while nothing happens");
}

#[test]
fn running() {
    insta::assert_snapshot!("running_100x24", under_way(100, 24).picture());
    let mut ascii = under_way(100, 24).keys("x");
    ascii.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    ascii.send(Message::Finished);
    assert!(first_line(&ascii).contains("# stopped at 40 of 43"), "{}", first_line(&ascii));
}
