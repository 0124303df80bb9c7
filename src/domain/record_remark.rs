//! What a person should know of a record that none of its fields says: data, which `text::record_remark` puts into
//! words.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use strum::EnumIter;

use super::document_name::DocumentName;

/// A remark with its values. `remarkId` is stable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "remarkId", content = "values", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "text::record_remark has a sentence for each, which says what it is")]
pub enum RecordRemark {
    /// The words of a record that another version wrote.
    Told(String),

    /// The sub-resource was ignored.
    SubResourceIgnored {
        operation: String,
        document: DocumentName,
    },
    SubResourceLost {
        operation: String,
        document: DocumentName,
    },
    #[default]
    WholeAccount,
    OtherBucket {
        bucket: String,
    },
    OtherDocument {
        operation: String,
        document: DocumentName,
    },
    NotSupported {
        operation: String,
    },
    HeadersCut,
    IdNotExposed,
    EmptyObject,
    SentElsewhere {
        server: Option<String>,
        location: String,
    },
    NotTheStore {
        server: Option<String>,
        body: ForeignBody,
    },
    ErrorInSuccess {
        status: u16,
    },
    /// HEAD and GET of the same were answered differently.
    HeadAndGet {
        head: Option<u16>,
        get: Option<u16>,
        /// The client exception of the GET.
        exception: Option<String>,
        /// One is allowed and the other is not.
        two_permissions: bool,
    },

    AroundId(String),
    PrintedAgain {
        times: usize,
        lines: Vec<u64>,
        /// There are more lines than these.
        more: bool,
    },
    ZoneAssumed,
    NoTime,
    HiddenByBrowser,
    FromBrowserCache,
}

impl From<String> for RecordRemark {
    fn from(words: String) -> Self {
        Self::Told(words)
    }
}

/// What another server sent in the place of the store's document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignBody {
    /// An HTML page, and its title.
    Page(Option<String>),
    /// A text, or its beginning.
    Text(String),
    /// No bytes.
    Empty,
    /// Anything else.
    #[default]
    Other,
}

/// Writes remarks as sentences that any program can read, and beside them as data.
pub(super) fn serialize<S: Serializer>(remarks: &[RecordRemark], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Written<'a> {
        remarks: Vec<String>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        remark_facts: &'a [RecordRemark],
    }
    Written { remarks: remarks.iter().map(ToString::to_string).collect(), remark_facts: remarks }.serialize(serializer)
}

/// Reads remarks of any version: a sentence whose data is missing or not known stays a sentence.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RecordRemark>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    #[derive(Default)]
    struct Stored {
        remarks: Vec<String>,
        remark_facts: Vec<Value>,
    }
    let Stored { remarks, remark_facts } = Stored::deserialize(deserializer)?;
    let mut data = remark_facts.into_iter();
    let remark = |words: String| {
        let known = data.next().and_then(|value| serde_json::from_value(value).ok());
        known.unwrap_or(RecordRemark::Told(words))
    };
    Ok(remarks.into_iter().map(remark).collect())
}
