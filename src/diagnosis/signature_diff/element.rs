//! Names the element of a signature that differs.

use crate::domain::dialect::Dialect;
use crate::domain::percent;
use crate::domain::redacted::REDACTED;
use crate::domain::signed_element::SignedElement;

/// The element on a line of the canonical request.
pub fn of_canonical(is_cos: bool, theirs: &str, ours: &str, line: usize) -> SignedElement {
    let line_of = |text: &str, line: usize| text.split('\n').nth(line - 1).unwrap_or_default().to_owned();
    let (left, right) = (line_of(theirs, line), line_of(ours, line));
    match (line, is_cos) {
        (1, _) => SignedElement::Method,
        (2, _) if same_but_encoded(&left, &right) => SignedElement::PathEncoding,
        (2, _) => SignedElement::Path,
        (3, _) => parameter(&pairs(&left), &pairs(&right)),
        (4, true) => header(&pairs(&left), &pairs(&right)),
        (_, true) => SignedElement::MoreLines,
        (_, false) => of_sigv4(theirs, ours, line),
    }
}

/// `SigV4`'s lines after the query: headers, a blank line, their names, the payload's hash.
fn of_sigv4(theirs: &str, ours: &str, line: usize) -> SignedElement {
    let (left, right) = (header_lines(theirs), header_lines(ours));
    if line <= 3 + left.len().max(right.len()) && left != right {
        return header(&left, &right);
    }
    let tail = |text: &str, from_end: usize| text.rsplit('\n').nth(from_end).unwrap_or_default().to_owned();
    if tail(theirs, 1) == tail(ours, 1) {
        return SignedElement::Payload;
    }
    SignedElement::SignedHeaders
}

fn header_lines(text: &str) -> Vec<(String, String)> {
    let lines = text.split('\n').skip(3).take_while(|line| !line.is_empty());
    lines.map(|line| line.split_once(':').unwrap_or((line, ""))).map(owned).collect()
}

fn pairs(line: &str) -> Vec<(String, String)> {
    let pairs = line.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(owned).collect()
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The first pair that one side lacks or has with another value; else the same pairs stand in
/// another order.
fn differing<'a>(theirs: &'a [(String, String)], ours: &'a [(String, String)]) -> Option<(&'a str, &'a str, &'a str)> {
    let value = |of: &'a [(String, String)], wanted: &str| {
        of.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let changed = ours.iter().find(|(name, own)| value(theirs, name) != Some(own));
    let added = || theirs.iter().find(|(name, _)| value(ours, name).is_none());
    let (name, _) = changed.or_else(added)?;
    Some((name, value(theirs, name).unwrap_or_default(), value(ours, name).unwrap_or_default()))
}

fn parameter(theirs: &[(String, String)], ours: &[(String, String)]) -> SignedElement {
    match differing(theirs, ours) {
        Some((name, left, right)) if left != right && same_but_encoded(left, right) => {
            SignedElement::ParameterEncoding(percent::decode(name))
        }
        Some((name, ..)) => SignedElement::Parameter(percent::decode(name)),
        None => SignedElement::ParameterOrder,
    }
}

fn header(theirs: &[(String, String)], ours: &[(String, String)]) -> SignedElement {
    match differing(theirs, ours) {
        Some((name, ..)) => SignedElement::Header(percent::decode(name)),
        None => SignedElement::HeaderOrder,
    }
}

/// The same letters once both are decoded as far as they go, a `+` standing for a blank or for itself.
fn same_but_encoded(left: &str, right: &str) -> bool {
    let bare = |text: &str| {
        let mut text = text.to_owned();
        // Three times: more has not been seen.
        for _ in 0..3 {
            text = percent::decode(&text);
        }
        text.replace('+', " ")
    };
    bare(left) == bare(right)
}

/// The element on a line of the string to sign, where the canonical requests, as far as they are
/// shown, are equal.
pub fn of_string_to_sign(dialect: Dialect, line: usize, canonical: &str) -> SignedElement {
    let last = if dialect == Dialect::S3 { 4 } else { 3 };
    match (line, dialect) {
        (1, _) => SignedElement::Algorithm,
        (2, _) => SignedElement::Time,
        (3, Dialect::S3) => SignedElement::Scope,
        (line, _) if line == last => SignedElement::Hidden(hidden(canonical)),
        _ => SignedElement::StringToSign,
    }
}

/// What is hidden in the canonical request: its digests differ, so one of these does.
fn hidden(canonical: &str) -> Vec<String> {
    let fields =
        canonical.split(['\n', '&']).filter(|field| field.contains(REDACTED) || field.contains("%5Bredacted%5D"));
    fields.filter_map(|field| field.split_once([':', '=']).map(|(name, _)| percent::decode(name))).collect()
}
