//! What the probe prompt's fields come to: what fits them, and what Enter would send.

use crate::domain::language::{Language, tell};
use crate::domain::operation::{OPERATIONS, SUITES, operation, suite};
use crate::domain::plan::{Asked, lack_credentials, plan};
use crate::domain::probe::Probe;
use crate::domain::target::Target;
use crate::ui::model::{Model, Prompt};

/// What fits the field being typed: targets used or offered, suites and operations, profiles.
#[must_use]
pub fn candidates(model: &Model, prompt: &Prompt) -> Vec<String> {
    let all: Vec<String> = match prompt.field {
        0 => model.session.targets.clone(),
        1 => {
            let suites = SUITES.iter().map(|suite| suite.name);
            let operations = OPERATIONS.iter().filter(|operation| !operation.writes).map(|operation| operation.name);
            suites.chain(operations).map(str::to_owned).collect()
        }
        _ => model.session.profiles.iter().map(|profile| profile.name.clone()).collect(),
    };
    let typed = match prompt.field {
        0 => prompt.target.value(),
        1 => prompt.what.value(),
        _ => prompt.profile.value(),
    };
    // A value that is complete already is where the choice starts from, not a filter.
    if all.iter().any(|candidate| candidate == typed) {
        return all;
    }
    let fits: Vec<_> = all.iter().filter(|candidate| candidate.contains(typed)).cloned().collect();
    if fits.is_empty() { all } else { fits }
}

/// What Enter would send.
///
/// # Errors
/// What is missing or wrong, in one line.
pub fn planned(model: &Model, prompt: &Prompt) -> Result<(usize, Vec<Probe>), String> {
    let language = model.chrome.language;
    let target = prompt.target.value().trim();
    if target.is_empty() {
        return Err(tell!(language, "type a target: BUCKET, BUCKET/KEY or a full URL").into_owned());
    }
    if matches!(target, "cos://*" | "s3://*") {
        let words = tell!(
            language,
            "`cosdiag probe '%{target}'` in a shell takes every bucket; name one here",
            target = target
        );
        return Err(words.into_owned());
    }
    let target = Target::parse(target).map_err(|error| error.to_string())?;
    let name = prompt.profile.value().trim();
    let place = model.session.profiles.iter().position(|profile| profile.name == name);
    let place = place.ok_or_else(|| no_such_profile(model, name))?;
    let profile = &model.session.profiles[place];
    let asked = asked(prompt.what.value().trim(), &target, language)?;
    let probes = plan(&target, &asked, profile, &model.session.extras, 1).map_err(|error| error.to_string())?;
    if probes.is_empty() {
        return Err(tell!(language, "this suite has nothing for this target: it asks about keys").into_owned());
    }
    if lack_credentials(&probes) && !profile.anonymous {
        let variables = profile.wanted_variables();
        let words =
            tell!(language, "no credentials: set %{variables}, or start with --anonymous", variables = variables);
        return Err(words.into_owned());
    }
    Ok((place, probes))
}

fn no_such_profile(model: &Model, name: &str) -> String {
    let language = model.chrome.language;
    let waiting = model.session.unresolved_profiles.iter().find(|(waiting, _)| waiting == name);
    let words = if let Some((_, about)) = waiting {
        tell!(language, "profile %{name}: %{about}; choose it with P", name = name, about = about)
    } else {
        tell!(language, "no profile \"%{name}\"", name = name)
    };
    words.into_owned()
}

fn asked(what: &str, target: &Target, language: Language) -> Result<Asked, String> {
    let is_suite = SUITES.iter().any(|suite| suite.name == what);
    if what.is_empty() || (what == "quick" && !matches!(target, Target::Bucket { .. })) {
        return Asked::default().or_quick(target);
    }
    if is_suite {
        return Ok(Asked { suites: suite(what)?, ..Asked::default() });
    }
    let operation = operation(what).map_err(|error| error.replace("operation", "suite or operation"))?;
    if operation.writes {
        let words = tell!(language, "%{operation} writes: only the suite \"write\" does that", operation = what);
        return Err(words.into_owned());
    }
    Ok(Asked { operations: vec![operation], ..Asked::default() })
}
