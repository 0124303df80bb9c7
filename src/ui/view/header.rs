//! The first line: where requests go and as whom, and how far things are.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::domain::counts::pace;
use crate::domain::text::{end_cut, visible};
use crate::ui::model::{Model, Recorded};

/// Draws it.
pub fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let right = progress(model);
    let name = " cosdiag ";
    buffer.set_stringn(area.x, area.y, name, width, model.theme.heading);
    let room = width.saturating_sub(name.width() + right.width() + 3);
    let warned = model.profile().is_some_and(|profile| profile.connection.insecure);
    let left = end_cut(&visible(&place(model)), room);
    let style = if warned { model.theme.warning } else { Style::new() };
    buffer.set_stringn(area.x + 10, area.y, &left, room, style);
    let at = width.saturating_sub(right.width() + 1);
    if at > name.width() {
        let style = if model.counts.failed > 0 { model.theme.heading } else { model.theme.quiet };
        buffer.set_stringn(area.x + u16::try_from(at).unwrap_or(0), area.y, &right, right.width(), style);
    }
}

fn place(model: &Model) -> String {
    let Some(profile) = model.profile().filter(|_| !model.no_profile) else { return "no profile".to_owned() };
    let mut parts = vec![profile.name.clone(), profile.dialect.as_str().to_owned()];
    parts.extend(profile.region.clone());
    parts.push(profile.credentials_in_words());
    if model.in_sandbox {
        parts.insert(0, "SANDBOX".to_owned());
    }
    if profile.connection.insecure {
        parts.insert(0, "INSECURE".to_owned());
    }
    if profile.connection.proxies.iter().next().is_some() {
        parts.push("by proxy".to_owned());
    }
    parts.join("  ")
}

fn progress(model: &Model) -> String {
    let run = &model.run;
    let counts = &model.counts;
    if counts.total() == 0 && !run.running {
        return String::new();
    }
    let mut words = format!("{} failed  {} ok", counts.failed, counts.succeeded + counts.not_configured);
    let seconds = run.took().as_secs_f64();
    if run.running && run.reading {
        words.push_str("  reading");
    } else if run.running {
        words = format!("{words}  {}/{}", run.done, run.planned);
        if let Some((rate, left)) = pace(run.done, run.planned, run.took()) {
            words = format!("{words}  {rate:.0}/s  {left} left");
        }
    } else if run.cancelled && !run.reading {
        words = format!("{words}  cancelled at {}/{}", run.done, run.planned);
    } else {
        words = format!("{words}  in {seconds:.1} s");
    }
    match model.recorded {
        Recorded { failures: 0, stopped: false } => words,
        Recorded { failures, stopped: false } => format!("{words}  recorded {failures}"),
        Recorded { failures: 0, stopped: true } => format!("{words}  not recorded"),
        Recorded { failures, stopped: true } => format!("{words}  recorded {failures}, not the rest"),
    }
}
