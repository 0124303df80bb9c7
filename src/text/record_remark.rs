//! Remarks on a record as sentences, in both languages: the one place that puts them into words.

use std::borrow::Cow;
use std::fmt;

use crate::domain::record_remark::{ForeignBody, RecordRemark};
use crate::i18n::{Language, Localize, tell};
use crate::text::facts::document;

type Words = Cow<'static, str>;

impl fmt::Display for RecordRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localize(Language::En))
    }
}

impl Localize for RecordRemark {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Told(words) => Cow::Owned(words.clone()),
            Self::SubResourceIgnored { operation, document: sent } => tell!(
                language,
                "this store does not support %{operation}: it sent %{document}, as it does without the sub-resource",
                operation = operation,
                document = document(sent, language)
            ),
            Self::SubResourceLost { operation, document: got } => tell!(
                language,
                "the sub-resource did not arrive: %{operation} got %{document}",
                operation = operation,
                document = document(got, language)
            ),
            Self::WholeAccount => {
                tell!(language, "the account's list of buckets came back, not the bucket's answer")
            }
            Self::OtherBucket { bucket } => tell!(language, "the list is of the bucket \"%{bucket}\"", bucket = bucket),
            Self::OtherDocument { operation, document: got } => tell!(
                language,
                "not what %{operation} returns: %{document}",
                operation = operation,
                document = document(got, language)
            ),
            Self::NotSupported { operation } => {
                tell!(language, "this store does not support %{operation}", operation = operation)
            }
            Self::HeadersCut => tell!(language, "some headers are left out: together they were over 64 KiB"),
            Self::IdNotExposed => tell!(
                language,
                "the rule that allows this does not expose x-cos-request-id (ExposeHeader): a page's script cannot read the RequestId"
            ),
            Self::EmptyObject => {
                tell!(language, "the object is empty: its first byte, which was asked for, is not there")
            }
            Self::SentElsewhere { server, location } => tell!(
                language,
                "sent elsewhere by %{server}: %{location}",
                server = server_name(server.as_deref(), language),
                location = location
            ),
            Self::NotTheStore { server, body } => tell!(
                language,
                "%{body} from %{server}, not from the store: no request id",
                body = foreign_body(body, language),
                server = server_name(server.as_deref(), language)
            ),
            Self::ErrorInSuccess { status } => {
                tell!(language, "status %{status}, but the body is an error", status = status)
            }
            Self::HeadAndGet { head, get, exception, two_permissions } => {
                let head = status(*head, language);
                let get = exception.clone().map_or_else(|| status(*get, language), Cow::Owned);
                if *two_permissions {
                    tell!(
                        language,
                        "HEAD answered %{head}, the same request as GET %{get}: HEAD and GET are two permissions",
                        head = head,
                        get = get
                    )
                } else {
                    tell!(language, "HEAD answered %{head}, the same request as GET %{get}", head = head, get = get)
                }
            }
            Self::AroundId(text) => tell!(language, "the text around the id: %{text}", text = text),
            Self::PrintedAgain { times, lines, more } => {
                let lines = lines.iter().map(u64::to_string).collect::<Vec<_>>().join(&tell!(language, ", "));
                if *more {
                    tell!(language, "printed %{times} times: line %{lines} and more", times = times, lines = lines)
                } else {
                    tell!(language, "printed %{times} times: line %{lines}", times = times, lines = lines)
                }
            }
            Self::ZoneAssumed => tell!(language, "the time stands in the text without a zone: UTC is assumed"),
            Self::NoTime => tell!(language, "no time stands in the text: that of reading it is shown"),
            Self::HiddenByBrowser => {
                tell!(language, "the browser shows neither status nor RequestId of such a request")
            }
            Self::FromBrowserCache => {
                tell!(language, "the browser had this answer in its own cache; the time is that of the answer")
            }
        };
        words.into_owned()
    }
}

fn status(status: Option<u16>, language: Language) -> Words {
    status.map_or_else(|| tell!(language, "nothing"), |status| status.to_string().into())
}

fn server_name(server: Option<&str>, language: Language) -> Words {
    server.map_or_else(|| tell!(language, "a server without a name"), |server| server.to_owned().into())
}

fn foreign_body(body: &ForeignBody, language: Language) -> Words {
    match body {
        ForeignBody::Page(Some(title)) => tell!(language, "HTML page \"%{title}\"", title = title),
        ForeignBody::Page(None) => tell!(language, "an HTML page"),
        ForeignBody::Text(text) => Cow::Owned(format!("\"{text}\"")),
        ForeignBody::Empty => tell!(language, "an empty body"),
        ForeignBody::Other => tell!(language, "an answer"),
    }
}
