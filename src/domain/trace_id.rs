//! Where in the store's code an error was made, as far as its `TraceId` tells. Inferred, never documented:
//! a `TraceId` is base64 of 128 hex digits, four blocks of 16 bytes, and is the same for different
//! people's requests that fail at the same place. Equal first three blocks mean the same source; the
//! fourth varies with message and release (cos-facts §4.2).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::exchange::header;
use super::record::Record;

/// Hex digits of one block.
const BLOCK: usize = 32;

/// The first three blocks of a `TraceId`, in hex. `None` when it is not of that form, or cut before
/// they end.
#[must_use]
pub fn failure_site(trace_id: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let whole = trace_id.trim().split('*').next().unwrap_or_default();
    // 96 hex digits are exactly 128 characters of base64.
    let bytes = GeneralPurpose::new(&alphabet::STANDARD, config).decode(whole.get(..BLOCK * 4)?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| text.to_ascii_lowercase())
}

/// The error site of a record: its body's `TraceId`, or its header's where there is no body.
#[must_use]
pub fn failure_site_of(record: &Record) -> Option<String> {
    let in_header = || record.headers.as_ref().and_then(|headers| header(headers, "x-cos-trace-id"));
    failure_site(record.error.trace_id.as_deref().or_else(in_header)?)
}

/// A site as it is shown: the beginnings of its second and third block; the first is always the same.
#[must_use]
pub fn short_site(site: &str) -> String {
    match (site.get(BLOCK..BLOCK + 4), site.get(2 * BLOCK..2 * BLOCK + 8)) {
        (Some(second), Some(third)) => format!("{second}-{third}"),
        _ => String::new(),
    }
}

/// Whether a site is the one named in a filter: by its short form, or by the beginning of its second
/// or third block, or of all of it; in lower case.
#[must_use]
pub fn site_matches(site: &str, name: &str) -> bool {
    let begins = |from: usize, name: &str| site.get(from..).is_some_and(|block| block.starts_with(name));
    match name.split_once('-') {
        Some((second, third)) => begins(BLOCK, second) && begins(2 * BLOCK, third),
        None => [0, BLOCK, 2 * BLOCK].iter().any(|from| begins(*from, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    use proptest::prelude::*;

    const FIRST: &str = "8efc6b2d3b069ca89454d10b9ef00187";
    const AUTH: &str = "49ddf94d356b53a614ecc3d8f6b91b59";

    fn trace(third: &str, fourth: &str) -> String {
        STANDARD.encode(format!("{FIRST}{AUTH}{third}{fourth}"))
    }

    #[test]
    fn the_fourth_block_does_not_tell_sites_apart_and_the_third_does() {
        let (third, other) = ("42aeecd0".repeat(4), "350f630f".repeat(4));
        let one = failure_site(&trace(&third, &"b130e77b".repeat(4))).expect("a site");
        assert_eq!(failure_site(&trace(&third, &"b7d014c7".repeat(4))), Some(one.clone()));
        assert_ne!(failure_site(&trace(&other, &"b7d014c7".repeat(4))), Some(one.clone()));
        assert_eq!(short_site(&one), "49dd-42aeecd0");
        let named = |name| site_matches(&one, name);
        assert!(["49dd-42aeecd0", "49dd-42", "42aeecd0", "49ddf94d", "8efc6b2d", &one].into_iter().all(named));
        assert!(!["49dd-350f", "aeecd0", "d-42aeecd0", "x"].into_iter().any(named));
        assert!(!site_matches("", "4"), "no site has no name");
        let cut = STANDARD_NO_PAD.encode(format!("{FIRST}{AUTH}{third}"));
        assert_eq!(failure_site(&cut), Some(one), "three whole blocks are enough");
    }

    #[test]
    fn what_is_no_trace_id_has_no_site() {
        for text in ["", "OGVmYzZiMmQzYjA2OWNh", "OGVmYzZi****", "not base64 at all", &STANDARD.encode("x".repeat(128))]
        {
            assert_eq!(failure_site(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            if let Some(site) = failure_site(&text) {
                assert!(site_matches(&site, &short_site(&site)));
            }
        }
    }
}
