//! Text of the detail in the making: lines wrapped to a width, names before values.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use textwrap::WordSeparator;
use textwrap::core::Word;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::found::Joints;
use super::model::Stop;
use super::row_columns::Format;
use crate::domain::exchange::Headers;
use crate::text::sanitize::{sanitize, sanitize_lines};

/// Lines in the making.
pub struct TextLines<'a> {
    /// What is there so far.
    pub lines: Vec<Line<'static>>,
    /// The width they are wrapped to.
    pub columns: usize,
    /// Styles, signs, language, time zone.
    pub format: Format<'a>,
    /// Which of the lines go on with the one before.
    pub joints: Joints,
    /// The parts that can be selected.
    pub stops: Vec<Stop>,
    /// Blocks keep their lines whole, for a pane that can be moved sideways.
    pub unwrapped: bool,
}

/// Columns of the names before values on most tabs.
pub const NAME: usize = 9;

impl<'a> TextLines<'a> {
    /// Nothing yet, `columns` wide.
    #[must_use]
    pub fn new(columns: usize, format: Format<'a>) -> Self {
        Self {
            lines: Vec::new(),
            joints: Joints::new(),
            stops: Vec::new(),
            columns: columns.max(10),
            format,
            unwrapped: false,
        }
    }

    /// Makes the lines from `start` on one that can be selected.
    pub fn stop(&mut self, start: usize, copied: Option<(String, String)>) {
        self.stops.push(Stop { lines: start..self.lines.len(), copied });
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// Words, wrapped at spaces.
    pub fn words(&mut self, text: &str, style: Style) {
        let text = sanitize(text);
        self.wrapped(&text, wrap(&text, self.columns, ""), "", style);
    }

    /// A text's lines, which go on with each other.
    fn wrapped(&mut self, text: &str, parts: Vec<String>, indent: &str, style: Style) {
        for (joint, part) in joints(text, &parts, indent).into_iter().zip(parts) {
            self.push_part(Line::styled(part, style), joint);
        }
    }

    /// A part of a wrapped line; `joint` says how it goes on with the part before.
    pub fn push_part(&mut self, part: Line<'static>, joint: Option<bool>) {
        if let Some(blank) = joint {
            self.joints.insert(self.lines.len(), blank);
        }
        self.lines.push(part);
    }

    /// A small heading.
    pub fn heading(&mut self, text: &str) {
        self.lines.push(Line::styled(self.format.glyphs.plain(text), self.format.theme.strong));
    }

    /// Text whose own lines are kept, each wrapped without a care for spaces.
    pub fn block(&mut self, text: &str) {
        for line in sanitize_lines(text).replace('\t', "    ").split('\n') {
            if self.unwrapped {
                self.lines.push(Line::styled(line.to_owned(), self.format.theme.text));
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            let indent = " ".repeat(indent.min(self.columns / 2));
            let style = self.format.theme.text;
            self.wrapped(line, wrap(line, self.columns, &indent), &indent, style);
        }
    }

    /// A name and its value, which hangs under itself when it is long.
    pub fn field(&mut self, name: &str, value: &str, name_width: usize) {
        self.spans(name, vec![(value.to_owned(), self.format.theme.text)], name_width);
    }

    /// A name, then parts of a value that stand in one line or wrap under themselves.
    pub fn spans(&mut self, name: &str, parts: Vec<(String, Style)>, name_width: usize) {
        let indent = (name_width + 1).min(self.columns / 2);
        let label = self.format.theme.label;
        let name = sanitize(name);
        let mut lead = Some(format!("{name}{}", " ".repeat(indent.saturating_sub(name.width()))));
        if name.width() > indent.saturating_sub(1) {
            self.lines.push(Line::styled(name.into_owned(), label));
            lead = None;
        }
        let room = self.columns.saturating_sub(indent).max(4);
        let mut rows: Vec<Vec<Span<'static>>> = vec![Vec::new()];
        // For each row whether it goes on with the one before.
        let mut row_joints = vec![None];
        let mut used = 0;
        for (text, style) in parts {
            let text = sanitize(&text);
            // A part that does not fit after the one before it stands on its own line.
            if used > 0 && used + text.width() > room {
                rows.push(Vec::new());
                row_joints.push(None);
            }
            let parts = wrap(&text, room, "");
            for (i, (joint, part)) in joints(&text, &parts, "").into_iter().zip(parts).enumerate() {
                if i > 0 {
                    rows.push(Vec::new());
                    row_joints.push(joint);
                }
                used = part.width() + rows.last().map_or(0, |row| row.iter().map(Span::width).sum());
                if let Some(row) = rows.last_mut() {
                    row.push(Span::styled(part, style));
                }
            }
        }
        for (row, joint) in rows.into_iter().zip(row_joints) {
            if let Some(blank) = joint {
                self.joints.insert(self.lines.len(), blank);
            }
            let head = lead.take().unwrap_or_else(|| " ".repeat(indent));
            let mut spans = vec![Span::styled(head, label)];
            spans.extend(row);
            self.lines.push(Line::from(spans));
        }
    }

    /// Headers, one under the other.
    pub fn header_fields(&mut self, headers: &Headers) {
        let longest = headers.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(24);
        for (name, value) in headers {
            self.field(name, value, longest + 1);
        }
    }
}

/// For each part of a wrapped text whether it goes on with the one before, and whether a blank was left
/// out between them.
pub fn joints(text: &str, parts: &[String], indent: &str) -> Vec<Option<bool>> {
    let mut rest = text;
    let mut joints = Vec::with_capacity(parts.len());
    for (i, part) in parts.iter().enumerate() {
        let part = if i == 0 { part } else { part.strip_prefix(indent).unwrap_or(part) };
        let next = rest.trim_start_matches(' ');
        joints.push((i > 0).then_some(next.len() < rest.len()));
        rest = rest.strip_prefix(part).or_else(|| next.strip_prefix(part)).unwrap_or_default();
    }
    joints
}

/// Text padded to a width.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Lines of at most `columns`. Trailing spaces of a part stay: the next part stands behind them.
#[must_use]
pub fn wrap(text: &str, columns: usize, indent: &str) -> Vec<String> {
    if text.width() <= columns {
        return vec![text.to_owned()];
    }
    let options = textwrap::Options::new(columns)
        .subsequent_indent(indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::Custom(words));
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The words of a line: spaces part them, and Chinese may break between its letters (UAX #14). Hyphens
/// and slashes are not places to break: ids and hosts are full of them.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_between_the_parts_of_a_text_is_known() {
        for (text, columns, indent) in [
            ("the clock is behind the store's", 10, ""),
            ("  <a>0123456789 0123456789012345</a>", 12, "  "),
            ("访问 被拒绝", 6, ""),
        ] {
            let parts = wrap(text, columns, indent);
            let mut whole = String::new();
            for (i, (joint, part)) in joints(text, &parts, indent).into_iter().zip(&parts).enumerate() {
                whole.push_str(if joint == Some(true) { " " } else { "" });
                whole.push_str(if i == 0 { part } else { part.strip_prefix(indent).expect("indented") });
            }
            assert_eq!(whole, text, "{parts:?}");
        }
    }

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
