//! One page of a list: prefix, delimiter, marker and limit, as all lists of a bucket take them.

use std::collections::BTreeSet;

use super::failure::Failure;
use super::request::IncomingRequest;
use super::xml::{parent, text};
use crate::domain::percent;

/// The entries of a page, the prefixes that the delimiter rolls up, and where the next page begins.
pub(super) struct Page<T> {
    pub(super) entries: Vec<(String, T)>,
    prefixes: BTreeSet<String>,
    /// The last name of this page, if there are more.
    pub(super) next: Option<String>,
}

impl<T> Page<T> {
    /// Takes a page of entries that are sorted by key. `is_after` tells, of the entries with the
    /// marker's own key, those that come after the marker.
    pub(super) fn of(
        all: impl IntoIterator<Item = (String, T)>,
        request: &IncomingRequest,
        marker: &str,
        limit: usize,
        mut is_after: impl FnMut(&T) -> bool,
    ) -> Self {
        let prefix = request.parameter("prefix").unwrap_or_default();
        let delimiter = request.parameter("delimiter").filter(|delimiter| !delimiter.is_empty());
        let mut page = Self { entries: Vec::new(), prefixes: BTreeSet::new(), next: None };
        let mut last = String::new();
        for (key, entry) in all {
            let Some(rest) = key.strip_prefix(prefix) else { continue };
            let rolled_up = delimiter
                .and_then(|delimiter| Some(rest.find(delimiter)? + delimiter.len()))
                .map(|length| key[..prefix.len() + length].to_owned());
            let name = rolled_up.clone().unwrap_or_else(|| key.clone());
            let is_before = !marker.is_empty()
                && (name.as_str() < marker || (name == marker && (rolled_up.is_some() || !is_after(&entry))));
            if is_before || page.prefixes.contains(&name) {
                continue;
            }
            if page.len() == limit {
                page.next = (limit > 0).then_some(last);
                return page;
            }
            last = name;
            match rolled_up {
                Some(prefix) => drop(page.prefixes.insert(prefix)),
                None => page.entries.push((key, entry)),
            }
        }
        page
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.prefixes.len()
    }

    /// `IsTruncated`, and the name of the last entry in an element of this name.
    pub(super) fn truncated(&self, request: &IncomingRequest, element: &str) -> String {
        let next = self.next.as_ref().map(|next| text(element, &in_encoding(request, next)));
        is_truncated(next.is_some()) + &next.unwrap_or_default()
    }

    /// The `CommonPrefixes` elements.
    pub(super) fn common_prefixes(&self, request: &IncomingRequest) -> String {
        let element = |prefix: &String| parent("CommonPrefixes", &text("Prefix", &in_encoding(request, prefix)));
        self.prefixes.iter().map(element).collect()
    }
}

pub(super) fn is_truncated(is_truncated: bool) -> String {
    text("IsTruncated", if is_truncated { "true" } else { "false" })
}

/// The limit in a parameter of this name: up to 1000.
pub(super) fn limit(request: &IncomingRequest, name: &str) -> Result<usize, Failure> {
    let Some(given) = request.parameter(name).filter(|given| !given.is_empty()) else { return Ok(1000) };
    given
        .parse()
        .ok()
        .filter(|limit| *limit <= 1000)
        .ok_or_else(|| Failure::bad_request("InvalidArgument", format!("{name} is not in the range 0 to 1000.")))
}

/// Repeats parameters as elements: pairs of element and parameter.
pub(super) fn echoed(request: &IncomingRequest, names: &[(&str, &str)]) -> String {
    let element = |(element, name): &(&str, &str)| {
        text(element, &in_encoding(request, request.parameter(name).unwrap_or_default()))
    };
    names.iter().map(element).collect()
}

/// Says that keys are encoded, without which S3 SDKs take the encoded ones for the keys.
pub(super) fn encoding(request: &IncomingRequest) -> String {
    if is_encoded(request) { text("EncodingType", "url") } else { String::new() }
}

/// A key, percent-encoded if the client asked for that.
pub(super) fn in_encoding(request: &IncomingRequest, key: &str) -> String {
    if is_encoded(request) { percent::canonical_path(key) } else { key.to_owned() }
}

fn is_encoded(request: &IncomingRequest) -> bool {
    request.parameter("encoding-type") == Some("url")
}
