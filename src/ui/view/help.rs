//! The help: the keys of a pane, from the one table.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::ui::help_text::{HelpLine, columns, entries};
use crate::ui::model::{Help, Model};
use crate::ui::text_lines::pad;
use crate::ui::widget::popup::{Anchor, Popup};
use crate::ui::widget::table::{cut_text, select};

/// Columns of the keys before their words.
const KEYS: usize = 11;

/// Draws it.
pub fn draw(model: &Model, help: &Help, screen: Rect, frame: &mut Frame<'_>) {
    let (language, theme, glyphs) = (model.chrome.language, &model.chrome.theme, model.chrome.glyphs);
    let columns = columns(model, help);
    let lines = columns.iter().map(Vec::len).max().unwrap_or(0);
    let title = match (help.in_detail, help.on_checks) {
        (true, true) => tell!(language, "Keys · the checks"),
        (true, false) => tell!(language, "Keys · the detail"),
        (false, _) => tell!(language, "Keys · the table"),
    };
    let (find, enter) = (tell!(language, "find a key"), tell!(language, "do it"));
    let (tab, close) = (tell!(language, "the other pane's keys"), tell!(language, "close"));
    let popup = Popup {
        title: &glyphs.plain(&title),
        keys: &[("/", &find), ("Tab", &tab), ("Enter", &enter), ("Esc", &close)],
        width: screen.width.saturating_sub(6).min(if columns.len() > 1 { 116 } else { 70 }),
        height: u16::try_from(lines.max(1)).unwrap_or(u16::MAX).min(screen.height.saturating_sub(4)),
        anchor: Anchor::Centre,
        theme,
        glyphs,
    };
    let area = popup.draw(screen, frame.buffer_mut());
    if help.finding || !help.find.value().is_empty() {
        let words = format!(" / {} ", sanitize(help.find.value()));
        let x = area.x + 22.min(area.width);
        frame.buffer_mut().set_stringn(
            x,
            area.y - 1,
            &words,
            usize::from(area.right().saturating_sub(x)),
            theme.accent,
        );
        if help.finding {
            let at = x + u16::try_from(3 + help.find.visual_cursor()).unwrap_or(0);
            frame.set_cursor_position(Position::new(at.min(area.right()), area.y - 1));
        }
    }
    if entries(model, help).is_empty() {
        let words = tell!(language, "no key matches; Esc shows all");
        frame.buffer_mut().set_stringn(area.x + 1, area.y, words, usize::from(area.width), theme.quiet);
        return;
    }
    let seen = usize::from(area.height);
    let line_of = |column: &Vec<HelpLine<'_>>| {
        column.iter().position(|line| matches!(line, HelpLine::Key(place, ..) if *place == help.cursor))
    };
    // Two lines beyond the cursor stay in sight.
    let at = columns.iter().find_map(line_of).unwrap_or(0);
    let top = (at + 3).saturating_sub(seen).min(lines.saturating_sub(seen));
    let width = area.width / u16::try_from(columns.len()).unwrap_or(1);
    for (x, column) in (area.x..).step_by(usize::from(width.max(1))).zip(&columns) {
        let room = Rect { x, width: width.saturating_sub(1), ..area };
        draw_column(model, help, (&column[top.min(column.len())..], column.len() > top + seen), room, frame);
    }
}

fn draw_column(model: &Model, help: &Help, (lines, more): (&[HelpLine<'_>], bool), area: Rect, frame: &mut Frame<'_>) {
    let (language, theme, glyphs) = (model.chrome.language, &model.chrome.theme, model.chrome.glyphs);
    let buffer = frame.buffer_mut();
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        match line {
            HelpLine::Gap => {}
            HelpLine::Title(group) => {
                let title = tell!(language, group.title());
                buffer.set_stringn(area.x + 1, y, title, usize::from(area.width), theme.strong);
            }
            HelpLine::Key(place, entry, words) => {
                let keys = pad(&entry.keys.join(" "), KEYS - 1);
                let room = usize::from(area.width).saturating_sub(keys.width() + 2);
                let about = cut_text(&glyphs.plain(&tell!(language, *words)), room, glyphs);
                let spans = vec![
                    Span::raw(" "),
                    Span::styled(format!("{keys} "), theme.accent),
                    Span::styled(about, theme.text),
                ];
                buffer.set_line(area.x, y, &Line::from(spans), area.width);
                if *place == help.cursor {
                    select(buffer, Rect { y, height: 1, ..area }, true, theme, glyphs);
                }
            }
        }
    }
    if more && area.height > 0 && area.width > 0 {
        buffer.set_stringn(area.right() - 1, area.bottom() - 1, glyphs.more, 1, theme.accent);
    }
}
