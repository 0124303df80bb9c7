//! What rules look at: the record, what else is known, and both in the forms that rules ask for.

use url::Url;

use crate::diagnosis::checks::CheckResult;
use crate::domain::credentials::CredentialTraits;
use crate::domain::exchange::header;
use crate::domain::fact::Fact;
use crate::domain::record::{CodeFrom, Exception, Record};
use crate::domain::target;
use crate::domain::vocabulary;

/// What is known in addition to the record.
#[derive(Clone, Debug, Default)]
pub struct RuleInput<'a> {
    /// The shape of the credentials that the request was signed with.
    pub shape: Option<CredentialTraits>,
    /// The results of the checks so far.
    pub results: &'a [CheckResult],
}

/// What a record says, in the forms that rules ask for.
pub struct RuleContext<'a> {
    pub record: &'a Record,
    pub known: &'a RuleInput<'a>,
    pub code: String,
    pub message: String,
}

impl<'a> RuleContext<'a> {
    /// A record with what else is known.
    pub fn of(record: &'a Record, known: &'a RuleInput<'a>) -> Self {
        Self {
            record,
            known,
            code: code(record),
            message: record.error.message.as_deref().unwrap_or_default().to_lowercase(),
        }
    }

    /// Whether the request carried a signature. Of one that was not sent from here only its presence
    /// tells: browsers and people leave secrets out of what they hand on.
    pub fn is_signed(&self) -> Option<bool> {
        let in_url = self.query_is(target::is_presigned);
        if in_url || self.sent_header("authorization").is_some() {
            return Some(true);
        }
        // The store's own log names the requester; "-" means anonymous.
        // curl shows every line that it sent.
        let is_curls = self.sent_header("user-agent").is_some_and(|agent| agent.starts_with("curl/"));
        let is_whole = is_curls && self.sent_header("accept").is_some();
        let absence_tells = self.record.source.is_probe() || self.record.code_from == CodeFrom::Log || is_whole;
        (absence_tells && !self.record.request.headers.is_empty()).then_some(false)
    }

    /// The request carried a session token.
    pub fn has_token(&self) -> bool {
        let in_url = self.query_is(target::carries_a_token);
        in_url || self.record.request.headers.iter().any(|(name, _)| name.ends_with("-security-token"))
    }

    /// Whether the URL is one by its query; most have none and need not be parsed.
    fn query_is(&self, test: fn(&Url) -> bool) -> bool {
        self.record.url.contains('?') && Url::parse(&self.record.url).is_ok_and(|url| test(&url))
    }

    /// What the signature was made of is known: it was signed here, not by the author of the URL.
    pub fn is_signed_here(&self) -> bool {
        self.record.request.string_to_sign.is_some()
    }

    pub fn sent_header(&self, name: &str) -> Option<&str> {
        header(&self.record.request.headers, name)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.record.headers.as_ref().and_then(|headers| header(headers, name))
    }

    /// The Message says no more than `AccessDenied` does.
    pub fn is_plain_access_denied(&self) -> bool {
        self.message.trim_end_matches('.') == "access denied"
    }

    /// Code and Message as the evidence of a verdict.
    pub fn said(&self) -> Fact {
        let error = &self.record.error;
        let code = error.code.clone().unwrap_or_default();
        match &self.record.client_failure {
            Some(failure) => Fact::Client { code, failure: failure.clone() },
            None => Fact::Error { code, message: error.message.clone() },
        }
    }
}

/// The Code in lower case: the one that is there, else the one that the Message comes with. A client's own word is
/// none of the store's.
fn code(record: &Record) -> String {
    let message = record.error.message.as_deref().unwrap_or_default();
    let is_own =
        |code: &&str| !is_read(record) || record.exception == Some(Exception::Client) || !vocabulary::is_wrapper(code);
    let own = record.error.code.as_deref().filter(is_own);
    let by_message = || is_read(record).then(|| vocabulary::code_of(message)).flatten();
    own.or_else(by_message).unwrap_or_default().to_ascii_lowercase()
}

/// It was imported or pasted.
pub fn is_read(record: &Record) -> bool {
    !record.source.is_probe()
}
