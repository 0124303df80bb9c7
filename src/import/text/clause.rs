//! Where a Message ends that stands in a longer line.

use std::sync::LazyLock;

use regex::Regex;

use super::form::regex;

/// What comes behind a Message in some tool's print: another field, or words that go on with something else.
static END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let fields = "status|code|error|request|trace|host|service|resource|user-?agent|stack|num_|data|line|file|cos |http|x-?amz|aws|s3 |method|url|time|level|ts|caller|component|attempt|type";
    regex(&format!(
        r#"(?i)[,;] ["']?(?:{fields})[\w -]{{0,24}}["']?\s?(?:=>|[:=])| (?:status code|request id): | \((?:service:|truncated)| - <\?xml|<\?xml|<error>|[;,] (?:retrying|stack)| caused by:?| at async |["'] \w[\w.]*=| \w[\w.]*=\S* (?:\w[\w.]*=|$)"#
    ))
});

/// The Message at the beginning of a text, up to where it ends.
#[must_use]
pub fn clause(text: &str) -> Option<String> {
    let line = text.lines().next().unwrap_or_default();
    let line = &line[..line.char_indices().nth(1000).map_or(line.len(), |(at, _)| at)];
    let mut end = END.as_ref().and_then(|form| form.find(line)).map_or(line.len(), |found| found.start());
    // A quote that was opened before the Message ends it; one within it has its own opening.
    end = closing(&line[..end], '"').unwrap_or(end);
    end = closing(&line[..end], '`').unwrap_or(end);
    end = closing_single(&line[..end]).unwrap_or(end);
    let bare = line[..end].trim().trim_end_matches([',', ';', '}', '\\', '\'', '"', '`']).trim_end();
    // A tool names the field, too.
    let bare = without_lone_bracket(bare.strip_prefix("message: ").unwrap_or(bare));
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

/// Where a text that began behind a quote ends: at the first such quote that neither opens nor closes a word of its own
/// and is not an apostrophe.
pub fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let (mut before, mut is_open) = (None, false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, c)| *c);
        match c {
            '\n' => return None,
            '\\' => drop(chars.next()),
            _ if c != quote => {}
            _ if is_open => is_open = false,
            _ => {
                let is_word = after.is_some_and(char::is_alphanumeric);
                let is_apostrophe = c == '\'' && is_word && before.is_some_and(char::is_alphanumeric);
                is_open =
                    is_word && before.is_none_or(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '=' | ':'));
                if !is_open && !is_apostrophe {
                    return Some(at);
                }
            }
        }
        before = Some(c);
    }
    None
}

/// Where the quote stands that is open at the end of a text; an apostrophe opens nothing.
pub fn opening_quote(text: &str, quote: char) -> Option<usize> {
    let is_inside = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + quote.len_utf8()..].chars().next();
        quote == '\'' && before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    };
    let quotes: Vec<usize> = text.match_indices(quote).map(|(at, _)| at).filter(|at| !is_inside(*at)).collect();
    if quotes.len() % 2 == 1 { quotes.last().copied() } else { None }
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
