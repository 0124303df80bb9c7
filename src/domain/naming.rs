//! What the written rules say about names before anything is sent: regions, buckets, credentials.
//!
//! These are remarks, not refusals: a diagnosis tool shows what the store answers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::profile::{Credentials, Dialect};

#[derive(Deserialize)]
struct Regions {
    regions: BTreeMap<String, String>,
    former: BTreeMap<String, String>,
}

static REGIONS: LazyLock<Regions> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/regions.toml")).expect("assets/regions.toml is checked by a test")
});

/// The known COS regions, sorted.
pub fn regions() -> impl Iterator<Item = &'static str> {
    REGIONS.regions.keys().map(String::as_str)
}

/// The candidate most like `text`, if any is near enough to be a slip of the keys.
#[must_use]
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&text.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 5)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean X?`, or nothing.
#[must_use]
pub fn did_you_mean<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(text, candidates).map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default()
}

/// What is odd about a COS region, with the nearest right spelling.
#[must_use]
pub fn region_remark(region: &str, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::S3 || REGIONS.regions.contains_key(region) {
        return None;
    }
    if let Some(bare) = region.strip_prefix("cos.") {
        return Some(format!("region \"{region}\": write it without \"cos.\", as \"{bare}\""));
    }
    if let Some(now) = REGIONS.former.get(region) {
        return Some(format!("region \"{region}\" is a former name; it is \"{now}\" now"));
    }
    Some(format!("region \"{region}\" is not a known COS region{}", did_you_mean(region, regions())))
}

/// What is odd about a bucket name by COS's rules: lower-case letters, digits and hyphens, then
/// `-APPID` in digits, none of it at the edges, 60 characters with the rest of the host.
#[must_use]
pub fn bucket_remark(bucket: &str, region: Option<&str>, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::S3 {
        return None;
    }
    let lower = bucket.to_ascii_lowercase();
    if !bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        let near: String = lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        return Some(format!("bucket \"{bucket}\": only a-z, 0-9 and \"-\" are allowed; nearest: \"{near}\""));
    }
    if bucket.starts_with('-') || bucket.ends_with('-') {
        return Some(format!("bucket \"{bucket}\": it may not begin or end with \"-\""));
    }
    let appid = bucket.rsplit_once('-').map(|(_, appid)| appid);
    if !appid.is_some_and(|appid| appid.len() >= 5 && appid.bytes().all(|b| b.is_ascii_digit())) {
        return Some(format!(
            "bucket \"{bucket}\" lacks its APPID; it is written \"{bucket}-1250000000\" with your own digits"
        ));
    }
    let host = format!("{bucket}.cos.{}.myqcloud.com", region.unwrap_or_default());
    if host.len() > 60 {
        return Some(format!(
            "bucket \"{bucket}\" is too long: with its host it has {} characters, 60 are allowed",
            host.len()
        ));
    }
    None
}

/// What is odd about credentials: blanks at the edges, id and key swapped, a temporary id without
/// its token. Never holds a secret.
#[must_use]
pub fn credentials_remark(credentials: &Credentials, dialect: Dialect) -> Option<String> {
    let (id, key, source) = (&credentials.id, credentials.expose_key(), &credentials.source);
    if id.trim() != id {
        return Some(format!("the SecretId from {source} begins or ends with a blank"));
    }
    if key.trim() != key {
        return Some(format!("the SecretKey from {source} begins or ends with a blank"));
    }
    if dialect == Dialect::S3 {
        return None;
    }
    if key.starts_with("AKID") {
        return Some(format!("the SecretKey from {source} begins with AKID, as a SecretId does: are the two swapped?"));
    }
    if id.starts_with("AKID") && id.len() > 40 && credentials.token.is_none() {
        return Some(format!(
            "the SecretId from {source} has {} characters, as temporary ones do, but there is no session token",
            id.chars().count()
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_remarked_on_with_the_nearest() {
        assert_eq!(region_remark("ap-guangzhou", Dialect::Cos), None);
        let cases = [
            ("ap-guangzou", "did you mean \"ap-guangzhou\""),
            ("cos.ap-beijing", "as \"ap-beijing\""),
            ("cosgz", "it is \"ap-guangzhou\" now"),
        ];
        for (region, part) in cases {
            let remark = region_remark(region, Dialect::Cos).expect(region);
            assert!(remark.contains(part), "{remark}");
        }
        let far = region_remark("mars-olympus", Dialect::Cos).expect("a remark");
        assert!(!far.contains("did you mean"), "{far}");
    }

    #[test]
    fn buckets_are_held_to_the_written_rules() {
        assert_eq!(bucket_remark("photos-1250000000", Some("ap-guangzhou"), Dialect::Cos), None);
        assert_eq!(bucket_remark("Any_Thing", None, Dialect::S3), None);
        for (bucket, part) in [
            ("photos", "lacks its APPID"),
            ("My_Photos-1250000000", "\"my-photos-1250000000\""),
            ("-a-1250000000", "begin or end"),
            ("a-123", "lacks its APPID"),
            ("a-name-that-goes-on-and-on-1250000000", "60 are allowed"),
        ] {
            let remark = bucket_remark(bucket, Some("ap-guangzhou"), Dialect::Cos).expect(bucket);
            assert!(remark.contains(part), "{remark}");
        }
    }

    #[test]
    fn credentials_are_looked_at_without_being_shown() {
        let cases = [
            ("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret\n", "blank"),
            (" AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", "blank"),
            ("FAKEsecretFAKEsecret", "AKIDTESTTESTTEST", "swapped"),
            ("AKIDTESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTEST", "FAKEsecretFAKEsecret", "no session token"),
        ];
        for (id, key, part) in cases {
            let remark = credentials_remark(&Credentials::new(id, key, "COS_SECRET_KEY"), Dialect::Cos).expect(part);
            assert!(remark.contains(part) && !remark.contains("FAKEsecret"), "{remark}");
        }
    }
}
