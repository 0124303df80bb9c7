//! Checks the form of bucket names and credentials before anything is sent.

use super::credentials::Credentials;
use super::dialect::Dialect;

/// The likely name of a bucket written with capitals or other signs; `None` where all are
/// allowed.
#[must_use]
pub fn corrected_bucket(bucket: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let lower = bucket.to_ascii_lowercase();
    let near = || lower.chars().map(|c| if is_allowed(c) { c } else { '-' }).collect();
    (!bucket.chars().all(is_allowed)).then(near)
}

/// What is wrong with a bucket name.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum BucketRemark {
    /// It has characters that no bucket name has.
    Characters {
        /// The name.
        bucket: String,
        /// The nearest valid name.
        nearest: String,
    },
    /// It begins or ends with a hyphen.
    Edge(String),
    /// The APPID is missing.
    NoAppid(String),
    /// Its host is too long.
    TooLong {
        /// The name.
        bucket: String,
        /// Characters of the host.
        length: usize,
    },
}

/// The longest host of a bucket.
pub const MAX_HOST: usize = 60;

/// Returns what is wrong with a bucket name by COS's rules: lower-case letters, digits and hyphens, then
/// `-APPID` in digits, no hyphen at the edges, 60 characters with the rest of the host.
#[must_use]
pub fn bucket_remark(bucket: &str, region: Option<&str>, dialect: Dialect) -> Option<BucketRemark> {
    if dialect == Dialect::S3 {
        return None;
    }
    let name = bucket.to_owned();
    if let Some(nearest) = corrected_bucket(bucket) {
        return Some(BucketRemark::Characters { bucket: name, nearest });
    }
    if bucket.starts_with('-') || bucket.ends_with('-') {
        return Some(BucketRemark::Edge(name));
    }
    let appid = bucket.rsplit_once('-').map(|(_, appid)| appid);
    if !appid.is_some_and(|appid| appid.len() >= 5 && appid.bytes().all(|b| b.is_ascii_digit())) {
        return Some(BucketRemark::NoAppid(name));
    }
    let length = format!("{bucket}.cos.{}.myqcloud.com", region.unwrap_or_default()).len();
    (length > MAX_HOST).then_some(BucketRemark::TooLong { bucket: name, length })
}

/// A part of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialPart {
    /// The id.
    Id,
    /// The key.
    Key,
    /// The session token.
    Token,
}

/// What is wrong with the text of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum CredentialFlaw {
    /// It has characters that no credential has.
    Characters,
    /// It begins or ends with whitespace.
    OuterSpace,
    /// It has whitespace inside.
    InnerSpace,
    /// It stands in quotes.
    Quotes,
}

/// What is wrong with credentials. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum CredentialsRemark {
    /// The text of a part is malformed.
    Malformed {
        /// The part.
        part: CredentialPart,
        /// Where it was read from.
        source: String,
        /// What is wrong with it.
        flaw: CredentialFlaw,
    },
    /// The key looks like an id and the id does not.
    Swapped {
        /// Where the key was read from.
        source: String,
        /// The key's first characters, which are those of every id.
        begin: String,
    },
    /// Both look like an id.
    IdAsKey {
        /// Where the key was read from.
        source: String,
        /// The key's first characters, which are those of every id.
        begin: String,
    },
    /// The id is one of temporary credentials, and the session token is missing.
    NoToken {
        /// Where the id was read from.
        source: String,
        /// Characters of the id.
        length: usize,
        /// The id's first characters.
        begin: String,
    },
    /// The id is a permanent one, and there is a session token.
    UnexpectedToken {
        /// Where the id was read from.
        source: String,
        /// Characters of the id.
        length: usize,
    },
}

/// A permanent `SecretId` of COS has this many characters, a temporary one far more (inferred).
const PERMANENT_ID: usize = 36;

/// Returns the variable of the key that belongs to the id's; a file has both.
fn source_of_key(source: &str) -> String {
    source.replace("SECRET_ID", "SECRET_KEY").replace("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
}

fn flaw(value: &str) -> Option<CredentialFlaw> {
    let is_foreign = |c: char| c.is_control() && !c.is_whitespace() || !c.is_ascii() || matches!(c, '<' | '>');
    let is_quoted = value.len() > 1 && value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
    match value {
        value if value.chars().any(is_foreign) => Some(CredentialFlaw::Characters),
        value if value.trim() != value => Some(CredentialFlaw::OuterSpace),
        value if value.contains(char::is_whitespace) => Some(CredentialFlaw::InnerSpace),
        _ => is_quoted.then_some(CredentialFlaw::Quotes),
    }
}

/// Returns what is wrong with credentials: whitespace or quotes at the edges, id and key swapped, an id pasted
/// as key, a temporary id without its token.
#[must_use]
pub fn credentials_remarks(credentials: &Credentials, dialect: Dialect) -> Vec<CredentialsRemark> {
    let source = credentials.source.clone();
    let key_source = source_of_key(&source);
    let parts = [
        (CredentialPart::Id, Some(credentials.id.as_str()), &source),
        (CredentialPart::Key, Some(credentials.expose_key()), &key_source),
        (CredentialPart::Token, credentials.expose_token(), &source),
    ];
    let malformed = parts.into_iter().filter_map(|(part, value, source)| {
        let flaw = flaw(value?)?;
        Some(CredentialsRemark::Malformed { part, source: source.clone(), flaw })
    });
    let mut remarks: Vec<_> = malformed.collect();
    let is_id = |text: &str| match dialect {
        Dialect::Cos => text.starts_with("AKID"),
        Dialect::S3 => text.len() == 20 && (text.starts_with("AKIA") || text.starts_with("ASIA")),
    };
    let begin = |text: &str| text.get(..4).unwrap_or_default().to_owned();
    let (id, key) = (credentials.id.trim(), credentials.expose_key().trim());
    match (is_id(id), is_id(key)) {
        (false, true) => remarks.push(CredentialsRemark::Swapped { source: key_source, begin: begin(key) }),
        (true, true) => remarks.push(CredentialsRemark::IdAsKey { source: key_source, begin: begin(key) }),
        _ => {}
    }
    let length = id.chars().count();
    let is_temporary = match dialect {
        Dialect::Cos => id.starts_with("AKID") && length > PERMANENT_ID + 4,
        Dialect::S3 => is_id(id) && id.starts_with("ASIA"),
    };
    let is_permanent = dialect == Dialect::Cos && id.starts_with("AKID") && length == PERMANENT_ID;
    match credentials.token {
        None if is_temporary => remarks.push(CredentialsRemark::NoToken { source, length, begin: begin(id) }),
        Some(_) if is_permanent => remarks.push(CredentialsRemark::UnexpectedToken { source, length }),
        _ => {}
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_the_written_rules() {
        assert_eq!(bucket_remark("photos-1250000000", Some("ap-guangzhou"), Dialect::Cos), None);
        assert_eq!(bucket_remark("Any_Thing", None, Dialect::S3), None);
        let long = "a-name-that-goes-on-and-on-1250000000";
        for remark in [
            BucketRemark::NoAppid("photos".into()),
            BucketRemark::NoAppid("a-123".into()),
            BucketRemark::Characters { bucket: "My_Photos-1250000000".into(), nearest: "my-photos-1250000000".into() },
            BucketRemark::Edge("-a-1250000000".into()),
            BucketRemark::TooLong { bucket: long.into(), length: 67 },
        ] {
            let (BucketRemark::NoAppid(bucket)
            | BucketRemark::Edge(bucket)
            | BucketRemark::Characters { bucket, .. }
            | BucketRemark::TooLong { bucket, .. }) = &remark;
            assert_eq!(bucket_remark(bucket, Some("ap-guangzhou"), Dialect::Cos).as_ref(), Some(&remark));
        }
    }

    #[test]
    fn credentials_are_checked_without_being_shown() {
        let permanent = "AKIDEXAMPLE0000000000000000000000000";
        let temporary = "AKIDTESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTEST";
        let malformed = |part, flaw| CredentialsRemark::Malformed { part, source: "X".into(), flaw };
        let begin = || "AKID".to_owned();
        let cases = [
            (
                ("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret\n", None),
                malformed(CredentialPart::Key, CredentialFlaw::OuterSpace),
            ),
            (
                (" AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", None),
                malformed(CredentialPart::Id, CredentialFlaw::OuterSpace),
            ),
            (
                ("AKIDTESTTESTTEST", "FAKEsecret FAKEsecret", None),
                malformed(CredentialPart::Key, CredentialFlaw::InnerSpace),
            ),
            (
                ("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", Some("FAKEsecret\t")),
                malformed(CredentialPart::Token, CredentialFlaw::OuterSpace),
            ),
            (
                ("AKIDTESTTESTTEST", "\"FAKEsecretFAKEsecret\"", None),
                malformed(CredentialPart::Key, CredentialFlaw::Quotes),
            ),
            (("<SecretId>", "x", None), malformed(CredentialPart::Id, CredentialFlaw::Characters)),
            (
                ("FAKEsecretFAKEsecret", "AKIDTESTTESTTEST", None),
                CredentialsRemark::Swapped { source: "X".into(), begin: begin() },
            ),
            (
                ("AKIDTESTTESTTEST", "AKIDTESTTESTTEST", None),
                CredentialsRemark::IdAsKey { source: "X".into(), begin: begin() },
            ),
            (
                (temporary, "FAKEsecretFAKEsecret", None),
                CredentialsRemark::NoToken { source: "X".into(), length: 52, begin: begin() },
            ),
            (
                (permanent, "FAKEsecretFAKEsecret", Some("FAKEsecretFAKE")),
                CredentialsRemark::UnexpectedToken { source: "X".into(), length: 36 },
            ),
        ];
        for ((id, key, token), remark) in cases {
            let credentials = Credentials::new(id, key, "X");
            let credentials = match token {
                Some(token) => credentials.with_token(token),
                None => credentials,
            };
            assert_eq!(credentials_remarks(&credentials, Dialect::Cos), [remark]);
        }
        let temporary = Credentials::new("ASIATESTTESTTESTTEST", "FAKEsecretFAKEsecret", "X");
        let no_token = CredentialsRemark::NoToken { source: "X".into(), length: 20, begin: "ASIA".into() };
        assert_eq!(credentials_remarks(&temporary, Dialect::S3), [no_token]);
        let of_key = Credentials::new("AKIDTESTTESTTEST", "FAKE secret", "COS_SECRET_ID");
        let [CredentialsRemark::Malformed { source, .. }] = &credentials_remarks(&of_key, Dialect::Cos)[..] else {
            panic!("one remark")
        };
        assert_eq!(source, "COS_SECRET_KEY");
        for fine in [Credentials::new(permanent, "FAKEsecretFAKEsecret", "X"), Credentials::new("bob", "x", "X")] {
            assert_eq!(credentials_remarks(&fine, Dialect::Cos), []);
        }
    }
}
