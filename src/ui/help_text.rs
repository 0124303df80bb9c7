//! The keys of a pane as the help shows them: under headings, in one column or two.

use super::keymap::{self, Entry, Group};
use super::model::{Help, Model};
use crate::i18n::tell;

/// From this width there are two columns.
const TWO_COLUMNS: u16 = 90;

/// A line of the help.
#[derive(Clone, Copy, Debug)]
pub enum HelpLine<'a> {
    /// A heading.
    Title(Group),
    /// A key: its place among the keys shown, its row of the table, its words.
    Key(usize, &'a Entry, &'a str),
    /// Nothing.
    Gap,
}

/// The keys shown, in the order that the cursor goes.
#[must_use]
pub fn entries<'a>(model: &'a Model, help: &Help) -> Vec<&'a Entry> {
    keys(model, help).into_iter().map(|(_, entry, _)| entry).collect()
}

/// The keys shown, each under its heading and with its words.
fn keys<'a>(model: &'a Model, help: &Help) -> Vec<(Group, &'a Entry, &'a str)> {
    let language = model.chrome.language;
    let on_checks = help.in_detail && help.on_checks;
    let words = help.find.value().to_lowercase();
    let said = |entry: &'a Entry| match entry.checks.as_deref().filter(|_| on_checks) {
        Some(words) => (Group::Check, entry, words),
        None => (entry.group, entry, entry.about.as_str()),
    };
    let fits = |(_, entry, about): &(Group, &Entry, &str)| {
        let about = tell!(language, *about).to_lowercase();
        let keys = entry.keys.iter().any(|key| *key == help.find.value());
        keymap::applies(entry.context, help.in_detail) && (keys || words.is_empty() || about.contains(&words))
    };
    let groups = [Group::Check, Group::Row, Group::Mark, Group::Shown, Group::App, Group::Go];
    let all: Vec<_> = model.chrome.keymap.entries().iter().map(said).filter(fits).collect();
    groups.into_iter().flat_map(|group| all.iter().copied().filter(move |key| key.0 == group)).collect()
}

/// The columns of the help on a screen so wide. Where one goes has the most keys and a column of its own.
#[must_use]
pub fn columns<'a>(model: &'a Model, help: &Help) -> Vec<Vec<HelpLine<'a>>> {
    let mut columns = vec![Vec::new(), Vec::new()];
    let mut before = None;
    for (place, (group, entry, words)) in keys(model, help).into_iter().enumerate() {
        let second = model.chrome.size.0 >= TWO_COLUMNS && group == Group::Go;
        let column = &mut columns[usize::from(second)];
        if before != Some(group) {
            if !column.is_empty() {
                column.push(HelpLine::Gap);
            }
            column.push(HelpLine::Title(group));
        }
        before = Some(group);
        column.push(HelpLine::Key(place, entry, words));
    }
    columns.retain(|column| !column.is_empty());
    columns
}
