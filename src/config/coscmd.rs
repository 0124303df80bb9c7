//! `~/.cos.conf` of coscmd: one section `[common]` (coscmd's `cos_cmd.py`, 1.9).

use std::path::Path;

use super::credentials::{CredentialLookup, complete};
use super::error::ConfigError;
use super::ini_file::IniFile;
use crate::domain::regions;

/// The file's name in the home directory.
pub const FILE: &str = ".cos.conf";

/// Reads the file's text.
///
/// # Errors
/// With file and line when it is not such a file, or half a pair of credentials.
pub fn read(text: &str, path: &Path) -> Result<Option<CredentialLookup>, ConfigError> {
    let file = IniFile::parse(text, path)?;
    let get = |key: &str| file.get("common", key);
    let place = format!("{} [common]", path.display());
    let truth = |key: &str| get(key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let source = path.display().to_string();
    let id = get("secret_id").or_else(|| get("access_id"));
    let anonymous = truth("anonymous");
    let credentials = if anonymous {
        None
    } else {
        complete((id, get("secret_key"), get("token")), ("secret_id", "secret_key"), &source, &place)?
    };
    if credentials.is_none() && !anonymous {
        return Ok(None);
    }
    let with_appid = |bucket: String| match get("appid") {
        Some(appid) if !bucket.ends_with(&format!("-{appid}")) => format!("{bucket}-{appid}"),
        _ => bucket,
    };
    Ok(Some(CredentialLookup {
        credentials,
        anonymous: anonymous.then_some(source),
        region: get("region").map(|region| regions::present_region(&region).to_owned()),
        // coscmd puts the bucket before this host; a region overrules it there as well.
        endpoint: get("endpoint").filter(|_| get("region").is_none()).map(|host| {
            let scheme = get("schema").unwrap_or_else(|| "https".to_owned());
            format!("{scheme}://{{bucket}}.{host}")
        }),
        scheme: get("schema"),
        bucket: get("bucket").map(with_appid),
        ..CredentialLookup::default()
    }))
}
