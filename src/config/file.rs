//! The configuration file: what may stand in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::ConfigError;
use super::text_file;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::Scheme;
use crate::i18n::Language;

/// The vendor's diagnosis tool (document 436/41623).
pub const DIAGNOSE_URL: &str = "https://console.cloud.tencent.com/cos5/diagnose";

/// A whole file; see `assets/config.toml` for what each line does.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The profile used when none is named.
    pub default_profile: Option<String>,
    /// The diagnosis tool's address.
    pub diagnose_url: Option<String>,
    /// The theme.
    pub theme: Option<String>,
    /// The signs: `auto`, `unicode` or `ascii`.
    pub glyphs: Option<String>,
    /// Take the mouse.
    pub mouse: Option<bool>,
    /// The language of our texts.
    pub language: Option<LanguageSetting>,
    /// Where the detail pane stands.
    pub split: Option<SplitSetting>,
    /// The keys of actions; read with their lines by `screen`.
    #[serde(default)]
    pub keys: toml::Table,
    /// The table's columns; read with their lines by `screen`.
    #[serde(default)]
    pub columns: toml::Table,
    /// How much of the history is kept.
    pub history: Option<HistoryEntry>,
    /// Profiles by name.
    #[serde(default)]
    pub profile: BTreeMap<String, ProfileEntry>,
}

/// The language of our texts, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageSetting {
    /// That of the locale.
    Auto,
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl LanguageSetting {
    /// The language; `None` is the locale's.
    #[must_use]
    pub fn language(self) -> Option<Language> {
        match self {
            Self::Auto => None,
            Self::En => Some(Language::En),
            Self::Zh => Some(Language::Zh),
        }
    }
}

/// Where the detail pane stands, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SplitSetting {
    /// It follows the width.
    Auto,
    /// Beside the table.
    Beside,
    /// Below the table.
    Below,
}

impl SplitSetting {
    /// Whether it stands beside the table; `None` follows the width.
    #[must_use]
    pub fn beside(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Beside => Some(true),
            Self::Below => Some(false),
        }
    }
}

/// Limits of the history as written; 0 means no limit.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    /// Failures older than this many days are deleted.
    pub keep_days: Option<u32>,
    /// The oldest failures are deleted above this size.
    pub max_mb: Option<u32>,
}

/// A profile as written.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileEntry {
    /// `cos` or `s3`.
    pub dialect: Option<Dialect>,
    /// The region.
    pub region: Option<String>,
    /// The endpoint.
    pub endpoint: Option<String>,
    /// The scheme of the store's own endpoint.
    pub scheme: Option<Scheme>,
    /// The id.
    pub secret_id: Option<String>,
    /// The key.
    pub secret_key: Option<String>,
    /// The session token.
    pub token: Option<String>,
    /// A command that prints credentials as JSON.
    pub credential_process: Option<String>,
    /// A bucket to test the profile with.
    pub bucket: Option<String>,
    /// Send unsigned requests.
    pub anonymous: Option<bool>,
    /// The proxy.
    pub proxy: Option<String>,
    /// Certificates to trust in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// Seconds for one attempt.
    pub timeout: Option<f64>,
}

impl std::fmt::Debug for ProfileEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProfileEntry")
            .field("dialect", &self.dialect)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// The key whose value stands at this place, where it is one of ours: anything else may be a secret.
fn key_at(text: &str, at: usize) -> Option<&str> {
    const KEYS: &[&str] = &[
        "default_profile",
        "diagnose_url",
        "theme",
        "glyphs",
        "mouse",
        "language",
        "split",
        "keep_days",
        "max_mb",
        "dialect",
        "region",
        "endpoint",
        "scheme",
        "secret_id",
        "secret_key",
        "token",
        "credential_process",
        "bucket",
        "anonymous",
        "proxy",
        "ca_file",
        "timeout",
    ];
    let line = text.get(..at)?.rsplit('\n').next()?;
    let key = line.split_once('=').map_or(line, |(key, _)| key).trim();
    KEYS.contains(&key).then_some(key)
}

impl ConfigFile {
    /// Reads a file. One that is absent is empty, unless it was asked for by name.
    ///
    /// # Errors
    /// With path, line, column and key, and what was expected there.
    pub fn read(path: &Path, must_exist: bool) -> Result<Self, ConfigError> {
        Ok(Self::read_with_text(path, must_exist)?.0)
    }

    /// As [`Self::read`], with the text that was read.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_with_text(path: &Path, must_exist: bool) -> Result<(Self, String), ConfigError> {
        let Some(text) = text_file::read(path)? else {
            if must_exist {
                return Err(ConfigError::NotFound(path.to_owned()));
            }
            return Ok(Default::default());
        };
        let file = toml::from_str(&text).map_err(|error| {
            let start = error.span().map(|span| span.start);
            let at = start.map(|start| {
                let before = text.get(..start).unwrap_or_default();
                let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
                (before.matches('\n').count() + 1, column)
            });
            let key = start.and_then(|start| key_at(&text, start)).map(str::to_owned);
            ConfigError::Toml { path: path.to_owned(), at, reason: error.message().replace('\n', ", "), key }
        })?;
        Ok((file, text))
    }
}
