//! The accounts of the sandbox, with credentials that are obviously fake.

use super::xml::{parent, text};
use crate::domain::credentials::Credentials;

/// The APPID that owns almost everything in the sandbox.
pub const OWNER_APPID: &str = "1250000000";
/// The APPID of the other account.
pub const STRANGER_APPID: &str = "1251111111";

/// Whose credentials a request is signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The owner's permanent key, which may do everything with its own buckets.
    Owner,
    /// A sub-user whose policy allows it to list `photos` and to read its objects.
    SubUser,
    /// A valid key of another account, which owns `partner-1251111111`.
    Stranger,
    /// A temporary key of the owner with its token.
    Temporary,
    /// A temporary key with an expired token.
    ExpiredTemporary,
    /// The owner's `SecretId` with a wrong `SecretKey`.
    WrongKey,
    /// A `SecretId` that does not exist.
    Unknown,
}

/// The credentials of a role. They work in a sandbox only.
#[must_use]
pub fn account(role: Role) -> Credentials {
    let (id, key, token) = match role {
        Role::Owner => (OWNER.id, OWNER.key, None),
        Role::SubUser => (SUB_USER.id, SUB_USER.key, None),
        Role::Stranger => (STRANGER.id, STRANGER.key, None),
        Role::Temporary => (TEMPORARY.id, TEMPORARY.key, TEMPORARY.token),
        Role::ExpiredTemporary => (EXPIRED.id, EXPIRED.key, EXPIRED.token),
        Role::WrongKey => (OWNER.id, "NOT-A-REAL-KEY-SANDBOX-WRONG-000", None),
        Role::Unknown => ("AKIDSANDBOXUNKNOWNNOTREAL00000000000", "NOT-A-REAL-KEY-SANDBOX-UNKNOWN-0", None),
    };
    let credentials = Credentials::new(id, key, "sandbox");
    match token {
        Some(token) => credentials.with_token(token.text),
        None => credentials,
    }
}

/// Who sent a request, after its signature is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    /// The request is unsigned.
    Anonymous,
    /// A root account, or a temporary key with all its rights.
    Account(&'static str),
    /// The owner's sub-user.
    SubUser,
}

/// The session token that a temporary key comes with.
#[derive(Clone, Copy)]
pub(super) struct Token {
    /// The token as sent.
    pub(super) text: &'static str,
    pub(super) expired: bool,
}

/// A key that the sandbox knows.
pub(super) struct Record {
    /// The `SecretId`.
    pub(super) id: &'static str,
    /// The `SecretKey`.
    pub(super) key: &'static str,
    /// The token, for a temporary key.
    pub(super) token: Option<Token>,
    /// Who holds the key.
    pub(super) principal: Principal,
}

const OWNER: Record = Record {
    id: "AKIDSANDBOXOWNERNOTREAL0000000000000",
    key: "NOT-A-REAL-KEY-SANDBOX-OWNER-000",
    token: None,
    principal: Principal::Account(OWNER_APPID),
};
const SUB_USER: Record = Record {
    id: "AKIDSANDBOXSUBUSERNOTREAL00000000000",
    key: "NOT-A-REAL-KEY-SANDBOX-SUBUSER-0",
    token: None,
    principal: Principal::SubUser,
};
const STRANGER: Record = Record {
    id: "AKIDSANDBOXSTRANGERNOTREAL0000000000",
    key: "NOT-A-REAL-KEY-SANDBOX-STRANGER0",
    token: None,
    principal: Principal::Account(STRANGER_APPID),
};
const TEMPORARY: Record = Record {
    id: "AKIDSANDBOXTEMPORARYNOTREAL0000000000000000000000000000000000000",
    key: "NOT-A-REAL-KEY-SANDBOX-TEMPORARY",
    token: Some(Token { text: "NOT-A-REAL-TOKEN-SANDBOX-TEMPORARY-0000000000000000", expired: false }),
    principal: Principal::Account(OWNER_APPID),
};
const EXPIRED: Record = Record {
    id: "AKIDSANDBOXEXPIREDNOTREAL000000000000000000000000000000000000000",
    key: "NOT-A-REAL-KEY-SANDBOX-EXPIRED-0",
    token: Some(Token { text: "NOT-A-REAL-TOKEN-SANDBOX-EXPIRED-000000000000000000", expired: true }),
    principal: Principal::Account(OWNER_APPID),
};

static RECORDS: [Record; 5] = [OWNER, SUB_USER, STRANGER, TEMPORARY, EXPIRED];

/// The name of a root account, by its APPID.
pub(super) fn account_name(appid: &str) -> String {
    format!("qcs::cam::uin/1{appid}:uin/1{appid}")
}

/// An `Owner` element that names a root account.
pub(super) fn owner(appid: &str) -> String {
    let name = account_name(appid);
    parent("Owner", &(text("ID", &name) + &text("DisplayName", &name)))
}

/// Looks up a `SecretId`.
pub(super) fn record(id: &str) -> Option<&'static Record> {
    RECORDS.iter().find(|record| record.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_have_the_shape_of_real_ones() {
        for role in [Role::Owner, Role::SubUser, Role::Stranger, Role::WrongKey, Role::Unknown] {
            let credentials = account(role);
            assert_eq!((credentials.id.len(), credentials.expose_key().len()), (36, 32), "{role:?}");
            assert!(credentials.expose_token().is_none(), "{role:?}");
        }
        for role in [Role::Temporary, Role::ExpiredTemporary] {
            let credentials = account(role);
            assert!(credentials.id.len() > 40 && credentials.expose_token().is_some(), "{role:?}");
            assert_eq!(credentials.expose_key().len(), 32, "{role:?}");
        }
    }
}
