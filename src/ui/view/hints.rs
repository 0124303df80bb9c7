//! The last line: what is typed, a question, a message for a while, or the keys of the pane in focus.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::domain::text::{end_cut, visible};
use crate::ui::keymap::Action;
use crate::ui::model::{Focus, Layer, Model};

/// Draws it.
pub fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let line = match model.chrome.layers.last() {
        Some(Layer::Filter(input)) => {
            let before = " / ";
            let column = u16::try_from(before.width() + input.visual_cursor()).unwrap_or(u16::MAX);
            let x = area.x.saturating_add(column).min(area.right().saturating_sub(1));
            frame.set_cursor_position(Position::new(x, area.y));
            let note = match &model.table.filter_error {
                Some(error) => Span::styled(format!("   {error}"), theme.warn),
                None => {
                    let words = tell!(language, "%{n} shown", n = model.table.order.len());
                    Span::styled(format!("   {words}"), theme.quiet)
                }
            };
            Line::from(vec![Span::styled(before, theme.accent), Span::raw(visible(input.value()).into_owned()), note])
        }
        Some(Layer::ConfirmRerun(rows)) => {
            let question = tell!(language, "Send %{n} requests again?", n = rows.len());
            Line::from(vec![
                Span::styled(format!(" {question}  "), theme.warn),
                Span::styled("y ", theme.accent),
                Span::raw(format!("{}  ", tell!(language, "yes"))),
                Span::styled("n ", theme.accent),
                Span::raw(tell!(language, "no").into_owned()),
            ])
        }
        _ => match &model.chrome.status {
            Some(status) => {
                let text = end_cut(&visible(&status.text), usize::from(area.width.saturating_sub(2)));
                Line::styled(format!(" {}", model.chrome.glyphs.plain(&text)), theme.strong)
            }
            None => return hints(model, area, frame),
        },
    };
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
}

/// The keys of the pane in focus, the first that fit; `? help` always stands at the right.
fn hints(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let help = Line::from(vec![
        Span::styled("?", theme.accent),
        Span::styled(format!(" {}", tell!(language, "help")), theme.quiet),
    ]);
    let room = usize::from(area.width).saturating_sub(help.width() + 3);
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for (key, words) in wanted(model) {
        let words = tell!(language, words);
        let width = key.width() + words.width() + 4;
        if used + width > room {
            break;
        }
        used += width;
        spans.push(Span::styled(key.to_owned(), theme.accent));
        spans.push(Span::styled(format!(" {words}   "), Style::new()));
    }
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
    let at = area.right().saturating_sub(u16::try_from(help.width() + 1).unwrap_or(0));
    buffer.set_line(at, area.y, &help, area.width);
}

/// The hints of the place, most important first: the key of each action and its words.
fn wanted(model: &Model) -> Vec<(&str, &str)> {
    let mut actions: Vec<Action> = Vec::new();
    if model.session.run.running || model.session.checking.is_some() {
        actions.push(Action::Cancel);
    }
    let here: &[Action] = if model.table.rows.is_empty() {
        &[Action::Probe, Action::Profiles, Action::Quit]
    } else if model.table.order.is_empty() {
        &[Action::ShowAll, Action::Probe, Action::Rerun, Action::Quit]
    } else if model.chrome.focus == Focus::Detail {
        &[Action::CopyId, Action::Diagnose, Action::NextTab, Action::Raw, Action::Zoom, Action::Close]
    } else if model.table.groups.is_some() {
        &[Action::Open, Action::CopyId, Action::CopyMenu, Action::Fold, Action::Filter]
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
