//! Completion scripts and the manual page, made from the arguments themselves.

use anyhow::Context;
use clap_complete::Shell;

use super::help;

/// A completion script.
pub fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(), "cosdiag", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page, in roff.
pub fn man_page() -> anyhow::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(help::command()).render(&mut page).context("the manual page")?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
