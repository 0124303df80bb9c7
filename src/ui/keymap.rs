//! The one table of actions: what a key does, and what is told about it.

use std::sync::LazyLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is told in assets/keymap.toml")]
pub enum Action {
    CopyId,
    OpenTool,
    Diagnose,
    CopyMenu,
    Note,
    Mark,
    MarkAll,
    Fold,
    Probe,
    Edit,
    Profiles,
    Filter,
    Sort,
    Rerun,
    RerunAll,
    Cancel,
    ShowAll,
    Follow,
    WholeIds,
    Down,
    Up,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    Focus,
    NextTab,
    PreviousTab,
    TabWhy,
    TabHeaders,
    TabBody,
    TabRequest,
    TabTiming,
    TabChecks,
    TabSign,
    Raw,
    Wrap,
    ScrollLeft,
    ScrollRight,
    Zoom,
    TurnSplit,
    EdgeBack,
    EdgeForth,
    Close,
    Mouse,
    Redraw,
    Suspend,
    Help,
    Quit,
}

/// Where an action applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// Table or detail.
    Main,
    /// The table in focus.
    Table,
    /// The detail in focus.
    Detail,
}

/// A heading of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// What is done with this row.
    Row,
    /// What is shown.
    Shown,
    /// Marks.
    Mark,
    /// Where one goes.
    Go,
    /// The app.
    App,
}

impl Group {
    /// All of them, in the order of help.
    pub const ALL: [Self; 5] = [Self::Row, Self::Mark, Self::Shown, Self::Go, Self::App];

    /// Its heading, in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Row => "This row",
            Self::Shown => "What is shown",
            Self::Mark => "Mark",
            Self::Go => "Go",
            Self::App => "App",
        }
    }
}

/// One row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The action.
    pub name: Action,
    /// Where it applies.
    pub context: Context,
    /// Its heading in the help.
    pub group: Group,
    /// Its keys as written.
    pub keys: Vec<String>,
    /// Its words in the hint line.
    pub hint: Option<String>,
    /// One line for help and README.
    pub about: String,
}

#[derive(Deserialize)]
struct KeymapFile {
    action: Vec<Entry>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    toml::from_str::<KeymapFile>(include_str!("../../assets/keymap.toml"))
        .expect("assets/keymap.toml is checked by a test")
        .action
});

/// All actions, in the order of help.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The action of a key.
#[must_use]
pub fn action(key: KeyEvent, in_detail: bool) -> Option<Action> {
    let here = |context| context == Context::Main || (context == Context::Detail) == in_detail;
    ENTRIES
        .iter()
        .filter(|entry| here(entry.context))
        .find(|entry| entry.keys.iter().any(|written| is(written, key)))
        .map(|entry| entry.name)
}

/// Whether a key is the one written as `j`, `C-d`, `S-Tab`, `PgDn`, …
fn is(written: &str, key: KeyEvent) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if let Some(letter) = written.strip_prefix("C-") {
        return control && key.code == letter.chars().next().map_or(KeyCode::Null, KeyCode::Char);
    }
    let code = match written {
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Enter" => KeyCode::Enter,
        "Space" => KeyCode::Char(' '),
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "S-Tab" => KeyCode::BackTab,
        other => other.chars().next().map_or(KeyCode::Null, KeyCode::Char),
    };
    !control && key.code == code
}

/// The table of README, in Markdown.
#[must_use]
pub fn markdown() -> String {
    let rows = ENTRIES.iter().map(|entry| {
        let keys: Vec<_> = entry.keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
        format!("| {} | {} |\n", keys.join(" "), entry.about)
    });
    format!("| Key | What it does |\n| --- | --- |\n{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (i, one) in ENTRIES.iter().enumerate() {
            for other in &ENTRIES[i + 1..] {
                let overlap = one.context == other.context || [one.context, other.context].contains(&Context::Main);
                let shared: Vec<_> = one.keys.iter().filter(|key| other.keys.contains(key)).collect();
                assert!(!overlap || shared.is_empty(), "{:?} and {:?} share {shared:?}", one.name, other.name);
            }
        }
    }

    #[test]
    fn keys_find_their_action() {
        let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
        assert_eq!(action(plain(KeyCode::Char('y')), false), Some(Action::CopyId));
        assert_eq!(action(plain(KeyCode::Char('Y')), false), Some(Action::CopyMenu));
        assert_eq!(action(plain(KeyCode::Enter), true), None);
        assert_eq!(action(KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL), false), Some(Action::HalfDown));
        assert_eq!(action(KeyEvent::new(KeyCode::Char('y'), KeyModifiers::CONTROL), false), None);
    }
}
