//! Bad input: one line that says what, where and what to do.

use std::fs;

use cosdiag::sandbox::Role;

use crate::support::{program_as, run, serve};

/// Arguments, variables, and what the line must hold.
type Case<'a> = (Vec<&'a str>, Vec<(&'a str, &'a str)>, &'a [&'a str]);

#[test]
fn what_is_odd_is_said_and_sent_all_the_same() {
    let served = serve();
    let address = served.address.to_string();
    let arguments = [
        "probe",
        "photos",
        "--region",
        "ap-guangzou",
        "--scheme",
        "http",
        "--connect-to",
        &address,
        "--format",
        "table",
    ];
    let (out, err, status) = run(&mut program_as(Role::Owner, &arguments));
    assert_eq!(status, 1, "{out}");
    assert!(err.contains("did you mean \"ap-guangzhou\"") && err.contains("lacks its APPID"), "{err}");
    let (out, err, status) = run(&mut program_as(
        Role::Owner,
        &[
            "probe",
            "photos-1250000000",
            "--op",
            "head-bucket",
            "--region",
            "ap-guangzhou",
            "--insecure",
            "--connect-to",
            &address,
            "--format",
            "ndjson",
        ],
    ));
    assert_eq!(status, 0, "{out}{err}");
    assert!(err.contains("--insecure"), "{err}");
}

/// One line that says what, where and what would be right; exit 2; nothing on standard output.
#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn bad_input_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("text").to_owned()
    };
    let no_pem = file("no.pem", "not a certificate");
    let typo = file("typo.toml", "[profile.prod]\nregin = \"ap-guangzhou\"\n");
    let broken = file("broken.toml", "[profile.prod\n");
    let half = file("half.toml", "[profile.prod]\nsecret_id = \"AKIDTESTTESTTEST\"\n");
    let good = file("good.toml", "[profile.prod]\nregion = \"ap-guangzhou\"\n");
    let t = "photos-1250000000";
    let r = ["--region", "ap-guangzhou"];
    let cases: Vec<Case<'_>> = vec![
        (vec!["probe", t, "--op", "head-buket"], vec![], &["--op", "head-buket", "Did you mean \"head-bucket\""]),
        (vec!["probe", t, "--op", "put-object"], vec![], &["writes", "--suite write"]),
        (vec!["probe", t, "--suite", "fast"], vec![], &["--suite", "quick, config"]),
        (vec!["probe", t, "--region", "ap guangzhou"], vec![], &["ap guangzhou", "host name"]),
        (vec!["probe", t], vec![], &["no region", "--region"]),
        (
            vec!["probe", t, "-p", "prd"],
            vec![("COSDIAG_CONFIG", &good)],
            &["--profile", "prd", "Did you mean \"prod\""],
        ),
        (
            vec!["probe", t],
            vec![("COSDIAG_CONFIG", &good), ("COSDIAG_PROFILE", "x")],
            &["COSDIAG_PROFILE", "Profiles: prod"],
        ),
        (vec!["probe", t, "--format", "xml"], vec![], &["--format", "xml", "ndjson"]),
        (vec!["probe", "two words"], vec![], &["two words", "BUCKET/KEY"]),
        (vec!["probe", "ftp://h/x"], vec![], &["ftp"]),
        (vec!["probe"], vec![], &["TARGET"]),
        (
            vec!["probe", t, "--endpoint", "localhost:9000"],
            vec![],
            &["--endpoint", "localhost:9000", "http://127.0.0.1:9000"],
        ),
        (vec!["probe", t, "--ca-file", &no_pem], vec![], &["--ca-file", "no.pem", "PEM"]),
        (vec!["probe", t, "--ca-file", "/nonexistent.pem"], vec![], &["--ca-file", "/nonexistent.pem", "not found"]),
        (vec!["probe", t, "-p", "prod"], vec![("COSDIAG_CONFIG", &typo)], &["typo.toml:2:1", "regin", "region"]),
        (vec!["probe", t, "-p", "prod"], vec![("COSDIAG_CONFIG", &broken)], &["broken.toml:1:"]),
        (
            vec!["probe", t, "-p", "prod"],
            vec![("COSDIAG_CONFIG", &half)],
            &["half.toml", "secret_id is set", "secret_key"],
        ),
        (vec!["probe", t], vec![("COSDIAG_CONFIG", "/nonexistent.toml")], &["/nonexistent.toml"]),
        (
            vec!["probe", t, r[0], r[1]],
            vec![("COS_SECRET_ID", ""), ("COS_SECRET_KEY", "")],
            &["no credentials", "COS_SECRET_ID", "--anonymous"],
        ),
        (
            vec!["probe", t, r[0], r[1]],
            vec![("COS_SECRET_KEY", "")],
            &["COS_SECRET_ID is set, but COS_SECRET_KEY is not"],
        ),
        (vec!["probe", t, "--dialect", "gcs"], vec![], &["--dialect: invalid value \"gcs\". Use one of cos, s3"]),
        (vec!["probe", t, "--scheme", "ftp"], vec![], &["--scheme: invalid value \"ftp\". Use one of https, http"]),
        (vec!["probe", t, "--connect-to", "somewhere"], vec![], &["--connect-to", "127.0.0.1:9000"]),
        (vec!["probe", t, "--proxy", "proxy:3128"], vec![], &["--proxy", "http://proxy.example.com:3128"]),
        (vec!["probe", t, "--timeout", "soon"], vec![], &["--timeout", "soon"]),
        (vec!["probe", t, "--header", "novalue"], vec![], &["--header", "Name: value"]),
        (vec!["probe", t, r[0], r[1], "--request", "DELETE /x"], vec![], &["DELETE", "write"]),
        (vec!["probe", t, r[0], r[1], "--request", "uploads"], vec![], &["uploads", "GET /?uploads"]),
        (vec!["probe", t, r[0], r[1], "--op", "options-object"], vec![], &["options-object needs a key"]),
        (vec!["probe", "photos-1250000000/k", r[0], r[1], "--op", "options-object"], vec![], &["--origin"]),
        (
            vec!["probe", "https://h/k?q-sign-time=1;2&q-signature=0", "--op", "head-object"],
            vec![],
            &["presigned URL is sent as it is"],
        ),
        (vec!["probe", t, "--concurrency", "0"], vec![], &["--concurrency", "1..=1024"]),
        (vec!["probe", t, "--regoin", "x"], vec![], &["--regoin", "--region"]),
        (vec!["sign", "GET", "no-url"], vec![], &["no-url", "full URL"]),
        (
            vec!["sign", "GET", "https://h/", "--dialect", "s3", "--time", "now"],
            vec![("AWS_ACCESS_KEY_ID", "AKIDTESTTESTTEST"), ("AWS_SECRET_ACCESS_KEY", "FAKEsecretFAKE")],
            &["--time", "RFC 3339"],
        ),
        (vec!["sandbox", "--listen", "0.0.0.0:0"], vec![], &["loopback"]),
        (vec!["sandbox", "--listen", "9000"], vec![], &["--listen", "127.0.0.1:9000"]),
        (vec!["demo", "--scenario", "none"], vec![], &["--scenario", "tour"]),
        (vec!["demo"], vec![], &["not a terminal", "cosdiag probe"]),
        (vec![], vec![], &["not a terminal", "cosdiag probe"]),
        (vec!["explode"], vec![], &["explode"]),
        (vec!["prob", "x"], vec![], &["\"prob\" is not a command. Did you mean \"probe\"?"]),
        (vec!["histroy"], vec![], &["Did you mean \"history\"?"]),
        (vec!["prob", "x", "--op", "head-bucket"], vec![], &["Did you mean \"probe\"?"]),
        (vec!["help"], vec![], &["cosdiag --help"]),
        (vec![t, r[0], r[1]], vec![], &["not a terminal", "cosdiag probe photos-1250000000"]),
        (vec!["cos://photos-1250000000/a.txt", r[0], r[1]], vec![], &["cosdiag probe cos://photos-1250000000/a.txt"]),
        (vec![t], vec![], &["no region"]),
        (vec!["cos://*"], vec![], &["cosdiag probe 'cos://*'"]),
        (vec!["probe", t, "--format", "jsn"], vec![], &["--format: invalid value \"jsn\"", "Did you mean \"json\"?"]),
        (vec!["import", "x", "--as", "s3log"], vec![], &["--as: invalid value \"s3log\"", "Did you mean \"s3-log\"?"]),
        (vec!["probe", t, "--suite", "objet"], vec![], &["--suite", "Did you mean \"object\"?"]),
    ];
    for (arguments, variables, parts) in cases {
        let mut command = program_as(Role::Owner, &arguments);
        for (name, value) in &variables {
            command.env(name, value);
        }
        let (out, err, status) = run(&mut command);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert_eq!(err.trim_end().lines().count(), 1, "{arguments:?}: {err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {part:?} is not in {err}");
        }
    }
}
