//! The environment, and the places of our files.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::error::ConfigError;
use super::file::ConfigFile;
use crate::i18n::Language;

/// Looks a variable up. Tests pass their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Returns the language of the first locale variable that is set.
#[must_use]
pub fn locale_language(environment: Environment<'_>) -> Language {
    let set = |name: &&str| environment(name).filter(|locale| !locale.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
    locale.map(|locale| Language::of_locale(&locale)).unwrap_or_default()
}

/// Returns the configuration file's path: `COSDIAG_CONFIG`, else the XDG one.
///
/// # Errors
/// When there is no home directory.
pub fn path(environment: Environment<'_>) -> Result<PathBuf, ConfigError> {
    if let Some(path) = environment("COSDIAG_CONFIG").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    if let Some(base) = environment("XDG_CONFIG_HOME").filter(|base| base.starts_with('/')) {
        return Ok(PathBuf::from(base).join("cosdiag").join("config.toml"));
    }
    let strategy =
        etcetera::base_strategy::choose_base_strategy().map_err(|_| ConfigError::NoHome("COSDIAG_CONFIG"))?;
    Ok(strategy.config_dir().join("cosdiag").join("config.toml"))
}

/// Returns the history's path: `COSDIAG_HISTORY`, else the XDG one for state. `None` when `/dev/null` turns it
/// off.
///
/// # Errors
/// When there is no home directory.
pub fn history_file(environment: Environment<'_>) -> Result<Option<PathBuf>, ConfigError> {
    if let Some(path) = environment("COSDIAG_HISTORY").filter(|path| !path.is_empty()) {
        return Ok(Some(PathBuf::from(path)).filter(|path| path != Path::new("/dev/null")));
    }
    if let Some(base) = environment("XDG_STATE_HOME").filter(|base| base.starts_with('/')) {
        return Ok(Some(PathBuf::from(base).join("cosdiag").join("history.db")));
    }
    let strategy =
        etcetera::base_strategy::choose_base_strategy().map_err(|_| ConfigError::NoHome("COSDIAG_HISTORY"))?;
    let base = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Ok(Some(base.join("cosdiag").join("history.db")))
}

/// Reads the configuration file: its path, what is in it, and its text.
///
/// # Errors
/// As [`ConfigFile::read_with_text`].
pub fn read_file(environment: Environment<'_>) -> Result<(PathBuf, ConfigFile, String), ConfigError> {
    let path = path(environment)?;
    let is_named = environment("COSDIAG_CONFIG").is_some_and(|path| !path.is_empty());
    let (file, text) = ConfigFile::read_with_text(&path, is_named)?;
    Ok((path, file, text))
}
