//! What `probe` lists, writes and exits with.

use std::collections::HashSet;

use cosdiag::sandbox::Role;
use serde_json::Value;

use crate::probe;
use crate::support::{Served, program, program_as, run, serve};

fn records(served: &Served, role: Role, more: &[&str]) -> (Vec<Value>, i32) {
    let address = served.address.to_string();
    let mut arguments = probe(&address, more);
    arguments.extend(["--format", "json"]);
    let (out, err, status) = run(&mut program_as(role, &arguments));
    (serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")), status)
}

#[test]
fn failures_are_listed_and_the_status_says_so() {
    let served = serve();
    let (list, status) = records(&served, Role::Owner, &["photos-1250000000/missing.txt"]);
    assert_eq!((list.len(), status), (2, 1));
    let (head, get) = (&list[0], &list[1]);
    assert_eq!((head["operation"].as_str(), get["operation"].as_str()), (Some("head-object"), Some("get-object")));
    assert_eq!((head["codeFrom"].as_str(), get["codeFrom"].as_str()), (Some("get-twin"), Some("body")));
    for record in &list {
        assert_eq!(record["error"]["Code"], "NoSuchKey");
        assert_eq!(record["requestId"]["value"], record["headers"]["x-cos-request-id"]);
    }
    assert_ne!(head["requestId"]["value"], head["attempts"][1]["requestId"]);

    let (list, status) = records(&served, Role::Owner, &["photos-1250000000"]);
    assert_eq!((list.len(), status), (0, 0));
    let (list, status) = records(&served, Role::Owner, &["photos-1250000000", "--all", "--suite", "config"]);
    let outcomes: HashSet<_> = list.iter().map(|record| record["outcome"].as_str().expect("an outcome")).collect();
    assert_eq!((outcomes, status), (HashSet::from(["success", "not-configured"]), 0));
    let exceptions: HashSet<_> = list.iter().map(|record| &record["exception"]).collect();
    assert_eq!(exceptions, HashSet::from([&Value::Null]));
}

#[test]
fn a_preflight_that_hides_the_request_id_says_so() {
    let served = serve();
    let asked = ["web-1250000000/app.js", "--op", "options-object", "--origin", "https://www.example.com", "--all"];
    let (list, status) = records(&served, Role::Owner, &asked);
    assert_eq!((list[0]["outcome"].as_str(), status), (Some("success"), 0));
    let remark = list[0]["remarks"][0].as_str().unwrap_or_default();
    assert!(remark.contains("does not expose x-cos-request-id"), "{:?}", list[0]["remarks"]);
    let (list, status) = records(&served, Role::Owner, &[&asked[..], &["--diagnose"]].concat());
    let check = &list[0]["diagnosis"]["checks"][0];
    let words = "200, rule 1 allowed it and exposes ETag; rule 2 exposes the RequestId, but comes later";
    assert_eq!((check["check"].as_str(), check["outcome"].as_str(), status), (Some("preflight"), Some(words), 0));
}

#[test]
fn a_bucket_that_is_elsewhere_is_named_its_region() {
    let served = serve();
    let (list, _) = records(&served, Role::Owner, &["backup-1250000000", "--op", "get-bucket", "--diagnose"]);
    let first = &list[0]["diagnosis"]["verdicts"][0];
    assert_eq!(
        (first["summary"].as_str(), first["confidence"].as_str()),
        (Some("The bucket is in ap-shanghai."), Some("certain"))
    );
    assert!(first["fix"][0].as_str().is_some_and(|fix| fix.contains("--region ap-shanghai")), "{first}");
    let there = ["backup-1250000000", "--all", "--endpoint", "http://{bucket}.cos.ap-shanghai.myqcloud.com"];
    let (list, status) = records(&served, Role::Owner, &there);
    assert_eq!((list[0]["region"].as_str(), status), (Some("ap-shanghai"), 0), "the host says where it was asked");
}

#[test]
fn real_output_holds_to_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../assets/failure.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let served = serve();
    let targets = [
        "photos-1250000000/missing.txt",
        "portal-1250000000",
        "reset-1250000000",
        "truncated-1250000000",
        "busy-1250000000",
        "hostile-1250000000",
        "elsewhere-1250000000",
        "garbage-1250000000",
        "empty403-1250000000",
        "partner-1251111111",
        "nothere-1250000000",
    ];
    let mut arguments = targets.to_vec();
    arguments.extend(["--all", "--diagnose"]);
    let (mut list, _) = records(&served, Role::Owner, &arguments);
    list.extend(records(&served, Role::WrongKey, &["photos-1250000000", "--diagnose"]).0);
    let preflight = ["web-1250000000/app.js", "--op", "options-object", "--origin", "https://a.example", "--diagnose"];
    list.extend(records(&served, Role::Owner, &preflight).0);
    assert_eq!(list.len(), 27);
    for found in [
        "/diagnosis/signature/element",
        "/diagnosis/permission/policy",
        "/diagnosis/checks/0/requestId",
        "/diagnosis/was/cause",
        "/diagnosis/cors/rules/0/origins/0",
    ] {
        assert!(list.iter().any(|record| record.pointer(found).is_some_and(Value::is_string)), "{found}");
    }
    for record in &list {
        let errors: Vec<_> =
            validator.iter_errors(record).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}\n{record:#}");
    }
    let mut wrong = list[0].clone();
    wrong["codeFrom"] = "elsewhere".into();
    assert!(!validator.is_valid(&wrong), "a schema that takes anything proves nothing");
}

#[test]
fn formats_hold_the_same_rows_and_nothing_hostile() {
    let served = serve();
    let address = served.address.to_string();
    for format in ["table", "json", "ndjson", "csv", "markdown", "har"] {
        let mut arguments = probe(&address, &["hostile-1250000000", "--op", "get-bucket", "--format"]);
        arguments.push(format);
        let (out, err, status) = run(&mut program_as(Role::Owner, &arguments));
        assert_eq!(status, 1, "{err}");
        assert!(out.contains("AccessDenied") && out.contains("访问被拒绝"), "{format}: {out}");
        assert!(!out.replace('\n', "").contains(cosdiag::text::sanitize::is_unsafe_char), "{format}: {out:?}");
        assert!(err.contains("1 failed, 0 ok"), "{err}");
    }
}

#[test]
fn retries_are_attempts_each_with_its_own_id() {
    let served = serve();
    let (list, status) =
        records(&served, Role::Owner, &["flaky-1250000000/a.txt", "--op", "get-object", "--retries", "2", "--all"]);
    assert_eq!((list.len(), status), (1, 0));
    let attempts = list[0]["attempts"].as_array().expect("attempts");
    let statuses: Vec<_> = attempts.iter().map(|attempt| attempt["statusCode"].as_u64()).collect();
    assert_eq!(statuses, [Some(503), Some(206)]);
    assert_ne!(attempts[0]["requestId"], attempts[1]["requestId"]);
}

#[test]
fn the_write_suite_writes_a_key_of_its_own_and_takes_it_away() {
    let served = serve();
    let (list, status) = records(&served, Role::Owner, &["photos-1250000000", "--suite", "write", "--all"]);
    let methods: Vec<_> =
        list.iter().map(|record| (record["method"].as_str(), record["statusCode"].as_u64())).collect();
    assert_eq!((methods, status), (vec![(Some("PUT"), Some(200)), (Some("DELETE"), Some(204))], 0));
    let key = list[0]["key"].as_str().expect("a key");
    assert_eq!(list[1]["key"], key);
    let (list, _) = records(&served, Role::Owner, &[&format!("photos-1250000000/{key}"), "--op", "get-object"]);
    assert_eq!(list[0]["error"]["Code"], "NoSuchKey", "it is gone");
}

#[test]
fn a_presigned_url_is_sent_as_it_is_and_never_shown_whole() {
    let served = serve();
    let url = "http://photos-1250000000.cos.ap-guangzhou.myqcloud.com/cat.jpg";
    let (out, err, _) = run(&mut program_as(Role::Owner, &["sign", "GET", url, "--presign", "60", "--format", "json"]));
    let signed: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} {err}"));
    let presigned = signed["url"].as_str().expect("a URL").to_owned();
    let end: Option<i64> = presigned
        .split("q-sign-time=")
        .nth(1)
        .and_then(|rest| rest.split("%3B").nth(1)?.split('&').next()?.parse().ok());
    let left = end.expect("an end") - jiff::Timestamp::now().as_second();
    assert!((50..=60).contains(&left), "valid for 60 seconds from now on: {left}");
    let address = served.address.to_string();
    let send = |url: &str| {
        let arguments = ["probe", "--connect-to", &address, "--all", "--format", "ndjson", url];
        run(&mut program(&arguments))
    };
    let (out, err, status) = send(&presigned);
    assert_eq!(status, 0, "{out}{err}");
    let signature = presigned.split("q-signature=").nth(1).expect("a signature").split('&').next().expect("a value");
    assert!(!out.contains(signature) && out.contains("q-signature=[redacted]") && out.contains("q-sign-time"));
    let (_, err, status) = run(&mut program_as(
        Role::Owner,
        &["probe", "--connect-to", &address, &presigned.replace("cat.jpg", "other.jpg")],
    ));
    assert_eq!(status, 1, "the signature is the URL's, so it cannot fit another key: {err}");

    let old = presigned.replacen("q-sign-time=", "q-sign-time=1;2&was=", 1);
    let (_, err, _) = send(&old);
    assert!(err.contains("expired at 1970-01-01T00:00:02Z"), "{err}");
}

#[test]
fn an_authorization_given_by_hand_is_sent_untouched_and_never_shown() {
    let served = serve();
    let address = served.address.to_string();
    let by_hand = "Authorization: q-sign-algorithm=sha1&q-ak=AKIDTESTTESTTEST0000&q-signature=0000111122223333";
    let arguments = probe(&address, &["photos-1250000000", "--header", by_hand, "--format", "json"]);
    let (out, err, status) = run(&mut program_as(Role::Owner, &arguments));
    assert_eq!(status, 1, "{err}");
    let list: Value = serde_json::from_str(&out).expect("JSON");
    assert!(list[0]["twin"].is_null(), "a signature for HEAD says nothing about GET");
    assert!(list[0]["request"]["canonicalRequest"].is_null() && !out.contains("0000111122223333"), "{out}");
}
