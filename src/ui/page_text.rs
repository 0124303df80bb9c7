//! The lines of a page to read, on a screen of this size.

use super::model::{Model, Page};
use super::text_lines::wrap;
use crate::text::sanitize::sanitize;

/// The widest text that is easy to read.
const WIDEST: u16 = 100;

/// Columns of the text.
#[must_use]
pub fn width(model: &Model) -> u16 {
    model.chrome.size.0.saturating_sub(6).min(WIDEST)
}

/// Lines of the text that are seen at once.
#[must_use]
pub fn seen(model: &Model) -> usize {
    usize::from(model.chrome.size.1.saturating_sub(4)).max(1)
}

/// The text in lines; what is wrapped hangs under what it belongs to.
#[must_use]
pub fn lines(model: &Model, page: &Page) -> Vec<String> {
    let columns = usize::from(width(model)).max(20);
    let glyphs = model.chrome.glyphs;
    let wrapped = page.text.lines().flat_map(|line| {
        // A label of two columns' indent, then its value: the value's column.
        let label = line.strip_prefix("  ").and_then(|rest| rest.find("  ").map(|at| &rest[at..]));
        let indent = label.map_or(2, |rest| line.chars().count() - rest.trim_start().chars().count());
        let indent = if line.starts_with("  ") { indent.min(columns / 2) } else { 0 };
        wrap(&glyphs.plain(&sanitize(line)), columns, &" ".repeat(indent))
    });
    wrapped.collect()
}
