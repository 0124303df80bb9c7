//! Values cut to a width so that what tells them apart stays.

use unicode_width::UnicodeWidthStr;

use crate::text::width::{prefix_of_width, truncate_end};

/// Characters of a RequestId's head and tail in a column: a COS id is the base64 of
/// `time_node_process_counter`, so its tail tells two ids of a run apart, and its head the second.
const ENDS: usize = 8;

/// A RequestId of at most `width` columns: the first characters, `…`, and the last `tail` ones.
#[must_use]
pub fn request_id(id: &str, width: usize, tail: usize) -> (String, String) {
    if id.width() <= width {
        return (String::new(), id.to_owned());
    }
    let tail = tail.min(width.saturating_sub(1));
    let first = (width - tail - 1).min(ENDS);
    (format!("{}…", prefix_of_width(id, first)), end(id, tail))
}

/// How many characters of the tails of these ids tell them apart: 8, or 12 where two end alike.
#[must_use]
pub fn tail_of<'a>(ids: impl Iterator<Item = &'a str>) -> usize {
    let mut tails: Vec<String> =
        ids.filter(|id| !id.is_empty()).map(|id| format!("{}\u{0}{id}", end(id, ENDS))).collect();
    tails.sort_unstable();
    tails.dedup();
    let same = |pair: &[String]| pair[0].split('\u{0}').next() == pair[1].split('\u{0}').next();
    if tails.windows(2).any(same) { ENDS + 4 } else { ENDS }
}

/// Bucket and key of at most `width` columns. The APPID gives way first, then the key's middle, then the
/// bucket's end: the key's end tells objects apart.
#[must_use]
pub fn target(target: &str, width: usize) -> String {
    if target.width() <= width {
        return target.to_owned();
    }
    let (bucket, key) = target.split_once('/').map_or((target, None), |(bucket, key)| (bucket, Some(key)));
    let name = without_appid(bucket);
    let cut_name = name.map(|name| format!("{name}-…"));
    let Some(key) = key else {
        let whole = cut_name.filter(|cut| cut.width() <= width);
        return whole.unwrap_or_else(|| truncate_end(bucket, width));
    };
    if let Some(cut) = &cut_name {
        let all = format!("{cut}/{key}");
        if all.width() <= width {
            return all;
        }
    }
    for (bucket, least) in [(cut_name.as_deref(), 6), (name, 5), (Some(bucket), 5)] {
        let Some(bucket) = bucket else { continue };
        let room = width.saturating_sub(bucket.width() + 2);
        if room >= least {
            return format!("{bucket}/…{}", end(key, room));
        }
    }
    let room = width.saturating_sub(3 + 5);
    format!("{}…/…{}", prefix_of_width(name.unwrap_or(bucket), room), end(key, width.saturating_sub(3 + room)))
}

/// The name of a COS bucket, when it ends in an APPID.
fn without_appid(bucket: &str) -> Option<&str> {
    let (name, appid) = bucket.rsplit_once('-')?;
    (appid.len() >= 8 && appid.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty()).then_some(name)
}

/// A method in four columns.
#[must_use]
pub fn method(method: &str) -> &str {
    match method {
        "OPTIONS" => "OPT",
        "DELETE" => "DEL",
        other => other.get(..4).unwrap_or(other),
    }
}

/// The end of a text, as much as fits into `width` columns.
fn end(text: &str, width: usize) -> String {
    let reversed: String = text.chars().rev().collect();
    prefix_of_width(&reversed, width).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "NmIwN2M4MDZfMWViNTAzMDlfMWE0Ml9jNDdiMDM=";

    #[test]
    fn ids_keep_the_ends_that_tell_them_apart() {
        assert_eq!(request_id(ID, 17, 8), ("NmIwN2M4…".to_owned(), "NDdiMDM=".to_owned()));
        assert_eq!(request_id(ID, 13, 8), ("NmIw…".to_owned(), "NDdiMDM=".to_owned()));
        assert_eq!(request_id(ID, 40, 8).1, ID);
        assert_eq!(tail_of([ID, "NmIwN2M4MDZfMWViNTAzMDlfMWE0Ml9jNDdiMDA="].into_iter()), 8);
        assert_eq!(tail_of([ID, "OmIwN2M4MDZfMWViNTAzMDlfMWE0Ml9kNDdiMDM="].into_iter()), 12);
        assert_eq!(tail_of([ID, ID].into_iter()), 8, "the same id twice has one tail");
    }

    #[test]
    fn targets_lose_their_appid_first_and_keep_the_end_of_the_key() {
        for (text, width, wanted) in [
            ("photos-1250000000", 11, "photos-…"),
            ("photos-1250000000/2024/a.txt", 19, "photos-…/2024/a.txt"),
            ("photos-1250000000/2024/archive/2019.tar", 11, "pho…/…9.tar"),
            ("photos-1250000000/2024/archive/2019.tar", 13, "photos/…9.tar"),
            ("photos-1250000000/2024/archive/2019.tar", 16, "photos-…/…19.tar"),
            ("web-1250000000/js/app.js", 11, "web/…app.js"),
            ("my.bucket/very/long/key/name.bin", 20, "my.bucket/…/name.bin"),
        ] {
            assert_eq!(target(text, width), wanted, "{width}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "[a-z访/.-]{0,40}(-1250000000)?(/[a-z访/.]{0,60})?", width in 9usize..60) {
            prop_assert!(target(&text, width).width() <= width);
            let (first, last) = request_id(&text, width, 8);
            prop_assert!(first.width() + last.width() <= width);
        }
    }
}
