//! The library's parts as other parts use them: configuration, import, diagnosis, engine, sandbox, signing.

mod alike_failures;
#[path = "../support/canned.rs"]
mod canned;
mod config;
mod demo;
mod diagnosis;
mod engine;
mod import_kinds;
mod large_log;
mod mutations;
mod sandbox;
mod scenarios;
mod signing;

#[path = "../support/mod.rs"]
mod support;
