//! A status that stands in words.

use std::sync::LazyLock;

use super::form::{Form, Looked};
use super::told::{Told, Trust};

/// The reason phrases that stores and SDKs print.
const REASONS: &[(u16, &str)] = &[
    (301, "Moved Permanently"),
    (302, "Found"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Request Entity Too Large"),
    (413, "Payload Too Large"),
    (414, "URI Too Long"),
    (416, "Requested Range Not Satisfiable"),
    (429, "Too Many Requests"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (503, "Slow Down"),
    (504, "Gateway Timeout"),
    (507, "Insufficient Storage"),
];

/// Of these one stands in each of them.
const WORDS: &[&str] = &[
    "moved",
    "found",
    "redirect",
    "bad",
    "unauth",
    "payment",
    "forbidden",
    "not",
    "proxy",
    "timeout",
    "conflict",
    "length",
    "precondition",
    "large",
    "long",
    "satisf",
    "many",
    "unavail",
    "error",
    "slow",
    "insuff",
];

struct Forms {
    named: Form,
    reason: Form,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let reasons: Vec<_> = REASONS.iter().map(|(_, reason)| reason.replace(' ', "[ _-]?")).collect();
    Forms {
        named: Form::new(
            ["status", "http", "code", "error", "in a", "answered", "got ", "failed with", "returned "],
            concat!(
                r#"(?im)(?:"#,
                r#"StatusCodeError: |(?:http[ _-]?)?(?:response[ _-]?)?status(?:[ _-]?code)?(?:\\*["'`\])>]*\s*(?:=>|:=|[:=：]|of|is|,)?\s*(?:int\s*)?\\*["'`(\[]?)"#,
                r#"|(?:http|https) (?:error|status|code|response code|response)?(?: code)?:?\s*"#,
                r#"|response[ _-]?code\\*["']?\s*[:=]?\s*|http[ _]code\s*[:=]?\s*|returned error:? |status code \(|resulted in an? `?|in an? |answered with |unexpected status:? |HTTP Error |statuscode=|\bgot (?:http )?|failed with (?:http )?"#,
                r#"|Domain=[\w.]+ Code="#,
                r#")(?P<status>[1-5]\d\d)(?:\b|_)"#,
                // At the end of what a tool says, with nothing counted.
                r#"|\breturned (?:status )?(?P<returned>[345]\d\d)(?:[.,;)]|\s*$)"#
            ),
        ),
        reason: Form::new(
            WORDS.iter().copied(),
            format!(r#"(?:^|[^\w./:-])([1-5]\d\d)(?:: | - | |, ?"|, ?')?"?((?i-u:{}))\b"#, reasons.join("|")),
        ),
    }
});

/// The status of a reason phrase, or of its name in one word.
#[must_use]
pub fn by_name(name: &str) -> Option<u16> {
    let by_words = || REASONS.iter().find(|(_, reason)| is_reason(name, reason)).map(|(status, _)| *status);
    name.parse().ok().or_else(by_words)
}

/// Whether words are this phrase, whatever parts them.
fn is_reason(words: &str, reason: &str) -> bool {
    words.replace([' ', '_', '-'], "").eq_ignore_ascii_case(&reason.replace(' ', ""))
}

/// How SDKs print a refusal, and no service its own answer.
const SDK_PRINTS: &[&str] = &["Status Code: 4", "StatusCode: 4", "status code: 4"];

/// Whether a service tells here what it answered itself because the store failed: a logger's `status=500` beside its own
/// method and path, the status of Elasticsearch's answer.
fn is_of_the_program(text: &str, at: usize, status: u16) -> bool {
    let (before, after) = text.split_at(at);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = &text[line_start..at + after.find('\n').unwrap_or(after.len())];
    let is_own = after.starts_with("status=") && line.contains("method=") && line.contains(" path=")
        || before.ends_with("http.response.")
        || after.starts_with("status\"")
            && (text.contains("\"root_cause\"") || SDK_PRINTS.iter().any(|print| text.contains(print)));
    status >= 500 && is_own
}

/// Every status of a text that stands in words.
pub fn statuses(looked: &Looked<'_>) -> Vec<Told> {
    let (text, forms) = (looked.text, &*FORMS);
    let told = |at: usize, end: usize, status: u16| Told { status: Some(status), ..Told::at(at, end, Trust::Pair) };
    let named = forms.named.of(looked).into_iter().flat_map(|form| form.captures_iter(text)).filter_map(|found| {
        let digits = found.name("status").or_else(|| found.name("returned"))?;
        let status = digits.as_str().parse().ok()?;
        let is_own = is_of_the_program(text, found.get(0)?.start(), status);
        (!is_own).then(|| told(digits.start(), digits.end(), status))
    });
    let reasons = forms.reason.of(looked).into_iter().flat_map(|form| form.captures_iter(text)).filter_map(|found| {
        let (status, whole) = (found[1].parse().ok()?, found.get(0)?);
        let is_its = REASONS.iter().any(|(known, reason)| *known == status && is_reason(&found[2], reason));
        is_its.then(|| told(whole.start(), whole.end(), status))
    });
    let mut all: Vec<Told> = named.chain(reasons).collect();
    all.sort_by_key(|told| told.at);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_in_every_form() {
        for text in [
            "status code: 403, request id: x",
            "statusCode: 403,",
            "StatusCode=403",
            "\"status\":403",
            "'status': 403,",
            "httpStatusCode: 403",
            "HTTP response code 403, returning EIO",
            "resulted in a `403 Forbidden` response",
            "CosServerException: 403 - Forbidden at",
            "in a 403 Forbidden response",
            "returned error: 403 Forbidden",
            "HTTP error 403",
            "HTTP Error 403: Forbidden",
            "Request failed with status code 403",
            "status of 403 (HTTP/1.1 403 Forbidden)",
            "Error Domain=com.x Code=403 \"(null)\"",
            "Response: error 403 Forbidden, x",
            ":status => 403",
            "#{status => 403,",
            "HTTP status code 403.",
            "响应 HttpStatus:403",
            "{:http_error, 403, \"Forbidden\"}",
        ] {
            assert_eq!(statuses(&Looked::at(text)).first().and_then(|told| told.status), Some(403), "{text}");
        }
        for text in ["returned 403.", "HEAD returned 403\nx", "StatusCodeError: 403 - \"<html>\""] {
            assert_eq!(statuses(&Looked::at(text)).first().and_then(|told| told.status), Some(403), "{text}");
        }
        for text in ["method=PUT path=/media format=*/* status=500", "http.response.status=500", "returned 404 rows"] {
            assert!(statuses(&Looked::at(text)).is_empty(), "{text}");
        }
        for text in ["exit status 1", "took 403 ms", "port 403", "-1003", "a403b"] {
            assert!(statuses(&Looked::at(text)).is_empty(), "{text}");
        }
        assert_eq!(by_name("Forbidden"), Some(403));
    }
}
