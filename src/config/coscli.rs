//! `~/.cos.yaml` of coscli: credentials under `cos.base`, buckets with their aliases.
//!
//! Unless `disableencryption` is `true`, coscli encrypts id, key and token with AES-128-ECB, zero
//! padded, under a key that is in its source, and writes them in Base64 (coscli's `util/secret.go`
//! and `cmd/root.go`, 2025-03). Everyone can undo that: it is obfuscation, not encryption.
//! As coscli does, a value that does not decode is taken as it stands.

use std::collections::BTreeMap;
use std::path::Path;

use aes::Aes128;
use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::credentials::{CredentialLookup, complete};
use super::error::ConfigError;
use crate::domain::endpoint;
use crate::domain::profile::KnownBucket;

/// The file's name in the home directory.
pub const FILE: &str = ".cos.yaml";

/// coscli's fixed key, `coscli-secret`, filled up with zeros.
const KEY: [u8; 16] = *b"coscli-secret\0\0\0";

#[derive(Default, Deserialize)]
struct CoscliFile {
    #[serde(default)]
    cos: Cos,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cos {
    base: Base,
    buckets: Vec<Bucket>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Base {
    #[serde(alias = "secretId", alias = "secretID")]
    secretid: Option<String>,
    #[serde(alias = "secretKey")]
    secretkey: Option<String>,
    #[serde(alias = "sessionToken")]
    sessiontoken: Option<String>,
    protocol: Option<String>,
    mode: Option<String>,
    disableencryption: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Bucket {
    name: Option<String>,
    alias: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
}

/// Reads the file's text.
///
/// # Errors
/// With file and line when it is not YAML, or half a pair of credentials.
pub fn read(text: &str, path: &Path) -> Result<Option<CredentialLookup>, ConfigError> {
    let place = path.display();
    let file: CoscliFile = parse(text, path)?;
    let base = file.cos.base;
    if base.mode.as_deref() == Some("CvmRole") {
        return Err(ConfigError::CvmRole(path.to_owned()));
    }
    let encrypted = base.disableencryption.as_deref() != Some("true");
    let mut obfuscated = false;
    let mut plain = |value: Option<String>| {
        let value = value.filter(|value| !value.is_empty())?;
        let decoded = if encrypted { decoded(&value) } else { None };
        obfuscated |= decoded.is_some();
        Some(decoded.unwrap_or(value)).filter(|value| !value.is_empty())
    };
    let (id, key) = (plain(base.secretid), plain(base.secretkey));
    let token = plain(base.sessiontoken);
    let how = if obfuscated { "obfuscated" } else { "in plain text" };
    let source = format!("{place} ({how})");
    let names = ("secretid", "secretkey");
    let Some(credentials) = complete((id, key, token), names, &source, &place.to_string())? else { return Ok(None) };
    let bucket = file.cos.buckets.first().and_then(|bucket| bucket.name.clone()).filter(|name| !name.is_empty());
    let buckets: BTreeMap<_, _> = file.cos.buckets.into_iter().filter_map(known).flatten().collect();
    let mut regions: Vec<_> = buckets.values().filter_map(|bucket| bucket.region.clone()).collect();
    regions.sort();
    regions.dedup();
    Ok(Some(CredentialLookup {
        credentials: Some(credentials),
        // Where all of its buckets are is where others are looked for too.
        region: regions.pop().filter(|_| regions.is_empty()),
        scheme: base.protocol.filter(|protocol| !protocol.is_empty()),
        bucket,
        buckets,
        ..CredentialLookup::default()
    }))
}

fn parse(text: &str, path: &Path) -> Result<CoscliFile, ConfigError> {
    // The library's message shows the lines around the fault, which may be the secrets.
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options::<Option<CoscliFile>>(text, options).map(Option::unwrap_or_default).map_err(
        |error| {
            let line = error.location().map_or(0, |at| usize::try_from(at.line()).unwrap_or_default());
            let tab = text.lines().position(|line| line.trim_start_matches(' ').starts_with('\t'));
            match tab {
                Some(at) => ConfigError::YamlTab { path: path.to_owned(), line: at + 1 },
                None => ConfigError::Yaml { path: path.to_owned(), line },
            }
        },
    )
}

/// The bucket under its name and under its alias.
fn known(bucket: Bucket) -> Option<Vec<(String, KnownBucket)>> {
    let name = bucket.name.filter(|name| !name.is_empty())?;
    let host = bucket.endpoint.filter(|endpoint| !endpoint.is_empty());
    let in_host =
        host.as_deref().and_then(|host| endpoint::without_domain(host.strip_prefix("cos.")?).map(str::to_owned));
    let region = bucket.region.filter(|region| !region.is_empty()).or(in_host);
    let known = KnownBucket { name: name.clone(), region };
    let alias = bucket.alias.filter(|alias| !alias.is_empty()).unwrap_or_else(|| name.clone());
    Some(vec![(name, known.clone()), (alias, known)])
}

/// What a value means under coscli's fixed key; `None` when it is not one that coscli encrypted.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = STANDARD.decode(value).ok()?;
    if bytes.is_empty() || bytes.len() % 16 != 0 {
        return None;
    }
    let cipher = Aes128::new(&Array::from(KEY));
    for block in bytes.chunks_exact_mut(16) {
        let mut clear = Array::<u8, _>::try_from(&*block).ok()?;
        cipher.decrypt_block(&mut clear);
        block.copy_from_slice(&clear);
    }
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    bytes.truncate(end);
    String::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_coscli_encrypted_is_read_and_anything_else_stands() {
        // Made with openssl: enc -aes-128-ecb -K 636f73636c692d736563726574000000 -nopad, zeros to 16.
        for (value, clear) in [
            (
                "//RA3rnxzk4u9ztnNYOAcDxKbuR9/EbRLjSExwwCPh4ySJGAO2Iqa9YN2Ly0bEPN",
                "AKIDEXAMPLE0000000000000000000000000",
            ),
            ("VVQpFskZZkBVEhT7jNUe5jxKbuR9/EbRLjSExwwCPh7eQ1lHjB+NSA6psd9+JBIz", "EXAMPLESECRETKEY0000000000000000"),
            ("3kNZR4wfjUgOqbHffiQSMw==", ""),
        ] {
            assert_eq!(decoded(value).as_deref(), Some(clear));
        }
        for plain in ["AKIDEXAMPLE0000000000000000000000000", "EXAMPLESECRETKEY0000000000000000", "", "AAAA"] {
            assert_eq!(decoded(plain), None, "{plain}");
        }
    }
}
