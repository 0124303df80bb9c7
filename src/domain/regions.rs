//! The regions of COS, their former names, and what is wrong with a region that is not one of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use strum::EnumIter;

use super::dialect::Dialect;
use super::suggest::nearest;
use crate::assets::asset;

#[derive(Deserialize)]
struct Regions {
    regions: BTreeMap<String, String>,
    former: BTreeMap<String, String>,
}

static REGIONS: LazyLock<Regions> = LazyLock::new(|| asset!("regions.toml"));

/// The known COS regions, sorted.
pub fn regions() -> impl Iterator<Item = &'static str> {
    REGIONS.regions.keys().map(String::as_str)
}

/// What is wrong with a COS region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum RegionRemark {
    /// It is written with `cos.` in front.
    Prefixed {
        /// As it is written.
        region: String,
        /// Without the prefix.
        bare: String,
    },
    /// It is a former name.
    Former {
        /// As it is written.
        region: String,
        /// The present name.
        now: String,
    },
    /// It is on no list.
    Unknown {
        /// As it is written.
        region: String,
        /// The nearest region that is.
        nearest: Option<String>,
    },
}

impl Default for RegionRemark {
    fn default() -> Self {
        Self::Unknown { region: String::new(), nearest: None }
    }
}

/// Returns what is wrong with a COS region, with the nearest right spelling.
#[must_use]
pub fn region_remark(region: &str, dialect: Dialect) -> Option<RegionRemark> {
    if dialect == Dialect::S3 || REGIONS.regions.contains_key(region) {
        return None;
    }
    let written = region.to_owned();
    if let Some(bare) = region.strip_prefix("cos.") {
        return Some(RegionRemark::Prefixed { region: written, bare: bare.to_owned() });
    }
    if let Some(now) = REGIONS.former.get(region) {
        return Some(RegionRemark::Former { region: written, now: now.clone() });
    }
    Some(RegionRemark::Unknown { region: written, nearest: nearest(region, regions()).map(str::to_owned) })
}

/// The present name of a region that may be written as older tools did: with `cos.` before it, or
/// as the first COS generation called it, `cos` left out or not.
#[must_use]
pub fn present_region(region: &str) -> &str {
    let bare = region.strip_prefix("cos.").unwrap_or(region);
    let former = &REGIONS.former;
    former.get(bare).or_else(|| former.get(&format!("cos{bare}"))).map_or(bare, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_remarked_on_with_the_nearest() {
        let remark = |region: &str| region_remark(region, Dialect::Cos);
        let owned = str::to_owned;
        assert_eq!(remark("ap-guangzhou"), None);
        let nearest = Some(owned("ap-guangzhou"));
        assert_eq!(remark("ap-guangzou"), Some(RegionRemark::Unknown { region: owned("ap-guangzou"), nearest }));
        let bare = owned("ap-beijing");
        assert_eq!(remark("cos.ap-beijing"), Some(RegionRemark::Prefixed { region: owned("cos.ap-beijing"), bare }));
        let now = owned("ap-guangzhou");
        assert_eq!(remark("cosgz"), Some(RegionRemark::Former { region: owned("cosgz"), now }));
        let far = RegionRemark::Unknown { region: owned("mars-olympus"), nearest: None };
        assert_eq!(remark("mars-olympus"), Some(far));
    }

    #[test]
    fn older_spellings_of_regions_are_brought_up_to_date() {
        for (old, new) in
            [("gz", "ap-guangzhou"), ("cos.ap-beijing", "ap-beijing"), ("cosgz", "ap-guangzhou"), ("ap-x", "ap-x")]
        {
            assert_eq!(present_region(old), new);
        }
    }
}
