//! The one table of actions: what a key does and its words.

use std::path::Path;
use std::sync::LazyLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;
use serde::de::IntoDeserializer;

use crate::assets::asset;
use crate::config::screen::Written;

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is told in assets/keymap.toml")]
pub enum Action {
    CopyId,
    OpenTool,
    Diagnose,
    CopyMenu,
    Explain,
    Note,
    Mark,
    MarkRange,
    MarkAll,
    Compare,
    QuitAndPrint,
    Fold,
    Probe,
    Watch,
    History,
    Import,
    Edit,
    Profiles,
    Filter,
    OnlyLike,
    NoneLike,
    Undo,
    Redo,
    Search,
    NextMatch,
    PreviousMatch,
    Sort,
    Rerun,
    RerunAll,
    Cancel,
    WhatWasRead,
    ShowAll,
    Follow,
    WholeIds,
    Columns,
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
    Unfold,
    Wrap,
    ScrollLeft,
    ScrollRight,
    Zoom,
    TurnSplit,
    EdgeBack,
    EdgeForth,
    Close,
    Mouse,
    Settings,
    Redraw,
    Suspend,
    Help,
    Commands,
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
    /// What is done with a check, on its tab.
    Check,
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
    /// Its heading, in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Check => "This check",
            Self::Row => "This row",
            Self::Shown => "What is shown",
            Self::Mark => "Mark",
            Self::Go => "Go",
            Self::App => "App",
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    /// Its words on the Checks tab, where they are others: in the hint line and in the help.
    pub checks: Option<String>,
    /// One line for help and README.
    pub about: String,
}

#[derive(Deserialize)]
struct KeymapFile {
    action: Vec<Entry>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let file: KeymapFile = asset!("keymap.toml");
    file.action
});

/// Which key does what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    entries: Vec<Entry>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { entries: ENTRIES.clone() }
    }
}

impl Keymap {
    /// The keys of the configuration in the place of the usual ones. When one of them means nothing, or two
    /// actions that can be meant in one place have the same key, all keys are as usual, and the second part
    /// says why, a line each.
    #[must_use]
    pub fn written(written: &[Written], file: &Path) -> (Self, Vec<String>) {
        let mut keymap = Self::default();
        let mut wrong = Vec::new();
        for line in written {
            let place = format!("{}:{}: keys.{}", file.display(), line.line, line.name);
            let name = Action::deserialize(line.name.as_str().into_deserializer());
            let name: Result<Action, serde::de::value::Error> = name;
            let entry = name.ok().and_then(|name| keymap.entries.iter_mut().find(|entry| entry.name == name));
            match (entry, &line.texts) {
                (None, _) => wrong.push(format!("{place}: there is no such action{}", nearest(&line.name))),
                (_, None) => wrong.push(format!("{place}: write a list of keys, such as [\"j\", \"C-d\", \"PgDn\"]")),
                (Some(entry), Some(keys)) => {
                    let odd = keys.iter().filter(|key| parsed(key).is_none());
                    wrong.extend(odd.map(|key| format!("{place}: \"{key}\" is no key; keys are j, J, C-d, PgDn, F5")));
                    let kept = keys.iter().filter(|key| is_reserved(key, entry.name));
                    wrong.extend(kept.map(|key| format!("{place}: {key} always does what it does now")));
                    entry.keys.clone_from(keys);
                }
            }
        }
        let place = |name: &str| {
            let line = written.iter().find(|line| line.name == name)?;
            Some(format!("{}:{}", file.display(), line.line))
        };
        for (key, one, other) in keymap.clashes() {
            let Some(place) = place(&other).or_else(|| place(&one)) else { continue };
            wrong.push(format!("{place}: keys.{other}: \"{key}\" is the key of {one} too"));
        }
        if wrong.is_empty() { (keymap, wrong) } else { (Self::default(), wrong) }
    }

    /// Keys that two actions have which can be meant in one place.
    fn clashes(&self) -> Vec<(String, String, String)> {
        let mut clashes = Vec::new();
        for (i, one) in self.entries.iter().enumerate() {
            for other in &self.entries[i + 1..] {
                let overlap = one.context == other.context || [one.context, other.context].contains(&Context::Main);
                let shared = one.keys.iter().filter(|key| overlap && other.keys.contains(key));
                clashes.extend(shared.map(|key| (key.clone(), one.name.name(), other.name.name())));
            }
        }
        clashes
    }

    /// All actions, in the order of help.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The row of an action.
    #[must_use]
    pub fn entry(&self, action: Action) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == action)
    }

    /// The first key of an action; empty where the configuration gives it none.
    #[must_use]
    pub fn key(&self, action: Action) -> &str {
        self.entry(action).and_then(|entry| entry.keys.first()).map_or("", String::as_str)
    }

    /// The action of a key.
    #[must_use]
    pub fn action(&self, key: KeyEvent, in_detail: bool) -> Option<Action> {
        let here = |context| context == Context::Main || (context == Context::Detail) == in_detail;
        self.entries
            .iter()
            .filter(|entry| here(entry.context))
            .find(|entry| entry.keys.iter().any(|written| is(written, key)))
            .map(|entry| entry.name)
    }
}

impl Action {
    /// Its name in the configuration, as in `assets/keymap.toml`.
    #[must_use]
    pub fn name(self) -> String {
        let mut name = String::new();
        for (i, c) in format!("{self:?}").char_indices() {
            if c.is_uppercase() && i > 0 {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }
}

/// The action whose name is nearest to what was written, as a question; where none is near, all names.
fn nearest(written: &str) -> String {
    let names: Vec<_> = ENTRIES.iter().map(|entry| entry.name.name()).collect();
    let near = names.iter().map(|name| (strsim::damerau_levenshtein(name, written), name)).min();
    match near.filter(|(distance, _)| *distance <= 3) {
        Some((_, name)) => format!("; did you mean {name}?"),
        None => format!("; there are {}", names.join(", ")),
    }
}

/// Ctrl-C leaves from everywhere, and these two work wherever one types.
fn is_reserved(key: &str, action: Action) -> bool {
    match key {
        "C-c" => true,
        "C-z" => action != Action::Suspend,
        "C-l" => action != Action::Redraw,
        _ => false,
    }
}

/// Whether an action applies in this pane.
#[must_use]
pub fn applies(context: Context, in_detail: bool) -> bool {
    context == Context::Main || (context == Context::Detail) == in_detail
}

/// Whether a key is the one written as `j`, `C-d`, `S-Tab`, `PgDn`, …
fn is(written: &str, key: KeyEvent) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    parsed(written) == Some((key.code, control))
}

/// The key written as such a word, and whether it is pressed with Ctrl.
fn parsed(written: &str) -> Option<(KeyCode, bool)> {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|c| chars.next().is_none() && !c.is_control())
    };
    if let Some(letter) = written.strip_prefix("C-") {
        return single(letter).filter(char::is_ascii_lowercase).map(|letter| (KeyCode::Char(letter), true));
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
        "Del" => KeyCode::Delete,
        "Ins" => KeyCode::Insert,
        "Backspace" => KeyCode::Backspace,
        function if function.len() > 1 && function.starts_with('F') => {
            KeyCode::F(function[1..].parse().ok().filter(|number| (1..=12).contains(number))?)
        }
        other => KeyCode::Char(single(other)?),
    };
    Some((code, false))
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
    fn no_key_means_two_things_in_one_place_and_every_key_is_one() {
        assert_eq!(Keymap::default().clashes(), []);
        for entry in Keymap::default().entries() {
            assert!(entry.keys.iter().all(|key| parsed(key).is_some()), "{:?}", entry.keys);
            let found = Action::deserialize(entry.name.name().as_str().into_deserializer());
            let found: Result<Action, serde::de::value::Error> = found;
            assert_eq!(found, Ok(entry.name));
        }
    }

    #[test]
    fn keys_of_the_configuration_replace_or_are_said_to_be_wrong() {
        let line = |name: &str, keys: &[&str], line| Written {
            name: name.to_owned(),
            texts: Some(keys.iter().map(|key| (*key).to_owned()).collect()),
            line,
        };
        let plain = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        let of = |lines: &[Written]| Keymap::written(lines, Path::new("c.toml"));
        // Two keys change places.
        let (keymap, wrong) = of(&[line("copy-id", &["d", "F5"], 3), line("diagnose", &["y"], 4)]);
        assert_eq!(wrong, [""; 0]);
        assert_eq!(
            (keymap.action(plain('d'), false), keymap.action(plain('y'), true)),
            (Some(Action::CopyId), Some(Action::Diagnose))
        );
        assert_eq!(keymap.action(KeyEvent::new(KeyCode::F(5), KeyModifiers::NONE), false), Some(Action::CopyId));
        let (keymap, wrong) = of(&[line("mark-all", &[], 3)]);
        assert_eq!((keymap.action(plain('M'), false), wrong.len()), (None, 0), "an action may be without a key");
        for (lines, wanted) in [
            (
                vec![line("coppy-id", &["y"], 3)],
                vec!["c.toml:3: keys.coppy-id: there is no such action; did you mean copy-id?"],
            ),
            (
                vec![line("note", &["Return", "C-ä"], 7)],
                vec!["c.toml:7: keys.note: \"Return\" is no key", "c.toml:7: keys.note: \"C-ä\" is no key"],
            ),
            (vec![line("note", &["C-c"], 2)], vec!["c.toml:2: keys.note: C-c always"]),
            (vec![line("note", &["y"], 2)], vec!["c.toml:2: keys.note: \"y\" is the key of copy-id too"]),
            (vec![line("raw", &["e"], 9)], vec!["c.toml:9: keys.raw: \"e\" is the key of note too"]),
            (vec![Written { texts: None, ..line("note", &[], 5) }], vec!["c.toml:5: keys.note: write a list"]),
        ] {
            let (keymap, wrong) = of(&lines);
            assert_eq!(keymap, Keymap::default(), "{lines:?}");
            assert_eq!(wrong.len(), wanted.len(), "{wrong:?}");
            assert!(wrong.iter().zip(&wanted).all(|(wrong, wanted)| wrong.starts_with(wanted)), "{wrong:?}");
        }
        // In table and detail one key may mean two things.
        assert_eq!(of(&[line("open", &["n"], 1)]).1, [""; 0]);
    }

    #[test]
    fn keys_find_their_action() {
        let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
        assert_eq!(Keymap::default().action(plain(KeyCode::Char('y')), false), Some(Action::CopyId));
        assert_eq!(Keymap::default().action(plain(KeyCode::Char('Y')), false), Some(Action::CopyMenu));
        assert_eq!(Keymap::default().action(plain(KeyCode::Enter), true), Some(Action::Unfold));
        assert_eq!(
            Keymap::default().action(KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL), false),
            Some(Action::HalfDown)
        );
        assert_eq!(Keymap::default().action(KeyEvent::new(KeyCode::Char('y'), KeyModifiers::CONTROL), false), None);
    }
}
