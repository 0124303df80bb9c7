//! The mouse: what is under it is selected, opened, scrolled, filtered or moved.

use std::time::Duration;

use cosdiag::ui::message::Message;
use cosdiag::ui::model::{Focus, Tab};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::canned;
use crate::screen::Screen;

impl Screen {
    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        self.send(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    fn click(&mut self, column: u16, row: u16) {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row);
        self.mouse(MouseEventKind::Up(MouseButton::Left), column, row);
    }

    /// Clicks on the first place where these words stand.
    fn click_on(&mut self, words: &str) {
        let picture = self.picture();
        let found = picture.lines().zip(0..).find_map(|(line, row)| {
            let column = line.find(words)?;
            // The picture's lines are quoted.
            Some((line[..column].chars().count() - 1, row))
        });
        let (column, row) = found.unwrap_or_else(|| panic!("{words} is not in\n{picture}"));
        self.click(u16::try_from(column).expect("a column"), row);
    }

    fn places(&self) -> (usize, usize, usize) {
        (self.model.table.cursor, self.model.table.top, self.model.detail.top)
    }
}

fn crowd(width: u16, height: u16) -> Screen {
    Screen::with(width, height, canned::crowd())
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_the_cursor_stays() {
    let mut screen = crowd(100, 24).keys("jj");
    let on_table = (MouseEventKind::ScrollDown, 10, 5);
    screen.mouse(on_table.0, on_table.1, on_table.2);
    screen.mouse(on_table.0, on_table.1, on_table.2);
    assert_eq!(screen.places(), (2, 6, 0));
    // A row that comes, a new size and a look at the detail leave it there.
    screen.send(Message::Resized(100, 24));
    assert_eq!(screen.places(), (2, 6, 0));
    screen.mouse(MouseEventKind::ScrollUp, 10, 5);
    assert_eq!(screen.places(), (2, 3, 0));
    for _ in 0..100 {
        screen.mouse(on_table.0, on_table.1, on_table.2);
    }
    let rows = screen.model.areas().expect("a screen").table_rows();
    assert_eq!(screen.places(), (2, 40 - rows, 0));
    // The next key goes on from the cursor and brings it back into sight.
    let mut screen = screen.keys("j");
    assert_eq!(screen.places(), (3, 3, 0));
    // Over the detail it scrolls the text, and the table keeps the keys.
    let detail = screen.model.areas().expect("a screen").detail;
    screen.mouse(MouseEventKind::ScrollDown, 10, detail.y + 3);
    assert_eq!((screen.places(), screen.model.chrome.focus), ((3, 3, 3), Focus::Table));
}

#[test]
fn a_double_click_opens_and_two_clicks_do_not() {
    let mut screen = crowd(100, 30);
    screen.click(10, 6);
    assert_eq!((screen.model.table.cursor, screen.model.chrome.focus), (3, Focus::Table));
    screen.now += Duration::from_secs(1);
    screen.click(10, 6);
    assert_eq!(screen.model.chrome.focus, Focus::Table);
    screen.now += Duration::from_millis(200);
    screen.click(10, 6);
    assert_eq!(screen.model.chrome.focus, Focus::Detail);
    // Of a group it opens the rows.
    let mut screen = crowd(100, 30).keys("cc");
    screen.click(10, 4);
    screen.click(10, 4);
    assert!(screen.model.table.view.within.is_some());
}

#[test]
fn the_right_button_opens_what_can_be_copied() {
    let mut screen = crowd(100, 30);
    screen.mouse(MouseEventKind::Down(MouseButton::Right), 10, 6);
    assert_eq!(screen.model.table.cursor, 3);
    assert!(screen.picture().contains("Copy · this row"), "{}", screen.picture());
}

#[test]
fn the_edge_is_drawn_to_another_place() {
    for ((width, height), from, to) in [((100, 30), (60, 14), (60, 18)), ((160, 45), (100, 20), (92, 25))] {
        let mut screen = crowd(width, height);
        let before = screen.model.areas().expect("a screen");
        screen.mouse(MouseEventKind::Down(MouseButton::Left), from.0, from.1);
        screen.mouse(MouseEventKind::Drag(MouseButton::Left), to.0, to.1);
        let after = screen.model.areas().expect("a screen");
        assert!(before.beside == after.beside && before.table != after.table, "{before:?}");
        if after.beside {
            assert_eq!(after.table.right(), to.0);
        } else {
            assert_eq!(after.detail.y, to.1);
        }
        // It goes no further than both panes have room, and comes back at once.
        screen.mouse(MouseEventKind::Drag(MouseButton::Left), 0, 0);
        screen.mouse(MouseEventKind::Drag(MouseButton::Left), to.0, to.1);
        assert_eq!(screen.model.areas(), Some(after));
        screen.mouse(MouseEventKind::Up(MouseButton::Left), to.0, to.1);
        screen.mouse(MouseEventKind::Drag(MouseButton::Left), from.0, from.1);
        assert_eq!(screen.model.areas(), Some(after), "the button is up");
    }
}

#[test]
fn counts_filter_and_hints_act() {
    for width in [60, 80, 120] {
        let mut screen = crowd(width, 24);
        let all = screen.model.table.order.len();
        screen.click_on("■5");
        assert_eq!((screen.model.table.filter.as_str(), screen.model.table.order.len()), ("kind:server", 5));
        screen.click_on("▲");
        assert_eq!(screen.model.table.filter, "kind:client");
        screen.click_on("▲");
        assert_eq!((screen.model.table.filter.as_str(), screen.model.table.order.len()), ("", all));
    }
    // Successes are shown for it.
    let mut screen = Screen::filled(100, 24);
    screen.click_on("✓1");
    assert_eq!((screen.model.table.filter.as_str(), screen.model.table.order.len()), ("kind:ok", 1));
    let mut screen = crowd(120, 40);
    screen.click_on("4 Request");
    assert_eq!(screen.model.detail.tab, Tab::Request);
    screen.click_on("? help");
    assert!(screen.picture().contains("Keys · "), "{}", screen.picture());
    let mut screen = crowd(120, 40);
    screen.click_on("filter");
    assert!(screen.picture().contains("Filter"), "{}", screen.picture());
    screen.click(1, 1);
}
