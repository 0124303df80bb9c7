//! The signature that a request was sent with: another one in each exchange, so that to make a search for it costs
//! more than the search.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::domain::exchange::Headers;

/// The shortest signature: SHA-1 in hex.
const SHORTEST: usize = 40;
/// Bytes that are looked at together where the signature may stand as it is.
const BLOCK: usize = 8;
/// The same where each of its bytes may have become two, or three of them four.
const CODED: usize = 12;

/// The signature among the headers: COS's or `SigV4`'s, in hex.
pub fn of(headers: &Headers) -> Option<&str> {
    let (_, authorization) = headers.iter().find(|(name, _)| name == "authorization")?;
    let (before, last) = authorization.rsplit_once('=')?;
    let signature = if before.ends_with("ignature") { last } else { authorization.rsplit_once("ignature=")?.1 };
    let is_one = signature.len() >= SHORTEST && signature.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then_some(signature)
}

/// Whether a text may hold a signature as it is, in hex, or in base64. It may say so of a text that does not, never the
/// reverse: a text that holds one has a block of it at one of the places that are looked at.
pub fn may_stand_in(text: &[u8], signature: &str) -> bool {
    let step = signature.len() - BLOCK + 1;
    let mut blocks = (0..text.len()).step_by(step).map(|at| &text[at..text.len().min(at + CODED)]);
    blocks.any(|block| may_be_of(block, signature.as_bytes()))
}

fn may_be_of(block: &[u8], signature: &[u8]) -> bool {
    let Some(plain) = block.get(..BLOCK) else { return false };
    if plain.iter().all(u8::is_ascii_hexdigit) {
        let paired = |from: usize| {
            let mut bytes = [0; BLOCK / 2];
            let pairs = block[from..].chunks_exact(2).zip(&mut bytes);
            pairs.for_each(|(pair, byte)| *byte = digit(pair[0]) << 4 | digit(pair[1]));
            bytes
        };
        return holds(signature, plain) || [0, 1].into_iter().any(|from| holds(signature, &paired(from)));
    }
    // Four characters are three bytes, from one of four places on.
    (0..4).any(|from| {
        let mut bytes = [0; 6];
        begins_coded(block.get(from))
            && begins_coded(block.get(from + 4))
            && block
                .get(from..from + BLOCK)
                .is_some_and(|group| STANDARD_NO_PAD.decode_slice(group, &mut bytes).is_ok())
            && holds(signature, &bytes)
    })
}

/// Whether hex digits may begin so in base64: one of five characters.
fn begins_coded(byte: Option<&u8>) -> bool {
    const BEGINS: u32 = bit(b'M') | bit(b'N') | bit(b'O') | bit(b'Y') | bit(b'Z');
    const fn bit(byte: u8) -> u32 {
        1 << (byte & 31)
    }
    byte.is_some_and(|byte| byte >> 5 == 2 && BEGINS & bit(*byte) != 0)
}

/// Whether a signature has this part, in any case.
fn holds(signature: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first().filter(|_| part.iter().all(u8::is_ascii_hexdigit)) else { return false };
    let mut windows = signature.windows(part.len());
    windows.any(|window| window[0].eq_ignore_ascii_case(first) && window.eq_ignore_ascii_case(part))
}

fn digit(byte: u8) -> u8 {
    let value = char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    value.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::forms_of;
    use super::*;

    proptest! {
        #[test]
        fn none_gets_past_it(
            signature in "[0-9a-f]{40}|[0-9a-f]{64}",
            before in "[ -~]{0,80}",
            after in "[ -~]{0,80}",
        ) {
            for form in forms_of(&signature) {
                let text = format!("{before}{form}{after}");
                prop_assert!(may_stand_in(text.as_bytes(), &signature), "{}", text);
            }
            let upper = format!("{before}{}{after}", signature.to_ascii_uppercase());
            prop_assert!(may_stand_in(upper.as_bytes(), &signature));
        }
    }

    #[test]
    fn other_digits_are_none() {
        let signature = "0123456789abcdef0123456789abcdef01234567";
        for text in
            ["", "0123456", "OGVmYzZiMmQ5YzE0NTJjZTk4ZTk2ZjA2MTdkNzQwZWI5ZTlkNTYxZDdmZDM", &"fedcba98".repeat(9)]
        {
            assert!(!may_stand_in(text.as_bytes(), signature), "{text}");
        }
    }

    #[test]
    fn it_is_found_among_the_headers() {
        let hex = "0123456789abcdef0123456789abcdef01234567";
        for (authorization, found) in [
            (format!("q-sign-algorithm=sha1&q-signature={hex}"), true),
            (format!("AWS4-HMAC-SHA256 Credential=a/b, Signature={hex}"), true),
            (format!("q-signature={hex}&q-ak=x"), false),
            ("Basic eA==".to_owned(), false),
        ] {
            let headers = vec![("authorization".to_owned(), authorization)];
            assert_eq!(of(&headers).is_some(), found, "{headers:?}");
        }
    }
}
