//! The bucket's CORS rules against what was asked for: a row a rule, and in each cell whether it fits.

use ratatui::text::{Line, Span};

use crate::domain::language::tell;
use crate::domain::text::visible;
use crate::domain::verdict::{Cors, CorsRule};
use crate::ui::text_lines::TextLines;
use crate::ui::widget::grid::{Grid, GridColumn};
use crate::ui::widget::table;

/// The rules in their order.
pub fn lines(cors: &Cors, text: &mut TextLines<'_>) {
    let (language, theme, glyphs) = (text.format.language, text.format.theme, text.format.glyphs);
    if cors.rules.is_empty() {
        text.words(&tell!(language, "The bucket has no CORS rule."), theme.text);
        return;
    }
    let column = |title: &str, least| GridColumn { title: title.to_owned(), least };
    let titles = [
        column(&format!("  {}", tell!(language, "CORS rule")), 9),
        column(&format!("  {}", tell!(language, "Origin")), 12),
        column(&format!("  {}", tell!(language, "Method")), 8),
        column(&format!("  {}", tell!(language, "Headers")), 9),
        column(&format!("  {}", tell!(language, "Exposed")), 9),
    ];
    let listed = |values: &[String]| match values {
        [] => tell!(language, "(none)").into_owned(),
        values => visible(&values.join(", ")).into_owned(),
    };
    let asked = |words: String| Line::styled(format!("  {words}"), theme.quiet);
    let mut rows = vec![vec![
        asked(tell!(language, "asked for").into_owned()),
        asked(visible(&cors.origin).into_owned()),
        asked(visible(&cors.method).into_owned()),
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
    let words = match decides {
        Some(place) => {
            tell!(language, "Rule %{number} decides: it is the first that fits.", number = place + 1)
        }
        None => tell!(language, "No rule fits all of origin, method and headers."),
    };
    let about_ids = tell!(language, "Exposed: whether a page's script may read the RequestId.");
    text.words(&format!("{words} {about_ids}"), theme.quiet);
}
