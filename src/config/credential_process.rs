//! `credential_process`: a program that prints credentials as JSON, in the shape that the AWS tools
//! defined: `Version` 1, `AccessKeyId`, `SecretAccessKey`, `SessionToken`, `Expiration`.
//!
//! It is run without a shell, with no input and a limit of time. What it prints elsewhere is not
//! shown: it may be anything, secrets included.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Deserialize;

use super::error::{ConfigError, ProcessFailure};
use super::remark::ConfigRemark;
use crate::domain::credentials::Credentials;

/// A person may have to type a code into it.
const LIMIT: Duration = Duration::from_secs(60);
/// More than any credentials are.
const LONGEST: u64 = 64 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: Option<u32>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Runs the command and reads its credentials, with a remark on them; `place` is the file and section that
/// name it.
///
/// # Errors
/// When it does not start, fails, takes too long, or prints something else.
pub fn run(command: &str, place: &str) -> Result<(Credentials, Option<ConfigRemark>), ConfigError> {
    let words = shlex::split(command).filter(|words| !words.is_empty()).unwrap_or_default();
    let program = words.first().cloned().unwrap_or_default();
    let fail = |failure| ConfigError::Process { place: place.to_owned(), program: program.clone(), failure };
    if words.is_empty() {
        return Err(fail(ProcessFailure::Command));
    }
    let mut child = Command::new(&program)
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fail(ProcessFailure::NotStarted(error.kind())))?;
    let output = output_of(&mut child, Instant::now() + LIMIT).map_err(fail)?;
    let printed: Printed =
        serde_json::from_slice(&output).map_err(|error| fail(ProcessFailure::NotJson { line: error.line() }))?;
    if printed.version.is_some_and(|version| version != 1) {
        return Err(fail(ProcessFailure::Version));
    }
    let wanted = |value: Option<String>, name| {
        value.filter(|value| !value.is_empty()).ok_or_else(|| fail(ProcessFailure::Missing(name)))
    };
    let end = printed.expiration.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
    let expired = end.filter(|end| *end <= Timestamp::now());
    let id = wanted(printed.access_key_id, "AccessKeyId")?;
    let key = wanted(printed.secret_access_key, "SecretAccessKey")?;
    let credentials = Credentials::new(id, key, format!("credential_process of {place}"));
    let credentials = match printed.session_token.filter(|token| !token.is_empty()) {
        Some(token) => credentials.with_token(token),
        None => credentials,
    };
    let remark = expired.map(|end| ConfigRemark::Expired { place: place.to_owned(), program: program.clone(), end });
    Ok((credentials, remark))
}

/// Returns what the program prints until it ends; it is killed when its time is over.
fn output_of(child: &mut Child, until: Instant) -> Result<Vec<u8>, ProcessFailure> {
    let (sender, printed) = mpsc::channel();
    let stdout = child.stdout.take();
    // Not joined: a grandchild may hold the pipe open for ever.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.map(|stdout| stdout.take(LONGEST).read_to_end(&mut bytes));
        drop(read);
        let _ = sender.send(bytes);
    });
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(ProcessFailure::TimedOut(LIMIT.as_secs()));
            }
            Err(error) => return Err(ProcessFailure::NotWaited(error.kind())),
        }
    };
    if !status.success() {
        return Err(ProcessFailure::Exited(status.code()));
    }
    let left = until.saturating_duration_since(Instant::now());
    printed.recv_timeout(left).map_err(|_| ProcessFailure::OutputOpen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let mut child = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().expect("started");
        assert_eq!(output_of(&mut child, Instant::now()), Err(ProcessFailure::TimedOut(60)));
        assert!(child.try_wait().expect("waited for").is_some(), "nothing is left behind");
    }
}
