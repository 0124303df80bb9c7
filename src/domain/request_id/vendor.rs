//! Request ids that are not COS's: whose they look like, and the time that some of them carry.
//!
//! Shapes and times are inferred from published samples, as those of COS are.

use jiff::Timestamp;

/// Whose id it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// The vendor or kind.
    pub of: &'static str,
    /// The time that it carries, if its kind carries one.
    pub time: Option<Timestamp>,
}

/// Recognises an id by its shape. `None` when it is like nothing known.
#[must_use]
pub fn recognise(id: &str) -> Option<Vendor> {
    let id = id.trim();
    let hex = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
    let is_uuid = id.len() == 36 && id.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && id.split('-').all(hex);
    if is_uuid {
        return Some(Vendor { of: "the cloud API, STS or a CDN (a UUID)", time: None });
    }
    if let Some(rest) = id.strip_prefix("tx") {
        let mut parts = rest.split('-');
        let (first, second) = (parts.next()?, parts.next()?);
        let time = (second.len() == 10).then(|| i64::from_str_radix(second, 16).ok()).flatten();
        return hex(first).then_some(Vendor { of: "Ceph RGW", time: time.and_then(plausible) });
    }
    match (id.len(), hex(id)) {
        // MinIO counts nanoseconds in hex; AWS's ids have the same length and carry nothing.
        (16, true) => {
            let seconds = u64::from_str_radix(id, 16).ok().and_then(|nanos| i64::try_from(nanos / 1_000_000_000).ok());
            match seconds.and_then(plausible) {
                Some(time) => Some(Vendor { of: "MinIO or AWS S3", time: Some(time) }),
                None => Some(Vendor { of: "AWS S3", time: None }),
            }
        }
        (16, false) if id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) => {
            Some(Vendor { of: "AWS S3", time: None })
        }
        (24, true) => {
            let time = i64::from_str_radix(&id[..8], 16).ok().and_then(plausible);
            Some(Vendor { of: "Alibaba OSS", time })
        }
        (32, true) => Some(Vendor { of: "Huawei OBS", time: None }),
        _ => None,
    }
}

/// A time between 2010 and 2038.
fn plausible(seconds: i64) -> Option<Timestamp> {
    (1_262_304_000..2_147_483_648).contains(&seconds).then(|| Timestamp::from_second(seconds).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_samples_are_recognised() {
        let of = |id| recognise(id).map(|foreign| (foreign.of, foreign.time.map(|time| time.to_string())));
        let at = |time: &str| Some(time.to_owned());
        assert_eq!(of("636B68BA3030303030303030"), Some(("Alibaba OSS", at("2022-11-09T08:45:46Z"))));
        assert_eq!(of("169A87DB05883A7D"), Some(("MinIO or AWS S3", at("2021-08-12T10:19:50Z"))));
        assert_eq!(
            of("tx00000ee8e8df6e7de353b-00614a1947-1018-default"),
            Some(("Ceph RGW", at("2021-09-21T17:41:27Z")))
        );
        assert_eq!(of("B59500000164417839932E5A2295674C"), Some(("Huawei OBS", None)));
        assert_eq!(of("XPTOB1A2C3D4E5F6").map(|found| found.0), Some("AWS S3"));
        assert_eq!(of("NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE="), None);
        assert_eq!(of("AccessDenied"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(id in ".{0,40}") {
            let _ = recognise(&id);
        }
    }
}
