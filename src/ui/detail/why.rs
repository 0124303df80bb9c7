//! The Why tab: the cause in one sentence, what to do, the evidence, and who has to act.

use std::borrow::Cow;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::diagnosis::causes;
use crate::domain::cause::{Cause, Owner};
use crate::domain::check::CheckKind;
use crate::domain::exchange::header;
use crate::domain::fact::Evidence;
use crate::domain::record::{Outcome, Record};
use crate::domain::verdict::{Confidence, Diagnosis, Permission, Verdict};
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::{checks, facts, verdict};
use crate::ui::keymap::Action;
use crate::ui::model::GroupOfDetail;
use crate::ui::row_columns::Format;
use crate::ui::text_lines::{NAME, TextLines, pad, wrap};
use crate::ui::widget::table::cut_text;

/// Columns of a source in front of its fact, at least; a quarter of the text at most.
const SOURCE: usize = 13;

/// The first verdict in one sentence, its certainty in front as sign and word. It is pinned: it never
/// scrolls away.
#[must_use]
pub fn sentence(record: &Record, columns: usize, format: Format<'_>) -> Vec<Line<'static>> {
    let language = format.language;
    let diagnosis = record.diagnosis.as_ref();
    let (words, certainty) = match (diagnosis.and_then(|diagnosis| diagnosis.verdicts.first()), record.outcome) {
        (Some(first), _) => {
            (sanitize(&verdict::summary(first, record, language)).into_owned(), Some(certainty_of(first)))
        }
        (None, Outcome::Success) => (tell!(language, "Nothing failed.").into_owned(), None),
        (None, Outcome::NotConfigured) => {
            (tell!(language, "Not configured on this bucket (not a failure).").into_owned(), None)
        }
        (None, Outcome::NotSupported) => {
            (tell!(language, "Not supported by this store (not a failure of the bucket).").into_owned(), None)
        }
        (None, Outcome::Failure) => (tell!(language, "Not diagnosed.").into_owned(), None),
    };
    let mut lead = Vec::new();
    if let Some(certainty) = certainty {
        let style = format.theme.certainty(certainty);
        let glyph = format.glyphs.certainty(certainty);
        lead.push(Span::styled(format!("{glyph} {}  ", certainty_word(certainty, language)), style));
    }
    let indent: usize = lead.iter().map(Span::width).sum();
    let style = if certainty.is_some() { format.theme.strong } else { format.theme.ok };
    let mut lines = Vec::new();
    for part in wrap(&words, columns.saturating_sub(indent).max(12), "") {
        let mut spans = std::mem::take(&mut lead);
        if spans.is_empty() {
            spans.push(Span::raw(" ".repeat(indent)));
        }
        spans.push(Span::styled(part, style));
        lines.push(Line::from(spans));
    }
    lines
}

/// The sentence, and below it what the verdict was before the checks.
#[must_use]
pub fn with_former(record: &Record, columns: usize, format: Format<'_>) -> Vec<Line<'static>> {
    let mut lines = sentence(record, columns, format);
    if let Some(was) = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.was.as_ref()) {
        let sure = Some(was.confidence).filter(|_| was.cause != Cause::Undetermined);
        let certainty = format!("{} {} ", format.glyphs.certainty(sure), certainty_word(sure, format.language));
        let lead = format!("{} ", tell!(format.language, "was"));
        let room = columns.saturating_sub(lead.width() + certainty.width());
        lines.push(Line::from(vec![
            Span::styled(lead, format.theme.quiet),
            Span::styled(certainty, format.theme.text),
            Span::styled(
                cut_text(&sanitize(&verdict::former(was, record, format.language)), room, format.glyphs),
                format.theme.quiet,
            ),
        ]));
    }
    lines
}

/// Only `undetermined` has no certainty.
fn certainty_of(verdict: &Verdict) -> Option<Confidence> {
    (verdict.cause != Cause::Undetermined).then_some(verdict.confidence)
}

/// The word for a certainty.
fn certainty_word(certainty: Option<Confidence>, language: Language) -> Cow<'static, str> {
    if let Some(certainty) = certainty { tell!(language, certainty.as_str()) } else { tell!(language, "unknown") }
}

/// What to do, the evidence, who has to act, other causes, and the cause's name.
pub fn lines(record: &Record, group: Option<&GroupOfDetail>, unfolded: bool, text: &mut TextLines<'_>) {
    let empty = Diagnosis::default();
    let diagnosis = record.diagnosis.as_ref().unwrap_or(&empty);
    text.gap();
    if let Some((first, others)) = diagnosis.verdicts.split_first() {
        first_verdict(first, record, text);
        differ(group, text);
        other_verdicts(first, others, record, text);
    }
    if let Some(permission) = &diagnosis.permission {
        policy(permission, unfolded, text);
    }
    note(record, text);
    if let Some(first) = diagnosis.verdicts.first() {
        text.gap();
        cause(record, first, diagnosis, text);
    }
}

fn first_verdict(first: &Verdict, record: &Record, text: &mut TextLines<'_>) {
    let language = text.format.language;
    for (i, fix) in verdict::fix(first, record, language).iter().enumerate() {
        let name = if i == 0 { tell!(language, "Fix") } else { Cow::default() };
        text.field(&name, fix, NAME);
    }
    let sources = first.evidence.iter().map(|evidence| facts::short_source(&evidence.from, language).width());
    let width = sources.max().unwrap_or(0).clamp(SOURCE, (text.columns / 4).max(SOURCE));
    for (i, evidence) in first.evidence.iter().enumerate() {
        let name = if i == 0 { tell!(language, "Evidence") } else { Cow::default() };
        fact(&name, evidence, width, text);
    }
    text.field(&tell!(language, "Owner"), &owner(first, language), NAME);
}

/// A fact, and where it is from in a column of its own before it. A narrow pane has no room for that.
fn fact(name: &str, evidence: &Evidence, source_width: usize, text: &mut TextLines<'_>) {
    let quiet = text.format.theme.quiet;
    let language = text.format.language;
    let words = facts::fact(&evidence.fact, language);
    if text.columns < 60 {
        text.field(name, &words, NAME);
        return;
    }
    let source = sanitize(&facts::short_source(&evidence.from, language)).into_owned();
    let indent = NAME + 1;
    let label = Span::styled(pad(name, indent), text.format.theme.label);
    let rest = text.columns - indent - source_width - 1;
    let facts = wrap(&sanitize(&words), rest, "");
    let sources = wrap(&source, source_width, "");
    for i in 0..facts.len().max(sources.len()) {
        let part = |parts: &[String]| parts.get(i).cloned().unwrap_or_default();
        text.lines.push(Line::from(vec![
            if i == 0 { label.clone() } else { Span::raw(" ".repeat(indent)) },
            Span::styled(pad(&part(&sources), source_width + 1), quiet),
            Span::styled(part(&facts), text.format.theme.text),
        ]));
    }
}

/// `Differ    127 keys below backup/2026/ · get-object · 40 nodes`.
fn differ(group: Option<&GroupOfDetail>, text: &mut TextLines<'_>) {
    let language = text.format.language;
    let Some(differ) = group.and_then(|group| group.differ.as_ref()) else { return };
    let below = sanitize(&differ.below);
    let mut parts = vec![match (differ.targets, below.is_empty()) {
        (1, _) => tell!(language, "all the same target"),
        (n, true) => tell!(language, "%{n} targets", n = n),
        (n, false) => tell!(language, "%{n} targets below %{prefix}", n = n, prefix = below),
    }];
    parts.push(match differ.operations.as_slice() {
        many if many.len() > 3 => tell!(language, "%{n} operations", n = many.len()),
        few => sanitize(&few.join(", ")).into_owned().into(),
    });
    if differ.nodes > 1 {
        parts.push(tell!(language, "%{n} nodes", n = differ.nodes));
    }
    if differ.profiles > 1 {
        parts.push(tell!(language, "%{n} profiles", n = differ.profiles));
    }
    let dot = format!(" {} ", text.format.glyphs.dot);
    text.field(&tell!(language, "Differ"), &parts.join(&dot), NAME);
}

/// Who has to act.
fn owner(verdict: &Verdict, language: Language) -> Cow<'static, str> {
    match (verdict.owner, verdict.cause) {
        (_, Cause::ClockSkew) => tell!(language, "you: this machine"),
        (Owner::Client, _) => tell!(language, "you: the request"),
        (Owner::Account, _) => tell!(language, "the account"),
        (Owner::Network, _) => tell!(language, "the network"),
        (Owner::Store, _) => tell!(language, "the store"),
    }
}

/// Other causes that fit, one sentence each.
fn other_verdicts(first: &Verdict, others: &[Verdict], record: &Record, text: &mut TextLines<'_>) {
    let language = text.format.language;
    for (i, other) in others.iter().enumerate() {
        let name = if i == 0 { tell!(language, "Or") } else { Cow::default() };
        let glyph = format!("{} ", text.format.glyphs.certainty(Some(other.confidence)));
        let style = text.format.theme.certainty(Some(other.confidence));
        text.spans(&name, vec![(format!("{glyph}{}", verdict::summary(other, record, language)), style)], NAME);
        for evidence in other.evidence.iter().filter(|evidence| !first.evidence.contains(evidence)) {
            text.field("", &facts::fact(&evidence.fact, language), NAME + 4);
        }
        if let Some(fix) = verdict::fix(other, record, language).first() {
            let quiet = text.format.theme.quiet;
            text.spans("", vec![(fix.clone(), quiet)], NAME + 4);
        }
    }
}

/// `Cause     clock-skew   i explains AccessDenied   d checks it`.
fn cause(record: &Record, first: &Verdict, diagnosis: &Diagnosis, text: &mut TextLines<'_>) {
    let (language, theme) = (text.format.language, text.format.theme);
    let retry = if first.retry { format!("   {}", tell!(language, "retrying may help")) } else { String::new() };
    let mut keys = Vec::new();
    if let Some(code) = record.error.code.as_deref().filter(|code| !code.is_empty()) {
        keys.push((
            text.format.keymap.key(Action::Explain),
            tell!(language, "explains %{code}", code = sanitize(code)),
        ));
    }
    if diagnosis.checks.is_empty()
        && record.source.is_probe()
        && let Some(words) = next_check(record, first, language)
    {
        keys.push((text.format.keymap.key(Action::Diagnose), words));
    }
    let value = format!("{}{retry}", first.cause);
    with_keys(&tell!(language, "Cause"), (value, theme.text), &keys, text);
}

/// A name, its value, then keys and what they do, each kept in one line with its words.
fn with_keys(name: &str, value: (String, Style), keys: &[(&str, Cow<'static, str>)], text: &mut TextLines<'_>) {
    let theme = text.format.theme;
    let indent = NAME + 1;
    let mut used = indent + value.0.width();
    let mut spans = vec![Span::styled(pad(name, indent), theme.label), Span::styled(value.0, value.1)];
    for (key, words) in keys {
        let width = key.width() + 1 + words.width();
        if used + 3 + width > text.columns {
            text.lines.push(Line::from(std::mem::take(&mut spans)));
            spans.push(Span::raw(" ".repeat(indent)));
            used = indent + width;
        } else {
            spans.push(Span::raw("   "));
            used += 3 + width;
        }
        spans.extend([Span::styled(format!("{key} "), theme.accent), Span::styled(words.to_string(), theme.quiet)]);
    }
    text.lines.push(Line::from(spans));
}

/// What `d` would do; `None` where the cause is settled and it would send nothing. Whether there is a
/// proxy or a second address the record does not tell: of such a check only its existence is shown.
fn next_check(record: &Record, first: &Verdict, language: Language) -> Option<Cow<'static, str>> {
    let cause = causes::entry(first.cause);
    if cause.checks.is_empty() || (first.confidence == Confidence::Certain && !cause.even_if_certain) {
        return None;
    }
    let is_signed = header(&record.request.headers, "authorization").is_some();
    let kind = cause.checks[0];
    let is_known = match kind {
        CheckKind::Anonymous | CheckKind::ServiceList | CheckKind::ClockCorrected => is_signed,
        CheckKind::RegionSweep => record.bucket.is_some(),
        CheckKind::Preflight => record.method == "OPTIONS",
        _ => false,
    };
    let words = is_known.then(|| checks::check_kind(kind, language));
    Some(if let Some(words) = words {
        tell!(language, "checks: %{change}", change = words)
    } else {
        tell!(language, "checks it")
    })
}

/// What a person wrote down about it.
fn note(record: &Record, text: &mut TextLines<'_>) {
    if let Some(note) = &record.note {
        text.gap();
        text.heading(&tell!(
            text.format.language,
            "Note · %{key} edits it",
            key = text.format.keymap.key(Action::Note)
        ));
        text.block(note);
    }
}

/// The policy that would allow it: one line, or whole.
fn policy(permission: &Permission, unfolded: bool, text: &mut TextLines<'_>) {
    let (language, theme) = (text.format.language, text.format.theme);
    if !unfolded {
        let whose =
            tell!(language, "%{action} on %{resource}", action = permission.action, resource = permission.resource);
        let copies = format!("{} p", text.format.keymap.key(Action::CopyMenu));
        let unfolds = text.format.keymap.key(Action::Unfold);
        let keys = [(unfolds, tell!(language, "unfolds")), (copies.as_str(), tell!(language, "copies it"))];
        let keys_width: usize = keys.iter().map(|(key, words)| key.width() + words.width() + 4).sum();
        let room = text.columns.saturating_sub(NAME + 1 + keys_width).max(12);
        let value = cut_text(&sanitize(&whose), room, text.format.glyphs);
        with_keys(&tell!(language, "Policy"), (value, theme.text), &keys, text);
        return;
    }
    text.gap();
    text.heading(&tell!(language, "Policy that would allow it"));
    text.field(&tell!(language, "Action"), &permission.action, NAME);
    text.field(&tell!(language, "Resource"), &permission.resource, NAME);
    text.field(&tell!(language, "Who"), &verdict::principal(permission, language), NAME);
    text.block(&permission.policy());
}
