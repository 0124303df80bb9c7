//! The objects with their versions, in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::attributes::Attributes;
use super::buckets::{Bucket, Versioning};
use super::crc64::crc64;
use super::failure::Failure;
use super::fixtures::{Seed, VERSION_ID};

/// How many bytes, and how many objects and parts, clients may put in all.
pub(super) const ROOM: (usize, usize) = (256 * 1024 * 1024, 10_000);

/// The ID of a version that was written while versioning was not enabled.
pub(super) const NULL_VERSION: &str = "null";

/// What kind of object it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Appendable,
    /// Archived, and POST ?restore was accepted.
    Restoring,
}

/// An object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) body: Bytes,
    /// The entity tag, with its quotes.
    pub(super) etag: String,
    pub(super) crc64: u64,
    pub(super) modified: Timestamp,
    pub(super) kind: Kind,
    pub(super) attributes: Attributes,
}

impl Object {
    pub(super) fn new(body: Bytes, modified: Timestamp, attributes: Attributes) -> Self {
        let (etag, crc64) = (format!("\"{}\"", md5_hex(&body)), crc64(0, &body));
        Self { body, etag, crc64, modified, kind: Kind::Normal, attributes }
    }
}

/// One version of an object.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) modified: Timestamp,
    /// `None` is a delete marker.
    pub(super) object: Option<Object>,
}

pub(super) fn md5_hex(bytes: &[u8]) -> String {
    format!("{:x}", Bytes::copy_from_slice(&Md5::digest(bytes)))
}

/// Checks a body against the `Content-MD5` that came with it.
pub(super) fn check_md5(announced: &str, body: &[u8]) -> Result<(), Failure> {
    match BASE64.decode(announced) {
        Ok(digest) if digest[..] == Md5::digest(body)[..] => Ok(()),
        Ok(digest) if digest.len() == 16 => {
            Err(Failure::bad_request("BadDigest", "The Content-MD5 you specified did not match what we received."))
        }
        _ => Err(Failure::bad_request("InvalidDigest", "The Content-MD5 you specified is not valid.")),
    }
}

type ObjectPath = (String, String);

/// Every object: by bucket and key its versions, the latest last.
#[derive(Debug, Default)]
pub(super) struct Objects {
    versions: Mutex<BTreeMap<ObjectPath, Vec<Version>>>,
    serial: AtomicU64,
}

impl Objects {
    /// Puts what a bucket starts with.
    pub(super) fn seed(&self, bucket: &Bucket, seeds: &[Seed]) {
        let modified: Timestamp = bucket.created.parse().unwrap_or_default();
        let id = if bucket.versioning == Versioning::Off { NULL_VERSION } else { VERSION_ID };
        let mut all = self.lock();
        for seed in seeds {
            let attributes = Attributes { class: seed.class, ..Attributes::with_type(content_type(seed.key)) };
            let object = Object::new(Bytes::from_static(seed.body.as_bytes()), modified, attributes);
            let version = Version { id: id.to_owned(), modified, object: (!seed.is_deleted).then_some(object) };
            all.insert((bucket.name.clone(), seed.key.to_owned()), vec![version]);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ObjectPath, Vec<Version>>> {
        // No update can leave the map half written.
        self.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The latest version, or the one of this ID.
    pub(super) fn version(&self, bucket: &str, key: &str, id: Option<&str>) -> Option<Version> {
        let all = self.lock();
        let versions = all.get(&(bucket.to_owned(), key.to_owned()))?;
        match id {
            None => versions.last().cloned(),
            Some(id) => versions.iter().find(|version| version.id == id).cloned(),
        }
    }

    /// Every version in a bucket: by key, then the latest first; `true` marks the latest.
    pub(super) fn versions(&self, bucket: &str) -> Vec<(String, Version, bool)> {
        let all = self.lock();
        let own = all.iter().filter(|((name, _), _)| name == bucket);
        own.flat_map(|((_, key), versions)| {
            let newest_first = versions.iter().rev().enumerate();
            newest_first.map(|(age, version)| (key.clone(), version.clone(), age == 0))
        })
        .collect()
    }

    /// The objects of a bucket, by key.
    pub(super) fn list(&self, bucket: &str) -> Vec<(String, Object)> {
        let latest = self.versions(bucket).into_iter().filter(|(_, _, is_latest)| *is_latest);
        latest.filter_map(|(key, version, _)| Some((key, version.object?))).collect()
    }

    pub(super) fn is_empty(&self, bucket: &str) -> bool {
        !self.lock().keys().any(|(name, _)| name == bucket)
    }

    /// Puts an object. Returns the version ID that the response names, if it names one.
    pub(super) fn put(&self, bucket: &Bucket, key: &str, object: Object) -> Result<Option<String>, Failure> {
        let mut all = self.lock();
        let objects = || all.values().flatten().filter_map(|version| version.object.as_ref());
        check_room(objects().map(|known| known.body.len()).sum::<usize>() + object.body.len(), objects().count())?;
        let version = Version { id: self.next_id(bucket), modified: object.modified, object: Some(object) };
        Ok(push(&mut all, bucket, key, version))
    }

    /// Deletes the latest version: an unversioned object goes, a versioned one gets a delete marker.
    /// Returns the ID of the marker.
    pub(super) fn delete(&self, bucket: &Bucket, key: &str, now: Timestamp) -> Option<String> {
        let mut all = self.lock();
        if bucket.versioning == Versioning::Off {
            all.remove(&(bucket.name.clone(), key.to_owned()));
            return None;
        }
        let marker = Version { id: self.next_id(bucket), modified: now, object: None };
        push(&mut all, bucket, key, marker)
    }

    /// Removes one version for good. Returns whether it was a delete marker.
    pub(super) fn delete_version(&self, bucket: &Bucket, key: &str, id: &str) -> bool {
        let path = (bucket.name.clone(), key.to_owned());
        let mut all = self.lock();
        let Some(versions) = all.get_mut(&path) else { return false };
        let was_marker = versions.iter().any(|version| version.id == id && version.object.is_none());
        versions.retain(|version| version.id != id);
        if versions.is_empty() {
            all.remove(&path);
        }
        was_marker
    }

    /// Changes an object in place: its tags, its ACL, its content by an append. Does nothing where
    /// the version is gone by now.
    pub(super) fn change(&self, bucket: &str, key: &str, id: &str, change: impl FnOnce(&mut Object)) {
        let mut all = self.lock();
        let versions = all.get_mut(&(bucket.to_owned(), key.to_owned()));
        let version = versions.and_then(|versions| versions.iter_mut().find(|version| version.id == id));
        if let Some(object) = version.and_then(|version| version.object.as_mut()) {
            change(object);
        }
    }

    /// Version IDs have the form of COS's: Base64 of a number that falls with time.
    fn next_id(&self, bucket: &Bucket) -> String {
        const FIRST: u64 = 18_445_157_562_314_500_087;
        if bucket.versioning != Versioning::Enabled {
            return NULL_VERSION.to_owned();
        }
        let number = FIRST - self.serial.fetch_add(1, Ordering::Relaxed);
        BASE64.encode(number.to_string()).trim_end_matches('=').to_owned()
    }
}

/// Adds the latest version; a `null` one replaces the `null` one before it.
fn push(all: &mut BTreeMap<ObjectPath, Vec<Version>>, bucket: &Bucket, key: &str, version: Version) -> Option<String> {
    let id = version.id.clone();
    let versions = all.entry((bucket.name.clone(), key.to_owned())).or_default();
    versions.retain(|known| known.id != NULL_VERSION || id != NULL_VERSION);
    versions.push(version);
    (bucket.versioning != Versioning::Off).then_some(id)
}

/// Refuses when there would be too many bytes or pieces in memory.
pub(super) fn check_room(bytes: usize, pieces: usize) -> Result<(), Failure> {
    if bytes <= ROOM.0 && pieces < ROOM.1 {
        return Ok(());
    }
    let message = format!("The sandbox is full: it holds {} MiB and {} objects.", ROOM.0 >> 20, ROOM.1);
    Err(Failure::new(StatusCode::PAYMENT_REQUIRED, "PaymentRequired", message))
}

fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "txt" => "text/plain",
        "html" => "text/html",
        "js" => "text/javascript",
        "jpg" => "image/jpeg",
        "png" => "image/png",
        "tar" => "application/x-tar",
        _ => "application/octet-stream",
    }
}
