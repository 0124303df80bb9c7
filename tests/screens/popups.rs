//! Lists, palette, columns, settings.

use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::Tab;
use cosdiag::ui::theme::Theme;
use cosdiag::ui::update::update;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::canned;
use crate::screen::Screen;

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
    let screen = screen.keys("GkkkkK>>=>");
    let screen = screen.keys(" ");
    assert!(shown(&screen).contains("Region"), "{}", shown(&screen));
    let wishes = screen.model.table.columns.clone();
    assert_eq!((wishes.hidden, wishes.added), (vec![Column::Request], vec![Column::Region]));
    let place = |column| wishes.order.iter().position(|known| *known == column);
    assert!(place(Column::Region) < place(Column::Cause), "{:?}", wishes.order);
    // What always stands cannot be taken away, and the Message has what is left.
    let screen = screen.keys("g ");
    assert!(screen.picture().contains("This column is always shown"));
    assert!(screen.keys("jj>").picture().contains("This column takes the room that the others leave"));
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
        assert!(screen.picture().contains("Host"), "{}", screen.picture());
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
    assert!(screen.picture().contains("No command matches"), "{}", screen.picture());
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
