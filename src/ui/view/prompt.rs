//! The probe prompt: one line to type on, one that says what will be sent.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::rule;
use crate::domain::language::{Language, tell};
use crate::domain::naming;
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::text::{end_cut, visible};
use crate::ui::model::{Model, Prompt};
use crate::ui::probe_form::{candidates, planned};
use crate::ui::widget::popup::clear;

const HEIGHT: u16 = 4;

/// Draws it over the last lines.
pub fn draw(model: &Model, prompt: &Prompt, screen: Rect, frame: &mut Frame<'_>) {
    let area = Rect { y: screen.height - HEIGHT, height: HEIGHT, ..screen };
    let width = usize::from(area.width);
    clear(area, frame.buffer_mut());
    let language = model.chrome.language;
    rule(area.y, area, &tell!(language, "Probe"), "", model, frame.buffer_mut());
    let mut spans = vec![Span::raw(" ")];
    let mut column = 1;
    let fields = [
        (tell!(language, "target"), &prompt.target),
        (tell!(language, "suite"), &prompt.what),
        (tell!(language, "as"), &prompt.profile),
    ];
    for (i, (label, input)) in fields.iter().enumerate() {
        let here = i == prompt.field;
        let label = format!("{label} ");
        let room = if i == 0 { width.saturating_sub(44).max(16) } else { 20 };
        let scroll = input.visual_scroll(room);
        let shown: String = visible(input.value()).chars().skip(scroll).collect();
        let shown = end_cut(&shown, room);
        if here {
            let at = column + label.width() + input.visual_cursor().saturating_sub(scroll);
            let at = u16::try_from(at).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
            frame.set_cursor_position(Position::new(at, area.y + 1));
        }
        column += label.width() + shown.width() + 3;
        spans.push(Span::styled(label, model.chrome.theme.label));
        spans.push(Span::styled(format!("{shown} "), if here { model.chrome.theme.strong } else { Style::new() }));
        spans.push(Span::styled("│ ", model.chrome.theme.quiet));
    }
    let (words, style) = match (&model.chrome.status, planned(model, prompt)) {
        (Some(status), _) => (status.text.clone(), model.chrome.theme.warn),
        (None, Ok((place, probes))) => match remark(&model.session.profiles[place], &probes, language) {
            Some(remark) => (format!("{remark} · {}", preview(&probes, language)), model.chrome.theme.warn),
            None => (preview(&probes, language), Style::new()),
        },
        (None, Err(reason)) => (reason, model.chrome.theme.quiet),
    };
    let offered = candidates(model, prompt);
    let offered = if offered.is_empty() { String::new() } else { format!("↑↓ {}", offered.join("  ")) };
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y + 1, &Line::from(spans), area.width);
    buffer.set_stringn(area.x + 1, area.y + 2, end_cut(&visible(&words), width.saturating_sub(2)), width, style);
    let keys = format!("{} ", tell!(language, "Enter sends · Tab next field · Esc"));
    let room = width.saturating_sub(keys.width() + 4);
    buffer.set_stringn(area.x + 1, area.y + 3, end_cut(&visible(&offered), room), room, model.chrome.theme.quiet);
    let at = width.saturating_sub(keys.width());
    buffer.set_stringn(
        area.x + u16::try_from(at).unwrap_or(0),
        area.y + 3,
        &keys,
        keys.width(),
        model.chrome.theme.quiet,
    );
}

/// What the written rules say about what is about to be sent, which is sent all the same.
fn remark(profile: &Profile, probes: &[Probe], language: Language) -> Option<String> {
    let bucket = probes.iter().find_map(|probe| {
        naming::bucket_remark(probe.bucket.as_deref()?, probe.region.as_deref(), profile.dialect, language)
    });
    bucket.or_else(|| naming::region_remark(profile.region.as_deref()?, profile.dialect, language))
}

fn preview(probes: &[Probe], language: Language) -> String {
    let names: Vec<_> = probes.iter().map(|probe| probe.operation.as_str()).collect();
    let writes = probes.iter().any(|probe| matches!(probe.method.as_str(), "PUT" | "POST" | "DELETE"));
    let kind =
        if writes { tell!(language, "WRITES, then deletes what it wrote") } else { tell!(language, "read-only") };
    let count = match probes.len() {
        1 => tell!(language, "1 request"),
        n => tell!(language, "%{n} requests", n = n),
    };
    tell!(language, "%{count}, %{kind}: %{names}", count = count, kind = kind, names = names.join(", ")).into_owned()
}
