//! What a body is called: its root element, or what else it is.

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
