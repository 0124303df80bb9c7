//! Sections of `key = value` lines, as coscmd (Python's configparser) and the AWS tools write them.

use std::path::Path;

use ini::{Ini, ParseOption};

use super::error::ConfigError;

/// A read file.
pub struct IniFile(Ini);

impl IniFile {
    /// Reads the text.
    ///
    /// # Errors
    /// With file and line. The line itself is not repeated: it may be a secret.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let text = text.trim_start_matches('\u{feff}');
        let wrong = |line| ConfigError::Ini { path: path.to_owned(), line };
        // The library would take such a line for the beginning of the next one's key.
        if let Some(at) = text.lines().position(|line| !is_one(line)) {
            return Err(wrong(at + 1));
        }
        // Nor does it know comments and continued values that are indented.
        let text: String =
            text.lines().map(|line| if is_apart(line) { "\n".to_owned() } else { format!("{line}\n") }).collect();
        let options = ParseOption {
            enabled_quote: false,
            enabled_escape: false,
            enabled_indented_mutiline_value: false,
            // A key with blanks before it belongs to the key above it: `s3 =` and its settings.
            enabled_preserve_key_leading_whitespace: true,
        };
        Ini::load_from_str_opt(&text, options).map(Self).map_err(|error| wrong(error.line))
    }

    /// A key of a section that is not empty.
    #[must_use]
    pub fn get(&self, section: &str, key: &str) -> Option<String> {
        let value = self.0.section(Some(section))?.get(key)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A key indented below another one of a section.
    #[must_use]
    pub fn get_below(&self, section: &str, above: &str, key: &str) -> Option<String> {
        let lines = self.0.section(Some(section))?.iter();
        let mut below = lines.skip_while(|(name, _)| *name != above).skip(1);
        let found =
            below.by_ref().take_while(|(name, _)| name.starts_with([' ', '\t'])).find(|(name, _)| name.trim() == key);
        found.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Whether there is such a section.
    #[must_use]
    pub fn has(&self, section: &str) -> bool {
        self.0.section(Some(section)).is_some()
    }

    /// The sections' names in the order of the file.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.0.sections().flatten()
    }
}

/// A comment, or the rest of a value that began above.
fn is_apart(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with(['#', ';']);
    is_comment || (line.starts_with([' ', '\t']) && !line.contains(['=', ':']))
}

/// Whether a line is one that such a file has. What is indented goes on with the value above it.
fn is_one(line: &str) -> bool {
    let bare = line.trim();
    bare.is_empty()
        || bare.starts_with(['#', ';'])
        || line.starts_with([' ', '\t'])
        || (bare.starts_with('[') && bare.contains(']'))
        || (!bare.starts_with('[') && bare.contains(['=', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_keys_are_told_from_plain_ones() {
        let text = "# c\n[default]\nregion=eu-west-1\n[services own]\ndynamodb =\n  endpoint_url = http://other\ns3 =\n  endpoint_url = http://127.0.0.1:9000\n  x = y\nz = 1\n";
        let file = IniFile::parse(text, Path::new("f")).expect("read");
        assert_eq!(file.get("default", "region").as_deref(), Some("eu-west-1"));
        assert_eq!(file.get("services own", "endpoint_url"), None);
        assert_eq!(file.get_below("services own", "s3", "endpoint_url").as_deref(), Some("http://127.0.0.1:9000"));
        assert_eq!(file.get_below("services own", "s3", "z"), None);
        assert_eq!(file.get("services own", "z").as_deref(), Some("1"));
        let text = "[default]\naws_access_key_id = A\n  # rotated = 2026\n  more\naws_secret_access_key = K\n";
        let file = IniFile::parse(text, Path::new("f")).expect("read");
        assert_eq!(file.get("default", "aws_secret_access_key").as_deref(), Some("K"));
        let error = IniFile::parse("[a]\nb = c\nhidden\n[d", Path::new("f")).err();
        assert_eq!(error, Some(ConfigError::Ini { path: "f".into(), line: 3 }));
    }
}
