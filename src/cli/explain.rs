//! `cosdiag explain`: what a code, a cause or a RequestId means, offline.

use std::borrow::Cow;

use anyhow::bail;
use clap::Args;
use jiff::{Timestamp, Unit};
use serde_json::{Value, json};

use super::terminal::terminal_width;
use super::values::PageFormat;
use crate::diagnosis::{causes, code_book};
use crate::domain::cause::Cause;
use crate::domain::request_id;
use crate::i18n::{Language, tell};
use crate::report::explain::{self, list};
use crate::report::json;
use crate::text::width::truncate_end;

/// An id that old is not found any more by support: months, by their own words.
const LOOKED_UP_FOR_DAYS: f64 = 30.0;

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// An error code, a cause's id or a RequestId
    #[arg(value_name = "CODE|CAUSE|REQUEST_ID", allow_hyphen_values = true)]
    what: String,
    /// The Message that came with the code: explains the one meaning that fits it
    #[arg(value_name = "MESSAGE", conflicts_with = "all")]
    message: Vec<String>,
    /// Explain every meaning of a code in full
    #[arg(long)]
    all: bool,
    /// Print in this format
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<PageFormat>,
}

/// Runs the command.
pub fn run(args: &ExplainArgs) -> anyhow::Result<u8> {
    let as_json = args.format == Some(PageFormat::Json);
    let what = args.what.trim();
    let language = crate::config::language(&super::status::environment);
    let (words, value) = of_code(args, what, language)?
        .or_else(|| of_cause(what, language))
        .or_else(|| of_id(what, Timestamp::now(), language))
        .ok_or_else(|| unknown(what, language))?;
    if !as_json {
        return super::status::print(&super::terminal::look(language).glyphs.plain(&words));
    }
    let mut out = Vec::new();
    json::write(&mut out, &value, true)?;
    out.push(b'\n');
    super::status::print(&String::from_utf8_lossy(&out))
}

fn unknown(what: &str, language: Language) -> anyhow::Error {
    let wrong = tell!(language, "\"%{what}\" is not a Code, cause or RequestId", what = what);
    let hint = match code_book::nearest(what).or_else(|| causes::nearest(what)) {
        Some(near) => tell!(language, "Did you mean \"%{near}\"?", near = near),
        None if request_id::is_masked(what) => {
            tell!(language, "Too much of it is hidden to read it as a RequestId")
        }
        None if what.parse::<u16>().is_ok_and(|status| (100..600).contains(&status)) => {
            tell!(language, "For a status: cosdiag history status:%{what}", what = what)
        }
        None => return anyhow::anyhow!(wrong),
    };
    anyhow::anyhow!("{wrong}. {hint}")
}

/// A Code: the meaning that the Message picks, the list of its meanings, or all of them in full.
fn of_code(args: &ExplainArgs, code: &str, language: Language) -> anyhow::Result<Option<(String, Value)>> {
    let message = args.message.join(" ");
    let mut entries = code_book::of_code(code);
    let Some(first) = entries.first() else { return Ok(None) };
    let name = first.code.clone();
    if !message.is_empty() {
        let found = explain::meaning(code, &message);
        let Some(found) = found else {
            bail!(tell!(
                language,
                "%{name}: no meaning for this Message. cosdiag explain %{name} lists those in the code book",
                name = name
            ))
        };
        entries = vec![found];
    }
    let mut words = if args.all { explain::all(code, language) } else { explain::page(code, &message, language) };
    if entries.len() > 1 && !args.all {
        words = fitted(&words);
        let hint = tell!(
            language,
            "cosdiag explain %{code} \"the Message\" explains one of them, --all explains all.",
            code = name
        );
        words = format!("{words}\n{hint}\n");
    }
    Ok(Some((words, json!({ "kind": "code", "entries": entries }))))
}

/// Returns one line for each meaning, cut to the width of the terminal.
fn fitted(list: &str) -> String {
    let width = terminal_width().map_or(usize::MAX, usize::from);
    list.lines().map(|line| truncate_end(line, width) + "\n").collect()
}

fn of_cause(id: &str, language: Language) -> Option<(String, Value)> {
    let cause: Cause = id.parse().ok()?;
    let value = json!({ "kind": "cause", "id": id, "cause": causes::entry(cause), "codes": explain::codes_of(cause) });
    Some((explain::cause(cause, language), value))
}

fn of_id(id: &str, now: Timestamp, language: Language) -> Option<(String, Value)> {
    if let Some(decoded) = request_id::decode(id) {
        let masked = request_id::is_masked(id);
        let about =
            tell!(language, "A RequestId of COS; what follows is inferred from it, the vendor documents none of it.");
        let mut text = format!("{id}\n  {about}\n\n");
        let local = decoded.time.to_zoned(jiff::tz::TimeZone::system());
        let received = format!("{} ({})", decoded.time, local.strftime("%Y-%m-%d %H:%M:%S %:z"));
        list(&mut text, &tell!(language, "Received"), &[received]);
        let days = (now - decoded.time).total(Unit::Hour).unwrap_or_default() / 24.0;
        list(&mut text, &tell!(language, "Age"), &[age(days, language).into_owned()]);
        let node = tell!(language, "%{node} (a tag of the machine that took it)", node = decoded.node);
        list(&mut text, &tell!(language, "Node"), &[node.into_owned()]);
        if masked {
            let words = tell!(language, "its end is hidden by asterisks: support needs the whole RequestId");
            list(&mut text, &tell!(language, "Masked"), &[words.into_owned()]);
        } else if id.trim_end_matches('=').len() < 30 {
            let words = tell!(language, "a whole id has at least 30 characters");
            list(&mut text, &tell!(language, "Cut"), &[words.into_owned()]);
        }
        let value = json!({ "kind": "request-id", "vendor": "cos", "inferred": true, "time": decoded.time, "node": decoded.node, "masked": masked });
        return Some((text, value));
    }
    let foreign = request_id::vendor::recognise(id)?;
    let about = tell!(language, "Not a RequestId of COS: it looks like one of %{vendor}.", vendor = foreign.of);
    let mut text = format!("{id}\n  {about}\n");
    if let Some(time) = foreign.time {
        let time = tell!(language, "%{time} (inferred)", time = time);
        list(&mut text, &tell!(language, "Received"), &[time.into_owned()]);
    }
    Some((text, json!({ "kind": "request-id", "vendor": foreign.of, "inferred": true, "time": foreign.time })))
}

fn age(days: f64, language: Language) -> Cow<'static, str> {
    match days {
        days if days < 0.0 => tell!(language, "in the future: the clocks differ"),
        days if days < 1.0 => tell!(language, "%{n} hours", n = format!("{:.1}", days * 24.0)),
        days if days < LOOKED_UP_FOR_DAYS => tell!(language, "%{n} days", n = format!("{days:.0}")),
        days => tell!(
            language,
            "%{n} days: support may not find it any more, ids of months ago are not kept",
            n = format!("{days:.0}")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_time_and_age() {
        let now = "2025-05-26T18:26:23Z".parse().expect("a time");
        let (text, value) = of_id("NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=", now, Language::En).expect("an id");
        assert!(
            text.contains("2025-05-26T16:26:23Z") && text.contains("2.0 hours") && text.contains("a0123e0b"),
            "{text}"
        );
        assert_eq!(value["time"], "2025-05-26T16:26:23Z");
        let later = "2026-11-23T00:00:00Z".parse().expect("a time");
        assert!(
            of_id("NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=", later, Language::En)
                .expect("an id")
                .0
                .contains("may not find it")
        );
        assert!(of_id("NWFmZjAwNzlfZGFhMDY4****", now, Language::En).expect("an id").0.contains("Masked"));
    }
}
