//! Tables and progress that commands print on a terminal.

use cosdiag::sandbox::Sandbox;

use crate::{Terminal, ended, printed};

/// The line of progress is written over and over, and nothing of it is left.
#[test]
fn progress_stands_on_the_terminal_and_goes() {
    use cosdiag::sandbox::{Role, Sandbox, account};
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(([127, 0, 0, 1], 0).into())).expect("a sandbox");
    let address = sandbox.addr().to_string();
    let owner = account(Role::Owner);
    let arguments = [
        "probe",
        "photos-1250000000",
        "--op",
        "get-bucket",
        "--repeat",
        "100",
        "--rate",
        "50/s",
        "--region",
        "ap-guangzhou",
        "--scheme",
        "http",
        "--connect-to",
        &address,
        "--format",
        "csv",
    ];
    let variables = [("COS_SECRET_ID", owner.id.as_str()), ("COS_SECRET_KEY", owner.expose_key())];
    let terminal = Terminal::start(&arguments, &variables);
    terminal.see(" of 100 · ");
    terminal.see(" left");
    terminal.see("0 failed, 100 ok");
    let contents = terminal.screen().screen().contents();
    assert!(!contents.contains(" of 100 ·") && !contents.contains(" left"), "{contents}");
    assert_eq!(terminal.left(), 0);
}

/// The columns are the screen's, no line wraps, and the first one says when where rows are of many days.
#[test]
fn a_printed_table_fits_its_terminal() {
    let sample = |name: &str| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (log, pasted) = (sample("cos-access.log"), sample("go.txt"));
    let arguments = ["import", &log, &pasted, "--format", "table"];
    for (columns, heads) in [
        // There is no room for a fifth one.
        (56, vec!["Stat", "Code", "Message", "RequestId"]),
        (80, vec!["Age", "Status", "Code", "Message", "RequestId"]),
        (120, vec!["Time", "Status", "Code", "Message", "Request", "RequestId"]),
    ] {
        let (text, status) = printed(columns, &arguments, &[("NO_COLOR", "1")]);
        assert_eq!(status, 1, "{text}");
        let (table, said): (Vec<_>, Vec<_>) = text.lines().partition(|line| !line.contains("cosdiag: "));
        let table: Vec<_> = table.into_iter().skip_while(|line| !line.starts_with(heads[0])).collect();
        let found: Vec<_> = table[0].split_whitespace().filter(|head| *head != "Sure").collect();
        assert_eq!(found, heads, "{columns}: {text}");
        // Lines that wrapped would have no status in their place.
        let rows = table[1..].iter().filter(|line| line.contains('▲') || line.contains('■') || line.contains('✗'));
        assert_eq!(rows.count(), 7, "{columns}: {text}\n{said:?}");
        assert!(table.iter().take(8).all(|line| line.chars().count() <= usize::from(columns)), "{columns}: {text}");
    }
    let (text, _) = printed(80, &[&arguments[..], &["--wide"]].concat(), &[]);
    assert!(text.replace('\n', "").contains("NWMwMjZiZGFfYTAxMjNlMGJfMTNlZV8xMDAx"), "a whole id: {text}");
}

#[test]
fn a_printed_table_has_colours_where_they_are_wanted() {
    let sample = |name: &str| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (log, pasted) = (sample("cos-access.log"), sample("go.txt"));
    let arguments = ["import", &log, &pasted, "--format", "table"];
    let written = |variables: &[(&str, &str)]| {
        let mut terminal = Terminal::start(&arguments, variables);
        assert_eq!(ended(&mut *terminal.child), 1);
        terminal.rest();
        let text = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        terminal.left();
        text
    };
    let dark = written(&[]);
    assert!(dark.contains("\u{1b}[33;1m▲ 404\u{1b}[0m") && dark.contains("\u{1b}[35;1m✗ —\u{1b}[0m"), "{dark:?}");
    assert!(written(&[("COLORFGBG", "0;15")]).contains("\u{1b}[35;1m▲ 404\u{1b}[0m"));
    for plain in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let text = written(&[plain]);
        assert!(text.contains("▲ 404") && !text.contains("m▲"), "{plain:?}: {text:?}");
    }
    let ascii = written(&[("LANG", "C"), ("NO_COLOR", "1")]);
    assert!(ascii.contains("! 404") && ascii.contains("x -"), "{ascii}");
}

#[test]
fn the_meanings_of_a_code_have_a_line_each() {
    let (text, status) = printed(80, &["explain", "AccessDenied"], &[]);
    assert_eq!(status, 0);
    assert_eq!(text.lines().filter(|line| line.starts_with("  ")).count(), 15, "{text}");
}

#[test]
fn a_target_opens_the_app_and_is_probed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(([127, 0, 0, 1], 0).into())).expect("a sandbox");
    let address = sandbox.addr().to_string();
    let arguments = [
        "photos-1250000000/a.txt",
        "--anonymous",
        "--scheme",
        "http",
        "--region",
        "ap-guangzhou",
        "--connect-to",
        &address,
    ];
    let mut terminal = Terminal::start(&arguments, &[]);
    terminal.see("4 sent in");
    terminal.see("AccessDenied");
    terminal.keys("q");
    assert_eq!(terminal.left(), 0);

    for (arguments, instead) in [
        (&arguments[..], "Use cosdiag probe photos-1250000000/a.txt"),
        (&[], "Use cosdiag probe TARGET"),
        (&["demo"], "Use cosdiag probe TARGET"),
        (&["import", "Cargo.toml"], "Use cosdiag import FILE --format table"),
    ] {
        let file = format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
        let arguments: Vec<_> =
            arguments.iter().map(|word| if *word == "Cargo.toml" { &file } else { *word }).collect();
        let (text, status) = printed(200, &arguments, &[("TERM", "dumb")]);
        assert_eq!((status, text.trim_end().lines().count()), (2, 1), "{text}");
        assert!(text.contains("TERM=dumb") && text.contains(instead), "{text}");
    }
}
