//! The last line: a message for a while, a question, or the keys of the place.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::domain::text::{end_cut, visible};
use crate::ui::keymap;
use crate::ui::model::{Layer, Model};
use crate::ui::update::menus;

/// Draws it.
pub fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let language = model.language;
    let line = match model.layers.last() {
        Some(Layer::Filter(input)) => {
            let before = " / ";
            let column = u16::try_from(before.width() + input.visual_cursor()).unwrap_or(u16::MAX);
            frame.set_cursor_position(Position::new((area.x + column).min(area.right().saturating_sub(1)), area.y));
            let mut spans = vec![Span::styled(before, model.theme.key), Span::raw(visible(input.value()).into_owned())];
            let note = if let Some(error) = &model.filter_error {
                Span::styled(format!("   {error}"), model.theme.warning)
            } else {
                let shown = model.order.len();
                let words = tell!(language, "%{n} shown · Enter keeps it, Esc clears it", n = shown);
                Span::styled(format!("   {words}"), model.theme.quiet)
            };
            spans.push(note);
            Line::from(spans)
        }
        Some(Layer::CopyMenu) => {
            let title = match model.picked_count() {
                1 => tell!(language, "Copy"),
                rows => tell!(language, "Copy of %{n} rows", n = rows),
            };
            return menu(&title, menus::COPY.iter().copied(), model, area, frame);
        }
        Some(Layer::SortMenu) => {
            let items = menus::SORT.iter().map(|(key, words, _)| (*key, *words));
            return menu(&tell!(language, "Sort by"), items, model, area, frame);
        }
        Some(Layer::ConfirmRerun(rows)) => {
            let question = tell!(language, "Send %{n} requests again?", n = rows.len());
            Line::from(vec![
                Span::styled(format!(" {question} "), model.theme.warning),
                Span::styled("y", model.theme.key),
                Span::raw(format!(" {}", tell!(language, "sends, any other key does not"))),
            ])
        }
        _ => match &model.status {
            Some(status) => {
                let text = end_cut(&visible(&status.text), usize::from(area.width.saturating_sub(2)));
                Line::styled(format!(" {text}"), model.theme.heading)
            }
            None => hints(model, usize::from(area.width)),
        },
    };
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
}

/// A menu on as many lines as it takes, the last one where the footer is.
fn menu<'a>(
    title: &str,
    items: impl Iterator<Item = (char, &'a str)>,
    model: &Model,
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let mut lines = vec![Line::from(Span::styled(format!(" {title}  "), model.theme.heading))];
    let escape = [("Esc".to_owned(), String::new())].into_iter();
    let items = items.map(|(key, words)| (key.to_string(), format!(" {}   ", tell!(model.language, words))));
    for (key, words) in items.chain(escape) {
        let width = lines.last().map_or(0, Line::width);
        if width + key.width() + words.trim_end().width() > usize::from(area.width) {
            lines.push(Line::from(" "));
        }
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(key, model.theme.key));
            line.push_span(Span::raw(words));
        }
    }
    let height = u16::try_from(lines.len()).unwrap_or(1).min(area.bottom());
    let area = Rect { y: area.bottom() - height, height, ..area };
    super::clear(area, frame.buffer_mut());
    for (y, line) in (area.y..area.bottom()).zip(&lines) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
}

/// The hints of the key table, as many as fit; help always does.
fn hints(model: &Model, width: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    let help = tell!(model.language, "help");
    let width = width.saturating_sub("?  ".width() + help.width());
    let mut used = 1;
    if model.run.running || model.checking.is_some() {
        used += push(&mut spans, "x", &tell!(model.language, "cancel"), model);
    }
    for entry in keymap::entries() {
        let (Some(hint), Some(key)) = (&entry.hint, entry.keys.first()) else { continue };
        let needs_row = matches!(
            entry.name,
            keymap::Action::CopyId
                | keymap::Action::OpenTool
                | keymap::Action::CopyMenu
                | keymap::Action::Rerun
                | keymap::Action::Sort
                | keymap::Action::Filter
        );
        if needs_row && model.rows.is_empty() {
            continue;
        }
        let hint = tell!(model.language, hint.as_str());
        let length = key.width() + hint.width() + 4;
        if used + length <= width && entry.name != keymap::Action::Help {
            used += push(&mut spans, key, &hint, model);
        }
    }
    push(&mut spans, "?", &help, model);
    Line::from(spans)
}

fn push(spans: &mut Vec<Span<'static>>, key: &str, hint: &str, model: &Model) -> usize {
    spans.push(Span::styled(key.to_owned(), model.theme.key));
    spans.push(Span::styled(format!(" {hint}   "), Style::new()));
    key.width() + hint.width() + 4
}
