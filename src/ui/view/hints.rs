//! The last line: what is typed, a question, a message for a while, or the keys of the pane in focus.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::keymap::Action;
use crate::ui::model::{Focus, Layer, Model, Status, StatusKind, Tab};
use crate::ui::theme::Theme;

/// From this width what was done stands at the right, beside the hints.
const TOAST_AT_RIGHT: u16 = 100;

/// Draws it.
pub fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let line = match model.chrome.layers.last() {
        Some(Layer::Filter(_)) => return,
        Some(Layer::Search(search)) => {
            let words = tell!(language, "Enter keeps it · Esc takes it back");
            let room = usize::from(area.width).saturating_sub(words.width() + 8).max(8);
            let scroll = search.input.visual_scroll(room);
            let text: String = sanitize(search.input.value()).chars().skip(scroll).collect();
            let before = " / ";
            let column = before.width() + search.input.visual_cursor().saturating_sub(scroll);
            let x =
                area.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX)).min(area.right().saturating_sub(1));
            frame.set_cursor_position(Position::new(x, area.y));
            let words = Span::styled(format!("   {}", model.chrome.glyphs.plain(&words)), theme.quiet);
            Line::from(vec![Span::styled(before, theme.accent), Span::raw(truncate_end(&text, room)), words])
        }
        Some(Layer::ConfirmRerun(rows)) => {
            asked(&tell!(language, "Send %{n} requests again?", n = rows.len()), theme, language)
        }
        Some(Layer::ConfirmQuit(_)) => {
            let (done, planned) = (model.session.run.done, model.session.run.planned);
            let question = if model.session.checking.is_some() {
                tell!(language, "Checks are still running. Leave?")
            } else {
                tell!(language, "%{n} of %{all} answered so far. Leave?", n = done, all = planned)
            };
            asked(&question, theme, language)
        }
        _ => match &model.chrome.status {
            Some(status) if status.kind == StatusKind::Done && area.width >= TOAST_AT_RIGHT => {
                return toast(model, status, area, frame);
            }
            Some(status) => said(model, status, area.width),
            None => return hints(model, area, frame),
        },
    };
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
}

/// A question of yes and no.
fn asked(question: &str, theme: &Theme, language: Language) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!(" {question}  "), theme.warn),
        Span::styled("y ", theme.accent),
        Span::raw(format!("{}  ", tell!(language, "yes"))),
        Span::styled("n ", theme.accent),
        Span::raw(tell!(language, "no").into_owned()),
    ])
}

/// A message with the sign of its kind.
fn said(model: &Model, status: &Status, width: u16) -> Line<'static> {
    let (theme, glyphs) = (&model.chrome.theme, model.chrome.glyphs);
    let room = usize::from(width.saturating_sub(2));
    let (sign, style) = match status.kind {
        StatusKind::Note => (String::new(), theme.strong),
        StatusKind::Done => (format!("{} ", glyphs.ok), theme.ok),
        StatusKind::Mistake => (format!("{} ", glyphs.plain("✗")), theme.warn),
    };
    let text =
        glyphs.plain_cut(&truncate_end(&glyphs.plain(&sanitize(&status.text)), room.saturating_sub(sign.width())));
    let text_style = if status.kind == StatusKind::Mistake { theme.warn } else { theme.strong };
    Line::from(vec![Span::raw(" "), Span::styled(sign, style), Span::styled(text, text_style)])
}

/// What was done, at the right; the hints stay where there is room for some.
fn toast(model: &Model, status: &Status, area: Rect, frame: &mut Frame<'_>) {
    let line = said(model, status, area.width);
    let width = u16::try_from(line.width() + 1).unwrap_or(area.width).min(area.width);
    let left = Rect { width: area.width - width, ..area };
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &fitting(model, usize::from(left.width)), left.width);
    buffer.set_line(area.x + left.width, area.y, &line, width);
}

/// The keys of the pane in focus, the first that fit; all commands and the help always stand at the right.
fn hints(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let last = |key, words: Cow<'static, str>| {
        [Span::styled(key, theme.accent), Span::styled(format!(" {words}"), theme.quiet)]
    };
    let mut always = last(":", tell!(language, "all commands")).to_vec();
    always.push(Span::raw("  "));
    always.extend(last("?", tell!(language, "help")));
    let always = Line::from(always);
    let room = usize::from(area.width).saturating_sub(always.width() + 1);
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &fitting(model, room), area.width);
    let at = area.right().saturating_sub(u16::try_from(always.width() + 1).unwrap_or(0));
    buffer.set_line(at, area.y, &always, area.width);
}

/// The first hints that fit.
fn fitting(model: &Model, room: usize) -> Line<'static> {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for (key, words) in wanted(model) {
        let words = match (words, model.picked_count()) {
            ("more to copy", n) if n > 1 => tell!(language, "copy %{n}", n = n),
            (words, _) => tell!(language, words),
        };
        let width = key.width() + words.width() + 4;
        if used + width > room + 2 {
            break;
        }
        used += width;
        spans.push(Span::styled(key.to_owned(), theme.accent));
        spans.push(Span::styled(format!(" {words}   "), theme.text));
    }
    Line::from(spans)
}

/// The hints of the place, most important first: the key of each action and its words.
fn wanted(model: &Model) -> Vec<(&str, &str)> {
    if model.chrome.layers.last().is_some_and(Layer::is_compare) {
        return vec![
            ("y", "copy A's id"),
            ("Y", "copy both as text"),
            ("Tab", "swap"),
            ("a", "equal too"),
            ("Esc", "back"),
        ];
    }
    let mut actions: Vec<Action> = Vec::new();
    if model.session.run.running || model.session.checking.is_some() {
        actions.push(Action::Cancel);
    }
    let on_checks = model.detail.tab == Tab::Checks;
    let here: &[Action] = if model.table.rows.is_empty() {
        &[Action::Probe, Action::Profiles, Action::Quit]
    } else if model.table.order.is_empty() {
        &[Action::ShowAll, Action::Filter, Action::Probe, Action::Quit]
    } else if model.chrome.focus == Focus::Detail && on_checks {
        &[Action::Down, Action::CopyId, Action::Diagnose, Action::CopyMenu, Action::Zoom, Action::Close]
    } else if model.chrome.focus == Focus::Detail {
        &[
            Action::CopyId,
            Action::Diagnose,
            Action::Search,
            Action::NextTab,
            Action::Explain,
            Action::Wrap,
            Action::Raw,
            Action::Zoom,
            Action::Close,
        ]
    } else if model.table.groups.is_some() {
        &[
            Action::Open,
            Action::CopyId,
            Action::CopyMenu,
            Action::Fold,
            Action::OnlyLike,
            Action::NoneLike,
            Action::Filter,
        ]
    } else if !model.table.marks.is_empty() {
        &[Action::CopyMenu, Action::CopyId, Action::Compare, Action::Mark, Action::MarkAll, Action::Note, Action::Close]
    } else {
        &[
            Action::CopyId,
            Action::Diagnose,
            Action::Open,
            Action::Filter,
            Action::Fold,
            Action::Probe,
            Action::CopyMenu,
            Action::Sort,
            Action::Rerun,
            Action::ShowAll,
        ]
    };
    actions.extend(here);
    let entry = |action: Action| model.chrome.keymap.entries().iter().find(|entry| entry.name == action);
    let shown = actions.into_iter().filter_map(|action| {
        let entry = entry(action)?;
        Some((entry.keys.first()?.as_str(), entry.hint.as_deref()?))
    });
    shown.collect()
}
