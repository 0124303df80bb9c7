//! What goes out, in words.

use super::{CameTo, Form};
use crate::domain::probe::Probe;
use crate::i18n::{Language, tell};

/// Whether anything is written.
#[must_use]
pub fn writes(form: &Form) -> bool {
    match &form.came_to {
        CameTo::Send(_, probes) => {
            probes.iter().any(|probe| matches!(probe.method.as_str(), "PUT" | "POST" | "DELETE"))
        }
        CameTo::Look(look) => look.writes,
        CameTo::Lacks(_) | CameTo::Wrong(_) => false,
    }
}

/// What Enter sends, or why it sends nothing.
#[must_use]
pub fn words(form: &Form, language: Language) -> String {
    let kind =
        if writes(form) { tell!(language, "WRITES one object, then deletes it") } else { tell!(language, "read-only") };
    let words = match &form.came_to {
        CameTo::Send(_, probes) => {
            let count = match probes.len() {
                1 => tell!(language, "1 request"),
                n => tell!(language, "%{n} requests", n = n),
            };
            let what = operations(probes, form.targets == 1, language);
            tell!(language, "%{count}, %{kind}: %{names}", count = count, kind = kind, names = what)
        }
        CameTo::Look(look) if look.lists && look.files.is_empty() => {
            tell!(language, "Asks for the list of buckets, then, %{kind}: %{what}", kind = kind, what = look.what)
        }
        CameTo::Look(look) => {
            let files = look.files.join(", ");
            tell!(
                language,
                "Reads %{files}, then sends, %{kind}: %{what}",
                files = files,
                kind = kind,
                what = look.what
            )
        }
        CameTo::Lacks(words) => return words.clone(),
        CameTo::Wrong(1) => tell!(language, "Cannot send yet: 1 name is invalid."),
        CameTo::Wrong(n) => tell!(language, "Cannot send yet: %{n} names are invalid.", n = n),
    };
    words.into_owned()
}

/// The operations, those together that go to as many.
fn operations(probes: &[Probe], is_one: bool, language: Language) -> String {
    let mut counted: Vec<(&str, usize, Noun)> = Vec::new();
    for probe in probes {
        match counted.iter_mut().find(|(name, _, noun)| *name == probe.operation && *noun == Noun::of(probe)) {
            Some((_, count, _)) => *count += 1,
            None => counted.push((&probe.operation, 1, Noun::of(probe))),
        }
    }
    if is_one {
        return counted.into_iter().map(|(name, ..)| name).collect::<Vec<_>>().join(", ");
    }
    let together = counted.chunk_by(|one, other| (one.1, one.2) == (other.1, other.2));
    let parts = together.map(|part| {
        let names = part.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
        let (_, n, noun) = part[0];
        let words = match (noun, n) {
            (Noun::Bucket, 1) => tell!(language, "%{names} on 1 bucket", names = names),
            (Noun::Bucket, n) => tell!(language, "%{names} on %{n} buckets", names = names, n = n),
            (Noun::Object, 1) => tell!(language, "%{names} on 1 object", names = names),
            (Noun::Object, n) => tell!(language, "%{names} on %{n} objects", names = names, n = n),
            (Noun::Address, 1) => tell!(language, "%{names} on 1 address", names = names),
            (Noun::Address, n) => tell!(language, "%{names} on %{n} addresses", names = names, n = n),
        };
        words.into_owned()
    });
    parts.collect::<Vec<_>>().join("; ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Noun {
    Bucket,
    Object,
    Address,
}

impl Noun {
    fn of(probe: &Probe) -> Self {
        match (&probe.bucket, &probe.key) {
            (Some(_), Some(_)) => Self::Object,
            (Some(_), None) => Self::Bucket,
            (None, _) => Self::Address,
        }
    }
}
