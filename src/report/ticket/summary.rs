//! The ticket of many failures: their kinds, some of their ids, one of them whole, and where the rest
//! is.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::checklist::Checklist;
use super::collected::{Cluster, Collected, IDS};
use super::facts::Facts;
use super::strings::{Strings, fill};
use super::writer::Writer;
use super::{network, single};
use crate::domain::trace_id;
use crate::text::cells;

/// Kinds that it tells.
const TOLD: usize = 10;

/// Writes everything but the end.
pub fn compose<'a>(collected: &Collected, facts: &Facts, strings: &'a Strings, writer: &mut Writer) -> Checklist<'a> {
    let mut clusters: Vec<&Cluster> = collected.clusters.iter().collect();
    clusters.sort_by_key(|cluster| Reverse(cluster.count));
    let Some(most) = clusters.first() else { return Checklist::default() };
    let with_id: usize = clusters.iter().map(|cluster| cluster.with_id).sum();
    writer.line(&title(collected, &clusters, strings));

    writer.heading(&strings.summary);
    let numbers = [collected.failed, collected.total, with_id, collected.failed - collected.beyond - with_id]
        .map(|n| n.to_string());
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

    kinds(collected, &clusters, facts, strings, writer);
    ids(collected, &clusters, with_id, facts, strings, writer);
    writer.heading(&fill(&strings.sample, &[("id", &most.sample.id.to_string())]));
    single::request(&most.sample, strings, writer);
    single::result(&most.sample, facts.language, strings, writer);
    network::evidence(&most.sample, facts, strings, writer);
    let unreached = clusters.iter().find(|cluster| cluster.sample.request_id.is_none());
    if let Some(unreached) = unreached {
        network::commands(&unreached.sample, strings, writer);
    }
    single::who(facts, strings, writer);
    for cluster in clusters.iter().take(TOLD) {
        single::note(&cluster.sample, strings, writer);
    }
    single::environment(&most.sample, strings, writer);
    checklist(collected, most, with_id, facts, strings)
}

fn span(clusters: &[&Cluster]) -> (Timestamp, Timestamp) {
    let first = clusters.iter().map(|cluster| cluster.times.0).min().unwrap_or_default();
    let last = clusters.iter().map(|cluster| cluster.times.1).max().unwrap_or_default();
    (first, last)
}

fn title(collected: &Collected, clusters: &[&Cluster], strings: &Strings) -> String {
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
            ("count", &collected.failed.to_string()),
            ("kinds", &strings.kinds_of(clusters.len())),
            ("where", &place),
            ("time", &span(clusters).0.to_string()),
        ],
    )
}

fn kinds(collected: &Collected, clusters: &[&Cluster], facts: &Facts, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.kinds);
    for (n, cluster) in clusters.iter().take(TOLD).enumerate() {
        kind(n + 1, collected, cluster, facts, strings, writer);
    }
    let left = clusters.iter().skip(TOLD).map(|cluster| cluster.count).sum::<usize>() + collected.beyond;
    if left > 0 {
        let kinds = clusters.len().saturating_sub(TOLD).to_string() + if collected.beyond > 0 { "+" } else { "" };
        writer.line(&fill(&strings.kinds_left, &[("kinds", &kinds), ("count", &left.to_string())]));
    }
}

fn kind(n: usize, collected: &Collected, cluster: &Cluster, facts: &Facts, strings: &Strings, writer: &mut Writer) {
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
    let mut lines = vec![cells::message(sample, facts.language).into_owned()];
    let (first, last) = (cluster.times.0.to_string(), cluster.times.1.to_string());
    lines.push(fill(&strings.kind_times, &[("first", &first), ("last", &last)]));
    let often = collected.often(cluster);
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
fn ids(
    collected: &Collected,
    clusters: &[&Cluster],
    with_id: usize,
    facts: &Facts,
    strings: &Strings,
    writer: &mut Writer,
) {
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
        _ if collected.failed == listed.len() => {}
        Some(file) => writer.line(&fill(&strings.rest_file, &[("file", file)])),
        None => writer.line(&strings.with_keys(&strings.rest_how, &facts.keys.rest)),
    }
}

fn checklist<'a>(
    collected: &Collected,
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
            !collected.clusters.iter().any(|c| c.sample.request_id.as_ref().is_some_and(|id| id.masked)),
            &how.request_id,
        );
    }
    if collected.clusters.iter().any(|cluster| cluster.sample.request_id.is_none()) {
        checklist.want(false, &how.commands);
    }
    checklist.want(most.sample.bucket.is_some() && most.sample.region.is_some(), &how.bucket);
    checklist.want(most.sample.error.code.is_some(), &how.code);
    checklist.want(facts.who.is_some(), &how.who);
    checklist.want(false, &how.egress);
    let is_known = collected.total > collected.failed || collected.failed > 1;
    checklist.want(is_known, strings.with_keys(&how.often, &facts.keys.often));
    let has_note = collected.clusters.iter().any(|cluster| cluster.sample.note.is_some());
    checklist.want(has_note, strings.with_keys(&how.note, &facts.keys.note));
    checklist.want(facts.evidence.is_some() || collected.failed <= IDS, &how.list);
    checklist.want(most.sample.source.is_probe(), &how.origin);
    checklist.want(false, &how.impact);
    checklist
}
