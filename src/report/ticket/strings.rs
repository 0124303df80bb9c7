//! The words of the ticket: `assets/ticket.toml`. A word that a language lacks is one that the file
//! cannot be read without, so both are complete.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::assets::asset;
use crate::domain::verdict::Confidence;
use crate::i18n::Language;

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($word:ident),* $(,)? } $($more:ident : $kind:ty)*) => {
        $(#[$about])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $(pub $word: String,)* $(pub $more: $kind,)* }
    };
}

words! {
    /// All of them in one language, each told by its place in the file.
    Strings {
        colon, comma, title, title_many, kinds_one, kinds_many, and_more, summary, fails, expected, expected_value, actual, cause, actual_none, often, often_value, many_value, impact, impact_value, never_reached, no_id, ids, received,
        received_value, masked, twin_id, attempt_id, site, site_value, ids_of_all, ids_all, rest_file, rest_how, on_screen,
        when, utc, local, first_last, clock, clock_ahead, clock_behind, clock_same, what, host, bucket, region, key,
        key_encoded, version_id, storage_class, operation, result, status, status_none, code, message,
        code_from_get, resource, recommend, answered_by, answered_by_other, headers, body, body_cut, headers_cut,
        who, credentials, signed_permanent, signed_temporary, unsigned, carried, from_where, connected,
        connected_none, connected_unknown, version_of_ip, proxy, proxy_none, egress, egress_value, timing, timing_value, reused, fresh,
        received_bytes, attempts, attempt, no_answer, no_request_id, tried, verdict, evidence, check, certain,
        likely, possible, nothing_tried, note, kinds, kind, kind_times, kind_often, kind_nodes, kind_site,
        kinds_left, sample, environment, environment_value, source_probe, source_import, repro, repro_curl,
        commands, redaction, redaction_value, checklist, missing_none, missing_title,
    }
    missing: Missing
}

words! {
    /// What a ticket may lack, and how to get it.
    Missing {
        request_id, id_of_answer, trace_id, host_id, clock, bucket, code, headers, body, who, egress, remote,
        timing, often, checks, note, origin, impact, commands, list,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StringsFile {
    en: Strings,
    zh: Strings,
}

static FILE: LazyLock<StringsFile> = LazyLock::new(|| asset!("ticket.toml"));

impl Strings {
    /// The words of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &FILE.en,
            Language::Zh => &FILE.zh,
        }
    }

    /// The word for how sure a verdict is.
    #[must_use]
    pub fn sure(&self, confidence: Confidence) -> &str {
        match confidence {
            Confidence::Certain => &self.certain,
            Confidence::Likely => &self.likely,
            Confidence::Possible => &self.possible,
        }
    }

    /// How to get something, with the keys of the screen that do it where there are any.
    #[must_use]
    pub fn with_keys<'a>(&self, how: &'a str, keys: &str) -> Cow<'a, str> {
        if keys.is_empty() { how.into() } else { (how.to_owned() + &fill(&self.on_screen, &[("keys", keys)])).into() }
    }

    /// The number of kinds.
    #[must_use]
    pub fn kinds_of(&self, n: usize) -> String {
        if n == 1 { self.kinds_one.clone() } else { fill(&self.kinds_many, &[("n", &n.to_string())]) }
    }
}

/// A text with its `{…}` filled in, each once: what is filled in is not looked at again.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(table: &toml::Table) -> Vec<(String, String)> {
        let inner = |(name, value): (&String, &toml::Value)| match value {
            toml::Value::Table(table) => texts(table),
            other => vec![(name.clone(), other.as_str().unwrap_or_default().to_owned())],
        };
        table.iter().flat_map(inner).collect()
    }

    fn places(text: &str) -> Vec<String> {
        let mut places: Vec<_> =
            text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned())).collect();
        places.sort();
        places
    }

    #[test]
    fn both_languages_say_everything() {
        assert!(Strings::of(Language::En).summary != Strings::of(Language::Zh).summary);
        let file: toml::Table = include_str!("../../../assets/ticket.toml").parse().expect("TOML");
        let [en, zh] = ["en", "zh"].map(|name| texts(file[name].as_table().expect("a table")));
        assert_eq!(en.len(), zh.len());
        for (name, text) in &en {
            let (_, other) = zh.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("zh lacks {name}"));
            assert_eq!(places(text), places(other), "{name} fills in the same");
            assert!(
                !text.is_empty()
                    && (other.chars().any(|c| c > '\u{2E80}') || ["utc", "colon", "comma"].contains(&name.as_str())),
                "{name}: {other}"
            );
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
        assert_eq!(fill("open {", &[]), "open ");
    }
}
