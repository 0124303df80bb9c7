//! Reading a small text file whose place a person should be told when it is not what it should be.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::ConfigError;

/// No configuration file is longer.
const LONGEST: u64 = 1024 * 1024;

/// The text of a file; `None` when there is no such file.
///
/// # Errors
/// With the path (and the line, where it is one line's fault) when it is no readable text file.
pub fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let bad = |reason: &str| ConfigError(format!("{}: {reason}", path.display()));
    // A pipe or a device could be read for ever.
    if path.exists() && !path.is_file() && path != Path::new("/dev/null") {
        return Err(bad("this is no file"));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(bad(&error.to_string())),
        Ok(length) if length as u64 > LONGEST => return Err(bad("longer than 1 MiB: this is no configuration file")),
        Ok(_) => {}
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        ConfigError(format!("{}:{line}: not UTF-8 text", path.display()))
    })
}

/// What to say when everybody on the machine can read a file that holds secrets.
#[must_use]
pub fn open_to_all(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
        let place = path.display();
        (mode & 0o004 != 0)
            .then(|| format!("{place}: it holds secrets and everybody on this machine can read it (mode {mode:03o}): chmod 600 {place}"))
    }
    #[cfg(not(unix))]
    {
        let _ = fs::metadata(path);
        None
    }
}
