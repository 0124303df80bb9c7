//! The ticket of one failure, and the parts of it that one of many shows too.

use jiff::Timestamp;

use super::checklist::Checklist;
use super::facts::{Facts, Who};
use super::strings::{Strings, fill};
use super::writer::Writer;
use super::{again, network, store_clock};
use crate::domain::exchange::{Headers, header};
use crate::domain::record::{AnsweredBy, CodeFrom, Record};
use crate::domain::source::Source;
use crate::domain::verdict::Verdict;
use crate::domain::{percent, target, trace_id};
use crate::i18n::{Language, Localize};
use crate::report::curl;
use crate::text::{cells, checks, facts, verdict};

/// Bytes of response headers that a ticket takes.
const HEADERS_LONGEST: usize = 4096;

/// Writes everything but the end.
pub fn compose<'a>(
    record: &Record,
    often: (usize, usize),
    facts: &Facts,
    strings: &'a Strings,
    writer: &mut Writer,
) -> Checklist<'a> {
    writer.line(&title(record, strings));
    summary(record, often, facts.language, strings, writer);
    if record.request_id.is_some() {
        ids(record, strings, writer);
        when(record, facts, strings, writer);
        request(record, strings, writer);
        result(record, facts.language, strings, writer);
        who(facts, strings, writer);
        network::evidence(record, facts, strings, writer);
    } else {
        network::evidence(record, facts, strings, writer);
        network::commands(record, strings, writer);
        when(record, facts, strings, writer);
        request(record, strings, writer);
        result(record, facts.language, strings, writer);
        who(facts, strings, writer);
    }
    tried(record, facts.language, strings, writer);
    note(record, strings, writer);
    environment(record, strings, writer);
    writer.heading(&strings.repro);
    if let Some(command) = again::command(record) {
        writer.block(&command);
        writer.line(&strings.repro_curl);
    }
    writer.block(&curl::line(record));
    Checklist::of(record, often, facts, strings)
}

/// What came back, in two words: `403 AccessDenied`.
pub fn what(record: &Record) -> String {
    match record.status_code {
        Some(status) => format!("{status} {}", record.shown_code()),
        None => record.shown_code().to_owned(),
    }
}

/// Bucket and region, else the host.
pub fn whereabouts(record: &Record, strings: &Strings) -> String {
    match (&record.bucket, &record.region) {
        (Some(bucket), Some(region)) => format!("{bucket}{}{region}", strings.comma),
        (Some(bucket), None) => bucket.clone(),
        _ => target::host_of(&record.url).to_owned(),
    }
}

fn title(record: &Record, strings: &Strings) -> String {
    fill(
        &strings.title,
        &[
            ("store", &record.dialect.as_str().to_uppercase()),
            ("what", &what(record)),
            ("operation", &record.operation),
            ("where", &whereabouts(record, strings)),
            ("time", &record.time.to_string()),
        ],
    )
}

fn summary(record: &Record, often: (usize, usize), language: Language, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.summary);
    if record.request_id.is_none() {
        writer.line(if record.never_reached() { &strings.never_reached } else { &strings.no_id });
    }
    writer.field(&strings.fails, &format!("{} {}", record.method, record.url));
    writer.field(&strings.expected, &strings.expected_value);
    let (code, message) = (record.shown_code(), cells::message(record, language));
    let got = match record.status_code {
        None => fill(&strings.actual_none, &[("code", code), ("message", &*message)]),
        Some(_) if message.is_empty() => what(record),
        Some(_) => format!("{}{}{message}", what(record), strings.colon),
    };
    writer.field(&strings.actual, &got);
    if let Some(first) = verdicts(record).first() {
        writer.field(&strings.cause, &verdict_line(first, record, language, strings));
    }
    if often.1 > 1 {
        writer.field(&strings.often, &often_words(&strings.often_value, often, record));
    }
    writer.field(&strings.impact, &strings.impact_value);
}

/// Two numbers, filled into a sentence about a record's operation and host.
pub fn often_words(sentence: &str, (failed, total): (usize, usize), record: &Record) -> String {
    let host = target::host_of(&record.url);
    let values = [("failed", &*failed.to_string()), ("total", &total.to_string())];
    fill(sentence, &[values[0], values[1], ("operation", &record.operation), ("host", host)])
}

fn ids(record: &Record, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.ids);
    if let Some(id) = &record.request_id {
        writer.field("RequestId", &id.value);
        if let (Some(time), Some(node)) = (id.time, &id.node) {
            writer.field(
                &strings.received,
                &fill(&strings.received_value, &[("time", &time.to_string()), ("node", node)]),
            );
        }
        if id.masked {
            writer.item(&strings.masked);
        }
    }
    if let Some(twin) = record.twin.as_ref().and_then(|twin| twin.request_id.as_deref()) {
        writer.field(&strings.twin_id, twin);
    }
    for (n, attempt) in record.attempts.iter().enumerate() {
        let other = attempt.request_id.as_deref().filter(|id| record.copied_id() != Some(id));
        let of_twin = record.twin.as_ref().is_some_and(|twin| twin.request_id.as_deref() == other);
        if !of_twin {
            writer.optional(&fill(&strings.attempt_id, &[("n", &(n + 1).to_string())]), other);
        }
    }
    let in_headers = |name: &str| record.headers.as_ref().and_then(|headers| header(headers, name));
    writer.optional("TraceId", record.error.trace_id.as_deref().or_else(|| in_headers("x-cos-trace-id")));
    if let Some(site) = trace_id::failure_site_of(record) {
        writer.field(&strings.site, &fill(&strings.site_value, &[("site", &trace_id::short_site(&site))]));
    }
    writer.optional("x-amz-id-2", in_headers("x-amz-id-2"));
    for name in ["HostId", "EC"] {
        writer.optional(name, record.error.others.get(name).map(String::as_str));
    }
}

/// A time where the asker is, with its zone.
pub fn local(time: Timestamp, facts: &Facts) -> String {
    time.to_zoned(facts.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn when(record: &Record, facts: &Facts, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.when);
    writer.field(&strings.utc, &record.time.to_string());
    writer.field(&strings.local, &local(record.time, facts));
    let tries = &record.attempts[..record.attempts.len().saturating_sub(usize::from(record.twin.is_some()))];
    if let [first, .., last] = tries {
        writer.field(&strings.first_last, &format!("{} – {}", first.time, last.time));
    }
    clock(record, strings, writer);
}

/// How far apart the clocks are, if the answer tells.
pub fn clock(record: &Record, strings: &Strings, writer: &mut Writer) {
    let Some((offset, margin)) = store_clock::ahead(record) else { return };
    let sentence = match offset {
        _ if offset.abs() <= margin => &strings.clock_same,
        1.. => &strings.clock_ahead,
        _ => &strings.clock_behind,
    };
    let (seconds, margin) = (offset.abs().to_string(), margin.to_string());
    writer.field(&strings.clock, &fill(sentence, &[("seconds", &seconds), ("margin", &margin)]));
}

/// The request, as far as it tells two of a kind apart.
pub fn request(record: &Record, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.what);
    writer.field(&strings.operation, &format!("{} ({})", record.operation, record.method));
    writer.field("URL", &record.url);
    writer.field(&strings.host, target::host_of(&record.url));
    writer.optional(&strings.bucket, record.bucket.as_deref());
    writer.optional(&strings.region, record.region.as_deref());
    if let Some(key) = &record.key {
        writer.field(&strings.key, key);
        let encoded = percent::path(key);
        writer.optional(&strings.key_encoded, Some(encoded.as_str()).filter(|encoded| encoded != key));
    }
    let query = record.url.split_once('?').map_or("", |(_, query)| query);
    let version = percent::query_pairs(query).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("versionId"));
    writer.optional(&strings.version_id, version.as_ref().map(|(_, id)| id.as_str()));
    let classes = ["x-cos-storage-class", "x-amz-storage-class"];
    let class = classes.iter().find_map(|name| header(&record.request.headers, name));
    writer.optional(&strings.storage_class, class);
}

/// The answer with its headers and the beginning of its body.
pub fn result(record: &Record, language: Language, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.result);
    let status = record.status_code.map_or_else(|| strings.status_none.clone(), |status| status.to_string());
    writer.field(&strings.status, &status);
    let code = record.shown_code();
    match record.code_from {
        CodeFrom::GetTwin => writer.field(&strings.code, &fill(&strings.code_from_get, &[("code", code)])),
        _ => writer.field(&strings.code, code),
    }
    writer.optional(&strings.message, Some(&*cells::message(record, language)));
    writer.optional(&strings.resource, record.error.resource.as_deref());
    writer.optional(&strings.recommend, record.error.others.get("RecommendDoc").map(String::as_str));
    if record.answered_by == AnsweredBy::Other {
        writer.field(&strings.answered_by, &strings.answered_by_other);
    }
    if let Some(headers) = record.headers.as_ref().filter(|headers| !headers.is_empty()) {
        writer.item(&strings.headers);
        header_block(headers, strings, writer);
    }
    if let Some(body) = record.body.as_deref().filter(|body| !body.trim().is_empty()) {
        writer.item(&strings.body);
        writer.body(body, record.body_bytes, &strings.body_cut);
    }
}

fn header_block(headers: &Headers, strings: &Strings, writer: &mut Writer) {
    let mut left = HEADERS_LONGEST;
    for (n, (name, value)) in headers.iter().enumerate() {
        let Some(rest) = left.checked_sub(name.len() + value.len()) else {
            writer.block(&fill(&strings.headers_cut, &[("n", &(headers.len() - n).to_string())]));
            return;
        };
        left = rest;
        writer.block(&crate::text::sanitize::sanitize(&format!("{name}: {value}")));
    }
}

/// Who asked.
pub fn who(facts: &Facts, strings: &Strings, writer: &mut Writer) {
    let Some(who) = &facts.who else { return };
    writer.heading(&strings.who);
    let value = match who {
        Who::Signed { id, temporary, source } => {
            let sentence = if *temporary { &strings.signed_temporary } else { &strings.signed_permanent };
            fill(sentence, &[("id", id), ("source", source)])
        }
        Who::Unsigned => strings.unsigned.clone(),
        Who::Carried => strings.carried.clone(),
    };
    writer.field(&strings.credentials, &value);
}

fn verdicts(record: &Record) -> &[Verdict] {
    record.diagnosis.as_ref().map_or(&[], |diagnosis| &diagnosis.verdicts)
}

/// A verdict in one line.
pub fn verdict_line(verdict: &Verdict, record: &Record, language: Language, strings: &Strings) -> String {
    let summary = verdict::summary(verdict, record, language);
    let sure = strings.sure(verdict.confidence);
    fill(&strings.verdict, &[("summary", summary.as_str()), ("cause", verdict.cause.as_str()), ("confidence", sure)])
}

fn tried(record: &Record, language: Language, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.tried);
    if verdicts(record).is_empty() {
        writer.item(&strings.nothing_tried);
    }
    for verdict in verdicts(record) {
        writer.item(&verdict_line(verdict, record, language, strings));
        for evidence in &verdict.evidence {
            let (fact, from) = (facts::fact(&evidence.fact, language), facts::source(&evidence.from, language));
            let values = [("fact", fact.as_str()), ("from", &from)];
            writer.block(&crate::text::sanitize::sanitize(&fill(&strings.evidence, &values)));
        }
    }
    for check in record.diagnosis.iter().flat_map(|diagnosis| &diagnosis.checks) {
        let (changed, outcome) = (checks::change(&check.changed, language), checks::outcome(&check.outcome, language));
        let values = [("check", check.kind.as_str()), ("changed", &changed), ("outcome", &outcome)];
        let id = check.request_id.as_deref().map(|id| format!("  {id}")).unwrap_or_default();
        writer.item(&format!("{}{id}", fill(&strings.check, &values)));
    }
    for remark in &record.remarks {
        writer.item(&remark.localize(language));
    }
}

/// The person's note.
pub fn note(record: &Record, strings: &Strings, writer: &mut Writer) {
    if let Some(note) = &record.note {
        writer.heading(&strings.note);
        writer.block(note);
    }
}

/// What sent it, or where it was read.
pub fn environment(record: &Record, strings: &Strings, writer: &mut Writer) {
    let source = match &record.source {
        Source::Probe => strings.source_probe.clone(),
        other @ Source::Import { .. } => fill(&strings.source_import, &[("source", &other.to_string())]),
    };
    writer.heading(&strings.environment);
    writer.item(&fill(
        &strings.environment_value,
        &[
            ("version", env!("CARGO_PKG_VERSION")),
            ("os", std::env::consts::OS),
            ("arch", std::env::consts::ARCH),
            ("profile", &record.profile),
            ("dialect", record.dialect.as_str()),
            ("source", &source),
        ],
    ));
}
