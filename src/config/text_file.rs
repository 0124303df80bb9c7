//! Reading a small text file whose place a person should be told when it is not what it should be.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::error::ConfigError;
use super::remark::ConfigRemark;

/// No configuration file is longer.
const LONGEST: u64 = 1024 * 1024;

/// The text of a file; `None` when there is no such file.
///
/// # Errors
/// With the path (and the line, where it is one line's fault) when it is not a readable text file.
pub fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    // A pipe or a device could be read for ever.
    if path.exists() && !path.is_file() && path != Path::new("/dev/null") {
        return Err(ConfigError::NotAFile(path.to_owned()));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ConfigError::Io { path: path.to_owned(), kind: error.kind() }),
        Ok(length) if length as u64 > LONGEST => return Err(ConfigError::TooLong(path.to_owned())),
        Ok(_) => {}
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        ConfigError::NotUtf8 { path: path.to_owned(), line }
    })
}

/// Returns a remark when every user of the machine can read a file that holds secrets.
#[must_use]
pub fn readable_by_others(path: &Path) -> Option<ConfigRemark> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
        (mode & 0o004 != 0).then(|| ConfigRemark::ReadableByOthers { path: path.to_owned(), mode })
    }
    #[cfg(not(unix))]
    {
        let _ = fs::metadata(path);
        None
    }
}
