//! What a denied request needs: the CAM action, the resource, and the smallest policy that allows it.

use url::Url;

use crate::domain::bucket_list::appid;
use crate::domain::credentials::CredentialTraits;
use crate::domain::dialect::Dialect;
use crate::domain::operation::{self, Operation, Scope};
use crate::domain::percent;
use crate::domain::record::Record;
use crate::domain::verdict::{Permission, Principal};

/// What would allow a denied request. `None` where it cannot be written right: another dialect, an
/// operation that is not known, a bucket without an APPID.
#[must_use]
pub fn needed(record: &Record, credentials: Option<&CredentialTraits>, other_account: bool) -> Option<Permission> {
    if record.dialect != Dialect::Cos {
        return None;
    }
    let operation = operation_of(record)?;
    let action = format!("name/cos:{}", operation.action);
    let resource = resource(record, operation)?;
    Some(Permission {
        principal: principal(credentials),
        other_account: record.bucket.as_deref().filter(|_| other_account).and_then(appid).map(str::to_owned),
        action,
        resource,
    })
}

/// The CAM action of a record's request, such as `name/cos:GetBucket`.
#[must_use]
pub fn action(record: &Record) -> Option<String> {
    operation_of(record).map(|operation| format!("name/cos:{}", operation.action))
}

fn operation_of(record: &Record) -> Option<&'static Operation> {
    let by_name = operation::known(&record.operation);
    let by_request = || {
        let url = Url::parse(&record.url).ok()?;
        let scope = match (&record.bucket, &record.key) {
            (_, Some(_)) => Scope::Object,
            (Some(_), None) => Scope::Bucket,
            (None, None) => return None,
        };
        let query = percent::query_pairs(url.query().unwrap_or_default());
        operation::by_request(&record.method, scope, &query).or_else(|| plain(&record.method, scope, &query))
    };
    by_name.or_else(by_request).filter(|operation| !operation.action.is_empty())
}

/// The operation of a request without a sub-resource. A parameter that is not known may name one, and
/// then another action is needed.
fn plain(method: &str, scope: Scope, query: &[(String, String)]) -> Option<&'static Operation> {
    const HARMLESS: &[&str] = &["prefix", "delimiter", "marker", "max-keys", "encoding-type", "versionid"];
    let is_harmless = |name: &str| {
        let name = name.to_ascii_lowercase();
        HARMLESS.contains(&name.as_str()) || name.starts_with("response-") || name.starts_with("q-") || name == "sign"
    };
    let is_plain = |known: &&Operation| {
        known.method == method && known.scope == scope && known.query.iter().all(|(_, value)| !value.is_empty())
    };
    operation::OPERATIONS.iter().find(is_plain).filter(|_| query.iter().all(|(name, _)| is_harmless(name)))
}

/// The resource in six parts (document 436/30580). The owner is told by its APPID as `uid/`: with an
/// account's `uin/` in its place, or the APPID under `uin/`, nothing matches.
fn resource(record: &Record, operation: &Operation) -> Option<String> {
    if operation.scope == Scope::Service {
        return Some("*".to_owned());
    }
    let bucket = record.bucket.as_deref()?;
    let region = record.region.as_deref()?;
    let key = record.key.as_deref().filter(|_| operation.scope == Scope::Object);
    Some(format!("qcs::cos:{region}:uid/{}:{bucket}/{}", appid(bucket)?, key.unwrap_or("*")))
}

fn principal(credentials: Option<&CredentialTraits>) -> Principal {
    let Some(shape) = credentials else { return Principal::Unknown };
    let secret_id = shape.masked_id.clone();
    if shape.has_token || shape.looks_temporary() {
        Principal::Temporary { secret_id }
    } else {
        Principal::User { secret_id }
    }
}
