//! Two rows side by side.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::ui::compare_text::{columns, lines, of, side};
use crate::ui::model::{Compare, Model};
use crate::ui::widget::popup::clear;
use crate::ui::widget::table::cut_text;

/// Draws it over everything between line 1 and the hints.
pub fn draw(model: &Model, compare: &Compare, screen: Rect, buffer: &mut Buffer) {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let area = Rect { y: screen.y + 1, height: screen.height.saturating_sub(2), ..screen };
    clear(area, buffer);
    let facts = of(model, compare);
    let lines = lines(model, compare);
    let differ = facts.iter().filter(|fact| fact.differs()).count();
    let seen = usize::from(area.height.saturating_sub(2));
    let top = compare.top.min(lines.len().saturating_sub(seen));
    let words = tell!(language, "2 rows · %{n} of %{all} facts differ", n = differ, all = facts.len());
    let equal = if compare.all { tell!(language, "a only what differs") } else { tell!(language, "a equal ones too") };
    let words = glyphs.plain(&format!("{words} · {equal}"));
    let heading = tell!(language, "Compare");
    let title = Line::from(vec![
        Span::styled(format!(" {heading}  "), theme.strong),
        Span::styled(
            cut_text(&words, usize::from(area.width).saturating_sub(heading.width() + 4), glyphs),
            theme.quiet,
        ),
    ]);
    buffer.set_line(area.x, area.y, &title, area.width);
    if lines.len() > seen {
        let words =
            tell!(language, "lines %{from}–%{to} of %{all}", from = top + 1, to = top + seen, all = lines.len());
        let words = format!(" {} ", glyphs.plain(&words));
        let at = area.right().saturating_sub(u16::try_from(words.width()).unwrap_or(0)).max(area.x);
        buffer.set_stringn(at, area.y, words, usize::from(area.width), theme.quiet);
    }
    let (name, a, b) = columns(model, &facts, compare.all);
    let heads =
        if b == 0 { vec![("A", 1, 0, a + name)] } else { vec![("A", name + 1, 0, a), ("B", name + a + 3, 1, b)] };
    for (letter, x, place, room) in heads {
        let words = side(&compare.records[place], language);
        let mut words = format!("{letter}  {words}");
        if b == 0 {
            words = format!("{words}  B  {}", side(&compare.records[1], language));
        }
        let x = area.x + u16::try_from(x).unwrap_or(0);
        buffer.set_stringn(x, area.y + 1, cut_text(&words, room, glyphs), room, theme.head());
    }
    for (y, line) in (area.y + 2..area.bottom()).zip(lines.iter().skip(top)) {
        buffer.set_line(area.x + 1, y, line, area.width.saturating_sub(2));
    }
}
