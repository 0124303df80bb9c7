//! The text of the detail, made once for a record, a tab and a width.

mod body;
mod checks;
mod cors;
mod layout;
mod sign;
mod timing;
mod why;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::text::Line;

pub use layout::Layout;

use super::found::Joints;
use super::model::{GroupOfDetail, Stop, Tab};
use super::row_columns::{self, Format};
use super::text_lines::{NAME, TextLines};
use crate::domain::exchange::{Headers, header};
use crate::domain::record::{AnsweredBy, Outcome, Record};
use crate::domain::severity::Severity;
use crate::domain::trace_id;
use crate::i18n::{Localize, tell};
use crate::report::curl;
use crate::text::cells;
use crate::text::sanitize::sanitize;

/// A tab's text.
pub struct Text {
    /// What is pinned above it.
    pub pinned: Vec<Line<'static>>,
    /// The lines that scroll.
    pub lines: Vec<Line<'static>>,
    /// Which of them go on with the one before.
    pub joints: Joints,
    /// The parts of them that can be selected.
    pub stops: Vec<Stop>,
}

/// Makes a tab's text.
#[must_use]
pub fn text(record: &Record, group: Option<&GroupOfDetail>, tab: Tab, layout: Layout<'_>, format: Format<'_>) -> Text {
    let mut text = TextLines::new(layout.columns, format);
    text.unwrapped = layout.unwrapped;
    let pinned = match tab {
        Tab::Why | Tab::Sign => why::sentence(record, layout.columns, format),
        Tab::Checks => why::with_former(record, layout.columns, format),
        _ => Vec::new(),
    };
    match tab {
        Tab::Why => why::lines(record, group, layout.unfolded, &mut text),
        Tab::Headers => headers(record, &mut text),
        Tab::Body => body(record, layout.raw_body, &mut text),
        Tab::Request => request(record, &mut text),
        Tab::Timing => timing::lines(record, &mut text),
        Tab::Checks => checks::lines(record, layout, &mut text),
        Tab::Sign => sign::lines(record, &mut text),
    }
    Text { pinned, lines: text.lines, joints: text.joints, stops: text.stops }
}

fn headers(record: &Record, text: &mut TextLines<'_>) {
    let time_zone = text.format.time_zone;
    let language = text.format.language;
    let status = record.status_code.unwrap_or(0);
    let style = text.format.theme.severity(Severity::of(record));
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("");
    let first = match record.status_code {
        Some(status) => format!("{status} {reason}"),
        None => tell!(language, "no answer").into_owned(),
    };
    let code = match record.outcome {
        Outcome::Success => String::new(),
        _ => format!("  {}", row_columns::code(record.shown_code(), language)),
    };
    text.lines.push(Line::styled(format!("{first}{code}"), style.patch(text.format.theme.strong)));
    if record.error.message.is_some() {
        text.words(&cells::message(record, language), text.format.theme.text);
    }
    for remark in &record.remarks {
        text.words(&remark.localize(language), text.format.theme.warn);
    }
    text.gap();
    if let Some(id) = &record.request_id {
        if let Some(time) = id.time {
            let time = local(time, time_zone);
            text.field("RequestId", &tell!(language, "received %{time} (inferred from the id)", time = time), NAME);
        }
        if id.masked {
            let words = tell!(language, "its end is hidden by asterisks: support needs the whole RequestId");
            text.field("RequestId", &words, NAME);
        }
    }
    let in_headers = record.headers.as_ref().is_some_and(|headers| header(headers, "x-cos-trace-id").is_some());
    if let Some(trace) = record.error.trace_id.as_ref().filter(|_| !in_headers) {
        text.field("TraceId", trace, NAME);
    }
    if let Some(site) = trace_id::failure_site_of(record) {
        let site = trace_id::short_site(&site);
        let value = tell!(language, "%{site} in the store's code (inferred from the TraceId)", site = site);
        text.field(&tell!(language, "Site"), &value, NAME);
    }
    text.field(&tell!(language, "Request"), &format!("{} {}", record.method, record.target()), NAME);
    if let Some(remote) = &record.remote {
        text.field(&tell!(language, "From"), remote, NAME);
    }
    text.gap();
    match &record.headers {
        Some(headers) if !headers.is_empty() => header_stops(headers, text),
        Some(_) => text.words(&tell!(language, "The response has no headers."), text.format.theme.quiet),
        None => text.words(&tell!(language, "No status line and no headers arrived."), text.format.theme.quiet),
    }
}

/// Headers that hold an id: they stand first.
const IDS: [&str; 5] = ["x-cos-request-id", "x-cos-trace-id", "x-amz-request-id", "x-amz-id-2", "x-ci-request-id"];

/// The headers, ids first; each can be selected, and `y` copies its value.
fn header_stops(headers: &Headers, text: &mut TextLines<'_>) {
    let longest = headers.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(24);
    let is_id = |name: &str| IDS.iter().any(|id| name.eq_ignore_ascii_case(id));
    let (ids, others): (Vec<_>, Vec<_>) = headers.iter().partition(|(name, _)| is_id(name));
    for (name, value) in ids.into_iter().chain(others) {
        let start = text.lines.len();
        text.field(name, value, longest + 1);
        text.stop(start, Some((sanitize(name).into_owned(), value.clone())));
    }
}

fn local(time: Timestamp, time_zone: &TimeZone) -> String {
    time.to_zoned(time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn body(record: &Record, raw: bool, text: &mut TextLines<'_>) {
    let language = text.format.language;
    let Some(body) = &record.body else {
        let words = match (record.outcome, record.answered_by) {
            (Outcome::Success, _) if record.method == "GET" => {
                tell!(language, "The body was the object's data or empty; cosdiag does not keep it.")
            }
            (_, AnsweredBy::Nobody) => tell!(language, "No response arrived."),
            _ if record.method == "HEAD" => tell!(language, "A response to HEAD has no body."),
            _ => tell!(language, "The body was empty."),
        };
        text.words(&words, text.format.theme.quiet);
        return;
    };
    body::document(body, raw, text);
    if record.body_truncated {
        text.gap();
        let bytes = record.body_bytes;
        let words = tell!(language, "%{n} bytes arrived; the beginning is shown.", n = bytes);
        text.words(&words, text.format.theme.warn);
    }
}

fn request(record: &Record, text: &mut TextLines<'_>) {
    let language = text.format.language;
    let method = &record.method;
    text.words(&format!("{method} {}", record.url), text.format.theme.strong);
    text.gap();
    text.header_fields(&record.request.headers);
    text.gap();
    if let Some(canonical) = &record.request.canonical_request {
        text.heading(&tell!(language, "Signed (canonical request)"));
        text.block(canonical.trim_end_matches('\n'));
        text.gap();
        text.heading(&tell!(language, "String to sign"));
        text.block(record.request.string_to_sign.as_deref().unwrap_or_default().trim_end_matches('\n'));
    } else {
        text.words(&tell!(language, "cosdiag did not sign this request."), text.format.theme.quiet);
    }
    text.gap();
    text.heading(&tell!(language, "curl · Y c copies it"));
    text.block(&curl::line(record));
}
