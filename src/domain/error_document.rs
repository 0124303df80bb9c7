//! Reading what came in the body of a failed answer: COS and S3 XML, the JSON forms, HTML, text,
//! halves of all of these, or nothing.
//!
//! The reader believes as little as it can: unknown children are kept, nesting and size are
//! capped, and a document that breaks off yields what it held until there.

use std::collections::BTreeMap;

use memchr::memchr_iter;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::exchange;

/// What a body looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentKind {
    /// No bytes.
    #[default]
    Empty,
    /// XML, whole or cut off.
    Xml,
    /// JSON.
    Json,
    /// An HTML page.
    Html,
    /// Other text.
    Text,
    /// Bytes that are not text.
    Binary,
}

/// What a body says about an error. Absent elements are `None`; empty ones are dropped too, since
/// some stores send `<Message></Message>` always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorDocument {
    /// What the body looks like.
    pub kind: DocumentKind,
    /// The root element of XML.
    pub root: Option<String>,
    /// Whether the body holds an error at all.
    pub is_error: bool,
    /// `Code`.
    pub code: Option<String>,
    /// `Message`; of a page, its title.
    pub message: Option<String>,
    /// `Resource`.
    pub resource: Option<String>,
    /// `RequestId`.
    pub request_id: Option<String>,
    /// `TraceId`.
    pub trace_id: Option<String>,
    /// The bucket that a list is of.
    pub bucket: Option<String>,
    /// Every other child, by name: `ServerTime`, `FormatString`, `HostId`, …
    pub others: BTreeMap<String, String>,
    /// The document broke off.
    pub cut_off: bool,
}

const DEPTH: usize = 32;
const EVENTS: usize = 20_000;

/// Reads a body. Never fails: `kind` and missing fields show what cannot be read.
#[must_use]
pub fn parse(body: &[u8]) -> ErrorDocument {
    let Some(start) = body.iter().position(|b| !b.is_ascii_whitespace()) else {
        return ErrorDocument::default();
    };
    let body = body[start..].strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body[start..]);
    let head = &body[..body.len().min(512)];
    if is_binary(head) {
        return ErrorDocument { kind: DocumentKind::Binary, ..ErrorDocument::default() };
    }
    let text = exchange::text(body);
    match text.as_bytes().first() {
        Some(b'<') if is_html(head) => html(&text),
        Some(b'<') => xml(&text),
        Some(b'{') => json(&text).unwrap_or_else(|| plain(&text)),
        _ => plain(&text),
    }
}

fn is_binary(head: &[u8]) -> bool {
    // A few escapes in a text are an attack, not another kind of body.
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    // Nearly no text has one, which is seen fastest without a way out.
    let has_controls = head.iter().fold(false, |any, byte| any | is_control(byte));
    let controls = if has_controls { head.iter().filter(|byte| is_control(byte)).count() } else { 0 };
    // The head may end inside a character, so an error in its last three bytes means nothing.
    let broken = std::str::from_utf8(head).err().is_some_and(|error| error.valid_up_to() + 4 <= head.len());
    controls * 10 > head.len() || broken
}

fn is_html(head: &[u8]) -> bool {
    let begins =
        |text: &[u8], begin: &[u8]| text.get(..begin.len()).is_some_and(|text| text.eq_ignore_ascii_case(begin));
    begins(head, b"<!doctype html")
        || memchr_iter(b'<', head).any(|at| {
            let tag = &head[at + 1..];
            begins(tag, b"html") || begins(tag, b"head>") || begins(tag, b"body")
        })
}

fn plain(text: &str) -> ErrorDocument {
    let first = text.lines().next().unwrap_or_default();
    ErrorDocument {
        kind: DocumentKind::Text,
        message: Some(first.chars().take(200).collect()),
        ..ErrorDocument::default()
    }
}

fn html(text: &str) -> ErrorDocument {
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let start = at + lower[at..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        Some(text[start..end].split_whitespace().collect::<Vec<_>>().join(" "))
    });
    ErrorDocument {
        kind: DocumentKind::Html,
        message: title.filter(|title| !title.is_empty()),
        ..ErrorDocument::default()
    }
}

/// Where in the document the reader is: the error element's depth, and the field being read.
struct Cursor {
    depth: usize,
    error_at: Option<usize>,
    field: Option<(String, String)>,
}

fn xml(text: &str) -> ErrorDocument {
    let mut document = ErrorDocument { kind: DocumentKind::Xml, ..ErrorDocument::default() };
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    let mut at = Cursor { depth: 0, error_at: None, field: None };
    for _ in 0..EVENTS {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                open(&mut document, &mut at, element.local_name().as_ref());
                if at.depth > DEPTH {
                    document.cut_off = true;
                    break;
                }
            }
            Ok(Event::Empty(element)) => {
                open(&mut document, &mut at, element.local_name().as_ref());
                close(&mut document, &mut at);
            }
            Ok(Event::End(_)) => close(&mut document, &mut at),
            Ok(Event::Text(text)) => append(&mut at, &text.xml10_content()),
            Ok(Event::CData(text)) => append(&mut at, &text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.xml10_content();
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => quick_xml::escape::resolve_predefined_entity(&name)
                        .map_or_else(|| format!("&{name};"), str::to_owned),
                };
                append(&mut at, &resolved);
            }
            Ok(Event::Eof) => {
                document.cut_off |= at.depth > 0;
                break;
            }
            Ok(_) => {}
            Err(_) => {
                document.cut_off = true;
                break;
            }
        }
    }
    // Half a message still helps a person; half a code or id would be a wrong one.
    if let Some((name, value)) = at.field.take()
        && name == "Message"
    {
        store(&mut document, name, value);
    }
    document
}

fn open(document: &mut ErrorDocument, at: &mut Cursor, name: &str) {
    at.depth += 1;
    if at.depth == 1 {
        document.root = Some(name.to_owned());
    }
    if name == "Error" && at.depth <= 3 && at.error_at.is_none() && !document.is_error {
        at.error_at = Some(at.depth);
        document.is_error = true;
    } else if at.error_at.is_some_and(|error| at.depth == error + 1)
        || (at.depth == 2 && (name == "RequestId" || is_bucket_of_list(document, name)))
    {
        at.field = Some((name.to_owned(), String::new()));
    }
}

/// `Name` of a list of objects or versions, `Bucket` of one of uploads.
fn is_bucket_of_list(document: &ErrorDocument, name: &str) -> bool {
    matches!(
        (document.root.as_deref(), name),
        (Some("ListBucketResult" | "ListVersionsResult"), "Name") | (Some("ListMultipartUploadsResult"), "Bucket")
    )
}

fn close(document: &mut ErrorDocument, at: &mut Cursor) {
    if at.error_at == Some(at.depth) {
        at.error_at = None;
    }
    let field_depth = at.error_at.map_or(2, |error| error + 1);
    if at.depth == field_depth
        && let Some((name, value)) = at.field.take()
    {
        store(document, name, value);
    }
    at.depth = at.depth.saturating_sub(1);
}

fn append(at: &mut Cursor, text: &str) {
    if let Some((_, value)) = &mut at.field {
        value.push_str(text);
    }
}

fn store(document: &mut ErrorDocument, name: String, value: String) {
    // The signing texts end in a line feed that belongs to them.
    let exact = matches!(name.as_str(), "StringToSign" | "FormatString" | "CanonicalRequest");
    let value = if exact { value } else { value.trim().to_owned() };
    if value.is_empty() {
        return;
    }
    let slot = match name.as_str() {
        "Name" | "Bucket" if is_bucket_of_list(document, &name) => &mut document.bucket,
        "Code" => &mut document.code,
        "Message" => &mut document.message,
        "Resource" => &mut document.resource,
        "RequestId" => &mut document.request_id,
        "TraceId" => &mut document.trace_id,
        _ => {
            document.others.entry(name).or_insert(value);
            return;
        }
    };
    slot.get_or_insert(value);
}

/// The JSON forms: `{"code", "message", "request_id"}` of the older API, `{"Code", "Message"}`,
/// `{"message"}` of vector buckets, and `{"Response": {"Error": …, "RequestId"}}` of the cloud API.
fn json(text: &str) -> Option<ErrorDocument> {
    let root: Value = serde_json::from_str(text).ok()?;
    let mut document = ErrorDocument { kind: DocumentKind::Json, ..ErrorDocument::default() };
    let response = root.get("Response").unwrap_or(&root);
    let error =
        response.get("Error").or_else(|| response.get("error")).filter(|error| error.is_object()).unwrap_or(response);
    for (holder, is_inner) in [(error, true), (response, false)] {
        for (name, value) in holder.as_object().into_iter().flatten() {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            let name = match name.to_ascii_lowercase().as_str() {
                "code" => "Code".to_owned(),
                "message" => "Message".to_owned(),
                "requestid" | "request_id" => "RequestId".to_owned(),
                "resource" => "Resource".to_owned(),
                "traceid" | "trace_id" => "TraceId".to_owned(),
                _ if is_inner => name.clone(),
                _ => continue,
            };
            store(&mut document, name, text);
        }
    }
    document.is_error = document.code.as_deref().is_some_and(|code| code != "0") || document.message.is_some();
    Some(document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(document: &ErrorDocument) -> (Option<&str>, Option<&str>, Option<&str>) {
        (document.code.as_deref(), document.message.as_deref(), document.request_id.as_deref())
    }

    #[test]
    fn real_bodies_of_many_servers() {
        let cos = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>NoSuchBucket</Code>\n\t<Message>Bucket format should be &lt;bucketname&gt;-&#60;appid&#x3e;</Message>\n\t<Resource>h/k</Resource>\n\t<RequestId>NjY=</RequestId>\n\t<TraceId>OGV</TraceId>\n\t<ServerTime>2019-04-09T03:39:20Z</ServerTime>\n</Error>\n";
        let document = parse(cos.as_bytes());
        assert_eq!(
            fields(&document),
            (Some("NoSuchBucket"), Some("Bucket format should be <bucketname>-<appid>"), Some("NjY="))
        );
        assert_eq!(document.others["ServerTime"], "2019-04-09T03:39:20Z");
        for (body, wanted) in [
            // rclone
            (
                "\n<Error><Code>AccessDenied</Code><Message>server&#39;s</Message></Error>",
                (Some("AccessDenied"), Some("server's"), None),
            ),
            // Ceph
            (
                "<Error><Code>NoSuchKey</Code><Message></Message><RequestId>tx0</RequestId></Error>",
                (Some("NoSuchKey"), None, Some("tx0")),
            ),
            // s3s
            ("<Error><Code>NoSuchBucket</Code></Error>", (Some("NoSuchBucket"), None, None)),
            // AWS query style
            (
                "<ErrorResponse><Error><Code>X</Code><Message/></Error><RequestId>r</RequestId></ErrorResponse>",
                (Some("X"), None, Some("r")),
            ),
            // multi-delete
            (
                "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>k</Key><Code>AccessDenied</Code><Message>m</Message></Error></DeleteResult>",
                (Some("AccessDenied"), Some("m"), None),
            ),
            (
                r#"{"code":-133,"message":"ERROR_CMD_X","request_id":"Nj"}"#,
                (Some("-133"), Some("ERROR_CMD_X"), Some("Nj")),
            ),
            (
                r#"{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"m"},"RequestId":"u"}}"#,
                (Some("AuthFailure.SecretIdNotFound"), Some("m"), Some("u")),
            ),
            (r#"{"message":"bad","fieldList":[{"path":"x"}]}"#, (None, Some("bad"), None)),
            ("<!DOCTYPE html><html><head><TITLE>\n Log in </TITLE></head>", (None, Some("Log in"), None)),
            ("404 Not Found", (None, Some("404 Not Found"), None)),
            ("", (None, None, None)),
            ("<Error><Code>NoSuchK", (None, None, None)),
            ("<Error><Code>NoSuchKey</Code><Message>The spec", (Some("NoSuchKey"), Some("The spec"), None)),
            (
                "<Error><Code>A & B</Code><Message>x &unknown; y</Message></Error>",
                (Some("A & B"), Some("x &unknown; y"), None),
            ),
        ] {
            assert_eq!(fields(&parse(body.as_bytes())), wanted, "{body}");
        }
    }

    #[test]
    fn signing_texts_keep_their_line_feeds() {
        let body = "<Error><Code>SignatureDoesNotMatch</Code><FormatString>get\n/\n\nhost=h\n</FormatString></Error>";
        assert_eq!(parse(body.as_bytes()).others["FormatString"], "get\n/\n\nhost=h\n");
    }

    #[test]
    fn a_list_is_no_error_and_depth_is_capped() {
        let list = parse(b"<ListBucketResult><Name>b</Name><Contents><Key>Error</Key></Contents></ListBucketResult>");
        assert_eq!((list.root.as_deref(), list.is_error), (Some("ListBucketResult"), false));
        assert!(parse("<a>".repeat(100_000).as_bytes()).cut_off);
        assert_eq!(parse(b"\x89PNG\r\n\x1a\n\0\0").kind, DocumentKind::Binary);
        assert_eq!(parse(b"<Error><Code>A\0B</Code></Error>").code.as_deref(), Some("A\0B"));
        let hostile =
            parse("<Error><Code>AccessDenied</Code><Message>\u{1b}]52;c;eA==\u{7}</Message></Error>".as_bytes());
        assert_eq!(hostile.code.as_deref(), Some("AccessDenied"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>) {
            let _ = parse(&body);
        }

        #[test]
        fn no_near_xml_panics(body in r"(<[a-zA-Z/!?]{0,9}>?|&[a-z#0-9]{0,5};?|Error|Code|[\]\[\PC]{0,3}){0,30}") {
            let _ = parse(body.as_bytes());
        }
    }
}
