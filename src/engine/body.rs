//! A response body made readable: unpacked and in UTF-8.

use std::io::Read;

use encoding_rs::{Encoding, UTF_8};
use flate2::read::{GzDecoder, ZlibDecoder};

use crate::domain::exchange::Response;

/// Unpacks the body by its Content-Encoding, then turns it into UTF-8 by its byte order mark or the charset of its
/// Content-Type. A body that cannot be unpacked stays as it came. At most `most` bytes are kept.
pub fn make_readable(response: &mut Response, most: usize) {
    if let Some((body, is_longer)) = unpacked(response, most) {
        response.body = body;
        response.truncated |= is_longer;
    }
    if let Some(text) = in_utf8(response) {
        response.body = text.into_bytes();
    }
}

/// The unpacked body, and whether more was there. A small body may unpack to gigabytes: reading ends at `most`.
fn unpacked(response: &Response, most: usize) -> Option<(Vec<u8>, bool)> {
    let packed = response.body.as_slice();
    let mut reader: Box<dyn Read + '_> = match response.header("content-encoding")?.trim().to_ascii_lowercase().as_str()
    {
        "gzip" | "x-gzip" => Box::new(GzDecoder::new(packed)),
        "deflate" => Box::new(ZlibDecoder::new(packed)),
        _ => return None,
    };
    let mut body = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let whole = reader.by_ref().take(limit).read_to_end(&mut body);
    // A cut one is read as far as it goes.
    whole.is_ok().then_some(()).or_else(|| (response.truncated && !body.is_empty()).then_some(()))?;
    let is_longer = body.len() > most;
    body.truncate(most);
    Some((body, is_longer))
}

/// The text of a body in another encoding; `None` where it is UTF-8 already or says nothing.
fn in_utf8(response: &Response) -> Option<String> {
    let by_mark = || Encoding::for_bom(&response.body).map(|(encoding, _)| encoding);
    // A server may name its default charset for a document in UTF-8.
    let by_charset = || {
        std::str::from_utf8(&response.body).is_err().then_some(())?;
        let (_, charset) = response.header("content-type")?.split_once("charset=")?;
        Encoding::for_label(charset.split(';').next()?.trim().trim_matches('"').as_bytes())
    };
    let encoding = by_mark().or_else(by_charset).filter(|encoding| *encoding != UTF_8)?;
    Some(encoding.decode(&response.body).0.into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn response(headers: &[(&str, &str)], body: &[u8]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Response { headers, body: body.to_vec(), ..Response::default() }
    }

    fn readable(headers: &[(&str, &str)], body: &[u8]) -> (Vec<u8>, bool) {
        let mut response = response(headers, body);
        make_readable(&mut response, 64);
        (response.body, response.truncated)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::default());
        writer.write_all(text).expect("written");
        writer.finish().expect("finished")
    }

    #[test]
    fn packed_and_foreign_bodies_become_text() {
        let text = "<Code>访问被拒绝</Code>";
        let mut deflated = ZlibEncoder::new(Vec::new(), Compression::default());
        deflated.write_all(text.as_bytes()).expect("written");
        let deflated = deflated.finish().expect("finished");
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (headers, body) in [
            (&[("content-encoding", "gzip")][..], gzip(text.as_bytes())),
            (&[("content-encoding", "deflate")], deflated),
            (&[("content-type", "text/html; charset=GB2312")], gbk.clone().into_owned()),
            (&[("content-encoding", "x-gzip"), ("content-type", "text/html; charset=gbk")], gzip(&gbk)),
            (&[], utf16),
            (&[("content-type", "application/xml; charset=iso-8859-1")], text.as_bytes().to_vec()),
        ] {
            assert_eq!(readable(headers, &body), (text.as_bytes().to_vec(), false), "{headers:?}");
        }
    }

    #[test]
    fn what_cannot_be_unpacked_stays_and_a_bomb_ends_at_the_limit() {
        let packed = [("content-encoding", "gzip")];
        assert_eq!(readable(&packed, b"<Error/>"), (b"<Error/>".to_vec(), false), "the header lies");
        assert_eq!(readable(&[("content-encoding", "br")], b"\x0b\x02"), (b"\x0b\x02".to_vec(), false));
        assert_eq!(readable(&packed, &gzip(&"a".repeat(100_000).into_bytes())), (vec![b'a'; 64], true));
    }
}
