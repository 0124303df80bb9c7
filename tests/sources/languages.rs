//! Every sentence of ours is there in every language, with the same values, and none is left over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::sources::{source_root, sources};

/// A `tell!` in the code: where, the sentence, and the values that it is given.
struct Told {
    place: String,
    sentence: String,
    given: BTreeSet<String>,
}

/// The text up to the parenthesis that closes, strings skipped.
fn within(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (1, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    panic!("an open parenthesis: {text:.80}");
}

fn told() -> Vec<Told> {
    let sentence = Regex::new(r#"(?s)^[^"]*?,\s*"((?:[^"\\]|\\.)*)"(.*)$"#).expect("a pattern");
    let value = Regex::new(r"[,\s](\w+) = ").expect("a pattern");
    let mut all = Vec::new();
    for file in sources(&source_root()) {
        let text = fs::read_to_string(&file).expect("a file");
        for (at, _) in text.match_indices("tell!(") {
            let Some(parts) = sentence.captures(within(&text[at + 6..])) else { continue };
            all.push(Told {
                place: file.display().to_string(),
                sentence: parts[1].replace("\\\"", "\""),
                given: value.captures_iter(&parts[2]).map(|name| name[1].to_owned()).collect(),
            });
        }
    }
    assert!(all.len() > 150, "the pattern has gone blind: {} sentences", all.len());
    all
}

fn places(sentence: &str) -> BTreeSet<String> {
    let place = Regex::new(r"%\{(\w+)\}").expect("a pattern");
    place.captures_iter(sentence).map(|name| name[1].to_owned()).collect()
}

fn language(name: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/languages").join(name);
    let mut table: toml::Table = fs::read_to_string(path).expect("a file").parse().expect("TOML");
    table.remove("_version");
    table.into_iter().map(|(key, value)| (key, value.as_str().expect("a text").to_owned())).collect()
}

#[test]
fn every_sentence_is_there_in_chinese_with_the_same_values() {
    let chinese = language("zh.toml");
    for Told { place, sentence, given } in told() {
        let other = chinese.get(&sentence).unwrap_or_else(|| panic!("{place}: zh.toml lacks {sentence:?}"));
        assert_eq!(places(&sentence), given, "{place}: {sentence:?} is given what it has a place for");
        assert_eq!(places(other), given, "{sentence:?} has the same values in Chinese");
        assert!(other.chars().any(|c| c > '\u{2E80}'), "{sentence:?} is not Chinese: {other:?}");
    }
}

/// The help and the hints are told from a table.
#[test]
fn every_word_on_the_keys_is_there_in_chinese() {
    let chinese = language("zh.toml");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/keymap.toml");
    let keymap: toml::Table = fs::read_to_string(path).expect("a file").parse().expect("TOML");
    let actions = keymap["action"].as_array().expect("actions");
    for words in actions.iter().flat_map(|action| ["about", "hint", "checks"].map(|name| action.get(name))).flatten() {
        let words = words.as_str().expect("words");
        assert!(chinese.contains_key(words), "zh.toml lacks {words:?}");
    }
}

/// A sentence that is not in a `tell!` itself stands in the code, or in a table of `assets/`, as it is.
#[test]
fn no_sentence_is_left_over() {
    let said: BTreeSet<_> = told().into_iter().map(|told| told.sentence).collect();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/keymap.toml");
    let texts: Vec<_> = sources(&source_root()).into_iter().chain([assets]).map(fs::read_to_string).collect();
    for sentence in language("zh.toml").keys().filter(|sentence| !said.contains(*sentence)) {
        let quoted = format!("\"{}\"", sentence.replace('"', "\\\""));
        let stands = texts.iter().any(|text| text.as_ref().expect("a file").contains(&quoted));
        assert!(stands, "nothing says {sentence:?}");
    }
}
