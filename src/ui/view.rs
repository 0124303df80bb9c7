//! `view`: draws the model and changes nothing.

mod footer;
mod header;
mod help;
mod main_area;
mod note;
mod profiles;
mod prompt;
pub mod timing;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::layout::SMALLEST;
use super::model::{Layer, Model};
use crate::domain::language::tell;
use crate::domain::text::end_cut;

/// Draws everything.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    if screen.is_empty() {
        return;
    }
    let Some(areas) =
        model.areas().filter(|areas| areas.footer.bottom() <= screen.height && areas.footer.width <= screen.width)
    else {
        let (columns, rows) = SMALLEST;
        let words = tell!(model.language, "too small: %{columns}×%{rows} needed", columns = columns, rows = rows);
        let line = end_cut(&words, usize::from(screen.width));
        frame.buffer_mut().set_stringn(0, 0, line, usize::from(screen.width), Style::new());
        return;
    };
    header::draw(model, areas.header, frame.buffer_mut());
    main_area::draw(model, &areas, frame.buffer_mut());
    match model.layers.last() {
        Some(Layer::Help(top)) => help::draw(model, *top, screen, frame.buffer_mut()),
        Some(Layer::Note { row, input }) => note::draw(model, *row, input, screen, frame),
        Some(Layer::Prompt(fields)) => prompt::draw(model, fields, screen, frame),
        Some(Layer::Profiles(cursor)) => profiles::draw(model, *cursor, screen, frame.buffer_mut()),
        Some(Layer::Select { reason, text }) => select(model, reason, text, screen, frame),
        _ => footer::draw(model, areas.footer, frame),
    }
}

/// Text for the terminal's own selection: nothing else on its lines, so that nothing else is taken.
fn select(model: &Model, reason: &str, text: &str, screen: Rect, frame: &mut Frame<'_>) {
    let buffer = frame.buffer_mut();
    let lines = textwrap::wrap(text, usize::from(screen.width.max(1)));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(3).min(screen.height);
    let area = Rect { y: screen.height - height, height, ..screen };
    clear(area, buffer);
    rule(area.y, area, reason, "", model.theme.heading, buffer);
    for (y, line) in (area.y + 1..area.bottom().saturating_sub(1)).zip(&lines) {
        buffer.set_stringn(0, y, line, usize::from(screen.width), Style::new());
    }
    let hint = if model.look.mouse {
        tell!(model.language, "any key closes this · hold Shift while selecting")
    } else {
        tell!(model.language, "any key closes this")
    };
    buffer.set_stringn(0, area.bottom() - 1, format!(" {hint}"), usize::from(screen.width), model.theme.quiet);
}

fn clear(area: Rect, buffer: &mut ratatui::buffer::Buffer) {
    for position in area.positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            cell.reset();
        }
    }
}

/// A horizontal rule with a title on the left and words on the right.
fn rule(y: u16, area: Rect, left: &str, right: &str, style: Style, buffer: &mut ratatui::buffer::Buffer) {
    use unicode_width::UnicodeWidthStr;
    let width = usize::from(area.width);
    let quiet = Style::new().add_modifier(ratatui::style::Modifier::DIM);
    buffer.set_stringn(area.x, y, "─".repeat(width), width, quiet);
    let left = end_cut(left, width.saturating_sub(4));
    if !left.is_empty() {
        buffer.set_line(
            area.x + 1,
            y,
            &Line::from(Span::styled(format!(" {left} "), style)),
            area.width.saturating_sub(1),
        );
    }
    let room = width.saturating_sub(left.width() + 8);
    let right = end_cut(right, room);
    if !right.is_empty() && room > 4 {
        let at = area.right().saturating_sub(u16::try_from(right.width()).unwrap_or(0) + 3);
        buffer.set_stringn(at, y, format!(" {right} "), right.width() + 2, Style::new());
    }
}
