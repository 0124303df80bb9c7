//! What a ticket tells beyond the records.

use jiff::tz::TimeZone;

use crate::domain::probe::Auth;
use crate::domain::profile::Proxies;
use crate::i18n::Language;

/// What the edge knows and no record does.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The language of the text.
    pub language: Language,
    /// For local times.
    pub time_zone: TimeZone,
    /// Who asked, if this session did.
    pub who: Option<Who>,
    /// Hosts of the proxies in use.
    pub proxies: Vec<String>,
    /// The file with every record, where one is written next to the ticket.
    pub evidence: Option<String>,
    /// The keys that get what is missing, where there is a screen.
    pub keys: Keys,
}

/// The keys of the screen that get what a ticket may lack; empty without a screen.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Sends the request again.
    pub often: String,
    /// Runs the checks.
    pub checks: String,
    /// Open the diagnosis tool and take a note of what it says.
    pub note: String,
    /// Write the evidence file.
    pub rest: String,
}

/// Who a request was sent as. Holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// With credentials.
    Signed {
        /// The id, masked.
        id: String,
        /// It has a session token.
        temporary: bool,
        /// Where it came from.
        source: String,
    },
    /// Unsigned.
    Unsigned,
    /// With what the URL or header given carries.
    Carried,
}

impl From<&Auth> for Who {
    fn from(auth: &Auth) -> Self {
        match auth {
            Auth::Anonymous => Self::Unsigned,
            Auth::Carried => Self::Carried,
            Auth::Sign(credentials) => Self::Signed {
                id: credentials.masked_id(),
                temporary: credentials.token.is_some(),
                source: credentials.source.clone(),
            },
        }
    }
}

/// The proxies' hosts and ports, without who logs in to them.
#[must_use]
pub fn proxy_hosts(proxies: &Proxies) -> Vec<String> {
    let urls = proxies.urls().filter_map(|proxy| url::Url::parse(proxy).ok());
    let mut hosts: Vec<_> = urls.filter(url::Url::has_host).map(|url| url.authority().to_owned()).collect();
    for host in &mut hosts {
        if let Some((_, host_alone)) = host.rsplit_once('@') {
            *host = host_alone.to_owned();
        }
    }
    hosts.dedup();
    hosts
}
