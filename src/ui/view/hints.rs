//! The last line: what is typed, a question, a message for a while, or the keys of the pane in focus.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::hint_line::{GAP, GAP_AT_RIGHT, Hint, always, fitting, room};
use crate::ui::model::{Layer, Model, Status, StatusKind};
use crate::ui::theme::Theme;

/// From this width the status stands at the right, next to the hints.
const TOAST_AT_RIGHT: u16 = 100;

/// Draws it.
pub fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let line = match model.chrome.layers.last() {
        Some(Layer::Filter(_)) => return,
        Some(Layer::Search(search)) => {
            let words = tell!(language, "Enter apply · Esc cancel");
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
                tell!(language, "Checks are still running. Quit?")
            } else {
                tell!(language, "%{n} of %{all} answered so far. Quit?", n = done, all = planned)
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
        StatusKind::Mistake => (format!("{} ", glyphs.fails()), theme.warn),
    };
    let text = truncate_end(&glyphs.plain(&sanitize(&status.text)), room.saturating_sub(sign.width()));
    let text_style = if status.kind == StatusKind::Mistake { theme.warn } else { theme.strong };
    Line::from(vec![Span::raw(" "), Span::styled(sign, style), Span::styled(text, text_style)])
}

/// What was done, at the right; the hints stay where there is room for some.
fn toast(model: &Model, status: &Status, area: Rect, frame: &mut Frame<'_>) {
    let line = said(model, status, area.width);
    let width = u16::try_from(line.width() + 1).unwrap_or(area.width).min(area.width);
    let left = Rect { width: area.width - width, ..area };
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &in_a_row(model, &fitting(model, usize::from(left.width)), GAP), left.width);
    buffer.set_line(area.x + left.width, area.y, &line, width);
}

/// The keys of the pane in focus; all commands and the help always stand at the right.
fn hints(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let width = usize::from(area.width);
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &in_a_row(model, &fitting(model, room(model, width)), GAP), area.width);
    let mut always = in_a_row(model, &always(model), GAP_AT_RIGHT);
    let style = model.chrome.theme.quiet;
    always.spans.iter_mut().skip(2).step_by(2).for_each(|words| words.style = style);
    let at = area.right().saturating_sub(u16::try_from(width - room(model, width)).unwrap_or(0));
    buffer.set_line(at, area.y, &always, area.right() - at);
}

fn in_a_row(model: &Model, hints: &[Hint], gap: usize) -> Line<'static> {
    let theme = &model.chrome.theme;
    let mut spans = vec![Span::raw(" ")];
    for hint in hints {
        spans.push(Span::styled(hint.key.clone(), theme.accent));
        spans.push(Span::styled(format!(" {}{}", hint.words, " ".repeat(gap)), theme.text));
    }
    Line::from(spans)
}
