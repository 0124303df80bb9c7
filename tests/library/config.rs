//! Which setting wins, and that nothing is half-read.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use cosdiag::config::{self, Flags, Settings};
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::profile::Proxies;
use cosdiag::i18n::{Language, Localize};
use cosdiag::text::remarks;

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

/// The remarks on settings, in English.
fn told(settings: &Settings) -> Vec<String> {
    settings.remarks.iter().map(|remark| remark.localize(Language::En)).collect()
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
    let cos = Flags { dialect: Some(Dialect::Cos), ..profile("bare") };
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
    let flags = Flags { region: Some("ap-tokyo".to_owned()), timeout: Some(Duration::from_secs(7)), ..profile("prod") };
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
    assert_eq!(
        bare.https.map(|proxy| (proxy.url, proxy.from)),
        Some(("http://secure.example:1".to_owned(), "HTTPS_PROXY"))
    );
    assert_eq!(
        bare.http.map(|proxy| (proxy.url, proxy.from)),
        Some(("http://plain.example:2".to_owned(), "http_proxy"))
    );
    assert_eq!(proxies(&profile("prod")), Proxies::all("http://file.example:3128", "proxy"));
    let flag = Flags { proxy: Some("http://flag.example:3".to_owned()), ..profile("prod") };
    assert_eq!(proxies(&flag), Proxies::all("http://flag.example:3", "--proxy"));
    let fixed = Flags { connect_to: "127.0.0.1:9000".parse().ok(), ..profile("bare") };
    assert_eq!(proxies(&fixed), Proxies::default(), "--connect-to says where to connect");
}

/// A home directory with the files of other tools, and what `load` makes of it.
struct Home(tempfile::TempDir);

const COSCLI: &str = "cos:
  base:
    secretid: //RA3rnxzk4u9ztnNYOAcDxKbuR9/EbRLjSExwwCPh4ySJGAO2Iqa9YN2Ly0bEPN
    secretkey: VVQpFskZZkBVEhT7jNUe5jxKbuR9/EbRLjSExwwCPh7eQ1lHjB+NSA6psd9+JBIz
    sessiontoken: 3kNZR4wfjUgOqbHffiQSMw==
    protocol: http
    disableencryption: \"false\"
  buckets:
  - name: photos-1250000000
    alias: pics
    region: ap-guangzhou
    endpoint: cos.ap-guangzhou.myqcloud.com
  - name: far-1250000000
    alias: \"\"
    region: \"\"
    endpoint: cos.ap-tokyo.myqcloud.com
";
const COSCMD: &str = "[common]
access_id = AKIDCOSCMDCOSCMD0000
secret_key = FAKE%cosc;md#FAKEcoscmd
bucket = photos
appid = 1250000000
region = cos.ap-beijing
schema = http
verify = md5
anonymous = False
";
const AWS_CREDENTIALS: &str = "[default]
aws_access_key_id = AKIADEFAULTDEFAULT00
aws_secret_access_key = FAKEdefaultFAKEdefault
[own]
aws_access_key_id=AKIAOWNOWNOWNOWNOWN0
aws_secret_access_key=FAKEownFAKEownFAKEown
aws_session_token=FAKEowntokenFAKEowntoken
";
const AWS_CONFIG: &str = "[default]
region = eu-west-1
s3 =
  addressing_style = path
[profile own]
region = us-east-2
endpoint_url = http://127.0.0.1:9000
[profile by-program]
region = us-east-2
credential_process = cat '@HOME@/printed file.json'
[profile by-role]
role_arn = arn:aws:iam::1:role/x
";
const PRINTED: &str = r#"{"Version": 1, "AccessKeyId": "ASIAPRINTEDPRINTED00", "SecretAccessKey": "FAKEprintedFAKEprinted",
  "SessionToken": "FAKEprintedtoken", "Expiration": "2020-01-01T00:00:00Z"}"#;

impl Home {
    fn with(files: &[(&str, &str)]) -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            home.write(name, text);
        }
        home
    }

    fn full() -> Self {
        let files = [
            (".cos.yaml", COSCLI),
            (".cos.conf", COSCMD),
            (".aws/credentials", AWS_CREDENTIALS),
            (".aws/config", AWS_CONFIG),
            ("printed file.json", PRINTED),
        ];
        Self::with(&files)
    }

    fn path(&self) -> &str {
        self.0.path().to_str().expect("text")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, text.replace("@HOME@", self.path())).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
        }
    }

    fn load(&self, flags: &Flags, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let mut map: HashMap<&str, String> =
            variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        map.insert("HOME", self.path().to_owned());
        config::load(flags, &|name| map.get(name).cloned()).map_err(|error| self.short(&error.to_string()))
    }

    /// Text with this home's path as `~`.
    fn short(&self, text: &str) -> String {
        text.replace(self.path(), "~")
    }

    /// Who signs and the source, or what else.
    fn who(&self, flags: &Flags, variables: &[(&str, &str)]) -> String {
        match self.load(flags, variables) {
            Err(error) => error,
            Ok(settings) => {
                let region = settings.profile.region.clone().unwrap_or_default();
                format!("{} {region}", self.short(&remarks::credentials(&settings.profile, Language::En)))
            }
        }
    }
}

/// The precedence table of `config::sources`, from the top down: each row loses what won the one before.
#[test]
fn the_first_source_that_there_is_wins() {
    let toml = "[profile.prod]\nregion = \"ap-x\"\nsecret_id = \"AKIDOWNLINES00000000\"\nsecret_key = \"FAKEownlines\"\ncredential_process = \"cat '@HOME@/printed file.json'\"\n[profile.s3]\ndialect = \"s3\"\n";
    let home = Home::full();
    home.write(".config/cosdiag/config.toml", toml);
    let config = format!("{}/.config", home.path());
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        more.iter().copied().chain([("XDG_CONFIG_HOME", config.as_str())]).collect()
    };
    let all = with(ENVIRONMENT);
    assert_eq!(home.who(&profile("prod"), &all), "AKID…0000 from profile prod ap-x");
    let file = "~/.config/cosdiag/config.toml [profile.prod]";
    home.write(
        ".config/cosdiag/config.toml",
        &toml.replace("secret_id = \"AKIDOWNLINES00000000\"\nsecret_key = \"FAKEownlines\"\n", ""),
    );
    assert_eq!(home.who(&profile("prod"), &all), format!("ASIA…ED00 from credential_process of {file} ap-x"));
    home.write(".config/cosdiag/config.toml", "[profile.prod]\n[profile.s3]\ndialect = \"s3\"\n");
    assert_eq!(home.who(&profile("prod"), &all), "AKID…0000 from COS_SECRET_ID ");
    assert_eq!(home.who(&profile("prod"), &with(&ENVIRONMENT[2..])), "AKID…0000 from TENCENTCLOUD_SECRET_ID ");
    let coscli = "AKID…0000 from ~/.cos.yaml (obfuscated) ";
    assert_eq!(home.who(&profile("prod"), &with(&ENVIRONMENT[4..])), coscli);
    fs::remove_file(home.0.path().join(".cos.yaml")).expect("removed");
    assert_eq!(home.who(&profile("prod"), &with(&[])), "AKID…0000 from ~/.cos.conf ap-beijing");
    fs::remove_file(home.0.path().join(".cos.conf")).expect("removed");
    assert_eq!(home.who(&profile("prod"), &with(&[])), "no credentials ");

    // The same for s3, where the region may be another's than the credentials.
    assert_eq!(home.who(&profile("s3"), &all), "AKIA…0000 from AWS_ACCESS_KEY_ID eu-west-1");
    assert_eq!(home.who(&profile("s3"), &with(&ENVIRONMENT[4..6])), "AKIA…0000 from AWS_ACCESS_KEY_ID eu-west-1");
    let s3 = |variables: &[(&'static str, &'static str)]| home.who(&profile("s3"), &with(variables));
    assert_eq!(s3(&[]), "AKIA…LT00 from ~/.aws/credentials [default] eu-west-1");
    assert_eq!(s3(&[("AWS_PROFILE", "own")]), "AKIA…OWN0 from ~/.aws/credentials [own] us-east-2");
    let printed = "ASIA…ED00 from credential_process of ~/.aws/config [profile by-program] us-east-2";
    assert_eq!(s3(&[("AWS_PROFILE", "by-program")]), printed);
    assert_eq!(s3(&[("AWS_REGION", "af-south-1")]), "AKIA…LT00 from ~/.aws/credentials [default] af-south-1");
    let elsewhere = [("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"), ("AWS_CONFIG_FILE", "/nonexistent")];
    assert_eq!(s3(&elsewhere), "no credentials ");
    assert_eq!(home.who(&Flags { anonymous: true, ..profile("s3") }, &all), "anonymous eu-west-1");
}

#[test]
fn another_tools_file_can_be_chosen_by_name() {
    let home = Home::full();
    let cases = [
        ("coscli", "AKID…0000 from ~/.cos.yaml (obfuscated) "),
        ("coscmd", "AKID…0000 from ~/.cos.conf ap-beijing"),
        ("aws:own", "AKIA…OWN0 from ~/.aws/credentials [own] us-east-2"),
        ("aws:nobody", "--profile aws:nobody: AWS files, profile nobody: no credentials"),
    ];
    for (name, wanted) in cases {
        assert_eq!(home.who(&profile(name), ENVIRONMENT), wanted.replace("us-east-2", "eu-west-1"), "{name}");
    }
    let own = home.load(&profile("aws:own"), &[]).expect("settings").profile;
    assert_eq!(
        (own.endpoint.to_string().as_str(), own.region.as_deref()),
        ("http://127.0.0.1:9000", Some("us-east-2"))
    );
    assert_eq!(own.dialect, Dialect::S3);
    let role = home.who(&profile("aws:by-role"), &[]);
    assert!(role.contains("role_arn is not supported") && role.contains("~/.aws/config [profile by-role]"), "{role}");
    let coscmd = home.load(&profile("coscmd"), &[]).expect("settings").profile;
    assert_eq!(coscmd.bucket.as_deref(), Some("photos-1250000000"));
    assert_eq!(coscmd.credentials.expect("credentials").expose_key(), "FAKE%cosc;md#FAKEcoscmd");
    let nobody = Home::with(&[]).who(&profile("coscli"), ENVIRONMENT);
    assert_eq!(nobody, "--profile coscli: ~/.cos.yaml: no credentials");
}

#[test]
fn buckets_of_coscli_are_known_by_alias_and_in_their_regions() {
    use cosdiag::domain::plan::{ProbeSelection, plan};
    use cosdiag::domain::target::Target;
    let home = Home::full();
    let urls = |flags: &Flags, target: &str| {
        let settings = home.load(flags, &[]).expect("settings");
        let target = Target::parse(target).expect("a target");
        let asked = ProbeSelection::default().or_quick(&target);
        let probes = plan(&target, &asked, &settings.profile, &settings.request_options(), 1);
        probes.map_err(|error| error.to_string()).map(|probes| probes[0].url.to_string())
    };
    let env = Flags::default();
    let guangzhou = "http://photos-1250000000.cos.ap-guangzhou.myqcloud.com/";
    assert_eq!(urls(&env, "pics").as_deref(), Ok(guangzhou));
    assert_eq!(urls(&env, "cos://photos-1250000000").as_deref(), Ok(guangzhou));
    let tokyo = "http://far-1250000000.cos.ap-tokyo.myqcloud.com/";
    assert_eq!(urls(&env, "far-1250000000/k").as_deref(), Ok(tokyo), "the region is in the endpoint");
    assert!(urls(&env, "other-1250000000").is_err_and(|error| error.contains("no region")), "they are in two regions");
    let by_flag = Flags { region: Some("ap-beijing".to_owned()), ..Flags::default() };
    assert_eq!(urls(&by_flag, "pics").as_deref(), Ok("http://photos-1250000000.cos.ap-beijing.myqcloud.com/"));
}

/// What is wrong with a file that nobody named is said in one line with its place, and the next one is used.
#[test]
fn a_bad_file_is_said_and_the_rest_goes_on() {
    let secret = "FAKEsecretFAKEsecretFAKE";
    let tabs = format!("cos:\n  base:\n\t\tsecretid: AKIDTESTTESTTEST\n\t\tsecretkey: {secret}\n");
    let not_yaml = format!("cos:\n  base: [\n    secretkey: {secret}\n");
    let list = format!("cos:\n  base:\n  - secretkey: {secret}\n");
    let half = format!("cos:\n  base:\n    secretkey: {secret}\n");
    let cases = [
        (tabs.as_str(), "~/.cos.yaml:3: the line is indented with a tab"),
        (&not_yaml, "~/.cos.yaml:"),
        (&list, "~/.cos.yaml:3: not YAML of coscli"),
        (&half, "secretkey is set, but secretid is not"),
        ("cos:\n  base:\n    mode: CvmRole\n", "CvmRole"),
    ];
    for (text, part) in cases {
        let home = Home::with(&[(".cos.yaml", text), (".cos.conf", COSCMD)]);
        let settings = home.load(&Flags::default(), &[]).expect("goes on");
        assert_eq!(home.short(&settings.profile.credentials.as_ref().expect("credentials").source), "~/.cos.conf");
        let remark = home.short(&told(&settings).join(" | "));
        assert!(remark.contains(part) && !remark.contains(secret) && !remark.contains('\n'), "{remark}");
        let asked_for = home.who(&profile("coscli"), &[]);
        assert!(asked_for.contains(part), "{asked_for}");
    }
    let home = Home::with(&[(".cos.conf", "[common]\nsecret_id = AKIDTESTTESTTEST\nFAKEsecretFAKEsecretFAKE\n[x\n")]);
    let error = home.who(&profile("coscmd"), &[]);
    assert!(error.contains("~/.cos.conf:") && !error.contains(secret), "{error}");
    fs::write(home.0.path().join(".cos.conf"), b"[common]\nsecret_id = \xff\n").expect("written");
    assert!(
        home.who(&profile("coscmd"), &[]).contains("~/.cos.conf:2: not UTF-8"),
        "{}",
        home.who(&profile("coscmd"), &[])
    );
    fs::create_dir(home.0.path().join(".cos.yaml")).expect("made");
    assert!(home.who(&profile("coscli"), &[]).contains("~/.cos.yaml: not a regular file"));
}

#[test]
fn plain_values_of_coscli_work_too() {
    let text = "cos:\n  base:\n    secretid: AKIDPLAINPLAINPLAIN0\n    secretkey: FAKEplain/FAKE+plain==\n    disableencryption: true\n";
    let home = Home::with(&[(".cos.yaml", text)]);
    assert_eq!(home.who(&Flags::default(), &[]), "AKID…AIN0 from ~/.cos.yaml (in plain text) ");
    home.write(".cos.yaml", &text.replace("    disableencryption: true\n", ""));
    let credentials = home.load(&Flags::default(), &[]).expect("settings").profile.credentials.expect("credentials");
    assert_eq!(credentials.expose_key(), "FAKEplain/FAKE+plain==");
}

#[cfg(unix)]
#[test]
fn a_file_of_secrets_that_everybody_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    for (file, name) in [(".cos.yaml", "coscli"), (".cos.conf", "coscmd"), (".aws/credentials", "aws:own")] {
        let home = Home::full();
        assert_eq!(home.load(&profile(name), &[]).expect("settings").remarks, []);
        let path = home.0.path().join(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened");
        let remarks = told(&home.load(&profile(name), &[]).expect("settings"));
        assert!(
            remarks.iter().any(|remark| remark.contains("mode 644") && remark.contains("chmod 600")),
            "{remarks:?}"
        );
    }
    let home = Home::with(&[("c.toml", FILE)]);
    let path = home.0.path().join("c.toml");
    let variables = [("COSDIAG_CONFIG", path.to_str().expect("text"))];
    let remarks = |name: &str| told(&home.load(&profile(name), &variables).expect("settings"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).expect("opened");
    assert!(remarks("prod")[0].contains("mode 604"), "{:?}", remarks("prod"));
    assert_eq!(remarks("bare"), Vec::<String>::new(), "that profile has no secrets");
}

#[test]
fn a_program_that_gives_no_credentials_is_said_without_its_words() {
    let home = Home::with(&[
        ("printed file.json", PRINTED),
        ("other.json", "{\"Version\": 1}"),
        ("two.json", "{\"Version\": 2}"),
    ]);
    let cases = [
        ("nonexistent-program x", "\\\"nonexistent-program\\\": the program does not start (not found)"),
        ("cat '@HOME@/printed", "a quote is not closed"),
        ("sh -c 'echo FAKEwords >&2; exit 3'", "exited with status 3"),
        ("echo FAKEwords", "did not print JSON"),
        ("cat @HOME@/other.json", "printed no AccessKeyId"),
        ("cat @HOME@/two.json", "a Version other than 1"),
    ];
    for (command, part) in cases {
        home.write("c.toml", &format!("[profile.p]\ncredential_process = \"{command}\"\n"));
        let path = format!("{}/c.toml", home.path());
        let error = home.who(&profile("p"), &[("COSDIAG_CONFIG", &path)]);
        let part = part.replace("\\\"", "\"");
        assert!(error.contains(&part) && error.contains("~/c.toml [profile.p]"), "{command}: {error}");
        assert!(!error.contains("FAKEwords"), "{error}");
    }
    home.write("c.toml", "[profile.p]\ncredential_process = \"cat '@HOME@/printed file.json'\"\n");
    let path = format!("{}/c.toml", home.path());
    let settings = home.load(&profile("p"), &[("COSDIAG_CONFIG", &path)]).expect("settings");
    assert!(told(&settings)[0].contains("expired at 2020-01-01T00:00:00Z"), "{:?}", settings.remarks);
    let listed = Flags { skip_process: true, ..profile("p") };
    let waiting = home.load(&listed, &[("COSDIAG_CONFIG", &path)]).expect("settings");
    assert!(waiting.profile.credentials.is_none() && waiting.waiting.is_some(), "a list runs no program");
}

#[test]
fn every_setting_is_told_with_its_origin_and_no_secret() {
    let home = Home::full();
    let told = |flags: &Flags, variables: &[(&str, &str)]| -> Vec<String> {
        let settings = home.load(flags, variables).expect("settings");
        let told: Vec<_> =
            settings.origins.iter().map(|o| home.short(&format!("{}: {} <- {}", o.setting, o.value, o.from))).collect();
        assert!(!told.join("\n").contains("FAKE") && !told.join("\n").contains("EXAMPLE"), "{told:?}");
        told
    };
    let coscli = told(&Flags::default(), &[("HTTPS_PROXY", "http://u:FAKEpass@proxy.example:1")]);
    for line in [
        "profile: env <- built in",
        "region: not set <- ",
        "credentials: AKID…0000 <- ~/.cos.yaml (obfuscated)",
        "secret key: hidden, 32 characters <- same place",
        "endpoint: http://{bucket}.cos.{region}.myqcloud.com <- ~/.cos.yaml",
        "proxy: http://…@proxy.example:1 <- HTTPS_PROXY",
        "timeout: 30 s <- built in",
    ] {
        assert!(coscli.iter().any(|told| told == line), "{line}: {coscli:#?}");
    }
    let aws = told(&profile("aws:own"), &[]);
    for line in [
        "profile: aws:own <- --profile",
        "dialect: s3 <- profile aws:own",
        "region: us-east-2 <- ~/.aws/config [profile own]",
        "token: hidden, 24 characters <- same place",
        "endpoint: http://127.0.0.1:9000 <- ~/.aws/config [profile own]",
    ] {
        assert!(aws.iter().any(|told| told == line), "{line}: {aws:#?}");
    }
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
