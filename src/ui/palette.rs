//! All commands: the actions, what the lists offer, and words that take an argument.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::keymap::Action;
use super::lists::{self, Take};
use super::model::{ListKind, Model, Palette};
use crate::diagnosis::code_book;
use crate::domain::column::Column;
use crate::domain::operation::SUITES;
use crate::domain::query;
use crate::domain::regions;
use crate::i18n::tell;
use crate::text::sanitize::sanitize;

/// Candidates for an argument at most; the code book alone has hundreds.
const MOST: usize = 400;

/// Words that take an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// `explain X`.
    Explain,
    /// `filter status:403`.
    Filter,
    /// `history 7d 403`.
    History,
    /// `import FILE`.
    Import,
    /// `profile NAME`.
    Profile,
    /// `region ap-shanghai`.
    Region,
    /// `sort code`.
    Sort,
    /// `suite object`.
    Suite,
    /// `watch 10`.
    Watch,
}

impl Word {
    const ALL: [Self; 9] = [
        Self::Explain,
        Self::Filter,
        Self::History,
        Self::Import,
        Self::Profile,
        Self::Region,
        Self::Sort,
        Self::Suite,
        Self::Watch,
    ];

    /// As it is typed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Explain => "explain",
            Self::Filter => "filter",
            Self::History => "history",
            Self::Import => "import",
            Self::Profile => "profile",
            Self::Region => "region",
            Self::Sort => "sort",
            Self::Suite => "suite",
            Self::Watch => "watch",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Explain => "explain a Code or a cause …",
            Self::Filter => "filter by words or fields …",
            Self::History => "earlier failures: a time such as 7d, words or fields …",
            Self::Import => "import a file …",
            Self::Profile => "profile to send as …",
            Self::Region => "region of this profile …",
            Self::Sort => "sort by a column …",
            Self::Suite => "suite to send …",
            Self::Watch => "watch: seconds between two rounds …",
        }
    }

    /// What is typed may be an argument that is not offered.
    fn takes_anything(self) -> bool {
        !matches!(self, Self::Profile | Self::Sort | Self::Suite)
    }
}

/// What running a command means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// An action of the key map.
    Act(Action),
    /// A line of a list.
    Take(Take),
    /// A word with its argument.
    Tell(Word, String),
    /// The word is typed, its argument is still to come.
    Ask(Word),
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is, in words.
    pub words: String,
    /// What else it is found by: its name in files and in the other language.
    pub name: String,
    /// Its keys.
    pub key: String,
    /// What running it means.
    pub run: Run,
    /// What Tab makes of the line.
    pub completes: String,
}

/// The commands that fit what is typed, the best first, and how many there are.
#[must_use]
pub fn matching(model: &Model, palette: &Palette) -> (Vec<Command>, usize) {
    let typed = palette.input.value();
    if let Some((word, argument)) = argument(typed) {
        let offered = arguments(model, word);
        let all = offered.len();
        let mut fitting = fitting(offered, argument);
        let is_offered = fitting.iter().any(|command| command.words == argument);
        if word.takes_anything() && !argument.is_empty() && !is_offered {
            // What is typed is a filter as it stands; a Code or a region is mostly one of those offered.
            let at = if matches!(word, Word::Filter | Word::History | Word::Watch) { 0 } else { fitting.len() };
            fitting.insert(at, told(word, argument, ""));
        }
        if !fitting.is_empty() {
            return (fitting, all);
        }
    }
    let all = commands(model, palette.ids);
    let count = all.len();
    (fitting(all, typed), count)
}

/// The word and what stands after it.
fn argument(typed: &str) -> Option<(Word, &str)> {
    let (first, argument) = typed.trim_start().split_once(' ')?;
    let word = Word::ALL.into_iter().find(|word| word.as_str().eq_ignore_ascii_case(first))?;
    Some((word, argument.trim()))
}

fn fitting(commands: Vec<Command>, typed: &str) -> Vec<Command> {
    if typed.trim().is_empty() {
        return commands;
    }
    let pattern = Pattern::parse(typed.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut letters), &mut matcher);
    let mut scored: Vec<_> = commands
        .into_iter()
        .filter_map(|command| {
            let best = score(&command.words).max(score(&command.name).map(|score| score.saturating_sub(8)))?;
            Some((best, command))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, command)| command).collect()
}

/// Everything that can be done here.
fn commands(model: &Model, ids: usize) -> Vec<Command> {
    let language = model.chrome.language;
    let mut all: Vec<_> = model
        .chrome
        .keymap
        .entries()
        .iter()
        .filter(|entry| !matches!(entry.name, Action::Commands | Action::Explain))
        .map(|entry| {
            let words = tell!(language, entry.about.as_str()).into_owned();
            let name = format!("{} {}", kebab(&format!("{:?}", entry.name)), entry.about);
            let key = entry.keys.first().cloned().unwrap_or_default();
            Command { completes: words.clone(), words, name, key, run: Run::Act(entry.name) }
        })
        .collect();
    if let Some(row) = model.selected() {
        let code = sanitize(model.table.rows.get(row).code).into_owned();
        let words = tell!(language, "Explain %{code}", code = code).into_owned();
        let name = format!("explain {code}");
        all.push(Command {
            completes: words.clone(),
            words,
            name,
            key: "i".to_owned(),
            run: Run::Act(Action::Explain),
        });
        all.extend(of_list(model, ListKind::Copy { ids }, "Y", |line| {
            tell!(language, "Copy or write: %{line}", line = line).into_owned()
        }));
    }
    all.extend(of_list(model, ListKind::Sort, "s", |line| {
        tell!(language, "Sort by %{column}", column = line).into_owned()
    }));
    all.extend(of_list(model, ListKind::Group, "c", |words| {
        tell!(language, "Group by: %{what}", what = words).into_owned()
    }));
    all.extend(of_list(model, ListKind::Profiles, "P", |line| {
        tell!(language, "Send as %{profile}", profile = line).into_owned()
    }));
    for suite in SUITES {
        let words = tell!(language, "Send the suite %{suite} …", suite = suite.name).into_owned();
        let run = Run::Tell(Word::Suite, suite.name.to_owned());
        all.push(Command {
            completes: words.clone(),
            words,
            name: format!("suite {}", suite.about),
            key: String::new(),
            run,
        });
    }
    for word in Word::ALL {
        let words = tell!(language, word.about()).into_owned();
        let completes = format!("{} ", word.as_str());
        all.push(Command {
            words,
            name: word.as_str().to_owned(),
            key: completes.clone(),
            run: Run::Ask(word),
            completes,
        });
    }
    all
}

/// The lines of a list as commands: the list's key and the line's lead to each.
fn of_list(model: &Model, kind: ListKind, key: &str, words: impl Fn(&str) -> String) -> Vec<Command> {
    let content = lists::content(model, kind);
    let lines = content.lines.into_iter().zip(content.takes).filter_map(|(line, take)| Some((line, take?)));
    lines
        .map(|(line, take)| {
            let words = words(&line.words);
            let key = line.key.map(|line| format!("{key} {line}")).unwrap_or_default();
            let name = match take {
                Take::Copy(what) => format!("copy export {}", kebab(&format!("{what:?}"))),
                Take::Sort(column) => format!("sort {}", column.title()),
                Take::Group(_) => "group".to_owned(),
                Take::Profile(_) => "profile".to_owned(),
                Take::Watch(_) | Take::Pause(_) => "watch".to_owned(),
                Take::Earlier(_) => "history".to_owned(),
            };
            Command { completes: words.clone(), words, name, key, run: Run::Take(take) }
        })
        .collect()
}

/// What fits after a word.
fn arguments(model: &Model, word: Word) -> Vec<Command> {
    let command = |argument: &str| told(word, argument, "");
    match word {
        Word::Explain => {
            let mut codes: Vec<_> = code_book::entries().iter().map(|entry| entry.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.into_iter().take(MOST).map(command).collect()
        }
        Word::Filter => query::FIELDS.iter().map(|field| command(&format!("{field}:"))).collect(),
        Word::History => ["2h", "1d", "7d", "30d"].map(command).into(),
        Word::Import => Vec::new(),
        Word::Watch => ["1", "5", "10", "30", "60"].map(command).into(),
        Word::Profile => {
            let waiting = model.session.unresolved_profiles.iter().map(|(name, _)| name);
            let names = model.session.profiles.iter().map(|profile| &profile.name).chain(waiting);
            names.map(|name| command(&sanitize(name))).collect()
        }
        Word::Region => regions::regions().map(command).collect(),
        Word::Sort => Column::ALL.iter().map(|column| command(&column.title().to_lowercase())).collect(),
        Word::Suite => SUITES.iter().map(|suite| told(word, suite.name, suite.about)).collect(),
    }
}

fn told(word: Word, argument: &str, about: &str) -> Command {
    Command {
        words: argument.to_owned(),
        name: about.to_owned(),
        key: word.as_str().to_owned(),
        run: Run::Tell(word, argument.to_owned()),
        completes: format!("{} {argument}", word.as_str()),
    }
}

/// `CopyId` as `copy-id`.
fn kebab(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.extend(c.to_lowercase());
    }
    words
}
