//! The ticket's command, run by a shell, sends what was sent: the same requests, Hosts and kind of
//! signature, to the same place.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::support::{program, run};

/// The heads of requests, as they came.
type Heads = Arc<Mutex<Vec<String>>>;

/// Refuses whatever comes, as a store would, and keeps what tells requests apart.
fn store() -> (SocketAddr, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let heads = Heads::default();
    let kept = Arc::clone(&heads);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || answer(stream, &kept));
        }
    });
    (address, heads)
}

fn answer(mut stream: TcpStream, kept: &Heads) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let mut head = Vec::new();
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
            let text = line.trim_end().to_owned();
            // Of a signature, the kind; times and digests differ.
            let lower = text.to_ascii_lowercase();
            match lower.split_once(':') {
                Some(("authorization", value)) => {
                    head.push(format!("authorization: {}", value.trim().chars().take(16).collect::<String>()));
                }
                Some(("date" | "x-amz-date" | "x-amz-content-sha256", _)) => {}
                _ => head.push(text),
            }
            line.clear();
        }
        if head.is_empty() {
            return;
        }
        let is_head = head[0].starts_with("HEAD ");
        kept.lock().expect("heads").push(head.join("\n"));
        let body = "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
        let body_sent = if is_head { "" } else { body };
        let answer = format!(
            "HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nx-cos-request-id: NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n{body_sent}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Sends by these arguments, and then by the ticket's command; what came both times, and the command.
fn twice(arguments: &[&str], heads: &Heads) -> (Vec<String>, Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    symlink(env!("CARGO_BIN_EXE_cosdiag"), folder.path().join("cosdiag")).expect("a link");
    let ticket = folder.path().join("ticket.md");
    let keys = [
        ("COS_SECRET_ID", "AKIDfakeIDfakeIDfakeIDfakeIDfakeIDfake"),
        ("COS_SECRET_KEY", "fakeKEYfakeKEYfakeKEYfakeKEYfake"),
        ("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE"),
        ("AWS_SECRET_ACCESS_KEY", "fakeKEYfakeKEYfakeKEYfakeKEYfakeKEYfake"),
    ];
    let took = || std::mem::take(&mut *heads.lock().expect("heads"));
    let mut all = vec!["probe", "--ticket", ticket.to_str().expect("text")];
    all.extend(arguments);
    let (_, err, _) = run(program(&all).envs(keys));
    let first = took();
    let text = fs::read_to_string(&ticket).unwrap_or_else(|error| panic!("{error}: {arguments:?}: {err}"));
    let command = text.lines().find_map(|line| line.strip_prefix("    ").filter(|line| line.starts_with("cosdiag ")));
    let Some(command) = command.map(str::to_owned) else { return (first, Vec::new(), String::new()) };
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &command]).env_clear().envs(keys);
    shell.env("PATH", folder.path()).env("HOME", "/nonexistent").env("COSDIAG_HISTORY", "/dev/null");
    let (_, err, status) = run(&mut shell);
    assert_ne!(status, 2, "{command}\n{err}");
    (first, took(), command)
}

#[test]
fn the_tickets_command_sends_the_same() {
    let (address, heads) = store();
    let at = |before: &str, after: &str| format!("{before}{address}{after}");
    let (plain, based) = (at("http://", ""), at("http://", "/store/v1"));
    let (by_host, login) =
        (at("http://{bucket}.localhost:", "").replace("127.0.0.1:", ""), at("http://user:pass@", ""));
    let (url, url_object) =
        (at("http://", "/b-1250000000/a%20b?max-keys=3"), at("http://", "/b-1250000000/k?versionId=v%2F1"));
    let address = address.to_string();
    let there = ["--connect-to", &address];
    let cos = ["--region", "ap-guangzhou", "--scheme", "http", "--connect-to", &address];
    let s3 = ["--dialect", "s3", "--region", "us-east-1"];
    let cases: &[(&[&str], &[&str])] = &[
        (&["healthy/a.txt", "--op", "get-object", "--endpoint", &plain], &s3),
        (&["healthy", "--op", "head-bucket", "--endpoint", &by_host], &[&s3[..], &there].concat()),
        (&["healthy/a.txt", "--op", "head-object", "--endpoint", &based], &s3),
        (&["s3://healthy", "--op", "get-bucket-cors", "--endpoint", &plain, "--anonymous"], &s3),
        (&["cos://", "--op", "get-service", "--endpoint", &plain], &s3),
        (&["healthy", "--op", "get-bucket", "--scheme", "http"], &[&s3[..], &there].concat()),
        (&["b-1250000000/a.txt", "--op", "get-object"], &cos),
        (&["b-1250000000/it's $(touch P) \\' `x`", "--op", "get-object"], &cos),
        (&["b-1250000000/\u{202e}dot/../up\u{ad}.txt", "--op", "head-object"], &cos),
        (&["b-1250000000/-a", "--op", "get-object-tagging", "--anonymous"], &cos),
        (&["B-1250000000/a", "--op", "get-object"], &cos),
        (&["b-1250000000/a", "--op", "options-object", "--origin", "https://www.example.com"], &cos),
        (
            &[
                "b-1250000000/a",
                "--op",
                "options-object",
                "--header",
                "origin: null",
                "--header",
                "access-control-request-method: PUT",
            ],
            &cos,
        ),
        (
            &[
                "b-1250000000/a",
                "--op",
                "get-object",
                "--header",
                "range: bytes=5-9",
                "--header",
                "referer: https://x.example/'",
            ],
            &cos,
        ),
        (&["b-1250000000/a", "--op", "get-object", "--header", "host: cdn.example.com"], &cos),
        (&["b-1250000000", "--request", "GET /?prefix=a%20b&delimiter=/"], &cos),
        (&["b-1250000000", "--request", "HEAD /k%27?versionId=1"], &cos),
        (
            &["b-1250000000", "--op", "get-bucket", "--endpoint", &plain],
            &["--dialect", "cos", "--region", "ap-guangzhou"],
        ),
        (
            &["b-1250000000/a", "--op", "get-object", "--proxy", &login],
            &["--region", "ap-guangzhou", "--scheme", "http"],
        ),
        (&["http://b-1250000000.cos.ap-guangzhou.myqcloud.com/a?acl"], &there),
        (&["http://cdn.example.com/a", "--op", "head-object"], &there),
        (&[&url], &s3),
        (&[&url_object, "--op", "get-object"], &s3),
    ];
    for (what, how) in cases {
        let (first, again, command) = twice(&[*what, *how].concat(), &heads);
        let without_login = |head: &String| {
            let lines = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("proxy-authorization"));
            lines.collect::<Vec<_>>().join("\n")
        };
        let [first, again] = [first, again].map(|heads| heads.iter().map(without_login).collect::<Vec<_>>());
        assert!(!first.is_empty(), "{what:?} sends something");
        assert_eq!(again, first, "{what:?}\n{command}");
        assert!(!command.contains("pass") && !command.contains("fakeKEY"), "{command}");
    }
}

#[test]
fn what_nobody_else_can_send_has_no_command() {
    let (address, heads) = store();
    let address = address.to_string();
    let there = ["--connect-to", &address, "--region", "ap-guangzhou", "--scheme", "http"];
    let signed =
        "http://b-1250000000.cos.ap-guangzhou.myqcloud.com/a?q-sign-algorithm=sha1&q-signature=0123456789abcdef";
    let cases: [&[&str]; 2] =
        [&[signed], &["b-1250000000/a", "--op", "get-object", "--header", "Authorization: fakefakefake"]];
    for what in cases {
        let (first, _, command) = twice(&[what, &there].concat(), &heads);
        assert_eq!((first.is_empty(), command.as_str()), (false, ""), "{what:?}");
    }
}
