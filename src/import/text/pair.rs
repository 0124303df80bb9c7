//! Names with values, with whatever stands between them: `=`, `:`, `：`, `=>`, `: chr "…"`, `">>,<<"`.

use std::sync::LazyLock;

use regex::Captures;

use super::form::{Form, Looked};
use super::told::{Told, Trust};
use super::{clause, quoted};
use crate::domain::vocabulary;

struct Forms {
    code: Form,
    message: Form,
    error: Form,
    request_id: Form,
    trace_id: Form,
    url: Form,
    host: Form,
    method: Form,
    region: Form,
    resource: Form,
    operation: Form,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let between = r#"\\*["'`\]>]*[ \t]*(?:=>|:=|[:=：]|,\s*<<)[ \t]*(?:chr |int[ (]|num |string\(\d+\) |Optional\(|Some\()?(?:[BbUu]\\*["'])?\\*["'`\[]*(?:<<["'])?"#;
    let before = r"(?i)(?:^|[^A-Za-z0-9])";
    Forms {
        code: Form::new(
            ["code", "error", "exception"],
            format!(
                r"(?im)(?:^|[^A-Za-z0-9])(status[ _-]?|http[ _-]?|exit[ _-]?|response[ _-]?|return[ _-]?)?(?:(?:cos |get ?|s3 ?|aws ?)?(?:error|err)?[ _/-]?code(?:[ _-]?desc)?|exception ?name|error ?type|error)(?:{between})(-?[A-Za-z0-9][\w.]*)"
            ),
        ),
        message: Form::new(
            ["message", "msg", "desc", "detail", "reason"],
            format!(
                r#"{before}(?:(?:cos |get ?|s3 ?|aws ?)?(?:error|err)?[ _/-]?(?:message|msg|desc)|exception ?message|detail|reason)\\*["'`\]>]*\s*(?:=>|:=|[:=：]|,\s*<<)\s*(?:chr |string\(\d+\) )?(?:<<)?\\?"#
            ),
        ),
        // What a logger has from the program, below its own words.
        error: Form::new(["err"], r#"\b(?i:err|error)["']?[ \t]*(?:=>|[:=])[ \t]*\\?["'`]"#.to_owned()),
        request_id: Form::new(
            ["request", "req"],
            format!(
                r"{before}(?:x-[a-z0-9]+-|cos |aws |amz[ _-]?|amazon |s3 |get ?x?cos|oss |log)?request[ _-]?id(?:{between})([A-Za-z0-9+/=_*.-]{{1,}})|(?i)\breq[ _-]?id[:=] ?([A-Za-z0-9+/=_*-]{{12,}})"
            ),
        ),
        trace_id: Form::new(
            ["trace"],
            format!(r"{before}(?:x-cos-|cos |get ?x?cos)?trace[ _-]?id(?:{between})([A-Za-z0-9+/=]{{12,}})"),
        ),
        url: Form::new(["://"], r#"https?://[^\s'"<>\\`（），。]+"#.to_owned()),
        host: Form::new(
            ["host", "endpoint", "server", "authority", "enotfound", "eai_again", "lookup", "resolve"],
            format!(
                r#"{before}(?:host(?:name)?|endpoint|server|authority)(?:{between})([A-Za-z0-9.()-]+\.[A-Za-z]{{2,}})|(?i)(?:ENOTFOUND|EAI_AGAIN|resolve host:?|lookup|UnknownHostException:(?: Unable to resolve host)?|Inaccessible host:|resolve:? ?)\s*["'`]?([A-Za-z0-9_.()-]+\.[A-Za-z]{{2,}})"#
            ),
        ),
        method: Form::new(
            ["method"],
            format!(r"{before}(?:http ?)?(?:request ?)?method(?:{between})(GET|PUT|POST|HEAD|DELETE|OPTIONS)\b"),
        ),
        region: Form::new(
            ["x-amz-bucket-region"],
            format!(r"{before}(?:x-amz-bucket-region)(?:{between})([a-z0-9-]{{2,40}})"),
        ),
        resource: Form::new(["resource"], format!(r"{before}resource(?:{between})([^\s,;'\x22)}}]+)")),
        operation: Form::new(["operation"], format!(r"{before}operation_?name(?:{between})([A-Z][A-Za-z]+)")),
    }
});

/// Values that stand for nothing.
fn is_nothing(value: &str) -> bool {
    let value = value.trim_matches(['\'', '"', '.', ',']).to_ascii_lowercase();
    value.is_empty()
        || matches!(
            value.as_str(),
            "null"
                | "none"
                | "undefined"
                | "nil"
                | "chr"
                | "true"
                | "false"
                | "na"
                | "host"
                | "hostid"
                | "[redacted]"
                | "redacted"
        )
        || value.bytes().all(|byte| matches!(byte, b'x' | b'*' | b'.' | b'-'))
}

/// Every name with a value that tells something of a failure.
pub fn pairs(looked: &Looked<'_>) -> Vec<Told> {
    let (text, forms) = (looked.text, &*FORMS);
    let mut found = Vec::new();
    let mut each = |form: &Form, trust: Trust, take: &dyn Fn(&Captures<'_>, &mut Told)| {
        for captures in form.of(looked).into_iter().flat_map(|form| form.captures_iter(text)) {
            let Some(whole) = captures.get(0) else { continue };
            let mut told = Told::at(whole.start(), whole.end(), trust);
            take(&captures, &mut told);
            found.push(told);
        }
    };
    let value = |captures: &Captures<'_>| {
        let group = (1..captures.len()).rev().find_map(|at| captures.get(at))?;
        Some(group.as_str().trim().to_owned()).filter(|value| !is_nothing(value))
    };
    each(&forms.code, Trust::Pair, &|captures, told| {
        let goes_on = captures.get(0).is_some_and(|whole| text[whole.end()..].starts_with(['=', '(', ':']));
        if captures.get(1).is_none() && !goes_on {
            // The SDK for Node.js names its own refusals so.
            let is_refusal = |name: &str| name == "Error" && captures[0].to_ascii_lowercase().contains("code");
            // `error: ObjectStore failed` is the beginning of a sentence.
            let begins_sentence = |name: &str| {
                let label = captures[0].to_ascii_lowercase();
                let is_code = ["code", "name", "type"].iter().any(|word| label.contains(word));
                let rest = text[told.end..].strip_prefix(' ').unwrap_or_default();
                !is_code && rest.starts_with(|c: char| c.is_ascii_lowercase()) && !vocabulary::is_code(name)
            };
            let name = captures.get(2).map(|name| name.as_str()).filter(|name| !begins_sentence(name));
            told.code = name.and_then(|name| if is_refusal(name) { Some(name.to_owned()) } else { code(name) });
        }
    });
    each(&forms.message, Trust::Pair, &|_, told| {
        if let Some((message, length)) = message(&text[told.end..]) {
            told.message = Some(message);
            told.end += length;
        }
    });
    each(&forms.error, Trust::Pair, &|_, told| {
        let is_sentence = |words: &str| words.contains(' ') && super::status::by_name(words).is_none();
        let quoted = message(&text[told.end - 1..]).filter(|(words, _)| is_sentence(words));
        if let Some((message, length)) = quoted {
            told.message = Some(message);
            told.end += length - 1;
        }
    });
    each(&forms.request_id, Trust::Pair, &|captures, told| {
        // The second id of S3's is its host's.
        let is_second = ends_with_ignoring_case(&text[..told.at], "extended");
        if is_second {
            return;
        }
        let id = value(captures).map(|id| id.trim_end_matches(['.', '-']).to_owned());
        told.request_id = id.filter(|id| id.len() >= 5 || id.bytes().any(|byte| byte.is_ascii_digit()));
    });
    each(&forms.trace_id, Trust::Pair, &|captures, told| told.trace_id = value(captures));
    each(&forms.method, Trust::Pair, &|captures, told| {
        told.method = value(captures).map(|method| method.to_ascii_uppercase());
    });
    each(&forms.region, Trust::Pair, &|captures, told| told.region = value(captures));
    each(&forms.resource, Trust::Pair, &|captures, told| told.resource = value(captures));
    each(&forms.operation, Trust::Word, &|captures, told| told.operation = value(captures));
    each(&forms.host, Trust::Pair, &|captures, told| told.host = value(captures));
    each(&forms.url, Trust::Word, &|captures, told| told.url = url(&captures[0]));
    found
}

pub fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    text.len().checked_sub(end.len()).and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// A name that may be a store's Code or a client exception's name.
fn code(name: &str) -> Option<String> {
    let name = name.trim_end_matches('.');
    let number = name.parse::<i32>().ok();
    // A number that is not a status is the older API's.
    let is_name = number.is_none()
        && !vocabulary::is_wrapper(name)
        && name.len() > 2
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_known = is_name && (vocabulary::is_code(name) || name.len() >= 5 && has_form(name));
    let is_legacy = number.is_some_and(|number| number < 0 && vocabulary::is_code(name));
    (is_known || is_legacy).then(|| name.to_owned())
}

/// Codes are written `LikeThis`, names of client exceptions `LIKETHIS`.
fn has_form(name: &str) -> bool {
    let capitals = name.bytes().filter(u8::is_ascii_uppercase).count();
    vocabulary::is_client_name(name)
        || name.starts_with("ERROR_")
        || name.starts_with(|c: char| c.is_ascii_uppercase())
            && capitals > 1
            && !name.contains('_')
            && !name.ends_with("Exception")
}

/// The Message at the beginning of a text, in quotes or without, and how far it goes.
fn message(text: &str) -> Option<(String, usize)> {
    // Python 2 marks its strings.
    let marked = text.strip_prefix(['u', 'U', 'b']).filter(|rest| rest.starts_with(['\'', '"']));
    let (skipped, text) = marked.map_or((0, text), |rest| (1, rest));
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'));
    let inner = quote.and_then(|quote| text[1..].get(..clause::closing_quote(&text[1..], quote)?));
    let bare = text.trim_start_matches(['\'', '"', '`']);
    let words = inner.map(quoted::unescape).or_else(|| clause::clause(bare))?;
    let length = inner.map_or(words.len() + text.len() - bare.len(), |inner| inner.len() + 2);
    let words = words.trim().trim_end_matches([',', ')', '}', '\\']).to_owned();
    (!is_nothing(&words)).then_some((words, length + skipped))
}

/// Of a URL only what belongs to it: a sentence's punctuation does not.
fn url(text: &str) -> Option<String> {
    // A document type and an SDK's page of help are not requests.
    const OTHERS: &[&str] = &[
        "://www.w3.org/",
        "://curl.",
        "://docs.",
        "://github.com/",
        "://cloud.tencent.com/",
        "://goo.gl/",
        "://aws.amazon.com/",
        "://s3.amazonaws.com/doc/",
        "://golang.org/",
        "://requests.readthedocs",
        "://help.aliyun.com",
        "://www.aliyun.com",
        "://support.",
        "://api.aliyun.com",
    ];
    if OTHERS.iter().any(|other| text.contains(other)) {
        return None;
    }
    let mut bare = text.trim_end_matches(['.', ',', ';', ':', '!', '?', ']', '}', '|', '*']);
    while bare.ends_with(')') && bare.matches(')').count() > bare.matches('(').count() {
        bare = bare[..bare.len() - 1].trim_end_matches(['.', ',', ';', ':']);
    }
    (bare.len() > 10).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_found_in_every_spelling() {
        for text in [
            "code: 'NoSuchKey', RequestId: 'FA27C9DF81B43C09'",
            "{\"Code\":\"NoSuchKey\",\"RequestId\":\"FA27C9DF81B43C09\"}",
            "Code=NoSuchKey, RequestId=FA27C9DF81B43C09,",
            "ErrorCode：NoSuchKey RequestId：FA27C9DF81B43C09",
            "'code' => 'NoSuchKey', 'requestId' => 'FA27C9DF81B43C09'",
            "$ Code: chr \"NoSuchKey\"\n$ RequestId: chr \"FA27C9DF81B43C09\"",
            "Error/Code : NoSuchKey\nx-amz-request-id: FA27C9DF81B43C09",
            "<<\"code\">>,<<\"NoSuchKey\">> <<\"x-amz-request-id\">>,<<\"FA27C9DF81B43C09\">>",
            "GetErrorCode:NoSuchKey\nGetXCosRequestId:FA27C9DF81B43C09",
            "error='NoSuchKey', amzRequestid: FA27C9DF81B43C09",
        ] {
            let found = pairs(&Looked::at(text));
            let code = found.iter().find_map(|told| told.code.as_deref());
            let id = found.iter().find_map(|told| told.request_id.as_deref());
            assert_eq!((code, id), (Some("NoSuchKey"), Some("FA27C9DF81B43C09")), "{text}");
        }
        for text in [
            "rpc error: code = Unknown desc",
            "Status code: 403.",
            "code: 'ERR_UNHANDLED_REJECTION'",
            "exit code: NoSuchKey",
            "request id: , host id:",
            "RequestID: <REQUEST_ID>x",
        ] {
            let found = pairs(&Looked::at(text));
            assert!(found.iter().all(|told| told.code.is_none()), "{text}: {found:?}");
        }
        for (text, wanted) in [
            ("see https://h.example/a/b, then", "https://h.example/a/b"),
            ("(https://h.example/a(1))", "https://h.example/a(1)"),
            ("Put http://h.example/k: dial", "http://h.example/k"),
        ] {
            assert_eq!(pairs(&Looked::at(text)).into_iter().find_map(|told| told.url).as_deref(), Some(wanted));
        }
    }
}
