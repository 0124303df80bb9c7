//! The elements of a signed text.

use serde::{Deserialize, Serialize};
use strum::EnumIter;

/// The element of a signature that differs between the store's text and ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "elementId", content = "elementValues", rename_all = "kebab-case")]
pub enum SignedElement {
    /// The words of a record that an earlier version wrote: the element, and what usually changes it.
    Told(String, String),
    /// The method.
    Method,
    /// The path.
    Path,
    /// The path, encoded in another way.
    PathEncoding,
    /// A parameter.
    Parameter(String),
    /// A parameter, encoded in another way.
    ParameterEncoding(String),
    /// The order of the parameters.
    ParameterOrder,
    /// A header.
    Header(String),
    /// The order of the headers.
    HeaderOrder,
    /// More lines than a signature has.
    MoreLines,
    /// The list of signed headers.
    SignedHeaders,
    /// The hash of the body.
    Payload,
    /// The algorithm in the string to sign.
    Algorithm,
    /// The time in the string to sign.
    Time,
    /// Date, region and service in the string to sign.
    Scope,
    /// Another line of the string to sign.
    StringToSign,
    /// A header whose value is hidden, or one of several.
    Hidden(Vec<String>),
    /// Nothing: the key.
    #[default]
    Key,
}

impl SignedElement {
    /// Returns the key of `assets/signature.toml` that says what usually changes it.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Told(..) => "",
            Self::Method => "method",
            Self::Path => "path",
            Self::PathEncoding => "path-encoding",
            Self::Parameter(_) => "parameter",
            Self::ParameterEncoding(_) => "parameter-encoding",
            Self::ParameterOrder => "parameter-order",
            Self::Header(name) if name == "host" => "header-host",
            Self::Header(_) | Self::MoreLines => "header",
            Self::HeaderOrder => "header-order",
            Self::SignedHeaders => "signed-headers",
            Self::Payload => "payload",
            Self::Algorithm | Self::Scope | Self::StringToSign => "scope",
            Self::Time => "time",
            Self::Hidden(_) => "hidden",
            Self::Key => "key",
        }
    }
}
