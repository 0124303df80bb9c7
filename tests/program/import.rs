//! `cosdiag import`: the built program on samples of every format, on broken ones, and on any bytes.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use cosdiag::domain::record::Record;
use cosdiag::import::{self, Format, Options, Sink};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{imported, program, run, sample};

/// Status, Code, the line in the source, the exception, the bucket.
fn brief(row: &Value) -> String {
    let status = row["statusCode"].as_u64().map_or_else(|| "-".to_owned(), |status| status.to_string());
    let code = row["error"]["Code"].as_str().unwrap_or("-");
    let line = row["source"].as_str().and_then(|source| source.rsplit(':').next()).unwrap_or("?");
    let id = if row["requestId"].is_null() { "-" } else { "id" };
    format!("{line} {status} {code} {id} {}", row["bucket"].as_str().unwrap_or("-"))
}

#[test]
fn every_format_gives_its_rows_and_its_totals() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "cos-access.log",
            "(cos-log): 11 lines, 5 failures, 4 where nothing failed, 2 not understood: line 9, 11",
            &[
                "2 404 NoSuchKey id examplebucket-1250000000",
                "3 403 AccessDenied id examplebucket-1250000000",
                "5 403 AccessDenied id examplebucket-1250000000",
                "6 404 NoSuchKey id examplebucket-1250000000",
                "8 403 AccessDenied id examplebucket-1250000000",
            ],
        ),
        (
            "s3-access.log",
            "(s3-log): 5 lines, 2 failures, 2 where nothing failed, 1 not understood: line 5",
            &["2 404 NoSuchKey id mybucket", "3 403 AccessDenied id mybucket"],
        ),
        (
            "browser.har",
            "(har): 6 entries, 4 failures, 2 where nothing failed",
            &[
                "62 403 AccessDenied id photos-1250000000",
                "125 - ERR_FAILED - photos-1250000000",
                "170 - ENOTFOUND - photos-1250000000",
                "263 403 AccessForbidden id photos-1250000000",
            ],
        ),
        (
            "curl-v.txt",
            "(text): 33 lines, 2 failures on 26 lines, 7 where nothing failed",
            &["1 403 AccessDenied id photos-1250000000", "31 - ENOTFOUND - photos-1250000000"],
        ),
        (
            "go.txt",
            "3 lines, 2 failures",
            &["2 404 NoSuchKey id photos-1250000000", "3 - ENOTFOUND - photos-1250000000"],
        ),
        (
            "python.txt",
            "24 lines, 4 failures on 21 lines, 3 where",
            &["2 - NoSuchKey id -", "9 403 - id -", "10 - ECONNREFUSED - photos-1250000000", "23 - - - -"],
        ),
        (
            "node.txt",
            "28 lines, 3 failures on 27 lines, 1 where",
            &[
                "1 404 NoSuchKey id photos-1250000000",
                "21 - ECONNREFUSED - photos-1250000000",
                "28 404 - id photos-1250000000",
            ],
        ),
        (
            "rclone.log",
            "5 lines, 4 failures, 1 where",
            &[
                "2 403 SignatureDoesNotMatch - -",
                "3 403 Forbidden - -",
                "4 - ECONNREFUSED - bkt",
                "5 403 SignatureDoesNotMatch id -",
            ],
        ),
        ("java.txt", "5 lines, 2 failures on 5", &["1 404 NoSuchKey id -", "4 - ENOTFOUND - photos-1250000000"]),
        ("php.txt", "1 line, 1 failure,", &["1 404 NoSuchKey id -"]),
        (
            "coscli.log",
            "4 lines, 2 failures, 1 where nothing failed, 1 not understood: line 4",
            &["2 404 NoSuchKey id photos-1250000000", "3 403 - id photos-1250000000"],
        ),
        ("coscmd.log", "4 lines, 2 failures on 4 lines", &["1 404 - id -", "3 403 - id -"]),
        ("ids.txt", "4 lines, 2 failures, 2 where", &["2 - - id -", "3 - - id -"]),
    ];
    let schema: Value = serde_json::from_str(include_str!("../../assets/failure.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (name, totals, wanted) in cases {
        let (rows, said, status) = imported(&[&sample(name)]);
        assert_eq!(rows.iter().map(brief).collect::<Vec<_>>(), *wanted, "{name}: {said}");
        assert_eq!(status, 1, "{name}");
        assert!(said.contains(totals), "{name}: {said}");
        for row in &rows {
            let errors: Vec<_> = validator.iter_errors(row).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}\n{row:#}");
            assert!(row["diagnosis"]["verdicts"].as_array().is_some_and(|verdicts| !verdicts.is_empty()), "{name}");
        }
    }
}

#[test]
fn a_logs_fields_reach_the_row() {
    let (rows, _, _) = imported(&[&sample("cos-access.log"), "--all"]);
    assert_eq!(rows.len(), 9);
    let outcomes: Vec<_> = rows.iter().map(|row| row["outcome"].as_str().expect("an outcome")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "not-configured").count(), 1);
    let missing = &rows[1];
    assert_eq!(missing["time"], "2018-12-01T11:09:14Z");
    assert_eq!(missing["requestId"]["time"], missing["time"], "the id tells the same second");
    assert_eq!(
        (missing["timing"]["totalMs"].as_f64(), missing["timing"]["serverMs"].as_f64()),
        (Some(42.0), Some(7.0))
    );
    assert_eq!((missing["codeFrom"].as_str(), missing["key"].as_str()), (Some("log"), Some("folder/text.txt")));
    assert_eq!(missing["url"], "https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/folder/text.txt");
    // Unquoted blanks in user agent and message, and nobody's key: the verdict sees that.
    let anonymous = &rows[4];
    assert_eq!(anonymous["error"]["Message"], "Access Denied.");
    assert_eq!(anonymous["request"]["headers"]["user-agent"], "Mozilla/5.0 (X11; Linux x86_64)");
    assert_eq!(anonymous["diagnosis"]["verdicts"][0]["cause"], "anonymous-denied");
    assert_eq!(rows[2]["error"]["Message"], "Access Denied.", "percent-encoded in the log");
}

#[test]
fn nothing_secret_comes_through() {
    let files = ["cos-access.log", "s3-access.log", "browser.har", "entry.har", "curl-v.txt"].map(sample);
    for format in ["ndjson", "csv", "markdown", "table"] {
        let mut arguments = vec!["import", "--all", "--format", format];
        arguments.extend(files.iter().map(String::as_str));
        let (out, err, _) = run(&mut program(&arguments));
        for secret in ["0123456789abcdef", "FAKETOKEN", "FAKEFAKE", "FAKECOOKIE", "FAKE%2F", "AKIDEXAMPLE000000"] {
            assert!(!out.contains(secret) && !err.contains(secret), "{format}: {secret} in {out}{err}");
        }
    }
}

#[test]
fn own_records_come_back_as_they_were() {
    let (before, _, _) = imported(&[&sample("cos-access.log")]);
    let folder = tempfile::tempdir().expect("a folder");
    let lines: String = before.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect();
    let array = serde_json::to_string_pretty(&before).expect("JSON");
    for (name, text, first) in [("a.ndjson", lines.clone(), 1), ("a.json", array, 2)] {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        let path = path.display().to_string();
        let (after, said, status) = imported(&[&path]);
        assert_eq!((after.len(), status), (before.len(), 1), "{said}");
        assert_eq!(after[0]["source"], format!("import:{path}:{first}"));
        for (before, mut after) in before.iter().zip(after) {
            after["source"] = before["source"].clone();
            assert_eq!(&after, before);
        }
    }
    let torn = folder.path().join("torn.ndjson");
    fs::write(&torn, format!("{}\n{}", &lines[..lines.len() / 2], lines)).expect("written");
    let (rows, said, _) = imported(&[&torn.display().to_string()]);
    assert_eq!(rows.len(), before.len() + before.len() / 2, "{said}");
    assert!(said.contains("not understood: line 3"), "{said}");
}

#[test]
fn both_sides_of_a_request_are_one_row() {
    let (log, _, _) = imported(&[&sample("cos-access.log")]);
    let id = log[3]["requestId"]["value"].as_str().expect("an id").to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let client = folder.path().join("client.log");
    // A HEAD tells the client a status and an id; the log has the Code and the time on the server.
    fs::write(&client, format!("HEAD https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/folder/text.txt: 404 (Message: , RequestId: {id}, TraceId: )\n"))
        .expect("written");
    let client = client.display().to_string();
    for order in [[sample("cos-access.log"), client.clone()], [client.clone(), sample("cos-access.log")]] {
        let (rows, said, _) = imported(&[&order[0], &order[1]]);
        assert_eq!(rows.len(), log.len(), "one row for both: {said}");
        assert!(said.contains("4 failures") && said.contains("1 joined to rows of other files"), "{said}");
        let joined: Vec<_> = rows.iter().filter(|row| row["requestId"]["value"] == id.as_str()).collect();
        assert_eq!(joined.len(), 1);
        assert!(joined[0]["source"].as_str().is_some_and(|source| source.contains("client.log")));
        assert_eq!(
            (joined[0]["timing"]["serverMs"].as_f64(), joined[0]["error"]["Code"].as_str()),
            (Some(7.0), Some("NoSuchKey"))
        );
        assert_eq!(joined[0]["diagnosis"]["verdicts"][0]["cause"], "object-not-found");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("gzip")
}

/// Two lines that nothing failed in, each with the next one at its end; then failures.
fn glued(log: &[u8]) -> Vec<u8> {
    let log = String::from_utf8_lossy(log);
    let with = |status: &str| log.lines().filter(|line| line.contains(status)).collect::<Vec<_>>();
    let (good, bad) = (with(" 200 ")[0], with(" 404 ")[0]);
    format!("{good}{bad}\n{good} {good}\n{bad}\n{bad}\n{bad}\n").into_bytes()
}

/// What is in the file, and what must be said of it in one line; how many rows come all the same.
#[test]
fn bad_input_is_said_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = fs::read(sample("cos-access.log")).expect("a sample");
    let mut repeated = log.clone();
    for line in String::from_utf8_lossy(&log).lines().cycle().take(4000) {
        repeated.extend(line.replace("11:09", "12:10").bytes());
        repeated.push(b'\n');
    }
    let whole = gzip(&repeated);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(String::from_utf8_lossy(&log).encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let mut latin = log.clone();
    let at = latin.windows(9).position(|bytes| bytes == b"NoSuchKey").expect("a code");
    latin[at + 12] = 0xE9;
    let endless = [&log[..], b"\n", &vec![b'x'; 3 << 20], b"\n", &log].concat();
    let har = fs::read_to_string(sample("browser.har")).expect("a sample");
    let cases: Vec<(&str, Vec<u8>, &str, usize)> = vec![
        ("log.gz", gzip(&log), "11 lines, 5 failures", 5),
        ("cut.gz", whole[..whole.len() / 2].to_vec(), "cannot be read on after line", 5),
        ("plain.gz", log.clone(), "has a gzip name but is not compressed", 5),
        ("utf16.log", utf16, "UTF-16, read as such", 5),
        ("latin.log", latin, "bytes that are not UTF-8 (first in line 2)", 5),
        (
            "endless.log",
            endless,
            "23 lines, 10 failures, 8 where nothing failed, 5 not understood: line 9, 11-12, 21, 23",
            10,
        ),
        ("glued.log", glued(&log), "5 lines, 3 failures, 0 where nothing failed, 2 not understood: line 1-2", 3),
        (
            "odd.har",
            har.replacen("\"entries\": [", "\"entries\": [null, 5, \"x\",", 1).into_bytes(),
            "9 entries, 4 failures",
            4,
        ),
        ("two.har", [har.as_bytes(), har.as_bytes()].concat(), "12 entries, 8 failures", 8),
        ("har-1.1.har", har.replace("\"1.2\"", "\"1.1\"").into_bytes(), "HAR 1.1; it is read as 1.2", 4),
        ("cut.har", har.as_bytes()[..har.len() - 700].to_vec(), "1 not understood: line", 3),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), "binary data, not a log", 0),
        ("a.zip", b"PK\x03\x04\0\0\0\0".to_vec(), "a zip archive; unpack it", 0),
        ("broken.gz", b"\x1f\x8b\x08\0\xff\xff\xff".to_vec(), "gzip that cannot be unpacked", 0),
    ];
    for (name, bytes, wanted, rows) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let path = path.display().to_string();
        let (found, said, status) = imported(&[&path, &sample("php.txt")]);
        assert!(said.lines().any(|line| line.contains(name) && line.contains(wanted)), "{name}: {said}");
        assert!(found.len() > rows && status == 1, "{name}: {} rows; {said}", found.len());
        assert!(found.iter().any(|row| row["source"].as_str().is_some_and(|source| source.contains("php.txt"))));
    }
    let (rows, said, status) = imported(&[&folder.path().display().to_string()]);
    assert_eq!((rows.len(), status, said.lines().count()), (0, 2, 1), "{said}");
    assert!(said.contains("is a directory"), "{said}");
    let (_, said, status) = imported(&["/nonexistent.log"]);
    assert_eq!((status, said.lines().count()), (2, 1), "{said}");
    assert!(said.contains("/nonexistent.log: No such file"), "{said}");
    let (_, said, status) = imported(&["--as", "cos-logs", &sample("php.txt")]);
    assert!(status == 2 && said.contains("Did you mean \"cos-log\""), "{said}");
}

#[test]
fn what_there_is_to_say_about_files_is_said_in_the_language_of_the_person() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let har = r#"{"log": {"version": "1.1", "entries": [], "creator": {}}}"#;
    let evidence = r#"{"schema": "cosdiag.evidence/9", "version": "9.0", "written": "2026-11-20T10:00:00Z"}"#;
    for (command, file, english, chinese) in [
        (
            "import",
            sample("cos-access.log"),
            "11 lines, 5 failures, 4 where nothing failed",
            "11 行，5 条失败，4 条没有失败，2 行无法识别：第 9，11 行",
        ),
        ("import", written("a.zip", b"PK\x03\x04"), "a zip archive; unpack it", "是 zip 压缩包"),
        ("import", written("b.gz", b"\x1f\x8b\x08\0\xff\xff\xff"), "gzip that cannot be unpacked", "gzip 无法解压"),
        (
            "import",
            folder.path().display().to_string(),
            "is a directory; name the files in it",
            "是目录。请指定其中的文件",
        ),
        ("import", "/nonexistent.log".to_owned(), "No such file", "/nonexistent.log: 未找到"),
        ("import", written("c.cosdiag", evidence.as_bytes()), "written by cosdiag 9.0", "由 cosdiag 9.0 "),
        ("diagnose", written("d.har", har.as_bytes()), "no failure in it: ", "其中没有失败："),
        (
            "diagnose",
            written("e.har", har.replace("1.1", "\0\0").as_bytes()),
            "binary data, not a log",
            "是二进制数据，不是日志",
        ),
    ] {
        for (language, wanted) in [("en_US.UTF-8", english), ("zh_CN.UTF-8", chinese)] {
            let (_, said, _) = run(program(&[command, &file, "--format", "csv"]).env("LANG", language));
            assert!(said.contains(wanted), "{language}: {wanted}: {said}");
        }
    }
}

#[test]
fn a_pipe_is_a_file_too_and_a_good_log_exits_0() {
    let mut child = program(&["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let log = fs::read_to_string(sample("cos-access.log")).expect("a sample");
    let good: String = log.split_inclusive('\n').filter(|line| line.contains(" 200 ")).collect();
    child.stdin.take().expect("a pipe").write_all(good.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{said}");
    assert!(said.contains("- (cos-log): 2 lines, 0 failures, 2 where nothing failed"), "{said}");
}

#[test]
fn diagnose_understands_a_har_and_one_entry_of_it() {
    for (name, wanted) in [("entry.har", 1), ("browser.har", 4)] {
        let (out, err, status) = run(&mut program(&["diagnose", "--format", "json", &sample(name)]));
        let rows: Vec<Value> = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
        assert_eq!((rows.len(), status), (wanted, 1), "{name}");
        assert_eq!(rows[0]["error"]["Code"], "AccessDenied");
    }
    let (out, _, _) = run(&mut program(&["diagnose", "--format", "json", &sample("browser.har")]));
    let rows: Vec<Value> = serde_json::from_str(&out).expect("JSON");
    let cors = &rows[1]["diagnosis"]["verdicts"][0];
    assert_eq!((cors["cause"].as_str(), cors["confidence"].as_str()), (Some("cors-denied"), Some("likely")));
}

#[test]
fn what_a_browser_kept_stands_at_the_time_of_the_answer() {
    let mut entry: Value = serde_json::from_slice(&fs::read(sample("entry.har")).expect("a sample")).expect("JSON");
    entry["startedDateTime"] = "2025-05-28T09:00:00Z".into();
    let headers = entry["response"]["headers"].as_array_mut().expect("headers");
    headers.push(serde_json::json!({"name": "Date", "value": "Mon, 26 May 2025 16:26:23 GMT"}));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.har");
    let mut row = |from: Option<&str>| {
        if let Some(from) = from {
            entry["_fromCache"] = from.into();
        }
        fs::write(&path, entry.to_string()).expect("written");
        let (rows, said, _) = imported(&["--as", "har", &path.display().to_string()]);
        rows.into_iter().next().unwrap_or_else(|| panic!("no row: {said}"))
    };
    let (asked, kept) = (row(None), row(Some("disk")));
    assert_eq!((&asked["time"], &kept["time"]), (&"2025-05-28T09:00:00Z".into(), &"2025-05-26T16:26:23Z".into()));
    assert!(kept["remarks"].to_string().contains("in its own cache"), "{kept:#}");
    assert!(!asked["remarks"].to_string().contains("cache"), "{asked:#}");
}

/// Counts what it is given.
#[derive(Default)]
struct Counted {
    records: usize,
}

impl Sink for Counted {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.records += batch.len();
        ControlFlow::Continue(())
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Reads bytes as each format and holds the totals to what came.
fn assert_adds_up(bytes: &[u8], format: Option<Format>) {
    let redactor = cosdiag::engine::redact::Redactor::default();
    let finish = |record: &mut Record| redactor.imported(record);
    let options =
        Options { format, successes: false, now: jiff::Timestamp::UNIX_EPOCH, clean: &str::to_owned, finish: &finish };
    let mut counted = Counted::default();
    let summary = import::run_text("bytes", bytes.to_vec(), &options, &mut counted);
    for totals in &summary.files {
        assert!(totals.is_consistent(), "{totals:?}");
        assert_eq!(totals.rows, counted.records as u64, "{totals:?}");
        if matches!(totals.format, Format::CosLog | Format::S3Log | Format::Text) && summary.broken == 0 {
            let lines = bytes.split_inclusive(|byte| *byte == b'\n').count() as u64;
            assert!(totals.read == lines || bytes.starts_with(&[0xEF]) || bytes.contains(&0), "{lines}: {totals:?}");
        }
    }
}

const FORMATS: [Option<Format>; 6] =
    [None, Some(Format::CosLog), Some(Format::S3Log), Some(Format::Har), Some(Format::Cosdiag), Some(Format::Text)];

#[test]
fn samples_cut_anywhere_add_up_as_any_format() {
    let folder = PathBuf::from(sample(""));
    for entry in fs::read_dir(folder).expect("samples") {
        let bytes = fs::read(entry.expect("a file").path()).expect("a sample");
        for cut in (0..bytes.len()).step_by(211) {
            for format in FORMATS {
                assert_adds_up(&bytes[..cut], format);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_add_up(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in FORMATS {
            assert_adds_up(&bytes, format);
        }
    }

    #[test]
    fn torn_samples_add_up(
        from in 0usize..4000, to in 0usize..4000, into in 0usize..4000, name in 0usize..4,
    ) {
        let name = ["cos-access.log", "browser.har", "curl-v.txt", "node.txt"][name];
        let mut bytes = fs::read(sample(name)).expect("a sample");
        let piece: Vec<u8> = bytes.iter().skip(from.min(to)).take(from.abs_diff(to)).copied().collect();
        let at = into % bytes.len();
        bytes.splice(at..at, piece);
        assert_adds_up(&bytes, None);
    }
}
