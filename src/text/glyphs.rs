//! The signs of the screen, and what stands for each where only ASCII can be shown.

use crate::domain::severity::Severity;
use crate::domain::verdict::Confidence;

/// One sign for each use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    client: &'static str,
    server: &'static str,
    network: &'static str,
    other: &'static str,
    /// Done, 2xx.
    pub ok: &'static str,
    not_set: &'static str,
    not_supported: &'static str,
    /// The selected line.
    pub selected: &'static str,
    /// A marked line.
    pub marked: &'static str,
    /// Nothing here.
    pub none: &'static str,
    /// Something was cut off.
    pub cut: &'static str,
    certainty: [&'static str; 4],
    /// A filled cell of a bar.
    pub bar: &'static str,
    /// An empty cell of a bar, and lines.
    pub rule: &'static str,
    /// A vertical line.
    pub edge: &'static str,
    /// Between the steps of a path; before a choice.
    pub crumb: &'static str,
    /// Sorted, smallest first.
    pub up: &'static str,
    /// Sorted, largest first.
    pub down: &'static str,
    /// More below.
    pub more: &'static str,
    /// Lines of both texts that differ.
    pub differs: &'static str,
    /// Here is the difference.
    pub here: &'static str,
    /// Sent more than once.
    pub again: &'static str,
    /// A note was written.
    pub note: &'static str,
    /// The row was checked.
    pub checked: &'static str,
    /// Corners and edges of a popup: top left, top right, bottom left, bottom right, vertical.
    pub popup: [&'static str; 5],
    /// The steps of a sparkline, the lowest first.
    pub spark: [&'static str; 8],
    /// Between parts of a line.
    pub dot: &'static str,
    /// Waiting.
    pub waits: &'static str,
}

/// The signs of a UTF-8 terminal.
pub const UNICODE: Glyphs = Glyphs {
    client: "▲",
    server: "■",
    network: "✗",
    other: "◆",
    ok: "✓",
    not_set: "○",
    not_supported: "□",
    selected: "▌",
    marked: "✓",
    none: "—",
    cut: "…",
    certainty: ["○○○", "●○○", "●●○", "●●●"],
    bar: "━",
    rule: "─",
    edge: "│",
    crumb: "▸",
    up: "↑",
    down: "↓",
    more: "▼",
    differs: "≠",
    here: "▲",
    again: "↻",
    note: "✎",
    checked: "✔",
    popup: ["╭", "╮", "╰", "╯", "│"],
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    dot: "·",
    waits: "…",
};

/// The signs of every terminal.
pub const ASCII: Glyphs = Glyphs {
    client: "!",
    server: "#",
    network: "x",
    other: "?",
    ok: "+",
    not_set: "o",
    not_supported: "u",
    selected: ">",
    marked: "*",
    none: "-",
    cut: "~",
    certainty: ["---", "#--", "##-", "###"],
    bar: "=",
    rule: "-",
    edge: "|",
    crumb: ">",
    up: "^",
    down: "v",
    more: "v",
    differs: "!=",
    here: "^",
    again: "x",
    note: "n",
    checked: "c",
    popup: ["+", "+", "+", "+", "|"],
    spark: [".", ":", "-", "=", "+", "*", "#", "@"],
    dot: "-",
    waits: "~",
};

/// Whether the locale and the terminal can show more than ASCII.
#[must_use]
pub fn shows_unicode(environment: &dyn Fn(&str) -> Option<String>) -> bool {
    let variable = |name| environment(name).filter(|value| !value.is_empty());
    let locale = variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"));
    let utf8 = locale.is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"));
    utf8 && variable("TERM").as_deref() != Some("linux")
}

impl Glyphs {
    /// The signs for a name of the configuration: `ascii`, `unicode`, or else what the locale and the
    /// terminal can show.
    #[must_use]
    pub fn named(name: &str, shows_unicode: bool) -> &'static Self {
        match (name, shows_unicode) {
            ("ascii", _) | ("auto", false) => &ASCII,
            _ => &UNICODE,
        }
    }

    /// The mark of a severity.
    #[must_use]
    pub fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Client => self.client,
            Severity::Server => self.server,
            Severity::Network => self.network,
            Severity::Other => self.other,
            Severity::Ok => self.ok,
            Severity::NotSet => self.not_set,
            Severity::NotSupported => self.not_supported,
        }
    }

    /// It was stopped.
    #[must_use]
    pub fn stopped(&self) -> &'static str {
        self.server
    }

    /// It does not fit.
    #[must_use]
    pub fn fails(&self) -> &'static str {
        self.network
    }

    /// How certain, in three signs.
    #[must_use]
    pub fn certainty(&self, certainty: Option<Confidence>) -> &'static str {
        self.certainty[match certainty {
            None => 0,
            Some(Confidence::Possible) => 1,
            Some(Confidence::Likely) => 2,
            Some(Confidence::Certain) => 3,
        }]
    }

    /// Our own words in signs that can be shown: the ellipses and dots that sentences hold.
    #[must_use]
    pub fn plain(&self, text: &str) -> String {
        if self.cut == UNICODE.cut {
            return text.to_owned();
        }
        text.chars().map(|c| self.plain_char(c)).collect()
    }

    /// A shortened value with the sign for what was cut off; nothing else of it changes.
    #[must_use]
    pub fn plain_cut(&self, text: &str) -> String {
        if self.cut == UNICODE.cut { text.to_owned() } else { text.replace(UNICODE.cut, self.cut) }
    }

    fn plain_char(&self, c: char) -> char {
        let sign = match c {
            '…' => self.cut,
            '—' | '–' => self.none,
            '·' => self.dot,
            '─' | '━' => self.rule,
            '│' => self.edge,
            '▸' => self.crumb,
            '✓' | '✔' => self.ok,
            '▲' => self.client,
            '■' => self.server,
            '✗' => self.network,
            '◆' => self.other,
            '↑' => self.up,
            '↓' | '▼' => self.down,
            '×' => "x",
            _ => return c,
        };
        sign.chars().next().unwrap_or(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn both_sets_take_the_same_room() {
        for severity in Severity::ALL {
            assert_eq!(UNICODE.severity(severity).width(), ASCII.severity(severity).width());
            assert!(ASCII.severity(severity).is_ascii());
        }
        for certainty in [None, Some(Confidence::Possible), Some(Confidence::Likely), Some(Confidence::Certain)] {
            assert_eq!(UNICODE.certainty(certainty).width(), 3);
            assert!(ASCII.certainty(certainty).is_ascii() && ASCII.certainty(certainty).len() == 3);
        }
    }

    #[test]
    fn no_two_severities_look_alike() {
        for set in [UNICODE, ASCII] {
            let mut signs = Severity::ALL.map(|severity| set.severity(severity)).to_vec();
            signs.sort_unstable();
            signs.dedup();
            assert_eq!(signs.len(), Severity::ALL.len());
        }
    }

    #[test]
    fn our_own_signs_are_plain_in_ascii() {
        assert_eq!(ASCII.plain("a … b · c"), "a ~ b - c");
        assert_eq!(UNICODE.plain("a …"), "a …");
    }
}
