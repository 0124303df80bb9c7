//! The style of an indented body: what is markup is quiet, what is a value is plain.

use quick_xml::events::Event;
use quick_xml::{Reader, Writer};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::text::sanitize::sanitize_lines;
use crate::ui::text_lines::{TextLines, joints, wrap};

/// Adds a body: XML or JSON indented unless `raw`, other text as it came.
pub fn document(body: &str, raw: bool, text: &mut TextLines<'_>) {
    match indented(body).filter(|_| !raw) {
        Some(indented) => lines(&indented, text),
        None => text.block(body),
    }
}

/// Returns XML or JSON indented; `None` when it is neither or does not end properly.
fn indented(body: &str) -> Option<String> {
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

/// Puts down indented XML or JSON.
fn lines(indented: &str, text: &mut TextLines<'_>) {
    let is_xml = indented.trim_start().starts_with('<');
    let mut in_tag = false;
    for line in sanitize_lines(indented).replace('\t', "    ").split('\n') {
        let quiet = if is_xml { markup(line, &mut in_tag) } else { json_names(line) };
        if text.unwrapped {
            let spans = styled(line, &quiet, text);
            text.lines.push(spans);
            continue;
        }
        let indent = " ".repeat((line.len() - line.trim_start().len()).min(text.columns / 2));
        let chars: Vec<char> = line.chars().collect();
        let parts = wrap(line, text.columns, &indent);
        let joints = joints(line, &parts, &indent);
        let mut at = 0;
        for (part, joint) in parts.into_iter().zip(joints) {
            // The parts are the line's own characters in their order, but for indents and spaces.
            let lead = if joint.is_some() { indent.len() } else { 0 };
            let mut flags = vec![true; lead.min(part.chars().count())];
            for c in part.chars().skip(lead) {
                at += chars.iter().skip(at).take_while(|other| **other != c).count();
                flags.push(quiet.get(at).copied().unwrap_or(false));
                at += 1;
            }
            let line = styled(&part, &flags, text);
            text.push_part(line, joint);
        }
    }
}

/// Which characters of a line are markup.
fn markup(line: &str, in_tag: &mut bool) -> Vec<bool> {
    let flag = |c: char| {
        *in_tag |= c == '<';
        let quiet = *in_tag;
        *in_tag &= c != '>';
        quiet
    };
    line.chars().map(flag).collect()
}

/// Which characters of an indented line of JSON do not belong to a value: the name before the first `": `, brackets, the
/// comma at the end.
fn json_names(line: &str) -> Vec<bool> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let name = if trimmed.starts_with('"') { trimmed.find("\": ").map_or(0, |end| end + 3) } else { 0 };
    let name = line[..indent + name].chars().count();
    let all = line.chars().count();
    let value = line.trim_end_matches(',').chars().count();
    let rest: String = line.chars().skip(name).collect();
    let is_bracket = rest.trim_end_matches(',').chars().all(|c| matches!(c, '{' | '}' | '[' | ']'));
    (0..all).map(|place| place < name || place >= value || is_bracket).collect()
}

fn styled(line: &str, quiet: &[bool], text: &TextLines<'_>) -> Line<'static> {
    let theme = text.format.theme;
    let style = |quiet: bool| -> Style { if quiet { theme.quiet } else { theme.text } };
    let mut spans: Vec<(String, bool)> = Vec::new();
    for (c, quiet) in line.chars().zip(quiet.iter().copied()) {
        match spans.last_mut().filter(|(_, same)| *same == quiet) {
            Some((words, _)) => words.push(c),
            None => spans.push((c.to_string(), quiet)),
        }
    }
    Line::from(spans.into_iter().map(|(words, quiet)| Span::styled(words, style(quiet))).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(line: &str, quiet: &[bool]) -> String {
        line.chars().zip(quiet).filter(|(_, quiet)| !**quiet).map(|(c, _)| c).collect()
    }

    #[test]
    fn values_are_what_is_not_markup() {
        let xml = "  <Code a=\"b\">AccessDenied</Code>";
        assert_eq!(plain(xml, &markup(xml, &mut false)).trim(), "AccessDenied");
        for (line, value) in [
            ("  \"code\": \"Access: \\\"x\\\": no\",", "\"Access: \\\"x\\\": no\""),
            ("  \"details\": {", ""),
            ("  },", ""),
            ("    \"bare\",", "\"bare\""),
            ("  \"n\": 5", "5"),
        ] {
            assert_eq!(plain(line, &json_names(line)).trim(), value, "{line}");
        }
    }
}
