//! What stands in the table's place while it has no rows: why, and what to press.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::summary;
use crate::i18n::tell;
use crate::text::cells::age;
use crate::text::sanitize::sanitize;
use crate::ui::keymap::Action;
use crate::ui::model::{Files, Mode, Model};
use crate::ui::row_columns::latency;
use crate::ui::text_lines::{pad, wrap};

/// One line: a key and words, a heading, or plain words.
enum Said {
    Heading(Cow<'static, str>),
    Key(String, Cow<'static, str>),
    Words(Cow<'static, str>, Style),
    Gap,
}

/// Draws it.
pub fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let some = !model.table.rows.is_empty();
    if some {
        summary::draw(model, Rect { height: 1, ..area }, buffer);
    }
    let theme = &model.chrome.theme;
    let mut said = said(model);
    if !some {
        let remarks = model.session.remarks.iter().map(|remark| sanitize(remark).into_owned());
        said.extend(remarks.map(|remark| Said::Words(remark.into(), theme.warn)));
    }
    let indent = if area.width >= 96 { 13 } else { 3 };
    let room = usize::from(area.width.saturating_sub(indent + 2)).max(10);
    let keys = said.iter().filter_map(|line| match line {
        Said::Key(key, _) => Some(key.width()),
        _ => None,
    });
    let keys = keys.max().unwrap_or(0);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for line in said {
        match line {
            Said::Gap => lines.push(Line::default()),
            Said::Heading(words) => {
                lines.extend(wrap(&words, room, "").into_iter().map(|part| Line::styled(part, theme.strong)));
            }
            Said::Words(words, style) => {
                lines.extend(wrap(&words, room, "").into_iter().map(|part| Line::styled(part, style)));
            }
            Said::Key(key, words) => {
                for (i, part) in wrap(&words, room.saturating_sub(keys + 4), "").into_iter().enumerate() {
                    let key =
                        if i == 0 { format!("{}{key}", " ".repeat(keys - key.width())) } else { " ".repeat(keys) };
                    let spans = vec![Span::styled(format!("  {key}  "), theme.accent), Span::styled(part, theme.text)];
                    lines.push(Line::from(spans));
                }
            }
        }
    }
    let free = usize::from(area.height).saturating_sub(lines.len());
    let top = area.y + u16::try_from((free / 3).clamp(1, 5)).unwrap_or(1);
    for (y, line) in (top..area.bottom()).zip(&lines) {
        let line: Line<'_> =
            line.iter().map(|span| Span::styled(model.chrome.glyphs.plain(&span.content), span.style)).collect();
        buffer.set_line(area.x + indent, y, &line, area.width.saturating_sub(indent));
    }
}

fn said(model: &Model) -> Vec<Said> {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let (run, rows) = (&model.session.run, model.table.rows.len());
    if run.running || model.session.opening_sandbox {
        return vec![Said::Words(waiting(model), theme.text)];
    }
    if let (0, Mode::Import(Files { read: Some(read), .. })) = (rows, &model.session.mode)
        && !read.is_whole()
    {
        let mut said = vec![Said::Heading(tell!(language, "No failures in the readable part.")), Said::Gap];
        let lines = read.lines.iter().map(|line| Said::Words(sanitize(line).into_owned().into(), theme.text));
        said.extend(lines);
        said.extend([
            Said::Gap,
            Said::Key(key(model, Action::Probe), tell!(language, "send a request: bucket, key or URL")),
        ]);
        return said;
    }
    if rows == 0 && run.reading {
        return vec![
            Said::Heading(tell!(language, "No failures in this file.")),
            Said::Gap,
            Said::Key(key(model, Action::Probe), tell!(language, "send a request: bucket, key or URL")),
            Said::Key(key(model, Action::Help), tell!(language, "all keys")),
        ];
    }
    if rows == 0 && model.session.is_unsigned_start {
        return first_run(model);
    }
    if rows == 0 {
        return vec![
            Said::Heading(tell!(language, "Nothing has been sent yet.")),
            Said::Gap,
            Said::Key(key(model, Action::Probe), tell!(language, "send a request: bucket, key or URL")),
            Said::Key(key(model, Action::Help), tell!(language, "all keys")),
        ];
    }
    if !model.table.filter.is_empty() {
        return vec![Said::Words(
            tell!(language, "0 of %{n} rows match. Esc clears the filter.", n = rows),
            theme.text,
        )];
    }
    nothing_failed(model)
}

fn key(model: &Model, action: Action) -> String {
    model.key(action).to_owned()
}

fn waiting(model: &Model) -> Cow<'static, str> {
    let (language, run) = (model.chrome.language, &model.session.run);
    if model.session.opening_sandbox {
        return tell!(language, "The sandbox is starting …");
    }
    if run.reading {
        return tell!(language, "Reading … no failures yet. %{key} stops.", key = key(model, Action::Cancel));
    }
    let (done, planned) = (run.done, run.planned);
    tell!(
        language,
        "%{done} of %{planned} answered, none failed. %{key} cancels.",
        done = done,
        planned = planned,
        key = key(model, Action::Cancel)
    )
}

fn first_run(model: &Model) -> Vec<Said> {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let first_run = &model.session.first_run;
    let mut said = vec![
        Said::Heading(tell!(language, "Why did my COS request fail, and what do I send to support?")),
        Said::Gap,
        Said::Key(
            "Enter".to_owned(),
            tell!(language, "try it: prepared failures on a COS look-alike inside this program"),
        ),
        Said::Key(
            key(model, Action::Probe),
            tell!(language, "send a request: bucket, key or URL, anonymous or signed"),
        ),
        Said::Key(key(model, Action::Import), tell!(language, "import a log: access log, HAR, SDK output, curl -v")),
    ];
    said.extend(earlier(model).map(|words| Said::Key(key(model, Action::History), words)));
    said.extend([
        Said::Key(key(model, Action::Explain), tell!(language, "explain a Code, offline")),
        Said::Key(key(model, Action::Help), tell!(language, "all keys")),
        Said::Key(key(model, Action::Commands), tell!(language, "all commands")),
        Said::Gap,
        Said::Words(tell!(language, "To sign requests, set these or write a profile:"), theme.text),
        Said::Words("  export COS_SECRET_ID=… COS_SECRET_KEY=…".into(), theme.strong),
    ]);
    if !first_run.config.is_empty() {
        said.push(Said::Words(format!("  {}", sanitize(&first_run.config)).into(), theme.strong));
    }
    if !first_run.looked_for.is_empty() {
        let places = sanitize(&first_run.looked_for.join(", ")).into_owned();
        let words = tell!(language, "Looked for and not found: %{places}", places = places);
        said.extend([Said::Gap, Said::Words(words, theme.quiet)]);
    }
    said
}

/// `earlier failures: 20, the newest 3 min ago`; nothing where there are none.
fn earlier(model: &Model) -> Option<Cow<'static, str>> {
    let language = model.chrome.language;
    let runs = model.session.runs.as_ref()?;
    let newest = runs.latest.first()?.times.1;
    let ago = age(newest.as_millisecond(), model.session.opened_at);
    Some(tell!(language, "earlier failures: %{n}, the newest %{age} ago", n = runs.failures, age = ago.trim()))
}

/// Every request was answered well: what was sent, one line each, and what to do next.
fn nothing_failed(model: &Model) -> Vec<Said> {
    let (language, theme) = (model.chrome.language, &model.chrome.theme);
    let ok = model.session.counts.succeeded + model.session.counts.not_configured;
    let rows = model.table.rows.len();
    let mut said =
        vec![Said::Heading(tell!(language, "✓ Nothing failed: %{ok} of %{n} ok.", ok = ok, n = rows)), Said::Gap];
    let shown = usize::from(model.chrome.size.1.saturating_sub(14));
    for number in 0..u32::try_from(rows.min(shown)).unwrap_or(0) {
        let row = model.table.rows.get(number);
        let words = format!(
            "  {} {}  {}  {}  {}",
            model.chrome.glyphs.severity(row.severity),
            row.status,
            pad(&sanitize(row.operation), 14),
            sanitize(&row.target.to_string()),
            latency(row.latency_us)
        );
        said.push(Said::Words(words.into(), theme.text));
    }
    said.extend([
        Said::Gap,
        Said::Key(key(model, Action::ShowAll), tell!(language, "show them in the table")),
        Said::Key(key(model, Action::Probe), tell!(language, "send something else")),
        Said::Key(key(model, Action::RerunAll), tell!(language, "send these again")),
        Said::Key(key(model, Action::Watch), tell!(language, "watch: send again every few seconds and report changes")),
    ]);
    said
}
