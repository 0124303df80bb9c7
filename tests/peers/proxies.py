"""cosdiag through squid, a real proxy, which lets through, refuses, wants a login, and cannot reach the other side.

proxies.py --binary COSDIAG --sandbox ADDR:PORT --squid PROGRAM [--summary FILE]

known.json lists what is not right yet.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

import harness
from verdicts import HEALTHY, Process, free_ports, judge

DOMAIN = "cos.ap-guangzhou.myqcloud.com"
GIVEN, DENIED, ABSENT = "photos-1250000000", "denied-1250000000", "absent-1250000000"
CANNOT_REACH = "cannot reach|does not exist|no such host|ping|name|reach the store"

# Name, scheme, bucket, the proxy, the causes that are right with a pattern of what must be said.
CASES = [
    ("passes on", "http", GIVEN, "open", HEALTHY),
    ("host denied", "http", DENIED, "open", ({"not-the-store", "proxy-failed"}, f"allow {DENIED}")),
    ("host denied, tunnel", "https", DENIED, "open", ({"proxy-failed"}, f"allow {DENIED}")),
    ("login wanted", "http", GIVEN, "login", ({"proxy-failed"}, "user and password")),
    ("login wanted, tunnel", "https", GIVEN, "login", ({"proxy-failed"}, "user and password")),
    ("no such host", "http", ABSENT, "open", ({"not-the-store", "proxy-failed", "dns-not-found"}, CANNOT_REACH)),
    ("no such host, tunnel", "https", ABSENT, "open", ({"proxy-failed", "dns-not-found"}, CANNOT_REACH)),
    ("port that nobody listens on, tunnel", "https", GIVEN, "open", ({"proxy-failed"}, "cannot reach")),
    ("proxy that is not there", "http", GIVEN, "none", ({"proxy-failed"}, "proxy")),
    ("proxy that is not there, tunnel", "https", GIVEN, "none", ({"proxy-failed"}, "proxy")),
]


def configuration(folder, ports, sandbox_port, closed):
    """One open proxy, and one that wants a login. Names come from a file: nobody outside is asked."""
    pathlib.Path(folder, "hosts").write_text("".join(f"127.0.0.1 {bucket}.{DOMAIN}\n" for bucket in (GIVEN, DENIED)), encoding="utf-8")
    return f"""
http_port 127.0.0.1:{ports["open"]} name=open
http_port 127.0.0.1:{ports["login"]} name=login
pid_filename none
cache_log {folder}/cache.log
access_log none
cache deny all
coredump_dir {folder}
hosts_file {folder}/hosts
dns_nameservers 127.0.0.1
dns_timeout 1 seconds
visible_hostname proxy.example
shutdown_lifetime 0 seconds
auth_param basic program /bin/false
acl with_login myportname login
acl known proxy_auth REQUIRED
acl denied dstdomain {DENIED}.{DOMAIN}
acl here port {sandbox_port} {closed} 443 80
http_access deny denied
http_access deny with_login !known
http_access allow here
http_access deny all
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--squid", required=True)
    parser.add_argument("--summary")
    asked = parser.parse_args()
    harness.end_in_order()
    account = json.loads(pathlib.Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))["accounts"]["owner"]
    checks, known, cosdiag, rows = harness.Checks("squid"), harness.Known("squid"), harness.Cosdiag(asked.binary), []
    sandbox_port = int(asked.sandbox.rsplit(":", 1)[1])
    with tempfile.TemporaryDirectory(prefix="cosdiag-peers-") as folder:
        # Squid gives up root's rights.
        os.chmod(folder, 0o755)
        closed, *ports = free_ports(4)
        ports = dict(zip(("open", "login", "none"), ports))
        path = pathlib.Path(folder, "squid.conf")
        path.write_text(configuration(folder, ports, sandbox_port, closed), encoding="utf-8")
        squid = Process([asked.squid, "-N", "-f", str(path)], ports["login"])
        try:
            for name, scheme, bucket, proxy, want in CASES:
                port = closed if "nobody" in name else sandbox_port if scheme == "http" else 443
                url = f"http://127.0.0.1:{ports[proxy]}"
                variables = {**cosdiag.environment(account), f"{scheme}_proxy": url}
                status, records, err = cosdiag.probe(
                    [bucket, "--op", "get-bucket", "--endpoint", f"{scheme}://{{bucket}}.cos.{{region}}.myqcloud.com:{port}",
                     "--region", "ap-guangzhou", "--timeout", "10", "--diagnose", "--no-history"], variables)
                rows.append([name, *judge(checks, known, name, want, status, records, err, False)])
                via = records[0].get("via", {}) if records else {}
                known.judge(checks, f"{name}: proxy", (via.get("proxy"), via.get("proxyFrom")) == (url, f"{scheme}_proxy"), str(via))
                if want is not HEALTHY:
                    shown = json.dumps(records[0]["diagnosis"]) if records else ""
                    known.judge(checks, f"{name}: named", url in shown, "the verdict does not name the proxy")
        finally:
            squid.stop()
    known.finish(checks)
    harness.table("Through squid: what cosdiag tells", ["case", "exit", "status", "Code", "first verdict", "result"], rows, 48)
    return checks.finish(asked.summary)


if __name__ == "__main__":
    sys.exit(main())
