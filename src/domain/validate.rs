//! Checks the form of bucket names and credentials before anything is sent.

use std::borrow::Cow;

use super::credentials::Credentials;
use super::dialect::Dialect;
use crate::i18n::{Language, tell};

/// The name that somebody means who writes a bucket in capitals or with other signs; `None` where all are
/// allowed.
#[must_use]
pub fn corrected_bucket(bucket: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let lower = bucket.to_ascii_lowercase();
    let near = || lower.chars().map(|c| if is_allowed(c) { c } else { '-' }).collect();
    (!bucket.chars().all(is_allowed)).then(near)
}

/// What is odd about a bucket name by COS's rules: lower-case letters, digits and hyphens, then
/// `-APPID` in digits, none of it at the edges, 60 characters with the rest of the host.
#[must_use]
pub fn bucket_remark(bucket: &str, region: Option<&str>, dialect: Dialect, language: Language) -> Option<String> {
    if dialect == Dialect::S3 {
        return None;
    }
    let appid = bucket.rsplit_once('-').map(|(_, appid)| appid);
    let host = format!("{bucket}.cos.{}.myqcloud.com", region.unwrap_or_default());
    let words = if let Some(near) = corrected_bucket(bucket) {
        tell!(
            language,
            "bucket \"%{bucket}\": only a-z, 0-9 and \"-\" are allowed; nearest: \"%{near}\"",
            bucket = bucket,
            near = near
        )
    } else if bucket.starts_with('-') || bucket.ends_with('-') {
        tell!(language, "bucket \"%{bucket}\": it may not begin or end with \"-\"", bucket = bucket)
    } else if !appid.is_some_and(|appid| appid.len() >= 5 && appid.bytes().all(|b| b.is_ascii_digit())) {
        tell!(
            language,
            "bucket \"%{bucket}\" lacks its APPID; it is written \"%{bucket}-1250000000\" with your own digits",
            bucket = bucket
        )
    } else if host.len() > 60 {
        tell!(
            language,
            "bucket \"%{bucket}\" is too long: with its host it has %{length} characters, 60 are allowed",
            bucket = bucket,
            length = host.len()
        )
    } else {
        return None;
    };
    Some(words.into_owned())
}

/// A permanent `SecretId` of COS has this many characters, a temporary one far more (inferred).
const PERMANENT_ID: usize = 36;

/// The variable of the key that goes with the one of the id; a file has both.
fn beside(source: &str) -> String {
    source.replace("SECRET_ID", "SECRET_KEY").replace("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
}

/// What is odd about credentials: blanks or quotes at the edges, id and key swapped, an id pasted as
/// key, a temporary id without its token. Never holds a secret.
#[must_use]
pub fn credentials_remarks(credentials: &Credentials, dialect: Dialect, language: Language) -> Vec<String> {
    let (id, key, source) = (credentials.id.as_str(), credentials.expose_key(), &credentials.source);
    let mut remarks = Vec::new();
    for (name, value) in [("SecretId", Some(id)), ("SecretKey", Some(key)), ("token", credentials.expose_token())] {
        let value = value.unwrap_or_default();
        let source = if name == "SecretKey" { &beside(source) } else { source };
        if value.chars().any(|c| c.is_control() && !c.is_whitespace() || !c.is_ascii() || matches!(c, '<' | '>')) {
            remarks.push(tell!(
                language,
                "the %{name} from %{source} has characters that none has: is it a placeholder?",
                name = name,
                source = source
            ));
        } else if value.trim() != value {
            remarks.push(tell!(
                language,
                "the %{name} from %{source} begins or ends with a blank",
                name = name,
                source = source
            ));
        } else if value.contains(char::is_whitespace) {
            remarks.push(tell!(
                language,
                "the %{name} from %{source} has a blank inside",
                name = name,
                source = source
            ));
        } else if value.len() > 1 && value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']) {
            remarks.push(tell!(
                language,
                "the %{name} from %{source} stands in quotes, which are taken as part of it",
                name = name,
                source = source
            ));
        }
    }
    let is_id = |text: &str| match dialect {
        Dialect::Cos => text.starts_with("AKID"),
        Dialect::S3 => text.len() == 20 && (text.starts_with("AKIA") || text.starts_with("ASIA")),
    };
    let (id, key) = (id.trim(), key.trim());
    let begin = key.get(..4).unwrap_or_default();
    match (is_id(id), is_id(key)) {
        (false, true) => remarks.push(tell!(
            language,
            "the SecretKey from %{source} begins with %{begin}, as a SecretId does: are the two swapped?",
            source = beside(source),
            begin = begin
        )),
        (true, true) => remarks.push(tell!(
            language,
            "the SecretKey from %{source} begins with %{begin}: an id was pasted as key",
            source = beside(source),
            begin = begin
        )),
        _ => {}
    }
    let characters = id.chars().count();
    let temporary = match dialect {
        Dialect::Cos => id.starts_with("AKID") && characters > PERMANENT_ID + 4,
        Dialect::S3 => is_id(id) && id.starts_with("ASIA"),
    };
    if temporary && credentials.token.is_none() {
        remarks.push(tell!(
            language,
            "the SecretId from %{source} has %{length} characters and begins with %{begin}, as temporary ones do, but there is no session token",
            source = source,
            length = characters,
            begin = id.get(..4).unwrap_or_default()
        ));
    }
    if dialect == Dialect::Cos && id.starts_with("AKID") && characters == PERMANENT_ID && credentials.token.is_some() {
        remarks.push(tell!(
            language,
            "the SecretId from %{source} has %{length} characters, as permanent ones do, but there is a session token beside it",
            source = source,
            length = characters
        ));
    }
    remarks.into_iter().map(Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_held_to_the_written_rules() {
        assert_eq!(bucket_remark("photos-1250000000", Some("ap-guangzhou"), Dialect::Cos, Language::En), None);
        assert_eq!(bucket_remark("Any_Thing", None, Dialect::S3, Language::En), None);
        for (bucket, part) in [
            ("photos", "lacks its APPID"),
            ("My_Photos-1250000000", "\"my-photos-1250000000\""),
            ("-a-1250000000", "begin or end"),
            ("a-123", "lacks its APPID"),
            ("a-name-that-goes-on-and-on-1250000000", "60 are allowed"),
        ] {
            let remark = bucket_remark(bucket, Some("ap-guangzhou"), Dialect::Cos, Language::En).expect(bucket);
            assert!(remark.contains(part), "{remark}");
        }
    }

    #[test]
    fn credentials_are_looked_at_without_being_shown() {
        let permanent = "AKIDEXAMPLE0000000000000000000000000";
        let cases = [
            ("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret\n", None, "SecretKey from X begins or ends with a blank"),
            (" AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", None, "SecretId from X begins or ends with a blank"),
            ("AKIDTESTTESTTEST", "FAKEsecret FAKEsecret", None, "blank inside"),
            ("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", Some("FAKEsecret\t"), "token from X begins or ends"),
            ("AKIDTESTTESTTEST", "\"FAKEsecretFAKEsecret\"", None, "quotes"),
            ("FAKEsecretFAKEsecret", "AKIDTESTTESTTEST", None, "swapped"),
            ("AKIDTESTTESTTEST", "AKIDTESTTESTTEST", None, "pasted as key"),
            ("AKIDTESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTESTTEST", "FAKEsecretFAKEsecret", None, "no session token"),
            (permanent, "FAKEsecretFAKEsecret", Some("FAKEsecretFAKE"), "session token beside it"),
        ];
        for (id, key, token, part) in cases {
            let credentials = Credentials::new(id, key, "X");
            let credentials = match token {
                Some(token) => credentials.with_token(token),
                None => credentials,
            };
            let remarks = credentials_remarks(&credentials, Dialect::Cos, Language::En);
            let [remark] = remarks.as_slice() else { panic!("{part}: {remarks:?}") };
            assert!(remark.contains(part) && !remark.contains("FAKEsecret"), "{remark}");
        }
        let temporary = Credentials::new("ASIATESTTESTTESTTEST", "FAKEsecretFAKEsecret", "X");
        assert!(credentials_remarks(&temporary, Dialect::S3, Language::En)[0].contains("ASIA"));
        for fine in [Credentials::new(permanent, "FAKEsecretFAKEsecret", "X"), Credentials::new("bob", "x", "X")] {
            assert_eq!(credentials_remarks(&fine, Dialect::Cos, Language::En), Vec::<String>::new());
        }
    }
}
