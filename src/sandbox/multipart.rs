//! Multipart uploads under way.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};

use super::failure::Failure;
use super::objects::check_room;

/// An upload's bucket and key, and its parts by number.
#[derive(Debug)]
struct Upload {
    place: (&'static str, String),
    parts: BTreeMap<u16, Bytes>,
}

/// The uploads under way, by id.
#[derive(Debug, Default)]
pub struct Uploads {
    serial: AtomicU64,
    under_way: Mutex<HashMap<String, Upload>>,
}

impl Uploads {
    fn under_way(&self) -> MutexGuard<'_, HashMap<String, Upload>> {
        // A panic elsewhere cannot leave the map half written.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an upload and gives its id.
    pub fn initiate(&self, bucket: &'static str, key: &str, seconds: i64) -> Result<String, Failure> {
        let mut under_way = self.under_way();
        check_room(0, under_way.len())?;
        let id = format!("{seconds}{:032x}", self.serial.fetch_add(1, Ordering::Relaxed));
        under_way.insert(id.clone(), Upload { place: (bucket, key.to_owned()), parts: BTreeMap::new() });
        Ok(id)
    }

    /// Keeps a part.
    pub fn put_part(&self, id: &str, number: u16, body: Bytes) -> Result<(), Failure> {
        let mut under_way = self.under_way();
        let parts = || under_way.values().flat_map(|upload| upload.parts.values());
        check_room(parts().map(Bytes::len).sum::<usize>() + body.len(), parts().count())?;
        under_way.get_mut(id).ok_or_else(no_such_upload)?.parts.insert(number, body);
        Ok(())
    }

    /// Ends an upload and gives its content.
    pub fn complete(&self, id: &str) -> Result<Bytes, Failure> {
        let upload = self.under_way().remove(id).ok_or_else(no_such_upload)?;
        let mut whole = BytesMut::new();
        upload.parts.values().for_each(|part| whole.extend_from_slice(part));
        Ok(whole.freeze())
    }

    /// The ids and keys of a bucket's uploads.
    pub fn list(&self, bucket: &str) -> Vec<(String, String)> {
        let under_way = self.under_way();
        let own = under_way.iter().filter(|(_, upload)| upload.place.0 == bucket);
        own.map(|(id, upload)| (id.clone(), upload.place.1.clone())).collect()
    }
}

fn no_such_upload() -> Failure {
    Failure::not_found(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
}
