//! The built program without a screen: what it prints, what it exits with, what it refuses.

mod bulk;
mod commands;
mod config_commands;
mod handing_on;
mod history;
mod import;
mod import_text;
mod offline;
mod out;
mod probe;
mod redaction;
mod refused;
mod sent_again;
mod signed;

#[path = "../support/mod.rs"]
mod support;

fn probe<'a>(served: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["probe", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", served];
    arguments.extend(more);
    arguments
}
