//! Many targets: out of files, all buckets of an account, again and again, and what is left after a cancel.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use cosdiag::sandbox::Role;
use serde_json::Value;

use crate::support::{Served, program_as, run, serve};

fn probe<'a>(address: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["probe", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", address];
    arguments.extend(["--timeout", "2", "--format", "ndjson"]);
    arguments.extend(more);
    arguments
}

/// Records, what was said, and the exit status.
fn send(served: &Served, role: Role, more: &[&str]) -> (Vec<Value>, String, i32) {
    let address = served.address.to_string();
    let (out, err, status) = run(&mut program_as(role, &probe(&address, more)));
    (records(&out), err, status)
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn texts<'a>(records: &'a [Value], field: &str) -> Vec<&'a str> {
    records.iter().map(|record| record[field].as_str().unwrap_or_default()).collect()
}

/// Started, with standard output and error to read from.
fn start(served: &Served, more: &[&str]) -> Child {
    let address = served.address.to_string();
    let mut command = program_as(Role::Owner, &probe(&address, more));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started")
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

#[test]
fn a_file_of_targets_is_probed_and_its_bad_lines_are_said() {
    let served = serve();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("targets.txt");
    let mut bytes =
        b"\xef\xbb\xbf# mine\r\n\r\nphotos-1250000000/gone-1.txt\r\n  photos-1250000000/gone-2.txt  \n".to_vec();
    bytes.extend(b"two words\nftp://x/\n\xff\xfe\nphotos-1250000000\n");
    bytes.extend(vec![b'x'; 20_000]);
    bytes.extend(b"\ncos://photos-1250000000/gone-3.txt");
    fs::write(&path, bytes).expect("written");
    let name = path.to_str().expect("text");
    let (list, err, status) = send(&served, Role::Owner, &["--targets-from", name, "--op", "get-object"]);
    let mut keys = texts(&list, "key");
    keys.sort_unstable();
    assert_eq!((keys, status), (vec!["gone-1.txt", "gone-2.txt", "gone-3.txt"], 1), "{err}");
    for part in [
        "targets.txt:5: \"two words\" is not a target",
        "targets.txt:6: \"ftp://x/\": unknown scheme",
        "targets.txt:7: not UTF-8",
        "targets.txt:9: longer than 16384 bytes",
        "line 8: ",
        "3 failed, 0 ok",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn a_thousand_targets_come_out_of_a_pipe() {
    let served = serve();
    let address = served.address.to_string();
    let mut lines = String::new();
    for number in 0..1000 {
        let _ = writeln!(lines, "photos-1250000000/{}", if number % 10 == 0 { "gone.txt" } else { "cat.jpg" });
    }
    lines.push_str(&"no target\n".repeat(100));
    let arguments = probe(&address, &["--targets-from", "-", "--op", "head-object", "--rate", "100000/s"]);
    let mut child = program_as(Role::Owner, &arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("taken");
    let output = child.wait_with_output().expect("ended");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    let list = records(&String::from_utf8_lossy(&output.stdout));
    assert_eq!((list.len(), output.status.code()), (100, Some(1)), "{err}");
    let ids: HashSet<_> = list.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids.len(), 100);
    assert!(
        err.contains("100 failed, 900 ok") && err.contains("standard input: 80 more invalid lines are skipped"),
        "{err}"
    );
    assert!(!err.contains('\u{1b}') && !err.contains('\r'), "progress is for terminals: {err}");
}

#[test]
fn a_file_without_a_target_cannot_be_run() {
    let served = serve();
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("text").to_owned()
    };
    let (empty, bad, buckets) =
        (file("empty", "# nothing\n\n"), file("bad", "two words\n"), file("buckets", "photos-1250000000\n"));
    let directory = folder.path().to_str().expect("text");
    for (arguments, part) in [
        (vec!["--targets-from", &empty], "empty: no targets"),
        (vec!["--targets-from", &bad], "no valid targets (1 invalid lines)"),
        (vec!["--targets-from", &buckets, "--op", "get-object"], "none of the 1 targets"),
        (vec!["--targets-from", directory], "it is a directory"),
        (vec!["--targets-from", "/nonexistent"], "/nonexistent: No such file"),
        (vec!["photos-1250000000", "--rate", "fast"], "such as 50/s"),
        (vec!["photos-1250000000", "--rate", "0/s"], "such as 50/s"),
        (vec!["photos-1250000000", "--watch", "0"], "number of seconds"),
        (vec!["photos-1250000000", "--repeat", "4000000000"], "at most 1000000 in a run"),
        (vec!["cos://*", "--suite", "write"], "Name each bucket"),
        (vec!["cos://*", "--anonymous"], "cos://* needs credentials"),
    ] {
        let (list, err, status) = send(&served, Role::Owner, &arguments);
        assert_eq!((list.len(), status), (0, 2), "{arguments:?}: {err}");
        let reason = err.lines().last().unwrap_or_default();
        assert!(reason.contains(part), "{arguments:?}: {reason}");
    }
    assert_eq!(served.requests(), 0);
}

#[test]
fn every_bucket_of_the_account_is_probed_in_its_own_region() {
    let served = serve();
    let (list, err, status) = send(&served, Role::Owner, &["cos://*", "--op", "head-bucket", "--all"]);
    assert_eq!(status, 1, "{err}");
    let regions: HashMap<_, _> = texts(&list, "bucket").into_iter().zip(texts(&list, "region")).collect();
    assert!(list.len() > 10 && regions.len() == list.len(), "{regions:?}");
    assert_eq!(regions.get("photos-1250000000"), Some(&"ap-guangzhou"));
    let elsewhere: Vec<_> = regions.iter().filter(|(_, region)| **region != "ap-guangzhou").collect();
    assert!(!elsewhere.is_empty(), "{regions:?}");
    for record in &list {
        let url = record["url"].as_str().expect("a URL");
        assert!(url.contains(&format!(".cos.{}.", record["region"].as_str().expect("a region"))), "{url}");
        assert_ne!(record["statusCode"], 301, "{record:#}");
    }
}

#[test]
fn a_list_of_buckets_that_is_denied_is_a_failure_like_any_other() {
    let served = serve();
    let (list, err, status) =
        send(&served, Role::SubUser, &["cos://*", "photos-1250000000", "--op", "get-bucket", "--all"]);
    assert_eq!((texts(&list, "operation"), status), (vec!["get-service", "get-bucket"], 1), "{err}");
    assert_eq!(list[0]["error"]["Code"], "AccessDenied");
    assert!(err.contains("--targets-from") && err.contains("1 failed, 1 ok"), "{err}");
    let ids: HashSet<_> = list.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids.len(), 2);
}

#[test]
fn repeated_requests_are_requests_each_with_its_own_ids() {
    let served = serve();
    let (list, _, status) =
        send(&served, Role::Owner, &["photos-1250000000/gone.txt", "--op", "get-object", "--repeat", "5"]);
    let ids: HashSet<_> = list.iter().map(|record| record["id"].as_u64()).collect();
    let request_ids: HashSet<_> = list.iter().map(|record| record["requestId"]["value"].as_str()).collect();
    assert_eq!((ids, request_ids.len(), status), ((1..=5).map(Some).collect(), 5, 1));
}

/// At one a minute the second request is not sent before the interrupt, and the first one's record is there.
#[cfg(unix)]
#[test]
fn a_cancel_leaves_what_was_done() {
    let served = serve();
    let more = ["photos-1250000000/gone.txt", "--op", "get-object", "--repeat", "10", "--rate", "1/m"];
    let mut child = start(&served, &more);
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut first = String::new();
    out.read_line(&mut first).expect("a record");
    interrupt(&child);
    let (mut rest, mut err) = (String::new(), String::new());
    out.read_to_string(&mut rest).expect("the rest");
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("what was said");
    let status = child.wait().expect("ended").code();
    assert_eq!((records(&first).len(), rest.as_str(), status), (1, "", Some(130)), "{err}");
    assert!(err.contains("1 failed, 0 ok, 9 not finished"), "{err}");
    assert_eq!(served.requests(), 1);
}

#[cfg(unix)]
#[test]
fn watching_says_what_changes_and_lists_it() {
    let served = serve();
    let more = ["flaky-1250000000", "photos-1250000000/gone.txt", "--suite", "quick", "--watch", "0.05"];
    let mut child = start(&served, &more);
    let said = regex::Regex::new(r"503 -> 200 at \d\d:\d\d:\d\d after (1 try|\d+ tries): \S+ flaky-1250000000")
        .expect("a pattern");
    let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !said.is_match(&line) {
        line.clear();
        assert!(err.read_line(&mut line).expect("text") > 0, "it ended without a change");
    }
    interrupt(&child);
    let mut out = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("records");
    let status = child.wait().expect("ended").code();
    let list = records(&out);
    assert_eq!(status, Some(130));
    let gone = list.iter().filter(|record| record["key"] == "gone.txt" && record["operation"] == "get-object").count();
    assert_eq!(gone, 1, "the same answer again is no news");
    assert!(list.iter().any(|record| record["bucket"] == "flaky-1250000000" && record["statusCode"] == 200), "{out}");
    let ids: HashSet<_> = list.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids.len(), list.len());
}
