//! Where a setting is from.

/// Nothing sets it.
pub const BUILT_IN: &str = "built in";

/// A setting, and the flag, variable, file or default that won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its name.
    pub setting: &'static str,
    /// Its value, without secrets.
    pub value: String,
    /// Where it is from.
    pub from: String,
}

impl Origin {
    /// Names a setting, its value and where it is from.
    pub fn new(setting: &'static str, value: impl Into<String>, from: impl Into<String>) -> Self {
        Self { setting, value: value.into(), from: from.into() }
    }
}
