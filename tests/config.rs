//! Which setting wins, and that nothing is half-read.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use cosdiag::config::{self, Flags, Settings};
use cosdiag::domain::profile::{Dialect, Proxies};

const FILE: &str = r#"
default_profile = "prod"
diagnose_url = "https://diagnose.example/"

[profile.prod]
region = "ap-beijing"
secret_id = "AKIDFILEFILEFILE0000"
secret_key = "FAKEfileFAKEfileFAKEfile"
proxy = "http://file.example:3128"

[profile.bare]
dialect = "s3"
endpoint = "http://127.0.0.1:9000"
timeout = 3
"#;

fn settings(flags: &Flags, variables: &[(&str, &str)]) -> Settings {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("config.toml");
    fs::write(&path, FILE).expect("written");
    let mut map: HashMap<&str, String> = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    map.insert("COSDIAG_CONFIG", path.to_str().expect("text").to_owned());
    config::load(flags, &|name| map.get(name).cloned()).expect("settings")
}

fn profile(name: &str) -> Flags {
    Flags { profile: Some(name.to_owned()), ..Flags::default() }
}

const ENVIRONMENT: &[(&str, &str)] = &[
    ("COS_SECRET_ID", "AKIDENVENVENVENV0000"),
    ("COS_SECRET_KEY", "FAKEenvFAKEenvFAKEenv"),
    ("TENCENTCLOUD_SECRET_ID", "AKIDTCTCTCTCTCTC0000"),
    ("TENCENTCLOUD_SECRET_KEY", "FAKEtcFAKEtcFAKEtc"),
    ("AWS_ACCESS_KEY_ID", "AKIAAWSAWSAWSAWS0000"),
    ("AWS_SECRET_ACCESS_KEY", "FAKEawsFAKEawsFAKEaws"),
    ("AWS_SESSION_TOKEN", "FAKEtokenFAKEtoken"),
    ("AWS_REGION", "eu-west-1"),
];

#[test]
fn the_source_of_credentials_is_told_and_the_nearest_wins() {
    let source = |flags: &Flags, variables: &[(&str, &str)]| {
        let credentials = settings(flags, variables).profile.credentials;
        credentials.map(|credentials| (credentials.source.clone(), credentials.expose_token().is_some()))
    };
    let owned = |source: &str, token| Some((source.to_owned(), token));
    assert_eq!(source(&Flags::default(), ENVIRONMENT), owned("profile prod", false));
    assert_eq!(source(&profile("bare"), ENVIRONMENT), owned("AWS_ACCESS_KEY_ID", true));
    let cos = Flags { dialect: Some("cos".to_owned()), ..profile("bare") };
    assert_eq!(source(&cos, ENVIRONMENT), owned("COS_SECRET_ID", false));
    assert_eq!(source(&cos, &ENVIRONMENT[2..]), owned("TENCENTCLOUD_SECRET_ID", false));
    assert_eq!(source(&cos, &[]), None);
    assert_eq!(source(&Flags { anonymous: true, ..Flags::default() }, ENVIRONMENT), None);
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let with_file = settings(&Flags::default(), &[("COSDIAG_PROFILE", "")]);
    assert_eq!((with_file.profile.name.as_str(), with_file.profile.region.as_deref()), ("prod", Some("ap-beijing")));
    assert_eq!(with_file.look.diagnose_url, "https://diagnose.example/");
    let by_variable = settings(&Flags::default(), &[("COSDIAG_PROFILE", "bare"), ("AWS_REGION", "eu-west-1")]);
    assert_eq!((by_variable.profile.name.as_str(), by_variable.profile.dialect), ("bare", Dialect::S3));
    assert_eq!(by_variable.profile.region.as_deref(), Some("eu-west-1"));
    assert_eq!(by_variable.profile.connection.timeouts.total.as_secs(), 3);
    let flags = Flags { region: Some("ap-tokyo".to_owned()), timeout: Some("7".to_owned()), ..profile("prod") };
    let by_flag = settings(&flags, &[("COSDIAG_PROFILE", "bare")]);
    assert_eq!((by_flag.profile.name.as_str(), by_flag.profile.region.as_deref()), ("prod", Some("ap-tokyo")));
    assert_eq!(by_flag.profile.connection.timeouts.total.as_secs(), 7);
    let s3 = Flags { s3_targets: true, ..Flags::default() };
    assert_eq!(
        config::load(&s3, &|name| (name == "COSDIAG_CONFIG").then(|| "/dev/null".to_owned()))
            .map(|s| s.profile.dialect)
            .ok(),
        Some(Dialect::S3)
    );
}

#[test]
fn a_proxy_variable_is_for_its_own_scheme() {
    let variables = [
        ("HTTPS_PROXY", "http://secure.example:1"),
        ("http_proxy", "http://plain.example:2"),
        ("NO_PROXY", "localhost"),
    ];
    let proxies = |flags: &Flags| settings(flags, &variables).profile.connection.proxies;
    let bare = proxies(&profile("bare"));
    assert_eq!(bare.https.as_deref(), Some("http://secure.example:1"));
    assert_eq!(bare.http.as_deref(), Some("http://plain.example:2"));
    assert_eq!(proxies(&profile("prod")), Proxies::all("http://file.example:3128"));
    let flag = Flags { proxy: Some("http://flag.example:3".to_owned()), ..profile("prod") };
    assert_eq!(proxies(&flag), Proxies::all("http://flag.example:3"));
    let fixed = Flags { connect_to: Some("127.0.0.1:9000".to_owned()), ..profile("bare") };
    assert_eq!(proxies(&fixed), Proxies::default(), "--connect-to says where to connect");
}

#[test]
fn the_history_s_place_and_limits() {
    let file = |variables: &[(&str, &str)]| {
        let look = |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        config::history_file(&look).expect("a home")
    };
    let xdg = ("XDG_STATE_HOME", "/state");
    for (variables, wanted) in [
        (vec![xdg], Some("/state/cosdiag/history.db")),
        (vec![xdg, ("COSDIAG_HISTORY", "")], Some("/state/cosdiag/history.db")),
        (vec![xdg, ("COSDIAG_HISTORY", "/here.db")], Some("/here.db")),
        (vec![xdg, ("COSDIAG_HISTORY", "/dev/null")], None),
    ] {
        assert_eq!(file(&variables), wanted.map(PathBuf::from), "{variables:?}");
    }

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    let limits = |text: &str| {
        fs::write(&path, text).expect("written");
        let look = |name: &str| (name == "COSDIAG_CONFIG").then(|| path.to_str().expect("text").to_owned());
        config::load(&Flags::default(), &look).map(|settings| (settings.history.days, settings.history.megabytes))
    };
    assert_eq!(limits("").expect("read"), (Some(90), Some(256)));
    assert_eq!(limits("[history]\nkeep_days = 7\nmax_mb = 0").expect("read"), (Some(7), None));
    let error = limits("[history]\nkeep_days = -1").expect_err("refused").to_string();
    assert!(error.contains("config.toml:2:13"), "{error}");
}
