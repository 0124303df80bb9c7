//! Credentials, and what may be shown of them.

use secrecy::{ExposeSecret, SecretString};

/// Credentials and where they came from. `Debug` never shows the secrets.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The `SecretId` (COS) or access key id (S3): a name, not a secret.
    pub id: String,
    /// The `SecretKey` (COS) or secret access key (S3).
    pub key: SecretString,
    /// The session token of a temporary credential.
    pub token: Option<SecretString>,
    /// The variable or file and key that they were read from.
    pub source: String,
}

impl Credentials {
    /// Makes credentials out of plain text, for sources that hold it as such.
    pub fn new(id: impl Into<String>, key: impl Into<String>, source: impl Into<String>) -> Self {
        Self { id: id.into(), key: SecretString::from(key.into()), token: None, source: source.into() }
    }

    /// The same credentials with a session token.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(SecretString::from(token.into()));
        self
    }

    /// The secret key in the clear, for signing only.
    #[must_use]
    pub fn expose_key(&self) -> &str {
        self.key.expose_secret()
    }

    /// The session token in the clear, for sending only.
    #[must_use]
    pub fn expose_token(&self) -> Option<&str> {
        self.token.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The id as it may be shown: first and last four characters.
    #[must_use]
    pub fn masked_id(&self) -> String {
        if self.id_and_key_swapped() { "…".to_owned() } else { mask_id(&self.id) }
    }

    /// The key is written as an id and the id is not: then what stands as the id is the key.
    #[must_use]
    pub fn id_and_key_swapped(&self) -> bool {
        let is_id = |text: &str| ["AKID", "AKIA", "ASIA"].iter().any(|begin| text.trim_start().starts_with(begin));
        is_id(self.expose_key()) && !is_id(&self.id)
    }
}

/// What can be said of credentials without showing them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each its own")]
pub struct CredentialTraits {
    /// The id as it may be shown.
    pub masked_id: String,
    /// Characters of the id.
    pub id_length: usize,
    /// The id begins as COS's ids do.
    pub is_cos_id: bool,
    /// A blank or a line feed is in the id.
    pub blank_in_id: bool,
    /// A blank or a line feed is in the key.
    pub blank_in_key: bool,
    /// The key begins as an id does: the two may be swapped.
    pub key_like_an_id: bool,
    /// A session token comes with them.
    pub has_token: bool,
}

impl CredentialTraits {
    /// Whether the id is as long as temporary ones are and permanent ones are not (36 characters;
    /// seen, not documented).
    #[must_use]
    pub fn looks_temporary(&self) -> bool {
        self.is_cos_id && self.id_length > 40
    }
}

impl Credentials {
    /// Returns what may be shown of them.
    #[must_use]
    pub fn traits(&self) -> CredentialTraits {
        let is_blank = |c: char| c.is_whitespace() || c.is_control();
        // Made for each request: nearly all are of visible ASCII, which is found out quicker.
        let has_blank = |text: &str| !text.bytes().all(|byte| byte.is_ascii_graphic()) && text.contains(is_blank);
        CredentialTraits {
            masked_id: self.masked_id(),
            id_length: self.id.chars().count(),
            is_cos_id: self.id.trim_start().starts_with("AKID"),
            blank_in_id: has_blank(&self.id),
            blank_in_key: has_blank(self.expose_key()),
            key_like_an_id: self.expose_key().trim_start().starts_with("AKID"),
            has_token: self.token.is_some(),
        }
    }
}

/// An access key id as it may be shown: the first and last four characters, or nothing but dots
/// when it is too short for that to hide anything.
#[must_use]
pub fn mask_id(id: &str) -> String {
    let is_long = id.chars().count() >= 12;
    let ends = id.char_indices().nth(4).zip(id.char_indices().nth_back(3)).filter(|_| is_long);
    match ends {
        Some(((head, _), (tail, _))) => [&id[..head], "…", &id[tail..]].concat(),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_mask_hide_the_key() {
        let credentials = Credentials::new("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", "test").with_token("FAKEtoken");
        let shown = format!("{credentials:?}");
        assert!(!shown.contains("FAKEsecret") && !shown.contains("FAKEtoken"), "{shown}");
        assert_eq!(credentials.masked_id(), "AKID…TEST");
        assert_eq!(mask_id("AKIDshort"), "…");
        let swapped = Credentials::new("FAKEsecretFAKEsecret", "AKIDTESTTESTTEST", "test");
        assert!(swapped.id_and_key_swapped() && !credentials.id_and_key_swapped());
        assert_eq!(swapped.masked_id(), "…", "what stands as the id is the key");
    }
}
