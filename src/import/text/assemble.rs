//! What stands together becomes one failure: places of a text that tell of the same request.

use super::form::Looked;
use super::scope::{self, Scopes};
use super::told::{Told, Trust};
use super::{document, head, pair, python, sentence, status};
use crate::domain::vocabulary::{self, Meaning, is_client_name};

/// What one failure is made of.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// Everything known of it, in one.
    pub told: Told,
    /// Code, status or network words stand in it, and not an id alone.
    pub is_told: bool,
}

/// Looks through an unwrapped text and gives its failures, in order, and whether something went well in it.
#[must_use]
pub fn failures(text: &str) -> (Vec<Failure>, bool) {
    let groups = grouped(&all_told(text));
    let went_well = groups.iter().any(|group| group.status.is_some_and(|status| status < 300));
    let scopes = Scopes::of(text);
    (groups.into_iter().filter_map(|group| failure(group, text, &scopes)).collect(), went_well)
}

fn all_told(text: &str) -> Vec<Told> {
    let documents = document::documents(text);
    let heads = head::heads(text);
    let is_inside = |told: &Told| documents.iter().any(|(place, _)| place.contains(&told.at));
    let is_in_head = |told: &Told| heads.iter().any(|head| (head.at..head.end).contains(&told.at));
    let looked = &Looked::at(text);
    let mut all: Vec<Told> = sentence::sentences(looked);
    all.extend(sentence::words(text));
    all.extend(status::statuses(looked));
    let pairs = pair::pairs(looked);
    // A header that names a place, such as Location, is not where the request went.
    all.extend(pairs.into_iter().filter(|told| told.url.is_none() && told.host.is_none() || !is_in_head(told)));
    if text.contains("CosServiceError(") || text.contains(python::UNREADABLE) {
        all.extend(python::told(text));
    }
    all.retain(|told| !is_inside(told));
    all.extend(heads.iter().filter(|head| !is_inside(head)).cloned());
    all.extend(documents.iter().map(|(_, told)| told.clone()));
    all.sort_by_key(|told| (told.at, std::cmp::Reverse(told.trust)));
    all
}

/// Places that tell of one request.
#[derive(Default)]
struct Group {
    told: Vec<Told>,
    id: Option<String>,
    id_at: usize,
    status: Option<u16>,
    code: Option<String>,
    operation: Option<String>,
    has_network: bool,
    has_url: bool,
}

impl Group {
    fn has_failed(&self) -> bool {
        self.status.is_some() || self.code.is_some() || self.has_network
    }

    /// The parts cannot be about the same request.
    fn conflicts(&self, told: &Told) -> bool {
        let differ = |one: &Option<String>, other: &Option<String>| matches!((one, other), (Some(one), Some(other)) if one != other);
        if let (Some(own), Some(other)) = (&self.id, &told.request_id)
            && !is_same_id(own, other)
        {
            return true;
        }
        if told.is_request && self.has_failed() {
            return true;
        }
        let is_over = self.status.is_some_and(|status| status < 300);
        if is_over && (told.status.is_some() || told.code.is_some() || told.network.is_some()) {
            return true;
        }
        if self.has_failed() && differ(&self.operation, &told.operation) {
            return true;
        }
        if told.trust == Trust::Word && told.status.is_none() {
            return false;
        }
        let is_same_request = self.id.is_some() && self.id == told.request_id;
        let codes_differ = differ(&self.code, &told.code) && !told.code.as_deref().is_some_and(is_weak);
        let statuses_differ = matches!((self.status, told.status), (Some(own), Some(other)) if own != other && (told.trust >= Trust::Sentence || told.request_id.is_some() || self.id.is_some() && self.id_at < told.at));
        (codes_differ || statuses_differ) && !is_same_request
    }

    fn add(&mut self, told: Told) {
        if self.id.is_none() && told.request_id.is_some() {
            self.id.clone_from(&told.request_id);
            self.id_at = told.at;
        }
        self.status = self.status.or(told.status);
        if told.trust > Trust::Word && self.code.as_deref().is_none_or(is_weak) && told.code.is_some() {
            self.code.clone_from(&told.code);
        }
        self.operation = self.operation.take().or_else(|| told.operation.clone());
        self.has_network |= told.network.is_some();
        self.has_url |= told.url.is_some();
        self.told.push(told);
    }

    /// What came after the id and repeats what was known is the next failure's: its id has just been found.
    fn take_back(&mut self) -> Vec<Told> {
        let from =
            self.told.iter().position(|told| told.at > self.id_at && self.repeats(told)).unwrap_or(self.told.len());
        self.told.split_off(from)
    }

    fn repeats(&self, told: &Told) -> bool {
        let earlier = || self.told.iter().filter(|one| one.at <= self.id_at);
        told.trust != Trust::Document
            && (told.status.is_some() && earlier().any(|one| one.status.is_some())
                || told.operation.is_some() && earlier().any(|one| one.operation.is_some()))
    }
}

/// A client's own name gives way to the store's Code.
fn is_weak(code: &str) -> bool {
    vocabulary::is_wrapper(code) || is_client_name(code)
}

/// An id may be cut off: `FD6981 (truncated…)`.
fn is_same_id(one: &str, other: &str) -> bool {
    one.trim_end_matches('=') == other.trim_end_matches('=')
        || one.len().min(other.len()) >= 5 && (one.starts_with(other) || other.starts_with(one))
}

/// Which group a place belongs to where threads wrote at once: several Codes, then as many ids. The first Code that waits
/// gets the first id.
fn interleaved(groups: &[Group], rest: &[Told]) -> Option<usize> {
    let told =
        rest.first().filter(|told| told.code.is_none() && (told.status.is_some() || told.request_id.is_some()))?;
    let waits = |group: &&Group| {
        group.id.is_none() && group.code.is_some() && (told.status.is_none() || group.status.is_none())
    };
    let waiting = groups.iter().rev().take_while(waits).count();
    let mut ids: Vec<_> =
        rest.iter().take_while(|told| told.code.is_none()).filter_map(|told| told.request_id.as_deref()).collect();
    ids.dedup();
    (waiting > 1 && ids.len() == waiting).then(|| groups.len() - waiting)
}

fn grouped(all: &[Told]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, told) in all.iter().enumerate() {
        if let Some(waiting) = interleaved(&groups, &all[at..]) {
            groups[waiting].add(told.clone());
            continue;
        }
        let told = told.clone();
        let is_new = groups.last().is_none_or(|group| group.conflicts(&told));
        if is_new {
            // A print of an earlier request's id goes to that request.
            let known = told.request_id.as_ref().and_then(|id| {
                groups.iter().position(|group| group.id.as_ref().is_some_and(|own| is_same_id(own, id)))
            });
            if let Some(known) = known {
                groups[known].add(told);
                continue;
            }
            let carried = if told.request_id.is_some() {
                groups.last_mut().map(Group::take_back).unwrap_or_default()
            } else {
                Vec::new()
            };
            groups.push(Group::default());
            for earlier in carried {
                if let Some(group) = groups.last_mut() {
                    group.add(earlier);
                }
            }
        }
        if let Some(group) = groups.last_mut() {
            group.add(told);
        }
    }
    groups
}

fn failure(group: Group, text: &str, scopes: &Scopes) -> Option<Failure> {
    let at =
        group.told.iter().filter(|told| told.url.is_none() || told.trust > Trust::Word).map(|told| told.at).min()?;
    let mut places = group.told;
    let network = network_message(&places, text, scopes);
    let message = message(&places, text, scopes);
    let url = url(&places);
    // Surest first; of equally sure ones the first. An answer's body is its document.
    places.sort_by_key(|told| (std::cmp::Reverse(told.trust), told.code.as_deref().is_some_and(is_weak), told.at));
    let mut told = Told { at, ..Told::default() };
    let is_word_only = |code: &str| vocabulary::is_wrapper(code);
    let mut strong: Option<String> = None;
    for place in places {
        if let Some(code) = place.code.as_ref().filter(|code| !is_word_only(code)) {
            strong.get_or_insert_with(|| code.clone());
        }
        told.fill(Told { message: None, url: None, ..place });
    }
    told.code = strong.or(told.code);
    told.message = message;
    told.url = url.or(told.url);
    if told.status.is_some_and(|status| status < 300) && told.code.is_none() {
        return None;
    }
    let answered =
        told.request_id.is_some() || !told.others.is_empty() || told.code.as_deref().is_some_and(|code| !is_weak(code));
    if let Some((name, _, _)) = told.network {
        let may_have_answered =
            matches!(name, "ETIMEDOUT" | "ECONNRESET" | "ERR_BODY_TRUNCATED" | "HPE_INVALID_CONSTANT")
                && told.status.is_some_and(|status| status >= 400);
        if answered || may_have_answered || told.kind == crate::domain::error_document::DocumentKind::Html {
            told.network = None;
        } else {
            told.message = network.or(told.message);
        }
    }
    let is_told = told.status.is_some()
        || told.code.is_some()
        || told.network.is_some()
        || told.is_bare
        || told.kind != crate::domain::error_document::DocumentKind::Empty
        || told
            .message
            .as_deref()
            .is_some_and(|message| vocabulary::code_of(message).is_some() || vocabulary::cause_of(message).is_some());
    (is_told || told.request_id.is_some()).then_some(Failure { told, is_told })
}

/// The Message: the document's, else a sentence's, else the one that the vocabulary knows, else a named one.
fn message(places: &[Told], text: &str, scopes: &Scopes) -> Option<String> {
    let sure = places
        .iter()
        .filter(|told| told.trust >= Trust::Sentence && told.message.is_some())
        .max_by_key(|told| (told.trust, told.code.is_some(), std::cmp::Reverse(told.at)));
    if let Some(sure) = sure {
        return sure.message.clone();
    }
    let is_known = |message: &str| vocabulary::code_of(message).is_some() || vocabulary::cause_of(message).is_some();
    let all =
        places.iter().filter(|told| told.network.is_none()).filter_map(|told| Some((told, told.message.as_ref()?)));
    let known: Vec<_> = all.filter(|(_, message)| is_known(message)).collect();
    let best = known.iter().max_by_key(|(told, message)| (begins_known(message), told.trust, message.len()));
    // A browser's sentence holds its reason.
    let whole = best.and_then(|(_, best)| {
        known
            .iter()
            .filter(|(_, message)| is_a_causes(message) && message.contains(*best))
            .max_by_key(|(_, message)| message.len())
    });
    // A logger's own words around a Code that came without a Message are not the store's.
    let is_around = |message: &String| {
        let codes = places.iter().filter(|told| told.trust == Trust::Sentence).filter_map(|told| told.code.as_ref());
        codes.into_iter().any(|code| message.contains(&format!("{code}:")))
    };
    let known = whole.or(best).map(|(_, message)| (*message).clone());
    known.or_else(|| named(places, text, scopes).filter(|message| !is_around(message)))
}

/// A store's constant Message begins it.
fn begins_known(message: &str) -> bool {
    vocabulary::hits(message).any(|hit| hit.place.start == 0 && matches!(hit.meaning, Meaning::Message(_)))
}

fn is_a_causes(message: &str) -> bool {
    vocabulary::code_of(message).is_none() && vocabulary::cause_of(message).is_some()
}

/// A named Message: the one that stands in the same object as the Code, or in an error's own object. What a logger
/// says by itself stands above these.
fn named(places: &[Told], text: &str, scopes: &Scopes) -> Option<String> {
    let holds = |object: Option<usize>, wanted: fn(&Told) -> bool| {
        places.iter().any(|told| told.trust == Trust::Pair && wanted(told) && scopes.around(told.at) == object)
    };
    let rank = |told: &&Told| {
        let object = scopes.around(told.at);
        (
            holds(object, |told| told.code.is_some()),
            is_an_errors(text, told.at) || object.is_some_and(|start| scope::is_an_errors(text, start)),
            holds(object, |told| told.status.is_some() || told.request_id.is_some()),
            std::cmp::Reverse(told.at),
        )
    };
    let all = places.iter().filter(|told| told.trust == Trust::Pair && told.message.is_some());
    all.max_by_key(rank)?.message.clone()
}

/// Whether the name of a pair is an error's, such as `err=`, and no level's value: `level=error msg=`.
fn is_an_errors(text: &str, at: usize) -> bool {
    if text[at..].starts_with('=') {
        return false;
    }
    let name = text[at..].trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("err"))
}

/// What a program says of a request without an answer: the named Message that holds the words, or that stands with the
/// name of the exception; else the line.
fn network_message(places: &[Told], text: &str, scopes: &Scopes) -> Option<String> {
    let closest = places.iter().filter_map(|told| Some((told, told.network?.2))).min_by_key(|(_, rank)| *rank)?.0;
    let is_same = |told: &&Told| told.network.map(|found| found.0) == closest.network.map(|found| found.0);
    let hits = || places.iter().filter(is_same);
    let pairs = || places.iter().filter(|told| matches!(told.trust, Trust::Pair | Trust::Sentence));
    let holds = |pair: &Told, hit: &Told| (pair.at..pair.end).contains(&hit.at);
    let around = pairs().find(|pair| pair.message.is_some() && hits().any(|hit| holds(pair, hit)));
    if let Some(around) = around {
        return around.message.clone();
    }
    let is_name_only = pairs().any(|pair| pair.code.is_some() && holds(pair, closest));
    let beside = || named(places, text, scopes).filter(|_| is_name_only);
    beside().or_else(|| closest.message.clone())
}

/// Where the request went: a head's, a sentence's, a URL of a store's host, else the last one before the error.
fn url(places: &[Told]) -> Option<String> {
    let of = |told: &Told| told.url.clone();
    if let Some(sure) =
        places.iter().filter(|told| told.url.is_some() && told.trust > Trust::Word).max_by_key(|told| told.trust)
    {
        return of(sure);
    }
    let written: Vec<&String> = places.iter().filter_map(|told| told.url.as_ref()).collect();
    let is_stores = |url: &&&String| {
        let host = crate::domain::target::host_of(url);
        let host = host.split(':').next().unwrap_or_default();
        crate::domain::endpoint::without_domain(host).is_some() || crate::domain::site::of_host(host).is_some()
    };
    written.iter().find(is_stores).or_else(|| written.last()).map(|url| (*url).clone())
}
