//! The built program without a screen: what it prints, what it exits with, what it refuses.

mod support;

use std::collections::HashSet;
use std::fs;

use cosdiag::sandbox::Role;
use serde_json::Value;
use support::{Served, program, program_as, run, serve};

fn probe<'a>(served: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["probe", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", served];
    arguments.extend(more);
    arguments
}

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
    let schema: Value = serde_json::from_str(include_str!("../assets/failure.schema.json")).expect("JSON");
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

#[test]
fn what_is_odd_is_said_and_sent_all_the_same() {
    let served = serve();
    let address = served.address.to_string();
    let arguments = [
        "probe",
        "photos",
        "--region",
        "ap-guangzou",
        "--scheme",
        "http",
        "--connect-to",
        &address,
        "--format",
        "table",
    ];
    let (out, err, status) = run(&mut program_as(Role::Owner, &arguments));
    assert_eq!(status, 1, "{out}");
    assert!(err.contains("did you mean \"ap-guangzhou\"") && err.contains("lacks its APPID"), "{err}");
    let (out, err, status) = run(&mut program_as(
        Role::Owner,
        &[
            "probe",
            "photos-1250000000",
            "--op",
            "head-bucket",
            "--region",
            "ap-guangzhou",
            "--insecure",
            "--connect-to",
            &address,
            "--format",
            "ndjson",
        ],
    ));
    assert_eq!(status, 0, "{out}{err}");
    assert!(err.contains("--insecure"), "{err}");
}

/// Arguments, variables, and what the line must hold.
type Case<'a> = (Vec<&'a str>, Vec<(&'a str, &'a str)>, &'a [&'a str]);

/// One line that says what, where and what would be right; exit 2; nothing on standard output.
#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn bad_input_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("text").to_owned()
    };
    let no_pem = file("no.pem", "not a certificate");
    let typo = file("typo.toml", "[profile.prod]\nregin = \"ap-guangzhou\"\n");
    let broken = file("broken.toml", "[profile.prod\n");
    let half = file("half.toml", "[profile.prod]\nsecret_id = \"AKIDTESTTESTTEST\"\n");
    let good = file("good.toml", "[profile.prod]\nregion = \"ap-guangzhou\"\n");
    let t = "photos-1250000000";
    let r = ["--region", "ap-guangzhou"];
    let cases: Vec<Case<'_>> = vec![
        (vec!["probe", t, "--op", "head-buket"], vec![], &["--op", "head-buket", "Did you mean \"head-bucket\""]),
        (vec!["probe", t, "--op", "put-object"], vec![], &["writes", "--suite write"]),
        (vec!["probe", t, "--suite", "fast"], vec![], &["--suite", "quick, config"]),
        (vec!["probe", t, "--region", "ap guangzhou"], vec![], &["ap guangzhou", "host name"]),
        (vec!["probe", t], vec![], &["no region", "--region"]),
        (
            vec!["probe", t, "-p", "prd"],
            vec![("COSDIAG_CONFIG", &good)],
            &["--profile", "prd", "Did you mean \"prod\""],
        ),
        (
            vec!["probe", t],
            vec![("COSDIAG_CONFIG", &good), ("COSDIAG_PROFILE", "x")],
            &["COSDIAG_PROFILE", "Profiles: prod"],
        ),
        (vec!["probe", t, "--format", "xml"], vec![], &["--format", "xml", "ndjson"]),
        (vec!["probe", "two words"], vec![], &["two words", "BUCKET/KEY"]),
        (vec!["probe", "ftp://h/x"], vec![], &["ftp"]),
        (vec!["probe"], vec![], &["TARGET"]),
        (
            vec!["probe", t, "--endpoint", "localhost:9000"],
            vec![],
            &["--endpoint", "localhost:9000", "http://127.0.0.1:9000"],
        ),
        (vec!["probe", t, "--ca-file", &no_pem], vec![], &["--ca-file", "no.pem", "PEM"]),
        (vec!["probe", t, "--ca-file", "/nonexistent.pem"], vec![], &["--ca-file", "/nonexistent.pem", "not found"]),
        (vec!["probe", t, "-p", "prod"], vec![("COSDIAG_CONFIG", &typo)], &["typo.toml:2:1", "regin", "region"]),
        (vec!["probe", t, "-p", "prod"], vec![("COSDIAG_CONFIG", &broken)], &["broken.toml:1:"]),
        (
            vec!["probe", t, "-p", "prod"],
            vec![("COSDIAG_CONFIG", &half)],
            &["half.toml", "secret_id is set", "secret_key"],
        ),
        (vec!["probe", t], vec![("COSDIAG_CONFIG", "/nonexistent.toml")], &["/nonexistent.toml"]),
        (
            vec!["probe", t, r[0], r[1]],
            vec![("COS_SECRET_ID", ""), ("COS_SECRET_KEY", "")],
            &["no credentials", "COS_SECRET_ID", "--anonymous"],
        ),
        (
            vec!["probe", t, r[0], r[1]],
            vec![("COS_SECRET_KEY", "")],
            &["COS_SECRET_ID is set, but COS_SECRET_KEY is not"],
        ),
        (vec!["probe", t, "--dialect", "gcs"], vec![], &["--dialect: invalid value \"gcs\". Use one of cos, s3"]),
        (vec!["probe", t, "--scheme", "ftp"], vec![], &["--scheme: invalid value \"ftp\". Use one of https, http"]),
        (vec!["probe", t, "--connect-to", "somewhere"], vec![], &["--connect-to", "127.0.0.1:9000"]),
        (vec!["probe", t, "--proxy", "proxy:3128"], vec![], &["--proxy", "http://proxy.example.com:3128"]),
        (vec!["probe", t, "--timeout", "soon"], vec![], &["--timeout", "soon"]),
        (vec!["probe", t, "--header", "novalue"], vec![], &["--header", "Name: value"]),
        (vec!["probe", t, r[0], r[1], "--request", "DELETE /x"], vec![], &["DELETE", "write"]),
        (vec!["probe", t, r[0], r[1], "--request", "uploads"], vec![], &["uploads", "GET /?uploads"]),
        (vec!["probe", t, r[0], r[1], "--op", "options-object"], vec![], &["options-object needs a key"]),
        (vec!["probe", "photos-1250000000/k", r[0], r[1], "--op", "options-object"], vec![], &["--origin"]),
        (
            vec!["probe", "https://h/k?q-sign-time=1;2&q-signature=0", "--op", "head-object"],
            vec![],
            &["presigned URL is sent as it is"],
        ),
        (vec!["probe", t, "--concurrency", "0"], vec![], &["--concurrency", "1..=1024"]),
        (vec!["probe", t, "--regoin", "x"], vec![], &["--regoin", "--region"]),
        (vec!["sign", "GET", "no-url"], vec![], &["no-url", "full URL"]),
        (
            vec!["sign", "GET", "https://h/", "--dialect", "s3", "--time", "now"],
            vec![("AWS_ACCESS_KEY_ID", "AKIDTESTTESTTEST"), ("AWS_SECRET_ACCESS_KEY", "FAKEsecretFAKE")],
            &["--time", "RFC 3339"],
        ),
        (vec!["sandbox", "--listen", "0.0.0.0:0"], vec![], &["loopback"]),
        (vec!["sandbox", "--listen", "9000"], vec![], &["--listen", "127.0.0.1:9000"]),
        (vec!["demo", "--scenario", "none"], vec![], &["--scenario", "tour"]),
        (vec!["demo"], vec![], &["not a terminal", "cosdiag probe"]),
        (vec![], vec![], &["not a terminal", "cosdiag probe"]),
        (vec!["explode"], vec![], &["explode"]),
        (vec!["prob", "x"], vec![], &["\"prob\" is not a command. Did you mean \"probe\"?"]),
        (vec!["histroy"], vec![], &["Did you mean \"history\"?"]),
        (vec!["prob", "x", "--op", "head-bucket"], vec![], &["Did you mean \"probe\"?"]),
        (vec!["help"], vec![], &["cosdiag --help"]),
        (vec![t, r[0], r[1]], vec![], &["not a terminal", "cosdiag probe photos-1250000000"]),
        (vec!["cos://photos-1250000000/a.txt", r[0], r[1]], vec![], &["cosdiag probe cos://photos-1250000000/a.txt"]),
        (vec![t], vec![], &["no region"]),
        (vec!["cos://*"], vec![], &["cosdiag probe 'cos://*'"]),
        (vec!["probe", t, "--format", "jsn"], vec![], &["--format: invalid value \"jsn\"", "Did you mean \"json\"?"]),
        (vec!["import", "x", "--as", "s3log"], vec![], &["--as: invalid value \"s3log\"", "Did you mean \"s3-log\"?"]),
        (vec!["probe", t, "--suite", "objet"], vec![], &["--suite", "Did you mean \"object\"?"]),
    ];
    for (arguments, variables, parts) in cases {
        let mut command = program_as(Role::Owner, &arguments);
        for (name, value) in &variables {
            command.env(name, value);
        }
        let (out, err, status) = run(&mut command);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert_eq!(err.trim_end().lines().count(), 1, "{arguments:?}: {err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {part:?} is not in {err}");
        }
    }
}

#[test]
fn sign_shows_its_working_and_signs_exactly_the_headers_given() {
    let url = "https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b?acl";
    let mut command = program(&[
        "sign",
        "PUT",
        url,
        "--start",
        "1700000000",
        "--end",
        "1700003600",
        "--header",
        "Content-Type: text/plain",
        "--format",
        "json",
    ]);
    command.env("COS_SECRET_ID", "AKIDTESTTESTTEST").env("COS_SECRET_KEY", "FAKEsecretFAKEsecret");
    let (out, err, status) = run(&mut command);
    assert_eq!(status, 0, "{err}");
    let signed: Value = serde_json::from_str(&out).expect("JSON");
    let fields: Vec<_> = signed.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, ["authorization", "url", "signedHeaders", "canonicalRequest", "stringToSign"]);
    assert_eq!(signed["signedHeaders"], "content-type;host");
    assert_eq!(
        signed["canonicalRequest"],
        "put\n/a b\nacl=\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com\n"
    );
    assert!(signed["authorization"].as_str().is_some_and(|text| text.contains("q-sign-time=1700000000;1700003600")));
    assert!(!out.contains("FAKEsecret"));
}

#[test]
fn dots_that_cannot_be_sent_are_refused_in_one_line() {
    for (arguments, part) in [
        (
            vec!["probe", "http://h/a/../b", "--anonymous", "--proxy", "http://127.0.0.1:1"],
            "a proxy would change the path /a/../b",
        ),
        (vec!["probe", "http://h/..", "--anonymous"], "the dots in its path"),
    ] {
        let (out, err, status) = run(&mut program(&arguments));
        assert_eq!((out.as_str(), status, err.lines().count()), ("", 2, 1), "{err}");
        assert!(err.contains(part), "{err}");
    }
}

#[test]
fn sign_signs_what_was_typed() {
    for (typed, path, host, sent) in [
        ("https://H.Example/dot/../up.txt", "/dot/../up.txt", "H.Example", "/dot/../up.txt"),
        ("https://h//a//b/", "//a//b/", "h", "//a//b/"),
        ("https://h/%2e%2E/a+b c", "/../a+b c", "h", "/../a%2Bb%20c"),
        ("https://h/.", "/.", "h", "/."),
        ("https://h:443", "/", "h", "/"),
        ("http://H:8080?acl#x", "/", "H:8080", "/?acl"),
    ] {
        let mut command = program(&["sign", "GET", typed, "--format", "json"]);
        command.env("COS_SECRET_ID", "AKIDTESTTESTTEST").env("COS_SECRET_KEY", "FAKEsecretFAKEsecret");
        let (out, err, _) = run(&mut command);
        let signed: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{typed}: {error} {err}"));
        let lines: Vec<_> = signed["canonicalRequest"].as_str().expect("a text").lines().collect();
        assert_eq!((lines[1], lines[3]), (path, format!("host={}", host.replace(':', "%3A")).as_str()), "{typed}");
        let scheme = typed.split("//").next().expect("a scheme");
        assert_eq!(signed["url"], format!("{scheme}//{host}{sent}"));
    }
}

#[test]
fn a_presigned_url_with_dots_asks_for_its_own_key() {
    let served = serve();
    let address = served.address.to_string();
    let url = "http://photos-1250000000.cos.ap-guangzhou.myqcloud.com/dot/../cat.jpg";
    let (out, err, _) = run(&mut program_as(Role::Owner, &["sign", "GET", url, "--presign", "60", "--format", "json"]));
    let signed: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} {err}"));
    let presigned = signed["url"].as_str().expect("a URL");
    let arguments = ["probe", "--connect-to", &address, "--format", "json", presigned];
    let (out, err, status) = run(&mut program(&arguments));
    let list: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} {err}"));
    // There is a cat.jpg: to answer 200 would be to answer for another key.
    assert_eq!(
        (status, &list[0]["error"]["Code"], &list[0]["key"]),
        (1, &"NoSuchKey".into(), &"dot/../cat.jpg".into())
    );
}

#[test]
fn the_small_commands_print_what_they_promise() {
    let (out, _, status) = run(program(&["config", "path"]).env("XDG_CONFIG_HOME", "/xdg"));
    assert_eq!((out.as_str(), status), ("/xdg/cosdiag/config.toml\n", 0));
    let (out, _, status) = run(program(&["config", "path"]).env("COSDIAG_CONFIG", "/some/file.toml"));
    assert_eq!((out.as_str(), status), ("/some/file.toml\n", 0));
    for shell in ["bash", "zsh", "fish"] {
        let (out, _, status) = run(&mut program(&["completions", shell]));
        assert!(status == 0 && out.contains("cosdiag") && out.contains("sandbox"), "{shell}");
    }
    let (out, _, status) = run(&mut program(&["man"]));
    assert!(status == 0 && out.starts_with(".ie") && out.contains("cosdiag"), "{out}");
    let (out, _, status) = run(&mut program(&["--help"]));
    assert!(status == 0 && out.contains("probe") && out.contains("--connect-to"));
}

#[test]
fn codes_causes_and_ids_are_explained_offline_in_both_languages() {
    let explain = |what: &str, locale: &str| run(program(&["explain", what]).env("LANG", locale));
    let (out, err, status) = explain("accessdenied", "C");
    assert_eq!(status, 0, "{err}");
    assert!(
        out.starts_with("AccessDenied - 14 meanings")
            && out.contains("  request has expired ~")
            && !out.contains("Fix"),
        "{out}"
    );
    assert!(out.lines().count() < 25, "a line a meaning: {out}");
    let first = out.lines().position(|line| line.starts_with("  access denied.")).expect("the common one");
    assert!(first < out.lines().position(|line| line.contains("request has expired")).expect("another"), "{out}");
    let explain_with = |more: &[&str]| run(&mut program(&[&["explain", "AccessDenied"], more].concat()));
    let (out, _, status) = explain_with(&["Request has expired"]);
    assert!(
        status == 0 && out.matches("AccessDenied - 403").count() == 1 && out.contains("signature-expired"),
        "{out}"
    );
    let (unquoted, _, _) = explain_with(&["Request", "has", "expired"]);
    assert_eq!(out, unquoted);
    let (out, _, _) = explain_with(&["--all"]);
    assert!(out.matches("AccessDenied - ").count() == 14 && out.matches("  Fix ").count() == 14, "{out}");
    let (out, err, status) = run(&mut program(&["explain", "403"]));
    assert!(status == 2 && out.is_empty() && err.contains("cosdiag history status:403"), "{err}");
    let (out, _, _) = explain("NoSuchBucket", "zh_CN.UTF-8");
    assert!(out.contains("存储桶") && out.contains("bucket-not-found"), "{out}");
    let (out, _, status) = explain("clock-skew", "C");
    assert!(status == 0 && out.contains("NTP") && out.contains("RequestTimeTooSkewed"), "{out}");
    let (out, _, status) = explain("-197", "C");
    assert!(status == 0 && out.contains("JSON API"), "{out}");
    let (out, _, status) = explain("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=", "C");
    assert!(status == 0 && out.contains("2019-04-09T03:39:20Z") && out.contains("inferred"), "{out}");
    let (out, _, status) = explain("2012857AD9439B66", "C");
    assert!(status == 0 && out.contains("Not a RequestId of COS"), "{out}");
    let (out, err, status) = explain("AccesDenied", "C");
    assert_eq!((out.as_str(), status), ("", 2));
    assert!(err.contains("Did you mean \"AccessDenied\"?"), "{err}");
    let (_, err, _) = explain("AccesDenied", "zh_CN.UTF-8");
    assert!(err.contains("不是错误码") && err.contains("是否想输入“AccessDenied”"), "{err}");
    let (out, _, _) = run(&mut program(&["explain", "SlowDown", "--format", "json"]));
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(value["entries"][0]["retry"], true);
}

#[test]
fn a_pasted_error_gets_its_verdict_offline() {
    let folder = tempfile::tempdir().expect("a folder");
    let diagnose = |text: &str, more: &[&str]| {
        let path = folder.path().join("error.txt");
        fs::write(&path, text).expect("written");
        let mut arguments = vec!["diagnose", path.to_str().expect("text")];
        arguments.extend(more);
        run(&mut program(&arguments))
    };
    let go = "GET https://b-1250000000.cos.ap-guangzhou.myqcloud.com/k?q-signature=0123456789abcdef: 403 AccessDenied(Message: You are denied by bucket referer rule, RequestId: NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=, TraceId: OGVm)";
    let (out, err, status) = diagnose(go, &[]);
    assert_eq!(status, 1, "{err}");
    assert!(
        out.starts_with("### The bucket's hotlink protection")
            && out.contains("Cause      referer-denied - certain")
            && out.contains("2025-05-26T16:26:23Z")
            && !out.contains("0123456789abcdef"),
        "{out}"
    );
    // Nobody knows whether a pasted request was signed, so nothing about it is claimed.
    let (out, _, _) =
        diagnose("<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>", &["--format", "json"]);
    let list: Value = serde_json::from_str(&out).expect("JSON");
    let verdicts = list[0]["diagnosis"]["verdicts"].as_array().expect("verdicts");
    assert!(verdicts.iter().all(|verdict| verdict["confidence"] == "possible"), "{out}");
    for (format, start) in
        [("ndjson", "{\"schema\""), ("csv", "id,time,"), ("markdown", "| Status |"), ("har", "{\"log\"")]
    {
        let (out, _, status) = diagnose(go, &["--format", format]);
        assert!(out.starts_with(start) && status == 1, "{format}: {out}");
    }
    let (out, _, _) = diagnose("<Error><Code>NoSuchKey</Code><Mess", &[]);
    assert!(out.contains("object-not-found"), "{out}");
    for text in ["", "hello", "<Error><Code>Acc", "\u{1b}\0\u{7f}"] {
        let (out, err, status) = diagnose(text, &[]);
        assert!(out.starts_with("--- ") && out.contains("undetermined - unknown") && out.contains("curl -v"), "{out}");
        assert_eq!((err.as_str(), status), ("", 1));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let random = folder.path().join("random");
    fs::write(&random, [0xF3, 0x9C, 0xFF]).expect("written");
    let (out, _, _) = run(&mut program(&["diagnose", &random.display().to_string()]));
    assert!(out.contains(": 3 bytes without a status"), "what is no text is counted as it came: {out}");
}

/// Rows have numbers, those that failed the same way share a verdict, and every row has one.
#[test]
fn failures_of_the_same_kind_share_a_verdict() {
    let served = serve();
    let address = served.address.to_string();
    let targets = ["photos-1250000000/a.none", "photos-1250000000/b.none", "busy-1250000000"];
    let more = ["--op", "get-object", "--diagnose", "--format", "table"];
    let arguments = probe(&address, &[&targets[..2], &more].concat());
    let (out, err, status) = run(&mut program_as(Role::Owner, &arguments));
    assert_eq!(status, 1, "{err}");
    assert!(out.contains("\n1 ! 404") && out.contains("\n2 ! 404"), "{out}");
    assert_eq!((out.matches("\n1, 2  ### ").count(), out.matches("  Fix ").count()), (1, 1), "{out}");
    let place = |word: &str| out.find(word).unwrap_or_else(|| panic!("no {word} in {out}"));
    assert!(place("  Fix ") < place("  Evidence   body: "), "{out}");
    let ids = out.lines().filter(|line| line.contains("(inferred)")).count();
    assert_eq!(ids, 2, "each row's id: {out}");

    let arguments = probe(&address, &[targets[0], targets[2], "photos-1250000000", "--suite", "object"]);
    let (_, err, _) = run(&mut program_as(Role::Owner, &arguments));
    assert!(err.contains(" ms - 2 targets left out") || err.contains(" ms · 2 targets left out"), "{err}");
    assert!(err.contains("suite object needs a key"), "{err}");
}

#[test]
fn options_of_the_connection_stand_only_where_they_do_something() {
    let help = |arguments: &[&str]| run(&mut program(arguments)).0;
    for (arguments, named, whole) in [
        (&["probe", "-h"][..], true, false),
        (&["probe", "--help"], true, true),
        (&["config", "check", "--help"], true, true),
        (&["explain", "--help"], false, false),
        (&["history", "--help"], false, false),
        (&["completions", "-h"], false, false),
        (&["config", "path", "--help"], false, false),
    ] {
        let text = help(arguments);
        assert_eq!(text.contains("--region"), named, "{arguments:?}: {text}");
        assert_eq!(text.contains("--connect-to <"), whole, "{arguments:?}: {text}");
    }
    assert_eq!(help(&["sign", "-h"]).matches("\n  cosdiag sign").count(), 3);
    assert!(help(&["completions", "bash"]).contains("ndjson"), "values complete");
}
