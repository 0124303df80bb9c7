//! The columns of the truth table: what was changed, the answer, what follows from it, the RequestId.

use std::borrow::Cow;

use ratatui::text::{Line, Span};

use super::row_columns::Format;
use super::widget::grid::{Grid, GridColumn};
use crate::domain::check::CheckKind;
use crate::domain::severity::Severity;
use crate::domain::verdict::{Check, Confidence, CorsRule, Diagnosis};
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::shorten;

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
            Span::styled(glyphs.plain(&changed(row.check, language)), style),
        ]);
        let so = so(row, diagnosis, language).unwrap_or_default();
        let mut cells = vec![
            changed,
            Line::styled(glyphs.plain(short_answer(row, &answer(row, language))), style),
            Line::styled(glyphs.plain(&so), style),
        ];
        if let Some(id) = row.check.request_id.as_deref().filter(|_| is_table(columns)) {
            let (first, last) = shorten::request_id(&sanitize(id), ID, tail);
            cells.push(Line::from(vec![
                Span::styled(glyphs.plain_cut(&first), theme.quiet),
                Span::styled(last, theme.text),
            ]));
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
        State::Waits => row.check.outcome.clone(),
        State::NotSent => tell!(language, "not sent").into_owned(),
        State::Answered => {
            let outcome = sanitize(&row.check.outcome).into_owned();
            match outcome.split_once(", ") {
                Some((status, more)) if is_status(status) => format!("{status} · {more}"),
                _ => outcome,
            }
        }
    }
}

/// Where a bucket is stands in what follows; beside it the count of all is enough.
fn short_answer<'a>(row: &Row<'_>, answer: &'a str) -> &'a str {
    match row.check.kind {
        CheckKind::ServiceList => answer.split(['，', ',']).next().unwrap_or(answer),
        _ => answer,
    }
}

fn is_status(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit())
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

/// The severity of an answer, by the status that its words hold.
fn severity(check: &Check) -> Severity {
    if check.succeeded {
        return Severity::Ok;
    }
    if check.kind == CheckKind::RegionSweep {
        return Severity::Client;
    }
    let outcome = check.outcome.as_str();
    // `502, not the store` has no Code behind its status.
    let first = outcome.get(..3).filter(|first| is_status(first)).unwrap_or_default();
    let is_other = |language| outcome == tell!(language, "%{status}, not the store", status = first);
    if [Language::En, Language::Zh].into_iter().any(is_other) {
        return Severity::Other;
    }
    let status = outcome.split([' ', ',', '，']).find(|word| is_status(word)).and_then(|word| word.chars().next());
    match status {
        Some('5') => Severity::Server,
        Some('2') => Severity::Ok,
        Some(_) => Severity::Client,
        None => Severity::Network,
    }
}

/// What was changed, in words for people; where a kind of check has several, its own words.
#[must_use]
pub fn changed(check: &Check, language: Language) -> Cow<'static, str> {
    match check.kind {
        CheckKind::GetTwin => tell!(language, "GET instead of HEAD"),
        CheckKind::Versions => tell!(language, "every version of this key"),
        CheckKind::OtherScheme if check.changed.contains("https -> http") => tell!(language, "http instead of https"),
        CheckKind::OtherScheme => tell!(language, "https instead of http"),
        CheckKind::Preflight if check.changed.contains("?cors") => tell!(language, "the CORS rules"),
        CheckKind::Preflight | CheckKind::Referer => Cow::Owned(sanitize(&check.changed).into_owned()),
        other => kind(other, language),
    }
}

/// A kind of check in words, where they say it without the request's own.
#[must_use]
pub fn kind(kind: CheckKind, language: Language) -> Cow<'static, str> {
    match kind {
        CheckKind::Anonymous => tell!(language, "no signature"),
        CheckKind::ServiceList => tell!(language, "the list of buckets"),
        CheckKind::RegionSweep => tell!(language, "every region"),
        CheckKind::ClockCorrected => tell!(language, "the corrected time"),
        CheckKind::BackupDomain => tell!(language, "the backup domain"),
        CheckKind::VirtualHost => tell!(language, "the bucket in the host"),
        CheckKind::Direct => tell!(language, "no proxy"),
        CheckKind::EachAddress => tell!(language, "each address"),
        CheckKind::WithoutToken => tell!(language, "no session token"),
        CheckKind::Referer => tell!(language, "another Referer"),
        CheckKind::Preflight => tell!(language, "the CORS rules"),
        CheckKind::GetTwin => tell!(language, "GET instead of HEAD"),
        CheckKind::Versions => tell!(language, "every version of this key"),
        CheckKind::OtherScheme => tell!(language, "the other scheme"),
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
            return is_certain.then(|| tell!(language, "settled without it").into_owned());
        }
        State::Answered => {}
    }
    if let Some(cors) = diagnosis.cors.as_ref().filter(|_| check.kind == CheckKind::Preflight) {
        let fitting = cors.rules.iter().position(CorsRule::fits);
        return Some(match fitting {
            Some(place) => tell!(language, "rule %{number} fits", number = place + 1).into_owned(),
            None => tell!(language, "no rule fits").into_owned(),
        });
    }
    let evidence = diagnosis.verdicts.iter().flat_map(|verdict| &verdict.evidence);
    let named = |from: &str| from.split_whitespace().last() == Some(check.kind.as_str());
    let mut facts = evidence.filter(|evidence| named(&evidence.from)).map(|evidence| sanitize(&evidence.fact));
    facts.find_map(|fact| conclusion(&fact, check))
}

/// A fact without the answer at its beginning; `None` when it is nothing but the change and the answer.
fn conclusion(fact: &str, check: &Check) -> Option<String> {
    let answer = sanitize(&check.outcome);
    let status = answer.split([',', '，']).next().unwrap_or_default();
    let without_change = fact.strip_prefix(sanitize(&check.changed).as_ref()).unwrap_or(fact);
    let rest = without_change.trim_start_matches([':', '：', ' ']);
    let rest = rest.strip_prefix(status).unwrap_or(rest).trim_start_matches([':', '：', ',', '，', ' ']);
    let is_more = !rest.is_empty() && !answer.contains(rest);
    is_more.then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    fn check(name: &str, changed: &str, outcome: &str) -> Check {
        Check {
            kind: name.parse().expect("a kind"),
            changed: changed.to_owned(),
            outcome: outcome.to_owned(),
            succeeded: false,
            request_id: None,
        }
    }

    #[test]
    fn every_kind_of_check_has_words() {
        for kind in CheckKind::iter() {
            let words = super::kind(kind, Language::Zh);
            assert!(words.chars().any(|c| c > '\u{2E80}'), "{kind}");
        }
    }

    #[test]
    fn what_follows_is_told_without_the_answer() {
        for (name, changed, outcome, fact, wanted) in [
            ("anonymous", "no signature", "403 AccessDenied", "403 AccessDenied: it is not public", "it is not public"),
            ("service-list", "x", "200, 26 buckets", "200: SecretId is right", "SecretId is right"),
            ("direct", "no proxy", "200", "no proxy: 200", ""),
            ("region-sweep", "x", "in none of 23 regions", "in none of 23 regions", ""),
            ("other-scheme", "a", "200", "a: 200, and its clock agrees", "and its clock agrees"),
        ] {
            let told = conclusion(fact, &check(name, changed, outcome)).unwrap_or_default();
            assert_eq!(told, wanted, "{fact}");
        }
    }

    #[test]
    fn marks_follow_the_answer() {
        for (name, outcome, wanted) in [
            ("anonymous", "404 NoSuchBucket", Severity::Client),
            ("anonymous", "503 SlowDown", Severity::Server),
            ("direct", "ETIMEDOUT", Severity::Network),
            ("direct", "502, not the store", Severity::Other),
            ("direct", "502，不是存储服务", Severity::Other),
            ("each-address", "203.0.113.7:443 403 AccessDenied, 203.0.113.8:443 no answer", Severity::Client),
            ("region-sweep", "in none of 23 regions", Severity::Client),
        ] {
            assert_eq!(severity(&check(name, "", outcome)), wanted, "{outcome}");
        }
    }
}
