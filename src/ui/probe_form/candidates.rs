//! What fits what is being typed, the best first.

use super::pieces;
use crate::domain::dialect::Dialect;
use crate::domain::operation::{OPERATIONS, SUITES};
use crate::domain::profile::Profile;
use crate::domain::regions;
use crate::ui::model::{Field, Model, Prompt};

/// One thing that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put in.
    pub text: String,
    /// What is known of it.
    pub about: String,
}

impl Candidate {
    fn bare(text: impl Into<String>) -> Self {
        Self { text: text.into(), about: String::new() }
    }
}

/// What is being typed: a word of Targets and What, all of Region and As.
#[must_use]
pub fn typed(prompt: &Prompt) -> String {
    let input = prompt.input(prompt.field);
    match prompt.field {
        _ if prompt.whole => String::new(),
        Field::Targets | Field::What => {
            pieces::at(input.value(), input.cursor()).map(|piece| piece.text).unwrap_or_default()
        }
        Field::Region | Field::As => input.value().trim().to_owned(),
    }
}

/// What fits it: all there is where nothing is typed yet.
#[must_use]
pub fn candidates(model: &Model, prompt: &Prompt) -> Vec<Candidate> {
    let typed = typed(prompt).to_lowercase();
    let all = all(model, prompt);
    let (begin, hold): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|candidate| candidate.text.to_lowercase().contains(&typed))
        .partition(|candidate| candidate.text.to_lowercase().starts_with(&typed));
    begin.into_iter().chain(hold).collect()
}

/// The one that Tab takes: none where nothing is typed, or what is typed is there as it stands.
#[must_use]
pub fn offered(model: &Model, prompt: &Prompt) -> Option<Candidate> {
    let typed = typed(prompt);
    if typed.is_empty() {
        return None;
    }
    let fits = candidates(model, prompt);
    if fits.iter().any(|candidate| candidate.text == typed) { None } else { fits.into_iter().next() }
}

/// The profile that As names.
#[must_use]
pub fn profile<'a>(model: &'a Model, prompt: &Prompt) -> Option<&'a Profile> {
    let name = prompt.value(Field::As);
    model.session.profiles.iter().find(|profile| profile.name == name)
}

fn all(model: &Model, prompt: &Prompt) -> Vec<Candidate> {
    let session = &model.session;
    let profile = profile(model, prompt);
    match prompt.field {
        Field::Targets => {
            let known = profile.iter().flat_map(|profile| profile.buckets.iter());
            let region = |name: &str| {
                let known = profile.and_then(|profile| profile.buckets.get(name));
                known.and_then(|known| known.region.clone()).unwrap_or_default()
            };
            let mut all: Vec<Candidate> = Vec::new();
            for text in session.targets.iter().chain(known.map(|(name, _)| name)) {
                if !all.iter().any(|candidate| candidate.text == *text) {
                    all.push(Candidate { text: text.clone(), about: region(text) });
                }
            }
            all
        }
        Field::What => names().map(Candidate::bare).collect(),
        Field::Region => {
            let known =
                profile.iter().flat_map(|profile| profile.buckets.values()).filter_map(|known| known.region.as_deref());
            let own = profile.and_then(|profile| profile.region.as_deref());
            let listed = regions::regions().filter(|_| profile.is_none_or(|profile| profile.dialect == Dialect::Cos));
            let mut all: Vec<Candidate> = Vec::new();
            let names: Vec<String> = own.into_iter().chain(["*"]).chain(known).map(str::to_owned).collect();
            for text in names.into_iter().chain(listed.map(str::to_owned)) {
                if !all.iter().any(|candidate| candidate.text == text) {
                    all.push(Candidate::bare(text));
                }
            }
            all
        }
        Field::As => {
            let language = model.chrome.language;
            let ready = session.profiles.iter().map(|profile| Candidate {
                text: profile.name.clone(),
                about: crate::text::remarks::credentials(profile, language).into_owned(),
            });
            let waiting = session.unresolved_profiles.iter();
            ready.chain(waiting.map(|(name, about)| Candidate { text: name.clone(), about: about.clone() })).collect()
        }
    }
}

/// The names that What takes: suites, then the operations that only read.
pub fn names() -> impl Iterator<Item = &'static str> {
    let operations = OPERATIONS.iter().filter(|operation| !operation.writes).map(|operation| operation.name);
    SUITES.iter().map(|suite| suite.name).chain(operations)
}
