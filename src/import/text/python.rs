//! What only the Python SDK prints: the `repr` of its exceptions, and its words for an answer that it
//! could not read.

use std::sync::LazyLock;

use regex::Regex;

use super::form::regex;
use super::told::{Told, Trust};

/// What the SDK says of every error whose document it cannot read.
pub const UNREADABLE: &str = "Response Error Msg Is INVALID";

/// `CosServiceError('GET', "<?xml …", 403)`: method, body or dict of headers, status.
static SERVICE: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"(?s)CosServiceError\('([A-Z]+)', (.*?), (\d{3})\)"));

/// What the SDK for Python says by itself.
pub fn told(text: &str) -> Vec<Told> {
    let services = SERVICE.iter().flat_map(|form| form.captures_iter(text)).filter_map(|found| {
        let whole = found.get(0)?;
        let method = Some(found[1].to_owned());
        Some(Told { method, status: found[3].parse().ok(), ..Told::at(whole.start(), whole.end(), Trust::Sentence) })
    });
    let unreadable = text.match_indices(UNREADABLE).map(|(at, words)| {
        let told = Told::at(at, at + words.len(), Trust::Sentence);
        Told { is_bare: true, message: Some(UNREADABLE.to_owned()), ..told }
    });
    services.chain(unreadable).collect()
}
