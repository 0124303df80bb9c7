//! What the configuration file says of the screen beside its theme's name: keys, columns, how it is
//! divided, and the file of a theme. What is wrong there is said with its line and changes nothing: a
//! screen that looks as usual is better than none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Spanned, Value};

use super::text_file;
use crate::domain::column::Column;
use crate::i18n::Language;
use crate::text::columns::Wishes;

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
    /// The texts; `None` when it is no list of texts.
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

/// The parts of the file that are told with their lines.
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
pub(super) fn read(path: &Path, text: &str, remarks: &mut Vec<String>) -> Screen {
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
        let place = format!("{}:{}", path.display(), line_of(text, value.span().start));
        if let Err(why) = wish(&mut columns, &name, value.get_ref()) {
            remarks.push(format!("{place}: columns.{name}: {why}"));
        }
    }
    Screen { file: path.to_owned(), keys, columns, ..Screen::default() }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Takes one line of `[columns]`.
fn wish(wishes: &mut Wishes, name: &str, value: &Value) -> Result<(), String> {
    match name {
        "hidden" => wishes.hidden = columns(value)?.into_iter().filter(|column| !column.is_fixed()).collect(),
        "added" => wishes.added = columns(value)?,
        "order" => wishes.order = columns(value)?,
        "widths" => {
            let table = value.as_table().ok_or("write { code = 24 }")?;
            let width = |(name, width): (&String, &Value)| {
                let width = width.as_integer().and_then(|width| u16::try_from(width).ok());
                Ok((column(name)?, width.filter(|width| (4..=60).contains(width)).ok_or("a width is 4 to 60")?))
            };
            wishes.widths = table.iter().map(width).collect::<Result<_, String>>()?;
        }
        _ => return Err("there are hidden, added, order and widths".to_owned()),
    }
    Ok(())
}

fn columns(value: &Value) -> Result<Vec<Column>, String> {
    let names = texts(value).ok_or("write a list of names, such as [\"sure\", \"node\"]")?;
    names.iter().map(|name| column(name)).collect()
}

fn column(name: &str) -> Result<Column, String> {
    Column::ALL.into_iter().find(|column| column.name() == name).ok_or_else(|| {
        let names: Vec<_> = Column::ALL.iter().map(|column| column.name()).collect();
        format!("\"{name}\" is no column; there are {}", names.join(", "))
    })
}

/// The file of a theme beside the configuration: `themes/NAME.toml`. `Err` says why there is none.
pub(super) fn theme(config: &Path, name: &str) -> Result<ThemeFile, String> {
    let wrong = || format!("{}: theme = \"{name}\" is none of {}", config.display(), THEMES.join(", "));
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return Err(format!("{}; auto is used", wrong()));
    }
    let path = config.with_file_name("themes").join(format!("{name}.toml"));
    match text_file::read(&path) {
        Ok(Some(text)) => Ok(ThemeFile { name: name.to_owned(), path, text }),
        Ok(None) => Err(format!("{}, and there is no {}; auto is used", wrong(), path.display())),
        Err(error) => Err(format!("{error}; auto is used")),
    }
}
