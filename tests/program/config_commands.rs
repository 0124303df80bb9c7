//! `config show` and `config check` of the built program.

use std::fs;

use cosdiag::sandbox::{Role, account};
use serde_json::Value;

use crate::support::{program, program_as, run, serve};

/// The line of `config show` that names each kind of source, and who won.
#[test]
fn config_show_says_who_won_and_masks_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().to_str().expect("text");
    let id = "AKIDEXAMPLE0000000000000000000000000";
    let conf = format!("[common]\nsecret_id = {id}\nsecret_key = FAKEcoscmdFAKEcoscmd\nregion = ap-beijing\n");
    fs::write(folder.path().join(".cos.conf"), conf).expect("written");
    let (out, err, status) = run(program(&["config", "show"]).env("HOME", home));
    assert_eq!(status, 0, "{err}");
    for part in ["AKID…0000", "/.cos.conf", "ap-beijing", "COS_SECRET_ID", "not set", "TENCENTCLOUD_SECRET_ID"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    assert!(out.lines().any(|line| line.trim_start().starts_with("used") && line.contains(".cos.conf")), "{out}");
    assert!(!out.contains("FAKE") && !out.contains(id), "{out}");

    let (out, _, status) = run(program_as(Role::Owner, &["config", "show", "--format", "json"]).env("HOME", home));
    let shown: Value = serde_json::from_str(&out).expect("JSON");
    let used: Vec<_> = shown["credentialsLookedFor"].as_array().expect("a list").iter().collect();
    let used: Vec<_> = used.iter().filter(|place| place["used"] == true).map(|place| &place["place"]).collect();
    assert_eq!((used, status), (vec![&Value::from("COS_SECRET_ID")], 0));
    assert!(!out.contains(account(Role::Owner).expose_key()), "{out}");
}

#[test]
fn config_check_finds_slips_without_sending() {
    let fine = account(Role::Owner);
    let long = account(Role::Temporary).id;
    let cases = [
        (fine.id.as_str(), fine.expose_key(), "ap-guangzhou", 0, "not sent"),
        (fine.expose_key(), fine.id.as_str(), "ap-guangzhou", 1, "swapped"),
        (&fine.id, &fine.id, "ap-guangzhou", 1, "it is a SecretId"),
        (&fine.id, "FAKEkeyFAKEkey ", "ap-guangzhou", 1, "begins or ends with whitespace"),
        (&long, fine.expose_key(), "ap-guangzhou", 1, "its session token is missing"),
        (&fine.id, fine.expose_key(), "ap-guangzou", 1, "did you mean \"ap-guangzhou\""),
    ];
    for (id, key, region, wanted, part) in cases {
        let mut command = program(&["config", "check", "--offline", "--region", region]);
        command.env("COS_SECRET_ID", id).env("COS_SECRET_KEY", key);
        let (out, err, status) = run(&mut command);
        assert_eq!(status, wanted, "{part}: {out}{err}");
        assert!(out.contains(part) && !out.contains(fine.expose_key()), "{part}: {out}");
    }
    let (out, _, status) = run(&mut program(&["config", "check", "--offline"]));
    assert!(status == 1 && out.contains("no credentials: set COS_SECRET_ID"), "{out}");
    let (out, err, status) = run(&mut program(&["config", "check", "-p", "nobody"]));
    assert_eq!((out.as_str(), status, err.lines().count()), ("", 2, 1), "{err}");
}

/// What is wrong with the screen's part of the file is said with its line, and hinders nothing.
#[test]
fn config_check_says_what_is_wrong_with_keys_columns_and_theme() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, themes) = (folder.path().join("config.toml"), folder.path().join("themes"));
    fs::create_dir(&themes).expect("a folder");
    fs::write(themes.join("good.toml"), "extends = \"light\"\nserver = \"red bold\"\n").expect("written");
    fs::write(themes.join("bad.toml"), "extends = \"light\"\nserver = \"redd\"\n").expect("written");
    let check = |text: &str| {
        fs::write(&path, text).expect("written");
        let fine = account(Role::Owner);
        let mut command = program(&["config", "check", "--offline", "--region", "ap-guangzhou"]);
        command.env("COS_SECRET_ID", &fine.id).env("COS_SECRET_KEY", fine.expose_key()).env("COSDIAG_CONFIG", &path);
        run(&mut command)
    };
    let fine = "theme = \"good\"\nlanguage = \"en\"\nsplit = \"below\"\n[keys]\nquit = [\"X\"]\n[columns]\nhidden = [\"sure\"]\nwidths = { code = 30 }\n";
    let (out, err, status) = check(fine);
    assert_eq!((status, out.contains("problem")), (0, false), "{out}{err}");
    for (text, wanted) in [
        ("\n[keys]\nquitt = [\"Q\"]\n", "config.toml:3: keys.quitt: there is no such action; did you mean quit?"),
        ("[keys]\nquit = [\"Quit\"]\n", "config.toml:2: keys.quit: \"Quit\" is no key"),
        (
            "[keys]\nquit = [\"y\"]\n",
            "config.toml:2: keys.quit: \"y\" is the key of copy-id too; the keys are the usual ones",
        ),
        ("[keys]\nquit = \"Q\"\n", "config.toml:2: keys.quit: write a list"),
        ("[columns]\nhidden = [\"sur\"]\n", "config.toml:2: columns.hidden: unknown column \"sur\". Use status, code"),
        ("[columns]\nwidths = { code = 900 }\n", "config.toml:2: columns.widths: invalid width. Use 4 to 60"),
        ("theme = \"bad\"\n", "bad.toml:2: server: \"redd\" is no colour"),
        ("theme = \"none\"\n", "or create "),
        ("theme = \"../config\"\n", "Use auto, dark"),
    ] {
        let (out, err, status) = check(text);
        let problems = out.lines().filter(|line| line.starts_with("problem")).count();
        assert_eq!((status, problems, out.contains(wanted)), (1, 1, true), "{wanted}: {out}{err}");
    }
    for text in ["language = \"de\"\n", "split = \"left\"\n", "[columns]\nx = 1\n[keys]\n3"] {
        let (_, err, status) = check(text);
        assert!(status == 2 && err.contains("config.toml"), "{text}: {err}");
    }
    // The file's language wins over the locale's, in every command.
    fs::write(&path, "language = \"zh\"\n").expect("written");
    let (out, ..) = run(program(&["explain", "NoSuchKey"]).env("COSDIAG_CONFIG", &path).env("LANG", "en_GB.UTF-8"));
    assert!(out.contains('。'), "{out}");
}

#[test]
fn config_check_tests_the_profile_with_one_request() {
    let served = serve();
    let address = served.address.to_string();
    let check = |role: Role, more: &[&str]| {
        let mut arguments =
            vec!["config", "check", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", &address];
        arguments.extend(more);
        run(&mut program_as(role, &arguments))
    };
    let (out, err, status) = check(Role::Owner, &[]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(out.contains("asked     GET http://service.cos.myqcloud.com/") && out.contains("ok        200"), "{out}");
    for (role, code, cause) in [
        (Role::WrongKey, "SignatureDoesNotMatch", "secret-key-wrong"),
        (Role::Unknown, "InvalidAccessKeyId", "secret-id-unknown"),
    ] {
        let (out, err, status) = check(role, &[]);
        assert!(status == 1 && out.contains(code) && out.contains(cause), "{out}{err}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    fs::write(&path, "default_profile = \"sub\"\n[profile.sub]\nbucket = \"photos-1250000000\"\n").expect("written");
    let mut command = program_as(
        Role::SubUser,
        &[
            "config",
            "check",
            "--scheme",
            "http",
            "--region",
            "ap-guangzhou",
            "--connect-to",
            &address,
            "--format",
            "json",
        ],
    );
    let (out, err, _) = run(command.env("COSDIAG_CONFIG", &path));
    let checked: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} {out}{err}"));
    assert_eq!((&checked["profile"], &checked["request"]["operation"]), (&"sub".into(), &"head-bucket".into()));
    assert_eq!(served.requests(), 4 + u64::from(checked["request"]["twin"].is_object()), "one request each");
}
