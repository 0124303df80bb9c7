//! Filter, groups, marks, and changes of the view.

use std::sync::Arc;

use cosdiag::domain::record::Record;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::update::update;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::canned;
use crate::screen::Screen;

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
fn groups_take_in_what_comes_later() {
    let mut screen = Screen::with(100, 24, canned::crowd()).keys("ccj");
    let selected = screen.model.table.selected_group();
    let more = canned::crowd();
    screen.records.extend(more.iter().cloned());
    screen.send(Message::records(more));
    assert_eq!(
        (screen.model.table.length(), screen.model.table.order.len(), screen.model.table.selected_group()),
        (4, 80, selected)
    );
    assert!(screen.picture().contains("Failures 80 ▸ by Code · 4 groups"), "{}", screen.picture());
    assert_eq!(screen.model.picked().len(), 20);
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
        ("**", 20, "code:NoSuchKey", "The filter already has that"),
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
    let start = format!("{:?}", crowd("").model.table.shown());
    let back = crowd("/slow⏎scaccf⎋uuuuuu");
    assert_eq!(format!("{:?}", back.model.table.shown()), start);
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
