//! `cosdiag TARGET`: the app, which probes the target at once.

use std::ffi::OsString;

use anyhow::bail;

use super::help;
#[cfg(feature = "tui")]
use super::settings::settings;
use super::status::language;
use crate::config::Flags;
use crate::domain::suggest;
use crate::i18n::tell;

/// Returns what to say about a word that is nearly a command.
pub fn misspelt_command(arguments: &[OsString]) -> Option<String> {
    let word = arguments.get(1)?.to_str()?;
    if word == "help" {
        let words = tell!(language(), "\"help\" is not a command. Use cosdiag --help or cosdiag COMMAND --help");
        return Some(words.into_owned());
    }
    let command = help::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    if names.contains(&word) || word.starts_with('-') {
        return None;
    }
    let near = suggest::nearest(word, names)?;
    let words = tell!(
        language(),
        "\"%{word}\" is not a command. Did you mean \"%{near}\"? For a bucket of that name use cos://%{word}",
        word = word,
        near = near
    );
    Some(words.into_owned())
}

/// Runs the app.
#[cfg(feature = "tui")]
pub fn run(targets: &[String], arguments: &[OsString], flags: &Flags) -> anyhow::Result<u8> {
    use anyhow::Context;

    use crate::domain::plan::{self, ProbeSelection};
    use crate::domain::target::Target;

    if let Some(words) = misspelt_command(arguments) {
        bail!("{words}");
    }
    if let Some(all) = targets.iter().find(|text| matches!(text.as_str(), "cos://*" | "s3://*")) {
        bail!(tell!(
            language(),
            "%{all}: the app takes one bucket. For every bucket use cosdiag probe '%{all}'",
            all = all
        ));
    }
    let settings = settings(flags, targets.iter().all(|text| text.starts_with("s3://")))?;
    let mut probes = Vec::new();
    for text in targets {
        let target = Target::parse(text)?;
        let asked = ProbeSelection::default().or_quick(&target);
        let first = u32::try_from(probes.len()).unwrap_or(u32::MAX).saturating_add(1);
        let planned = plan::plan(&target, &asked, &settings.profile, &settings.request_options(), first);
        probes.extend(planned.with_context(|| text.clone())?);
    }
    super::probe::need_credentials(&probes, &settings.profile)?;
    let instead = format!("cosdiag probe {}", targets.join(" "));
    super::terminal::require_terminal("cosdiag TARGET", &instead)?;
    super::app::open(flags, settings, None, probes)
}

/// Without a screen there is nothing to open.
#[cfg(not(feature = "tui"))]
pub fn run(targets: &[String], arguments: &[OsString], _: &Flags) -> anyhow::Result<u8> {
    match misspelt_command(arguments) {
        Some(words) => bail!("{words}"),
        None => bail!(tell!(
            language(),
            "this build has no app. Use %{command}",
            command = format!("cosdiag probe {}", targets.join(" "))
        )),
    }
}
