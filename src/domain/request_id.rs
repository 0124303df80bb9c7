//! Request ids: what a COS id says about itself, read offline.
//!
//! A COS `RequestId` is base64 of `seconds_node_worker_serial` in lower-case hex. Only "starts with
//! N, at least 30 characters, base64" is documented (436/41623); the fields are inferred, checked
//! against the `Date` of published responses.

pub mod vendor;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;

/// What a COS id decodes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// When the store received the request, to the second.
    pub time: Timestamp,
    /// The access node's tag, as written in the id. Opaque: do not read it as an address.
    pub node: String,
}

/// 2015-01-01 and 2038-01-19, between which a decoded time is plausible.
const PLAUSIBLE: std::ops::Range<i64> = 1_420_070_400..2_147_483_648;

/// With or without padding, since ids are copied in both forms.
static LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether the tail of an id was hidden with asterisks, as the vendor's documents do.
#[must_use]
pub fn is_masked(id: &str) -> bool {
    id.contains('*')
}

/// Decodes a COS id, with or without padding. A masked one tells what its visible head holds.
/// `None` for anything else: other vendors' ids are never guessed at.
#[must_use]
pub fn decode(id: &str) -> Option<Decoded> {
    let visible = id.trim().split('*').next().unwrap_or_default().trim_end_matches('=');
    let whole_groups = if is_masked(id) { visible.len() / 4 * 4 } else { visible.len() };
    let bytes = LENIENT.decode(visible.get(..whole_groups)?).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    // Some ids of the data processing service (x-ci-request-id) begin so.
    let text = text.strip_prefix("T_").unwrap_or(text);
    let (seconds, rest) = text.split_once('_')?;
    let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if seconds.len() != 8 || !is_hex(seconds) || !rest.split('_').all(is_hex) || rest.split('_').count() > 3 {
        return None;
    }
    let node = rest.split('_').next().filter(|node| (4..=8).contains(&node.len()) || is_masked(id))?;
    let seconds = i64::from_str_radix(seconds, 16).ok().filter(|seconds| PLAUSIBLE.contains(seconds))?;
    Some(Decoded { time: Timestamp::from_second(seconds).ok()?, node: node.to_owned() })
}

/// Makes an id of the form that COS uses.
#[must_use]
pub fn encode(seconds: i64, node: u32, worker: u32, serial: u32) -> String {
    base64::engine::general_purpose::STANDARD.encode(format!("{seconds:08x}_{node:x}_{worker:x}_{serial:x}"))
}

/// The ids in a text: words of base64 that decode to a time and a node.
pub fn in_text(text: &str) -> impl Iterator<Item = &str> {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '*');
    text.split(move |c| !is_inside(c)).filter(|word| {
        // Padding may be what parts a name from its value: RequestId=Nj…
        (28..=60).contains(&word.len()) && word.starts_with('N') && decode(word).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_ids_decode_to_their_published_time() {
        for (id, time, node) in [
            ("NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=", "2025-05-26T16:26:23Z", "a0123e0b"),
            ("NWFmZjAwNzlfZGFhMDY4NjRfODZkNl83N2I3YQ==", "2018-05-18T16:34:01Z", "daa06864"),
            ("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=", "2019-04-09T03:39:20Z", "4d9e5864"),
            ("NWQzMWE1M2RfMTlhYTk0MGFfYjc1Zl8yODc3ZDA=", "2019-07-19T11:10:53Z", "19aa940a"),
            ("Njg2ZDQzNWFfMWViNTAzMDlfMWE0Ml9jNDdiYjdi", "2025-07-08T16:12:10Z", "1eb50309"),
            ("VF82ODZkNDM1YV8xZWI1MDMwOV8xYTQyX2M0N2JiN2I=", "2025-07-08T16:12:10Z", "1eb50309"),
            ("NjI0ZWE4MjZfNDc1NGU0MDlfMjI3ZTJfMTI3YTJjMWM", "2022-04-07T09:00:22Z", "4754e409"),
        ] {
            let decoded = decode(id).expect(id);
            assert_eq!((decoded.time.to_string().as_str(), decoded.node.as_str()), (time, node));
        }
        // Of these the day, and the day and minute, were published.
        for (id, time) in [
            ("NjA2MDBiZmJfNTBjODJhMDlfMjhhZjRfMzkzOTU3", "2021-03-28"),
            ("Njg1ZDA1MWZfYzkyZjlhMWVfMTkyNTJfNzA0ZTc0Yw==", "2025-06-26T08:30"),
        ] {
            assert!(decode(id).expect(id).time.to_string().starts_with(time), "{id}");
        }
    }

    #[test]
    fn foreign_and_broken_ids_are_not_guessed_at() {
        for id in [
            "",
            "2012857AD9439B66",
            "tx00000ee8e8df6e7de353b-006b03e41b-1018-default",
            "NjgzNDk2MmZf",
            "N",
            "request-id",
            "****",
        ] {
            assert_eq!(decode(id), None, "{id}");
        }
        let masked = decode("NWFmZjAwNzlfZGFhMDY4****").expect("a masked id");
        assert_eq!(masked.time.to_string(), "2018-05-18T16:34:01Z");
    }

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let id = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=";
        for text in [format!("upload stalled ({id}), again"), id.to_owned(), format!("[{id}]"), format!("id:{id}")] {
            assert_eq!(in_text(&text).collect::<Vec<_>>(), [id], "{text}");
        }
        assert_eq!(in_text("NotAnIdAtAllButLongEnoughToLookLikeOne").count(), 0);
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(seconds in PLAUSIBLE, node in 0x1000_0000u32.., worker: u16, serial: u32) {
            let decoded = decode(&encode(seconds, node, u32::from(worker), serial)).expect("an id");
            prop_assert_eq!(decoded.time.as_second(), seconds);
            prop_assert_eq!(decoded.node, format!("{node:x}"));
        }

        #[test]
        fn no_text_panics(id in ".{0,60}") {
            let _ = decode(&id);
        }
    }
}
