//! The titles of the detail's tabs and where they stand, for drawing and for clicks.

use unicode_width::UnicodeWidthStr;

use super::model::{Model, Tab};
use crate::domain::record::Record;
use crate::i18n::tell;

/// A tab's title as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabTitle {
    /// The tab.
    pub tab: Tab,
    /// Its title, with its number where there is room.
    pub label: String,
}

/// The titles of the tabs that a record has, in a detail of this width.
#[must_use]
pub fn places(model: &Model, record: &Record, width: usize) -> Vec<TabTitle> {
    let language = model.chrome.language;
    let titles: Vec<_> = Tab::ALL
        .into_iter()
        .zip(1..)
        .filter(|(tab, _)| tab.is_shown_for(record))
        .map(|(tab, number)| {
            let title = tell!(language, tab.title());
            let title = match tab {
                Tab::Checks => match checks(record) {
                    0 => title.into_owned(),
                    n => format!("{title} {n}"),
                },
                Tab::Sign => format!("{title} {}", if differs(record) { model.chrome.glyphs.differs } else { "=" }),
                _ => title.into_owned(),
            };
            (tab, number, title)
        })
        .collect();
    let numbered: usize = titles.iter().map(|(_, _, title)| title.width() + 5).sum::<usize>() + 2;
    titles
        .into_iter()
        .map(|(tab, number, title)| {
            let label = if numbered <= width { format!("{number} {title}") } else { title };
            TabTitle { tab, label }
        })
        .collect()
}

/// The tab whose title stands at a column of the detail.
#[must_use]
pub fn at(model: &Model, record: &Record, width: usize, column: usize) -> Option<Tab> {
    let mut end = 1;
    places(model, record, width).into_iter().find_map(|place| {
        end += place.label.width() + 3;
        (column < end).then_some(place.tab)
    })
}

fn checks(record: &Record) -> usize {
    record.diagnosis.as_ref().map_or(0, |diagnosis| diagnosis.checks.len())
}

fn differs(record: &Record) -> bool {
    let signature = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.signature.as_ref());
    signature.is_some_and(|comparison| comparison.store != comparison.here)
}
