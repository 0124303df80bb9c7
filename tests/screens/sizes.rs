//! At the sizes that matter, in either language, and at the smallest.

use cosdiag::domain::check::{Change, CheckKind, CheckOutcome};
use cosdiag::domain::fact::{Evidence, EvidenceSource, Fact};
use cosdiag::domain::signed_element::SignedElement;
use cosdiag::domain::verdict::{Comparison, Cors, CorsRule, Former, Statement};
use cosdiag::i18n::Language;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::Tab;
use cosdiag::ui::view::view;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::canned;
use crate::checks::{check, checked, diagnosed};
use crate::screen::Screen;

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

/// Where the terminal shows no more than ASCII nothing of ours is more.
#[test]
fn ascii_is_all_there_is() {
    let plain: Vec<_> = canned::crowd().into_iter().chain([checked(), canned::records()[1].clone()]).collect();
    let mut odd = Vec::new();
    for keys in [
        "", "2", "3", "4", "5", "6", "7", "G6", "Gk6⏎", "cc", "ccj", "Y", "s", "c", "P", "p", "?", ":", "i", "C", ",",
        " jv", "/sta", "/zzz", "/zzz⏎", "⏎/Acc", "e", "R", "r", "d", "T", "z", "u", "*", "-", "M", "F", "f",
    ] {
        for (width, height) in [(60, 20), (100, 30), (160, 45)] {
            let mut screen = Screen::empty(width, height);
            screen.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
            let picture = screen.showing(plain.clone()).keys(keys).picture();
            odd.extend(picture.lines().filter(|line| !line.is_ascii()).map(|line| format!("{keys}: {line}")));
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
    let mut first = Screen::empty(80, 24);
    first.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    assert!(first.picture().is_ascii(), "{}", first.picture());
}
