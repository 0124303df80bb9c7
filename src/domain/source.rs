//! Where records and their request ids come from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a record came from. In JSON `probe`, or `import:FILE:LINE`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Source {
    /// It was sent from here.
    #[default]
    Probe,
    /// It was read from a file.
    Import {
        /// The file, as it was given; `-` is standard input.
        name: String,
        /// The line, from 1; `None` where a record of another program does not say.
        line: Option<u64>,
    },
}

impl Source {
    /// It was sent from here.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        *self == Self::Probe
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        if text == "probe" {
            return Self::Probe;
        }
        let place = text.strip_prefix("import:").unwrap_or(text);
        let parts = place.rsplit_once(':').and_then(|(name, line)| Some((name, line.parse().ok()?)));
        match parts {
            Some((name, line)) => Self::Import { name: name.to_owned(), line: Some(line) },
            None => Self::Import { name: place.to_owned(), line: None },
        }
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.to_string()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Probe => f.write_str("probe"),
            Self::Import { name, line: Some(line) } => write!(f, "import:{name}:{line}"),
            Self::Import { name, line: None } => write!(f, "import:{name}"),
        }
    }
}

/// Where a request id was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdSource {
    /// In a header of the response.
    Header,
    /// In its body.
    Body,
    /// In a log.
    Log,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_written_as_it_was_read() {
        let import = |name: &str, line| Source::Import { name: name.to_owned(), line };
        for (text, source) in [
            ("probe", Source::Probe),
            ("import:error.txt:7", import("error.txt", Some(7))),
            ("import:C:/logs/a.log:12", import("C:/logs/a.log", Some(12))),
            ("import:-", import("-", None)),
        ] {
            assert_eq!(Source::from(text), source, "{text}");
            assert_eq!(source.to_string(), text);
        }
    }
}
