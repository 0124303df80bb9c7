//! What can be copied or written, each line with what one would get.

use super::lines::{Content, Copied, Take};
use crate::domain::record::Record;
use crate::i18n::{Language, tell};
use crate::report::curl;
use crate::report::ticket::{Facts, Keys, Ticket, Who, proxy_hosts};
use crate::report::{json, part};
use crate::text::sanitize::sanitize;
use crate::ui::model::Model;
use crate::ui::row_columns::no_id;

/// The lines for the marked rows, the selected group or the selected row.
pub fn content(model: &Model, ids: usize) -> Content {
    let language = model.chrome.language;
    let count = model.picked_count();
    let mut content = Content::default();
    let single = is_of_selected(model);
    content.title = match (count, model.table.marks.is_empty()) {
        (1, _) if !single => tell!(language, "Copy · the marked row").into_owned(),
        (1, _) => tell!(language, "Copy · this row").into_owned(),
        (n, false) => tell!(language, "Copy · %{n} marked rows", n = n).into_owned(),
        (n, true) => tell!(language, "Copy · %{n} rows of this group", n = n).into_owned(),
    };
    let record = record(model);
    id_lines(model, ids, count, &mut content);
    if single {
        of_one(model, record, &mut content);
        content.keys.push(("Space", tell!(language, "marks rows, then all of them").into_owned()));
    } else {
        of_many(model, count, &mut content);
    }
    content.heading(tell!(language, "write a file"));
    let rows = if single { model.table.order.len() } else { count };
    let file = |ending: &str| {
        let name = tell!(language, "./cosdiag-DATE-TIME");
        format!("{name}.{ending}")
    };
    content.push(Some('T'), tell!(language, "ticket"), file("txt"), Take::Copy(Copied::TicketFile));
    content.push(Some('E'), tell!(language, "evidence"), file("cosdiag"), Take::Copy(Copied::Evidence));
    let words = match (rows, single) {
        (1, _) => tell!(language, "this row as CSV"),
        (n, true) => tell!(language, "%{n} rows shown as CSV", n = n),
        (n, _) => tell!(language, "these %{n} rows as CSV", n = n),
    };
    content.push(Some('L'), words, file("csv"), Take::Copy(Copied::Csv));
    content
}

/// What is copied is the selected row's, not that of marked rows or of a group.
#[must_use]
pub fn is_of_selected(model: &Model) -> bool {
    let row = model.selected();
    model.picked_count() == 1
        && (model.table.marks.is_empty() || row.is_some_and(|row| model.table.marks.contains(&row)))
}

/// The selected row's record, once it is read.
fn record(model: &Model) -> Option<&Record> {
    model.detail.shown.as_ref().filter(|detail| Some(detail.row) == model.selected()).map(|detail| &*detail.record)
}

fn id_lines(model: &Model, ids: usize, count: usize, content: &mut Content) {
    let language = model.chrome.language;
    if let Some(row) = model.selected().map(|row| model.table.rows.get(row)) {
        let none = || no_id(row.severity, row.dialect, language).unwrap_or_default();
        let preview = if row.request_id.is_empty() { none() } else { sanitize(row.request_id) };
        let words = match (is_of_selected(model), model.table.marks.is_empty()) {
            (true, _) => "RequestId".into(),
            (_, true) => tell!(language, "RequestId of the newest"),
            (_, false) => tell!(language, "RequestId of the selected row"),
        };
        content.push(Some('y'), words, preview, Take::Copy(Copied::Id));
    }
    let words = if is_of_selected(model) {
        tell!(language, "all %{n} ids shown", n = ids)
    } else {
        tell!(language, "all %{n} ids", n = ids)
    };
    let preview = match (ids, count) {
        (0, _) => tell!(language, "no row has one").into_owned(),
        (ids, count) if count > ids && count > 1 => {
            tell!(language, "one a line; %{n} rows have none", n = count - ids).into_owned()
        }
        _ => tell!(language, "one a line").into_owned(),
    };
    content.push(Some('a'), words, preview, Take::Copy(Copied::AllIds));
}

fn of_one(model: &Model, record: Option<&Record>, content: &mut Content) {
    let language = model.chrome.language;
    let preview = |made: &dyn Fn(&Record) -> String| match record {
        Some(record) => made(record),
        None => tell!(language, "still being read").into_owned(),
    };
    let line = preview(&|record| part::one_line(record, language));
    content.push(Some('l'), tell!(language, "one line"), line, Take::Copy(Copied::Line));
    let ticket = preview(&|record| ticket_preview(model, record));
    content.push(Some('t'), tell!(language, "support ticket"), ticket, Take::Copy(Copied::Ticket));
    let curl = preview(&|record| sanitize(&curl::line(record)).into_owned());
    content.push(Some('c'), tell!(language, "curl line"), curl, Take::Copy(Copied::Curl));
    let size = preview(&|record| {
        let size = size_in_words(json::line(record, language).len(), language);
        tell!(language, "%{size}, without secrets", size = size).into_owned()
    });
    content.push(Some('j'), "JSON", size, Take::Copy(Copied::Json));
    let Some(record) = record else { return };
    let lines = |text: &str| tell!(language, "%{n} lines", n = text.lines().count()).into_owned();
    if let Some(text) = part::headers(record) {
        content.push(Some('h'), tell!(language, "headers"), lines(&text), Take::Copy(Copied::Headers));
    }
    if let Some(body) = record.body.as_ref().filter(|body| !body.is_empty()) {
        let size = size_in_words(body.len(), language);
        let size = if record.body_truncated { tell!(language, "the first %{size}", size = size) } else { size.into() };
        content.push(Some('b'), tell!(language, "body"), size, Take::Copy(Copied::Body));
    }
    let diagnosis = record.diagnosis.as_ref();
    if let Some(permission) = diagnosis.and_then(|diagnosis| diagnosis.permission.as_ref()) {
        let action = sanitize(&permission.action);
        content.push(Some('p'), tell!(language, "policy that allows it"), action, Take::Copy(Copied::Policy));
    }
    if let Some(text) = part::checks(record, language) {
        content.push(Some('k'), tell!(language, "checks as text"), lines(&text), Take::Copy(Copied::Checks));
    }
    if let Some(text) = part::signed_texts(record) {
        content.push(Some('g'), tell!(language, "both signed texts"), lines(&text), Take::Copy(Copied::SignedTexts));
    }
}

fn of_many(model: &Model, count: usize, content: &mut Content) {
    let language = model.chrome.language;
    let lines = || match count {
        1 => tell!(language, "1 line"),
        n => tell!(language, "%{n} lines", n = n),
    };
    content.push(Some('l'), tell!(language, "one line each"), lines(), Take::Copy(Copied::Line));
    let words = tell!(language, "one for all, by kind of failure");
    content.push(Some('t'), tell!(language, "support ticket"), words, Take::Copy(Copied::Ticket));
    content.push(Some('c'), tell!(language, "curl lines"), lines(), Take::Copy(Copied::Curl));
    let words = tell!(language, "%{size}, without secrets", size = lines());
    content.push(Some('j'), "JSON", words, Take::Copy(Copied::Json));
}

/// How complete the ticket would be. Who asked and by which proxies is known for rows sent from here.
fn ticket_preview(model: &Model, record: &Record) -> String {
    let language = model.chrome.language;
    let sent = model.selected().and_then(|row| model.probe(row));
    let facts = Facts {
        language,
        time_zone: model.chrome.time_zone.clone(),
        who: sent.map(|(probe, _)| Who::from(&probe.auth)),
        proxies: sent.map(|(_, connection)| proxy_hosts(&connection.proxies)).unwrap_or_default(),
        evidence: None,
        keys: Keys::default(),
    };
    let mut ticket = Ticket::default();
    ticket.add(record);
    let Some(composed) = ticket.compose(&facts) else {
        return tell!(language, "no failure: nothing to ask").into_owned();
    };
    let missing = composed.missing.join(", ");
    let words = tell!(
        language,
        "%{n} of %{all} facts; missing: %{missing}",
        n = composed.there,
        all = composed.wanted,
        missing = missing
    );
    words.into_owned()
}

/// What is copied of the selected row's record: its label and its text.
#[must_use]
pub fn copied_text(model: &Model, what: Copied) -> Option<(String, String)> {
    let language = model.chrome.language;
    let record = record(model)?;
    let diagnosis = record.diagnosis.as_ref();
    let (label, text) = match what {
        Copied::Headers => (tell!(language, "headers"), part::headers(record)?),
        Copied::Body => (tell!(language, "body"), record.body.clone()?),
        Copied::Policy => (tell!(language, "policy that allows it"), diagnosis?.permission.as_ref()?.policy()),
        Copied::Checks => (tell!(language, "checks as text"), part::checks(record, language)?),
        Copied::SignedTexts => (tell!(language, "both signed texts"), part::signed_texts(record)?),
        _ => return None,
    };
    Some((label.into_owned(), text))
}

/// `500 bytes`, `3.1 KiB`.
fn size_in_words(bytes: usize, language: Language) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    match bytes {
        0..1024 => tell!(language, "%{n} bytes", n = bytes).into_owned(),
        _ => format!("{:.1} KiB", bytes as f64 / 1024.0),
    }
}
