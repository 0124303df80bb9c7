//! Commands that are offered run what they say and nothing else, whoever wrote what they are made of: a
//! real shell runs each of them in an empty folder, with a stand-in for `curl` and `cosdiag`.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use cosdiag::domain::record::Record;
use cosdiag::engine::redact::Redactor;
use cosdiag::i18n::Language;
use cosdiag::import::{self, Format, Options, Sink};
use cosdiag::report::RecordWriter;
use cosdiag::report::curl;
use cosdiag::report::evidence::{self, Evidence};
use cosdiag::report::ticket::{Facts, Keys, Ticket};
use cosdiag::text::sanitize::is_unsafe_char;
use serde_json::{Value, json};

use crate::support::{program, run};

/// What a stranger writes to have something else run, copied or hidden.
const VALUES: &[&str] = &[
    "$(touch P)",
    "`touch P`",
    "$(touch${IFS}P)",
    "`touch${IFS}P`",
    "$(>P)",
    "$(:>P)",
    "GET;touch${IFS}P;#",
    ";touch P;#",
    "|touch P",
    "||touch P",
    "&&touch P",
    "&touch P&",
    "\ntouch P\n",
    "\r\ntouch P\r\n",
    "\rtouch P\r",
    "';touch P;'",
    "\";touch P;\"",
    "'$(touch P)'",
    "\"$(touch P)\"",
    "'\"$(touch P)\"'",
    "\"'$(touch P)'\"",
    "\\$(touch P)",
    "\\';touch P;\\'",
    "'\\'';touch P;'\\''",
    "\\",
    "'",
    "\"",
    ">P",
    ">>P",
    "2>P",
    ">|P",
    "<>P",
    "GET>P",
    "GET&>P",
    "(touch P)",
    "{ touch P; }",
    "-oP",
    "--output=P",
    "-K./P",
    "@P",
    "${X:=$(touch P)}",
    "$((a[$(touch P)]))",
    "$'\\ntouch P\\n'",
    "X=$(touch P)",
    "<<E\ntouch P\nE",
    "#\ntouch P",
    "\u{1b}[201~\ntouch P\n",
    "\u{9b}201~\ntouch P\n",
    "\u{2028}touch P\u{2029}",
    "\u{202e}$(touch P)\u{2066}",
    "a\u{ad}b\u{fe0f}c\u{3164}d\u{2800}e\u{200d}f\u{fff9}g\u{e0041}h\u{e0100}",
    "$(touch P)-security-token",
    "`touch P`-security-token",
    "$(touch${IFS}P)-security-token",
    "x\";touch${IFS}P;\"-security-token",
    "*",
    "~",
    "!!",
];

const ID: &str = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x";
const HOST: &str = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";

/// Where a value stands; `None` leaves what belongs there.
#[derive(Clone, Copy, Default)]
struct Places<'a> {
    method: Option<&'a str>,
    /// Everything else: header names and values, key, query, bucket, region, host, Code and Message.
    others: Option<&'a str>,
}

impl Places<'_> {
    fn method(&self) -> &str {
        self.method.unwrap_or("GET")
    }

    fn or<'b>(&'b self, usual: &'b str) -> &'b str {
        self.others.unwrap_or(usual)
    }

    fn url(&self) -> String {
        let value = self.or("k");
        format!("https://{HOST}/{value}?versionId={value}")
    }

    /// Headers of the request; the first one's value is removed as a secret.
    fn headers(&self) -> Vec<(String, String)> {
        let value = self.or("referer");
        let secret =
            if value.ends_with("security-token") { value.to_owned() } else { format!("{value}-security-token") };
        [(secret.as_str(), "fakeTOKENfakeTOKEN"), ("cookie", "fakeCOOKIE"), ("referer", value), (value, value)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    fn record(&self) -> Value {
        let mut record = Record::imported("probe".to_owned(), jiff::Timestamp::UNIX_EPOCH);
        let text = |usual: &str| self.or(usual).to_owned();
        "get-object".clone_into(&mut record.operation);
        self.method().clone_into(&mut record.method);
        record.url = self.url();
        record.bucket = Some(text("photos-1250000000"));
        record.region = Some(text("ap-guangzhou"));
        record.key = Some(text("k"));
        record.status_code = Some(403);
        record.error.code = Some(text("AccessDenied"));
        record.error.message = Some(text("Access Denied."));
        record.request.headers = self.headers();
        record.request.headers.push((text("x"), "[redacted]".to_owned()));
        record.remote = Some(text("192.0.2.1:443"));
        record.via.connect_to = Some(text("192.0.2.1:443"));
        record.via.proxy = Some(format!("http://{}", text("192.0.2.1:3128")));
        record.via.ca_file = Some(text("ca.pem"));
        serde_json::to_value(record).expect("JSON")
    }
}

fn pairs(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn har(places: Places) -> Vec<u8> {
    let body = format!(
        "<Error><Code>AccessDenied</Code><Message>{}</Message><RequestId>{ID}</RequestId></Error>",
        places.or("no").replace('<', "&lt;").replace('&', "&amp;")
    );
    json!({"log": {"version": "1.2", "entries": [{
        "startedDateTime": "2026-05-26T16:26:23Z", "time": 1,
        "request": {"method": places.method(), "url": places.url(), "headers": pairs(&places.headers())},
        "response": {"status": 403, "headers": pairs(&[("x-cos-request-id".to_owned(), ID.to_owned())]), "content": {"text": body}},
    }]}})
    .to_string()
    .into_bytes()
}

fn curl_trace(places: Places) -> Vec<u8> {
    let headers: Vec<_> = places.headers().iter().map(|(name, value)| format!("> {name}: {value}\n")).collect();
    let headers = headers.concat();
    let (method, path) = (places.method(), places.or("k"));
    format!(
        "> {method} /{path} HTTP/1.1\n> Host: {HOST}\n{headers}>\n< HTTP/1.1 403 Forbidden\n< x-cos-request-id: {ID}\n<\n<Error><Code>AccessDenied</Code><Message>{path}</Message></Error>\n"
    )
    .into_bytes()
}

/// A field of an access log, quoted where it has to be.
fn field(text: &str) -> String {
    let text = text.replace(['\n', '\r'], "\u{b}");
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}

fn cos_log(places: Places) -> Vec<u8> {
    let usual = [("photos-1250000000"), ("ap-guangzhou"), HOST, "/k", "AccessDenied", "no", "https://www.example.com/"];
    let [bucket, region, host, path, code, message, referer] = usual.map(|usual| field(places.or(usual)));
    let method = field(places.method());
    format!(
        "1.0 {bucket} {region} 2018-12-01T11:09:14Z {host} GetObject 192.0.2.1 - - 512 0 {path} {method} agent 403 {code} {message} 197 42 USER STANDARD 100000000001 7 100000000001:100000000002 {ID} - - - {referer} - -\n"
    )
    .into_bytes()
}

fn s3_log(places: Places) -> Vec<u8> {
    let [bucket, key, code, referer, agent, host] =
        ["mybucket", "k", "AccessDenied", "-", "agent", "mybucket.s3.us-west-1.amazonaws.com"]
            .map(|usual| field(places.or(usual)));
    let uri = format!("{} /{} HTTP/1.1", places.method(), places.or("k")).replace(['\n', '\r'], "\u{b}");
    format!(
        "79a5EXAMPLE00 {bucket} [06/Feb/2019:00:01:38 +0000] 192.0.2.3 79a5EXAMPLE00 7B4A0FABBEXAMPLE REST.GET.OBJECT {key} \"{uri}\" 403 {code} 243 - 41 28 {referer} {agent} - hostid= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader {host} TLSv1.2 - -\n"
    )
    .into_bytes()
}

fn sdk_text(places: Places) -> Vec<u8> {
    json!({
        "statusCode": 403, "method": places.method(), "url": places.url(),
        "headers": {"x-cos-request-id": ID},
        "error": {"Code": "AccessDenied", "Message": places.or("no"), "RequestId": ID, "Resource": places.or("no")},
    })
    .to_string()
    .into_bytes()
}

fn ndjson(places: Places) -> Vec<u8> {
    format!("{}\n", places.record()).into_bytes()
}

fn sealed(places: Places) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut evidence = Evidence::new(&mut bytes, jiff::Timestamp::UNIX_EPOCH);
    evidence.record(&serde_json::from_value(places.record()).expect("a record")).expect("written");
    evidence.finish().expect("written");
    bytes
}

#[derive(Default)]
struct Rows(Vec<Record>);

impl Sink for Rows {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.0.extend(batch.into_iter().map(Arc::unwrap_or_clone));
        ControlFlow::Continue(())
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn rows(format: Option<Format>, bytes: Vec<u8>) -> Vec<Record> {
    let redactor = Redactor::default();
    let finish = |record: &mut Record| redactor.imported(record);
    let mut rows = Rows::default();
    match format {
        None => {
            let take = |mut record: Record| {
                finish(&mut record);
                rows.0.push(record);
            };
            drop(evidence::read(bytes.as_slice(), take).expect("whole"));
        }
        format => {
            let options = Options {
                format,
                successes: true,
                now: jiff::Timestamp::UNIX_EPOCH,
                clean: &str::to_owned,
                finish: &finish,
            };
            import::run_text("a", bytes, &options, &mut rows);
        }
    }
    rows.0
}

/// The commands that are offered for a record: the copied line, and those in the ticket.
fn commands(record: &Record) -> Vec<String> {
    let mut record = record.clone();
    record.outcome = cosdiag::domain::record::Outcome::Failure;
    let mut offered = vec![curl::line(&record)];
    // Without an id the ticket offers the network's commands too.
    for request_id in [record.request_id.clone(), None] {
        let mut ticket = Ticket::default();
        record.request_id = request_id;
        ticket.add(&record);
        let text = ticket.compose(&facts()).expect("a failure").text;
        let sections = text.split("\n## ").filter(|section| {
            section.starts_with("To send it again") || section.lines().any(|line| line.starts_with("    dig "))
        });
        let lines = sections.flat_map(|section| section.lines().filter_map(|line| line.strip_prefix("    ")));
        offered.extend(lines.map(str::to_owned));
    }
    offered
}

fn facts() -> Facts {
    Facts {
        language: Language::En,
        time_zone: jiff::tz::TimeZone::UTC,
        who: None,
        proxies: Vec::new(),
        evidence: None,
        keys: Keys::default(),
    }
}

/// The programs that commands are made for. Each says its name and its words.
fn stand_ins(folder: &Path) {
    for name in ["curl", "cosdiag", "dig", "mtr", "openssl", "sudo"] {
        let path = folder.join(name);
        let mut file = fs::File::create(&path).expect("a file");
        file.write_all(b"#!/bin/sh\necho ran\nprintf '%s\\n' \"$@\"\n").expect("written");
        drop(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made a program");
    }
}

/// What is wrong with a command when a shell runs it in an empty folder.
fn wrong(command: &str, programs: &Path) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("/bin/sh")
        .args(["-c", command])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .envs(["COS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "X"].map(|name| (name, "CANARY")))
        .output()
        .expect("a shell");
    if fs::read_dir(folder.path()).expect("the folder").next().is_some() {
        return Some(format!("made a file: {command:?}"));
    }
    let out = String::from_utf8_lossy(&output.stdout);
    let ran = out.lines().filter(|line| *line == "ran").count();
    (!(ran == 1 || (ran == 0 && command.starts_with('#')))
        || out.contains("CANARY")
        || command.contains(is_unsafe_char))
    .then(|| format!("runs {ran} programs, says {:?}: {command:?}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn no_record_makes_a_command_that_runs_anything_else() {
    type Writer = fn(Places) -> Vec<u8>;
    let formats: [(&str, Option<Format>, Writer); 7] = [
        ("HAR", Some(Format::Har), har),
        ("curl -v", Some(Format::Text), curl_trace),
        ("cos-log", Some(Format::CosLog), cos_log),
        ("s3-log", Some(Format::S3Log), s3_log),
        ("ndjson", Some(Format::Cosdiag), ndjson),
        ("evidence", None, sealed),
        ("SDK text", Some(Format::Text), sdk_text),
    ];
    let programs = tempfile::tempdir().expect("a folder");
    stand_ins(programs.path());
    let mut offered = BTreeSet::new();
    for (name, format, write) in formats {
        let mut read = 0;
        for value in VALUES {
            for places in [Places { method: Some(value), others: None }, Places { method: None, others: Some(value) }] {
                let found = rows(format, write(places));
                read += found.len();
                offered.extend(found.iter().flat_map(commands));
            }
        }
        // Some values cannot stand in some formats; most can.
        assert!(read > VALUES.len(), "{name}: {read} rows of {} values", VALUES.len());
    }
    let offered: Vec<_> = offered.into_iter().collect();
    let halves = offered.chunks(offered.len().div_ceil(4));
    let bad: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = halves
            .map(|half| scope.spawn(|| half.iter().filter_map(|one| wrong(one, programs.path())).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|one| one.join().expect("a thread")).collect()
    });
    let made = bad.iter().filter(|bad| bad.starts_with("made")).count();
    assert!(bad.is_empty(), "{made} of {} made files, {} wrong:\n{}", offered.len(), bad.len(), bad.join("\n"));
}

/// What an imported request's command keeps, whoever wrote the file.
#[test]
fn an_imported_request_goes_where_it_went() {
    let trace = |method: &str, url: &str, headers: &str| {
        let (scheme_and_host, path) = url.split_at(url[7..].find('/').map_or(url.len(), |at| at + 7));
        let host = scheme_and_host.split("//").nth(1).expect("a host");
        format!(
            "> {method} {path} HTTP/1.1\n> Host: {host}\n{headers}>\n< HTTP/1.1 403 Forbidden\n< x-cos-request-id: {ID}\n<\n"
        )
        .into_bytes()
    };
    let entry = |method: &str, url: &str| {
        json!({"log": {"version": "1.2", "entries": [{"request": {"method": method, "url": url},
            "response": {"status": 403, "headers": pairs(&[("x-cos-request-id".to_owned(), ID.to_owned())])}}]}})
        .to_string()
        .into_bytes()
    };
    for (format, bytes, wanted) in [
        (
            Format::S3Log,
            s3_log(Places::default()),
            "cosdiag probe mybucket/k --op get-object --region us-west-1 --dialect s3",
        ),
        (
            Format::CosLog,
            cos_log(Places::default()),
            "cosdiag probe photos-1250000000/k --op get-object --region ap-guangzhou --header 'referer: https://www.example.com/'",
        ),
        (
            Format::Har,
            entry("GET", "http://127.0.0.1:9000/b-1250000000/k?versionId=1"),
            "cosdiag probe 'http://127.0.0.1:9000/b-1250000000/k?versionId=1' --op get-object",
        ),
        (
            Format::Text,
            trace("HEAD", &format!("http://{HOST}/k"), "> Range: bytes=1-2\n"),
            "cosdiag probe photos-1250000000 --request 'HEAD /k' --region ap-guangzhou --scheme http --header 'range: bytes=1-2'",
        ),
        (Format::Har, entry("PUT", &format!("https://{HOST}/k")), "curl -sS -i -X PUT"),
    ] {
        let found = rows(Some(format), bytes);
        let offered: Vec<_> = found.iter().flat_map(commands).collect();
        assert!(offered.iter().any(|one| one.starts_with(wanted)), "{wanted}\n{}", offered.join("\n"));
    }
}

#[test]
fn a_method_that_is_no_token_stays_a_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let (trace, ticket) = (folder.path().join("a.txt"), folder.path().join("ticket.md"));
    fs::write(&trace, curl_trace(Places { method: Some("GET;touch${IFS}P;#(x)"), others: None })).expect("written");
    let paths = [&trace, &ticket].map(|path| path.to_str().expect("text"));
    let (out, err, status) = run(&mut program(&["import", paths[0], "--format", "ndjson", "--ticket", paths[1]]));
    let row: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    assert_eq!((status, row["method"].as_str()), (1, Some("(invalid)")), "{err}");
    assert_eq!(row["requestId"]["value"], ID);
    let ticket = fs::read_to_string(&ticket).expect("a ticket");
    assert!(ticket.contains("# no command") && !ticket.contains("touch"), "{ticket}");
}
