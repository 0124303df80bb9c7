//! The texts that the store signed, which it sends back with
//! `SignatureDoesNotMatch`, next to those that were signed here; the first difference, named.

mod element;

use crate::domain::dialect::Dialect;
use crate::domain::exchange;
use crate::domain::percent;
use crate::domain::record::{CodeFrom, Record};
use crate::domain::signed_element::SignedElement;
use crate::domain::target;
use crate::domain::verdict::Comparison;

/// Compares what the store signed with what was signed here, or with what the request, where it is
/// known, must have been signed as. `None` when one side is missing.
#[must_use]
pub fn compare(record: &Record) -> Option<Comparison> {
    let others = &record.error.others;
    let text = if record.dialect == Dialect::Cos { "FormatString" } else { "CanonicalRequest" };
    let theirs = others.get(text).filter(|text| !text.is_empty())?;
    let theirs = plain(theirs);
    let (canonical, to_sign_here) = signed_here(record);
    let ours = match canonical {
        Some(ours) => plain(ours),
        None => rebuilt(record, &theirs)?,
    };
    if let Some(position) = first_difference(&theirs, &ours) {
        let element = element::of_canonical(text == "FormatString", &theirs, &ours, position.line);
        return Some(comparison(text, theirs, ours, Some(position), element));
    }
    let to_sign = others.get("StringToSign").filter(|text| !text.is_empty()).map(|text| plain(text));
    if let (Some(theirs), Some(mine)) = (to_sign, to_sign_here) {
        let mine = plain(mine);
        if let Some(position) = first_difference(&theirs, &mine) {
            let element = element::of_string_to_sign(record.dialect, position.line, &ours);
            return Some(comparison("StringToSign", theirs, mine, Some(position), element));
        }
    }
    Some(comparison(text, theirs, ours, None, SignedElement::Key))
}

/// The times, the store's and ours, of a request that was signed here, where they differ: what the store then
/// says is the answer to another request. A time cannot be changed on the way without the key to sign it again.
#[must_use]
pub fn other_time(record: &Record) -> Option<(String, String)> {
    let others = &record.error.others;
    let (canonical, to_sign) = signed_here(record);
    let second = |text: &str| plain(text).split('\n').nth(1).unwrap_or_default().to_owned();
    let amz_date = |text: &str| {
        plain(text).split('\n').find_map(|line| line.strip_prefix("x-amz-date:")).unwrap_or_default().to_owned()
    };
    let pair = |element: &str, ours: Option<&String>, time: &dyn Fn(&str) -> String| {
        let (theirs, ours) = (time(others.get(element)?), time(ours?));
        (!theirs.is_empty() && !ours.is_empty() && theirs != ours).then_some((theirs, ours))
    };
    pair("StringToSign", to_sign, &second).or_else(|| pair("CanonicalRequest", canonical, &amz_date))
}

/// The texts that were signed here for the request that the store's words are about: where they came
/// with the GET twin, that one.
#[must_use]
pub fn signed_here(record: &Record) -> (Option<&String>, Option<&String>) {
    match (&record.twin, record.code_from) {
        (Some(twin), CodeFrom::GetTwin) => (twin.canonical_request.as_ref(), twin.string_to_sign.as_ref()),
        _ => (record.request.canonical_request.as_ref(), record.request.string_to_sign.as_ref()),
    }
}

fn comparison(
    text: &str,
    store: String,
    here: String,
    position: Option<DiffPosition>,
    element: SignedElement,
) -> Comparison {
    let (line, byte) = position.map(|position| (position.line, position.byte)).unzip();
    Comparison { text: text.to_owned(), store, here, line, byte, element }
}

/// Line ends as they were signed: pasted bodies have been through editors.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
}

/// Where two texts part, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DiffPosition {
    line: usize,
    byte: usize,
}

fn first_difference(theirs: &str, ours: &str) -> Option<DiffPosition> {
    let (mut left, mut right) = (theirs.split('\n'), ours.split('\n'));
    for line in 1.. {
        let (theirs, ours) = (left.next(), right.next());
        if theirs.is_none() && ours.is_none() {
            return None;
        }
        if theirs != ours {
            let pairs = theirs.unwrap_or_default().bytes().zip(ours.unwrap_or_default().bytes());
            return Some(DiffPosition { line, byte: pairs.take_while(|(a, b)| a == b).count() + 1 });
        }
    }
    None
}

/// What a request that is known in its own words must have been signed as: the store's text says
/// which parameters and headers were signed, the request what they were.
fn rebuilt(record: &Record, theirs: &str) -> Option<String> {
    let url = target::read(&record.url).ok()?;
    // What the twin was is not known here.
    if record.code_from == CodeFrom::GetTwin || record.method.is_empty() || record.request.headers.is_empty() {
        return None;
    }
    let query = percent::query_pairs(url.query().unwrap_or_default());
    let header = |name: &str| exchange::header(&record.request.headers, &percent::decode(name)).unwrap_or_default();
    let lines: Vec<&str> = theirs.split('\n').collect();
    if record.dialect == Dialect::S3 {
        let end = lines.iter().position(|line| line.is_empty()).filter(|end| *end > 2)?;
        let names = lines[3..end].iter().filter_map(|line| line.split_once(':').map(|(name, _)| name));
        let headers = names.map(|name| format!("{name}:{}\n", header(name))).collect::<Vec<_>>().concat();
        let mut pairs: Vec<_> = query
            .iter()
            .filter(|(name, _)| name != "X-Amz-Signature")
            .map(|(name, value)| format!("{}={}", percent::component(name), percent::component(value)))
            .collect();
        pairs.sort();
        let path = percent::canonical_path(&percent::decode(url.path()));
        // What the body was signed as only the request's signer knows; the store's word stands.
        let rest = lines[end + 1..].join("\n");
        return Some(format!("{}\n{path}\n{}\n{headers}\n{rest}", record.method, pairs.join("&")));
    }
    let names = |line: usize| {
        let list = lines.get(line).copied().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        list.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name)).collect::<Vec<_>>()
    };
    let parameter = |name: &&str| {
        let wanted = percent::decode(name).to_lowercase();
        let value = query.iter().find(|(given, _)| given.to_lowercase() == wanted).map(|(_, value)| value.as_str());
        value.map(|value| format!("{name}={}", percent::component(value)))
    };
    let parameters: Vec<_> = names(2).iter().filter_map(parameter).collect();
    let headers: Vec<_> = names(3).iter().map(|name| format!("{name}={}", percent::component(header(name)))).collect();
    let path = percent::decode(url.path());
    Some(format!("{}\n{path}\n{}\n{}", record.method.to_lowercase(), parameters.join("&"), headers.join("&")))
}
