//! A bucket's CORS rules held against a request, rule by rule, as the store does it (document
//! 436/13318): the first rule that fits origin, method and headers decides.

use serde::Deserialize;

use crate::domain::check::Exposure;
use crate::domain::fact::CorsRefusal;
use crate::domain::record::{Outcome, Record};
use crate::domain::verdict::{Cors, CorsRule};

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
pub struct CorsRequest {
    /// The page's origin.
    pub origin: String,
    /// The method it wants to use.
    pub method: String,
    /// The request headers it wants to send.
    pub headers: Vec<String>,
}

/// How a request fares with the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreflightOutcome {
    /// This rule, counted from 1, lets it through.
    Matched(usize),
    /// For each rule the first part that does not match.
    Refused(Vec<CorsRefusal>),
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
        Outcome::Success | Outcome::NotSupported | Outcome::Failure => None,
    }
}

/// Whether a record tells the rules.
#[must_use]
pub fn are_known(record: &Record) -> bool {
    record.operation == "get-bucket-cors" && rules(record).is_some()
}

impl CorsRequest {
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
pub fn outcome(rules: &[Rule], asked: &CorsRequest) -> PreflightOutcome {
    let mut refusals = Vec::new();
    for (number, rule) in (1..).zip(rules) {
        match first_refusal(rule, asked) {
            None => return PreflightOutcome::Matched(number),
            Some(refusal) => refusals.push(refusal),
        }
    }
    PreflightOutcome::Refused(refusals)
}

fn first_refusal(rule: &Rule, asked: &CorsRequest) -> Option<CorsRefusal> {
    if !fits_origin(rule, asked) {
        return Some(CorsRefusal::Origin(asked.origin.clone(), rule.origins.clone()));
    }
    if !fits_method(rule, asked) {
        return Some(CorsRefusal::Method(asked.method.clone(), rule.methods.clone()));
    }
    refused_header(rule, asked).map(|header| CorsRefusal::Header(header.clone(), rule.headers.clone()))
}

fn fits_origin(rule: &Rule, asked: &CorsRequest) -> bool {
    rule.origins.iter().any(|pattern| fits(pattern, &asked.origin))
}

fn fits_method(rule: &Rule, asked: &CorsRequest) -> bool {
    rule.methods.iter().any(|method| method.eq_ignore_ascii_case(&asked.method))
}

/// The first header asked for that the rule does not allow.
fn refused_header<'a>(rule: &Rule, asked: &'a CorsRequest) -> Option<&'a String> {
    let refused = |header: &&String| {
        let lower = header.to_ascii_lowercase();
        !rule.headers.iter().any(|pattern| fits(&pattern.to_ascii_lowercase(), &lower))
    };
    asked.headers.iter().find(refused)
}

/// How a request fares with each rule, part by part.
#[must_use]
pub fn held(rules: &[Rule], asked: &CorsRequest) -> Cors {
    let rule = |rule: &Rule| CorsRule {
        origins: rule.origins.clone(),
        methods: rule.methods.clone(),
        headers: rule.headers.clone(),
        exposed: rule.expose.clone(),
        origin_fits: fits_origin(rule, asked),
        method_fits: fits_method(rule, asked),
        headers_fit: refused_header(rule, asked).is_none(),
        exposes_id: exposes_the_id(rule),
    };
    let CorsRequest { origin, method, headers } = asked.clone();
    Cors { origin, method, headers, rules: rules.iter().map(rule).collect() }
}

/// Which rule let a request through, and what of the answer a page may read by it. The first rule that
/// fits decides: what a later one exposes is not read. `None` when no rule fits.
#[must_use]
pub fn exposure(rules: &[Rule], asked: &CorsRequest) -> Option<Exposure> {
    let mut fitting = (1..).zip(rules).filter(|(_, rule)| first_refusal(rule, asked).is_none());
    let (number, rule) = fitting.next()?;
    let later = fitting.find(|(_, later)| !exposes_the_id(rule) && exposes_the_id(later));
    Some(Exposure { rule: number, headers: rule.expose.clone(), later: later.map(|(later, _)| later) })
}

/// A page's script sees a header only where `ExposeHeader` lists it.
fn exposes_the_id(rule: &Rule) -> bool {
    let names = ["*", "x-cos-request-id", "x-amz-request-id"];
    rule.expose.iter().any(|shown| names.iter().any(|name| shown.eq_ignore_ascii_case(name)))
}

/// Whether a text fits a pattern with at most one `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(origins: &[&str], methods: &[&str], headers: &[&str]) -> Rule {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Rule { origins: owned(origins), methods: owned(methods), headers: owned(headers), ..Rule::default() }
    }

    fn asked(origin: &str, method: &str, headers: &[&str]) -> CorsRequest {
        let headers = headers.iter().map(|name| (*name).to_owned()).collect();
        CorsRequest { origin: origin.to_owned(), method: method.to_owned(), headers }
    }

    #[test]
    fn the_first_fitting_rule_decides_and_each_other_says_what_failed_first() {
        let rules = [
            rule(&["https://www.example.com"], &["GET"], &[]),
            rule(&["https://*.example.com"], &["GET", "PUT"], &["Content-*", "x-cos-acl"]),
        ];
        let refused = |asked: &CorsRequest| match outcome(&rules, asked) {
            PreflightOutcome::Refused(reasons) => reasons,
            PreflightOutcome::Matched(number) => panic!("rule {number} fits"),
        };
        let www = "https://www.example.com";
        assert_eq!(outcome(&rules, &asked(www, "GET", &[])), PreflightOutcome::Matched(1));
        assert_eq!(outcome(&rules, &asked(www, "GET", &["content-type"])), PreflightOutcome::Matched(2));
        let sub = asked("https://a.example.com", "put", &["X-COS-ACL"]);
        assert_eq!(outcome(&rules, &sub), PreflightOutcome::Matched(2));
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        let reasons = refused(&asked("https://example.com", "GET", &[]));
        let origin = |allowed: &str| CorsRefusal::Origin("https://example.com".to_owned(), owned(&[allowed]));
        assert_eq!(reasons, [origin(www), origin("https://*.example.com")]);
        let reasons = refused(&asked(www, "DELETE", &[]));
        let method = |allowed: &[&str]| CorsRefusal::Method("DELETE".to_owned(), owned(allowed));
        assert_eq!(reasons, [method(&["GET"]), method(&["GET", "PUT"])]);
        let reasons = refused(&asked(www, "GET", &["x-other"]));
        let header = |allowed: &[&str]| CorsRefusal::Header("x-other".to_owned(), owned(allowed));
        assert_eq!(reasons, [header(&[]), header(&["Content-*", "x-cos-acl"])]);
        assert_eq!(outcome(&[], &asked(www, "GET", &[])), PreflightOutcome::Refused(Vec::new()));
    }

    #[test]
    fn each_part_of_each_rule_is_told_by_itself() {
        let rules = [
            rule(&["https://b.example.com"], &["GET"], &["*"]),
            Rule { expose: vec!["ETag".to_owned(), "X-Cos-Request-Id".to_owned()], ..rule(&["*"], &["PUT"], &[]) },
        ];
        let told = |asked: &CorsRequest| {
            let rules = held(&rules, asked).rules;
            let parts = |rule: &CorsRule| (rule.origin_fits, rule.method_fits, rule.headers_fit, rule.exposes_id);
            rules.iter().map(parts).collect::<Vec<_>>()
        };
        let parts = told(&asked("https://a.example.com", "put", &["x-other"]));
        assert_eq!(parts, [(false, false, true, false), (true, true, false, true)]);
        assert!(!held(&rules, &asked("https://a.example.com", "PUT", &["x-other"])).rules[1].fits());
        assert!(held(&rules, &asked("https://a.example.com", "PUT", &[])).rules[1].fits());
    }

    #[test]
    fn the_rule_that_fits_first_says_what_a_page_may_read() {
        let exposing = |origin: &str, expose: &[&str]| Rule {
            expose: expose.iter().map(|name| (*name).to_owned()).collect(),
            ..rule(&[origin], &["GET"], &[])
        };
        let told = |rules: &[Rule]| exposure(rules, &asked("https://a.example.com", "GET", &[]));
        let (bare, whole) = (exposing("*", &[]), exposing("*", &["ETag", "X-Cos-Request-Id"]));
        let elsewhere = exposing("https://b.example.com", &["*"]);
        assert_eq!(told(std::slice::from_ref(&elsewhere)), None);
        let headers = whole.expose.clone();
        assert_eq!(told(&[elsewhere, whole.clone()]), Some(Exposure { rule: 2, headers, later: None }));
        assert_eq!(told(&[bare, whole]), Some(Exposure { rule: 1, headers: Vec::new(), later: Some(2) }));
    }
}
