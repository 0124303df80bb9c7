//! Remarks on what a request would be sent with, as sentences, in both languages. A remark stops nothing.

use std::borrow::Cow;

use crate::config::profiles::UnresolvedReason;
use crate::config::remark::{ColumnProblem, ConfigRemark, ThemeProblem};
use crate::domain::column::Column;
use crate::domain::profile::Profile;
use crate::domain::regions::RegionRemark;
use crate::domain::validate::{BucketRemark, CredentialFlaw, CredentialPart, CredentialsRemark, MAX_HOST};
use crate::i18n::{Language, Localize, tell};
use crate::text::facts;

impl Localize for RegionRemark {
    fn localize(&self, language: Language) -> String {
        facts::region_remark(self, language)
    }
}

impl Localize for BucketRemark {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Characters { bucket, nearest } => tell!(
                language,
                "bucket \"%{bucket}\": only a-z, 0-9 and \"-\" are allowed. Nearest: \"%{near}\"",
                bucket = bucket,
                near = nearest
            ),
            Self::Edge(bucket) => {
                tell!(language, "bucket \"%{bucket}\" must not begin or end with \"-\"", bucket = bucket)
            }
            Self::NoAppid(bucket) => tell!(
                language,
                "bucket \"%{bucket}\" lacks its APPID. Write \"%{bucket}-1250000000\" with your own digits",
                bucket = bucket
            ),
            Self::TooLong { bucket, length } => tell!(
                language,
                "bucket \"%{bucket}\" is too long: its host has %{length} characters, at most %{most} are allowed",
                bucket = bucket,
                length = length,
                most = MAX_HOST
            ),
        };
        words.into_owned()
    }
}

impl CredentialPart {
    fn name(self) -> &'static str {
        match self {
            Self::Id => "SecretId",
            Self::Key => "SecretKey",
            Self::Token => "token",
        }
    }
}

impl Localize for CredentialsRemark {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Malformed { part, source, flaw } => malformed(part.name(), source, *flaw, language),
            Self::Swapped { source, begin } => tell!(
                language,
                "the SecretKey from %{source} begins with %{begin} like a SecretId. Check that the two are not swapped",
                source = source,
                begin = begin
            ),
            Self::IdAsKey { source, begin } => tell!(
                language,
                "the SecretKey from %{source} begins with %{begin}: it is a SecretId. Copy the key again",
                source = source,
                begin = begin
            ),
            Self::NoToken { source, length, begin } => tell!(
                language,
                "the SecretId from %{source} is a temporary one (%{length} characters, %{begin}…), and its session token is missing",
                source = source,
                length = length,
                begin = begin
            ),
            Self::UnexpectedToken { source, length } => tell!(
                language,
                "the SecretId from %{source} is a permanent one (%{length} characters), but a session token is set",
                source = source,
                length = length
            ),
        };
        words.into_owned()
    }
}

fn malformed(name: &str, source: &str, flaw: CredentialFlaw, language: Language) -> Cow<'static, str> {
    match flaw {
        CredentialFlaw::Characters => tell!(
            language,
            "the %{name} from %{source} has invalid characters. Check that it is not a placeholder",
            name = name,
            source = source
        ),
        CredentialFlaw::OuterSpace => {
            tell!(language, "the %{name} from %{source} begins or ends with whitespace", name = name, source = source)
        }
        CredentialFlaw::InnerSpace => {
            tell!(language, "the %{name} from %{source} contains whitespace", name = name, source = source)
        }
        CredentialFlaw::Quotes => tell!(
            language,
            "the %{name} from %{source} is in quotes, which count as part of it",
            name = name,
            source = source
        ),
    }
}

impl Localize for ConfigRemark {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Region(remark) => return remark.localize(language),
            Self::Credentials(remark) => return remark.localize(language),
            Self::Skipped(error) => return error.localize(language),
            Self::Insecure => {
                tell!(language, "--insecure: certificates are not checked, so any server can answer")
            }
            Self::ReadableByOthers { path, mode } => tell!(
                language,
                "%{path}: it holds secrets and every user of this machine can read it (mode %{mode}). Run chmod 600 %{path}",
                path = path.display(),
                mode = format!("{mode:03o}")
            ),
            Self::Expired { place, program, end } => tell!(
                language,
                "%{place}: credential_process \"%{program}\" printed credentials that expired at %{end}",
                place = place,
                program = program,
                end = end
            ),
            Self::Column { path, line, name, problem } => {
                return format!("{}:{line}: columns.{name}: {}", path.display(), problem.localize(language));
            }
            Self::Theme { path, name, problem } => theme(&path.display().to_string(), name, problem, language),
        };
        words.into_owned()
    }
}

impl Localize for ColumnProblem {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::UnknownKey => tell!(language, "unknown key. Use hidden, added, order or widths"),
            Self::NotAList => tell!(language, "not a list of names. Write for example [\"sure\", \"node\"]"),
            Self::NotATable => tell!(language, "not a table of widths. Write for example { code = 24 }"),
            Self::Width => tell!(language, "invalid width. Use 4 to 60"),
            Self::UnknownColumn(name) => {
                let names: Vec<_> = Column::ALL.iter().map(|column| column.name()).collect();
                tell!(language, "unknown column \"%{name}\". Use %{names}", name = name, names = names.join(", "))
            }
        };
        words.into_owned()
    }
}

fn theme(path: &str, name: &str, problem: &ThemeProblem, language: Language) -> Cow<'static, str> {
    let known = crate::config::screen::THEMES.join(", ");
    match problem {
        ThemeProblem::Unknown => tell!(
            language,
            "%{path}: unknown theme \"%{name}\", so auto is used. Use %{known}",
            path = path,
            name = name,
            known = known
        ),
        ThemeProblem::NotFound(file) => tell!(
            language,
            "%{path}: unknown theme \"%{name}\", so auto is used. Use %{known}, or create %{file}",
            path = path,
            name = name,
            known = known,
            file = file.display()
        ),
        ThemeProblem::Unreadable(error) => {
            tell!(language, "%{error}. The theme auto is used", error = error.localize(language))
        }
    }
}

/// Returns a profile's masked SecretId and its source, or that there is none.
#[must_use]
pub fn credentials(profile: &Profile, language: Language) -> Cow<'static, str> {
    match &profile.credentials {
        Some(credentials) => {
            let (id, source) = (credentials.masked_id(), &credentials.source);
            tell!(language, "%{id} from %{source}", id = id, source = source)
        }
        None if profile.anonymous => tell!(language, "anonymous"),
        None => tell!(language, "no credentials"),
    }
}

impl Localize for UnresolvedReason {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::RunsProcess => tell!(language, "runs its credential_process when it is chosen").into_owned(),
            Self::Unusable(error) => {
                tell!(language, "cannot be used: %{error}", error = error.localize(language)).into_owned()
            }
        }
    }
}
