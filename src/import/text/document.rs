//! Documents and pages inside a text: XML with any root, whole or cut, and HTML.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::form::regex;
use super::told::{Told, Trust};
use crate::domain::error_document::{self, DocumentKind};

struct Forms {
    start: Regex,
    cut: Regex,
    page_status: Regex,
}

static FORMS: LazyLock<Option<Forms>> = LazyLock::new(|| {
    let child = "Code|Message|Key|Resource|RequestId|BucketName|Type|HostId";
    Some(Forms {
        start: regex(&format!(
            r"(?i:<html|<!doctype html)|<([A-Z][A-Za-z]*)(?:\s[^<>]*)?>\s*(?:<Error>\s*)?<(?:{child})>|<Error(?:>|\s[^<>]*>)|<Code>"
        ))?,
        // What ends a document that does not end itself: a logger's next entry, or words that say so.
        cut: regex(r"(?m)\(truncated|^\[?\d{4}[-/]\d\d[-/]\d\d[ T]|^\* |^mc: <")?,
        page_status: regex(r"(?i)<(?:title|h1|h2|center)>\s*(?:<h1>\s*)?(?:error|http)?\s*([345]\d\d)\b")?,
    })
});

/// Every document and page of a text, with the place that it takes.
pub fn documents(text: &str) -> Vec<(Range<usize>, Told)> {
    let mut found = Vec::new();
    if !text.contains('<') {
        return found;
    }
    let Some(forms) = &*FORMS else { return found };
    let mut from = 0;
    while let Some(start) = forms.start.captures_at(text, from) {
        let Some(whole) = start.get(0) else { break };
        let at = whole.start();
        let is_page =
            text[at..].starts_with("<!") || text[at..].get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("<html"));
        let root = start.get(1).map_or("Error", |root| root.as_str());
        let root = if whole.as_str() == "<Code>" { "" } else { root };
        let end = if is_page { end_of_page(forms, text, at) } else { end_of(forms, text, at, whole.end(), root) };
        let told = if is_page { Some(page(forms, &text[at..end])) } else { document(&text[at..end], root) };
        if let Some(told) = told {
            found.push((at..end, Told { at, end, ..told }));
            from = end.max(at + 1);
        } else {
            from = whole.end();
        }
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    found
}

fn end_of_page(forms: &Forms, text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let found = [memchr::memmem::find(rest.as_bytes(), b"</html>"), memchr::memmem::find(rest.as_bytes(), b"</HTML>")];
    let closed = found.into_iter().flatten().min().map(|end| at + end + "</html>".len());
    closed.unwrap_or_else(|| forms.cut.find_at(text, at + 1).map_or(text.len(), |cut| cut.start()))
}

fn end_of(forms: &Forms, text: &str, at: usize, from: usize, root: &str) -> usize {
    let closed = (!root.is_empty()).then(|| text[at..].find(&format!("</{root}>"))).flatten();
    let closed = closed.map(|end| at + end + root.len() + 3);
    let next =
        forms.start.find_iter(&text[from..]).find(|next| !next.as_str().starts_with("<Code>") && !root.is_empty());
    let next =
        next.map(|next| from + next.start()).filter(|next| closed.is_none_or(|_| text[*next..].starts_with("<Error>")));
    let cut = forms.cut.find_at(text, from).map(|cut| cut.start());
    match closed {
        Some(closed) if next.is_none_or(|next| closed <= next || root != "Error") => closed,
        _ => [next, cut].into_iter().flatten().min().unwrap_or(text.len()),
    }
}

fn page(forms: &Forms, body: &str) -> Told {
    let status = forms.page_status.captures(body).and_then(|found| found[1].parse().ok());
    Told { trust: Trust::Head, status, kind: DocumentKind::Html, body: Some(body.to_owned()), ..Told::default() }
}

fn document(body: &str, root: &str) -> Option<Told> {
    // Another root holds the same children.
    let known = matches!(root, "Error" | "ErrorResponse");
    let renamed = (!known).then(|| {
        let inner = body.find('>').filter(|_| !root.is_empty()).map_or(body, |end| &body[end + 1..]);
        format!("<Error>{}", inner.replace(&format!("</{root}>"), ""))
    });
    let parsed = error_document::parse(renamed.as_deref().unwrap_or(body).as_bytes());
    if parsed.code.is_none()
        && (parsed.message.is_none() || !known && root != "ClientError")
        && parsed.request_id.is_none()
    {
        return None;
    }
    let one_word = |text: String| text.split_whitespace().collect::<String>();
    // A Message that is cut off ends with the quote around the whole.
    let is_whole = body.contains("</Message>");
    let one_line = |text: String| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if is_whole { line } else { line.trim_end_matches([' ', '"', '\'']).to_owned() }
    };
    // A value that is cut off at the end does not count.
    Some(Told {
        trust: Trust::Document,
        code: parsed.code.map(one_word),
        message: parsed.message.map(one_line),
        // Other text may stand before the XML.
        request_id: parsed.request_id.or_else(|| element(body, "RequestId")).map(one_word),
        trace_id: parsed.trace_id.map(one_word),
        resource: parsed.resource,
        region: parsed.others.get("Region").cloned(),
        others: parsed.others,
        kind: DocumentKind::Xml,
        body: Some(body.to_owned()),
        ..Told::default()
    })
}

/// The text of a whole element, wherever it stands.
fn element(body: &str, name: &str) -> Option<String> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    (!text.contains('<')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_with_any_root_whole_and_cut() {
        for (text, code, message) in [
            ("x <Error><Code>A</Code><Message>m</Message></Error> y", "A", "m"),
            ("<ClientError><Code>BadDigest</Code><Message>m</Message></ClientError>", "BadDigest", "m"),
            ("<Error><Code>A</Code><Message>half of", "A", "half of"),
            ("err=\"<Error><Code>A</Code><Message>half of\n\"", "A", "half of"),
            ("<Error>\n<Code>\nA\n</Code>\n<Message>two\n lines</Message>", "A", "two lines"),
            (
                "<ErrorResponse><Error><Code>A</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>",
                "A",
                "m",
            ),
            ("<Code>A</Code><Message>m</Message>", "A", "m"),
        ] {
            let found = documents(text);
            let told = found.first().map(|(_, told)| (told.code.as_deref(), told.message.as_deref()));
            assert_eq!(told, Some((Some(code), Some(message))), "{text}");
        }
        let twice = "<Error><Code>A</Code><RequestId>FD6981 (truncated...)\n<Error><Code>A</Code><RequestId>FD69815A</RequestId></Error>";
        let ids: Vec<_> = documents(twice).into_iter().map(|(_, told)| told.request_id).collect();
        assert_eq!(ids, [None, Some("FD69815A".to_owned())]);
        assert!(
            documents("<ListBucketResult><Name>b</Name><Contents><Key>k</Key></Contents></ListBucketResult>")
                .is_empty()
        );
        assert_eq!(documents("<html><title>413 Too large</title></html>")[0].1.status, Some(413));
    }
}
