//! Failures' verdicts in plain words: the cause, how certain, what to change, the evidence, what was
//! checked, and what support needs. Failures of the same kind share one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::look::{Look, Role};
use crate::diagnosis::code_book;
use crate::domain::cause::Cause;
use crate::domain::check::{Check, CheckKind};
use crate::domain::fact::Evidence;
use crate::domain::record::Record;
use crate::domain::verdict::{Comparison, Confidence, Diagnosis, Permission, Verdict};
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::{checks, facts, verdict};

/// The most lines of one kind, such as ids, that are printed for a group of failures.
const LISTED: usize = 10;

/// The verdicts on the rows of a list.
pub struct Verdicts {
    look: Look,
    /// The records' numbers, in the order in which they came.
    ids: Vec<u32>,
    groups: Vec<Group>,
    /// Where the group of failures of this kind is.
    places: HashMap<String, usize>,
}

/// Failures with the same verdict.
struct Group {
    first: Record,
    /// Evidence that all of them have.
    shared: Vec<Evidence>,
    members: Vec<Member>,
}

/// A failure of a group.
struct Member {
    /// Its place among all rows.
    place: usize,
    request_id: String,
    needs: Option<String>,
}

impl Verdicts {
    /// None so far.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look, ids: Vec::new(), groups: Vec::new(), places: HashMap::new() }
    }

    /// Takes a row; one without a diagnosis only counts.
    pub fn add(&mut self, record: &Record) {
        let place = self.ids.len();
        self.ids.push(record.id);
        let Some(diagnosis) = &record.diagnosis else { return };
        let needs = diagnosis.permission.as_ref().map(|permission| self.needs(permission));
        let member = Member { place, request_id: self.request_id(record), needs };
        let next = self.groups.len();
        let at = *self.places.entry(kind(record, diagnosis, self.look.language)).or_insert(next);
        let evidence = diagnosis.verdicts.first().map_or(&[][..], |verdict| &verdict.evidence);
        if let Some(group) = self.groups.get_mut(at) {
            group.shared.retain(|shared| evidence.contains(shared));
            group.members.push(member);
        } else {
            self.groups.push(Group { first: record.clone(), shared: evidence.to_vec(), members: vec![member] });
        }
    }

    /// All of them in words, in the order of the rows, whose numbers stand in front where the look has
    /// numbers.
    #[must_use]
    pub fn text(&self) -> String {
        let mut order: Vec<usize> = (0..self.ids.len()).collect();
        order.sort_by_key(|place| self.ids[*place]);
        let mut numbers = vec![0; order.len()];
        (1..).zip(order).for_each(|(number, place)| numbers[place] = number);
        let mut blocks: Vec<(Vec<usize>, &Group)> =
            self.groups.iter().map(|group| (group.numbers(&numbers), group)).collect();
        blocks.sort_by(|one, other| one.0.cmp(&other.0));
        let blocks: Vec<_> = blocks.iter().map(|(numbers, group)| self.block(numbers, group)).collect();
        blocks.join("\n")
    }

    fn block(&self, numbers: &[usize], group: &Group) -> String {
        let mut text = VerdictText { text: String::new(), look: &self.look };
        let language = self.look.language;
        let empty = Diagnosis::default();
        let record = &group.first;
        let diagnosis = record.diagnosis.as_ref().unwrap_or(&empty);
        let of_row = self.of_row(numbers);
        if let Some((first, others)) = diagnosis.verdicts.split_first() {
            let front = if self.look.numbered { format!("{}  ", ranges(numbers)) } else { String::new() };
            text.sentence(&front, first, record);
            text.list(&tell!(language, "Fix"), verdict::fix(first, record, language).into_iter());
            let facts = first.evidence.iter().map(|evidence| {
                let source =
                    format!("{}: {}", facts::source(&evidence.from, language), facts::fact(&evidence.fact, language));
                if group.shared.contains(evidence) { source } else { format!("{source}{of_row}") }
            });
            text.list(&tell!(language, "Evidence"), facts);
            let sure = self.certainty_word(first);
            text.list(
                &tell!(language, "Cause"),
                std::iter::once(format!("{} {} {sure}", first.cause, self.look.glyphs.dot)),
            );
            let others = others.iter().flat_map(|other| {
                let cause = format!("{} {}", self.glyph(other), verdict::summary(other, record, language));
                let fix = verdict::fix(other, record, language).into_iter().take(1).map(|fix| format!("    {fix}"));
                std::iter::once(cause).chain(fix)
            });
            text.list(&tell!(language, "Or"), others);
        }
        text.checks(&diagnosis.checks, &of_row);
        if let Some(comparison) = &diagnosis.signature {
            text.signature(comparison, &of_row);
        }
        if let Some(permission) = &diagnosis.permission {
            text.permission(permission, &group.needs(), &of_row);
        }
        let code = record.error.code.as_deref().unwrap_or_default();
        let message = record.error.message.as_deref().unwrap_or_default();
        if let Some(entry) = code_book::find(record.dialect, record.status_code, code, message) {
            text.field(&entry.code, &entry.words.get(language).meaning);
        }
        text.list("RequestId", self.request_ids(numbers, group).into_iter());
        text.text
    }

    /// What is not the same for all rows of a group is the first one's.
    fn of_row(&self, numbers: &[usize]) -> String {
        match (numbers, self.look.numbered) {
            ([first, _, ..], true) => format!(" ({})", tell!(self.look.language, "row %{n}", n = first)),
            _ => String::new(),
        }
    }

    fn request_ids(&self, numbers: &[usize], group: &Group) -> Vec<String> {
        let mut members: Vec<_> = numbers.iter().zip(group.in_order(&self.ids)).collect();
        if members.iter().all(|(_, member)| member.request_id == group.members[0].request_id) {
            members.truncate(1);
        }
        let (one, more) = (members.len() == 1, members.len().saturating_sub(LISTED));
        members.truncate(LISTED);
        let line = |(number, member): (&usize, &Member)| match (one, self.look.numbered) {
            (false, true) => format!("{number}  {}", member.request_id),
            _ => member.request_id.clone(),
        };
        let mut lines: Vec<_> = members.into_iter().map(line).collect();
        if more > 0 {
            lines.push(tell!(self.look.language, "%{n} more", n = more).into_owned());
        }
        lines
    }

    fn request_id(&self, record: &Record) -> String {
        let language = self.look.language;
        let Some(id) = &record.request_id else {
            return tell!(language, record.no_id_words()).into_owned();
        };
        let parts = [
            Some(id.value.as_str().into()),
            id.time.map(|time| tell!(language, "received %{time} (inferred)", time = time)),
            id.masked.then(|| tell!(language, "its tail is hidden: support needs the whole id")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }

    fn needs(&self, permission: &Permission) -> String {
        let (action, resource) = (&permission.action, &permission.resource);
        tell!(self.look.language, "%{action} on %{resource}", action = action, resource = resource).into_owned()
    }

    fn glyph(&self, verdict: &Verdict) -> &'static str {
        self.look.glyphs.certainty(certainty(verdict))
    }

    fn certainty_word(&self, verdict: &Verdict) -> Cow<'static, str> {
        let word = |certainty: Confidence| tell!(self.look.language, certainty.as_str());
        certainty(verdict).map_or_else(|| tell!(self.look.language, "unknown"), word)
    }
}

impl Group {
    /// The numbers of its rows, the smallest first.
    fn numbers(&self, numbers: &[usize]) -> Vec<usize> {
        let mut own: Vec<_> = self.members.iter().map(|member| numbers[member.place]).collect();
        own.sort_unstable();
        own
    }

    fn in_order(&self, ids: &[u32]) -> Vec<&Member> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|member| (ids[member.place], member.place));
        members
    }

    /// What its requests need to be allowed, each once.
    fn needs(&self) -> Vec<&str> {
        let mut needs: Vec<&str> = Vec::new();
        for need in self.members.iter().filter_map(|member| member.needs.as_deref()) {
            if needs.len() <= LISTED && !needs.contains(&need) {
                needs.push(need);
            }
        }
        needs
    }
}

/// Equal for failures that share a verdict: everything about it but ids, times and names of objects.
fn kind(record: &Record, diagnosis: &Diagnosis, language: Language) -> String {
    let mut kind = record.shown_code().to_owned();
    for one in &diagnosis.verdicts {
        let summary = verdict::summary(one, record, language);
        let _ = write!(kind, "\n{} {} {summary}", one.cause, one.confidence.as_str());
        kind.extend(verdict::fix(one, record, language).into_iter().flat_map(|fix| ["\n ".to_owned(), fix]));
    }
    // HEAD and GET of the same thing fail the same way; only the HEAD was sent again as GET.
    for check in diagnosis.checks.iter().filter(|check| check.kind != CheckKind::GetTwin) {
        let _ = write!(kind, "\n{} {}", check.kind, checks::outcome(&check.outcome, language));
    }
    if let Some(comparison) = &diagnosis.signature {
        let _ = write!(kind, "\n{} {}", comparison.text, facts::element(&comparison.element, language));
    }
    kind
}

/// Only `undetermined` has no certainty.
fn certainty(verdict: &Verdict) -> Option<Confidence> {
    (verdict.cause != Cause::Undetermined).then_some(verdict.confidence)
}

/// `1, 2, 5-9`, and how many there are behind a list that is cut.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let words = |(first, last): &(usize, usize)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}-{last}"),
    };
    let cut = if ranges.len() > LISTED { format!(", ... ({})", numbers.len()) } else { String::new() };
    let shown: Vec<_> = ranges.iter().take(LISTED).map(words).collect();
    format!("{}{cut}", shown.join(", "))
}

/// Lines in the making.
struct VerdictText<'a> {
    text: String,
    look: &'a Look,
}

impl VerdictText<'_> {
    /// The rows, how certain, and the cause in one sentence.
    fn sentence(&mut self, front: &str, verdict: &Verdict, record: &Record) {
        let certainty = certainty(verdict);
        let glyph = self.look.colours.paint(Role::Certainty(certainty), self.look.glyphs.certainty(certainty));
        let summary =
            self.look.colours.paint(Role::Strong, &sanitize(&verdict::summary(verdict, record, self.look.language)));
        let _ = writeln!(self.text, "{front}{glyph} {summary}");
    }

    fn field(&mut self, name: &str, value: &str) {
        let gap = " ".repeat(9_usize.saturating_sub(name.width()));
        let name = self.look.colours.paint(Role::Label, name);
        let _ = writeln!(self.text, "  {name}{gap}  {}", sanitize(value));
    }

    /// Values one under the other, the first next to the name.
    fn list(&mut self, name: &str, values: impl Iterator<Item = String>) {
        for (i, value) in values.enumerate() {
            self.field(if i == 0 { name } else { "" }, &value);
        }
    }

    fn checks(&mut self, checks: &[Check], of_row: &str) {
        let language = self.look.language;
        let told =
            |check: &Check| (checks::change(&check.changed, language), checks::outcome(&check.outcome, language));
        let all: Vec<_> = checks.iter().map(told).collect();
        let changes = all.iter().map(|(change, _)| sanitize(change).width()).max().unwrap_or(0);
        let outcomes = all.iter().map(|(_, outcome)| sanitize(outcome).width()).max().unwrap_or(0);
        let padded = |text: &str, width: usize| {
            let text = sanitize(text);
            format!("{text}{}", " ".repeat(width - text.width()))
        };
        let rows = checks.iter().zip(&all).map(|(check, (change, outcome))| {
            let (change, outcome) = (padded(change, changes), padded(outcome, outcomes));
            let id = check.request_id.as_deref().map_or_else(|| tell!(language, "no id"), Cow::Borrowed);
            format!("{:<15}  {change}  {outcome}  {id}{of_row}", check.kind)
        });
        self.list(&tell!(language, "Checks"), rows);
    }

    /// Both texts line by line: what is equal once, what differs one under the other.
    fn signature(&mut self, comparison: &Comparison, of_row: &str) {
        let language = self.look.language;
        let differs =
            tell!(language, "differs in: %{element}", element = facts::element(&comparison.element, language));
        self.list(&tell!(language, "Signature"), std::iter::once(format!("{differs}{of_row}")));
        let (both, the_store) = (tell!(language, "both"), tell!(language, "store"));
        let (ours, no_line) = (tell!(language, "here"), tell!(language, "(no line)"));
        let widest = [&both, &the_store, &ours].map(|name| name.width()).into_iter().max().unwrap_or(0);
        let named = |name: &str, line: &str| format!("{name}{}  {line}", " ".repeat(widest - name.width()));
        let (store, here): (Vec<_>, Vec<_>) =
            (comparison.store.split('\n').collect(), comparison.here.split('\n').collect());
        for i in 0..store.len().max(here.len()) {
            let (left, right) = (store.get(i), here.get(i));
            if left == right {
                self.field("", &named(&both, left.copied().unwrap_or_default()));
                continue;
            }
            self.field("", &named(&the_store, left.copied().unwrap_or(&no_line)));
            self.field("", &named(&ours, right.copied().unwrap_or(&no_line)));
            if comparison.line == Some(i + 1) {
                let shown = comparison.byte.unwrap_or(1) - 1;
                let head = left.map_or("", |line| line.get(..shown).unwrap_or(line));
                self.field("", &named(&" ".repeat(widest), &format!("{}^", " ".repeat(sanitize(head).width()))));
            }
        }
    }

    /// What the requests of a group need, and the policy for the first one.
    fn permission(&mut self, permission: &Permission, needs: &[&str], of_row: &str) {
        let language = self.look.language;
        let (shown, more) = needs.split_at(needs.len().min(LISTED));
        let more = (!more.is_empty()).then(|| tell!(language, "and others").into_owned());
        self.list(&tell!(language, "Needs"), shown.iter().map(|need| (*need).to_owned()).chain(more));
        self.list(&tell!(language, "Who"), std::iter::once(verdict::principal(permission, language)));
        // Nothing stands behind a line of it: it is there to be copied.
        let of_row = (needs.len() > 1 && !of_row.is_empty()).then(|| of_row.trim().to_owned());
        self.list(&tell!(language, "Policy"), of_row.into_iter().chain(permission.policy().lines().map(str::to_owned)));
    }
}
