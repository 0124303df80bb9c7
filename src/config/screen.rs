//! What the configuration file says of the screen in addition to its theme's name: keys, columns, how it is
//! divided, and the file of a theme. Problems are reported with their lines and change nothing: a
//! screen that looks as usual is better than none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Spanned, Value};

use super::remark::{ColumnProblem, ConfigRemark, ThemeProblem};
use super::text_file;
use crate::domain::column::Column;
use crate::domain::column_wishes::Wishes;
use crate::i18n::Language;

/// The themes that are part of the program, and the one that follows the terminal.
pub const THEMES: [&str; 6] = ["auto", "dark", "light", "mono", "night", "paper"];

/// What the file says of the screen.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// The file.
    pub file: PathBuf,
    /// The keys of actions.
    pub keys: Vec<Written>,
    /// The table's columns.
    pub columns: Wishes,
    /// The detail beside the table (true) or below it; `None` follows the width.
    pub beside: Option<bool>,
    /// The file of the theme, where its name is none of [`THEMES`].
    pub theme: Option<ThemeFile>,
    /// The language is the file's, not the locale's.
    pub says_language: bool,
    /// The locale's language.
    pub locale_language: Language,
}

/// A key of the file and the texts behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The name before the equals sign.
    pub name: String,
    /// The texts; `None` when it is not a list of texts.
    pub texts: Option<Vec<String>>,
    /// Its line.
    pub line: usize,
}

/// A theme as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFile {
    /// Its name.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The parts of the file whose problems are reported with their lines.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Parts {
    keys: BTreeMap<String, Spanned<Value>>,
    columns: BTreeMap<String, Spanned<Value>>,
}

/// The number of the line that this place of a text is in.
#[must_use]
pub fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// Reads keys and columns out of a file's text; what is wrong with the columns goes to the remarks.
pub(super) fn read(path: &Path, text: &str, remarks: &mut Vec<ConfigRemark>) -> Screen {
    let parts: Parts = toml::from_str(text).unwrap_or_default();
    let written = |(name, value): (String, Spanned<Value>)| Written {
        name,
        line: line_of(text, value.span().start),
        texts: texts(value.get_ref()),
    };
    let mut keys: Vec<_> = parts.keys.into_iter().map(written).collect();
    keys.sort_by_key(|written| written.line);
    let mut columns = Wishes::default();
    for (name, value) in parts.columns {
        if let Err(problem) = wish(&mut columns, &name, value.get_ref()) {
            let line = line_of(text, value.span().start);
            remarks.push(ConfigRemark::Column { path: path.to_owned(), line, name, problem });
        }
    }
    Screen { file: path.to_owned(), keys, columns, ..Screen::default() }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Takes one line of `[columns]`.
fn wish(wishes: &mut Wishes, name: &str, value: &Value) -> Result<(), ColumnProblem> {
    match name {
        "hidden" => wishes.hidden = columns(value)?.into_iter().filter(|column| !column.is_fixed()).collect(),
        "added" => wishes.added = columns(value)?,
        "order" => wishes.order = columns(value)?,
        "widths" => {
            let table = value.as_table().ok_or(ColumnProblem::NotATable)?;
            let width = |(name, width): (&String, &Value)| {
                let width = width.as_integer().and_then(|width| u16::try_from(width).ok());
                Ok((column(name)?, width.filter(|width| (4..=60).contains(width)).ok_or(ColumnProblem::Width)?))
            };
            wishes.widths = table.iter().map(width).collect::<Result<_, ColumnProblem>>()?;
        }
        _ => return Err(ColumnProblem::UnknownKey),
    }
    Ok(())
}

fn columns(value: &Value) -> Result<Vec<Column>, ColumnProblem> {
    let names = texts(value).ok_or(ColumnProblem::NotAList)?;
    names.iter().map(|name| column(name)).collect()
}

fn column(name: &str) -> Result<Column, ColumnProblem> {
    let found = Column::ALL.iter().copied().find(|column| column.name() == name);
    found.ok_or_else(|| ColumnProblem::UnknownColumn(name.to_owned()))
}

/// Reads the file of a theme next to the configuration: `themes/NAME.toml`.
///
/// # Errors
/// When there is none.
pub(super) fn theme(config: &Path, name: &str) -> Result<ThemeFile, ThemeProblem> {
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return Err(ThemeProblem::Unknown);
    }
    let path = config.with_file_name("themes").join(format!("{name}.toml"));
    match text_file::read(&path) {
        Ok(Some(text)) => Ok(ThemeFile { name: name.to_owned(), path, text }),
        Ok(None) => Err(ThemeProblem::NotFound(path)),
        Err(error) => Err(ThemeProblem::Unreadable(error)),
    }
}
