//! What is handed on: tickets and evidence files out of a run, the history and an import, and evidence
//! that opens at the other end as it was written.

use std::fs;
use std::path::Path;

use cosdiag::sandbox::Role;
use serde_json::Value;

use crate::support::{program, program_as, run, serve};

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[test]
fn evidence_opens_as_it_was_written_and_a_changed_one_does_not() {
    let served = serve();
    let folder = tempfile::tempdir().expect("a folder");
    let (sealed, ticket) = (folder.path().join("failures.cosdiag"), folder.path().join("ticket.md"));
    let address = served.address.to_string();
    let arguments = [
        "probe",
        "backup-1250000000",
        "photos-1250000000/missing.txt",
        "--diagnose",
        "--format",
        "json",
        "--scheme",
        "http",
        "--region",
        "ap-guangzhou",
        "--connect-to",
        &address,
        "--evidence",
        text(&sealed),
        "--ticket",
        text(&ticket),
    ];
    let (sent, err, status) = run(&mut program_as(Role::Owner, &arguments));
    assert_eq!(status, 1, "{err}");
    let sent: Value = serde_json::from_str(&sent).expect("JSON");
    let (opened, err, status) = run(&mut program(&["import", text(&sealed), "--format", "json"]));
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("an evidence file, whole: 4 records, 4 failures"), "{err}");
    assert_eq!(
        serde_json::from_str::<Value>(&opened).expect("JSON"),
        sent,
        "open(save(x)) is x, checks and verdicts too"
    );

    let again = folder.path().join("again.md");
    let (_, err, _) = run(&mut program(&["import", text(&sealed), "--format", "csv", "--ticket", text(&again)]));
    let words = fs::read_to_string(&again).unwrap_or_else(|error| panic!("{error}: {err}"));
    assert!(words.contains("NoSuchBucket") && words.contains("NoSuchKey"), "{words}");

    let another = folder.path().join("another.cosdiag");
    fs::write(&another, fs::read_to_string(&sealed).expect("read").replacen("evidence", "evidenze", 1))
        .expect("written");
    let (_, err, status) = run(&mut program(&["import", text(&another), "--format", "csv"]));
    assert!(status == 2 && err.contains("not a cosdiag evidence file"), "{err}");
    let same = text(&sealed);
    for (option, place, part) in [
        ("--evidence", same, "is being read"),
        ("--ticket", "/dev/null", "not a regular file"),
        ("--ticket", "-", "Name a file"),
    ] {
        let (_, err, status) = run(&mut program(&["import", same, "--format", "csv", option, place]));
        assert!(status == 2 && err.contains(option) && err.contains(part), "{err}");
    }

    let mut bytes = fs::read(&sealed).expect("read");
    let place = bytes.len() / 2;
    bytes[place] = if bytes[place] == b'a' { b'b' } else { b'a' };
    fs::write(&sealed, &bytes).expect("written");
    let (out, err, status) = run(&mut program(&["import", text(&sealed), "--format", "ndjson"]));
    assert_eq!((out.as_str(), status), ("", 2), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn a_ticket_and_evidence_come_out_of_the_history() {
    let served = serve();
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history.db");
    let (ticket, sealed) = (folder.path().join("ticket.md"), folder.path().join("then.cosdiag"));
    let address = served.address.to_string();
    let arguments = [
        "probe",
        "photos-1250000000/missing.txt",
        "--scheme",
        "http",
        "--region",
        "ap-guangzhou",
        "--connect-to",
        &address,
    ];
    let (_, err, status) = run(program_as(Role::Owner, &arguments).env("COSDIAG_HISTORY", &history));
    assert_eq!(status, 1, "{err}");
    let arguments = ["history", "NoSuchKey", "--format", "csv", "--ticket", text(&ticket), "--evidence", text(&sealed)];
    let (_, err, status) = run(program(&arguments).env("COSDIAG_HISTORY", &history));
    assert_eq!(status, 1, "{err}");
    assert!(fs::read_to_string(&ticket).expect("a ticket").contains("NoSuchKey"));
    let (_, err, _) = run(&mut program(&["import", text(&sealed), "--format", "csv"]));
    assert!(err.contains("whole: 2 records"), "{err}");
}
