//! What the network showed, and what to run next where a request never reached the store.

use super::facts::Facts;
use super::strings::{Strings, fill};
use super::writer::Writer;
use crate::domain::record::Record;
use crate::domain::shell::Command;
use crate::domain::target;
use crate::report::curl;

/// From where, to where, how long, and each attempt.
pub fn evidence(record: &Record, facts: &Facts, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.from_where);
    match &record.remote {
        None if record.timing.connect_ms.is_some() => writer.field(&strings.connected, &strings.connected_unknown),
        None => writer.field(&strings.connected, &strings.connected_none),
        Some(address) => {
            let version = if address.starts_with('[') { "6" } else { "4" };
            writer.field(
                &strings.connected,
                &fill(&strings.version_of_ip, &[("address", address), ("version", version)]),
            );
        }
    }
    let proxies = if facts.proxies.is_empty() { strings.proxy_none.clone() } else { facts.proxies.join(", ") };
    writer.field(&strings.proxy, &proxies);
    writer.field(&strings.egress, &strings.egress_value);
    let timing = &record.timing;
    let ms = |phase: Option<f64>| phase.map_or_else(|| "-".to_owned(), |phase| format!("{phase:.1} ms"));
    let connection = if timing.reused { &strings.reused } else { &strings.fresh };
    let phases = [
        ("dns", &*ms(timing.dns_ms)),
        ("connect", &ms(timing.connect_ms)),
        ("tls", &ms(timing.tls_ms)),
        ("first", &ms(timing.first_byte_ms)),
        ("total", &ms(Some(timing.total_ms))),
    ];
    let mut value = fill(&strings.timing_value, &phases);
    if record.remote.is_some() {
        value = format!("{value}{}{connection}", strings.comma);
    }
    if record.status_code.is_some() {
        let received = fill(&strings.received_bytes, &[("n", &record.body_bytes.to_string())]);
        value = format!("{value}{}{received}", strings.comma);
    }
    writer.field(&strings.timing, &value);
    if record.attempts.len() > 1 {
        attempts(record, strings, writer);
    }
}

fn attempts(record: &Record, strings: &Strings, writer: &mut Writer) {
    writer.heading(&strings.attempts);
    for attempt in &record.attempts {
        let status = attempt.status_code.map(|status| status.to_string());
        let answer = [status, attempt.exception.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        writer.item(&fill(
            &strings.attempt,
            &[
                ("time", &attempt.time.to_string()),
                ("method", &attempt.method),
                ("host", target::host_of(&attempt.url)),
                ("answer", if answer.is_empty() { &strings.no_answer } else { &answer }),
                ("id", attempt.request_id.as_deref().unwrap_or(&strings.no_request_id)),
                ("ms", &format!("{:.1}", attempt.total_ms)),
            ],
        ));
    }
}

/// Commands that a network engineer asks for next, ready to run.
pub fn commands(record: &Record, strings: &Strings, writer: &mut Writer) {
    let authority = target::host_of(&record.url);
    let https = record.url.starts_with("https:");
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, if https { "443" } else { "80" }),
    };
    let scheme = if https { "https" } else { "http" };
    writer.heading(&strings.commands);
    // These programs would take `-f.example` for an option, and tcpdump `a or b` for two hosts.
    let is_host = |c: char| c.is_alphanumeric() || "-._:[]".contains(c);
    if !host.starts_with(|c: char| c.is_alphanumeric() || c == '[') || !host.chars().all(is_host) {
        return writer.block(curl::NO_COMMAND);
    }
    if cfg!(windows) {
        // Its shells quote in ways of their own: what would need it is left out.
        let host: String = host.chars().filter(|c| c.is_ascii_alphanumeric() || "-._:".contains(*c)).collect();
        return writer
            .block(&format!("nslookup {host}\ncurl.exe -sv -o NUL {scheme}://{host}:{port}/\ntracert {host}"));
    }
    let url = format!("{scheme}://{authority}/");
    let address = format!("{host}:{port}");
    let mut commands = vec![
        Command::new("dig").word(host),
        Command::new("curl -sv -o /dev/null").word(&url),
        Command::new("mtr -rwbc 20 --tcp").option("--port", port).word(host),
    ];
    if https {
        let showing = Command::new("openssl s_client").option("-connect", &address).option("-servername", host);
        commands.insert(2, showing.then("-showcerts </dev/null"));
    }
    commands.push(Command::new("sudo tcpdump -i any -w cos.pcap host").word(host).option("and port", port));
    writer.block(&commands.into_iter().map(Command::line).collect::<Vec<_>>().join("\n"));
}
