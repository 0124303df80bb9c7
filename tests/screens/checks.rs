//! The Checks tab and the Sign tab.

use std::sync::Arc;

use cosdiag::domain::cause::Cause;
use cosdiag::domain::check::{Change, Check, CheckExchange, CheckKind, CheckOutcome, ShortResponse};
use cosdiag::domain::fact::{Evidence, EvidenceSource, Fact};
use cosdiag::domain::record::Record;
use cosdiag::domain::signed_element::SignedElement;
use cosdiag::domain::verdict::{Comparison, Confidence, Cors, CorsRule, Diagnosis, Former, Statement};
use cosdiag::i18n::Language;
use cosdiag::ui::message::Message;

use crate::canned;
use crate::copy::copied;
use crate::screen::{SIZES, Screen};

pub fn check(kind: CheckKind, changed: Change, outcome: CheckOutcome, id: u32) -> Check {
    let succeeded = outcome.response().is_some_and(|response| response.status == Some(200));
    let request_id = (id > 0).then(|| format!("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiN{id:02}="));
    Check { kind, changed, outcome, succeeded, request_id, exchange: None }
}

/// A record whose diagnosis is changed.
pub fn diagnosed(record: &Record, change: impl FnOnce(&mut Diagnosis)) -> Arc<Record> {
    let mut record = record.clone();
    change(record.diagnosis.get_or_insert_default());
    Arc::new(record)
}

/// A bucket that the checks found elsewhere.
pub fn checked() -> Arc<Record> {
    let change = serde_json::json!({ "statusCode": 404, "error": { "Code": "NoSuchBucket", "Message": "The bucket is not there." } });
    diagnosed(&canned::record(1, change), |diagnosis| {
        let first = &mut diagnosis.verdicts[0];
        diagnosis.was = Some(Former::of(first));
        first.cause = Cause::BucketWrongRegion;
        first.confidence = Confidence::Certain;
        let region = "ap-shanghai".to_owned();
        first.statement = Statement::FoundIn { region: region.clone() };
        let response =
            |status, code: Option<&str>| ShortResponse { status, code: code.map(str::to_owned), other_server: false };
        let seen = |kind, fact| Evidence { from: EvidenceSource::Check(kind), fact };
        let refused = response(Some(404), Some("NoSuchBucket"));
        first.evidence.push(seen(CheckKind::ServiceList, Fact::ListedElsewhere { region: region.clone() }));
        first.evidence.push(seen(CheckKind::Anonymous, Fact::NotPublic { response: refused.clone() }));
        let list = CheckOutcome::Buckets {
            response: response(Some(200), None),
            count: 26,
            more: false,
            listed: Some(true),
            region: Some(region),
        };
        let timeout = CheckOutcome::Response(response(None, Some("ETIMEDOUT")));
        diagnosis.checks = vec![
            check(CheckKind::ServiceList, Change::ListBuckets, list, 27),
            check(CheckKind::Anonymous, Change::NoSignature, CheckOutcome::Response(refused), 28),
            check(CheckKind::Direct, Change::NoProxy, timeout, 0),
        ];
        diagnosis.checks[1].exchange = Some(Box::new(CheckExchange {
            client_failure: None,
            method: "GET".to_owned(),
            url: "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/".to_owned(),
            headers: Some(vec![("content-type".to_owned(), "application/xml".to_owned())]),
            body: Some("<Error><Code>NoSuchBucket</Code></Error>".to_owned()),
            body_truncated: true,
            message: None,
        }));
    })
}

/// The screen on a record whose checks were planned with one that was not sent.
fn on_checks(size: (u16, u16)) -> Screen {
    let mut screen = Screen::with(size.0, size.1, vec![checked()]);
    let mut planned = checked().diagnosis.clone().unwrap_or_default().checks;
    let sweep = Change::EveryRegion { regions: 23 };
    planned.push(check(CheckKind::RegionSweep, sweep, CheckOutcome::Pending, 0));
    screen.model.session.planned_checks.insert(0, planned);
    screen
}

#[test]
fn checks_are_a_table() {
    for size in SIZES {
        let screen = on_checks(size).keys("6⇥j");
        insta::assert_snapshot!(format!("checks_{}x{}", size.0, size.1), screen.picture());
    }
    insta::assert_snapshot!("checks_60x20", on_checks((60, 20)).keys("6⇥").picture());
    insta::assert_snapshot!("checks_unfolded", on_checks((100, 40)).keys("6⇥j⏎").picture());
    let mut ascii = on_checks((100, 30));
    ascii.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    insta::assert_snapshot!("checks_ascii", ascii.keys("6⇥").picture());
    let mut chinese = on_checks((100, 30));
    chinese.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("checks_zh", chinese.keys("6⇥").picture());
}

#[test]
fn a_check_that_waits_has_its_row_at_once_and_one_that_was_needless_keeps_it() {
    let mut screen = Screen::with(120, 40, vec![checked()]).keys("6");
    let waiting = diagnosed(&checked(), |diagnosis| {
        diagnosis.checks = vec![
            check(CheckKind::ServiceList, Change::ListBuckets, CheckOutcome::Pending, 0),
            check(CheckKind::RegionSweep, Change::EveryRegion { regions: 23 }, CheckOutcome::Pending, 0),
        ];
    });
    screen.send(Message::Checked(0, waiting));
    let row = |screen: &Screen, words: &str| {
        let picture = screen.picture();
        picture.lines().find(|line| line.contains(words)).map_or_else(|| panic!("{picture}"), str::to_owned)
    };
    assert!(row(&screen, "… every region ").contains(" …  "), "{}", screen.picture());
    screen.send(Message::Checked(0, checked()));
    assert!(row(&screen, "○ every region ").contains("not sent  "), "{}", screen.picture());
}

#[test]
fn a_check_and_a_header_are_copied_by_the_line_that_is_chosen() {
    let mut screen = on_checks((120, 40)).keys("6⇥");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiN27="));
    let mut screen = screen.keys("j");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiN28="));
    let mut screen = screen.keys("jj");
    assert_eq!(copied(&mut screen), None, "never answered");
    let mut screen = screen.keys("2");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01="), "ids first");
    let mut screen = screen.keys("j");
    assert_eq!(copied(&mut screen).as_deref(), Some("tencent-cos"));
    let mut screen = screen.keys("⎋");
    assert_eq!(copied(&mut screen).as_deref(), Some("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM01="), "the row's id");
}

#[test]
fn cors_rules_are_rows() {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let rule = |origin: &str, methods: &[&str], headers: &[&str], exposed: &[&str], fits: [bool; 4]| CorsRule {
        origins: owned(&[origin]),
        methods: owned(methods),
        headers: owned(headers),
        exposed: owned(exposed),
        origin_fits: fits[0],
        method_fits: fits[1],
        headers_fit: fits[2],
        exposes_id: fits[3],
    };
    let change = serde_json::json!({ "method": "OPTIONS", "operation": "options-object", "key": "app.js",
        "error": { "Code": "AccessForbidden", "Message": "CORSResponse: This CORS request is not allowed." } });
    let record = diagnosed(&canned::record(1, change), |diagnosis| {
        let rules = CheckOutcome::CorsRules { response: ShortResponse::of_status(Some(200)), count: 2 };
        diagnosis.checks = vec![check(CheckKind::Preflight, Change::CorsRules, rules, 27)];
        diagnosis.cors = Some(Cors {
            origin: "https://shop.example.com".to_owned(),
            method: "PUT".to_owned(),
            headers: owned(&["content-type", "x-other"]),
            rules: vec![
                rule("https://www.example.com", &["GET"], &[], &["ETag"], [false, false, false, false]),
                rule(
                    "https://*.example.com",
                    &["GET", "PUT"],
                    &["content-type", "x-cos-acl"],
                    &["x-cos-request-id"],
                    [true, true, false, true],
                ),
            ],
        });
    });
    for (width, height) in SIZES {
        let screen = Screen::with(width, height, vec![Arc::clone(&record)]).keys("6");
        insta::assert_snapshot!(format!("cors_{width}x{height}"), screen.picture());
    }
    let mut ascii = Screen::with(100, 30, vec![record]);
    ascii.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    ascii.model.chrome.language = Language::Zh;
    insta::assert_snapshot!("cors_zh_ascii", ascii.keys("6").picture());
}

#[test]
fn both_signed_texts_line_by_line() {
    let host = "host=photos-1250000000.cos.ap-guangzhou.myqcloud.com&range=bytes%3D0-0";
    let long = "/2024/".repeat(30);
    let signed = |store: String, here: String| {
        let change =
            serde_json::json!({ "error": { "Code": "SignatureDoesNotMatch", "Message": "The Signature is invalid." } });
        let byte = store.bytes().zip(here.bytes()).take_while(|(a, b)| a == b).count() - 3;
        let both_equal = store == here;
        diagnosed(&canned::record(1, change), |diagnosis| {
            diagnosis.signature = Some(Comparison {
                text: "FormatString".to_owned(),
                store,
                here,
                line: (!both_equal).then_some(2),
                byte: (!both_equal).then_some(byte),
                element: SignedElement::Path,
            });
        })
    };
    let text = |path: &str| format!("get\n{path}\n\n{host}");
    let record = signed(text("/a%2Bb.txt"), text("/a+b.txt"));
    for (width, height) in SIZES {
        let screen = Screen::with(width, height, vec![Arc::clone(&record)]).keys("7");
        insta::assert_snapshot!(format!("sign_{width}x{height}"), screen.picture());
    }
    // A row without the tab shows Why; the tab comes back with the next row that has it.
    let rows = vec![Arc::clone(&record), canned::record(2, serde_json::json!({ "statusCode": 404 }))];
    let on_other = Screen::with(100, 30, rows).keys("7j");
    assert!(on_other.picture().contains("Evidence"), "{}", on_other.picture());
    assert!(on_other.keys("k").picture().contains("Signed text, line by line"));
    let of = |record: &Arc<Record>, width, height| Screen::with(width, height, vec![Arc::clone(record)]);
    insta::assert_snapshot!("sign_60x20", of(&record, 60, 20).keys("⏎7").picture());
    let record = signed(text(&format!("{long}%2B.txt")), text(&format!("{long}+.txt")));
    insta::assert_snapshot!("sign_long", of(&record, 100, 30).keys("7").picture());
    insta::assert_snapshot!("sign_unwrapped", of(&record, 100, 30).keys("⏎7wLLLLLLLLLLLLL").picture());
    let mut chinese = of(&signed(text("/a"), text("/a")), 100, 30);
    chinese.model.chrome.language = Language::Zh;
    chinese.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    insta::assert_snapshot!("sign_zh_ascii", chinese.keys("7").picture());
}

#[test]
fn a_row_tells_that_it_has_a_note_and_was_checked() {
    let mut screen = Screen::with(100, 24, canned::crowd());
    let line = |screen: &Screen, row: usize| screen.picture().lines().nth(3 + row).expect("a row").to_owned();
    screen = screen.keys("jjje").keys("seen today⏎");
    let noted = line(&screen, 3);
    assert!(noted.contains("AccessDenied ✎"), "{noted}");
    screen.send(Message::Checked(3, checked()));
    let both = line(&screen, 3);
    assert!(both.contains("AccessDenied ✎✔"), "{both}");
    assert!(!line(&screen, 4).contains(['✎', '✔']), "{}", line(&screen, 4));
    screen.model.chrome.glyphs = &cosdiag::ui::glyphs::ASCII;
    assert!(line(&screen, 3).contains("AccessDenied nc"), "{}", line(&screen, 3));
}

#[test]
fn unfolding_a_check_does_not_say_that_there_is_nothing_to_unfold() {
    let picture = on_checks((100, 40)).keys("6⇥⏎").picture();
    assert!(picture.contains("Changed") && !picture.contains("Nothing to unfold"), "{picture}");
    let nothing = Screen::with(100, 30, canned::records()).keys("3⇥⏎").picture();
    assert!(nothing.contains("Nothing to unfold here"), "{nothing}");
}
