//! The failures of a ticket, by their kinds.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::failure_key::FailureKey;
use crate::domain::record::{Outcome, Record};

/// Kinds that are told apart; rows of more kinds are counted.
const KINDS: usize = 200;
/// Ids that a ticket lists: more than that nobody reads.
pub const IDS: usize = 20;
/// Access nodes and buckets that are counted by name.
const NAMES: usize = 64;

/// What was taken so far. Its memory is bounded, however many records there are.
#[derive(Debug, Default)]
pub struct Collected {
    /// The failures, by their kinds.
    pub clusters: Vec<Cluster>,
    places: HashMap<FailureKey<String>, usize>,
    /// Requests of each operation and host, whatever came of them.
    sent: HashMap<(String, String), usize>,
    /// Requests taken.
    pub total: usize,
    /// Failures among them.
    pub failed: usize,
    /// Failures of kinds beyond the first [`KINDS`].
    pub beyond: usize,
}

impl Collected {
    /// Takes a record. Successes tell how often it fails.
    pub fn add(&mut self, record: &Record) {
        let kind = FailureKey::of(record);
        self.total += 1;
        if self.sent.len() < KINDS || self.sent.contains_key(&(kind.operation.clone(), kind.host.clone())) {
            *self.sent.entry((kind.operation.clone(), kind.host.clone())).or_default() += 1;
        }
        if record.outcome != Outcome::Failure {
            return;
        }
        self.failed += 1;
        match self.places.get(&kind) {
            Some(place) => self.clusters[*place].add(record),
            None if self.clusters.len() < KINDS => {
                self.places.insert(kind.clone(), self.clusters.len());
                self.clusters.push(Cluster::new(kind, record));
            }
            None => self.beyond += 1,
        }
    }

    /// How many of how many requests like a cluster's failed.
    pub fn often(&self, cluster: &Cluster) -> (usize, usize) {
        let key = (cluster.kind.operation.clone(), cluster.kind.host.clone());
        (cluster.count, self.sent.get(&key).copied().unwrap_or(cluster.count))
    }
}

/// Failures of one kind.
#[derive(Debug)]
pub struct Cluster {
    /// What they share.
    pub kind: FailureKey<String>,
    /// How many they are.
    pub count: usize,
    /// The first of them, or the first that has an id or a note.
    pub sample: Record,
    /// When the first and the last of them were sent.
    pub times: (Timestamp, Timestamp),
    /// Some of their ids, with their times.
    pub ids: Vec<(String, Timestamp)>,
    /// How many have an id.
    pub with_id: usize,
    /// Access nodes, with how many of them each answered.
    pub nodes: Vec<(String, usize)>,
    /// Buckets that they were sent to.
    pub buckets: BTreeSet<String>,
}

impl Cluster {
    /// The cluster of a first record.
    pub fn new(kind: FailureKey<String>, record: &Record) -> Self {
        let times = (record.time, record.time);
        let sample = record.clone();
        let (ids, nodes, buckets) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut cluster = Self { kind, count: 0, sample, times, ids, with_id: 0, nodes, buckets };
        cluster.add(record);
        cluster
    }

    /// Takes another one of the kind.
    pub fn add(&mut self, record: &Record) {
        self.count += 1;
        self.times = (self.times.0.min(record.time), self.times.1.max(record.time));
        let tells = |record: &Record| (record.note.is_some(), record.request_id.is_some());
        if tells(record) > tells(&self.sample) {
            self.sample = record.clone();
        }
        if let Some(bucket) = record.bucket.as_ref().filter(|_| self.buckets.len() < NAMES) {
            self.buckets.insert(bucket.clone());
        }
        let Some(id) = &record.request_id else { return };
        self.with_id += 1;
        if self.ids.len() < IDS {
            self.ids.push((id.value.clone(), record.time));
        }
        let Some(node) = &id.node else { return };
        let known = self.nodes.iter().position(|(known, _)| known == node);
        match known {
            Some(place) => self.nodes[place].1 += 1,
            None if self.nodes.len() < NAMES => self.nodes.push((node.clone(), 1)),
            None => {}
        }
    }
}
