//! The first line: where requests go and as whom, and how the run goes.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::past;
use crate::domain::tally::rate;
use crate::i18n::tell;
use crate::report::changed::short;
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::keymap::Action;
use crate::ui::model::watch::Watching;
use crate::ui::model::{Mode, Model};

/// Cells of the gauge of a run.
const GAUGE: usize = 20;

/// Draws it. What does not fit gives way in this order: key, region, dialect, profile; the badge and the
/// right side never do.
pub fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (theme, width) = (&model.chrome.theme, usize::from(area.width));
    let right = progress(model, width);
    let right_width = right.width();
    let mut left = vec![Span::styled(" cosdiag  ", theme.strong)];
    if let Some((badge, style)) = badge(model) {
        left.push(Span::styled(format!(" {badge} "), style));
        left.push(Span::raw(" "));
    }
    let used: usize = left.iter().map(Span::width).sum();
    left.extend(place(model, width.saturating_sub(used + right_width + 2)));
    buffer.set_line(area.x, area.y, &Line::from(left), area.width);
    let at = width.saturating_sub(right_width + 1);
    buffer.set_line(area.x + u16::try_from(at).unwrap_or(0), area.y, &right, area.width);
}

/// The mode, when the rows are not ordinary requests, or what must not be overlooked.
fn badge(model: &Model) -> Option<(Cow<'static, str>, Style)> {
    let (theme, language) = (&model.chrome.theme, model.chrome.language);
    let shown = theme.other.add_modifier(Modifier::REVERSED | Modifier::BOLD);
    if model.profile().is_some_and(|profile| profile.connection.insecure) {
        return Some((tell!(language, "INSECURE"), theme.warn.add_modifier(Modifier::REVERSED)));
    }
    match &model.session.mode {
        Mode::History(_) => Some((tell!(language, "HISTORY"), shown)),
        Mode::Import(_) => Some((tell!(language, "IMPORT"), shown)),
        Mode::Live if model.session.in_sandbox => Some((tell!(language, "SANDBOX"), shown)),
        Mode::Live => None,
    }
}

/// Profile, dialect, region and key, as many as fit.
fn place(model: &Model, room: usize) -> Vec<Span<'static>> {
    let (theme, language) = (&model.chrome.theme, model.chrome.language);
    if let Some(words) = past::words(model) {
        return vec![Span::styled(truncate_end(&model.chrome.glyphs.plain(&words), room), theme.quiet)];
    }
    let Some(profile) = model.profile().filter(|_| !model.session.is_unsigned_start) else {
        let words = tell!(language, "no credentials found");
        return vec![Span::styled(truncate_end(&words, room), theme.quiet)];
    };
    let mut parts = vec![sanitize(&profile.name).into_owned(), profile.dialect.as_str().to_owned()];
    parts.extend(profile.region.as_deref().map(|region| sanitize(region).into_owned()));
    if profile.connection.proxies.urls().next().is_some() {
        parts.push(tell!(language, "by proxy").into_owned());
    }
    parts.push(sanitize(&crate::text::remarks::credentials(profile, language)).into_owned());
    let separator = format!(" {} ", model.chrome.glyphs.dot);
    let mut spans = Vec::new();
    let mut left = room;
    for (i, part) in parts.iter().enumerate() {
        let needs = part.width() + if i > 0 { 3 } else { 0 };
        let last = i + 1 == parts.len();
        if needs > left && !(last && left > 12) && i > 0 {
            break;
        }
        if i > 0 {
            spans.push(Span::styled(separator.clone(), theme.quiet));
        }
        let part = truncate_end(part, left.saturating_sub(if i > 0 { 3 } else { 0 }));
        spans.push(Span::styled(part, if i == 0 { theme.strong } else { theme.quiet }));
        left = left.saturating_sub(needs);
    }
    spans
}

/// How the run goes, or how it ended.
fn progress(model: &Model, width: usize) -> Line<'static> {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let run = &model.session.run;
    if let Some(watching) = model.session.watching.as_ref().filter(|_| run.is_round || !run.running) {
        return watched(model, watching, width);
    }
    if model.session.counts.total() == 0 && !run.running {
        return Line::default();
    }
    if let (Mode::History(_), false, true) = (&model.session.mode, run.running, run.reading) {
        return past::days(model, width);
    }
    let recorded = recorded(model);
    let quiet = |words: String| Span::styled(words, theme.quiet);
    if run.running && run.reading {
        let words = tell!(language, "reading");
        return Line::from(vec![
            Span::styled(format!("{} ", model.key(Action::Cancel)), theme.accent),
            quiet(format!("{} {words}", tell!(language, "stop"))),
        ]);
    }
    if run.running {
        return under_way(model, width);
    }
    if run.cancelled && !run.reading {
        let (done, planned) = (run.done, run.planned);
        let words = tell!(language, "stopped at %{done} of %{planned}", done = done, planned = planned);
        return Line::from(vec![
            Span::styled(format!("{} ", glyphs.stopped()), theme.warn),
            Span::raw(words.into_owned()),
            quiet(recorded),
        ]);
    }
    let seconds = format!("{:.1}", run.took().as_secs_f64());
    let words = if run.reading {
        tell!(language, "read in %{seconds} s", seconds = seconds)
    } else {
        tell!(language, "%{n} sent in %{seconds} s", n = run.done, seconds = seconds)
    };
    Line::from(vec![
        Span::styled(format!("{} ", glyphs.ok), theme.ok),
        Span::styled(words.into_owned(), theme.text),
        quiet(recorded),
    ])
}

/// `x stop  ↻ 1 request every 5 s · 14 rounds · 403 -> 200`.
fn watched(model: &Model, watching: &Watching, width: usize) -> Line<'static> {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let every = tell!(language, "every %{n} s", n = watching.every.as_secs());
    let requests = match watching.probes.len() {
        1 => tell!(language, "1 request"),
        n => tell!(language, "%{n} requests", n = n),
    };
    let rounds = match watching.rounds {
        1 => tell!(language, "1 round"),
        n => tell!(language, "%{n} rounds", n = n),
    };
    let what = if width >= 90 { format!("{requests} {every}") } else { every.into_owned() };
    let mut spans = vec![
        Span::styled(format!("{} ", model.key(Action::Cancel)), theme.accent),
        Span::styled(format!("{}  ", tell!(language, "stop")), theme.text),
        Span::styled(format!("{} {what}", glyphs.again), theme.strong),
        Span::styled(format!(" {} {rounds}", glyphs.dot), theme.quiet),
    ];
    let changed = watching.latest.as_ref().map(|changed| short(changed, language));
    if let Some(changed) = changed.filter(|_| width >= 70) {
        spans.push(Span::styled(format!(" {} ", glyphs.dot), theme.quiet));
        spans.push(Span::styled(truncate_end(&sanitize(&changed), 40), theme.strong));
    }
    Line::from(spans)
}

/// `x cancel  ━━━━━──────  214/300 · 7/s · 12 s left`.
fn under_way(model: &Model, width: usize) -> Line<'static> {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let run = &model.session.run;
    let (done, planned) = (run.done, run.planned);
    let mut spans = vec![
        Span::styled(format!("{} ", model.key(Action::Cancel)), theme.accent),
        Span::styled(format!("{}  ", tell!(language, "cancel")), theme.text),
    ];
    if width >= 90 {
        let filled = (GAUGE * done).checked_div(planned).unwrap_or(0).min(GAUGE);
        spans.push(Span::styled(glyphs.bar.repeat(filled), theme.accent));
        spans.push(Span::styled(format!("{}  ", glyphs.rule.repeat(GAUGE - filled)), theme.rule));
    }
    spans.push(Span::styled(format!("{done}/{planned}"), theme.strong));
    if run.waited > 0 {
        let left = planned.saturating_sub(done);
        let words = tell!(language, "waiting %{seconds} s for %{n}", seconds = run.waited, n = left);
        spans.push(Span::styled(format!(" {} {words}", glyphs.dot), theme.warn));
    } else if let Some(rate) = rate(done, planned, run.took()) {
        spans.push(Span::styled(format!(" {} {:.0}/s", glyphs.dot, rate.per_second), theme.quiet));
        let left = tell!(language, "%{time} left", time = crate::text::tally::time_left(rate.left));
        spans.push(Span::styled(format!(" {} {left}", glyphs.dot), theme.quiet));
    }
    Line::from(spans)
}

/// What the history has of this session.
fn recorded(model: &Model) -> String {
    let (recorded, language) = (model.session.recorded, model.chrome.language);
    let words = match (recorded.failures, recorded.stopped) {
        (0, false) => return String::new(),
        (0, true) => tell!(language, "not saved"),
        (n, false) => tell!(language, "%{n} saved", n = n),
        (n, true) => tell!(language, "%{n} saved, then the history stopped", n = n),
    };
    format!(" {} {words}", model.chrome.glyphs.dot)
}
