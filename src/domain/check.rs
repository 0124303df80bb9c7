//! Checks: read-only requests that each change one factor of a failed one.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// The factor that a check changes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CheckKind {
    /// HEAD becomes GET. The engine asks this of every failed HEAD.
    GetTwin,
    /// Without a signature.
    Anonymous,
    /// The same key asks for the account's buckets: does it work at all, and where is the bucket.
    ServiceList,
    /// Unsigned HEADs of the bucket in every other region.
    RegionSweep,
    /// Signed by the store's clock.
    ClockCorrected,
    /// By the vendor's other domain.
    BackupDomain,
    /// The bucket in the host, not in the path.
    VirtualHost,
    /// http for https, or the other way round.
    OtherScheme,
    /// Without the proxy.
    Direct,
    /// Once to each address of the host.
    EachAddress,
    /// With, or without, a Referer.
    Referer,
    /// The CORS rules, or the preflight with less asked for.
    Preflight,
    /// Without the session token.
    WithoutToken,
    /// The versions of the key: does a delete marker hide it.
    Versions,
}

impl CheckKind {
    /// The name in a record, such as `anonymous`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
