//! What a row's request was for, in two parts: many rows share the first.

use std::fmt;

/// Bucket and key, or a URL without its scheme; cut at the first slash, which the second part begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowTarget<'a> {
    /// The bucket, or the host of a request that names none.
    pub bucket: &'a str,
    /// The rest, from the first slash on; empty if the target has no slash.
    pub rest: &'a str,
}

impl<'a> RowTarget<'a> {
    /// The parts of a target.
    #[must_use]
    pub fn of(target: &'a str) -> Self {
        let (bucket, rest) = target.split_at(target.find('/').unwrap_or(target.len()));
        Self { bucket, rest }
    }

    /// The key, without the slash in front of it.
    #[must_use]
    pub fn key(&self) -> &'a str {
        self.rest.strip_prefix('/').unwrap_or_default()
    }
}

impl fmt::Display for RowTarget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.bucket)?;
        f.write_str(self.rest)
    }
}
