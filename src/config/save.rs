//! Changing a few values of the configuration file: everything else in it, comments and order, stays as it
//! is, and the file is the old one or the new one at every moment.

use std::fs;
use std::io::Write;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Value};

use super::error::ConfigError;
use super::text_file;

/// A value to set.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The table it stands in; `None` is the top of the file.
    pub table: Option<&'static str>,
    /// Its name.
    pub key: &'static str,
    /// The value.
    pub value: Setting,
    /// It is what holds where nothing is written: it is written over another one only.
    pub usual: bool,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A text.
    Text(String),
    /// Yes or no.
    Switch(bool),
    /// Texts.
    List(Vec<String>),
    /// Names and numbers.
    Numbers(Vec<(String, u16)>),
}

/// Saves the values. A file that is not there is made.
///
/// # Errors
/// With the path, and why the file is as it was.
pub fn save(path: &Path, edits: &[Edit]) -> Result<(), ConfigError> {
    if path == Path::new("/dev/null") {
        return Err(ConfigError::NotSavable(path.to_owned()));
    }
    // A link to the file stays a link to the file.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let text = text_file::read(&real)?.unwrap_or_default();
    let edited = edited(path, &text, edits)?;
    write(&real, &edited).map_err(|error| ConfigError::Io { path: path.to_owned(), kind: error.kind() })
}

fn edited(path: &Path, text: &str, edits: &[Edit]) -> Result<String, ConfigError> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let reason = error.message().replace('\n', ", ");
        ConfigError::Toml { path: path.to_owned(), at: None, reason, key: None }
    })?;
    for edit in edits {
        let top = document.as_table_mut();
        let there = |table: &toml_edit::Table| table.contains_key(edit.key);
        let place = match edit.table {
            None => top,
            Some(name) => {
                if edit.usual && !top.contains_key(name) {
                    continue;
                }
                let table = top.entry(name).or_insert_with(toml_edit::table);
                table.as_table_mut().ok_or_else(|| ConfigError::NotATable { path: path.to_owned(), name })?
            }
        };
        if !edit.usual || there(place) {
            set(place, edit.key, &edit.value);
        }
    }
    Ok(document.to_string())
}

fn set(table: &mut toml_edit::Table, key: &str, value: &Setting) {
    let mut value = match value {
        Setting::Text(text) => Value::from(text),
        Setting::Switch(switch) => Value::from(*switch),
        Setting::List(texts) => Value::Array(texts.iter().map(String::as_str).collect()),
        Setting::Numbers(numbers) => {
            let numbers = numbers.iter().map(|(name, number)| (name.as_str(), i64::from(*number)));
            Value::InlineTable(numbers.collect())
        }
    };
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            // The comment behind it stays.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Puts a new file in the place of the old one, with its mode.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Only for its owner, unless the old one was for others too: profiles have secrets.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "# mine\ntheme = \"dark\" # at night\n\n[columns]\n# few\nhidden = [\"sure\"]\n\n[profile.a] # last\nregion = \"ap-tokyo\"\n";

    fn edit(table: Option<&'static str>, key: &'static str, value: Setting) -> Edit {
        Edit { table, key, value, usual: false }
    }

    fn usual(table: Option<&'static str>, key: &'static str, value: Setting) -> Edit {
        Edit { table, key, value, usual: true }
    }

    #[test]
    fn what_is_not_changed_stays_as_it_was() {
        let list = |texts: &[&str]| Setting::List(texts.iter().map(|text| (*text).to_owned()).collect());
        let edits = [
            edit(None, "theme", Setting::Text("paper".into())),
            edit(None, "mouse", Setting::Switch(false)),
            usual(None, "split", Setting::Text("auto".into())),
            usual(Some("columns"), "hidden", list(&[])),
            usual(Some("columns"), "added", list(&[])),
            edit(Some("columns"), "order", list(&["code", "status"])),
            edit(Some("columns"), "widths", Setting::Numbers(vec![("code".into(), 30)])),
            usual(Some("other"), "gone", list(&[])),
        ];
        let new = edited(Path::new("f"), OLD, &edits).expect("TOML");
        for kept in
            ["# mine\ntheme = \"paper\" # at night\n", "mouse = false\n", "[profile.a] # last\nregion = \"ap-tokyo\"\n"]
        {
            assert!(new.contains(kept), "{new}");
        }
        assert!(new.contains("# few\nhidden = []\n"), "{new}");
        assert!(new.contains("order = [\"code\", \"status\"]\nwidths = { code = 30 }"), "{new}");
        assert!(!["added", "split", "other"].iter().any(|word| new.contains(word)), "{new}");
        let top = new.split("[columns]").next().unwrap_or_default();
        assert!(top.contains("mouse"), "before the first table: {new}");
        assert_eq!(edited(Path::new("f"), OLD, &[]).expect("TOML"), OLD);
        assert!(edited(Path::new("f"), "theme = ", &[]).is_err());
        assert!(edited(Path::new("f"), "columns = 3", &[edit(Some("columns"), "order", list(&[]))]).is_err());
    }

    #[test]
    fn the_mode_and_the_link_stay_and_a_damaged_file_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (folder.path().join("real.toml"), folder.path().join("link.toml"));
        fs::write(&real, OLD).expect("written");
        let edits = [edit(None, "theme", Setting::Text("mono".into()))];
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("a mode");
            symlink(&real, &link).expect("a link");
            save(&link, &edits).expect("saved");
            assert_eq!(real.metadata().expect("a file").permissions().mode() & 0o777, 0o640);
            assert!(link.symlink_metadata().expect("a link").is_symlink());
            assert!(fs::read_to_string(&real).expect("text").contains("theme = \"mono\" # at night"));
            let new = folder.path().join("new/config.toml");
            save(&new, &edits).expect("made");
            assert_eq!(new.metadata().expect("a file").permissions().mode() & 0o777, 0o600);
        }
        fs::write(&real, "theme = [").expect("written");
        let error = save(&real, &edits).expect_err("no TOML");
        assert!(error.to_string().contains("real.toml"), "{error}");
        assert_eq!(fs::read_to_string(&real).expect("text"), "theme = [");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3, "nothing is left behind");
        assert!(save(Path::new("/dev/null"), &edits).is_err());
    }
}
