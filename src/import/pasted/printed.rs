//! The forms in which SDKs and tools print an error: a fixed sentence, or names with a colon or an
//! equals sign and values in quotes or not.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;

use super::{Found, network, python, quoted};

struct Forms {
    go: Regex,
    coscmd: Regex,
    java: Regex,
    boto: Regex,
    sentence: Regex,
    aws: Regex,
    status: Regex,
    code: Regex,
    message: Regex,
    request_id: Regex,
    trace_id: Regex,
    url: Regex,
    time: Regex,
}

static FORMS: LazyLock<Option<Forms>> = LazyLock::new(|| {
    let value = r#"\\?['"]?\s*[:=]\s*\\?['"]?"#;
    Some(Forms {
        // METHOD URL: 403 AccessDenied(Message: …, RequestId: …, TraceId: …)
        go: Regex::new(
            r"([A-Z]+) (https?://\S+): (\d{3}) ?([A-Za-z]*)\(Message: (.*?), RequestId: ([^,)]*)(?:, TraceId: ([^)]*))?",
        )
        .ok()?,
        // Error: [code 403] Access Denied.
        coscmd: Regex::new(r"\[code (\d{3})\] *([^\r\n]*)").ok()?,
        // Access Denied. (Service: …; Status Code: 403; Error Code: …
        java: Regex::new(r"(?m)^(?:.*?Exception: )?(.+?) \((?:Service: [^;]*; )?Status Code: \d{3}; Error Code: ").ok()?,
        boto: Regex::new(r"An error occurred \(([\w.]+)\) when calling the (\w+) operation[^:]*: ([^\r\n]*)").ok()?,
        // Error: connect ECONNREFUSED 127.0.0.1:9
        sentence: Regex::new(r"(?m)^(?:Uncaught )?[\w.$\\]*(?:Error|Exception): ([^{\r\n]+)").ok()?,
        aws: Regex::new(r"api error ([A-Za-z][\w.]*): ([^\r\n,]*)").ok()?,
        status: Regex::new(&format!(r"(?i)\bstatus[ _]?(?:code)?{value}(\d{{3}})\b")).ok()?,
        code: Regex::new(&format!(r"(?i)\b(?:error[ _]?)?code{value}(-?[A-Za-z0-9][\w.]*)")).ok()?,
        // In quotes as Python and Node.js choose them, else up to what ends a clause.
        message: Regex::new(
            r#"(?i)\bmessage\\?['"]?\s*[:=]\s*(?:'((?:[^'\\\r\n]|\\.)*)'|"((?:[^"\\\r\n]|\\.)*)"|`((?:[^`\\\r\n]|\\.)*)`|\\?['"]?([^'"\r\n;]+))"#,
        )
        .ok()?,
        request_id: Regex::new(&format!(r"(?i)\brequest[ _-]?id{value}([A-Za-z0-9+/=_*-]{{12,}})")).ok()?,
        trace_id: Regex::new(&format!(r"(?i)\btrace[ _-]?id{value}([A-Za-z0-9+/=]{{12,}})")).ok()?,
        url: Regex::new(r#"https?://[^\s'"<>\\)]+"#).ok()?,
        time: Regex::new(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)").ok()?,
    })
});

/// Takes what is printed in a text.
pub fn take(found: &mut Found, text: &str) {
    let Some(forms) = &*FORMS else { return };
    let part = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let one = |form: &Regex| form.captures(text).and_then(|found| part(&found[1]));
    let error = &mut found.error;
    if text.contains(python::UNREADABLE) {
        error.message = Some(python::UNREADABLE.to_owned());
        found.is_bare = true;
        return;
    }
    if let Some(go) = forms.go.captures(text) {
        found.method = Some(go[1].to_owned());
        found.url = Some(go[2].to_owned());
        found.status = go[3].parse().ok();
        error.code = part(&go[4]);
        error.message = part(&go[5]);
        error.request_id = part(&go[6]);
        error.trace_id = go.get(7).and_then(|id| part(id.as_str()));
        return;
    }
    if let Some(coscmd) = forms.coscmd.captures(text) {
        found.status = coscmd[1].parse().ok();
        error.message = part(&coscmd[2]);
    } else if let Some(sentence) = forms.boto.captures(text) {
        found.status = found.status.or_else(|| sentence[1].parse().ok());
        error.code = part(&sentence[1]).filter(|code| code.parse::<u16>().is_err());
        error.message = part(&sentence[3]);
    } else if let Some(sentence) = forms.aws.captures(text) {
        error.code = part(&sentence[1]);
        error.message = part(&sentence[2]);
    } else if let Some(sentence) = forms.java.captures(text) {
        error.message = part(&sentence[1]);
    }
    found.status = found.status.or_else(|| one(&forms.status)?.parse().ok());
    if error.code.is_none() {
        // A status may be printed as the code: it says nothing more.
        let mut codes = forms.code.captures_iter(text).map(|found| found[1].to_owned());
        error.code = codes.find(|code| code.parse::<u16>().is_err() && code != "None" && code != "null");
    }
    error.message = error
        .message
        .take()
        .or_else(|| said(&forms.message, text))
        .or_else(|| one(&forms.sentence).filter(|_| error.code.is_some()))
        // PHP's has one more field behind it.
        .map(|text| text.split(", User-Agent:").next().unwrap_or_default().to_owned())
        .map(|text| text.trim_end_matches([',', ')', '}', '\\']).to_owned());
    error.request_id = error.request_id.take().or_else(|| one(&forms.request_id));
    error.trace_id = error.trace_id.take().or_else(|| one(&forms.trace_id));
    found.url = found.url.take().or_else(|| forms.url.find(text).map(|url| url.as_str().to_owned()));
    if found.status.is_none()
        && error.request_id.is_none()
        && error.code.as_deref().is_none_or(|code| !super::is_client_name(code))
        && let Some((name, line)) = network::exception(text)
    {
        error.code = Some(name.to_owned());
        error.message = Some(line);
    }
}

/// The message that a form finds: quoted, or as it stands.
fn said(form: &Regex, text: &str) -> Option<String> {
    let found = form.captures(text)?;
    let quoted = (1..=3).find_map(|quotes| found.get(quotes)).map(|inner| quoted::unescape(inner.as_str()));
    let bare = || found.get(4).map(|bare| bare.as_str().to_owned());
    quoted.or_else(bare).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The first time of day with a zone in a text. One without a zone says nothing.
pub fn time(text: &str) -> Option<Timestamp> {
    let forms = FORMS.as_ref()?;
    let found = forms.time.find(text)?.as_str().replace(',', ".").replacen(' ', "T", 1);
    found.parse().ok()
}
