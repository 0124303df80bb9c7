//! The ticket of one failure, and the parts of it that one of many shows too.

use jiff::Timestamp;

use super::meter::Meter;
use super::page::Page;
use super::words::{Words, fill};
use super::{Facts, Who, again, network};
use crate::domain::exchange::{self, Headers, header};
use crate::domain::record::{AnsweredBy, CodeFrom, Record};
use crate::domain::source::Source;
use crate::domain::verdict::Verdict;
use crate::domain::{percent, target, trace_id};
use crate::i18n::Language;
use crate::report::curl;
use crate::text::{checks, facts, verdict};

/// Bytes of response headers that a ticket takes.
const HEADERS_LONGEST: usize = 4096;

/// Writes everything but the end.
pub fn compose<'a>(
    record: &Record,
    often: (usize, usize),
    facts: &Facts,
    words: &'a Words,
    page: &mut Page,
) -> Meter<'a> {
    page.line(&title(record, words));
    summary(record, often, facts.language, words, page);
    if record.request_id.is_some() {
        ids(record, words, page);
        when(record, facts, words, page);
        request(record, words, page);
        result(record, words, page);
        who(facts, words, page);
        network::evidence(record, facts, words, page);
    } else {
        network::evidence(record, facts, words, page);
        network::commands(record, facts, words, page);
        when(record, facts, words, page);
        request(record, words, page);
        result(record, words, page);
        who(facts, words, page);
    }
    tried(record, facts.language, words, page);
    note(record, words, page);
    environment(record, facts, words, page);
    page.heading(&words.repro);
    if let Some(command) = again::command(record) {
        page.block(&command);
        page.line(&words.repro_curl);
    }
    page.block(&curl::line(record));
    Meter::of(record, often, facts, words)
}

/// What came back, in two words: `403 AccessDenied`.
pub fn what(record: &Record) -> String {
    match record.status_code {
        Some(status) => format!("{status} {}", record.shown_code()),
        None => record.shown_code().to_owned(),
    }
}

/// Bucket and region, else the host.
pub fn whereabouts(record: &Record, words: &Words) -> String {
    match (&record.bucket, &record.region) {
        (Some(bucket), Some(region)) => format!("{bucket}{}{region}", words.comma),
        (Some(bucket), None) => bucket.clone(),
        _ => target::host_of(&record.url).to_owned(),
    }
}

fn title(record: &Record, words: &Words) -> String {
    fill(
        &words.title,
        &[
            ("store", &record.dialect.as_str().to_uppercase()),
            ("what", &what(record)),
            ("operation", &record.operation),
            ("where", &whereabouts(record, words)),
            ("time", &record.time.to_string()),
        ],
    )
}

fn summary(record: &Record, often: (usize, usize), language: Language, words: &Words, page: &mut Page) {
    page.heading(&words.summary);
    if record.request_id.is_none() {
        page.line(if record.never_reached() { &words.never_reached } else { &words.no_id });
    }
    page.field(&words.fails, &format!("{} {}", record.method, record.url));
    page.field(&words.expected, &words.expected_value);
    let (code, message) = (record.shown_code(), record.shown_message());
    let got = match record.status_code {
        None => fill(&words.actual_none, &[("code", code), ("message", message)]),
        Some(_) if message.is_empty() => what(record),
        Some(_) => format!("{}{}{message}", what(record), words.colon),
    };
    page.field(&words.actual, &got);
    if let Some(first) = verdicts(record).first() {
        page.field(&words.cause, &verdict_line(first, record, language, words));
    }
    if often.1 > 1 {
        page.field(&words.often, &often_words(&words.often_value, often, record));
    }
    page.field(&words.impact, &words.impact_value);
}

/// Two numbers, filled into a sentence about a record's operation and host.
pub fn often_words(sentence: &str, (failed, total): (usize, usize), record: &Record) -> String {
    let host = target::host_of(&record.url);
    let values = [("failed", &*failed.to_string()), ("total", &total.to_string())];
    fill(sentence, &[values[0], values[1], ("operation", &record.operation), ("host", host)])
}

fn ids(record: &Record, words: &Words, page: &mut Page) {
    page.heading(&words.ids);
    if let Some(id) = &record.request_id {
        page.field("RequestId", &id.value);
        if let (Some(time), Some(node)) = (id.time, &id.node) {
            page.field(&words.received, &fill(&words.received_value, &[("time", &time.to_string()), ("node", node)]));
        }
        if id.masked {
            page.item(&words.masked);
        }
    }
    if let Some(twin) = record.twin.as_ref().and_then(|twin| twin.request_id.as_deref()) {
        page.field(&words.twin_id, twin);
    }
    for (n, attempt) in record.attempts.iter().enumerate() {
        let other = attempt.request_id.as_deref().filter(|id| record.copied_id() != Some(id));
        let of_twin = record.twin.as_ref().is_some_and(|twin| twin.request_id.as_deref() == other);
        if !of_twin {
            page.optional(&fill(&words.attempt_id, &[("n", &(n + 1).to_string())]), other);
        }
    }
    let in_headers = |name: &str| record.headers.as_ref().and_then(|headers| header(headers, name));
    page.optional("TraceId", record.error.trace_id.as_deref().or_else(|| in_headers("x-cos-trace-id")));
    if let Some(site) = trace_id::failure_site_of(record) {
        page.field(&words.site, &fill(&words.site_value, &[("site", &trace_id::short_site(&site))]));
    }
    page.optional("x-amz-id-2", in_headers("x-amz-id-2"));
    for name in ["HostId", "EC"] {
        page.optional(name, record.error.others.get(name).map(String::as_str));
    }
}

/// A time where the asker is, with its zone.
pub fn local(time: Timestamp, facts: &Facts) -> String {
    time.to_zoned(facts.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn when(record: &Record, facts: &Facts, words: &Words, page: &mut Page) {
    page.heading(&words.when);
    page.field(&words.utc, &record.time.to_string());
    page.field(&words.local, &local(record.time, facts));
    let tries = &record.attempts[..record.attempts.len().saturating_sub(usize::from(record.twin.is_some()))];
    if let [first, .., last] = tries {
        page.field(&words.first_last, &format!("{} – {}", first.time, last.time));
    }
    clock(record, words, page);
}

/// How far apart the clocks are, if the answer tells.
pub fn clock(record: &Record, words: &Words, page: &mut Page) {
    let Some((offset, margin)) = clock_offset(record) else { return };
    let sentence = match offset {
        _ if offset.abs() <= margin => &words.clock_same,
        1.. => &words.clock_ahead,
        _ => &words.clock_behind,
    };
    let (seconds, margin) = (offset.abs().to_string(), margin.to_string());
    page.field(&words.clock, &fill(sentence, &[("seconds", &seconds), ("margin", &margin)]));
}

/// Seconds that the store's clock was ahead of this machine's when it answered, and how far that may
/// be wrong: a second for the header's resolution, and half of the round trip.
pub fn clock_offset(record: &Record) -> Option<(i64, i64)> {
    // An imported record's clock is another machine's.
    let headers = record.headers.as_ref().filter(|_| record.source.is_probe())?;
    let date = exchange::date(headers)?;
    #[expect(clippy::cast_possible_truncation, reason = "half a round trip in milliseconds, clamped far below")]
    let half = (record.timing.total_ms / 2.0).clamp(0.0, 1e9) as i64;
    let here = Timestamp::from_millisecond(record.time.as_millisecond().checked_add(half)?).ok()?;
    Some((date.as_second() - here.as_second(), 1 + (half + 999) / 1000))
}

/// The request, as far as it tells two of a kind apart.
pub fn request(record: &Record, words: &Words, page: &mut Page) {
    page.heading(&words.what);
    page.field(&words.operation, &format!("{} ({})", record.operation, record.method));
    page.field("URL", &record.url);
    page.field(&words.host, target::host_of(&record.url));
    page.optional(&words.bucket, record.bucket.as_deref());
    page.optional(&words.region, record.region.as_deref());
    if let Some(key) = &record.key {
        page.field(&words.key, key);
        let encoded = percent::path(key);
        page.optional(&words.key_encoded, Some(encoded.as_str()).filter(|encoded| encoded != key));
    }
    let query = record.url.split_once('?').map_or("", |(_, query)| query);
    let version = percent::query_pairs(query).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("versionId"));
    page.optional(&words.version_id, version.as_ref().map(|(_, id)| id.as_str()));
    let classes = ["x-cos-storage-class", "x-amz-storage-class"];
    let class = classes.iter().find_map(|name| header(&record.request.headers, name));
    page.optional(&words.storage_class, class);
}

/// The answer with its headers and the beginning of its body.
pub fn result(record: &Record, words: &Words, page: &mut Page) {
    page.heading(&words.result);
    let status = record.status_code.map_or_else(|| words.status_none.clone(), |status| status.to_string());
    page.field(&words.status, &status);
    let code = record.shown_code();
    match record.code_from {
        CodeFrom::GetTwin => page.field(&words.code, &fill(&words.code_from_get, &[("code", code)])),
        _ => page.field(&words.code, code),
    }
    page.optional(&words.message, Some(record.shown_message()));
    page.optional(&words.resource, record.error.resource.as_deref());
    page.optional(&words.recommend, record.error.others.get("RecommendDoc").map(String::as_str));
    if record.answered_by == AnsweredBy::Other {
        page.field(&words.answered_by, &words.answered_by_other);
    }
    if let Some(headers) = record.headers.as_ref().filter(|headers| !headers.is_empty()) {
        page.item(&words.headers);
        header_block(headers, words, page);
    }
    if let Some(body) = record.body.as_deref().filter(|body| !body.trim().is_empty()) {
        page.item(&words.body);
        page.body(body, record.body_bytes, &words.body_cut);
    }
}

fn header_block(headers: &Headers, words: &Words, page: &mut Page) {
    let mut left = HEADERS_LONGEST;
    for (n, (name, value)) in headers.iter().enumerate() {
        let Some(rest) = left.checked_sub(name.len() + value.len()) else {
            page.block(&fill(&words.headers_cut, &[("n", &(headers.len() - n).to_string())]));
            return;
        };
        left = rest;
        page.block(&crate::text::sanitize::sanitize(&format!("{name}: {value}")));
    }
}

/// Who asked.
pub fn who(facts: &Facts, words: &Words, page: &mut Page) {
    let Some(who) = &facts.who else { return };
    page.heading(&words.who);
    let value = match who {
        Who::Signed { id, temporary, source } => {
            let sentence = if *temporary { &words.signed_temporary } else { &words.signed_permanent };
            fill(sentence, &[("id", id), ("source", source)])
        }
        Who::Unsigned => words.unsigned.clone(),
        Who::Carried => words.carried.clone(),
    };
    page.field(&words.credentials, &value);
}

fn verdicts(record: &Record) -> &[Verdict] {
    record.diagnosis.as_ref().map_or(&[], |diagnosis| &diagnosis.verdicts)
}

/// A verdict in one line.
pub fn verdict_line(verdict: &Verdict, record: &Record, language: Language, words: &Words) -> String {
    let summary = verdict::summary(verdict, record, language);
    let sure = words.sure(verdict.confidence);
    fill(&words.verdict, &[("summary", summary.as_str()), ("cause", verdict.cause.as_str()), ("confidence", sure)])
}

fn tried(record: &Record, language: Language, words: &Words, page: &mut Page) {
    page.heading(&words.tried);
    if verdicts(record).is_empty() {
        page.item(&words.nothing_tried);
    }
    for verdict in verdicts(record) {
        page.item(&verdict_line(verdict, record, language, words));
        for evidence in &verdict.evidence {
            let (fact, from) = (facts::fact(&evidence.fact, language), facts::source(&evidence.from, language));
            let values = [("fact", fact.as_str()), ("from", &from)];
            page.block(&crate::text::sanitize::sanitize(&fill(&words.evidence, &values)));
        }
    }
    for check in record.diagnosis.iter().flat_map(|diagnosis| &diagnosis.checks) {
        let (changed, outcome) = (checks::change(&check.changed, language), checks::outcome(&check.outcome, language));
        let values = [("check", check.kind.as_str()), ("changed", &changed), ("outcome", &outcome)];
        let id = check.request_id.as_deref().map(|id| format!("  {id}")).unwrap_or_default();
        page.item(&format!("{}{id}", fill(&words.check, &values)));
    }
    for remark in &record.remarks {
        page.item(remark);
    }
}

/// The person's note.
pub fn note(record: &Record, words: &Words, page: &mut Page) {
    if let Some(note) = &record.note {
        page.heading(&words.note);
        page.block(note);
    }
}

/// What sent it, or where it was read.
pub fn environment(record: &Record, facts: &Facts, words: &Words, page: &mut Page) {
    let source = match &record.source {
        Source::Probe => words.source_probe.clone(),
        other @ Source::Import { .. } => fill(&words.source_import, &[("source", &other.to_string())]),
    };
    page.heading(&words.environment);
    page.item(&fill(
        &words.environment_value,
        &[
            ("version", &facts.version),
            ("os", &facts.os),
            ("arch", &facts.arch),
            ("profile", &record.profile),
            ("dialect", record.dialect.as_str()),
            ("source", &source),
        ],
    ));
}
