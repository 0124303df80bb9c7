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
    /// A key: its place among the keys shown.
    Key(usize, &'a Entry),
    /// Nothing.
    Gap,
}

/// The keys shown, in the order that the cursor goes.
#[must_use]
pub fn entries<'a>(model: &'a Model, help: &Help) -> Vec<&'a Entry> {
    let language = model.chrome.language;
    let words = help.find.value().to_lowercase();
    let fits = |entry: &&Entry| {
        let about = tell!(language, entry.about.as_str()).to_lowercase();
        let keys = entry.keys.iter().any(|key| *key == help.find.value());
        keymap::applies(entry.context, help.in_detail) && (keys || words.is_empty() || about.contains(&words))
    };
    let groups = [Group::Row, Group::Mark, Group::Shown, Group::App, Group::Go];
    let of = |group| model.chrome.keymap.entries().iter().filter(move |entry| entry.group == group);
    groups.into_iter().flat_map(of).filter(fits).collect()
}

/// The columns of the help on a screen so wide. Where one goes has the most keys and a column of its own.
#[must_use]
pub fn columns<'a>(model: &'a Model, help: &Help) -> Vec<Vec<HelpLine<'a>>> {
    let mut columns = vec![Vec::new(), Vec::new()];
    let mut before = None;
    for (place, entry) in entries(model, help).into_iter().enumerate() {
        let second = model.chrome.size.0 >= TWO_COLUMNS && entry.group == Group::Go;
        let column = &mut columns[usize::from(second)];
        if before != Some(entry.group) {
            if !column.is_empty() {
                column.push(HelpLine::Gap);
            }
            column.push(HelpLine::Title(entry.group));
        }
        before = Some(entry.group);
        column.push(HelpLine::Key(place, entry));
    }
    columns.retain(|column| !column.is_empty());
    columns
}
