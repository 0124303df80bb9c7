//! What GET Service says: the account's buckets and their regions (document 436/8291).

use crate::domain::bucket_list;
use crate::domain::profile::KnownBucket;
use crate::domain::record::{Outcome, Record};
use crate::i18n::{Language, tell};

/// The account's buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Name and region of each.
    pub all: Vec<(String, String)>,
    /// The list goes on beyond what was kept.
    pub cut: bool,
}

impl Buckets {
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

    /// The list in a few words, and where the bucket is.
    #[must_use]
    pub fn in_words(&self, bucket: Option<&str>, language: Language) -> String {
        let n = self.all.len();
        let count = if self.cut {
            tell!(language, "%{n} buckets or more", n = n)
        } else {
            tell!(language, "%{n} buckets", n = n)
        };
        let Some(bucket) = bucket else { return count.into_owned() };
        let words = if let Some(region) = self.region_of(bucket) {
            tell!(language, "%{buckets}, this one in %{region}", buckets = count, region = region)
        } else {
            tell!(language, "%{buckets}, not this one", buckets = count)
        };
        words.into_owned()
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
pub fn buckets(record: &Record) -> Option<Buckets> {
    let body = record.body.as_deref().filter(|_| record.outcome == Outcome::Success)?;
    let list = bucket_list::parse(body);
    // GET ?location and older answers write the region with its prefix.
    let bare = |region: String| region.strip_prefix("cos.").map_or(region.clone(), str::to_owned);
    let region = |bucket: &KnownBucket| bucket.region.clone().map(bare).unwrap_or_default();
    let cut = !list.whole || list.next.is_some() || body.contains("<IsTruncated>true");
    (list.whole || !list.buckets.is_empty()).then(|| Buckets {
        all: list.buckets.iter().map(|bucket| (bucket.name.clone(), region(bucket))).collect(),
        cut,
    })
}
