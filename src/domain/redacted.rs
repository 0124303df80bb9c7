//! The mark that replaces a secret.

/// Replaces a secret in every text that is kept or shown.
pub const REDACTED: &str = "[redacted]";
