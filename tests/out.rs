//! What leaves the program for other people and programs: the HTTP archive, the support ticket, the
//! evidence file.

mod support;

use cosdiag::sandbox::Role;
use serde_json::Value;
use support::{Served, program_as, run, serve};

/// Sends to the sandbox and gives standard output, standard error and the status.
fn probe(served: &Served, more: &[&str]) -> (String, String, i32) {
    let address = served.address.to_string();
    let mut arguments = vec!["probe", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", &address];
    arguments.extend(more);
    run(&mut program_as(Role::Owner, &arguments))
}

const ODD: [&str; 8] = [
    "photos-1250000000/missing.txt",
    "portal-1250000000",
    "reset-1250000000",
    "truncated-1250000000",
    "busy-1250000000",
    "hostile-1250000000",
    "elsewhere-1250000000",
    "garbage-1250000000",
];

#[test]
fn the_archive_holds_to_har_1_2() {
    let schema: Value = serde_json::from_str(include_str!("har-1.2.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let served = serve();
    let all = |more: &[&str]| -> Value {
        let (out, err, _) = probe(&served, &[more, &["--format", "har"]].concat());
        let har = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
        let errors: Vec<_> =
            validator.iter_errors(&har).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        har
    };
    assert_eq!(all(&["photos-1250000000"])["log"]["entries"], serde_json::json!([]), "nothing failed: still a log");

    let har = all(&[&ODD[..], &["--all", "--retries", "1"]].concat());
    let entries = har["log"]["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 18);
    for entry in entries {
        let phases = ["dns", "connect", "send", "wait", "receive"].map(|name| entry["timings"][name].as_f64());
        let sum: f64 = phases.into_iter().flatten().filter(|phase| *phase >= 0.0).sum();
        let time = entry["time"].as_f64().expect("a time");
        assert!((sum - time).abs() < 0.01, "time is the sum of the phases: {entry:#}");
        let no_answer = entry["response"]["status"] == 0;
        assert!(!no_answer || entry["_error"].as_str().is_some_and(|words| words.contains(": ")), "{entry:#}");
    }
    assert!(entries.iter().any(|entry| entry["response"]["status"] == 0), "a reset has no status");
    let text = |entry: &Value| entry["response"]["content"]["text"].as_str().unwrap_or_default().to_owned();
    assert!(entries.iter().any(|entry| text(entry).contains("<Code>NoSuchKey</Code>")));

    let mut wrong = har.clone();
    wrong["log"]["entries"][0]["timings"]["wait"] = (-1).into();
    assert!(!validator.is_valid(&wrong), "a schema that takes anything proves nothing");
}
