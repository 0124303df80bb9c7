//! Secrets that were planted in requests, proxies and URLs.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{COOKIE, ID, KEY, TOKEN, echo, forms};
use crate::support::{program, run};

/// Searches for every form of the secrets that the program was given. (What it was not given it
/// cannot know by value; a foreign secret is known by its name only.)
fn search(place: &str, text: &str, secrets: &[&str]) {
    for secret in secrets {
        for form in forms(secret) {
            // The neighbours of a secret inside base64 are not the secret: its own bits are.
            let is_base64 = form.len() > secret.len() + 10 && !form.contains(['%', '&', ';', ' ', '\r']);
            let core = if is_base64 { &form[4..form.len() - 12] } else { &form };
            let at = text.find(core).or_else(|| text.to_lowercase().find(&core.to_lowercase()));
            assert!(at.is_none(), "{place} holds {core}");
        }
        assert!(!text.contains(&secret[..16]), "{place} holds the beginning of {secret}");
    }
}

#[test]
fn no_output_holds_a_planted_secret() {
    let address = echo().to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let base = ["--connect-to", &address, "--scheme", "http", "--region", "ap-guangzhou"];
    let cookie = format!("Cookie: {COOKIE}");
    let token_header = format!("x-cos-security-token: {TOKEN}");
    for format in ["table", "json", "ndjson", "csv", "markdown", "har"] {
        for (more, secrets) in [
            (vec!["--header", &cookie], vec![KEY, TOKEN, COOKIE]),
            (vec!["--header", &token_header], vec![KEY, TOKEN]),
            (vec!["--retries", "1"], vec![KEY, TOKEN]),
        ] {
            let mut arguments = vec!["probe", "photos-1250000000/k.txt", "--all", "--diagnose", "--format", format];
            arguments.extend(base.iter().chain(&more));
            let [ticket, kept] = ["ticket.txt", "failures.cosdiag"].map(|name| folder.path().join(name));
            let mut command = program(&arguments);
            command.env("COS_SECRET_ID", "AKIDTESTTESTTEST0000").env("COS_SECRET_KEY", KEY).env("COS_TOKEN", TOKEN);
            command.arg("--ticket").arg(&ticket).arg("--evidence").arg(&kept);
            let (out, err, status) = run(&mut command);
            assert_eq!(status, 1, "{err}");
            assert!(out.contains("403"), "{out}");
            for file in [ticket, kept] {
                let text = std::fs::read_to_string(&file).expect("it was written");
                assert!(text.contains("AccessDenied"), "{text}");
                search(&file.display().to_string(), &text, &secrets);
            }
            search("standard output", &out, &secrets);
            search("standard error", &err, &secrets);
        }
    }
}

#[test]
fn a_proxy_s_password_is_nowhere() {
    let address = echo().to_string();
    let proxy = format!("http://user:{}@{address}", "CANARYcookie%3Dnotreal0000");
    let arguments = [
        "probe",
        "photos-1250000000",
        "--diagnose",
        "--scheme",
        "http",
        "--region",
        "ap-guangzhou",
        "--format",
        "json",
    ];
    let mut command = program(&arguments);
    command.env("COS_SECRET_ID", "AKIDTESTTESTTEST0000").env("COS_SECRET_KEY", KEY);
    let (out, err, status) = run(command.args(["--proxy", &proxy]));
    assert_eq!(status, 1, "{err}");
    search("standard output", &out, &[KEY, COOKIE]);
    search("standard error", &err, &[KEY, COOKIE]);
    let (out, err, status) = run(program(&arguments)
        .env("COS_SECRET_ID", "AKIDTESTTESTTEST0000")
        .env("COS_SECRET_KEY", KEY)
        .args(["--proxy", "http://user:CANARYcookie=notreal0000@127.0.0.1:1"]));
    assert_eq!(status, 1, "{err}");
    assert!(out.contains("EPROXY"), "{out}");
    search("standard output", &out, &[KEY, COOKIE]);
}

#[test]
fn the_log_tells_what_was_done_and_no_secret() {
    let address = echo().to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cosdiag.log");
    let arguments = ["probe", "photos-1250000000/k", "--op", "get-object", "--diagnose", "--region", "ap-guangzhou"];
    let (_, err, status) = run(program(&arguments)
        .args(["--scheme", "http", "--connect-to", &address])
        .env("COS_SECRET_ID", "AKIDTESTTESTTEST0000")
        .env("COS_SECRET_KEY", KEY)
        .env("COS_TOKEN", TOKEN)
        .env("COSDIAG_LOG", &file));
    assert_eq!(status, 1, "{err}");
    let log = fs::read_to_string(&file).expect("a log");
    for told in [
        "begun",
        "setting=\"region\" value=\"ap-guangzhou\" from=\"--region\"",
        "sent",
        "checked",
        "status=403",
        "ended",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    search("the log", &log, &[KEY, TOKEN]);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("there").permissions()) & 0o777, 0o600);
    let (_, err, status) = run(program(&["explain", "NoSuchKey"]).env("COSDIAG_LOG", folder.path()));
    assert_eq!(status, 2);
    assert!(err.starts_with("cosdiag: COSDIAG_LOG: ") && err.lines().count() == 1, "{err}");
}

#[test]
fn the_search_itself_finds_what_it_looks_for() {
    for form in [KEY, TOKEN].into_iter().flat_map(forms) {
        let found =
            std::panic::catch_unwind(|| search("a planted place", &format!("before {form} after"), &[KEY, TOKEN]))
                .is_err();
        assert!(found, "{form} was overlooked");
    }
}

#[test]
fn a_presigned_url_s_signature_and_token_are_nowhere_either() {
    let signature = "0123456789abcdef0123456789abcdef01234567";
    let token = "%2FPRESIGNEDtokenCANARY99";
    let url = format!(
        "http://b-1250000000.cos.ap-guangzhou.myqcloud.com/k?q-sign-algorithm=sha1&q-ak=AKIDTESTTESTTEST0000\
         &q-sign-time=1795400000;1995499999&q-signature={signature}&x-cos-security-token={token}"
    );
    let escaped = url.replace('%', "%25").replace('&', "%26").replace('=', "%3D").replace('?', "%3F");
    let answer = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://portal.example/login?return={escaped}\r\ncontent-length: 70\r\nconnection: close\r\n\r\n{signature} and /PRESIGNEDtokenCANARY99"
    );
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).and_then(|_| stream.write_all(answer.as_bytes()));
        }
    });
    for format in ["table", "ndjson", "csv", "markdown", "har"] {
        let (out, err, status) =
            run(&mut program(&["probe", &url, "--diagnose", "--connect-to", &address, "--format", format]));
        assert_eq!(status, 1, "{err}");
        for secret in [signature, "PRESIGNEDtokenCANARY99", "AKIDTESTTESTTEST0000"] {
            assert!(!out.contains(secret) && !err.contains(secret), "{format}: {secret} in {out}{err}");
        }
    }
    for wrong in [
        "htp://b?q-signature=0123456789abcdef",
        "http://user:CANARYpassword@h/",
        " https://h/k?q-signature=0123456789abcdef",
    ] {
        let (out, err, status) = run(&mut program(&["probe", wrong]));
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(!err.contains("0123456789abcdef") && !err.contains("CANARYpassword"), "{err}");
    }
}

#[test]
fn the_request_s_own_signature_comes_back_in_no_form() {
    let signature = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&signature);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let length = stream.read(&mut head).unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let Some((_, rest)) = head.split_once("q-signature=") else { continue };
            let own: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            let whole = STANDARD.encode(&head);
            let escaped: String = own.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
            let percent: String = own.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let broken = whole.as_bytes().chunks(60).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\\n");
            let mut all = forms(&own);
            all.extend([whole, broken, escaped, percent, head.replace("\r\n", "\\r\\n")]);
            let body = format!("<Error><Code>AccessDenied</Code><Message>{}</Message></Error>", all.join(" | "));
            let lines: String =
                all.iter().filter(|form| !form.contains('\r')).map(|form| format!("x-echo: {form}\r\n")).collect();
            let answer = format!(
                "HTTP/1.1 403 Forbidden\r\nx-cos-request-id: {ID}\r\nx-{own}: 1\r\n{lines}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            seen.lock().expect("not poisoned").push(own);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    for format in ["json", "har", "table"] {
        let mut command =
            program(&["probe", "b-1250000000/k", "--op", "get-object", "--scheme", "http", "--format", format]);
        command.args(["--region", "ap-guangzhou", "--connect-to", &address]);
        command.env("COS_SECRET_ID", "AKIDTESTTESTTEST0000").env("COS_SECRET_KEY", KEY);
        command.env("COSDIAG_HISTORY", path("history.db"));
        command.arg("--ticket").arg(path("ticket")).arg("--evidence").arg(path("evidence"));
        let (out, err, status) = run(&mut command);
        assert_eq!(status, 1, "{err}");
        assert!(out.contains("AccessDenied"), "{out}");
        let signatures = signature.lock().expect("not poisoned").clone();
        assert!(!signatures.is_empty());
        let secrets: Vec<&str> = signatures.iter().map(String::as_str).collect();
        let file = |name: &str| String::from_utf8_lossy(&std::fs::read(path(name)).unwrap_or_default()).into_owned();
        for (place, text) in [
            ("standard output", out),
            ("standard error", err),
            ("ticket", file("ticket")),
            ("evidence", file("evidence")),
            ("history.db", file("history.db") + &file("history.db-wal")),
        ] {
            search(place, &text, &secrets);
            for escape in ["\\u0030", "\\\\u0030", "%30%", "&#48;"] {
                assert!(text.matches(escape).count() < 3, "{place} holds a signature in {escape}");
            }
        }
    }
}
