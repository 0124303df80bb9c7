//! Where a Message ends that stands in a longer line.

/// What comes behind a Message in some tool's print.
const ENDS: &[&str] = &[
    ", status code:",
    " status code:",
    ", request id:",
    " request id:",
    ", requestid",
    ", host id:",
    " (service:",
    "; status code",
    "; error code",
    " - <?xml",
    "<?xml",
    "<error>",
    ", stack",
    ", user-agent:",
    ", traceid",
    ", num_chunks",
    " caused by",
    ", data:",
    ", line:",
    ", file:",
    ", trace:",
    ", cos error",
    ", httpstatus",
    "; retrying",
    " (truncated",
    ", xamz",
    ", stacktrace",
    " at async ",
    ", s3 extended request id",
];

/// The Message at the beginning of a text, up to where it ends.
#[must_use]
pub fn clause(text: &str) -> Option<String> {
    let line = text.lines().next().unwrap_or_default();
    let line = &line[..line.char_indices().nth(1000).map_or(line.len(), |(at, _)| at)];
    let lower = line.to_ascii_lowercase();
    let mut end = line.len();
    for words in ENDS {
        end = lower[..end].find(words).unwrap_or(end);
    }
    // A quote that was opened before the Message ends it; one within it has its own opening.
    end = closing(&line[..end], '"').unwrap_or(end);
    end = closing(&line[..end], '`').unwrap_or(end);
    end = closing_single(&line[..end]).unwrap_or(end);
    let bare = line[..end].trim().trim_end_matches([',', ';', '}', '\\', '\'', '"', '`']).trim_end();
    let bare = without_lone_bracket(bare);
    (!bare.is_empty()).then(|| bare.to_owned())
}

fn closing(text: &str, quote: char) -> Option<usize> {
    let places: Vec<usize> = text.match_indices(quote).map(|(at, _)| at).collect();
    if places.len().is_multiple_of(2) {
        None
    } else {
        places.into_iter().find(|at| !text[at + 1..].starts_with(|c: char| c.is_alphanumeric()))
    }
}

/// An apostrophe stands within a word: a single quote that ends one and opens none closes.
fn closing_single(text: &str) -> Option<usize> {
    let mut is_open = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next();
        if c == '\'' {
            let opens = !before.is_alphanumeric()
                && !matches!(before, '.' | '\'' | ']' | ')' | '}')
                && after.is_some_and(|c| !c.is_whitespace() && !matches!(c, ',' | ')' | '}'));
            let is_apostrophe = before.is_alphanumeric() && after.is_some_and(char::is_alphabetic);
            if opens {
                is_open = true;
            } else if !is_apostrophe && is_open {
                is_open = false;
            } else if !is_apostrophe && after.is_none_or(|c| matches!(c, ',' | ')' | '}' | ']' | ';')) {
                return Some(at);
            }
        }
        before = c;
    }
    None
}

fn without_lone_bracket(text: &str) -> &str {
    [('(', ')'), ('[', ']'), ('{', '}')].into_iter().fold(text, |text, (open, close)| {
        let is_lone = text.matches(close).count() > text.matches(open).count();
        if is_lone { text.strip_suffix(close).unwrap_or(text) } else { text }
    })
}

#[cfg(test)]
mod tests {
    use super::clause;

    #[test]
    fn a_message_ends_where_it_ends() {
        for (text, wanted) in [
            ("Access Denied\n\tstatus code: 403", "Access Denied"),
            ("Access Denied status code: 403, request id: x", "Access Denied"),
            ("Invalid Argument\" logSource=\"a.go\"", "Invalid Argument"),
            (
                "Header 'x-amz-checksum' with value 'a' not implemented",
                "Header 'x-amz-checksum' with value 'a' not implemented",
            ),
            (
                "The provided 'x-amz-content-sha256' header does not match.\")",
                "The provided 'x-amz-content-sha256' header does not match.",
            ),
            (
                "the request time and the server's time is too large.', 'code'",
                "the request time and the server's time is too large.",
            ),
            ("wrong; expecting 'eu-west-2'", "wrong; expecting 'eu-west-2'"),
            ("Access Denied. (Service: S3)", "Access Denied."),
            ("does not exist.)", "does not exist."),
        ] {
            let found = clause(text);
            let wanted = wanted.trim_end_matches('\'');
            assert_eq!(found.as_deref().map(|found| found.trim_end_matches('\'')), Some(wanted), "{text}");
        }
        assert_eq!(clause("\nnext"), None);
    }
}
