//! Two records side by side: which facts differ, and what follows from that.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::exchange::{Headers, header};
use super::record::{Outcome, Record};
use super::{target, trace_id};

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What came back.
    Answer,
    /// What was asked.
    Request,
    /// The texts that were signed, line by line.
    Signed,
    /// When, and how long it took.
    Time,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Answer, Self::Request, Self::Signed, Self::Time];

    /// Its heading, in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Answer => "Response",
            Self::Request => "Request",
            Self::Signed => "Signed text",
            Self::Time => "Time",
        }
    }
}

/// What a fact is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A word of ours, in English.
    Ours(&'static str),
    /// A word of the store's or of HTTP.
    Theirs(String),
    /// A line of a text, from 1.
    Line(&'static str, usize),
}

/// A fact of two records. At least one of them has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub part: Part,
    /// What it is called.
    pub name: Name,
    /// The first one's value, and the second one's.
    pub values: [Option<String>; 2],
}

impl Fact {
    /// The two records differ in it.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.values[0] != self.values[1]
    }
}

/// What the facts come to. It never says why: two requests are not a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum So {
    /// The same key may GET this and may not HEAD it; the place of the HEAD.
    HeadAndGet(usize),
    /// Nothing in the requests differs, and only one failed: its place.
    SameRequest(usize),
    /// One thing in the requests differs, and only one failed: its place.
    OnlyThis(Name, usize),
    /// Several things in the requests differ, and only one failed.
    Several(Vec<Name>),
    /// Both failed with the same Code, though this differs in the requests.
    SameFailure(Vec<Name>),
}

/// Headers that carry the request's id, which is a fact of its own.
const IDS: [&str; 5] = ["x-cos-request-id", "x-cos-trace-id", "x-amz-request-id", "x-amz-id-2", "x-ci-request-id"];
/// Sent headers that differ in every two requests, or repeat another fact.
const SIGNING: [&str; 6] =
    ["authorization", "date", "x-amz-date", "host", "x-amz-content-sha256", "amz-sdk-invocation-id"];

/// Every fact that one of the records has, by parts; `message` and `local` put them as a person reads them.
#[must_use]
pub fn facts(
    records: [&Record; 2],
    message: &dyn Fn(&Record) -> Option<String>,
    local: &dyn Fn(Timestamp) -> String,
) -> Vec<Fact> {
    let mut facts = Facts { records, all: Vec::new() };
    facts.answer(message);
    facts.request();
    facts.signed();
    facts.time(local);
    facts.all
}

struct Facts<'a> {
    records: [&'a Record; 2],
    all: Vec<Fact>,
}

impl Facts<'_> {
    fn push(&mut self, part: Part, name: Name, values: [Option<String>; 2]) {
        if values.iter().any(Option::is_some) {
            self.all.push(Fact { part, name, values });
        }
    }

    fn add(&mut self, part: Part, name: &'static str, of: impl Fn(&Record) -> Option<String>) {
        self.push(part, Name::Ours(name), self.records.map(of));
    }

    fn headers(&mut self, part: Part, but: &[&str], of: impl Fn(&Record) -> Option<&Headers>) {
        let names: BTreeSet<_> =
            self.records.into_iter().filter_map(&of).flatten().map(|(name, _)| name.to_ascii_lowercase()).collect();
        for name in names.into_iter().filter(|name| !but.contains(&name.as_str())) {
            let values = self.records.map(|record| {
                let headers = of(record).into_iter().flatten();
                let same = headers.filter(|(other, _)| other.eq_ignore_ascii_case(&name));
                let values: Vec<_> = same.map(|(_, value)| value.as_str()).collect();
                (!values.is_empty()).then(|| values.join(", "))
            });
            self.push(part, Name::Theirs(name), values);
        }
    }

    fn answer(&mut self, message: &dyn Fn(&Record) -> Option<String>) {
        let part = Part::Answer;
        self.add(part, "Status", |record| record.status_code.map(|status| status.to_string()));
        self.push(part, Name::Theirs("Code".to_owned()), self.records.map(|record| record.error.code.clone()));
        self.push(part, Name::Theirs("Message".to_owned()), self.records.map(message));
        self.add(part, "Cause", |record| Some(record.first_cause().to_owned()).filter(|cause| !cause.is_empty()));
        let id = |record: &Record| record.copied_id().map(str::to_owned);
        self.push(part, Name::Theirs("RequestId".to_owned()), self.records.map(id));
        let node = |record: &Record| record.request_id.as_ref()?.node.clone();
        self.add(part, "Node", node);
        let site = |record: &Record| Some(trace_id::short_site(&trace_id::failure_site_of(record)?));
        self.add(part, "Site", site);
        self.add(part, "From", |record| record.remote.clone());
        let but: Vec<_> = IDS.into_iter().chain(["date"]).collect();
        self.headers(part, &but, |record| record.headers.as_ref());
    }

    fn request(&mut self) {
        let part = Part::Request;
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        self.add(part, "Method", |record| given(&record.method));
        self.add(part, "Operation", |record| given(&record.operation));
        self.add(part, "Host", |record| given(target::host_of(&record.url)));
        self.add(part, "Bucket", |record| record.bucket.clone());
        self.add(part, "Region", |record| record.region.clone());
        self.add(part, "Key", |record| record.key.clone());
        self.add(part, "Path", |record| target::written(&record.url).map(|url| url.path.to_owned()));
        self.add(part, "Query", |record| target::written(&record.url)?.query.map(str::to_owned));
        self.add(part, "Scheme", |record| target::written(&record.url).map(|url| url.scheme.to_owned()));
        self.add(part, "Profile", |record| given(&record.profile));
        self.add(part, "Proxy", |record| record.via.proxy.clone());
        self.add(part, "Connect to", |record| record.via.connect_to.clone());
        self.headers(part, &["authorization", "host"], |record| Some(&record.request.headers));
    }

    fn signed(&mut self) {
        let canonical = |record: &Record| record.request.canonical_request.clone();
        self.lines("Signed, line", self.records.map(canonical));
        self.lines("String to sign, line", self.records.map(|record| record.request.string_to_sign.clone()));
    }

    /// A text of several lines is compared line by line.
    fn lines(&mut self, name: &'static str, texts: [Option<String>; 2]) {
        let lines = texts.map(|text| text.map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()));
        let longest = lines.iter().flatten().map(Vec::len).max().unwrap_or(0);
        for place in 0..longest {
            let values = [0, 1].map(|side| lines[side].as_ref().and_then(|lines| lines.get(place).cloned()));
            self.push(Part::Signed, Name::Line(name, place + 1), values);
        }
    }

    fn time(&mut self, local: &dyn Fn(Timestamp) -> String) {
        let part = Part::Time;
        let ms = |ms: f64| format!("{ms:.1} ms");
        self.add(part, "Sent", |record| Some(local(record.time)));
        self.add(part, "Store's clock", |record| header(record.headers.as_ref()?, "date").map(str::to_owned));
        self.add(part, "Took", |record| Some(ms(record.timing.total_ms)));
        self.add(part, "DNS", |record| record.timing.dns_ms.map(ms));
        self.add(part, "TCP", |record| record.timing.connect_ms.map(ms));
        self.add(part, "TLS", |record| record.timing.tls_ms.map(ms));
        self.add(part, "first byte", |record| record.timing.first_byte_ms.map(ms));
        self.add(part, "Attempts", |record| {
            Some(record.attempts.len().to_string()).filter(|_| record.source.is_probe())
        });
    }
}

/// What the facts come to, where they come to anything.
#[must_use]
pub fn so([a, b]: [&Record; 2], facts: &[Fact]) -> Option<So> {
    let failed = [a, b].map(|record| record.outcome == Outcome::Failure);
    let asked = asked(facts);
    let place = usize::from(failed[1]);
    match (failed, asked.as_slice()) {
        ([true, true], [_, ..]) if a.error.code.is_some() && a.error.code == b.error.code => {
            Some(So::SameFailure(asked))
        }
        ([false, false] | [true, true], _) => None,
        (_, []) => Some(So::SameRequest(place)),
        (_, [Name::Ours("Method")]) if is_denied_head([a, b], place) => Some(So::HeadAndGet(place)),
        (_, [one]) => Some(So::OnlyThis(one.clone(), place)),
        _ => Some(So::Several(asked)),
    }
}

fn is_denied_head(records: [&Record; 2], head: usize) -> bool {
    let [head, get] = [records[head], records[1 - head]];
    head.method == "HEAD" && head.status_code == Some(403) && get.method == "GET" && get.outcome == Outcome::Success
}

/// What differs in the requests: what follows from something else that differs is left out.
fn asked(facts: &[Fact]) -> Vec<Name> {
    let differ: Vec<_> = facts.iter().filter(|fact| fact.part == Part::Request && fact.differs()).collect();
    let has = |names: &[&'static str]| differ.iter().any(|fact| names.iter().any(|name| fact.name == Name::Ours(name)));
    let follows = |name: &Name| match name {
        Name::Ours("Host") => has(&["Bucket", "Region"]),
        Name::Ours("Path") => has(&["Bucket", "Key"]),
        Name::Ours("Operation") => has(&["Method", "Path", "Query"]),
        // A HEAD asks for no part of the object.
        Name::Theirs(name) => SIGNING.contains(&name.as_str()) || (name == "range" && has(&["Method"])),
        _ => false,
    };
    differ.iter().map(|fact| &fact.name).filter(|name| !follows(name)).cloned().collect()
}
