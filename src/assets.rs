//! The TOML files of `assets/` that are built into the program.

use serde::de::DeserializeOwned;

/// Reads a file that is built in. Tests read every one of them, so an invalid one is not released.
pub(crate) fn read<T: DeserializeOwned>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("assets/{name}: {error}"))
}

/// `asset!("regions.toml")`: the file as the type that is expected.
macro_rules! asset {
    ($name:literal) => {
        $crate::assets::read($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $name)))
    };
}
pub(crate) use asset;
