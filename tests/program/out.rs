//! What leaves the program for other people and programs: the HTTP archive, the support ticket, the
//! evidence file.

use std::fs;
use std::path::Path;

use cosdiag::report::evidence;
use cosdiag::sandbox::Role;
use serde_json::Value;

use crate::support::{Served, program_as, run, serve};

/// Sends to the sandbox in this language, with a ticket and an evidence file, and gives both and
/// standard error.
fn ticket(served: &Served, folder: &Path, language: &str, more: &[&str]) -> (String, String, String) {
    let [ticket, kept] = ["ticket.txt", "failures.cosdiag"].map(|name| folder.join(name));
    let address = served.address.to_string();
    let mut arguments = vec!["probe", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", &address];
    arguments.extend(["--ticket", ticket.to_str().expect("text"), "--evidence", kept.to_str().expect("text")]);
    arguments.extend(more);
    let (_, err, status) = run(program_as(Role::Owner, &arguments).env("LANG", language));
    assert_eq!(status, 1, "{err}");
    (fs::read_to_string(&ticket).expect("a ticket"), fs::read_to_string(&kept).expect("evidence"), err)
}

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
    let schema: Value = serde_json::from_str(include_str!("../har-1.2.schema.json")).expect("JSON");
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

#[test]
fn a_ticket_of_one_failure_has_what_support_asks_for() {
    let (served, folder) = (serve(), tempfile::tempdir().expect("a folder"));
    let key = "photos-1250000000/相册/missing.jpg";
    let (text, kept, err) = ticket(&served, folder.path(), "en_US.UTF-8", &[key, "--op", "head-object"]);
    let title = text.lines().next().expect("a title");
    assert!(
        title.starts_with("[COS] 404 NoSuchKey on head-object, photos-1250000000, ap-guangzhou, since 20"),
        "{title}"
    );
    let headings: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let wanted = [
        "Summary",
        "Ids",
        "When",
        "Request",
        "Answer",
        "Who",
        "From where",
        "Attempts",
        "Diagnosis so far",
        "Environment",
        "To send it again",
        "Removed",
    ];
    assert_eq!(headings[..12], wanted);
    let mut records = Vec::new();
    evidence::read(kept.as_bytes(), |record| records.push(record)).expect("whole");
    let [record] = records.as_slice() else { panic!("one record, not {}", records.len()) };
    for part in [
        format!("- RequestId: {}\n", record.copied_id().expect("an id")),
        format!(
            "- RequestId of the same request as GET: {}\n",
            record.twin.as_ref().and_then(|twin| twin.request_id.clone()).expect("an id")
        ),
        "(inferred from the RequestId)".to_owned(),
        "- Key, encoded: %E7%9B%B8%E5%86%8C/missing.jpg".to_owned(),
        "in step with the store's".to_owned(),
        "AKID…0000 (permanent key, from COS_SECRET_ID)".to_owned(),
        "cosdiag probe 'photos-1250000000/相册/missing.jpg' --op head-object --region ap-guangzhou".to_owned(),
        format!("cosdiag {} on {}/{}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH),
    ] {
        assert!(text.contains(&part), "{part} is not in\n{text}");
    }
    let (_, meter) = text.split_once("## Complete: ").expect("a meter");
    let (there, of) = meter.split_once(" of ").expect("two numbers");
    let (of, missing) = of.split_once("Missing:\n").expect("what is missing");
    let (there, wanted): (usize, usize) =
        (there.parse().expect("a number"), of.split_whitespace().next().expect("a word").parse().expect("a number"));
    assert_eq!(missing.lines().count(), wanted - there, "each missing thing on its line, with how to get it");
    assert!(
        missing.contains("result of the diagnosis tool: open the tool and add what it says as a note\n")
            && missing.lines().all(|line| line.contains(": "))
    );
    assert!(!text.contains("on the screen"), "a ticket made without a screen names keys:\n{text}");
    assert!(err.contains(&format!("{there} of {wanted} details that support asks for")), "{err}");
}

#[test]
fn a_ticket_without_an_id_leads_with_the_network_and_what_to_run() {
    let (served, folder) = (serve(), tempfile::tempdir().expect("a folder"));
    let (text, _, _) = ticket(&served, folder.path(), "en_US.UTF-8", &["reset-1250000000", "--op", "get-bucket"]);
    let headings: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).take(3).collect();
    assert_eq!(headings[..2], ["Summary", "From where"]);
    assert!(headings[2].starts_with("Commands whose output belongs here"), "{headings:?}");
    assert!(text.contains("never reached the store") && !text.contains("## Ids"), "{text}");
    let zh = ticket(&served, folder.path(), "zh_CN.UTF-8", &["reset-1250000000", "--op", "get-bucket"]).0;
    let reset = ["the connection was reset before a response came", "收到响应前连接被重置"];
    assert!(text.contains(reset[0]) && zh.contains(reset[1]) && !zh.contains(reset[0]), "{zh}");
    let host = "reset-1250000000.cos.ap-guangzhou.myqcloud.com";
    for command in [
        format!("    dig {host}\n"),
        format!("    mtr -rwbc 20 --tcp --port 80 {host}\n"),
        format!("curl -sv -o /dev/null http://{host}/"),
    ] {
        assert!(text.contains(&command), "{command} is not in\n{text}");
    }
    assert!(text.contains("\n- output of the commands above\n"), "{text}");
}

#[test]
fn a_ticket_of_a_thousand_failures_tells_kinds_ids_and_where_the_rest_is() {
    let (served, folder) = (serve(), tempfile::tempdir().expect("a folder"));
    let mut targets: Vec<String> = (0..700).map(|n| format!("photos-1250000000/missing-{n}.txt")).collect();
    targets.extend((0..250).map(|n| format!("busy-1250000000/{n}")));
    targets.extend((0..50).map(|n| format!("reset-1250000000/{n}")));
    targets.extend((0..20).map(|_| "photos-1250000000/cat.jpg".to_owned()));
    let mut more: Vec<&str> = targets.iter().map(String::as_str).collect();
    more.extend(["--op", "get-object"]);
    let (text, kept, _) = ticket(&served, folder.path(), "zh_CN.UTF-8", &more);
    for part in [
        "[COS] 1000 个失败请求，共 3 类，photos-1250000000，ap-guangzhou 等另外 2 个",
        "1020 个请求中有 1000 个失败，共 3 类；950 个有 RequestId，50 个没有",
        "1. 700 个 404 NoSuchKey",
        "发往该域名的 720 个请求中有 700 个失败",
        "2. 250 个 503 SlowDown",
        "3. 50 个 ECONNRESET",
        "收到响应前连接被重置",
        "共 950 个 RequestId，以下从每一类中列出 20 个：",
        "见附件 failures.cosdiag",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(text.len() < 8 * 1024, "{} bytes are too many to be read", text.len());
    let mut ids = std::collections::HashSet::new();
    evidence::read(kept.as_bytes(), |record| ids.extend(record.copied_id().map(str::to_owned))).expect("whole");
    assert_eq!(ids.len(), 950);
    let listed = text.lines().filter(|line| line.split_whitespace().next().is_some_and(|word| ids.contains(word)));
    assert_eq!(listed.count(), 20);
}

#[test]
fn hostile_text_stays_text_in_a_ticket() {
    let (served, folder) = (serve(), tempfile::tempdir().expect("a folder"));
    for (target, language) in [("hostile-1250000000", "en_US.UTF-8"), ("hostile-1250000000", "zh_CN.UTF-8")] {
        let (text, kept, _) = ticket(&served, folder.path(), language, &[target, "--op", "get-bucket"]);
        assert!(text.contains("访问被拒绝") && text.contains('␛'), "{text}");
        for written in [text, kept] {
            assert!(
                !written.replace(['\n', '\t'], "").contains(cosdiag::text::sanitize::is_unsafe_char),
                "{written:?}"
            );
        }
    }
}

#[test]
fn files_that_cannot_be_written_are_said_before_anything_is_sent() {
    let (served, folder) = (serve(), tempfile::tempdir().expect("a folder"));
    let nowhere = folder.path().join("no/such/folder/t.txt");
    for (option, path) in [("--ticket", &*nowhere), ("--evidence", &nowhere), ("--ticket", folder.path())] {
        let path = path.to_str().expect("text");
        let (out, err, status) = probe(&served, &["photos-1250000000/missing.txt", option, path]);
        assert_eq!((out.as_str(), status, err.lines().count()), ("", 2, 1), "{err}");
        assert!(err.contains(option) && err.contains(path), "{err}");
    }
    let text = folder.path().join("ticket.txt");
    let (_, err, status) = probe(&served, &["photos-1250000000", "--ticket", text.to_str().expect("text")]);
    assert_eq!(status, 0);
    assert!(err.contains("nothing failed, so no ticket") && !text.exists(), "{err}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left behind");
}
