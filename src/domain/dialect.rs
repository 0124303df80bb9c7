//! The two request dialects: COS and S3.

use serde::{Deserialize, Serialize};

/// The request and signature dialect spoken to the store.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Tencent Cloud COS: `q-sign-algorithm=sha1` (document 436/7778).
    #[default]
    Cos,
    /// S3-compatible: AWS Signature Version 4.
    S3,
}

impl Dialect {
    /// The name used on the command line and in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
