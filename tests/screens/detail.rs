//! The text of the detail.

use std::sync::Arc;

use cosdiag::domain::record::Record;
use cosdiag::i18n::Language;

use crate::canned;
use crate::screen::{SIZES, Screen};

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
