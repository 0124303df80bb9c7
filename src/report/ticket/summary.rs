//! The ticket of many failures: their kinds, some of their ids, one of them whole, and where the rest
//! is.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::checklist::Checklist;
use super::strings::{Strings, fill};
use super::writer::Writer;
use super::{Facts, Ticket, network, single};
use crate::domain::failure_key::FailureKey;
use crate::domain::record::Record;
use crate::domain::trace_id;

/// Ids that a ticket lists: more than that nobody reads.
const IDS: usize = 20;
/// Kinds that it tells.
const TOLD: usize = 10;
/// Access nodes and buckets that are counted by name.
const NAMES: usize = 64;

/// Failures of one kind.
#[derive(Debug)]
pub struct Cluster {
    /// What they share.
    pub kind: FailureKey<String>,
    /// How many they are.
    pub count: usize,
    /// The first of them, or the first that has an id or a note.
    pub sample: Record,
    first: Timestamp,
    last: Timestamp,
    ids: Vec<(String, Timestamp)>,
    with_id: usize,
    nodes: Vec<(String, usize)>,
    buckets: BTreeSet<String>,
}

impl Cluster {
    /// The cluster of a first record.
    pub fn new(kind: FailureKey<String>, record: &Record) -> Self {
        let (first, last) = (record.time, record.time);
        let sample = record.clone();
        let (ids, nodes, buckets) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut cluster = Self { kind, count: 0, sample, first, last, ids, with_id: 0, nodes, buckets };
        cluster.add(record);
        cluster
    }

    /// Takes another one of the kind.
    pub fn add(&mut self, record: &Record) {
        self.count += 1;
        self.first = self.first.min(record.time);
        self.last = self.last.max(record.time);
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

/// Writes everything but the end.
pub fn compose<'a>(ticket: &Ticket, facts: &Facts, strings: &'a Strings, writer: &mut Writer) -> Checklist<'a> {
    let mut clusters: Vec<&Cluster> = ticket.clusters.iter().collect();
    clusters.sort_by_key(|cluster| Reverse(cluster.count));
    let Some(most) = clusters.first() else { return Checklist::default() };
    let with_id: usize = clusters.iter().map(|cluster| cluster.with_id).sum();
    writer.line(&title(ticket, &clusters, strings));

    writer.heading(&strings.summary);
    let numbers =
        [ticket.failed, ticket.total, with_id, ticket.failed - ticket.beyond - with_id].map(|n| n.to_string());
    let [failed, total, reached, unreached] = &numbers;
    writer.line(&fill(
        &strings.many_value,
        &[
            ("failed", failed),
            ("total", total),
            ("kinds", &strings.kinds_of(clusters.len())),
            ("reached", reached),
            ("unreached", unreached),
        ],
    ));
    let (first, last) = span(&clusters);
    writer.field(&strings.first_last, &format!("{first} – {last}"));
    writer.field(&strings.local, &format!("{} – {}", single::local(first, facts), single::local(last, facts)));
    single::clock(&most.sample, strings, writer);
    writer.field(&strings.impact, &strings.impact_value);

    kinds(ticket, &clusters, facts, strings, writer);
    ids(ticket, &clusters, with_id, facts, strings, writer);
    writer.heading(&fill(&strings.sample, &[("id", &most.sample.id.to_string())]));
    single::request(&most.sample, strings, writer);
    single::result(&most.sample, strings, writer);
    network::evidence(&most.sample, facts, strings, writer);
    let unreached = clusters.iter().find(|cluster| cluster.sample.request_id.is_none());
    if let Some(unreached) = unreached {
        network::commands(&unreached.sample, facts, strings, writer);
    }
    single::who(facts, strings, writer);
    for cluster in clusters.iter().take(TOLD) {
        single::note(&cluster.sample, strings, writer);
    }
    single::environment(&most.sample, facts, strings, writer);
    checklist(ticket, most, with_id, facts, strings)
}

fn span(clusters: &[&Cluster]) -> (Timestamp, Timestamp) {
    let first = clusters.iter().map(|cluster| cluster.first).min().unwrap_or_default();
    let last = clusters.iter().map(|cluster| cluster.last).max().unwrap_or_default();
    (first, last)
}

fn title(ticket: &Ticket, clusters: &[&Cluster], strings: &Strings) -> String {
    let buckets: BTreeSet<&String> = clusters.iter().flat_map(|cluster| &cluster.buckets).collect();
    let first_where = clusters.first().map(|cluster| single::whereabouts(&cluster.sample, strings)).unwrap_or_default();
    let place = match buckets.len() {
        0 | 1 => first_where,
        n => fill(&strings.and_more, &[("first", &first_where), ("n", &(n - 1).to_string())]),
    };
    let store = clusters.first().map(|cluster| cluster.sample.dialect.as_str().to_uppercase()).unwrap_or_default();
    fill(
        &strings.title_many,
        &[
            ("store", &store),
            ("count", &ticket.failed.to_string()),
            ("kinds", &strings.kinds_of(clusters.len())),
            ("where", &place),
            ("time", &span(clusters).0.to_string()),
        ],
    )
}

fn kinds(ticket: &Ticket, clusters: &[&Cluster], facts: &Facts, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.kinds);
    for (n, cluster) in clusters.iter().take(TOLD).enumerate() {
        kind(n + 1, ticket, cluster, facts, strings, writer);
    }
    let left = clusters.iter().skip(TOLD).map(|cluster| cluster.count).sum::<usize>() + ticket.beyond;
    if left > 0 {
        let kinds = clusters.len().saturating_sub(TOLD).to_string() + if ticket.beyond > 0 { "+" } else { "" };
        writer.line(&fill(&strings.kinds_left, &[("kinds", &kinds), ("count", &left.to_string())]));
    }
}

fn kind(n: usize, ticket: &Ticket, cluster: &Cluster, facts: &Facts, strings: &Strings, writer: &mut Writer) {
    let sample = &cluster.sample;
    writer.line(&fill(
        &strings.kind,
        &[
            ("n", &n.to_string()),
            ("count", &cluster.count.to_string()),
            ("what", &single::what(sample)),
            ("operation", &sample.operation),
            ("host", &cluster.kind.host),
        ],
    ));
    let mut lines = vec![sample.shown_message().to_owned()];
    let (first, last) = (cluster.first.to_string(), cluster.last.to_string());
    lines.push(fill(&strings.kind_times, &[("first", &first), ("last", &last)]));
    let often = ticket.often(cluster);
    if often.1 > often.0 {
        lines.push(single::often_words(&strings.kind_often, often, sample));
    }
    if !cluster.nodes.is_empty() {
        let mut nodes: Vec<_> = cluster.nodes.iter().collect();
        nodes.sort_by_key(|(_, count)| Reverse(*count));
        let mut named: Vec<_> = nodes.iter().take(8).map(|(node, count)| format!("{node} ({count})")).collect();
        if nodes.len() > named.len() {
            named.push("…".to_owned());
        }
        lines.push(fill(&strings.kind_nodes, &[("nodes", &named.join(", "))]));
    }
    if !cluster.kind.site.is_empty() {
        lines.push(fill(&strings.kind_site, &[("site", &trace_id::short_site(&cluster.kind.site))]));
    }
    let verdicts = sample.diagnosis.iter().flat_map(|diagnosis| &diagnosis.verdicts);
    lines.extend(verdicts.take(1).map(|verdict| single::verdict_line(verdict, sample, facts.language, strings)));
    for line in lines.iter().filter(|line| !line.is_empty()) {
        writer.block(&crate::text::sanitize::sanitize(line));
    }
}

/// Some ids of every kind: one of each in turn, until there are enough.
fn ids(ticket: &Ticket, clusters: &[&Cluster], with_id: usize, facts: &Facts, strings: &Strings, writer: &mut Writer) {
    let mut listed = Vec::new();
    for turn in 0..IDS {
        for cluster in clusters {
            listed.extend(cluster.ids.get(turn).map(|(id, time)| (id, time, single::what(&cluster.sample))));
        }
    }
    listed.truncate(IDS);
    writer.heading(&strings.ids);
    if listed.len() < with_id {
        let (shown, all) = (listed.len().to_string(), with_id.to_string());
        writer.line(&fill(&strings.ids_of_all, &[("shown", &shown), ("all", &all)]));
    } else if with_id > 0 {
        writer.line(&strings.ids_all);
    }
    for (id, time, what) in &listed {
        writer.block(&crate::text::sanitize::sanitize(&format!("{id}  {time}  {what}")));
    }
    match &facts.evidence {
        _ if ticket.failed == listed.len() => {}
        Some(file) => writer.line(&fill(&strings.rest_file, &[("file", file)])),
        None => writer.line(&strings.rest_how),
    }
}

fn checklist<'a>(
    ticket: &Ticket,
    most: &Cluster,
    with_id: usize,
    facts: &Facts,
    strings: &'a Strings,
) -> Checklist<'a> {
    let how = &strings.missing;
    let mut checklist = Checklist::default();
    checklist.want(with_id > 0 || most.sample.status_code.is_none(), &how.id_of_answer);
    if with_id > 0 {
        checklist.want(
            !ticket.clusters.iter().any(|c| c.sample.request_id.as_ref().is_some_and(|id| id.masked)),
            &how.request_id,
        );
    }
    if ticket.clusters.iter().any(|cluster| cluster.sample.request_id.is_none()) {
        checklist.want(false, &how.commands);
    }
    checklist.want(most.sample.bucket.is_some() && most.sample.region.is_some(), &how.bucket);
    checklist.want(most.sample.error.code.is_some(), &how.code);
    checklist.want(facts.who.is_some(), &how.who);
    checklist.want(false, &how.egress);
    checklist.want(ticket.total > ticket.failed || ticket.failed > 1, &how.often);
    checklist.want(ticket.clusters.iter().any(|cluster| cluster.sample.note.is_some()), &how.note);
    checklist.want(facts.evidence.is_some() || ticket.failed <= IDS, &how.list);
    checklist.want(most.sample.source.is_probe(), &how.origin);
    checklist.want(false, &how.impact);
    checklist
}
