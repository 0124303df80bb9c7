//! The buckets that exist from the start, one for every state that a request can meet.

use super::buckets::{Access, Bucket, Condition, CorsRule, Versioning};

/// An object that exists from the start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    pub(super) key: &'static str,
    pub(super) body: &'static str,
    pub(super) class: &'static str,
    /// Whether its latest version is a delete marker.
    pub(super) is_deleted: bool,
}

/// The version ID of every object and delete marker that `photos` starts with.
pub(super) const VERSION_ID: &str = "MTg0NDUxNTc1NjIzMTQ1MDAwODg";

const fn seed(key: &'static str, body: &'static str) -> Seed {
    Seed { key, body, class: "STANDARD", is_deleted: false }
}

const PHOTOS: &[Seed] = &[
    seed("2024/a.txt", "The first line of a.txt.\n"),
    seed("2024/b.txt", "The first line of b.txt.\n"),
    seed("cat.jpg", "In place of a picture of a cat.\n"),
    seed("dir/a file+plus.txt", "A blank and a plus in its name.\n"),
    seed("empty.bin", ""),
    Seed { class: "ARCHIVE", ..seed("archive/2019.tar", "In place of an archive.\n") },
    Seed { is_deleted: true, ..seed("deleted.txt", "") },
    seed("相册/猫.jpg", "In place of another picture of a cat.\n"),
];

const PHOTOS_CORS: &[CorsRule] =
    &[CorsRule { origin: "https://photos.example.com", methods: &["GET", "HEAD"], headers: &["*"], expose: "ETag" }];

const WEB_CORS: &[CorsRule] = &[
    CorsRule { origin: "https://www.example.com", methods: &["GET"], headers: &[], expose: "ETag" },
    CorsRule {
        origin: "https://www.example.com",
        methods: &["GET", "PUT"],
        headers: &["content-type", "x-cos-acl"],
        expose: "x-cos-request-id",
    },
];

/// The buckets that stand for one condition each.
const ODD: &[(&str, Condition)] = &[
    ("arrears", Condition::Arrears),
    ("busy", Condition::Busy),
    ("flaky", Condition::Flaky),
    ("ill", Condition::Ill),
    ("empty403", Condition::EmptyRefusal),
    ("hostile", Condition::Hostile),
    ("slow", Condition::Slow),
    ("reset", Condition::Reset),
    ("stall", Condition::Stall),
    ("truncated", Condition::Truncated),
    ("garbage", Condition::Garbage),
    ("portal", Condition::Portal),
    ("waf", Condition::Firewall),
    ("gateway", Condition::Gateway),
    ("elsewhere", Condition::Elsewhere),
    // These fail below HTTP: the name leads to a closed port, or the certificate is invalid.
    ("refused", Condition::Well),
    ("expired-cert", Condition::Well),
    ("wrong-name", Condition::Well),
    ("self-signed", Condition::Well),
    ("unknown-ca", Condition::Well),
];

/// Every bucket with its objects, in the order of GET Service.
pub(super) fn all() -> Vec<(Bucket, Vec<Seed>)> {
    const GUANGZHOU: Option<&str> = Some("ap-guangzhou");
    let bucket = |name: &str| Bucket::new(&format!("{name}-1250000000"), GUANGZHOU);
    let mut all: Vec<(Bucket, Vec<Seed>)> = vec![
        (
            Bucket {
                cors: PHOTOS_CORS,
                versioning: Versioning::Enabled,
                tags: vec![("team".to_owned(), "photos".to_owned())],
                ..bucket("photos")
            },
            PHOTOS.to_vec(),
        ),
        (
            Bucket { access: Access::PublicRead, ..bucket("public") },
            vec![seed("index.html", "<!doctype html><title>Public</title><p>Everybody may read this.\n")],
        ),
        (
            Bucket { access: Access::PublicRead, has_referer_rule: true, ..bucket("hotlink") },
            vec![seed("banner.png", "In place of a banner.\n")],
        ),
        (Bucket { cors: WEB_CORS, ..bucket("web") }, vec![seed("app.js", "\"use strict\";\n")]),
        (Bucket { region: Some("ap-shanghai"), ..bucket("backup") }, vec![seed("dump.sql", "-- empty\n")]),
        (
            Bucket {
                created: "2024-06-01T08:00:00Z".to_owned(),
                condition: Condition::Restricted,
                ..bucket("new2024")
            },
            vec![seed("app.apk", "In place of an app.\n"), seed("note.txt", "A note.\n")],
        ),
        (Bucket::new("partner-1251111111", GUANGZHOU), vec![seed("contract.pdf", "Not yours.\n")]),
    ];
    for (name, condition) in ODD {
        let odd = Bucket { region: None, access: Access::PublicRead, condition: *condition, ..bucket(name) };
        all.push((odd, vec![seed("a.txt", "a\n")]));
    }
    all
}
