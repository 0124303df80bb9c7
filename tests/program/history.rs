//! The history as the built program keeps it: killed, crowded, shut out, and with secrets thrown at it.
#![cfg(unix)]

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use cosdiag::sandbox::Role;
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Served, program, program_as, run, serve};

/// A folder with a history in it, and a sandbox to fail against.
struct Stage {
    folder: TempDir,
    served: Served,
}

impl Stage {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), served: serve() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("history.db")
    }

    /// `probe` for keys that are not there: each is one failure.
    fn probe(&self, keys: std::ops::Range<u32>) -> Command {
        let mut command = self.probe_at(self.served.address);
        command.args(keys.map(|key| format!("photos-1250000000/missing-{key}")));
        command
    }

    /// `probe` of what will be named, at an address.
    fn probe_at(&self, address: SocketAddr) -> Command {
        let mut command = program_as(Role::Owner, &["probe", "--scheme", "http", "--region", "ap-guangzhou"]);
        command.args(["--op", "get-object", "--format", "ndjson", "--connect-to", &address.to_string()]);
        command.env("COSDIAG_HISTORY", self.file());
        command
    }

    fn history(&self, arguments: &[&str]) -> (String, String, i32) {
        run(program(&["history"]).args(arguments).env("COSDIAG_HISTORY", self.file()))
    }

    fn listed(&self) -> Vec<Value> {
        lines(&self.history(&[]).0)
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn ids(records: &[Value]) -> HashSet<String> {
    records.iter().map(|record| record["requestId"]["value"].as_str().expect("an id").to_owned()).collect()
}

fn assert_whole(file: &Path) {
    let connection = Connection::open(file).expect("opened");
    let found: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).expect("checked");
    assert_eq!(found, "ok");
}

/// Deleted once the first failure is printed, so that what follows cannot be kept.
#[test]
fn a_history_that_goes_away_during_a_run_is_said_in_one_line_and_the_run_goes_on() {
    type Harm = fn(&Path);
    let harms: [Harm; 3] = [
        |file| fs::remove_file(file).expect("deleted"),
        |file| {
            fs::remove_file(file).expect("deleted");
            fs::write(file, "a text").expect("written");
        },
        |file| fs::remove_dir_all(file.parent().expect("a folder")).expect("deleted"),
    ];
    for harm in harms {
        let stage = Stage::new();
        let mut command = stage.probe(1..31);
        command.args(["--rate", "40/s"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut first = String::new();
        out.read_line(&mut first).expect("a line");
        harm(&stage.file());
        assert_eq!(out.lines().count(), 29);
        let mut err = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
        assert_eq!(child.wait().expect("ended").code(), Some(1), "{err}");
        assert_eq!(err.matches("history.db was deleted, moved or replaced").count(), 1, "{err}");
        assert_eq!(err.matches("no longer be recorded").count(), 1, "{err}");
    }
}

#[test]
fn what_failed_is_listed_searched_deleted_and_successes_are_not_kept() {
    let stage = Stage::new();
    let (_, err, status) = stage.history(&[]);
    assert!(status == 0 && err.contains("no failures have been recorded yet"), "{err}");
    assert!(!stage.file().exists(), "looking makes no file");
    let (out, err, status) = run(&mut stage.probe(1..13));
    assert_eq!(status, 1, "{err}");
    let address = stage.served.address.to_string();
    let fine = ["probe", "photos-1250000000", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", &address];
    let (_, err, status) = run(program_as(Role::Owner, &fine).env("COSDIAG_HISTORY", stage.file()));
    assert_eq!(status, 0, "{err}");
    let (sent, kept) = (lines(&out), stage.listed());
    assert_eq!((kept.len(), ids(&kept)), (12, ids(&sent)));
    let time = |record: &Value| record["time"].as_str().expect("a time").parse::<jiff::Timestamp>().expect("a time");
    let times: Vec<_> = kept.iter().map(time).collect();
    assert!(times.is_sorted(), "newest last: {times:?}");

    let id = kept[3]["requestId"]["value"].as_str().expect("an id");
    let trace = kept[3]["error"]["TraceId"].as_str().expect("a trace id");
    let (site, no_site) = (format!("site:{trace}"), format!("-site:{trace}"));
    for (arguments, wanted) in [
        (vec![id], 1),
        (vec![site.as_str(), "code:NoSuchKey"], 12),
        (vec!["--", no_site.as_str()], 0),
        (vec!["status:404", "code:NoSuchKey"], 12),
        (vec!["missing-1"], 4),
        (vec!["status:403"], 0),
        (vec!["cause:object-not-found", "--limit", "5"], 5),
        (vec!["--since", "1h"], 12),
        (vec!["--before", "1h"], 0),
        (vec!["--since", "2020-01-01", "--before", "2020-01-02T00:00"], 0),
    ] {
        let (out, err, status) = stage.history(&arguments);
        assert_eq!((lines(&out).len(), status), (wanted, i32::from(wanted > 0)), "{arguments:?}: {err}");
    }
    for format in ["table", "csv", "markdown", "json"] {
        let (out, _, _) = stage.history(&["--format", format, "--limit", "2"]);
        let last = kept[11]["requestId"]["value"].as_str().expect("an id");
        assert!(out.contains(last) && !out.contains(id), "{format}: {out}");
    }
    let (out, err, status) = stage.history(&["--delete", "missing-1"]);
    assert!(out.is_empty() && status == 0 && err.contains("4 deleted, 8 kept"), "{err}");
    assert_eq!(stage.listed().len(), 8);
    let (_, err, status) = stage.history(&["--prune", "0s", "--max-size", "1"]);
    assert!(status == 0 && err.contains("8 deleted, 0 kept"), "{err}");
    let bytes = fs::read(stage.file()).expect("read");
    assert!(!bytes.windows(8).any(|window| window == b"missing-"), "what is deleted is gone from the bytes too");
}

#[test]
fn wrong_questions_are_refused_in_one_line() {
    let stage = Stage::new();
    for (arguments, parts) in [
        (vec!["stauts:403"], vec!["stauts is not a field; status?", "Fields: status"]),
        (vec!["--since", "soon"], vec!["--since", "soon", "7d"]),
        (vec!["--prune", "x"], vec!["--prune", "7d"]),
        (vec!["--limit", "0"], vec!["--limit"]),
        (vec!["--format", "xml"], vec!["--format", "ndjson"]),
        (vec!["--delete"], vec!["--delete", "--before 0s"]),
        (vec!["--delete", "--prune", "1d"], vec!["--prune"]),
        (vec!["code:x", "--prune", "1d"], vec!["--prune"]),
        (vec!["--delete", "status:404", "-photos"], vec!["no profile \"hotos\""]),
    ] {
        let (out, err, status) = stage.history(&arguments);
        assert_eq!((out.as_str(), status, err.trim_end().lines().count()), ("", 2, 1), "{arguments:?}: {err}");
        assert!(parts.iter().all(|part| err.contains(part)), "{arguments:?}: {err}");
    }
}

/// `COSDIAG_KILLS` asks for more rounds.
#[test]
fn what_was_printed_before_kill_9_is_in_the_history_after() {
    let rounds = std::env::var("COSDIAG_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(2);
    for round in 0..rounds {
        let stage = Stage::new();
        let mut child = stage.probe(0..5000).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut printed = String::new();
        for _ in 0..100 + 4300 * round / rounds {
            out.read_line(&mut printed).expect("a line");
        }
        child.kill().expect("killed");
        out.read_to_string(&mut printed).expect("the rest of the pipe");
        child.wait().expect("ended");
        // The last line may be cut: it was being printed.
        let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
        let printed = ids(&lines(whole));
        assert!((100..5000).contains(&printed.len()), "killed in the middle: {}", printed.len());
        assert_whole(&stage.file());
        let kept = ids(&stage.listed());
        let lost = printed.difference(&kept).count();
        assert_eq!(lost, 0, "{} printed, {} kept", printed.len(), kept.len());
        if rounds > 2 {
            let _ =
                writeln!(std::io::stderr(), "round {round}: {} printed, {} kept, 0 lost", printed.len(), kept.len());
        }
        let (_, err, status) = run(&mut stage.probe(0..3));
        assert_eq!((status, stage.listed().len()), (1, kept.len() + 3), "it goes on: {err}");
    }
}

#[test]
fn several_at_once_lose_nothing() {
    let stage = Stage::new();
    let children: Vec<_> = (0..3)
        .map(|n| {
            let mut command = stage.probe(n * 1000..n * 1000 + 300);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started")
        })
        .collect();
    let mut printed = HashSet::new();
    for child in children {
        let output = child.wait_with_output().expect("ended");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!((output.status.code(), err.lines().count()), (Some(1), 1), "{err}");
        printed.extend(ids(&lines(&out)));
    }
    assert_whole(&stage.file());
    assert_eq!((printed.len(), ids(&stage.listed())), (900, printed));
}

#[test]
fn nobody_who_does_not_want_it_gets_a_history() {
    let stage = Stage::new();
    let (_, err, status) = run(stage.probe(0..2).arg("--no-history"));
    assert_eq!(status, 1, "{err}");
    assert_eq!(fs::read_dir(stage.folder.path()).expect("a folder").count(), 0);
    let base = stage.folder.path().join("state");
    for (history, made) in [("/dev/null", false), ("", true)] {
        let mut command = stage.probe(0..1);
        let (_, err, status) = run(command.env("COSDIAG_HISTORY", history).env("XDG_STATE_HOME", &base));
        assert_eq!((status, base.join("cosdiag/history.db").exists()), (1, made), "{err}");
    }
}

/// The rows come all the same, one line more says what is wrong, and the file is left as it was.
fn assert_goes_on_without(stage: &Stage, command: &mut Command, parts: &[&str]) {
    let before = fs::read(stage.file()).ok();
    assert_goes_on(command, parts);
    assert_eq!(fs::read(stage.file()).ok(), before, "left as it was");
}

fn assert_goes_on(command: &mut Command, parts: &[&str]) {
    let (out, err, status) = run(command);
    assert_eq!((lines(&out).len(), status), (3, 1), "{err}");
    let said: Vec<_> = err.lines().filter(|line| line.contains("history")).collect();
    assert_eq!((said.len(), err.lines().count()), (1, 2), "{err}");
    for part in parts.iter().chain(&["history.db", "COSDIAG_HISTORY", "no longer be recorded"]) {
        assert!(said[0].contains(part), "{part:?} is not in {err}");
    }
}

fn assert_not_listed(stage: &Stage, part: &str) {
    let (out, err, status) = stage.history(&[]);
    assert_eq!((out.as_str(), status, err.lines().count()), ("", 2, 1), "{err}");
    assert!(err.contains(part), "{err}");
}

#[test]
fn a_file_that_cannot_be_used_is_said_and_left_alone() {
    let stage = Stage::new();
    for (content, part) in
        [(vec![b'x'; 5000], "not a valid history database"), (b"SQLite format 3\0garbage".to_vec(), "damaged")]
    {
        fs::write(stage.file(), &content).expect("written");
        assert_goes_on_without(&stage, &mut stage.probe(0..3), &[part, "Move it aside"]);
        assert_not_listed(&stage, part);
    }

    fs::remove_file(stage.file()).expect("removed");
    run(&mut stage.probe(0..2));
    let mut torn = fs::read(stage.file()).expect("read");
    for page in torn.chunks_mut(4096).skip(1) {
        page.fill(0xEE);
    }
    fs::write(stage.file(), &torn).expect("written");
    assert_goes_on_without(&stage, &mut stage.probe(0..3), &["damaged"]);

    fs::remove_file(stage.file()).expect("removed");
    run(&mut stage.probe(0..2));
    Connection::open(stage.file()).expect("opened").pragma_update(None, "user_version", 99).expect("set");
    assert_goes_on_without(&stage, &mut stage.probe(0..3), &["a newer cosdiag wrote it (format 99", "Update"]);
    assert_not_listed(&stage, "format 99");

    fs::remove_file(stage.file()).expect("removed");
    Connection::open(stage.file()).expect("opened").execute_batch("CREATE TABLE theirs (x)").expect("made");
    assert_goes_on_without(&stage, &mut stage.probe(0..3), &["another program's database"]);
    assert_not_listed(&stage, "another program");

    fs::remove_file(stage.file()).expect("removed");
    fs::create_dir(stage.file()).expect("made");
    assert_goes_on_without(&stage, &mut stage.probe(0..3), &["not a regular file"]);
    assert_not_listed(&stage, "regular file");
}

#[test]
fn a_locked_file_is_said_and_left_alone() {
    let stage = Stage::new();
    run(&mut stage.probe(0..2));
    let other = Connection::open(stage.file()).expect("opened");
    other.pragma_update(None, "locking_mode", "EXCLUSIVE").expect("set");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locked");
    // The file's bytes are not looked at: whoever closes a file gives its process's locks on it back.
    assert_goes_on(&mut stage.probe(0..3), &["locked by another program"]);
    other.execute_batch("COMMIT").expect("released");
    drop(other);
    assert_eq!(stage.listed().len(), 2);
}

#[test]
fn a_place_that_cannot_be_written_is_said() {
    let stage = Stage::new();
    fs::set_permissions(stage.folder.path(), fs::Permissions::from_mode(0o555)).expect("set");
    // Permissions are nothing to root, so the program runs as nobody where the tests run as root.
    let as_somebody = |mut command: Command| {
        if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            command.uid(65534);
        }
        command
    };
    assert_goes_on_without(&stage, &mut as_somebody(stage.probe(0..3)), &["cannot be created", "denied"]);
    fs::write(stage.file(), "").expect("written");
    fs::set_permissions(stage.file(), fs::Permissions::from_mode(0o444)).expect("set");
    assert_goes_on_without(&stage, &mut as_somebody(stage.probe(0..3)), &["cannot be written"]);
}

/// A limit on the size of files stands in for a full disk: both fail in the middle of a write.
#[test]
fn a_disk_that_takes_no_more_loses_nothing_that_was_recorded() {
    let stage = Stage::new();
    run(&mut stage.probe(0..5));
    let probe = stage.probe(0..900);
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 1600; exec \"$0\" \"$@\""]).arg(probe.get_program());
    limited.args(probe.get_args()).env_clear();
    limited.envs(probe.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let (out, err, status) = run(&mut limited);
    assert_eq!((lines(&out).len(), status), (900, 1), "{err}");
    assert!(err.lines().count() == 2 && err.contains("disk") && err.contains("no longer be recorded"), "{err}");
    assert_whole(&stage.file());
    let kept = stage.listed();
    assert!((6..900).contains(&kept.len()), "{}", kept.len());
}

#[test]
fn a_planted_secret_is_in_none_of_the_files() {
    const KEY: &str = "CANARY-not-a-real-key/with+signs==";
    const TOKEN: &str = "CANARY-token-not-real-0000";
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 8192];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let body = format!("<Error><Code>AccessDenied</Code><Message>{KEY} {TOKEN}</Message><X>{head}</X></Error>");
            let _ = write!(
                stream,
                "HTTP/1.1 403 Forbidden\r\nx-echo: {KEY}\r\nx-cos-request-id: {TOKEN}\r\nset-cookie: a={KEY}\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let mut command = program(&["probe", "photos-1250000000/k", "photos-1250000000", "--scheme", "http"]);
    command.args(["--region", "ap-guangzhou", "--connect-to", &address]).env("COSDIAG_HISTORY", &file);
    command
        .env("COS_SECRET_ID", "AKIDEXAMPLE0000000000000000000000000")
        .env("COS_SECRET_KEY", KEY)
        .env("COS_TOKEN", TOKEN);
    // Held open, so that the log is not folded into the file when the program ends.
    run(&mut command);
    let other = Connection::open(&file).expect("opened");
    let count: i64 = other.query_row("SELECT count(*) FROM failure", [], |row| row.get(0)).expect("counted");
    assert!(count >= 4);
    let (_, err, status) = run(&mut command);
    assert_eq!(status, 1, "{err}");
    let mut searched = Vec::new();
    for name in ["history.db", "history.db-wal", "history.db-shm"] {
        let bytes = fs::read(folder.path().join(name)).expect(name);
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        for secret in [KEY, TOKEN, &KEY[..16], "q-signature=0", "CANARY"] {
            assert!(!holds(secret), "{name} holds {secret}");
        }
        searched.push(holds("AccessDenied"));
    }
    assert_eq!(searched, [true, true, false], "the search finds what is there");
}

fn verdict(record: &Value) -> &Value {
    &record["diagnosis"]["verdicts"][0]
}

/// What is kept is no language: each session reads it in its own.
#[test]
fn what_was_recorded_in_one_language_is_read_in_the_other() {
    let stage = Stage::new();
    let english = ("There is no object with this key.", "body");
    let chinese = ("没有这个对象键的对象。", "正文");
    for (written, read, keys) in [("zh_CN.UTF-8", "en_US.UTF-8", 0..1), ("en_US.UTF-8", "zh_CN.UTF-8", 1..2)] {
        let (out, err, _) = run(stage.probe(keys.clone()).env("LANG", written));
        assert!(lines(&out).len() == 1, "{out}{err}");
        let listed = run(program(&["history"]).env("COSDIAG_HISTORY", stage.file()).env("LANG", read)).0;
        let missing = format!("missing-{}", keys.start);
        let record = lines(&listed).into_iter().find(|record| record["key"] == missing.as_str()).expect("recorded");
        let wanted = if read.starts_with("zh") { chinese } else { english };
        assert_eq!(verdict(&record)["summary"], wanted.0, "{record:#}");
        assert_eq!(verdict(&record)["evidence"][0]["from"], wanted.1);
        assert_eq!(verdict(&record)["evidence"][0]["factId"], "error");
    }
    let connection = Connection::open(stage.file()).expect("opened");
    let mut kept = connection.prepare("SELECT json FROM failure").expect("a table");
    let kept: Vec<String> =
        kept.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect();
    assert!(
        kept.iter().all(|record| record.contains("\"factId\"")
            && !record.contains("没有")
            && !record.contains("no object with")),
        "{kept:#?}"
    );
}

/// Why no answer came, and what a record leaves open, are data too; a record without that data keeps its sentences.
#[test]
fn failures_and_remarks_are_shown_in_the_language_of_the_reader() {
    let stage = Stage::new();
    let dead = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let english = ["refused the connection", "not from the store: no request id"].map(str::to_owned);
    let chinese = ["拒绝连接", "并非来自存储，没有 RequestId"].map(str::to_owned);
    let shown = |language: &str, format: &str| {
        let mut command = program(&["history", "--format", format]);
        run(command.env("COSDIAG_HISTORY", stage.file()).env("LANG", language)).0
    };
    for (written, read, wanted, other) in
        [("zh_CN.UTF-8", "en_US.UTF-8", &english, &chinese), ("en_US.UTF-8", "zh_CN.UTF-8", &chinese, &english)]
    {
        run(stage.probe_at(dead).arg("photos-1250000000/k").env("LANG", written));
        run(stage.probe_at(stage.served.address).arg("portal-1250000000/k").env("LANG", written));
        let table = shown(read, "markdown");
        for (wanted, other) in wanted.iter().zip(other) {
            assert!(table.contains(wanted) && !table.contains(other), "{table}");
        }
        let records = lines(&shown(read, "ndjson"));
        let of = |host: &str| records.iter().find(|record| record["bucket"] == host).expect("recorded");
        let (refused, portal) = (of("photos-1250000000"), of("portal-1250000000"));
        assert!(refused["error"]["Message"].as_str().expect("a message").ends_with(&english[0]), "{refused:#}");
        assert!(portal["remarks"][0].as_str().expect("a remark").ends_with(&english[1]), "{portal:#}");
        let ids = (&refused["failureId"], &portal["remarkFacts"][0]["remarkId"]);
        assert_eq!(ids, (&"connection-refused".into(), &"not-the-store".into()));
        assert!(verdict(refused)["evidence"][0]["fact"].as_str().expect("a fact").ends_with(&wanted[0]));
    }
    for (query, found) in [("message:拒绝连接", 2), ("-message:拒绝连接", 2), ("message:refused", 2), ("message:甲", 0)]
    {
        let mut command = program(&["history", "--format", "ndjson", "--", query]);
        let out = run(command.env("COSDIAG_HISTORY", stage.file()).env("LANG", "zh_CN.UTF-8")).0;
        assert_eq!(lines(&out).len(), found, "{query}");
    }
    let old = "UPDATE failure SET json = json_remove(json, '$.failureId', '$.failureValues', '$.remarkFacts')";
    assert_eq!(Connection::open(stage.file()).and_then(|file| file.execute(old, [])), Ok(4));
    let table = shown("zh_CN.UTF-8", "markdown");
    assert!(english.iter().all(|words| table.contains(words)), "{table}");
}

/// A file, and a history, of a version that kept verdicts as sentences: they are shown as they were said.
#[test]
fn verdicts_that_were_kept_as_sentences_are_shown_as_they_were() {
    let old = include_str!("../samples/verdicts-in-words.ndjson");
    let stage = Stage::new();
    run(&mut stage.probe(0..1));
    let connection = Connection::open(stage.file()).expect("opened");
    connection.execute("UPDATE failure SET json = ?1", [old]).expect("an old record");
    drop(connection);
    let file = stage.folder.path().join("old.ndjson");
    fs::write(&file, old).expect("written");
    let path = file.to_string_lossy();
    let imported = run(&mut program(&["import", "--format", "ndjson", &path])).0;
    for record in [stage.listed().remove(0), lines(&imported).remove(0)] {
        let diagnosis = &record["diagnosis"];
        assert_eq!(verdict(&record)["summary"], "密钥有效，但没有这项权限。", "{record:#}");
        assert_eq!(verdict(&record)["fix"][1], "若为临时密钥，请放宽签发时的策略");
        assert_eq!(verdict(&record)["evidence"][0]["from"], "正文");
        assert_eq!(diagnosis["verdicts"].as_array().map(Vec::len), Some(2), "a cause of a later version is left out");
        assert_eq!(diagnosis["checks"].as_array().map(Vec::len), Some(1));
        assert_eq!(diagnosis["checks"][0]["outcome"], "403 AccessDenied");
        assert_eq!(diagnosis["signature"]["usual"], "代理改写了路径");
        assert_eq!(diagnosis["was"]["summary"], "请求没有签名。");
        assert_eq!(diagnosis["permission"]["principal"], "无法得知：这里没有该请求的 SecretId");
    }
}
