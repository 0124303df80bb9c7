//! The built program without a screen: what it prints, what it exits with, what it refuses.

mod offline;
mod probe;
mod refused;
mod signed;

#[path = "../support/mod.rs"]
mod support;

fn probe<'a>(served: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["probe", "--scheme", "http", "--region", "ap-guangzhou", "--connect-to", served];
    arguments.extend(more);
    arguments
}
