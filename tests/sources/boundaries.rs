//! The lines of the architecture, and the README, held to the code.

use std::fs;
use std::path::Path;

use crate::sources::{source_root, sources};

/// Code without its comments, so that a module may be talked about.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a file");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// No file at these places below `src` names any of these words in its code.
fn assert_free_of(places: &[impl AsRef<Path>], forbidden: &[&str]) {
    for place in places {
        let path = source_root().join(place);
        let files = if path.is_dir() { sources(&path) } else { vec![path] };
        for file in files {
            let code = code(&file);
            for word in forbidden {
                assert!(!code.contains(word), "{} names {word}", file.display());
            }
        }
    }
}

#[test]
fn pure_modules_stay_pure() {
    let forbidden = [
        "tokio",
        "reqwest",
        "hyper::",
        "ratatui",
        "crossterm",
        "rustls",
        "std::fs",
        "std::env",
        "std::net::Tcp",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "crate::engine",
        "crate::store",
        "crate::ui",
        "crate::cli",
        "crate::config",
        "crate::sandbox",
        "crate::report",
    ];
    assert_free_of(&["domain", "domain.rs", "sign", "sign.rs", "diagnosis", "diagnosis.rs"], &forbidden);
}

/// Rules return facts; `text` alone puts them into words.
#[test]
fn diagnosis_has_no_words() {
    assert_free_of(&["diagnosis", "diagnosis.rs"], &["tell!", "Language", "crate::text"]);
}

#[test]
fn update_and_view_touch_nothing_outside() {
    let forbidden = [
        "tokio",
        "std::fs",
        "std::env",
        "Instant::now",
        "Timestamp::now",
        "TimeZone::system",
        "std::io",
        "crate::engine",
    ];
    let pure = [
        "update",
        "view",
        "update.rs",
        "view.rs",
        "model.rs",
        "layout.rs",
        "row_columns.rs",
        "group_columns.rs",
        "widget",
        "model",
        "probe_form.rs",
        "probe_form",
        "tabs.rs",
        "text_lines.rs",
        "detail",
        "lists.rs",
        "lists",
        "palette.rs",
        "help_text.rs",
        "page_text.rs",
        "detail.rs",
        "keymap.rs",
        "effect.rs",
    ];
    assert_free_of(&pure.map(|place| format!("ui/{place}")), &forbidden);
}

#[test]
fn each_layer_names_only_what_it_may() {
    let rules: &[(&str, &[&str])] = &[
        // Terminals belong to ui; cli asks crossterm for a width and nothing else.
        ("ratatui", &["ui"]),
        ("arboard", &["ui"]),
        ("crossterm", &["ui", "cli"]),
        ("reqwest", &["engine"]),
        // The look-alike is for cli (and the tests); nobody else may lean on it.
        ("crate::sandbox", &["cli", "sandbox"]),
        ("crate::ui", &["ui", "cli"]),
        ("crate::cli", &["cli"]),
        ("crate::config", &["cli", "config", "text", "ui"]),
        ("crate::engine", &["cli", "config", "engine", "ui"]),
        ("println!", &[]),
        // After a panic, and for somebody who interrupts twice.
        ("std::process::exit", &["cli", "ui"]),
    ];
    for file in sources(&source_root()) {
        let inside = file.strip_prefix(source_root()).expect("inside src");
        let room = inside.components().next().expect("a name").as_os_str().to_string_lossy().replace(".rs", "");
        let code = code(&file);
        for (word, allowed) in rules {
            let named = code.contains(word) && room != "main" && room != "lib";
            assert!(!named || allowed.contains(&room.as_str()), "{} names {word}", inside.display());
        }
    }
}

#[test]
fn one_place_redacts() {
    let callers: Vec<_> = sources(&source_root().join("engine"))
        .into_iter()
        .filter(|file| code(file).contains("Redactor::for_plan("))
        .collect();
    assert_eq!(callers.len(), 1, "{callers:?}");
}

#[test]
fn assets_are_whole() {
    use cosdiag::domain::regions;
    use cosdiag::sandbox::scenario;
    assert!(regions::regions().count() >= 20);
    assert!(scenario::scenarios().iter().all(|scenario| !scenario.about.is_empty()));
    let example = include_str!("../../assets/config.toml");
    // The commented lines of the example are settings too: they must be ones that are understood.
    let uncommented: String = example
        .lines()
        .map(|line| line.strip_prefix('#').filter(|line| !line.starts_with(' ')).unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n");
    let file: cosdiag::config::file::ConfigFile = toml::from_str(&uncommented).expect("understood");
    assert_eq!(file.diagnose_url.as_deref(), Some(cosdiag::config::file::DIAGNOSE_URL));
    assert!(file.profile.contains_key("prod"));
}

#[cfg(feature = "tui")]
#[test]
fn the_readme_is_true() {
    let readme = include_str!("../../README.md");
    let table = cosdiag::ui::keymap::markdown();
    assert!(readme.contains(&table), "the key table of README.md is not the program's; it should be:\n{table}");
    for command in ["cargo run --release -- demo", "tests/all.sh"] {
        assert!(readme.contains(command), "README.md lacks {command}");
    }
    // Every cosdiag command line in a code block is one that the program's own parser takes.
    let mut checked = 0;
    let mut in_block = false;
    for line in readme.lines() {
        in_block ^= line.starts_with("```");
        let Some(arguments) = line.trim().strip_prefix("cosdiag ").filter(|_| in_block) else { continue };
        let arguments = arguments.split('#').next().unwrap_or_default().split('|').next().unwrap_or_default();
        let words = shell_words(arguments);
        let parsed = cosdiag::cli::check(std::iter::once("cosdiag".to_owned()).chain(words));
        assert!(parsed.is_ok(), "{line}: {parsed:?}");
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} commands were found");
    for folder in ["src", "tests", "assets"] {
        for mention in readme.split('`').filter(|word| word.starts_with(&format!("{folder}/")) && !word.contains(' ')) {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(mention).exists(), "README.md names {mention}");
        }
    }
}

/// Splits as a shell does, as far as README needs: blanks, single quotes.
#[cfg(feature = "tui")]
fn shell_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut quoted = false;
    let mut open = false;
    for c in text.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                if !open {
                    words.push(String::new());
                    open = true;
                }
            }
            c if c.is_whitespace() && !quoted => open = false,
            c => {
                if !open {
                    words.push(String::new());
                    open = true;
                }
                words.last_mut().expect("a word").push(c);
            }
        }
    }
    words
}
