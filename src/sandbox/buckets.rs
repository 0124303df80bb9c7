//! The buckets: what each one is like, and the registry that PUT and DELETE Bucket change.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::StatusCode;

use super::account::{OWNER_APPID, Principal, STRANGER_APPID};
use super::failure::Failure;

/// How many buckets one account may have.
const QUOTA: usize = 200;

/// Who may use a bucket or an object without being its owner: the canned ACLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Private,
    PublicRead,
    PublicReadWrite,
}

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Versioning {
    /// Never switched on: objects have no version ID.
    Off,
    Enabled,
    Suspended,
}

/// The state that a bucket is prepared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Well,
    /// Created since 2024: path style and some downloads are refused.
    Restricted,
    /// The account is in arrears.
    Arrears,
    /// Always throttled.
    Busy,
    /// Every other request of a kind fails.
    Flaky,
    /// Always answers 500.
    Ill,
    /// Refuses with an empty body.
    EmptyRefusal,
    /// Refuses with a message that attacks terminals and spreadsheets.
    Hostile,
    /// Answers in small pieces.
    Slow,
    /// Resets the connection before it answers.
    Reset,
    /// Never answers.
    Stall,
    /// Sends half of its answer.
    Truncated,
    /// Answers with something that is not HTTP.
    Garbage,
    /// A captive portal answers.
    Portal,
    /// A firewall answers.
    Firewall,
    /// A gateway answers that it cannot reach the store.
    Gateway,
    /// A proxy redirects the client.
    Elsewhere,
}

/// One rule of a CORS configuration.
#[derive(Debug)]
pub(super) struct CorsRule {
    pub(super) origin: &'static str,
    pub(super) methods: &'static [&'static str],
    /// The request headers allowed; `*` for all.
    pub(super) headers: &'static [&'static str],
    /// The response headers that a page may read.
    pub(super) expose: &'static str,
}

/// A bucket.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    /// The name with its APPID.
    pub(super) name: String,
    /// Its region; `None` for a bucket that answers in every region.
    pub(super) region: Option<&'static str>,
    /// When it was created, in ISO 8601.
    pub(super) created: String,
    pub(super) access: Access,
    /// Whether unsigned requests must come from a page of example.com.
    pub(super) has_referer_rule: bool,
    pub(super) condition: Condition,
    pub(super) cors: &'static [CorsRule],
    pub(super) versioning: Versioning,
    pub(super) tags: Vec<(String, String)>,
}

impl Bucket {
    /// A private bucket without anything special.
    pub(super) fn new(name: &str, region: Option<&'static str>) -> Self {
        Self {
            name: name.to_owned(),
            region,
            created: "2021-03-14T08:00:00Z".to_owned(),
            access: Access::Private,
            has_referer_rule: false,
            condition: Condition::Well,
            cors: &[],
            versioning: Versioning::Off,
            tags: Vec::new(),
        }
    }

    pub(super) fn belongs_to(&self, appid: &str) -> bool {
        self.name.rsplit_once('-').is_some_and(|(_, own)| own == appid)
    }

    /// The APPID of the owner.
    pub(super) fn owner(&self) -> &'static str {
        if self.belongs_to(STRANGER_APPID) { STRANGER_APPID } else { OWNER_APPID }
    }

    /// Whether the principal may perform the CAM action; `access` is that of the object, if it has
    /// an ACL of its own, or of the bucket.
    pub(super) fn allows(&self, principal: Principal, action: &str, access: Access) -> bool {
        let is_public = match access {
            Access::Private => false,
            Access::PublicRead => matches!(action, "HeadBucket" | "GetBucket" | "HeadObject" | "GetObject"),
            Access::PublicReadWrite => {
                matches!(action, "HeadBucket" | "GetBucket" | "HeadObject" | "GetObject" | "PutObject" | "DeleteObject")
            }
        };
        if is_public {
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

/// Every bucket, in the order of GET Service.
#[derive(Debug)]
pub(super) struct Buckets(Mutex<Vec<Bucket>>);

impl Buckets {
    pub(super) fn new(buckets: Vec<Bucket>) -> Self {
        Self(Mutex::new(buckets))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Bucket>> {
        // No update can leave the list half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the bucket as it is now.
    pub(super) fn named(&self, name: &str) -> Option<Bucket> {
        self.lock().iter().find(|bucket| bucket.name == name).cloned()
    }

    /// The buckets of an account.
    pub(super) fn of(&self, appid: &str) -> Vec<Bucket> {
        self.lock().iter().filter(|bucket| bucket.belongs_to(appid)).cloned().collect()
    }

    /// Adds a bucket, in the name of an account.
    pub(super) fn create(&self, bucket: Bucket, appid: &str) -> Result<(), Failure> {
        let mut buckets = self.lock();
        if buckets.iter().any(|known| known.name == bucket.name) {
            return Err(if bucket.belongs_to(appid) {
                conflict(
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                )
            } else {
                conflict(
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. Please select a different name and try again.",
                )
            });
        }
        if buckets.iter().filter(|known| known.belongs_to(appid)).count() >= QUOTA {
            return Err(Failure::bad_request(
                "TooManyBuckets",
                "You have attempted to create more buckets than allowed",
            ));
        }
        buckets.push(bucket);
        Ok(())
    }

    pub(super) fn remove(&self, name: &str) {
        self.lock().retain(|bucket| bucket.name != name);
    }

    /// Changes the settings of a bucket.
    pub(super) fn change(&self, name: &str, change: impl FnOnce(&mut Bucket)) {
        if let Some(bucket) = self.lock().iter_mut().find(|bucket| bucket.name == name) {
            change(bucket);
        }
    }
}

fn conflict(code: &'static str, message: &'static str) -> Failure {
    Failure::new(StatusCode::CONFLICT, code, message)
}
