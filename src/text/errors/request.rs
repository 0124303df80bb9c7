//! What is wrong with a target, an operation, a filter, or what is made of them.

use crate::domain::bucket_list::BucketListError;
use crate::domain::endpoint::EndpointError;
use crate::domain::operation::{Scope, UnknownOperation};
use crate::domain::probe::ProbeError;
use crate::domain::query::{QueryError, Wrong};
use crate::domain::target::{TargetError, UrlError};
use crate::domain::target_arg::{MAX_LINE, MAX_REQUESTS, SkippedLines, TargetFileError, TargetLineError};
use crate::i18n::{Language, Localize, tell};
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;

use super::io_reason;

/// The most of a target or line that is repeated.
const QUOTED: usize = 200;

impl Localize for EndpointError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::InvalidUrl(text) => tell!(
                language,
                "invalid endpoint \"%{text}\". Use a URL such as %{first} or %{second}",
                text = text,
                first = "https://{bucket}.cos.{region}.myqcloud.com",
                second = "http://127.0.0.1:9000"
            ),
            Self::NoRegion => tell!(
                language,
                "no region. Use --region, such as ap-guangzhou, set region in the profile, or use a full URL"
            ),
            Self::UnsendableKey(key) => {
                tell!(language, "key \"%{key}\": a URL cannot hold it, its dots would name another path", key = key)
            }
            Self::InvalidHost { bucket, region } => tell!(
                language,
                "bucket \"%{bucket}\" and region \"%{region}\" do not form a host name. Use only letters, digits, \"-\" and \".\"",
                bucket = bucket,
                region = region
            ),
        };
        words.into_owned()
    }
}

impl Localize for UrlError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::NoHost => tell!(language, "the host is missing"),
            Self::Port => tell!(language, "the port is invalid"),
            Self::Syntax => tell!(language, "it is not a URL"),
            Self::Dots => tell!(language, "the dots in its path would name another path"),
        };
        words.into_owned()
    }
}

impl Localize for TargetError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Form(text) => tell!(
                language,
                "\"%{text}\" is not a target. Use BUCKET, BUCKET/KEY, cos://BUCKET/KEY, s3://BUCKET/KEY or a URL",
                text = truncate_end(text, QUOTED)
            ),
            Self::Scheme { text, scheme, nearest: None } => tell!(
                language,
                "\"%{text}\": unknown scheme \"%{scheme}\". Use cos, s3, http or https",
                text = truncate_end(text, QUOTED),
                scheme = truncate_end(scheme, QUOTED)
            ),
            Self::Scheme { text, scheme, nearest: Some(nearest) } => tell!(
                language,
                "\"%{text}\": unknown scheme \"%{scheme}\". Did you mean \"%{nearest}\"?",
                text = truncate_end(text, QUOTED),
                scheme = scheme,
                nearest = nearest
            ),
            Self::Url { text, error } => tell!(
                language,
                "invalid URL \"%{text}\": %{reason}",
                text = truncate_end(text, QUOTED),
                reason = error.localize(language)
            ),
            Self::UserInfo => tell!(
                language,
                "a URL with user:password is not sent. Take credentials from the environment or a profile"
            ),
        };
        words.into_owned()
    }
}

impl Localize for ProbeError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Endpoint(error) => return error.localize(language),
            Self::Scope { operation, scope: Scope::Object, target } => tell!(
                language,
                "%{operation} needs a key, and \"%{target}\" has none",
                operation = operation,
                target = target
            ),
            Self::Scope { operation, target, .. } => tell!(
                language,
                "%{operation} needs a bucket, and \"%{target}\" has none",
                operation = operation,
                target = target
            ),
            Self::NoOrigin => tell!(
                language,
                "options-object needs an origin. Use --origin, such as --origin https://www.example.com"
            ),
            Self::Presigned => {
                tell!(language, "a presigned URL is sent as it is. Leave out --op, --suite and --request")
            }
            Self::InvalidRequest(text) => tell!(
                language,
                "invalid request \"%{text}\". Use a method and a path, such as 'GET /?uploads'",
                text = text
            ),
            Self::Writes(method) => tell!(
                language,
                "--request %{method} would write. Use GET, HEAD or OPTIONS; only --suite write writes",
                method = method
            ),
            Self::ReplayWrites(method) => {
                tell!(language, "cannot be sent again: %{method} would write", method = method)
            }
            Self::ReplayDialect { recorded, profile, own } => tell!(
                language,
                "cannot be sent again: it is a request of %{recorded}, and profile %{profile} uses %{own}",
                recorded = recorded.as_str(),
                profile = profile,
                own = own.as_str()
            ),
            Self::ReplaySignature => {
                tell!(language, "cannot be sent again: its URL carried a signature, which is never kept")
            }
            Self::ReplayUrl => tell!(language, "cannot be sent again: its URL is incomplete"),
        };
        words.into_owned()
    }
}

impl Localize for BucketListError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::NoCredentials(variables) => tell!(
                language,
                "cos://* needs credentials: set %{variables}, or name the buckets one by one",
                variables = variables
            ),
            Self::Operation(error) => return error.localize(language),
            Self::Probe(error) => return error.localize(language),
            Self::NoAnswer => tell!(language, "cos://*: the request gave no answer"),
        };
        words.into_owned()
    }
}

impl Localize for UnknownOperation {
    fn localize(&self, language: Language) -> String {
        let name = &self.name;
        let words = if let Some(nearest) = self.nearest {
            tell!(
                language,
                "unknown operation \"%{name}\". Did you mean \"%{nearest}\"?",
                name = name,
                nearest = nearest
            )
        } else {
            tell!(language, "unknown operation \"%{name}\"", name = name)
        };
        words.into_owned()
    }
}

impl Localize for QueryError {
    fn localize(&self, language: Language) -> String {
        let near = self.better.as_ref().map(|(_, near)| near.as_str());
        let short = |text: &str| truncate_end(&sanitize(text), 24);
        let words = match (&self.wrong, near) {
            (Wrong::Field(name), Some(near)) => {
                tell!(language, "%{name} is not a field; %{near}?", name = short(name), near = near)
            }
            (Wrong::Field(name), None) => tell!(language, "%{name} is not a field", name = short(name)),
            (Wrong::Status(_), _) => tell!(language, "a status is 403, 4xx, >=500 or none"),
            (Wrong::Latency(_), _) => tell!(language, "a latency is >2s or <150ms"),
            (Wrong::Sure(text), Some(near)) => {
                tell!(language, "%{text} is not a certainty; %{near}?", text = short(text), near = near)
            }
            (Wrong::Sure(_), None) => tell!(language, "sure is certain, likely, possible or none"),
        };
        words.into_owned()
    }
}

impl Localize for TargetLineError {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::Target(error) => truncate_end(&sanitize(&error.localize(language)), QUOTED),
            Self::NotUtf8 => tell!(language, "not UTF-8 text").into_owned(),
            Self::TooLong => tell!(language, "longer than %{n} bytes", n = MAX_LINE).into_owned(),
        }
    }
}

impl Localize for SkippedLines {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::One { name, line, error } => {
                let words = tell!(language, "%{reason}. The line is skipped.", reason = error.localize(language));
                format!("{name}:{line}: {words}")
            }
            Self::More { name, count } => {
                tell!(language, "%{name}: %{n} more invalid lines are skipped", name = name, n = count).into_owned()
            }
        }
    }
}

impl Localize for TargetFileError {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::Read { name, line, kind } => format!("{name}:{line}: {}", io_reason(*kind, language)),
            Self::TooMany { name, line } => {
                let words = tell!(language, "more than %{n} targets. Split the file", n = MAX_REQUESTS);
                format!("{name}:{line}: {words}")
            }
            Self::AllInvalid { name, count } => {
                tell!(language, "%{name}: no valid targets (%{n} invalid lines)", name = name, n = count).into_owned()
            }
            Self::Empty(name) => tell!(language, "%{name}: no targets", name = name).into_owned(),
        }
    }
}
