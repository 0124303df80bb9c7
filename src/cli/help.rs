//! The command line as clap knows it, with examples for each command, and the connection's options shown
//! only where they do something.

use clap::{Command, CommandFactory};

use super::args::Cli;

/// Commands, by their path, that do not use the connection's options. They take them all the same: an alias
/// of the shell may hold them.
const WITHOUT_CONNECTION: [&str; 10] =
    ["demo", "import", "diagnose", "explain", "history", "sandbox", "config path", "completions", "man", "config"];

/// Three lines to copy for each command that is more than its name.
const EXAMPLES: [(&str, [&str; 3]); 11] = [
    (
        "",
        [
            "cosdiag demo",
            "cosdiag photos-1250000000 --region ap-guangzhou",
            "cosdiag probe photos-1250000000/2024/a.txt --region ap-guangzhou --diagnose",
        ],
    ),
    ("demo", ["cosdiag demo", "cosdiag demo --scenario access", "cosdiag demo --scenario network"]),
    (
        "probe",
        [
            "cosdiag probe photos-1250000000/2024/a.txt --region ap-guangzhou --diagnose",
            "cosdiag probe 'cos://*' --op head-bucket",
            "cosdiag probe --targets-from targets.txt --op head-object --rate 200/s --format csv",
        ],
    ),
    (
        "import",
        [
            "cosdiag import access.log.gz app.log browser.har",
            "cosdiag import access.log --format table",
            "cosdiag import - --as text --ticket ticket.txt",
        ],
    ),
    ("diagnose", ["cosdiag diagnose error.txt", "cosdiag diagnose -", "cosdiag diagnose error.txt --format json"]),
    (
        "explain",
        [
            "cosdiag explain AccessDenied",
            "cosdiag explain AccessDenied 'Request has expired'",
            "cosdiag explain NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=",
        ],
    ),
    (
        "sign",
        [
            "cosdiag sign GET https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a.txt",
            "cosdiag sign GET https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a.txt --presign 600",
            "cosdiag sign PUT http://127.0.0.1:9000/data/a.txt --dialect s3 --region us-east-1 --format json",
        ],
    ),
    (
        "history",
        [
            "cosdiag history",
            "cosdiag history --since 7d code:AccessDenied --format table",
            "cosdiag history status:404 not:photos",
        ],
    ),
    (
        "sandbox",
        [
            "cosdiag sandbox",
            "cosdiag sandbox --listen 127.0.0.1:9123",
            "cosdiag probe photos-1250000000 --region ap-guangzhou --scheme http --connect-to 127.0.0.1:9123",
        ],
    ),
    ("config", ["cosdiag config path", "cosdiag config show", "cosdiag config check --profile prod"]),
    (
        "completions",
        [
            "cosdiag completions bash > ~/.local/share/bash-completion/completions/cosdiag",
            "cosdiag completions zsh > ~/.zfunc/_cosdiag",
            "cosdiag completions fish > ~/.config/fish/completions/cosdiag.fish",
        ],
    ),
];

/// The command line.
pub fn command() -> Command {
    let command = Cli::command();
    let connection: Vec<_> = command
        .get_arguments()
        .filter(|arg| arg.get_help_heading() == Some("Connection"))
        .map(|arg| arg.clone().hide_short_help(true))
        .collect();
    let command = command.mut_args(|arg| {
        let shown = arg.get_help_heading() != Some("Connection");
        if shown { arg } else { arg.hide_short_help(true) }
    });
    dressed(command, "", &connection)
}

/// A command with its examples, and its own view of the connection's options: clap hands the root's down to
/// those only that have none of that name.
fn dressed(command: Command, path: &str, connection: &[clap::Arg]) -> Command {
    let hidden = WITHOUT_CONNECTION.contains(&path);
    let examples = EXAMPLES.iter().find(|(of, _)| *of == path).map(|(_, lines)| {
        let lines: Vec<_> = lines.iter().map(|line| format!("  {line}")).collect();
        format!("Examples:\n{}", lines.join("\n"))
    });
    let below = examples.unwrap_or_default();
    let summary = "Connection: --profile, --region, --endpoint, --proxy, --timeout, ... see --help";
    let short = match (hidden, below.is_empty()) {
        (true, _) => below.clone(),
        (false, true) => summary.to_owned(),
        (false, false) => format!("{summary}\n\n{below}"),
    };
    let mut command = command.after_help(short).after_long_help(below);
    if !path.is_empty() {
        command = command.args(connection.iter().map(|arg| arg.clone().hide(hidden)));
    }
    command.mut_subcommands(|inner| {
        let path = format!("{path} {}", inner.get_name()).trim().to_owned();
        dressed(inner, &path, connection)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_whole_and_every_example_is_one_that_it_takes() {
        command().debug_assert();
        for (path, lines) in EXAMPLES {
            for line in lines {
                let line = line.split(" > ").next().unwrap_or_default();
                let words = shlex::split(line).expect("a line of a shell");
                assert!(words.join(" ").starts_with("cosdiag"), "{path}: {line}");
                assert_eq!(super::super::check(words), Ok(()), "{line}");
            }
        }
        let top: Vec<_> = command().get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
        let without: Vec<_> = top.iter().filter(|name| !EXAMPLES.iter().any(|(path, _)| path == *name)).collect();
        assert_eq!(without, ["man"]);
    }
}
