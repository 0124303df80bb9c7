//! How complete a ticket is: what support asks for, and of what is not there, how to get it.

use super::words::Words;
use super::{Facts, one};
use crate::domain::dialect::Dialect;
use crate::domain::exchange::header;
use crate::domain::record::{CodeFrom, Record};

/// What is wanted, each with whether it is there and how to get it.
#[derive(Debug, Default)]
pub struct Meter<'a> {
    wanted: Vec<(bool, &'a str)>,
}

impl<'a> Meter<'a> {
    /// Something that support asks for.
    pub fn want(&mut self, there: bool, how: &'a str) {
        self.wanted.push((there, how));
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
    pub fn missing(&self) -> impl Iterator<Item = &'a str> {
        self.wanted.iter().filter(|(there, _)| !there).map(|(_, how)| *how)
    }

    /// What is asked for of one failure.
    pub fn of(record: &Record, often: (usize, usize), facts: &Facts, words: &'a Words) -> Self {
        let mut meter = Self::default();
        let how = &words.missing;
        let id = record.request_id.as_ref();
        let answered = record.status_code.is_some();
        if let Some(id) = id {
            meter.want(!id.masked, &how.request_id);
        } else {
            meter.want(false, &how.commands);
        }
        if id.is_none() && answered {
            meter.want(false, &how.id_of_answer);
        }
        let headers = record.headers.as_ref();
        let has = |name: &str| headers.is_some_and(|headers| header(headers, name).is_some());
        if id.is_some() && record.dialect == Dialect::Cos {
            meter.want(record.error.trace_id.is_some() || has("x-cos-trace-id"), &how.trace_id);
        }
        if id.is_some() && record.dialect == Dialect::S3 {
            meter.want(has("x-amz-id-2") || record.error.others.contains_key("HostId"), &how.host_id);
        }
        meter.want(record.bucket.is_some() && record.region.is_some(), &how.bucket);
        meter.want(record.error.code.is_some(), &how.code);
        if answered {
            meter.want(one::clock_offset(record).is_some(), &how.clock);
            meter.want(headers.is_some_and(|headers| !headers.is_empty()), &how.headers);
            meter.want(record.body.is_some() || record.code_from == CodeFrom::GetTwin, &how.body);
        }
        meter.want(facts.who.is_some(), &how.who);
        meter.want(record.remote.is_some(), &how.remote);
        meter.want(false, &how.egress);
        meter.want(record.timing.total_ms > 0.0, &how.timing);
        let twins = usize::from(record.twin.is_some());
        meter.want(often.1 > 1 || record.attempts.len() > 1 + twins, &how.often);
        meter.want(record.diagnosis.as_ref().is_some_and(|diagnosis| !diagnosis.checks.is_empty()), &how.checks);
        if id.is_some() && record.dialect == Dialect::Cos {
            meter.want(record.note.is_some(), &how.note);
        }
        meter.want(record.source.is_probe(), &how.origin);
        meter.want(false, &how.impact);
        meter
    }
}
