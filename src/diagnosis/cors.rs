//! A bucket's CORS rules held against a request, rule by rule, as the store does it (document
//! 436/13318): the first rule that fits origin, method and headers decides.

use std::borrow::Cow;

use serde::Deserialize;

use crate::domain::language::{Language, tell};
use crate::domain::record::{Outcome, Record};

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Rule {
    /// Its name.
    #[serde(rename = "ID", default)]
    pub id: Option<String>,
    /// Origins, each with at most one `*`.
    #[serde(rename = "AllowedOrigin", default)]
    pub origins: Vec<String>,
    /// Methods.
    #[serde(rename = "AllowedMethod", default)]
    pub methods: Vec<String>,
    /// Request headers, each with at most one `*`.
    #[serde(rename = "AllowedHeader", default)]
    pub headers: Vec<String>,
    /// Response headers that a page may read.
    #[serde(rename = "ExposeHeader", default)]
    pub expose: Vec<String>,
}

/// What a browser asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The page's origin.
    pub origin: String,
    /// The method it wants to use.
    pub method: String,
    /// The request headers it wants to send.
    pub headers: Vec<String>,
}

/// How a request fares with the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// This rule, counted from 1, lets it through.
    Matched(usize),
    /// For each rule the first thing that failed, in words.
    Refused(Vec<String>),
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(rename = "CORSRule", default)]
    rules: Vec<Rule>,
}

/// The rules in the record of a GET ?cors: none where none are set, `None` where they could not be
/// read.
#[must_use]
pub fn rules(record: &Record) -> Option<Vec<Rule>> {
    match record.outcome {
        Outcome::NotConfigured => Some(Vec::new()),
        Outcome::Success if !record.body_truncated => {
            let body = record.body.as_deref().unwrap_or_default();
            quick_xml::de::from_str::<Configuration>(body).ok().map(|configuration| configuration.rules)
        }
        Outcome::Success | Outcome::Failure => None,
    }
}

/// Whether a record tells the rules.
#[must_use]
pub fn are_known(record: &Record) -> bool {
    record.operation == "get-bucket-cors" && rules(record).is_some()
}

impl Asked {
    /// What a record's request asked for. `None` when it did not ask as a browser does.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        let sent = |name: &str| crate::domain::exchange::header(&record.request.headers, name);
        let preflight = sent("access-control-request-method");
        let headers = sent("access-control-request-headers").unwrap_or_default();
        Some(Self {
            origin: sent("origin")?.to_owned(),
            method: preflight.unwrap_or(&record.method).to_owned(),
            headers: headers.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        })
    }
}

/// Holds a request against the rules, in their order.
#[must_use]
pub fn fate(rules: &[Rule], asked: &Asked, language: Language) -> Fate {
    let mut refusals = Vec::new();
    for (number, rule) in (1..).zip(rules) {
        match first_refusal(rule, asked, language) {
            None => return Fate::Matched(number),
            Some(reason) => {
                let refusal = tell!(language, "rule %{number}: %{reason}", number = number, reason = reason);
                refusals.push(refusal.into_owned());
            }
        }
    }
    Fate::Refused(refusals)
}

fn first_refusal(rule: &Rule, asked: &Asked, language: Language) -> Option<Cow<'static, str>> {
    if !rule.origins.iter().any(|pattern| fits(pattern, &asked.origin)) {
        let (origin, allowed) = (&asked.origin, list(&rule.origins, language));
        return Some(tell!(language, "origin %{origin} is not %{allowed}", origin = origin, allowed = allowed));
    }
    if !rule.methods.iter().any(|method| method.eq_ignore_ascii_case(&asked.method)) {
        let (method, allowed) = (&asked.method, list(&rule.methods, language));
        return Some(tell!(
            language,
            "origin fits, method %{method} is not %{allowed}",
            method = method,
            allowed = allowed
        ));
    }
    let refused = |header: &&String| {
        let lower = header.to_ascii_lowercase();
        !rule.headers.iter().any(|pattern| fits(&pattern.to_ascii_lowercase(), &lower))
    };
    let header = asked.headers.iter().find(refused)?;
    let allowed = list(&rule.headers, language);
    Some(tell!(
        language,
        "origin and method fit, header %{header} is not %{allowed}",
        header = header,
        allowed = allowed
    ))
}

/// Which of these response headers a page may not read by the rule that let it through: a script
/// sees them only where `ExposeHeader` lists them.
#[must_use]
pub fn unexposed<'a>(rule: &Rule, wanted: &[&'a str]) -> Vec<&'a str> {
    let listed = |name: &&str| rule.expose.iter().any(|shown| shown == "*" || shown.eq_ignore_ascii_case(name));
    wanted.iter().copied().filter(|name| !listed(name)).collect()
}

/// Whether a text fits a pattern with at most one `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail),
    }
}

fn list(values: &[String], language: Language) -> Cow<'static, str> {
    if values.is_empty() { tell!(language, "allowed at all") } else { values.join(&tell!(language, " or ")).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(origins: &[&str], methods: &[&str], headers: &[&str]) -> Rule {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Rule { origins: owned(origins), methods: owned(methods), headers: owned(headers), ..Rule::default() }
    }

    fn asked(origin: &str, method: &str, headers: &[&str]) -> Asked {
        let headers = headers.iter().map(|name| (*name).to_owned()).collect();
        Asked { origin: origin.to_owned(), method: method.to_owned(), headers }
    }

    #[test]
    fn the_first_fitting_rule_decides_and_each_other_says_what_failed_first() {
        let rules = [
            rule(&["https://www.example.com"], &["GET"], &[]),
            rule(&["https://*.example.com"], &["GET", "PUT"], &["Content-*", "x-cos-acl"]),
        ];
        let fate = |rules: &[Rule], asked: &Asked| fate(rules, asked, Language::En);
        let refused = |asked: &Asked| match fate(&rules, asked) {
            Fate::Refused(reasons) => reasons,
            Fate::Matched(number) => panic!("rule {number} fits"),
        };
        let www = "https://www.example.com";
        assert_eq!(fate(&rules, &asked(www, "GET", &[])), Fate::Matched(1));
        assert_eq!(fate(&rules, &asked(www, "GET", &["content-type"])), Fate::Matched(2));
        assert_eq!(fate(&rules, &asked("https://a.example.com", "put", &["X-COS-ACL"])), Fate::Matched(2));
        let reasons = refused(&asked("https://example.com", "GET", &[]));
        assert!(reasons[0].starts_with("rule 1: origin https://example.com is not"), "{reasons:?}");
        assert!(reasons[1].starts_with("rule 2: origin"), "{reasons:?}");
        let reasons = refused(&asked(www, "DELETE", &[]));
        assert!(reasons.iter().all(|reason| reason.contains("method DELETE is not")), "{reasons:?}");
        let reasons = refused(&asked(www, "GET", &["x-other"]));
        assert_eq!(reasons[0], "rule 1: origin and method fit, header x-other is not allowed at all");
        assert!(reasons[1].contains("header x-other is not Content-* or x-cos-acl"), "{reasons:?}");
        assert_eq!(fate(&[], &asked(www, "GET", &[])), Fate::Refused(Vec::new()));
    }

    #[test]
    fn a_page_reads_what_is_exposed_only() {
        let mut rule = rule(&["*"], &["GET"], &[]);
        rule.expose = vec!["ETag".to_owned()];
        assert_eq!(unexposed(&rule, &["etag", "x-cos-request-id"]), ["x-cos-request-id"]);
        rule.expose = vec!["*".to_owned()];
        assert!(unexposed(&rule, &["x-cos-request-id"]).is_empty());
    }
}
