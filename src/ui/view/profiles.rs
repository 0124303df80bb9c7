//! The profile switcher's list: name, dialect, region, masked id, source.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::rule;
use crate::domain::language::{Language, tell};
use crate::domain::profile::Profile;
use crate::domain::text::{end_cut, visible};
use crate::ui::model::Model;
use crate::ui::widget::popup::clear;

/// Columns of a name or a region; a longer one is cut.
const WIDEST: usize = 24;

/// Draws it over the last lines.
pub fn draw(model: &Model, cursor: usize, screen: Rect, buffer: &mut Buffer) {
    let language = model.chrome.language;
    let rows: Vec<[String; 4]> = model
        .session
        .profiles
        .iter()
        .map(|profile| ready(profile, language))
        .chain(
            model
                .session
                .unresolved_profiles
                .iter()
                .map(|(name, about)| [shown(name), String::new(), String::new(), visible(about).into_owned()]),
        )
        .collect();
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2);
    let area = Rect { height: wanted.min(screen.height), ..screen };
    let area = Rect { y: screen.height - area.height, ..area };
    clear(area, buffer);
    let place = tell!(language, "%{n} of %{all}", n = cursor + 1, all = rows.len());
    rule(area.y, area, &tell!(language, "Profiles"), &place, model, buffer);
    let visible_rows = usize::from(area.height.saturating_sub(2)).max(1);
    let top = cursor.saturating_sub(visible_rows - 1);
    let mut widths = [0; 3];
    for (place, width) in widths.iter_mut().enumerate() {
        *width = rows.iter().map(|row| row[place].width()).max().unwrap_or_default();
    }
    let width = usize::from(area.width);
    for (y, (place, row)) in (area.y + 1..area.bottom() - 1).zip(rows.iter().enumerate().skip(top)) {
        let mark = if place == model.session.current { "▸" } else { " " };
        let mut line = format!(" {mark} ");
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        line.push_str(&row[3]);
        let style = match place {
            place if place == cursor => model.chrome.theme.select,
            place if place >= model.session.profiles.len() => model.chrome.theme.quiet,
            _ => Style::new(),
        };
        let line = end_cut(&line, width);
        buffer.set_stringn(area.x, y, format!("{line:<width$}"), width, style);
    }
    let hint = tell!(language, "Enter sends as this one from now on · j k move · Esc");
    buffer.set_stringn(area.x, area.bottom() - 1, format!(" {hint}"), width, model.chrome.theme.quiet);
}

fn ready(profile: &Profile, language: Language) -> [String; 4] {
    [
        shown(&profile.name),
        profile.dialect.as_str().to_owned(),
        profile.region.as_deref().map_or_else(|| tell!(language, "no region").into_owned(), shown),
        visible(&profile.credentials_in_words(language)).into_owned(),
    ]
}

fn shown(text: &str) -> String {
    end_cut(&visible(text), WIDEST)
}
