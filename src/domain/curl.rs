//! A request as a `curl` line that a colleague can run. It holds no secret: where a signature was,
//! it names the variable to fill in.

use super::record::Record;
use super::{encode, target};

/// The line. Headers whose values were redacted are written as `$NAME` for the shell to fill in.
#[must_use]
pub fn line(record: &Record) -> String {
    let mut words = vec!["curl".to_owned(), "-sS".to_owned(), "-i".to_owned()];
    match record.method.as_str() {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        method => words.extend(["-X".to_owned(), method.to_owned()]),
    }
    for (name, value) in &record.request.headers {
        if matches!(name.as_str(), "host" | "user-agent" | "accept" | "content-length") {
            continue;
        }
        if value.contains(REDACTED) {
            let variable = name.to_ascii_uppercase().replace('-', "_");
            words.extend(["-H".to_owned(), format!("\"{name}: ${variable}\"")]);
        } else {
            words.extend(["-H".to_owned(), quoted(&format!("{name}: {value}"))]);
        }
    }
    let path = target::written(&record.url).map_or("", |written| written.path);
    if encode::has_dots(path) {
        words.push("--path-as-is".to_owned());
    }
    words.push(quoted(&record.url));
    words.join(" ")
}

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// A word of a command for a POSIX shell, quoted where it has to be.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

/// Quoted for a POSIX shell, control characters as `$'…'` escapes would be: left out of the line.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", plain.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_cannot_be_left() {
        assert_eq!(quoted("a'b\u{1b}"), r"'a'\''b'");
        assert_eq!([word("b-1/k.txt"), word("$(id)"), word("")], ["b-1/k.txt", "'$(id)'", "''"]);
    }
}
