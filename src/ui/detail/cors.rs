//! The bucket's CORS rules against what was asked for: a row a rule, and in each cell whether it fits.

use ratatui::text::{Line, Span};

use crate::domain::verdict::{Cors, CorsRule};
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::ui::text_lines::{NAME, TextLines, pad};
use crate::ui::widget::grid::{Grid, GridColumn};
use crate::ui::widget::table;

/// From this width on the rules are a table; below, each part has a line, so that it can be read.
const TABLE: usize = 76;

/// Columns of the words for a part of a rule.
const PART: usize = 11;

/// The rules in their order.
pub fn lines(cors: &Cors, text: &mut TextLines<'_>) {
    let (language, theme) = (text.format.language, text.format.theme);
    if cors.rules.is_empty() {
        text.words(&tell!(language, "The bucket has no CORS rule."), theme.text);
        return;
    }
    if text.columns < TABLE {
        parts(cors, text);
    } else {
        grid(cors, text);
    }
    let words = if let Some(place) = cors.rules.iter().position(CorsRule::fits) {
        tell!(language, "Rule %{number} decides: it is the first that matches.", number = place + 1)
    } else {
        tell!(language, "No rule matches origin, method and headers together.")
    };
    let about_ids = tell!(language, "Exposed: whether a script may read the RequestId.");
    text.words(&format!("{words} {about_ids}"), theme.quiet);
}

/// A sign and a word for each part of each rule, one below the other.
fn parts(cors: &Cors, text: &mut TextLines<'_>) {
    let (language, theme, glyphs) = (text.format.language, text.format.theme, text.format.glyphs);
    let listed = |values: &[String]| listed(values, language);
    let asked = [cors.origin.clone(), cors.method.clone(), listed(&cors.headers)].join(" · ");
    text.field(&tell!(language, "asked for"), &glyphs.plain(&asked), NAME);
    for (place, rule) in cors.rules.iter().enumerate() {
        for (i, (title, fits, values)) in [
            (tell!(language, "Origin"), rule.origin_fits, &rule.origins),
            (tell!(language, "Method"), rule.method_fits, &rule.methods),
            (tell!(language, "Headers"), rule.headers_fit, &rule.headers),
            (tell!(language, "Exposed"), rule.exposes_id, &rule.exposed),
        ]
        .into_iter()
        .enumerate()
        {
            let name = if i == 0 { tell!(language, "rule %{number}", number = place + 1) } else { "".into() };
            let (sign, style) = if fits { (glyphs.ok, theme.ok) } else { (glyphs.fails(), theme.warn) };
            let lead =
                vec![(format!("{sign} "), style), (pad(&title, PART), theme.quiet), (listed(values), theme.text)];
            text.spans(&name, lead, NAME);
        }
    }
}

fn listed(values: &[String], language: Language) -> String {
    match values {
        [] => tell!(language, "(none)").into_owned(),
        values => sanitize(&values.join(", ")).into_owned(),
    }
}

fn grid(cors: &Cors, text: &mut TextLines<'_>) {
    let (language, theme, glyphs) = (text.format.language, text.format.theme, text.format.glyphs);
    let column = |title: &str, least| GridColumn { title: title.to_owned(), least };
    let titles = [
        column(&format!("  {}", tell!(language, "CORS rule")), 9),
        column(&format!("  {}", tell!(language, "Origin")), 12),
        column(&format!("  {}", tell!(language, "Method")), 8),
        column(&format!("  {}", tell!(language, "Headers")), 9),
        column(&format!("  {}", tell!(language, "Exposed")), 9),
    ];
    let listed = |values: &[String]| listed(values, language);
    let asked = |words: String| Line::styled(format!("  {words}"), theme.quiet);
    let mut rows = vec![vec![
        asked(tell!(language, "asked for").into_owned()),
        asked(sanitize(&cors.origin).into_owned()),
        asked(sanitize(&cors.method).into_owned()),
        asked(listed(&cors.headers)),
        Line::default(),
    ]];
    let decides = cors.rules.iter().position(CorsRule::fits);
    for (place, rule) in cors.rules.iter().enumerate() {
        let cell = |fits: bool, words: String| {
            let (sign, style) = if fits { (glyphs.ok, theme.ok) } else { (glyphs.fails(), theme.warn) };
            Line::from(vec![Span::styled(format!("{sign} "), style), Span::styled(words, theme.text)])
        };
        let sign = if decides == Some(place) { glyphs.crumb } else { " " };
        rows.push(vec![
            Line::from(vec![
                Span::styled(format!("{sign} "), theme.accent),
                Span::styled(tell!(language, "rule %{number}", number = place + 1).into_owned(), theme.text),
            ]),
            cell(rule.origin_fits, listed(&rule.origins)),
            cell(rule.method_fits, listed(&rule.methods)),
            cell(rule.headers_fit, listed(&rule.headers)),
            cell(rule.exposes_id, listed(&rule.exposed)),
        ]);
    }
    let grid = Grid::new(&titles, rows, (0, text.columns), glyphs);
    text.lines.extend(table::lines(&grid, theme));
}
