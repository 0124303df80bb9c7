//! The buckets that exist, one for every state that a request can meet.

use super::account::{OWNER_APPID, Principal, STRANGER_APPID};

/// Who may read a bucket without being its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody.
    Private,
    /// Everybody.
    PublicRead,
    /// Everybody who comes from a page of example.com.
    PublicReadWithReferer,
}

/// What is odd about a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Well,
    /// Created since 2024, so path style and some downloads are refused.
    Restricted,
    /// The account is in arrears.
    Arrears,
    /// Throttled, always.
    Busy,
    /// Every other request of a kind fails.
    Flaky,
    /// Broken, always.
    Ill,
    /// Refuses with an empty body.
    EmptyRefusal,
    /// Refuses with a message that means harm to a terminal or a spreadsheet.
    Hostile,
    /// Answers in small pieces.
    Slow,
    /// The connection is reset before any answer.
    Reset,
    /// No answer ever comes.
    Stall,
    /// The answer breaks off.
    Truncated,
    /// The answer is not HTTP.
    Garbage,
    /// A captive portal answers.
    Portal,
    /// A firewall answers.
    Firewall,
    /// A gateway answers that it cannot reach the store.
    Gateway,
    /// Somebody sends the client elsewhere.
    Elsewhere,
}

/// One rule of a CORS configuration.
#[derive(Debug)]
pub struct CorsRule {
    /// The origin allowed.
    pub origin: &'static str,
    /// The methods allowed.
    pub methods: &'static [&'static str],
    /// The request headers allowed; `*` for all.
    pub headers: &'static [&'static str],
    /// The response headers that a page may read.
    pub expose: &'static str,
}

/// An object that is there from the start.
#[derive(Debug)]
pub struct Seed {
    /// The key.
    pub key: &'static str,
    /// The content.
    pub body: &'static str,
    /// Whether it has to be restored before it can be read.
    pub archived: bool,
    /// Whether a delete marker is its latest version.
    pub deleted: bool,
}

/// A bucket.
#[derive(Debug)]
pub struct Bucket {
    /// The name with its APPID.
    pub name: &'static str,
    /// Its region; `None` for one that answers in every region.
    pub region: Option<&'static str>,
    /// The day it was created.
    pub created: &'static str,
    /// Who may read it.
    pub access: Access,
    /// What is odd about it.
    pub condition: Condition,
    /// What is in it from the start.
    pub seeds: &'static [Seed],
    /// Its CORS rules.
    pub cors: &'static [CorsRule],
    /// Whether versioning is on and tags are set.
    pub versioned_and_tagged: bool,
}

/// The version of the object or delete marker that `photos` shows.
pub const VERSION_ID: &str = "MTg0NDUxNTc1NjIzMTQ1MDAwODg";

const fn seed(key: &'static str, body: &'static str) -> Seed {
    Seed { key, body, archived: false, deleted: false }
}

const fn bucket(name: &'static str, region: Option<&'static str>) -> Bucket {
    Bucket {
        name,
        region,
        created: "2021-03-14T08:00:00Z",
        access: Access::Private,
        condition: Condition::Well,
        seeds: &[],
        cors: &[],
        versioned_and_tagged: false,
    }
}

const ANYTHING: &[Seed] = &[seed("a.txt", "a\n")];

const fn odd(name: &'static str, condition: Condition) -> Bucket {
    Bucket { condition, access: Access::PublicRead, seeds: ANYTHING, ..bucket(name, None) }
}

const GUANGZHOU: Option<&str> = Some("ap-guangzhou");

/// Every bucket, in the order that GET Service lists them.
pub static BUCKETS: [Bucket; 27] = [
    Bucket {
        seeds: &[
            seed("2024/a.txt", "The first line of a.txt.\n"),
            seed("2024/b.txt", "The first line of b.txt.\n"),
            seed("cat.jpg", "In place of a picture of a cat.\n"),
            seed("dir/a file+plus.txt", "A blank and a plus in its name.\n"),
            seed("empty.bin", ""),
            Seed { archived: true, ..seed("archive/2019.tar", "In place of an archive.\n") },
            Seed { deleted: true, ..seed("deleted.txt", "") },
            seed("相册/猫.jpg", "In place of another picture of a cat.\n"),
        ],
        cors: &[CorsRule {
            origin: "https://photos.example.com",
            methods: &["GET", "HEAD"],
            headers: &["*"],
            expose: "ETag",
        }],
        versioned_and_tagged: true,
        ..bucket("photos-1250000000", GUANGZHOU)
    },
    Bucket {
        access: Access::PublicRead,
        seeds: &[seed("index.html", "<!doctype html><title>Public</title><p>Everybody may read this.\n")],
        ..bucket("public-1250000000", GUANGZHOU)
    },
    Bucket {
        access: Access::PublicReadWithReferer,
        seeds: &[seed("banner.png", "In place of a banner.\n")],
        ..bucket("hotlink-1250000000", GUANGZHOU)
    },
    Bucket {
        cors: &[
            CorsRule { origin: "https://www.example.com", methods: &["GET"], headers: &[], expose: "ETag" },
            CorsRule {
                origin: "https://www.example.com",
                methods: &["GET", "PUT"],
                headers: &["content-type", "x-cos-acl"],
                expose: "x-cos-request-id",
            },
        ],
        seeds: &[seed("app.js", "\"use strict\";\n")],
        ..bucket("web-1250000000", GUANGZHOU)
    },
    Bucket { seeds: &[seed("dump.sql", "-- empty\n")], ..bucket("backup-1250000000", Some("ap-shanghai")) },
    Bucket {
        created: "2024-06-01T08:00:00Z",
        condition: Condition::Restricted,
        seeds: &[seed("app.apk", "In place of an app.\n"), seed("note.txt", "A note.\n")],
        ..bucket("new2024-1250000000", GUANGZHOU)
    },
    Bucket { seeds: &[seed("contract.pdf", "Not yours.\n")], ..bucket("partner-1251111111", GUANGZHOU) },
    odd("arrears-1250000000", Condition::Arrears),
    odd("busy-1250000000", Condition::Busy),
    odd("flaky-1250000000", Condition::Flaky),
    odd("ill-1250000000", Condition::Ill),
    odd("empty403-1250000000", Condition::EmptyRefusal),
    odd("hostile-1250000000", Condition::Hostile),
    odd("slow-1250000000", Condition::Slow),
    odd("reset-1250000000", Condition::Reset),
    odd("stall-1250000000", Condition::Stall),
    odd("truncated-1250000000", Condition::Truncated),
    odd("garbage-1250000000", Condition::Garbage),
    odd("portal-1250000000", Condition::Portal),
    odd("waf-1250000000", Condition::Firewall),
    odd("gateway-1250000000", Condition::Gateway),
    odd("elsewhere-1250000000", Condition::Elsewhere),
    // What is odd about these is below HTTP: the name leads nowhere, or the certificate is bad.
    odd("refused-1250000000", Condition::Well),
    odd("expired-cert-1250000000", Condition::Well),
    odd("wrong-name-1250000000", Condition::Well),
    odd("self-signed-1250000000", Condition::Well),
    odd("unknown-ca-1250000000", Condition::Well),
];

impl Bucket {
    /// Finds a bucket by name.
    pub fn named(name: &str) -> Option<&'static Self> {
        BUCKETS.iter().find(|bucket| bucket.name == name)
    }

    /// Whether the bucket belongs to an account.
    pub fn belongs_to(&self, appid: &str) -> bool {
        self.name.rsplit_once('-').is_some_and(|(_, own)| own == appid)
    }

    /// The APPID of its owner.
    pub fn owner(&self) -> &'static str {
        if self.belongs_to(STRANGER_APPID) { STRANGER_APPID } else { OWNER_APPID }
    }

    /// Whether somebody may do something to the bucket or what is in it.
    pub fn allows(&self, principal: Principal, action: &str) -> bool {
        let reads = matches!(action, "HeadBucket" | "GetBucket" | "HeadObject" | "GetObject");
        if reads && self.access != Access::Private {
            return true;
        }
        match principal {
            Principal::Anonymous => false,
            Principal::Account(appid) => self.belongs_to(appid),
            // GET but not HEAD of an object: the two are separate permissions.
            Principal::SubUser => {
                self.name == "photos-1250000000" && matches!(action, "HeadBucket" | "GetBucket" | "GetObject")
            }
        }
    }
}
