//! The commands that send nothing, and what help says.

use std::fs;

use cosdiag::sandbox::Role;
use serde_json::Value;

use crate::probe;
use crate::support::{program, program_as, run, serve};

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
        out.starts_with("AccessDenied - 15 meanings")
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
    assert!(out.matches("AccessDenied - ").count() == 15 && out.matches("  Fix ").count() == 15, "{out}");
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
    assert!(out.contains(": 3 bytes without a status"), "bytes that are not text are counted as they came: {out}");
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
