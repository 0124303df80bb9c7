//! Where the palette stands, for drawing and for clicks.

use ratatui::layout::{Position, Rect};

use super::model::{Model, Palette};
use super::widget::popup::{Anchor, Popup};
use crate::i18n::tell;

/// Columns of the palette's lines.
const WIDTH: u16 = 72;
/// Commands seen at once.
const SEEN: usize = 10;

/// The palette's frame with `commands` commands in it.
pub fn palette_popup<T>(model: &Model, commands: usize, work: impl FnOnce(&Popup<'_>) -> T) -> T {
    let language = model.chrome.language;
    let (choose, run) = (tell!(language, "choose"), tell!(language, "run"));
    let (complete, close) = (tell!(language, "complete"), tell!(language, "close"));
    let arrows = model.chrome.glyphs.plain("↑↓");
    work(&Popup {
        title: &tell!(language, "Commands"),
        keys: &[(&arrows, &choose), ("Enter", &run), ("Tab", &complete), ("Esc", &close)],
        width: WIDTH,
        height: u16::try_from(commands.clamp(1, SEEN) + 2).unwrap_or(3),
        anchor: Anchor::Line(2),
        theme: &model.chrome.theme,
        glyphs: model.chrome.glyphs,
    })
}

/// The first command seen.
#[must_use]
pub fn palette_top(cursor: usize, seen: u16) -> usize {
    cursor.saturating_sub(usize::from(seen.saturating_sub(1)))
}

/// The command at a place of the screen.
#[must_use]
pub fn palette_line_at(model: &Model, palette: &Palette, commands: usize, at: Position) -> Option<usize> {
    let screen = Rect::new(0, 0, model.chrome.size.0, model.chrome.size.1);
    let area = palette_popup(model, commands, |popup| popup.inner(screen));
    let line = at.y.checked_sub(area.y + 2)?;
    let place = palette_top(palette.cursor, area.height.saturating_sub(2)) + usize::from(line);
    (area.contains(at) && place < commands).then_some(place)
}
