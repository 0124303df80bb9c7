//! The secrets of a plan, collected from one probe after the other.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::credentials::Credentials;
use crate::domain::percent;
use crate::domain::probe::{Auth, Probe};

/// The secrets of a plan, each once: its credentials, and what its headers and URLs carry.
#[derive(Clone, Debug, Default)]
pub struct PlanSecrets {
    pub(super) secrets: BTreeSet<String>,
    last: Option<Arc<Credentials>>,
}

impl PlanSecrets {
    /// The secrets of these probes.
    #[must_use]
    pub fn of(probes: &[Probe]) -> Self {
        let mut all = Self::default();
        for probe in probes {
            all.add(probe);
        }
        all
    }

    /// Adds the secrets of a probe.
    pub fn add(&mut self, probe: &Probe) {
        let own = match &probe.auth {
            Auth::Sign(credentials) => Some(credentials),
            Auth::Anonymous | Auth::Carried => probe.identity.as_ref(),
        };
        if let Some(credentials) = own.filter(|own| !self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, own))) {
            self.secrets.insert(credentials.expose_key().to_owned());
            self.secrets.extend(credentials.id_and_key_swapped().then(|| credentials.id.clone()));
            self.secrets.extend(credentials.expose_token().map(str::to_owned));
            self.last = Some(Arc::clone(credentials));
        }
        if matches!(probe.auth, Auth::Carried) {
            let carried = percent::query_pairs(probe.url.query().unwrap_or_default());
            let carried = carried.into_iter().filter(|(name, _)| is_secret_parameter(name));
            self.secrets.extend(carried.map(|(_, value)| value));
        }
        let given = probe.headers.iter().filter(|(name, _)| is_secret_header(name));
        self.secrets.extend(given.flat_map(|(_, value)| parts_of_header(value)));
    }
}

/// A secret header's value, and the parts of it that are secrets by themselves: each cookie's value,
/// the credential after a scheme, the signature among an authorization's fields.
fn parts_of_header(value: &str) -> Vec<String> {
    let fields = value.split([';', '&', ',']).filter_map(|field| field.split_once('=')).map(|(_, value)| value.trim());
    let after_scheme = value.split_once(' ').map(|(_, credential)| credential);
    std::iter::once(value)
        .chain(after_scheme)
        .chain(fields.filter(|field| field.len() >= 8))
        .map(str::to_owned)
        .collect()
}

/// Whether a URL parameter's value is secret.
fn is_secret_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "sign" || name.ends_with("signature") || name.ends_with("security-token")
}

const CUSTOMER_KEY: &str = "server-side-encryption-customer-key";

/// Whether a header's whole value is secret.
pub fn is_secret_header(name: &str) -> bool {
    let is_lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
    let name = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_ascii_lowercase()) };
    matches!(&*name, "authorization" | "proxy-authorization" | "cookie" | "set-cookie")
        || name.ends_with("security-token")
        || (name.len() > CUSTOMER_KEY.len() && name.contains(CUSTOMER_KEY))
}
