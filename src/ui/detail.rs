//! The text of the detail pane, made once for a record, a tab and a width.

mod verdict;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use quick_xml::events::Event;
use quick_xml::{Reader, Writer};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use textwrap::WordSeparator;
use textwrap::core::Word;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::grid;
use super::model::Tab;
use super::theme::Theme;
use crate::domain::curl;
use crate::domain::error_site;
use crate::domain::exchange::{Headers, header};
use crate::domain::language::{Language, tell};
use crate::domain::record::{AnsweredBy, Outcome, Record};
use crate::domain::text::{visible, visible_lines};

/// Makes the lines of a tab, wrapped to `columns`.
#[must_use]
pub fn lines(
    record: &Record,
    tab: Tab,
    raw: bool,
    columns: usize,
    theme: &Theme,
    time_zone: &TimeZone,
    language: Language,
) -> Vec<Line<'static>> {
    let mut text = Text { lines: Vec::new(), columns: columns.max(10), theme, language };
    match tab {
        Tab::Verdict => verdict::lines(record, &mut text),
        Tab::Headers => headers(record, &mut text, time_zone),
        Tab::Body => body(record, raw, &mut text),
        Tab::Request => request(record, &mut text),
        Tab::Timing => super::view::timing::timing(record, &mut text),
    }
    text.lines
}

/// Lines in the making.
pub struct Text<'a> {
    /// What is there so far.
    pub lines: Vec<Line<'static>>,
    /// The width they are wrapped to.
    pub columns: usize,
    /// Styles.
    pub theme: &'a Theme,
    /// The language of names and headings.
    pub language: Language,
}

impl Text<'_> {
    /// A blank line.
    pub fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// Words, wrapped at blanks.
    pub fn words(&mut self, text: &str, style: Style) {
        for part in wrap(&visible(text), self.columns, "") {
            self.lines.push(Line::styled(part, style));
        }
    }

    /// A small heading.
    pub fn heading(&mut self, text: &str) {
        self.lines.push(Line::styled(text.to_owned(), self.theme.heading));
    }

    /// A sentence on the left and how sure it is on the right, in a word.
    pub fn sure(&mut self, sentence: &str, word: &str) {
        let room = self.columns.saturating_sub(word.width() + 2).max(10);
        for (i, part) in wrap(&visible(sentence), room, "").into_iter().enumerate() {
            let gap = self.columns.saturating_sub(part.width() + word.width());
            let mut spans = vec![Span::styled(part, self.theme.heading)];
            if i == 0 && gap > 0 {
                spans.push(Span::raw(" ".repeat(gap)));
                spans.push(Span::styled(word.to_owned(), self.theme.label));
            }
            self.lines.push(Line::from(spans));
        }
    }

    /// Text whose own lines are kept, each wrapped without a care for blanks.
    pub fn block(&mut self, text: &str) {
        for line in visible_lines(text).replace('\t', "    ").split('\n') {
            let indent = line.len() - line.trim_start().len();
            let indent = " ".repeat(indent.min(self.columns / 2));
            self.lines.extend(wrap(line, self.columns, &indent).into_iter().map(Line::raw));
        }
    }

    /// A name and its value, which hangs under itself when it is long.
    pub fn field(&mut self, name: &str, value: &str, name_width: usize) {
        let indent = (name_width + 2).min(self.columns / 2);
        let room = self.columns - indent;
        let name = visible(name);
        let name = format!("{name}{}", " ".repeat(indent.saturating_sub(2 + name.width())));
        let name_is_long = name.width() + 2 > indent;
        let shown = visible(value);
        let wrapped = wrap(&shown, room, "");
        let style = self.theme.label;
        if name_is_long {
            self.lines.push(Line::styled(name.clone(), style));
        }
        for (i, part) in wrapped.iter().enumerate() {
            let head = if i == 0 && !name_is_long { format!("{name}  ") } else { " ".repeat(indent) };
            self.lines.push(Line::from(vec![Span::styled(head, style), Span::raw(part.clone())]));
        }
        if wrapped.is_empty() && !name_is_long {
            self.lines.push(Line::styled(name, style));
        }
    }

    /// Words that belong to the line above.
    pub fn under(&mut self, text: &str, style: Style) {
        for part in wrap(&visible(text), self.columns.saturating_sub(2).max(8), "") {
            self.lines.push(Line::styled(format!("  {part}"), style));
        }
    }

    /// Headers, one under the other.
    pub fn header_fields(&mut self, headers: &Headers) {
        let longest = headers.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(24);
        for (name, value) in headers {
            self.field(name, value, longest);
        }
    }
}

/// Lines of at most `columns`.
fn wrap(text: &str, columns: usize, indent: &str) -> Vec<String> {
    let options = textwrap::Options::new(columns)
        .subsequent_indent(indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::Custom(words));
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The words of a line: blanks part them, and Chinese may break between its letters (UAX #14). Hyphens
/// and slashes are no place to break: ids and hosts are full of them.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let is_wide = |c: char| c.width() == Some(2);
    let (mut words, mut at) = (Vec::new(), 0);
    for word in WordSeparator::AsciiSpace.find_words(line) {
        let end = at + word.word.len() + word.whitespace.len();
        let inner = unicode_linebreak::linebreaks(word.word).map(|(place, _)| place).filter(|place| {
            let (before, after) = (word.word[..*place].chars().next_back(), word.word[*place..].chars().next());
            after.is_some_and(is_wide) || (after.is_some() && before.is_some_and(is_wide))
        });
        let mut start = at;
        for place in inner.map(|place| at + place).chain([end]) {
            words.push(Word::from(&line[start..place]));
            start = place;
        }
        at = end;
    }
    Box::new(words.into_iter())
}

fn headers(record: &Record, text: &mut Text<'_>, time_zone: &TimeZone) {
    let language = text.language;
    let status = record.status_code.unwrap_or(0);
    let style = text.theme.status(status);
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("");
    let first = match record.status_code {
        Some(status) => format!("{status} {reason}"),
        None => format!("✗ {}", tell!(language, "no answer")),
    };
    let code = match record.outcome {
        Outcome::Success => String::new(),
        _ => format!("  {}", grid::code(record.shown_code(), language)),
    };
    text.lines.push(Line::styled(format!("{first}{code}"), style.patch(text.theme.heading)));
    if let Some(message) = &record.error.message {
        text.words(message, Style::new());
    }
    for remark in &record.remarks {
        text.words(remark, text.theme.warning);
    }
    text.gap();
    match &record.request_id {
        Some(id) => {
            text.field("RequestId", &id.value, 9);
            if let Some(time) = id.time {
                let time = local(time, time_zone);
                text.field("", &tell!(language, "received %{time} (inferred from the id)", time = time), 9);
            }
            if id.masked {
                let words = tell!(language, "its tail is hidden by asterisks: support needs the whole id");
                text.field("", &words, 9);
            }
        }
        None if record.outcome == Outcome::Failure => {
            text.field("RequestId", &tell!(language, record.no_id_words()), 9);
        }
        None => {}
    }
    let in_headers = record.headers.as_ref().is_some_and(|headers| header(headers, "x-cos-trace-id").is_some());
    if let Some(trace) = record.error.trace_id.as_ref().filter(|_| !in_headers) {
        text.field("TraceId", trace, 9);
    }
    if let Some(site) = error_site::of_record(record) {
        let site = error_site::short(&site);
        let value = tell!(language, "%{site} in the store's code (inferred from the TraceId)", site = site);
        text.field(&tell!(language, "Site"), &value, 9);
    }
    text.field(&tell!(language, "Request"), &format!("{} {}", record.method, record.target()), 9);
    if let Some(remote) = &record.remote {
        text.field(&tell!(language, "From"), remote, 9);
    }
    text.gap();
    match &record.headers {
        Some(headers) if !headers.is_empty() => text.header_fields(headers),
        Some(_) => text.words(&tell!(language, "The answer has no headers."), text.theme.quiet),
        None => text.words(&tell!(language, "No status line and no headers arrived."), text.theme.quiet),
    }
}

fn local(time: Timestamp, time_zone: &TimeZone) -> String {
    time.to_zoned(time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn body(record: &Record, raw: bool, text: &mut Text<'_>) {
    let language = text.language;
    let Some(body) = &record.body else {
        let words = match (record.outcome, record.answered_by) {
            (Outcome::Success, _) if record.method == "GET" => {
                tell!(language, "The body was the object's own bytes, or empty; it is not kept.")
            }
            (_, AnsweredBy::Nobody) => tell!(language, "Nothing came back."),
            _ if record.method == "HEAD" => tell!(language, "An answer to HEAD has no body."),
            _ => tell!(language, "The body was empty."),
        };
        text.words(&words, text.theme.quiet);
        return;
    };
    match pretty(body).filter(|_| !raw) {
        Some(indented) => text.block(&indented),
        None => text.block(body),
    }
    if record.body_truncated {
        text.gap();
        let bytes = record.body_bytes;
        let words = tell!(language, "%{n} bytes arrived; this is their beginning.", n = bytes);
        text.words(&words, text.theme.warning);
    }
}

/// XML or JSON, indented. `None` when it is neither or does not end properly: then it is shown as
/// it came.
fn pretty(body: &str) -> Option<String> {
    let trimmed = body.trim_start();
    if trimmed.starts_with('{') || trimmed.starts_with('[') {
        let value: serde_json::Value = serde_json::from_str(trimmed).ok()?;
        return serde_json::to_string_pretty(&value).ok();
    }
    if !trimmed.starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(trimmed);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Text(text) if text.xml10_content().trim().is_empty() => {}
            event => writer.write_event(event).ok()?,
        }
    }
    String::from_utf8(writer.into_inner()).ok()
}

fn request(record: &Record, text: &mut Text<'_>) {
    let language = text.language;
    let method = &record.method;
    text.words(&format!("{method} {}", record.url), text.theme.heading);
    text.gap();
    text.header_fields(&record.request.headers);
    text.gap();
    if let Some(canonical) = &record.request.canonical_request {
        text.heading(&tell!(language, "Signed (canonical request)"));
        text.block(canonical.trim_end_matches('\n'));
        text.gap();
        text.heading(&tell!(language, "String to sign"));
        text.block(record.request.string_to_sign.as_deref().unwrap_or_default().trim_end_matches('\n'));
    } else {
        text.words(&tell!(language, "Not signed here."), text.theme.quiet);
    }
    text.gap();
    text.heading(&tell!(language, "curl (Y c copies it)"));
    text.block(&curl::line(record));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_between_its_letters_and_ids_stay_whole() {
        let lines = wrap("只查询了 ap-guangzhou；服务端不会说明它是否在其他地域", 24, "");
        assert_eq!(lines, ["只查询了 ap-guangzhou；", "服务端不会说明它是否在其", "他地域"]);
        assert_eq!(wrap("in ap-guangzhou/a-b only", 20, ""), ["in ap-guangzhou/a-b", "only"]);
        assert_eq!(wrap("GET /long/path/here", 16, ""), ["GET", "/long/path/here"]);
        assert_eq!(wrap("  a", 8, ""), ["  a"]);
        assert_eq!(wrap("0123456789", 4, ""), ["0123", "4567", "89"]);
    }
}
