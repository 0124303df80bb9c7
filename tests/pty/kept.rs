//! Profiles, history and imported rows on a real terminal.

use cosdiag::sandbox::Sandbox;
use nix::sys::signal::{Signal, kill};

use crate::Terminal;

#[test]
fn a_profile_with_a_program_is_loaded_when_it_is_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, marker) = (folder.path().join("config.toml"), folder.path().join("was-run"));
    let printed =
        r#"{\"Version\":1,\"AccessKeyId\":\"AKIDPRINTEDPRINTED00\",\"SecretAccessKey\":\"FAKEprintedFAKEprinted\"}"#;
    let script = folder.path().join("print.sh");
    std::fs::write(&script, format!("touch {}; echo '{}'", marker.display(), printed.replace('\\', "")))
        .expect("written");
    let text = format!(
        "default_profile = \"plain\"\n[profile.plain]\nanonymous = true\n[profile.program]\nregion = \"ap-tokyo\"\ncredential_process = \"sh {}\"\n[profile.broken]\nendpoint = \"ftp://store.example\"\n",
        script.display()
    );
    std::fs::write(&path, text).expect("written");
    let mut terminal =
        Terminal::start(&[], &[("COSDIAG_CONFIG", path.to_str().expect("text")), ("PATH", "/usr/bin:/bin")]);
    terminal.see("Nothing has been sent yet");
    terminal.keys("P");
    terminal.see("runs its credential_process when");
    terminal.see("cannot be used: ");
    assert!(!marker.exists(), "a list runs no program");
    terminal.keys("G\r");
    terminal.see("program · cos · ap-tokyo · AKID…ED00 from credential_process of");
    assert!(marker.exists());
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}

#[test]
fn what_stood_on_the_screen_before_kill_9_is_in_the_history_after() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(([127, 0, 0, 1], 0).into())).expect("a sandbox");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let (address, file) = (sandbox.addr().to_string(), file.to_str().expect("text").to_owned());
    let flags = ["--anonymous", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", &address];
    let variables = [("COSDIAG_HISTORY", file.as_str())];
    let mut terminal = Terminal::start(&flags, &variables);
    terminal.see("Nothing has been sent yet");
    terminal.keys("pphotos-1250000000/a.txt\r");
    terminal.see("4 saved");
    // The run's end comes after its rows.
    terminal.see("4 sent in");
    terminal.keys("R");
    terminal.see("Send 4 requests again?");
    terminal.keys("y");
    terminal.see("8 saved");
    let shown = terminal.screen().screen().contents();
    terminal.keys("Ry");
    kill(terminal.pid(), Signal::SIGKILL).expect("sent");
    terminal.child.wait().expect("ended");

    let list =
        std::process::Command::new(env!("CARGO_BIN_EXE_cosdiag")).arg("history").env("COSDIAG_HISTORY", &file).output();
    let kept = String::from_utf8(list.expect("it runs").stdout).expect("text");
    assert!(kept.lines().count() >= 8, "{kept}");
    let ids: Vec<_> = shown.split_whitespace().filter(|word| word.len() == 40 && word.starts_with('N')).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| kept.contains(id)), "{ids:?} {kept}");

    let mut terminal = Terminal::start(&["history", "code:AccessDenied"], &variables);
    terminal.see(&format!("Failures {}", kept.lines().count()));
    terminal.see("y copy");
    terminal.keys("r");
    terminal.see("needs a profile");
    terminal.keys("e");
    terminal.see("Enter save");
    terminal.keys("the tool says no\r");
    terminal.see("Note saved");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
    let list = std::process::Command::new(env!("CARGO_BIN_EXE_cosdiag"))
        .args(["history", "--format", "ndjson"])
        .env("COSDIAG_HISTORY", &file)
        .output();
    let kept = String::from_utf8(list.expect("it runs").stdout).expect("text");
    assert_eq!(kept.matches("the tool says no").count(), 1, "{kept}");
}

#[test]
fn imported_rows_are_rows_like_others_and_are_not_sent_again() {
    let sample = |name: &str| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (log, pasted) = (sample("cos-access.log"), sample("go.txt"));
    let mut terminal = Terminal::start(&["import", &log, &pasted], &[]);
    // Two lines of the log were not understood: which ones is one key away.
    terminal.see("2 not understood");
    terminal.keys("!");
    terminal.see("understood:");
    // Where it is broken depends on how long the names of the files are.
    let words = terminal.screen().screen().contents().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2 not understood: line 9, 11"), "{words}");
    terminal.see("read in");
    terminal.see("NoSuchKey");
    terminal.keys("r");
    terminal.see("needs a profile");
    terminal.keys("y");
    terminal.see("RequestId");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);

    let terminal = Terminal::start(&["import", "/nonexistent.log"], &[]);
    let written = |terminal: &Terminal| String::from_utf8_lossy(&terminal.bytes()).into_owned();
    terminal.see("/nonexistent.log: No such file");
    assert!(!written(&terminal).contains("\u{1b}[?1049h"), "no screen for nothing");
    assert_eq!(terminal.left(), 2);
}

#[test]
fn a_large_log_that_has_changed_keeps_its_rows_and_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("access.log");
    let line = |key: &str, outcome: &str| {
        format!(
            "1.0 photos-1250000000 ap-guangzhou 2018-12-01T11:00:00Z photos-1250000000.cos.example GetObject 192.0.2.1 - - \
             512 0 /{key} get {} {outcome} 197 20 USER STANDARD 1 5 - id 1 - - - \"GET /{key} HTTP/1.1\" -\n",
            "agent".repeat(80)
        )
    };
    let fine = line("c.jpg", "200 - -").repeat(40_000);
    let failed = ["a.jpg?q-signature=fakefakefakefakefakefake", "b.jpg"].map(|key| line(key, "403 AccessDenied -"));
    std::fs::write(&log, format!("{}{fine}{}", failed[0], failed[1])).expect("written");
    let script = format!("cd {} && exec {} import access.log", folder.path().display(), env!("CARGO_BIN_EXE_cosdiag"));
    let mut terminal = Terminal::start_program("/bin/sh", &["-c", &script], &[]);
    terminal.see("40002 lines");
    terminal.keys("4");
    terminal.see("q-signature=[redacted]");
    std::fs::write(&log, "").expect("written");
    terminal.keys("j");
    terminal.see("cannot read the row back: the log has changed since it was read");
    assert!(!terminal.screen().screen().contents().contains("q-signature"), "nothing of the other row");
    terminal.keys("YL");
    terminal.see("cannot write the CSV file: the log has changed since it was read");
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "a file that is not complete is deleted");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);
}
