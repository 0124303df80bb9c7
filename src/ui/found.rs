//! Where a text stands in the lines of the detail, be they wrapped or not.

use std::collections::BTreeMap;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Lines that go on with the one before, and whether a blank was left out between them.
pub type Joints = BTreeMap<usize, bool>;

/// One place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The line, and the characters from where to where; more than one where the text is wrapped.
    pub pieces: Vec<(usize, usize, usize)>,
}

impl Found {
    /// The line it begins in.
    #[must_use]
    pub fn line(&self) -> usize {
        self.pieces.first().map_or(0, |piece| piece.0)
    }
}

/// One character for one, so that places stay.
fn folded(c: char, exactly: bool) -> char {
    if exactly { c } else { c.to_lowercase().next().unwrap_or(c) }
}

/// All places of a text, from the first to the last. Without a capital letter in it all letters are
/// found, great or small.
#[must_use]
pub fn find<'a>(lines: impl Iterator<Item = &'a Line<'static>>, joints: &Joints, what: &str) -> Vec<Found> {
    if what.is_empty() {
        return Vec::new();
    }
    let exactly = what.chars().any(char::is_uppercase);
    let what: String = what.chars().map(|c| folded(c, exactly)).collect();
    let mut text = String::new();
    // For each character where it begins in the text, and its place on the screen.
    let mut places: Vec<(usize, Option<(usize, usize)>)> = Vec::new();
    for (number, line) in lines.enumerate() {
        let joint = joints.get(&number);
        let between = match joint {
            None => Some('\n'),
            Some(true) => Some(' '),
            Some(false) => None,
        };
        if let Some(between) = between {
            places.push((text.len(), None));
            text.push(between);
        }
        let mut indent = joint.is_some();
        for (place, c) in line.spans.iter().flat_map(|span| span.content.chars()).enumerate() {
            indent &= c.is_whitespace();
            if !indent {
                places.push((text.len(), Some((number, place))));
                text.push(folded(c, exactly));
            }
        }
    }
    text.match_indices(&what).map(|(start, hit)| pieces(&places, start, start + hit.len())).collect()
}

fn pieces(places: &[(usize, Option<(usize, usize)>)], start: usize, end: usize) -> Found {
    let (from, to) = (places.partition_point(|place| place.0 < start), places.partition_point(|place| place.0 < end));
    let mut pieces: Vec<(usize, usize, usize)> = Vec::new();
    for (line, place) in places[from..to].iter().filter_map(|(_, place)| *place) {
        match pieces.last_mut() {
            Some(last) if last.0 == line && last.2 == place => last.2 += 1,
            _ => pieces.push((line, place, place + 1)),
        }
    }
    Found { pieces }
}

/// A line with these characters of it in another style.
#[must_use]
pub fn marked(line: &Line<'static>, marks: &[(usize, usize, Style)]) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut place = 0;
    for span in &line.spans {
        for c in span.content.chars() {
            let mark = marks.iter().find(|(from, to, _)| (*from..*to).contains(&place));
            let style = mark.map_or(span.style, |(.., style)| span.style.patch(*style));
            place += 1;
            match spans.last_mut() {
                Some(last) if last.style == style => last.content.to_mut().push(c),
                _ => spans.push(Span::styled(c.to_string(), style)),
            }
        }
    }
    Line::from(spans).style(line.style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(texts: &[&str]) -> Vec<Line<'static>> {
        texts.iter().map(|text| Line::raw((*text).to_owned())).collect()
    }

    #[test]
    fn wrapped_texts_are_found_and_neighbours_are_not_joined() {
        let text = lines(&["OGVmYz", "  ZiMm", "the clock", "is behind", "ends", "begins"]);
        let joints = Joints::from([(1, false), (3, true)]);
        for (what, wanted) in [
            ("yzzi", vec![vec![(0, 4, 6), (1, 2, 4)]]),
            ("YzZi", vec![vec![(0, 4, 6), (1, 2, 4)]]),
            ("yzZi", vec![]),
            ("clock is", vec![vec![(2, 4, 9), (3, 0, 2)]]),
            ("clockis", vec![]),
            ("endsbegins", vec![]),
            ("ends begins", vec![]),
            ("begin", vec![vec![(5, 0, 5)]]),
            ("", vec![]),
        ] {
            let found: Vec<_> = find(text.iter(), &joints, what).into_iter().map(|found| found.pieces).collect();
            assert_eq!(found, wanted, "{what}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_was_asked_for(texts in prop::collection::vec("[a-bA-B 访İß]{0,8}", 1..5), what in "[a-b访İß]{1,2}") {
            let all: Vec<Line<'static>> = texts.iter().map(|text| Line::raw(text.clone())).collect();
            for found in find(all.iter(), &Joints::new(), &what) {
                let [(line, from, to)] = found.pieces[..] else { panic!("one line: {found:?}") };
                let there: String = texts[line].chars().skip(from).take(to - from).collect();
                let exactly = what.chars().any(char::is_uppercase);
                let fold = |text: &str| text.chars().map(|c| folded(c, exactly)).collect::<String>();
                prop_assert_eq!(fold(&there), fold(&what));
                let shown = marked(&all[line], &[(from, to, Style::new())]);
                prop_assert_eq!(shown.to_string(), texts[line].clone());
            }
        }
    }
}
