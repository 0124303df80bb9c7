//! What `sign` shows.

use cosdiag::sandbox::Role;
use serde_json::Value;

use crate::support::{program, program_as, run, serve};

#[test]
fn sign_shows_its_working_and_signs_exactly_the_headers_given() {
    let url = "https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b?acl";
    let mut command = program(&[
        "sign",
        "PUT",
        url,
        "--start",
        "1700000000",
        "--end",
        "1700003600",
        "--header",
        "Content-Type: text/plain",
        "--format",
        "json",
    ]);
    command.env("COS_SECRET_ID", "AKIDTESTTESTTEST").env("COS_SECRET_KEY", "FAKEsecretFAKEsecret");
    let (out, err, status) = run(&mut command);
    assert_eq!(status, 0, "{err}");
    let signed: Value = serde_json::from_str(&out).expect("JSON");
    let fields: Vec<_> = signed.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, ["authorization", "url", "signedHeaders", "canonicalRequest", "stringToSign"]);
    assert_eq!(signed["signedHeaders"], "content-type;host");
    assert_eq!(
        signed["canonicalRequest"],
        "put\n/a b\nacl=\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com\n"
    );
    assert!(signed["authorization"].as_str().is_some_and(|text| text.contains("q-sign-time=1700000000;1700003600")));
    assert!(!out.contains("FAKEsecret"));
}

#[test]
fn dots_that_cannot_be_sent_are_refused_in_one_line() {
    for (arguments, part) in [
        (
            vec!["probe", "http://h/a/../b", "--anonymous", "--proxy", "http://127.0.0.1:1"],
            "a proxy would change the path /a/../b",
        ),
        (vec!["probe", "http://h/..", "--anonymous"], "the dots in its path"),
    ] {
        let (out, err, status) = run(&mut program(&arguments));
        assert_eq!((out.as_str(), status, err.lines().count()), ("", 2, 1), "{err}");
        assert!(err.contains(part), "{err}");
    }
}

#[test]
fn sign_signs_what_was_typed() {
    for (typed, path, host, sent) in [
        ("https://H.Example/dot/../up.txt", "/dot/../up.txt", "H.Example", "/dot/../up.txt"),
        ("https://h//a//b/", "//a//b/", "h", "//a//b/"),
        ("https://h/%2e%2E/a+b c", "/../a+b c", "h", "/../a%2Bb%20c"),
        ("https://h/.", "/.", "h", "/."),
        ("https://h:443", "/", "h", "/"),
        ("http://H:8080?acl#x", "/", "H:8080", "/?acl"),
    ] {
        let mut command = program(&["sign", "GET", typed, "--format", "json"]);
        command.env("COS_SECRET_ID", "AKIDTESTTESTTEST").env("COS_SECRET_KEY", "FAKEsecretFAKEsecret");
        let (out, err, _) = run(&mut command);
        let signed: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{typed}: {error} {err}"));
        let lines: Vec<_> = signed["canonicalRequest"].as_str().expect("a text").lines().collect();
        assert_eq!((lines[1], lines[3]), (path, format!("host={}", host.replace(':', "%3A")).as_str()), "{typed}");
        let scheme = typed.split("//").next().expect("a scheme");
        assert_eq!(signed["url"], format!("{scheme}//{host}{sent}"));
    }
}

#[test]
fn a_presigned_url_with_dots_asks_for_its_own_key() {
    let served = serve();
    let address = served.address.to_string();
    let url = "http://photos-1250000000.cos.ap-guangzhou.myqcloud.com/dot/../cat.jpg";
    let (out, err, _) = run(&mut program_as(Role::Owner, &["sign", "GET", url, "--presign", "60", "--format", "json"]));
    let signed: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} {err}"));
    let presigned = signed["url"].as_str().expect("a URL");
    let arguments = ["probe", "--connect-to", &address, "--format", "json", presigned];
    let (out, err, status) = run(&mut program(&arguments));
    let list: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} {err}"));
    // There is a cat.jpg: to answer 200 would be to answer for another key.
    assert_eq!(
        (status, &list[0]["error"]["Code"], &list[0]["key"]),
        (1, &"NoSuchKey".into(), &"dot/../cat.jpg".into())
    );
}
