//! A recorded request, to be sent again.

use super::{ASKING, Probe, ProbeError, RequestOptions};
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::domain::redacted::REDACTED;
use crate::domain::target;

impl Probe {
    /// Plans a recorded request with this profile: its method and URL, signed again.
    ///
    /// # Errors
    /// When it would write, another dialect or a signature of its own is needed, or its URL is none.
    pub fn replay(record: &Record, profile: &Profile, extras: &RequestOptions) -> Result<Self, ProbeError> {
        if !matches!(record.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            return Err(ProbeError::ReplayWrites(record.method.clone()));
        }
        if record.dialect != profile.dialect {
            let (recorded, own) = (record.dialect, profile.dialect);
            return Err(ProbeError::ReplayDialect { recorded, profile: profile.name.clone(), own });
        }
        if record.url.contains(REDACTED) {
            return Err(ProbeError::ReplaySignature);
        }
        let url = target::read(&record.url).map_err(|_| ProbeError::ReplayUrl)?;
        let mut probe = Self::of_url(&url, false, profile, extras)?;
        probe.operation.clone_from(&record.operation);
        probe.method.clone_from(&record.method);
        probe.expect_as(url.query().unwrap_or_default());
        let asked = record.request.headers.iter().filter(|(name, _)| ASKING.contains(&name.as_str()));
        for (name, value) in asked {
            if !probe.headers.iter().any(|(given, _)| given == name) {
                probe.headers.push((name.clone(), value.clone()));
            }
        }
        if probe.method == "OPTIONS" {
            probe.auth = super::Auth::Anonymous;
        }
        Ok(probe)
    }
}
