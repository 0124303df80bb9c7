//! The list of an account's buckets (`ListAllMyBucketsResult`), of COS and of S3.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::operation::UnknownOperation;
use super::probe::ProbeError;
use super::profile::KnownBucket;
use super::record::{Outcome, Record};

/// Why the list cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum BucketListError {
    /// There is nothing to sign the request with; the variables that may hold it.
    NoCredentials(&'static str),
    /// The operation is not known.
    Operation(UnknownOperation),
    /// No request can be made.
    Probe(ProbeError),
    /// The request ended without an answer.
    NoAnswer,
}

impl From<UnknownOperation> for BucketListError {
    fn from(error: UnknownOperation) -> Self {
        Self::Operation(error)
    }
}

impl From<ProbeError> for BucketListError {
    fn from(error: ProbeError) -> Self {
        Self::Probe(error)
    }
}

/// One page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketList {
    /// Names and, where known, regions.
    pub buckets: Vec<KnownBucket>,
    /// Where the next page begins: COS's `NextMarker`, S3's `ContinuationToken`.
    pub next: Option<String>,
    /// The document ends as it should.
    pub whole: bool,
}

/// Reads a page. What broke off yields what it held until there.
#[must_use]
pub fn parse(text: &str) -> BucketList {
    let mut list = BucketList::default();
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                path.push(start.local_name().as_ref().to_owned());
                value.clear();
            }
            Ok(Event::Text(part)) => value.push_str(&part),
            Ok(Event::End(_)) => {
                let ended = path.pop();
                take(&mut list, ended.as_deref().unwrap_or_default(), path.last().map(String::as_str), value.trim());
                list.whole |= path.is_empty();
                value.clear();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    list.buckets.retain(|bucket| !bucket.name.is_empty());
    list
}

fn take(list: &mut BucketList, element: &str, inside: Option<&str>, value: &str) {
    let given = || (!value.is_empty()).then(|| value.to_owned());
    match (inside, element, list.buckets.last_mut()) {
        (Some("Bucket"), "Name", _) => {
            list.buckets.push(KnownBucket { name: value.to_owned(), region: None });
        }
        // Both come after the Name.
        (Some("Bucket"), "Location" | "BucketRegion", Some(bucket)) => bucket.region = given(),
        (Some("ListAllMyBucketsResult"), "NextMarker" | "ContinuationToken", _) => list.next = given(),
        _ => {}
    }
}

/// The account's buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBuckets {
    /// Name and region of each.
    pub all: Vec<(String, String)>,
    /// The list goes on beyond what was kept.
    pub cut: bool,
}

impl AccountBuckets {
    /// The region of a bucket that is on the list.
    #[must_use]
    pub fn region_of(&self, bucket: &str) -> Option<&str> {
        self.all.iter().find(|(name, _)| name == bucket).map(|(_, region)| region.as_str())
    }

    /// Whether the list is of another account than the one that a bucket belongs to, by the APPIDs at
    /// the end of the names. `None` where there is nothing to compare.
    #[must_use]
    pub fn are_of_another_account(&self, bucket: &str) -> Option<bool> {
        let wanted = appid(bucket)?;
        let (first, _) = self.all.first()?;
        appid(first)?;
        Some(!self.all.iter().any(|(name, _)| appid(name) == Some(wanted)))
    }
}

/// The APPID at the end of a bucket's name.
#[must_use]
pub fn appid(bucket: &str) -> Option<&str> {
    let (_, appid) = bucket.rsplit_once('-')?;
    (appid.len() >= 5 && appid.bytes().all(|b| b.is_ascii_digit())).then_some(appid)
}

/// The buckets in a record of a successful GET Service. Of a list that was cut what is whole is read.
#[must_use]
pub fn of_record(record: &Record) -> Option<AccountBuckets> {
    let body = record.body.as_deref().filter(|_| record.outcome == Outcome::Success)?;
    let list = parse(body);
    // GET ?location and older answers write the region with its prefix.
    let bare = |region: String| region.strip_prefix("cos.").map_or(region.clone(), str::to_owned);
    let region = |bucket: &KnownBucket| bucket.region.clone().map(bare).unwrap_or_default();
    let cut = !list.whole || list.next.is_some() || body.contains("<IsTruncated>true");
    (list.whole || !list.buckets.is_empty()).then(|| AccountBuckets {
        all: list.buckets.iter().map(|bucket| (bucket.name.clone(), region(bucket))).collect(),
        cut,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(name: &str, region: Option<&str>) -> KnownBucket {
        KnownBucket { name: name.to_owned(), region: region.map(str::to_owned) }
    }

    #[test]
    fn both_vendors_lists_are_read_and_a_cut_one_as_far_as_it_goes() {
        let cos = "<?xml version='1.0'?><ListAllMyBucketsResult><Owner><ID>x</ID></Owner><Buckets><Bucket><Name>a-1250000000</Name><Location>ap-guangzhou</Location></Bucket><Bucket><Name>b-1250000000</Name><Location>ap-tokyo</Location></Bucket></Buckets><IsTruncated>true</IsTruncated><NextMarker>b-1250000000</NextMarker></ListAllMyBucketsResult>";
        let buckets = vec![bucket("a-1250000000", Some("ap-guangzhou")), bucket("b-1250000000", Some("ap-tokyo"))];
        assert_eq!(parse(cos), BucketList { buckets, next: Some("b-1250000000".to_owned()), whole: true });
        let s3 = "<ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Buckets><Bucket><CreationDate>2024</CreationDate><Name>data</Name></Bucket></Buckets></ListAllMyBucketsResult>";
        assert_eq!(parse(s3), BucketList { buckets: vec![bucket("data", None)], next: None, whole: true });
        let cut = parse(&cos[..cos.find("ap-tokyo").expect("there")]);
        assert_eq!((cut.buckets.len(), cut.whole), (2, false));
        assert_eq!(parse("<html>"), BucketList::default());
    }
}
