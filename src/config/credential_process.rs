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

use super::ConfigError;
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

/// Runs the command and reads its credentials, with what is odd about them; `place` is the file and section that names it.
///
/// # Errors
/// In one line that names the place: it does not start, fails, takes too long, or prints something else.
pub fn run(command: &str, place: &str) -> Result<(Credentials, Option<String>), ConfigError> {
    let bad = |reason: String| ConfigError(format!("{place}: credential_process {reason}"));
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| bad("is no command: a quote is not closed, or it is empty".to_owned()))?;
    let program = &words[0];
    let mut child = Command::new(program)
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| bad(format!("\"{program}\" does not start: {error} (it is run without a shell)")))?;
    let output =
        output_of(&mut child, Instant::now() + LIMIT).map_err(|reason| bad(format!("\"{program}\" {reason}")))?;
    let printed: Printed = serde_json::from_slice(&output).map_err(|error| {
        bad(format!("\"{program}\" printed no JSON with AccessKeyId and SecretAccessKey (line {})", error.line()))
    })?;
    if printed.version.is_some_and(|version| version != 1) {
        return Err(bad(format!("\"{program}\" printed another Version than 1")));
    }
    let wanted = |value: Option<String>, name: &str| {
        value.filter(|value| !value.is_empty()).ok_or_else(|| bad(format!("\"{program}\" printed no {name}")))
    };
    let end = printed.expiration.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
    let over = end.filter(|end| *end <= Timestamp::now());
    let id = wanted(printed.access_key_id, "AccessKeyId")?;
    let key = wanted(printed.secret_access_key, "SecretAccessKey")?;
    let credentials = Credentials::new(id, key, format!("credential_process of {place}"));
    let credentials = match printed.session_token.filter(|token| !token.is_empty()) {
        Some(token) => credentials.with_token(token),
        None => credentials,
    };
    Ok((credentials, over.map(|end| format!("{place}: \"{program}\" printed credentials that expired at {end}"))))
}

/// What the program prints until it ends; it is ended when its time is over.
fn output_of(child: &mut Child, until: Instant) -> Result<Vec<u8>, String> {
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
                return Err(format!("was ended: it took longer than {} s", LIMIT.as_secs()));
            }
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    };
    if !status.success() {
        return Err(format!("failed ({status}); its own words are not shown, they may hold secrets: run it by hand"));
    }
    printed
        .recv_timeout(until.saturating_duration_since(Instant::now()))
        .map_err(|_| "does not close its output".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let mut child = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().expect("started");
        let error = output_of(&mut child, Instant::now()).expect_err("ended");
        assert!(error.contains("was ended"), "{error}");
        assert!(child.try_wait().expect("waited for").is_some(), "nothing is left behind");
    }
}
