//! The objects, those from the start and those that clients put, all in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::buckets::{Bucket, Seed};
use super::failure::Failure;

/// How many bytes, and how many objects and parts, clients may put in all.
const ROOM: (usize, usize) = (64 * 1024 * 1024, 10_000);

/// An object.
#[derive(Clone, Debug)]
pub struct Object {
    /// The content.
    pub body: Bytes,
    /// The entity tag, with its quotes.
    pub etag: String,
    /// When it was written.
    pub modified: Timestamp,
    /// Whether it has to be restored before it can be read.
    pub archived: bool,
    /// Headers given back as they were put, the type among them.
    pub headers: Vec<(String, String)>,
}

impl Object {
    /// A new object.
    pub fn new(body: Bytes, modified: Timestamp, headers: Vec<(String, String)>) -> Self {
        Self { etag: etag(&body), body, modified, archived: false, headers }
    }

    fn seeded(seed: &Seed, created: &str) -> Self {
        let modified = created.parse().unwrap_or_default();
        let headers = vec![("content-type".to_owned(), content_type(seed.key).to_owned())];
        Self { archived: seed.archived, ..Self::new(Bytes::from_static(seed.body.as_bytes()), modified, headers) }
    }
}

/// A quoted MD5 in hex.
fn etag(body: &[u8]) -> String {
    let digest = Bytes::copy_from_slice(&Md5::digest(body));
    format!("\"{digest:x}\"")
}

/// Checks a body against the `Content-MD5` that came with it.
pub fn check_md5(announced: &str, body: &[u8]) -> Result<(), Failure> {
    match base64::engine::general_purpose::STANDARD.decode(announced) {
        Ok(digest) if digest.len() != 16 => Err(invalid_digest()),
        Ok(digest) if digest[..] == Md5::digest(body)[..] => Ok(()),
        Ok(_) => {
            Err(Failure::bad_request("BadDigest", "The Content-MD5 you specified did not match what we received."))
        }
        Err(_) => Err(invalid_digest()),
    }
}

fn invalid_digest() -> Failure {
    Failure::bad_request("InvalidDigest", "The Content-MD5 you specified is not valid.")
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

type Place = (&'static str, String);

/// Everything that clients have put or deleted.
#[derive(Debug, Default)]
pub struct Objects {
    // `None` hides an object that was there from the start.
    changes: Mutex<BTreeMap<Place, Option<Object>>>,
}

impl Objects {
    fn changes(&self) -> MutexGuard<'_, BTreeMap<Place, Option<Object>>> {
        // A panic elsewhere cannot leave the map half written.
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An object by its key.
    pub fn get(&self, bucket: &Bucket, key: &str) -> Option<Object> {
        if let Some(change) = self.changes().get(&(bucket.name, key.to_owned())) {
            return change.clone();
        }
        let seed = bucket.seeds.iter().find(|seed| seed.key == key && !seed.deleted)?;
        Some(Object::seeded(seed, bucket.created))
    }

    /// The objects of a bucket, by key.
    pub fn list(&self, bucket: &Bucket) -> BTreeMap<String, Object> {
        let seeds = bucket.seeds.iter().filter(|seed| !seed.deleted);
        let mut all: BTreeMap<String, Object> =
            seeds.map(|seed| (seed.key.to_owned(), Object::seeded(seed, bucket.created))).collect();
        for ((_, key), change) in self.changes().iter().filter(|((name, _), _)| *name == bucket.name) {
            match change {
                Some(object) => all.insert(key.clone(), object.clone()),
                None => all.remove(key),
            };
        }
        all
    }

    /// Puts an object.
    ///
    /// # Errors
    /// When clients have put too much already.
    pub fn put(&self, bucket: &Bucket, key: &str, object: Object) -> Result<(), Failure> {
        let mut changes = self.changes();
        let bytes: usize = changes.values().flatten().map(|object| object.body.len()).sum();
        check_room(bytes + object.body.len(), changes.len())?;
        changes.insert((bucket.name, key.to_owned()), Some(object));
        Ok(())
    }

    /// Removes an object. What is not there is removed just as well.
    pub fn remove(&self, bucket: &Bucket, key: &str) {
        let place = (bucket.name, key.to_owned());
        if bucket.seeds.iter().any(|seed| seed.key == key) {
            self.changes().insert(place, None);
        } else {
            self.changes().remove(&place);
        }
    }
}

/// Refuses when there would be too many bytes or pieces in memory.
pub fn check_room(bytes: usize, pieces: usize) -> Result<(), Failure> {
    if bytes <= ROOM.0 && pieces < ROOM.1 {
        return Ok(());
    }
    Err(Failure::new(StatusCode::PAYMENT_REQUIRED, "PaymentRequired", "The sandbox is full."))
}
