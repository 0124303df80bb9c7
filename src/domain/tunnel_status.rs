//! The status that a proxy gave to CONNECT, as clients write it.

use super::client_failure::ClientFailure;
use super::record::Record;

/// The status that a record tells of.
#[must_use]
pub fn of_record(record: &Record) -> Option<u16> {
    match &record.client_failure {
        Some(ClientFailure::TunnelRefused { refusal, .. }) => Some(refusal.status),
        Some(ClientFailure::ProxyLogin { .. }) => Some(407),
        Some(ClientFailure::Told(words)) => in_message(words),
        Some(_) => None,
        None => in_message(record.error.message.as_deref()?),
    }
}

/// The status in a message about a tunnel that was refused: a number of three digits outside of an
/// address, such as in `Tunnel connection failed: 403 Forbidden`.
fn in_message(message: &str) -> Option<u16> {
    let words = message.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ':')));
    let numbers = words.map(|word| word.trim_end_matches(['.', ':'])).filter(|word| word.len() == 3);
    numbers.filter_map(|word| word.parse().ok()).find(|status| (400..600).contains(status))
}

#[cfg(test)]
mod tests {
    use super::in_message;

    #[test]
    fn it_is_found_as_clients_write_it() {
        for (message, status) in [
            (
                "no connection through the proxy http://10.0.0.1:443 (--proxy): CONNECT was answered with 403 Forbidden",
                Some(403),
            ),
            ("Received HTTP code 407 from proxy after CONNECT", Some(407)),
            ("CONNECT tunnel failed, response 503", Some(503)),
            ("Tunnel connection failed: 403 Forbidden", Some(403)),
            ("tunneling socket could not be established, statusCode=407", Some(407)),
            ("Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 502 Bad Gateway\"", Some(502)),
            ("no connection through the proxy http://127.0.0.1:500 (HTTPS_PROXY): Connection refused", None),
            ("proxy 10.0.0.407 is down", None),
            ("curl: (56) Proxy CONNECT aborted", None),
        ] {
            assert_eq!(in_message(message), status, "{message}");
        }
    }
}
