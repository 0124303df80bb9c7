//! What passes a filter, what does not, and what cannot be read.

use super::*;
use crate::domain::dialect::Dialect;
use crate::domain::row::Row;
use crate::domain::row_target::RowTarget;
use crate::domain::severity::Severity;
use crate::domain::verdict::Confidence;
use proptest::prelude::*;

const ROW: Row<'static> = Row {
    severity: Severity::Client,
    status: 403,
    code: "AccessDenied",
    message: "Request has expired",
    request_id: "NjgzNDk2MmZf",
    dialect: Dialect::Cos,
    method: "HEAD",
    profile: "prod",
    region: "ap-guangzhou",
    host: "photos-1250000000.cos.ap-guangzhou.myqcloud.com",
    note: "asked on Monday",
    node: "",
    operation: "head-bucket",
    target: RowTarget { bucket: "photos-1250000000", rest: "/相册/猫.jpg" },
    cause: "clock-skew",
    certainty: Some(Confidence::Certain),
    site: "8efc6b2d3b069ca89454d10b9ef0018749ddf94d356b53a614ecc3d8f6b91b5942aeecd042aeecd042aeecd042aeecd0",
    time_ms: 0,
    latency_us: 1_500_000,
    tries: 1,
    from_twin: false,
};

#[test]
fn what_passes_and_what_does_not() {
    for (text, passes) in [
        ("", true),
        ("denied", true),
        ("denied expired", true),
        ("0000/相册", true),
        ("key:0000/相册", false),
        ("target:0000/相册/", true),
        ("photos/相册", false),
        ("403", true),
        ("not:403", false),
        ("404", false),
        ("40", false),
        ("denied missing", false),
        ("denied or missing", true),
        ("missing or latency:>1s", true),
        ("-photos", false),
        ("status:403", true),
        ("status:4xx code:access", true),
        ("status:>=500", false),
        ("-status:404", true),
        ("status:none", false),
        ("latency:>2s", false),
        ("latency:<=1500ms", true),
        ("\"has expired\"", true),
        ("message:\"expired request\"", false),
        ("猫", true),
        ("op:head bucket:photos id:njgz", true),
        ("code:", true),
        ("cause:clock", true),
        ("cause:permission", false),
        ("site:49dd-42aeecd0", true),
        ("site:42AEECD0 status:403", true),
        ("site:", true),
        ("site:49dd-bf52c057", false),
        ("-site:42aeecd0", false),
        (
            "site:OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OTQyYWVlY2QwNDJhZWVjZDA0MmFlZWNkMDQyYWVlY2Qw",
            true,
        ),
        ("-", true),
        ("or or", true),
        ("not:photos", false),
        ("not:missing status:403", true),
        ("not:status:403", false),
        ("not:status:404", true),
        ("not:", true),
        ("NOT:code:denied", false),
        ("-not:denied", true),
        ("sure:certain", true),
        ("sure:likely or sure:none", false),
        ("region:guang profile:prod method:head", true),
        ("region:beijing", false),
        ("bucket:photos -bucket:相册", true),
        ("key:相册 -key:photos", true),
        ("key:125", false),
        ("host:myqcloud", true),
        ("note:monday", true),
        ("-note:tuesday", true),
        ("code:=accessdenied", true),
        ("code:=Access", false),
        ("code:\"=Access\"", false),
        ("Code:Denied", true),
        ("\"status:403\"", false),
        ("\"-photos\"", false),
        ("\"or\"", false),
    ] {
        assert_eq!(Query::parse(text).expect(text).matches(&ROW), passes, "{text}");
    }
}

#[test]
fn errors_say_where_and_what_would_be_right() {
    let error = Query::parse("denied stauts:403").unwrap_err();
    assert_eq!(error.at, 7);
    assert!(error.to_string().contains("stauts is not a field; status?"), "{error}");
    assert_eq!((error.length, error.better), (10, Some((7..13, "status".to_owned()))));
    for (text, wanted) in [
        ("status:abc", "4xx"),
        ("status:4", "4xx"),
        ("status:40", "4xx"),
        ("latency:soon", ">2s"),
        ("sure:certian", "certain?"),
        ("not:sure:x", "certain, likely, possible or none"),
    ] {
        let error = Query::parse(text).unwrap_err();
        assert!(error.to_string().contains(wanted), "{text}: {error}");
    }
}

#[test]
fn narrowing_holds_for_every_alternative_and_asks_for_nothing_twice() {
    for (filter, more, narrowed) in [
        ("", "code:x", "code:x"),
        ("a or b", "code:=\"x y\"", "a code:=\"x y\" or b code:=\"x y\""),
        ("code:x", "code:x", "code:x"),
        ("code:x", "not:code:x", "code:x not:code:x"),
        ("a or b", "c or d", "a c or a d or b c or b d"),
    ] {
        let query = Query::parse(filter).unwrap().narrowed(&Query::parse(more).unwrap());
        assert_eq!(query.to_string(), narrowed, "{filter} and {more}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,40}") {
        let _ = Query::parse(&text).map(|query| query.matches(&ROW));
    }

    #[test]
    fn bytes_of_any_kind_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = Query::parse(&text).map(|query| query.matches(&ROW));
    }

    #[test]
    fn a_filter_printed_is_the_same_filter(
        text in "((-|not:|\"){0,2}(code|status|latency|sure|site|note|key|x-|)(:|:=|)(4xx|40[34]|>=5[0-9]{2}|none|[<>]?[0-9]{1,3}(\\.[0-9]{1,4})?(s|ms)|certain|[ \"=:a-zA-ZİΣß相-]{0,6})(\"| | or |)){0,4}",
    ) {
        if let Ok(query) = Query::parse(&text) {
            let printed = query.to_string();
            prop_assert_eq!(Query::parse(&printed), Ok(query), "{} printed as {}", text, printed);
        }
    }

    #[test]
    fn what_is_left_to_ask_of_a_row_comes_to_the_same_as_all(
        text in "((-|)(|bucket:|key:|target:|id:|target:=)[ab/-]{1,3}( | or )){0,3}[ab/]{1,3}",
        id in "[ab/]{0,3}",
        bucket in "[ab-]{0,3}",
        rest in "(/[ab/]{0,4})?",
    ) {
        let row = Row { request_id: &id, target: RowTarget { bucket: &bucket, rest: &rest }, ..ROW };
        let whole = format!("{bucket}{rest}");
        prop_assert_eq!(RowTarget::of(&whole), row.target);
        if let Ok(query) = Query::parse(&text) {
            let other = Row { request_id: "b", target: RowTarget { rest: "/b/a", ..row.target }, ..row };
            prop_assert_eq!(query.rest(&other).holds(&id, &rest, || row), query.matches(&row), "{}", text);
        }
    }

    #[test]
    fn a_quoted_value_finds_its_own_text(code in ".{1,20}") {
        let row = Row { code: &code, ..ROW };
        for sign in ["", "="] {
            let text = format!("code:{sign}{}", quoted(&code, true));
            let query = Query::parse(&text);
            prop_assert!(query.as_ref().is_ok_and(|query| query.matches(&row)), "{} {:?}", text, query);
        }
    }
}
