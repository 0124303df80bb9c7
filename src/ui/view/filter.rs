//! The filter while it is typed: three lines at the bottom of the screen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::rule::rule;
use crate::domain::query::FIELDS;
use crate::domain::severity::Severity;
use crate::i18n::{Localize, tell};
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::filter_words::{here, near_field};
use crate::ui::model::{FilterLine, Model};
use crate::ui::widget::popup::clear;

/// Draws it over the lines that the layout gives it.
pub fn draw(model: &Model, line: &FilterLine, area: Rect, frame: &mut Frame<'_>) {
    clear(area, frame.buffer_mut());
    let language = model.chrome.language;
    let shown = tell!(language, "%{n} of %{all} shown", n = model.table.order.len(), all = all(model));
    rule(area.y, area, &tell!(language, "Filter"), &shown, model, frame.buffer_mut());
    let (theme, width) = (&model.chrome.theme, usize::from(area.width));
    let complaint = complaint(model, line);
    let mistake = model.table.filter_error.as_ref().map(|error| error.at..error.at + error.length);
    let mistake = mistake.or_else(|| line.held.then(|| here(line.input.value(), line.input.cursor()).range));
    let room = width.saturating_sub(4);
    let letters: Vec<_> =
        line.input.value().chars().map(|c| sanitize(c.encode_utf8(&mut [0; 4])).into_owned()).collect();
    let before: usize = letters.iter().take(line.input.cursor()).map(|letter| letter.width()).sum();
    let (mut skipped, mut first) = (0, 0);
    while before - skipped > room.saturating_sub(1) && first < letters.len() {
        skipped += letters[first].width();
        first += 1;
    }
    let mut spans = vec![Span::styled(" / ", theme.accent)];
    let mut used = 0;
    for (place, letter) in letters.iter().enumerate().skip(first) {
        used += letter.width();
        if used > room {
            break;
        }
        let wrong = mistake.as_ref().is_some_and(|mistake| mistake.contains(&place));
        let style = if wrong { theme.warn.add_modifier(Modifier::UNDERLINED) } else { Style::new() };
        spans.push(Span::styled(letter.clone(), style));
    }
    let column = u16::try_from(3 + before - skipped).unwrap_or(u16::MAX);
    frame.set_cursor_position(Position::new(area.x + column.min(area.width.saturating_sub(1)), area.y + 1));
    let needed: usize = complaint.iter().map(Span::width).sum();
    let beside = used + needed + 7 <= width;
    if beside && needed > 0 {
        spans.push(Span::raw("   "));
        spans.extend(complaint.iter().cloned());
    }
    frame.buffer_mut().set_line(area.x, area.y + 1, &Line::from(spans), area.width);
    let below = if beside || needed == 0 { choice(model, line, width) } else { complaint };
    let mut below = Line::from(below);
    below.spans.insert(0, Span::raw(" "));
    // What does not fit ends in the sign for it.
    if below.width() > width {
        let text = truncate_end(&below.to_string(), width);
        below = Line::styled(text, theme.quiet);
    }
    frame.buffer_mut().set_line(area.x, area.y + 2, &below, area.width);
}

/// How many rows there would be without a filter.
fn all(model: &Model) -> usize {
    let severities = &model.session.severities;
    let counted = |severity: &&Severity| model.table.view.all || !matches!(severity, Severity::Ok | Severity::NotSet);
    Severity::ALL.iter().filter(counted).map(|severity| severities.of(*severity)).sum()
}

/// What cannot be read yet, and what would be right.
fn complaint(model: &Model, line: &FilterLine) -> Vec<Span<'static>> {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let (words, better) = match &model.table.filter_error {
        Some(error) => (error.localize(language), error.better.is_some()),
        None if line.held => {
            let word = here(line.input.value(), line.input.cursor());
            let near = near_field(&word).unwrap_or_default();
            let typed = sanitize(&word.typed).into_owned();
            let words = if near.starts_with(&typed.to_ascii_lowercase()) {
                tell!(language, "no row has \"%{typed}\"; %{near}:?", typed = typed, near = near)
            } else {
                tell!(language, "%{name} is not a field; %{near}?", name = typed, near = near)
            };
            (words.into_owned(), true)
        }
        None => return Vec::new(),
    };
    let mut spans = vec![Span::styled(model.chrome.glyphs.plain(&words), theme.warn)];
    if better {
        spans.push(Span::styled("  Tab ", theme.accent));
        spans.push(Span::styled(tell!(language, "takes it").into_owned(), theme.quiet));
    }
    spans
}

/// The values of the field at the cursor and how many rows have each, or the fields.
fn choice(model: &Model, line: &FilterLine, width: usize) -> Vec<Span<'static>> {
    let theme = &model.chrome.theme;
    let word = here(line.input.value(), line.input.cursor());
    let typed = word.typed.to_lowercase();
    let style = |text: &str| {
        let begun = !typed.is_empty() && text.to_lowercase().starts_with(&typed);
        if begun { theme.accent } else { theme.text }
    };
    let mut parts: Vec<[(String, Style); 2]> = Vec::new();
    if line.field.is_some() && !line.values.is_empty() {
        let fitting = line.values.iter().filter(|(value, _)| value.to_lowercase().starts_with(&typed));
        let part = |(value, count): &(String, usize)| {
            [(truncate_end(&sanitize(value), 40), style(value)), (format!(" {count}  "), theme.quiet)]
        };
        parts.extend(fitting.take(width).map(part));
    } else {
        let style =
            |field: &str| if line.field.is_none() && style(field) == theme.accent { theme.accent } else { theme.quiet };
        parts.extend(FIELDS.iter().map(|field| [((*field).to_owned(), style(field)), (" ".to_owned(), theme.quiet)]));
    }
    let mut used = 1;
    let mut spans = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        used += part.iter().map(|(text, _)| text.width()).sum::<usize>();
        // Room for the sign that there are more, but behind the last one.
        let is_last = place + 1 == parts.len();
        if used > width - usize::from(!is_last) {
            spans.push(Span::styled(model.chrome.glyphs.cut, theme.quiet));
            break;
        }
        spans.extend(part.iter().map(|(text, style)| Span::styled(text.clone(), *style)));
    }
    spans
}
