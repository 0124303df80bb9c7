//! A planted secret, thrown back by a server in every form it can think of, must be nowhere.
#![allow(
    clippy::print_stdout,
    clippy::format_collect,
    reason = "the table is for whoever runs this; its texts are short"
)]

mod named;
mod planted;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const KEY: &str = "CANARY-not-a-real-key/with+signs==";

const TOKEN: &str = "CANARY-token-not-real/with+signs&more";

const COOKIE: &str = "CANARYcookie=notreal0000";

fn forms(secret: &str) -> Vec<String> {
    let percent: String = secret
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect();
    let each = |form: &dyn Fn(u8) -> String| secret.bytes().map(form).collect::<Vec<_>>().concat();
    let hex = each(&|b| format!("{b:02x}"));
    let entities = each(&|b| format!("&#{b};"));
    let twice = percent.replace('%', "%25");
    let wrapped = STANDARD
        .encode(format!("{secret} and more"))
        .as_bytes()
        .chunks(12)
        .map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n")
        .collect::<Vec<_>>()
        .concat();
    let spaced = each(&|b| format!("{b:02x} "));
    let long = each(&|b| format!("&#x00000000{b:04x};"));
    let mut forms = vec![
        wrapped,
        spaced,
        long,
        entities,
        twice,
        secret.to_owned(),
        percent.to_lowercase(),
        percent,
        hex.to_uppercase(),
        hex,
    ];
    for lead in ["", "a", "ab"] {
        forms.push(STANDARD.encode(format!("{lead}{secret} and more")));
        forms.push(URL_SAFE_NO_PAD.encode(format!("{lead}{secret} and more")));
    }
    forms
}

/// Answers every request with its own head and with every form of the secrets, as a body, in
/// headers, and past the point where bodies are cut.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            thread::spawn(move || {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let all: Vec<_> = [KEY, TOKEN, COOKIE].into_iter().flat_map(forms).collect();
                let padding = "x".repeat(64 * 1024 - head.len() - 700);
                let escaped = head.replace('&', "&amp;").replace('<', "&lt;");
                let body = format!(
                    "<Error><Code>AccessDenied</Code><Message>{escaped}{}</Message><FormatString>{head}</FormatString>\
                     <SignatureProvided>{head}</SignatureProvided></Error>{padding}{}",
                    all.join(" ").replace('&', "&amp;"),
                    all.join(" "),
                );
                let echo = all
                    .iter()
                    .filter(|form| !form.contains('\r'))
                    .map(|form| format!("x-echo: {form}\r\n"))
                    .collect::<Vec<_>>()
                    .concat();
                let answer = format!(
                    "HTTP/1.1 403 Forbidden\r\nx-cos-request-id: {KEY}\r\nset-cookie: {COOKIE}\r\n{echo}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    address
}

const ID: &str = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=";
