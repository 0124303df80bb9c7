//! Signature forensics held to the wire: somebody between the program and the sandbox changes one
//! thing of a signed request, and the verdict must name that thing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::fact::EvidenceSource;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::{Connection, DnsMode, Profile};
use cosdiag::domain::record::Record;
use cosdiag::domain::target::Target;
use cosdiag::domain::verdict::Confidence;
use cosdiag::engine::{self, Client, Options};
use cosdiag::i18n::Language;
use cosdiag::sandbox::{Role, Sandbox, account};
use cosdiag::text::facts;
use tokio_util::sync::CancellationToken;

/// What is sent, what is changed in it on the way (the first of the pair becomes the second), and the
/// element that has to be named.
struct Case {
    request: &'static str,
    headers: &'static [(&'static str, &'static str)],
    change: (&'static str, &'static str),
    element: &'static str,
}

const fn case(
    request: &'static str,
    headers: &'static [(&'static str, &'static str)],
    change: (&'static str, &'static str),
    element: &'static str,
) -> Case {
    Case { request, headers, change, element }
}

const LIST: &str = "GET /?prefix=a%20b&delimiter=%2F&max-keys=7&marker=m";
const RANGE: &[(&str, &str)] = &[("range", "bytes=0-0")];

const COS: &[Case] = &[
    case("GET /cat.jpg", &[], ("GET /", "POST /"), "method"),
    case("GET /cat.jpg", &[], ("/cat.jpg ", "/Cat.jpg "), "path"),
    case("GET /cat.jpg", &[], ("/cat.jpg ", "//cat.jpg "), "path"),
    case("GET /cat.jpg", &[], ("/cat.jpg ", "/cat.jpg/ "), "path"),
    case("GET /dir/a file+plus.txt", &[], ("%20", "+"), "path encoding"),
    case("GET /dir/a file+plus.txt", &[], ("%20", "%2520"), "path encoding"),
    case("GET /dir/a file+plus.txt", &[], ("%2B", "%20"), "path encoding"),
    case(LIST, &[], ("prefix=a%20b", "prefix=a%20c"), "parameter prefix"),
    case(LIST, &[], ("prefix=a%20b", "prefix=a%2Bb"), "parameter prefix"),
    case(LIST, &[], ("prefix=a%20b", "prefix=a%2520b"), "parameter prefix"),
    case(LIST, &[], ("max-keys=7", "max-keys="), "parameter max-keys"),
    case(LIST, &[], ("&delimiter=%2F", ""), "parameter delimiter"),
    case(LIST, &[], ("marker=m", "markers=m"), "parameter marker"),
    case(LIST, &[], ("delimiter;marker;max-keys;prefix", "delimiter;marker;max-keys"), "parameter prefix"),
    case("GET /cat.jpg", &[], (".myqcloud.com\r\n", ".tencentcos.cn\r\n"), "header host"),
    case("GET /cat.jpg", RANGE, ("range: bytes=0-0", "range: bytes=0-9"), "header range"),
    case("GET /cat.jpg", RANGE, ("range: bytes=0-0\r\n", ""), "header range"),
    case("GET /cat.jpg", RANGE, ("q-header-list=host;range", "q-header-list=host"), "header range"),
    case("GET /cat.jpg", &[], ("q-header-list=host", "q-header-list=host;x-extra"), "header x-extra"),
    case("GET /cat.jpg", &[("content-type", "text/plain")], ("text/plain", "text/html"), "header content-type"),
    case("GET /cat.jpg", &[("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")], ("md5: 1B", "md5: 2B"), "header content-md5"),
    case("GET /cat.jpg", &[("x-cos-acl", "private")], ("acl: private", "acl: public-read"), "header x-cos-acl"),
    case("GET /cat.jpg", &[("x-cos-meta-note", "a b")], ("note: a b", "note: a  b"), "header x-cos-meta-note"),
    case("GET /cat.jpg", &[("cache-control", "no-cache")], ("no-cache", "max-age=0"), "header cache-control"),
    case("GET /cat.jpg", &[("origin", "https://a.example.com")], ("a.example", "b.example"), "header origin"),
    case("GET /cat.jpg", &[("if-match", "\"1\"")], ("if-match: \"1\"", "if-match: \"2\""), "header if-match"),
    case(
        "GET /cat.jpg",
        &[("x-cos-server-side-encryption-customer-key", "bm90IGEga2V5")],
        ("bm90IGEga2V5", "bm90IGEga2V6"),
        "header x-cos-server-side-encryption-customer-key",
    ),
    case("GET /cat.jpg", &[], ("q-sign-time=17", "q-sign-time=16"), "time"),
    case("GET /cat.jpg", &[], ("KEY", "a blank at its end"), "key"),
    case("GET /cat.jpg", &[], ("KEY", "another one"), "key"),
];

const S3: &[Case] = &[
    case("GET /cat.jpg", &[], ("GET /", "POST /"), "method"),
    case("GET /cat.jpg", &[], ("/cat.jpg ", "/Cat.jpg "), "path"),
    case("GET /cat.jpg", &[], ("/cat.jpg ", "//cat.jpg "), "path"),
    case("GET /cat.jpg", &[], ("/cat.jpg ", "/cat.jpg/ "), "path"),
    case("GET /dir/a file+plus.txt", &[], ("%20", "+"), "path encoding"),
    case("GET /dir/a file+plus.txt", &[], ("%20", "%2520"), "path encoding"),
    case("GET /dir/a file+plus.txt", &[], ("%2B", "%20"), "path encoding"),
    case(LIST, &[], ("prefix=a%20b", "prefix=a%20c"), "parameter prefix"),
    case(LIST, &[], ("prefix=a%20b", "prefix=a%2Bb"), "parameter prefix"),
    case(LIST, &[], ("prefix=a%20b", "prefix=a%2520b"), "parameter prefix"),
    case(LIST, &[], ("max-keys=7", "max-keys="), "parameter max-keys"),
    case(LIST, &[], ("&delimiter=%2F", ""), "parameter delimiter"),
    case(LIST, &[], ("marker=m", "markers=m"), "parameter marker"),
    case(LIST, &[], ("marker=m", "marker=m&x-id=ListObjects"), "parameter x-id"),
    case("GET /cat.jpg", &[], (".myqcloud.com\r\n", ".tencentcos.cn\r\n"), "header host"),
    case("GET /cat.jpg", RANGE, ("range: bytes=0-0", "range: bytes=0-9"), "header range"),
    case("GET /cat.jpg", RANGE, ("range: bytes=0-0\r\n", ""), "header range"),
    case("GET /cat.jpg", RANGE, ("SignedHeaders=host;range", "SignedHeaders=host"), "header range"),
    case("GET /cat.jpg", &[], ("SignedHeaders=host", "SignedHeaders=host;x-extra"), "header x-extra"),
    case("GET /cat.jpg", &[("content-type", "text/plain")], ("text/plain", "text/html"), "header content-type"),
    case("GET /cat.jpg", &[("x-amz-acl", "private")], ("acl: private", "acl: public-read"), "header x-amz-acl"),
    case("GET /cat.jpg", &[("cache-control", "no-cache")], ("no-cache", "max-age=0"), "header cache-control"),
    case("GET /cat.jpg", &[("if-match", "\"1\"")], ("if-match: \"1\"", "if-match: \"2\""), "header if-match"),
    case("GET /cat.jpg", &[], ("x-amz-content-sha256: e3", "x-amz-content-sha256: e4"), "header x-amz-content-sha256"),
    case(
        "GET /cat.jpg",
        &[("x-amz-server-side-encryption-customer-key", "bm90IGEga2V5")],
        ("bm90IGEga2V5", "bm90IGEga2V6"),
        "header x-amz-server-side-encryption-customer-key",
    ),
    case("GET /cat.jpg", &[], ("/ap-guangzhou/s3/", "/us-east-1/s3/"), "date or region of the scope"),
    case("GET /cat.jpg", &[], ("/s3/aws4_request", "/cos/aws4_request"), "date or region of the scope"),
    case("GET /cat.jpg", &[], ("KEY", "a blank at its end"), "key"),
    case("GET /cat.jpg", &[], ("KEY", "another one"), "key"),
];

/// Takes one request, changes it, and passes the answer back.
fn between(store: SocketAddr, (from, to): (&'static str, &'static str)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("a request");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).expect("a head") == 1 {
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("UTF-8");
        assert!(from == "KEY" || head.contains(from), "{from} is not in it:\n{head}");
        let changed = head.replacen(from, to, 1).replacen("\r\n", "\r\nConnection: close\r\nContent-Length: 0\r\n", 1);
        let mut store = TcpStream::connect(store).expect("the store");
        store.write_all(changed.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        store.read_to_end(&mut answer).expect("an answer");
        client.write_all(&answer).expect("passed on");
    });
    address
}

async fn record_of(store: SocketAddr, dialect: Dialect, case: &Case) -> Arc<Record> {
    let owner = account(Role::Owner);
    let key = match case.change {
        ("KEY", "another one") => "NOT-A-REAL-KEY-SANDBOX-WRONG-000".to_owned(),
        ("KEY", _) => format!("{} ", owner.expose_key()),
        _ => owner.expose_key().to_owned(),
    };
    let address = between(store, case.change);
    let profile = Profile {
        name: "owner".to_owned(),
        dialect,
        region: Some("ap-guangzhou".to_owned()),
        endpoint: Endpoint::parse("http://{bucket}.cos.{region}.myqcloud.com").expect("an endpoint"),
        credentials: Some(Arc::new(Credentials::new(owner.id.as_str(), key, "test"))),
        anonymous: false,
        bucket: None,
        buckets: Arc::default(),
        connection: Connection { dns: DnsMode::Fixed(address), ..Connection::default() },
    };
    let target = Target::parse("photos-1250000000").expect("a target");
    let headers = case.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let extras = RequestOptions { headers, ..RequestOptions::default() };
    let probe = Probe::of_request(case.request, &target, &profile, &extras).expect("a probe");
    let client = Client::new(&profile.connection).expect("a client");
    let mut records = engine::run(&client, vec![probe], Options::default(), &CancellationToken::new());
    records.recv().await.expect("a record")
}

async fn every_change_is_named(dialect: Dialect, cases: &[Case]) {
    assert!(cases.len() >= 25);
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let mut wrong = Vec::new();
    for case in cases {
        let record = record_of(sandbox.addr(), dialect, case).await;
        let Some(diagnosis) = &record.diagnosis else {
            wrong.push(format!("{:?}: it was accepted", case.change));
            continue;
        };
        let first = diagnosis.verdicts.first().expect("a verdict");
        let element = diagnosis.signature.as_ref().map(|signature| facts::element(&signature.element, Language::En));
        let cause = if case.element == "key" { "secret-key-wrong" } else { "request-altered" };
        // An S3 store may say the same of an id that it does not know, and what is hidden is not compared.
        let sure = match (dialect, case.element) {
            // Another time may be that of another request, out of a cache.
            (_, "time") | (Dialect::S3, "key") => Confidence::Likely,
            _ => Confidence::Certain,
        };
        if element.as_deref() != Some(case.element) || first.cause.as_str() != cause || first.confidence != sure {
            wrong.push(format!(
                "{:?}: {element:?}, {} {:?}, {:?}",
                case.change, first.cause, first.confidence, record.error
            ));
        }
        let blank = diagnosis.verdicts[0].evidence.iter().any(|evidence| evidence.from == EvidenceSource::SecretKey);
        assert_eq!(blank, case.change.1.contains("blank"), "{:?}", case.change);
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cos_every_change_on_the_way_is_named() {
    every_change_is_named(Dialect::Cos, COS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigv4_every_change_on_the_way_is_named() {
    every_change_is_named(Dialect::S3, S3).await;
}
