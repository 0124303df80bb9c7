//! Heads of requests and answers inside a text: with or without `> ` and `< `, in HTTP's words or a tool's.

use std::sync::LazyLock;

use regex::Regex;

use super::form::regex;
use super::told::{Told, Trust};
use crate::domain::exchange::{Headers, header};

struct Forms {
    request: Regex,
    status: Regex,
    header: Regex,
}

static FORMS: LazyLock<Option<Forms>> = LazyLock::new(|| {
    Some(Forms {
        request: regex(
            r"^(?:> (\S+) (\S+) HTTP/[\d.]+$|(?:.{0,60}(?:Request:?|request:|DEBUG:?|>>) ?)?(GET|PUT|POST|HEAD|DELETE|OPTIONS|PATCH|CONNECT) (\S+)(?: HTTP/[\d.]+\.?)?)$",
        )?,
        status: regex(
            r"^(?:< |.{0,80}?[ >:\]])?HTTP/[\d.]+ (\d{3})\b(?: [^\n]*)?$|^:?status:? (\d{3})\s*$|^(\d{3}) [A-Z][A-Za-z' -]+$",
        )?,
        header: regex(r"^(?:[<>] )?(:?[A-Za-z][A-Za-z0-9_-]{1,60}):(?: (.*))?$")?,
    })
});

/// Every head of a text: a request's is told apart by its line or its headers.
pub fn heads(text: &str) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    if !text.contains("HTTP/") && !text.contains(": ") && !text.contains(":status") {
        return found;
    }
    let Some(forms) = &*FORMS else { return found };
    let is_tls = ["SSL connection using", "TLS handshake", "port 443"].iter().any(|words| text.contains(words));
    let mut open: Option<Told> = None;
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        let start = at;
        at += whole.len();
        if line.len() > 16 * 1024 {
            close(&mut found, open.take(), is_tls);
        } else if let Some(request) = forms.request.captures(line) {
            close(&mut found, open.take(), is_tls);
            let told = Told::at(start, at, Trust::Head);
            let part =
                |curl, plain| request.get(curl).or_else(|| request.get(plain)).map(|part| part.as_str().to_owned());
            open = Some(Told { is_request: true, method: part(1, 3), url: part(2, 4), ..told });
        } else if let Some(status) = forms.status.captures(line) {
            close(&mut found, open.take(), is_tls);
            let code = (1..=3).find_map(|group| status.get(group));
            open = Some(Told {
                status: code.and_then(|code| code.as_str().parse().ok()),
                ..Told::at(start, at, Trust::Head)
            });
        } else if let Some(header) = forms.header.captures(line) {
            let (name, value) = (header[1].to_ascii_lowercase(), header.get(2).map_or("", |value| value.as_str()));
            let head = open.get_or_insert_with(|| Told::at(start, start, Trust::Head));
            let value = value.trim().trim_end_matches(['\r', '.']);
            if head.is_request { &mut head.sent } else { &mut head.headers }.push((name, value.to_owned()));
            head.end = at;
        } else if line.is_empty() || matches!(line, "<" | ">") || !line.starts_with(['*', '{', '}']) {
            close(&mut found, open.take(), is_tls);
        }
    }
    close(&mut found, open, is_tls);
    found
}

/// Names of headers that only a request, or only an answer, has.
const OF_REQUESTS: &[&str] =
    &["host", "user-agent", "authorization", "accept", "accept-encoding", "origin", ":authority"];
const OF_ANSWERS: &[&str] = &[
    "server",
    "content-type",
    "x-amz-request-id",
    "x-cos-request-id",
    "x-oss-request-id",
    "x-obs-request-id",
    "x-amz-id-2",
    "location",
];

fn close(found: &mut Vec<Told>, open: Option<Told>, is_tls: bool) {
    let Some(mut told) = open else { return };
    let names_one_of = |headers: &Headers, names: &[&str]| names.iter().any(|name| header(headers, name).is_some());
    if !told.is_request && told.status.is_none() {
        if told.headers.len() < 2 {
            return;
        }
        if names_one_of(&told.headers, OF_REQUESTS) {
            told.is_request = true;
            told.sent = std::mem::take(&mut told.headers);
        } else if !names_one_of(&told.headers, OF_ANSWERS) {
            return;
        }
        told.status = header(&told.headers, ":status").and_then(|status| status.parse().ok());
    }
    // A line of three digits and words is an answer's only above headers.
    let is_plain = told.status.is_some() && told.headers.is_empty() && told.end - told.at < 40;
    if told.is_request && told.method.as_deref() == Some("CONNECT") {
        return;
    }
    if told.is_request {
        let path = told.url.take().unwrap_or_else(|| "/".to_owned());
        let scheme = if is_tls { "https" } else { "http" };
        told.url = if path.contains("://") {
            Some(path)
        } else {
            let host = header(&told.sent, "host").or_else(|| header(&told.sent, ":authority"));
            host.map(|host| format!("{scheme}://{host}{path}"))
        };
        if told.url.is_none() && told.sent.is_empty() {
            return;
        }
    } else {
        let names = [
            "x-cos-request-id",
            "x-amz-request-id",
            "x-oss-request-id",
            "x-obs-request-id",
            "x-ci-request-id",
            "x-tos-request-id",
            "x-minio-request-id",
        ];
        told.request_id = names.iter().find_map(|name| header(&told.headers, name)).map(str::to_owned);
        told.trace_id = header(&told.headers, "x-cos-trace-id").map(str::to_owned);
        told.region = header(&told.headers, "x-amz-bucket-region")
            .or_else(|| header(&told.headers, "x-cos-bucket-region"))
            .map(str::to_owned);
    }
    if !(is_plain && told.status.is_some_and(|status| status < 300)) {
        found.push(told);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_found_in_every_spelling() {
        let answer = "x-amz-request-id: FA01\nServer: s\n";
        for (text, status) in [
            (format!("HTTP/1.1 403 Forbidden\n{answer}\n<Error>"), 403),
            (format!("< HTTP/2 403 \n< {}", answer.replace('\n', "\n< ")), 403),
            (format!("mc: <DEBUG> HTTP/1.1 301 Moved Permanently\n{answer}"), 301),
            (format!("403 Forbidden\n{answer}"), 403),
            (format!(":status: 413\n{answer}"), 413),
            (format!("HTTP/1.0 403 Forbidden.\n{}", answer.replace('\n', ".\n")), 403),
        ] {
            let found = heads(&text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].status, found[0].request_id.as_deref()), (Some(status), Some("FA01")), "{text}");
        }
        let request = heads("PUT /k HTTP/1.1\nHost: b.cos.ap-guangzhou.myqcloud.com\nAuthorization: x\n\n");
        assert_eq!(request[0].url.as_deref(), Some("http://b.cos.ap-guangzhou.myqcloud.com/k"));
        assert!(heads("Note: this\nis: no head").is_empty());
    }
}
