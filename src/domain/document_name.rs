//! What a body is called: its root element, or what else it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a body is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentName {
    /// XML with this root element.
    Root(String),
    /// No bytes.
    #[default]
    Empty,
    /// An HTML page.
    Html,
    /// JSON.
    Json,
    /// Bytes that are not text.
    Binary,
    /// Other text.
    Text,
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Root(root) => root,
            Self::Empty => "an empty body",
            Self::Html => "an HTML page",
            Self::Json => "JSON",
            Self::Binary => "binary data",
            Self::Text => "text",
        })
    }
}
