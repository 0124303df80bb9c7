//! The first line: where requests go and as whom, and how far things are.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::domain::counts::pace;
use crate::domain::language::{Language, tell};
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
    let language = model.language;
    let Some(profile) = model.profile().filter(|_| !model.no_profile) else {
        return tell!(language, "no profile").into_owned();
    };
    let mut parts = vec![profile.name.clone(), profile.dialect.as_str().to_owned()];
    parts.extend(profile.region.clone());
    parts.push(profile.credentials_in_words(language).into_owned());
    if model.in_sandbox {
        parts.insert(0, tell!(language, "SANDBOX").into_owned());
    }
    if profile.connection.insecure {
        parts.insert(0, tell!(language, "INSECURE").into_owned());
    }
    if profile.connection.proxies.iter().next().is_some() {
        parts.push(tell!(language, "by proxy").into_owned());
    }
    parts.join("  ")
}

fn progress(model: &Model) -> String {
    let run = &model.run;
    let counts = &model.counts;
    if counts.total() == 0 && !run.running {
        return String::new();
    }
    let language = model.language;
    let ok = counts.succeeded + counts.not_configured;
    let mut parts = vec![tell!(language, "%{failed} failed  %{ok} ok", failed = counts.failed, ok = ok)];
    let (done, planned) = (run.done, run.planned);
    if run.running && run.reading {
        parts.push(tell!(language, "reading"));
    } else if run.running {
        parts.push(format!("{done}/{planned}").into());
        if let Some((rate, left)) = pace(done, planned, run.took()) {
            parts.push(format!("{rate:.0}/s").into());
            parts.push(tell!(language, "%{time} left", time = left));
        }
    } else if run.cancelled && !run.reading {
        parts.push(tell!(language, "cancelled at %{done}/%{planned}", done = done, planned = planned));
    } else {
        let seconds = format!("{:.1}", run.took().as_secs_f64());
        parts.push(tell!(language, "in %{seconds} s", seconds = seconds));
    }
    parts.extend(recorded(model.recorded, language));
    parts.join("  ")
}

fn recorded(recorded: Recorded, language: Language) -> Option<Cow<'static, str>> {
    match recorded {
        Recorded { failures: 0, stopped: false } => None,
        Recorded { failures, stopped: false } => Some(tell!(language, "recorded %{n}", n = failures)),
        Recorded { failures: 0, stopped: true } => Some(tell!(language, "not recorded")),
        Recorded { failures, stopped: true } => Some(tell!(language, "recorded %{n}, not the rest", n = failures)),
    }
}
