//! How complete a ticket is: what support asks for, and of what is not there, how to get it.

use std::borrow::Cow;

use super::facts::Facts;
use super::store_clock;
use super::strings::Strings;
use crate::domain::dialect::Dialect;
use crate::domain::exchange::header;
use crate::domain::record::{CodeFrom, Record};

/// What is wanted, each with whether it is there and how to get it.
#[derive(Debug, Default)]
pub struct Checklist<'a> {
    wanted: Vec<(bool, Cow<'a, str>)>,
}

impl<'a> Checklist<'a> {
    /// Something that support asks for.
    pub fn want(&mut self, there: bool, how: impl Into<Cow<'a, str>>) {
        self.wanted.push((there, how.into()));
    }

    /// How many things are there.
    pub fn there(&self) -> usize {
        self.wanted.iter().filter(|(there, _)| *there).count()
    }

    /// How many are asked for.
    pub fn wanted(&self) -> usize {
        self.wanted.len()
    }

    /// How to get what is not there.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().filter(|(there, _)| !there).map(|(_, how)| &**how)
    }

    /// What is asked for of one failure.
    pub fn of(record: &Record, often: (usize, usize), facts: &Facts, strings: &'a Strings) -> Self {
        let mut checklist = Self::default();
        let how = &strings.missing;
        let id = record.request_id.as_ref();
        let answered = record.status_code.is_some();
        if let Some(id) = id {
            checklist.want(!id.masked, &how.request_id);
        } else {
            checklist.want(false, &how.commands);
        }
        if id.is_none() && answered {
            checklist.want(false, &how.id_of_answer);
        }
        let headers = record.headers.as_ref();
        let has = |name: &str| headers.is_some_and(|headers| header(headers, name).is_some());
        if id.is_some() && record.dialect == Dialect::Cos {
            checklist.want(record.error.trace_id.is_some() || has("x-cos-trace-id"), &how.trace_id);
        }
        if id.is_some() && record.dialect == Dialect::S3 {
            checklist.want(has("x-amz-id-2") || record.error.others.contains_key("HostId"), &how.host_id);
        }
        checklist.want(record.bucket.is_some() && record.region.is_some(), &how.bucket);
        checklist.want(record.error.code.is_some(), &how.code);
        if answered {
            checklist.want(store_clock::ahead(record).is_some(), &how.clock);
            checklist.want(headers.is_some_and(|headers| !headers.is_empty()), &how.headers);
            checklist.want(record.body.is_some() || record.code_from == CodeFrom::GetTwin, &how.body);
        }
        checklist.want(facts.who.is_some(), &how.who);
        checklist.want(record.remote.is_some(), &how.remote);
        checklist.want(false, &how.egress);
        checklist.want(record.timing.total_ms > 0.0, &how.timing);
        let twins = usize::from(record.twin.is_some());
        checklist
            .want(often.1 > 1 || record.attempts.len() > 1 + twins, strings.with_keys(&how.often, &facts.keys.often));
        let checked = record.diagnosis.as_ref().is_some_and(|diagnosis| !diagnosis.checks.is_empty());
        checklist.want(checked, strings.with_keys(&how.checks, &facts.keys.checks));
        if id.is_some() && record.dialect == Dialect::Cos {
            checklist.want(record.note.is_some(), strings.with_keys(&how.note, &facts.keys.note));
        }
        checklist.want(record.source.is_probe(), &how.origin);
        checklist.want(false, &how.impact);
        checklist
    }
}
