//! The path of a file being typed.

use tui_input::Input;

/// The line, and what is in the folder that it names.
#[derive(Clone, Debug, Default)]
pub struct PathLine {
    /// What is typed.
    pub input: Input,
    /// The folder that was looked into, as typed.
    pub folder: Option<String>,
    /// What is in it.
    pub entries: Vec<Entry>,
    /// The chosen one of those that fit.
    pub cursor: Option<usize>,
}

/// A file or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// It is a folder.
    pub is_folder: bool,
    /// Its size.
    pub bytes: u64,
}

impl PathLine {
    /// The folder's part of what is typed, and what stands behind it.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        let text = self.input.value();
        text.split_at(text.rfind('/').map_or(0, |at| at + 1))
    }

    /// What of the folder begins as what is typed. Hidden files wait for their dot.
    #[must_use]
    pub fn fitting(&self) -> Vec<&Entry> {
        let (folder, name) = self.parts();
        if self.folder.as_deref() != Some(folder) {
            return Vec::new();
        }
        let shown =
            |entry: &&Entry| entry.name.starts_with(name) && (name.starts_with('.') || !entry.name.starts_with('.'));
        self.entries.iter().filter(shown).collect()
    }

    /// The path as it would be with an entry taken.
    #[must_use]
    pub fn with(&self, entry: &Entry) -> String {
        format!("{}{}{}", self.parts().0, entry.name, if entry.is_folder { "/" } else { "" })
    }
}
