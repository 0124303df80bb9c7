//! Where credentials come from: the profile's own lines, else the environment.

use std::path::Path;

use super::file::ProfileEntry;
use super::{ConfigError, Environment};
use crate::domain::profile::{Credentials, Dialect};

/// Id, key and token variables, in the order they are looked at.
type Variables = (&'static str, &'static str, &'static str);

const COS: &[Variables] = &[
    ("COS_SECRET_ID", "COS_SECRET_KEY", "COS_TOKEN"),
    ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SESSION_TOKEN"),
];
const S3: &[Variables] = &[("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")];

/// The credentials that win, if there are any.
///
/// # Errors
/// When a source has an id without a key or the other way round.
pub fn find(
    dialect: Dialect,
    name: &str,
    entry: &ProfileEntry,
    path: &Path,
    environment: Environment<'_>,
) -> Result<Option<Credentials>, ConfigError> {
    let lines = (entry.secret_id.clone(), entry.secret_key.clone(), entry.token.clone());
    let source = format!("profile {name}");
    let place = format!("{} [profile.{name}]", path.display());
    if let Some(found) = complete(lines, ("secret_id", "secret_key"), &source, &place)? {
        return Ok(Some(found));
    }
    let variables = match dialect {
        Dialect::Cos => COS,
        Dialect::S3 => S3,
    };
    for (id, key, token) in variables {
        let value = |name: &str| environment(name).filter(|value| !value.is_empty());
        if let Some(found) = complete((value(id), value(key), value(token)), (id, key), id, "the environment")? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn complete(
    (id, key, token): (Option<String>, Option<String>, Option<String>),
    (id_name, key_name): (&str, &str),
    source: &str,
    place: &str,
) -> Result<Option<Credentials>, ConfigError> {
    let half = |there, missing| {
        Err(ConfigError(format!("{place}: {there} is set, but {missing} is not; credentials need both")))
    };
    match (id, key) {
        (None, None) => Ok(None),
        (Some(_), None) => half(id_name, key_name),
        (None, Some(_)) => half(key_name, id_name),
        (Some(id), Some(key)) => {
            let credentials = Credentials::new(id, key, source);
            Ok(Some(match token {
                Some(token) => credentials.with_token(token),
                None => credentials,
            }))
        }
    }
}
