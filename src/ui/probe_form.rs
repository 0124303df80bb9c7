//! What the probe prompt's fields come to: what is wrong with them, and what Enter would send.

pub mod candidates;
pub mod earlier;
pub mod pieces;
pub mod preview;

use std::sync::Arc;

use crate::domain::endpoint::EndpointError;
use crate::domain::operation::{Suite, operation};
use crate::domain::plan::{self, ProbeSelection, missing_credentials};
use crate::domain::probe::{Probe, ProbeError, RequestOptions};
use crate::domain::profile::{KnownBucket, Profile};
use crate::domain::regions;
use crate::domain::suggest;
use crate::domain::target::Target;
use crate::domain::target_arg::{MAX_REQUESTS, TargetArg, TargetSelector};
use crate::domain::validate;
use crate::i18n::{Language, Localize, tell};
use crate::ui::keymap::Action;
use crate::ui::model::{Field, Model, Prompt};

/// Something about what stands in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The field.
    pub field: Field,
    /// What.
    pub words: String,
    /// What `→` puts in the place of a word: the word, and the right one.
    pub take: Option<(String, String)>,
    /// Nothing is sent before it is put right.
    pub blocks: bool,
}

/// What the fields come to.
#[derive(Debug)]
pub struct Form {
    /// What is to be said about them.
    pub notes: Vec<Note>,
    /// How many targets are named.
    pub targets: usize,
    /// What Enter does.
    pub came_to: CameTo,
}

/// What Enter does.
#[derive(Debug)]
pub enum CameTo {
    /// It sends these, as the profile of this place.
    Send(usize, Vec<Probe>),
    /// Files or the list of buckets must be read first.
    Look(Box<Look>),
    /// Nothing: this is missing.
    Lacks(String),
    /// Nothing: the number of invalid names.
    Wrong(usize),
}

/// What must be read before anything can be sent.
#[derive(Clone, Debug)]
pub struct Look {
    /// The profile with the region that is asked for.
    pub profile: Profile,
    /// Files with targets.
    pub files: Vec<String>,
    /// The account's list of buckets.
    pub lists: bool,
    /// What is asked of each target, in words.
    pub what: String,
    /// It would write.
    pub writes: bool,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Found {
    /// The targets of the files.
    pub given: Vec<TargetArg>,
    /// The account's buckets.
    pub buckets: Vec<KnownBucket>,
    /// The Code that the list of buckets failed with.
    pub list_failed: Option<String>,
    /// What else is to be said.
    pub said: Vec<String>,
}

/// What is asked of each target.
struct What {
    asked: ProbeSelection,
    /// `quick`, which means something else for a URL.
    quick: bool,
}

/// Reads the fields.
#[must_use]
pub fn read(model: &Model, prompt: &Prompt) -> Form {
    let language = model.chrome.language;
    let mut notes = Vec::new();
    let place = place_of_profile(model, prompt, &mut notes);
    let what = what(prompt.value(Field::What), language, &mut notes);
    let profile = place.map(|place| in_region(&model.session.profiles[place], prompt.value(Field::Region)));
    let (targets, files) = targets(model, prompt, profile.as_ref(), &mut notes);
    if let Some(profile) = &profile {
        remark_on_region(profile, prompt.value(Field::Region), language, &mut notes);
    }
    let count = targets.len() + files.len();
    let wrong = notes.iter().filter(|note| note.blocks).count();
    let came_to = match (place, profile, what) {
        _ if count == 0 && wrong == 0 => {
            CameTo::Lacks(tell!(language, "Target: bucket, bucket/key or URL").into_owned())
        }
        (Some(place), Some(profile), Some(what)) if wrong == 0 => {
            let typed = prompt.value(Field::What);
            come_to(model, place, profile, &what, (targets, files), typed).unwrap_or_else(CameTo::Lacks)
        }
        _ => CameTo::Wrong(wrong),
    };
    Form { notes, targets: count, came_to }
}

fn come_to(
    model: &Model,
    place: usize,
    profile: Profile,
    what: &What,
    (wanted, files): (Vec<TargetSelector>, Vec<String>),
    typed: &str,
) -> Result<CameTo, String> {
    let language = model.chrome.language;
    let all_buckets = wanted.contains(&TargetSelector::AllBuckets);
    let writes = what.asked.suites.iter().any(|operation| operation.writes);
    if writes && all_buckets {
        return Err(tell!(language, "The suite \"write\" does not take cos://*. Name the buckets").into_owned());
    }
    let can_list = profile.credentials.is_some();
    if all_buckets && !can_list {
        return Err(no_credentials(&profile, language));
    }
    let one = wanted.iter().filter_map(|wanted| match wanted {
        TargetSelector::One(target) => Some(target),
        TargetSelector::AllBuckets => None,
    });
    let planned = planned(what, &profile, one, &model.session.extras);
    let lacks_region = matches!(&planned, Err(error) if is_no_region(error));
    if all_buckets || !files.is_empty() || (lacks_region && can_list) {
        let what = if typed.is_empty() { "quick" } else { typed }.to_owned();
        let lists = all_buckets || lacks_region;
        return Ok(CameTo::Look(Box::new(Look { profile, files, lists, what, writes })));
    }
    let probes = planned.map_err(|error| in_words(&error, language))?;
    sendable(&probes, &profile, language)?;
    Ok(CameTo::Send(place, probes))
}

/// The plan when files and list are read: the profile's place, the probes, and how many targets are left out.
///
/// # Errors
/// In words: why nothing can be sent.
pub fn with_found(model: &Model, prompt: &Prompt, found: &Found) -> Result<(usize, Vec<Probe>, usize), String> {
    let language = model.chrome.language;
    let mut notes = Vec::new();
    let changed = || tell!(language, "The fields have changed. Press Enter to read them again").into_owned();
    let place = place_of_profile(model, prompt, &mut notes).ok_or_else(changed)?;
    let what = what(prompt.value(Field::What), language, &mut notes).ok_or_else(changed)?;
    let region = prompt.value(Field::Region);
    let mut profile = model.session.profiles[place].clone();
    let listed = found.buckets.iter().map(|bucket| (bucket.name.clone(), bucket.clone()));
    Arc::make_mut(&mut profile.buckets).extend(listed);
    let profile = in_region(&profile, region);
    let (typed, _) = targets(model, prompt, None, &mut notes);
    let extras = &model.session.extras;
    let (mut probes, mut left_out) = (Vec::new(), 0);
    let lines = found.given.iter().map(|given| &given.what);
    let mut why = None;
    for wanted in typed.iter().chain(lines) {
        let targets: Vec<Target> = match wanted {
            TargetSelector::One(target) => vec![target.clone()],
            // The list itself is sent once more: its failure is a row like any other.
            TargetSelector::AllBuckets if found.list_failed.is_some() => {
                probes
                    .extend(planned(&no_more(), &profile, [&Target::Service].into_iter(), extras).unwrap_or_default());
                continue;
            }
            TargetSelector::AllBuckets => {
                let name = |bucket: &KnownBucket| Target::Bucket { bucket: bucket.name.clone(), key: None };
                found.buckets.iter().map(name).collect()
            }
        };
        for target in &targets {
            match planned(&what, &profile, std::iter::once(target), extras) {
                Ok(more) => probes.extend(more),
                Err(error) => {
                    left_out += 1;
                    why = why.or(Some(unlisted(&error, target, found, language)));
                }
            }
        }
    }
    if let Some(why) = why.filter(|_| probes.is_empty()) {
        return Err(why);
    }
    sendable(&probes, &profile, language)?;
    Ok((place, probes, left_out))
}

/// Why a target cannot be asked, now that the list of buckets was read.
fn unlisted(error: &ProbeError, target: &Target, found: &Found, language: Language) -> String {
    match (&found.list_failed, target) {
        (Some(code), _) if is_no_region(error) => {
            tell!(language, "The list of buckets failed with %{code}. Type the region", code = code).into_owned()
        }
        (None, Target::Bucket { bucket, .. }) if is_no_region(error) => {
            tell!(language, "%{bucket} is not in the list of buckets. Type its region", bucket = bucket).into_owned()
        }
        _ => in_words(error, language),
    }
}

fn no_more() -> What {
    What { asked: ProbeSelection::default(), quick: true }
}

fn sendable(probes: &[Probe], profile: &Profile, language: Language) -> Result<(), String> {
    if probes.is_empty() {
        return Err(tell!(language, "Suite object needs a key: BUCKET/KEY").into_owned());
    }
    if probes.len() > MAX_REQUESTS {
        return Err(
            tell!(language, "That is %{n} requests; the limit is 1000000 per run", n = probes.len()).into_owned()
        );
    }
    if missing_credentials(probes) && !profile.anonymous {
        return Err(no_credentials(profile, language));
    }
    Ok(())
}

fn no_credentials(profile: &Profile, language: Language) -> String {
    let variables = profile.credential_variables();
    tell!(language, "No credentials. Set %{variables} or start with --anonymous", variables = variables).into_owned()
}

fn planned<'a>(
    what: &What,
    profile: &Profile,
    targets: impl Iterator<Item = &'a Target>,
    extras: &RequestOptions,
) -> Result<Vec<Probe>, ProbeError> {
    let mut probes = Vec::new();
    for target in targets {
        let is_bucket = matches!(target, Target::Bucket { .. });
        let asked = if what.quick && !is_bucket { ProbeSelection::default() } else { what.asked.clone() };
        let asked = asked.or_quick(target);
        probes.extend(plan::plan(target, &asked, profile, extras, 1)?);
    }
    Ok(probes)
}

fn is_no_region(error: &ProbeError) -> bool {
    matches!(error, ProbeError::Endpoint(EndpointError::NoRegion))
}

fn in_words(error: &ProbeError, language: Language) -> String {
    match error {
        _ if is_no_region(error) => {
            tell!(language, "Region? Type one, such as ap-guangzhou, or * for each bucket's own").into_owned()
        }
        ProbeError::Presigned => {
            tell!(language, "A presigned URL is one request, sent as it is. Leave What empty").into_owned()
        }
        ProbeError::NoOrigin => tell!(language, "options-object needs an Origin. Start with --origin").into_owned(),
        other => other.localize(language),
    }
}

/// The profile as the Region field wants it: a region that is named goes for every bucket, `*` leaves
/// each its own.
fn in_region(profile: &Profile, region: &str) -> Profile {
    let mut profile = profile.clone();
    if is_own(region) {
        return profile;
    }
    profile.region = Some(region.to_owned());
    for known in Arc::make_mut(&mut profile.buckets).values_mut() {
        known.region = None;
    }
    profile
}

/// Whether each bucket is asked in its own region.
#[must_use]
pub fn is_own(region: &str) -> bool {
    matches!(region, "" | "*")
}

/// What the Region field begins with: `*` where buckets are known in regions of their own.
#[must_use]
pub fn usual_region(profile: &Profile) -> String {
    let own = profile.buckets.values().any(|known| known.region.is_some() && known.region != profile.region);
    if own { "*".to_owned() } else { profile.region.clone().unwrap_or_default() }
}

fn place_of_profile(model: &Model, prompt: &Prompt, notes: &mut Vec<Note>) -> Option<usize> {
    let (language, name) = (model.chrome.language, prompt.value(Field::As));
    let place = model.session.profiles.iter().position(|profile| profile.name == name);
    if place.is_some() {
        return place;
    }
    let waiting = model.session.unresolved_profiles.iter().find(|(waiting, _)| waiting == name);
    let (words, take) = if let Some((_, about)) = waiting {
        (
            tell!(
                language,
                "profile %{name}: %{about}. %{key} chooses it",
                key = model.key(Action::Profiles),
                name = name,
                about = about
            ),
            None,
        )
    } else {
        let names = model.session.profiles.iter().map(|profile| profile.name.as_str());
        (tell!(language, "no profile \"%{name}\"", name = name), suggest::nearest(name, names))
    };
    let take = take.map(|near| (name.to_owned(), near.to_owned()));
    notes.push(Note { field: Field::As, words: words.into_owned(), take, blocks: true });
    None
}

/// Reads suites and operations, or one method and path by hand.
fn what(typed: &str, language: Language, notes: &mut Vec<Note>) -> Option<What> {
    let mut asked = ProbeSelection::default();
    if typed.contains(" /") && typed.starts_with(|c: char| c.is_ascii_uppercase()) {
        asked.requests.push(typed.to_owned());
        return Some(What { asked, quick: false });
    }
    let quick = typed.is_empty() || typed == "quick";
    let before = notes.len();
    for piece in pieces::pieces(typed) {
        let word = piece.text;
        if let Some(suite) = Suite::named(&word) {
            asked.suites.extend(suite.operations());
            continue;
        }
        match operation(&word) {
            Ok(operation) if operation.writes => {
                let words =
                    tell!(language, "%{operation} writes. Only the suite \"write\" may write", operation = word);
                let take = Some((word, "write".to_owned()));
                notes.push(Note { field: Field::What, words: words.into_owned(), take, blocks: true });
            }
            Ok(operation) => asked.operations.push(operation),
            Err(_) => {
                let near = suggest::nearest(&word, candidates::names());
                let words = if let Some(near) = near {
                    tell!(language, "did you mean %{near}?", near = near)
                } else {
                    tell!(language, "unknown suite or operation \"%{word}\"", word = word)
                };
                let take = near.map(|near| (word.clone(), near.to_owned()));
                notes.push(Note { field: Field::What, words: words.into_owned(), take, blocks: true });
            }
        }
    }
    (notes.len() == before).then_some(What { asked, quick })
}

/// The targets that are named, and the files that hold more.
fn targets(
    model: &Model,
    prompt: &Prompt,
    profile: Option<&Profile>,
    notes: &mut Vec<Note>,
) -> (Vec<TargetSelector>, Vec<String>) {
    let language = model.chrome.language;
    let (mut wanted, mut files) = (Vec::new(), Vec::new());
    let mut remarked = false;
    for piece in pieces::pieces(prompt.value(Field::Targets)) {
        let word = piece.text;
        if let Some(file) = word.strip_prefix('@').filter(|file| !file.is_empty()) {
            files.push(file.to_owned());
            continue;
        }
        let given = match TargetArg::parse(&word, None) {
            Ok(given) => given,
            Err(error) => {
                let words = error.localize(language);
                notes.push(Note { field: Field::Targets, words, take: None, blocks: true });
                continue;
            }
        };
        if let (TargetSelector::One(Target::Bucket { bucket, .. }), Some(profile), false) =
            (&given.what, profile, remarked)
            && !profile.buckets.contains_key(bucket)
            && let Some(remark) = validate::bucket_remark(bucket, profile.region.as_deref(), profile.dialect)
        {
            remarked = true;
            let right = validate::corrected_bucket(bucket).map(|right| word.replacen(bucket.as_str(), &right, 1));
            let short = right.as_deref().map(|right| {
                tell!(language, "bucket names have a-z, 0-9 and \"-\": %{right}", right = right).into_owned()
            });
            let take = right.map(|right| (word.clone(), right));
            notes.push(Note {
                field: Field::Targets,
                words: short.unwrap_or_else(|| remark.localize(language)),
                take,
                blocks: false,
            });
        }
        wanted.push(given.what);
    }
    (wanted, files)
}

fn remark_on_region(profile: &Profile, region: &str, language: Language, notes: &mut Vec<Note>) {
    if is_own(region) {
        return;
    }
    let Some(remark) = regions::region_remark(region, profile.dialect) else { return };
    let words = remark.localize(language);
    let now = Some(regions::present_region(region)).filter(|now| *now != region);
    let near = now.or_else(|| suggest::nearest(region, regions::regions()));
    let take = near.map(|near| (region.to_owned(), near.to_owned()));
    notes.push(Note { field: Field::Region, words, take, blocks: false });
}
