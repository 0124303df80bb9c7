//! The regions of COS, their former names, and what is wrong with a region that is not one of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::dialect::Dialect;
use super::suggest::nearest;
use crate::i18n::{Language, tell};

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

/// What is odd about a COS region, with the nearest right spelling.
#[must_use]
pub fn region_remark(region: &str, dialect: Dialect, language: Language) -> Option<String> {
    if dialect == Dialect::S3 || REGIONS.regions.contains_key(region) {
        return None;
    }
    if let Some(bare) = region.strip_prefix("cos.") {
        return Some(
            tell!(
                language,
                "region \"%{region}\": write it without \"cos.\", as \"%{bare}\"",
                region = region,
                bare = bare
            )
            .into_owned(),
        );
    }
    if let Some(now) = REGIONS.former.get(region) {
        return Some(
            tell!(language, "region \"%{region}\" is a former name; it is \"%{now}\" now", region = region, now = now)
                .into_owned(),
        );
    }
    let words = if let Some(near) = nearest(region, regions()) {
        tell!(
            language,
            "region \"%{region}\" is not a known COS region; did you mean \"%{near}\"?",
            region = region,
            near = near
        )
    } else {
        tell!(language, "region \"%{region}\" is not a known COS region", region = region)
    };
    Some(words.into_owned())
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
        assert_eq!(region_remark("ap-guangzhou", Dialect::Cos, Language::En), None);
        let cases = [
            ("ap-guangzou", "did you mean \"ap-guangzhou\""),
            ("cos.ap-beijing", "as \"ap-beijing\""),
            ("cosgz", "it is \"ap-guangzhou\" now"),
        ];
        for (region, part) in cases {
            let remark = region_remark(region, Dialect::Cos, Language::En).expect(region);
            assert!(remark.contains(part), "{remark}");
        }
        let far = region_remark("mars-olympus", Dialect::Cos, Language::En).expect("a remark");
        assert!(!far.contains("did you mean"), "{far}");
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
