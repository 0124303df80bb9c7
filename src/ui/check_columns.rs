//! The columns of the truth table: what was changed, the answer, what follows from it, the RequestId.

use std::borrow::Cow;

use ratatui::text::{Line, Span};

use super::row_columns::Format;
use super::widget::grid::{Grid, GridColumn};
use crate::domain::check::{Check, CheckKind, CheckOutcome};
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::severity::Severity;
use crate::domain::verdict::{Confidence, CorsRule, Diagnosis};
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::{checks, facts, shorten};

/// From this width on the checks are a table; below, each has a second line for its id.
const TABLE: usize = 92;

/// Columns of a shortened RequestId.
const ID: usize = 17;

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was answered.
    Answered,
    /// It is being waited for.
    Waits,
    /// It was planned and not sent.
    NotSent,
}

/// A check as it is shown.
pub struct Row<'a> {
    /// The check.
    pub check: &'a Check,
    /// How far it has come.
    pub state: State,
}

/// The checks of a diagnosis, then those that were planned and never sent.
#[must_use]
pub fn rows<'a>(diagnosis: &'a Diagnosis, planned: &'a [Check]) -> Vec<Row<'a>> {
    let done = diagnosis.checks.iter().map(|check| {
        let state = if check.waits() { State::Waits } else { State::Answered };
        Row { check, state }
    });
    let dropped = planned.iter().filter(|planned| !diagnosis.checks.iter().any(|check| check.is_same(planned)));
    done.chain(dropped.map(|check| Row { check, state: State::NotSent })).collect()
}

/// Whether there is room for a table.
#[must_use]
pub fn is_table(columns: usize) -> bool {
    columns >= TABLE
}

/// The rows as cells of the one table.
#[must_use]
pub fn grid(rows: &[Row<'_>], diagnosis: &Diagnosis, columns: usize, format: Format<'_>) -> Grid {
    let (theme, glyphs, language) = (format.theme, format.glyphs, format.language);
    let title = |words: Cow<'static, str>, least| GridColumn { title: words.into_owned(), least };
    let mut heads = vec![
        // The mark stands before the words.
        title(format!("  {}", tell!(language, "One thing changed")).into(), 14),
        title(tell!(language, "Answer"), 12),
        title(tell!(language, "So"), 10),
    ];
    if is_table(columns) {
        heads.push(title("RequestId".into(), ID));
    }
    let ids = || rows.iter().filter_map(|row| row.check.request_id.as_deref());
    let tail = shorten::tail_of(ids());
    let cells = |row: &Row<'_>| {
        let style = if row.state == State::Answered { theme.text } else { theme.quiet };
        let (sign, sign_style) = mark(row, format);
        let changed = Line::from(vec![
            Span::styled(format!("{sign} "), sign_style),
            Span::styled(glyphs.plain(&sanitize(&checks::change(&row.check.changed, language))), style),
        ]);
        let so = so(row, diagnosis, language).unwrap_or_default();
        let mut cells = vec![
            changed,
            Line::styled(glyphs.plain(&short_answer(row, language)), style),
            Line::styled(glyphs.plain(&so), style),
        ];
        if let Some(id) = row.check.request_id.as_deref().filter(|_| is_table(columns)) {
            let (first, last) = shorten::request_id(&sanitize(id), ID, tail);
            cells.push(Line::from(vec![Span::styled(first, theme.quiet), Span::styled(last, theme.text)]));
        }
        cells
    };
    let left = usize::from(is_table(columns));
    Grid::new(&heads, rows.iter().map(cells).collect(), (left, columns.saturating_sub(left)), glyphs)
}

/// What came of it, in a few words.
#[must_use]
pub fn answer(row: &Row<'_>, language: Language) -> String {
    match row.state {
        State::Waits | State::Answered => {
            sanitize(&checks::outcome_parts(&row.check.outcome, language).join(" · ")).into_owned()
        }
        State::NotSent => tell!(language, "not sent").into_owned(),
    }
}

/// The column So says where a bucket is; the response is enough here.
fn short_answer(row: &Row<'_>, language: Language) -> String {
    match &row.check.outcome {
        CheckOutcome::Buckets { response, .. } if row.state == State::Answered => checks::short(response, language),
        _ => answer(row, language),
    }
}

/// The mark of what was answered: `✓` where the change made it work.
fn mark(row: &Row<'_>, format: Format<'_>) -> (&'static str, ratatui::style::Style) {
    match row.state {
        State::Waits => (format.glyphs.waits, format.theme.quiet),
        State::NotSent => (format.glyphs.severity(Severity::NotSet), format.theme.quiet),
        State::Answered => {
            let severity = severity(row.check);
            (format.glyphs.severity(severity), format.theme.severity(severity))
        }
    }
}

/// The severity of an answer.
fn severity(check: &Check) -> Severity {
    if check.succeeded {
        return Severity::Ok;
    }
    if check.kind == CheckKind::RegionSweep {
        return Severity::Client;
    }
    let Some(response) = check.outcome.response() else { return Severity::Network };
    match response.status {
        Some(_) if response.other_server => Severity::Other,
        Some(500..) => Severity::Server,
        Some(200..300) => Severity::Ok,
        Some(_) => Severity::Client,
        None => Severity::Network,
    }
}

/// What follows from an answer: the evidence that names the check, without the answer itself.
#[must_use]
pub fn so(row: &Row<'_>, diagnosis: &Diagnosis, language: Language) -> Option<String> {
    let check = row.check;
    match row.state {
        State::Waits => return None,
        State::NotSent => {
            let is_certain = diagnosis.verdicts.first().is_some_and(|first| first.confidence == Confidence::Certain);
            return is_certain.then(|| tell!(language, "not needed any more").into_owned());
        }
        State::Answered => {}
    }
    if let Some(cors) = diagnosis.cors.as_ref().filter(|_| check.kind == CheckKind::Preflight) {
        let fitting = cors.rules.iter().position(CorsRule::fits);
        return Some(match fitting {
            Some(place) => tell!(language, "rule %{number} matches", number = place + 1).into_owned(),
            None => tell!(language, "no rule matches").into_owned(),
        });
    }
    let evidence = diagnosis.verdicts.iter().flat_map(|verdict| &verdict.evidence);
    let mut own = evidence.filter(|evidence| evidence.from == EvidenceSource::Check(check.kind));
    own.find_map(|evidence| conclusion(&evidence.fact, language))
}

/// A fact without the response; `None` when it is nothing but the change and the response.
fn conclusion(fact: &Fact, language: Language) -> Option<String> {
    facts::conclusion(fact, language).map(|words| sanitize(&words).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::{Change, FromAddress, ShortResponse};

    #[test]
    fn marks_follow_the_response() {
        let response = |status, code: Option<&str>, other_server| ShortResponse {
            status,
            code: code.map(str::to_owned),
            other_server,
        };
        let one = |status, code, other| CheckOutcome::Response(response(status, code, other));
        let refused = FromAddress { address: None, response: response(Some(403), Some("AccessDenied"), false) };
        for (kind, outcome, wanted) in [
            (CheckKind::Anonymous, one(Some(404), Some("NoSuchBucket"), false), Severity::Client),
            (CheckKind::Anonymous, one(Some(503), Some("SlowDown"), false), Severity::Server),
            (CheckKind::Direct, one(None, Some("ETIMEDOUT"), false), Severity::Network),
            (CheckKind::Direct, one(Some(502), None, true), Severity::Other),
            (CheckKind::EachAddress, CheckOutcome::Addresses(vec![refused]), Severity::Client),
            (CheckKind::RegionSweep, CheckOutcome::NothingSent, Severity::Client),
        ] {
            let changed = Change::NoSignature;
            let check = Check { kind, changed, outcome, succeeded: false, request_id: None, exchange: None };
            assert_eq!(severity(&check), wanted, "{check:?}");
        }
    }
}
