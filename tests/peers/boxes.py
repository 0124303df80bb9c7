"""cosdiag on the sandbox through nginx, which rewrites, strips, keeps and refuses as boxes in between do.

boxes.py --binary COSDIAG --sandbox ADDR:PORT --nginx PROGRAM [--summary FILE]

Every case is a server of one nginx. known.json lists what is not right yet.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

import harness
from verdicts import HEALTHY, Process, free_ports, judge

BUCKET = "photos-1250000000"
HOST = f"{BUCKET}.cos.ap-guangzhou.myqcloud.com"
LIST, OBJECT = [BUCKET, "--op", "get-bucket"], [f"{BUCKET}/2024/a.txt", "--op", "get-object"]
MISSING = f"{BUCKET}/none.txt"
PASS = "proxy_set_header Host $http_host; proxy_pass $store$request_uri;"

# Name, number in the list of faults, the box, what is asked, and the causes that are right; a text is
# a pattern of what must be said.
CASES = [
    ("passes on, list", 13, PASS, LIST, HEALTHY),
    ("passes on, object", 13, PASS, OBJECT, HEALTHY),
    ("passes on, missing object", 13, PASS, [MISSING, "--op", "get-object"], {"object-not-found"}),
    ("Host rewritten to a bucket that does not exist", 5,
     "proxy_set_header Host none-1250000000.cos.ap-guangzhou.myqcloud.com; proxy_pass $store$request_uri;", OBJECT, {"request-altered"}),
    ("Host rewritten to a bucket that does", 5,
     "proxy_set_header Host web-1250000000.cos.ap-guangzhou.myqcloud.com; proxy_pass $store$request_uri;", OBJECT, {"request-altered"}),
    ("Host of the upstream, object", 5, "proxy_pass $store$request_uri;", OBJECT, {"request-altered"}),
    ("Host of the upstream, list", 5, "proxy_pass $store$request_uri;", LIST, {"request-altered", "anonymous-denied"}),
    ("Host of a gateway", 5, "proxy_set_header Host gateway.corp.example; proxy_pass $store$request_uri;", OBJECT, {"request-altered"}),
    ("Authorization taken off, list", 6, f'proxy_set_header Authorization ""; {PASS}', LIST, {"request-altered", "anonymous-denied"}),
    ("Authorization taken off, object", 6, f'proxy_set_header Authorization ""; {PASS}', OBJECT, {"request-altered", "anonymous-denied"}),
    ("token taken off", 6, f'proxy_set_header x-cos-security-token ""; {PASS}', OBJECT, {"request-altered", "token-missing"}),
    ("Range taken off", 10, f'proxy_set_header Range ""; {PASS}', OBJECT, {"request-altered"}),
    ("query taken off", 10, "proxy_set_header Host $http_host; proxy_pass $store$uri;", LIST, {"request-altered"}),
    ("slashes merged", 8, "proxy_set_header Host $http_host; proxy_pass $store$uri;",
     [f"{BUCKET}/2024//a.txt", "--op", "get-object"], {"request-altered"}),
    ("request ID hidden, list", 13, f"proxy_hide_header x-cos-request-id; {PASS}", LIST, HEALTHY),
    ("request ID hidden, missing object, HEAD", 13, f"proxy_hide_header x-cos-request-id; {PASS}", [MISSING, "--op", "head-object"], {"object-not-found"}),
    ("body packed", 17, f"gzip on; gzip_types application/xml; gzip_min_length 1; gzip_proxied any; {PASS}",
     [MISSING, "--op", "get-object", "--header", "accept-encoding: gzip"], {"object-not-found"}),
    ("error page in its place", 15, f"proxy_intercept_errors on; error_page 404 /page.html; {PASS}", [MISSING, "--op", "get-object"], {"not-the-store"}),
    ("413", 15, "return 413;", OBJECT, ({"not-the-store"}, "size|large")),
    ("429", 15, "return 429;", OBJECT, ({"not-the-store", "throttled"}, "rate|slow|often|too many")),
    ("401", 15, 'auth_basic "box"; auth_basic_user_file /dev/null;', OBJECT, ({"not-the-store", "proxy-failed"}, "password|log in|credential|authenticat")),
    ("403 of the box", 15, "deny all;", OBJECT, {"not-the-store"}),
    ("405 of the box", 15, "return 405;", OBJECT, {"not-the-store", "method-not-allowed"}),
    ("502", 15, "proxy_pass http://127.0.0.1:1;", OBJECT, ({"not-the-store"}, "reach|upstream|gateway")),
    ("504", 15, "proxy_read_timeout 1s; proxy_set_header Host stall-1250000000.cos.ap-guangzhou.myqcloud.com; proxy_pass $store$request_uri;",
     OBJECT, ({"not-the-store", "response-timeout"}, "reach|upstream|gateway|in time")),
    ("301 to https", 15, "return 301 https://$host$request_uri;", OBJECT, ({"redirected"}, "https")),
]
CACHE = "proxy_cache kept; proxy_cache_key $uri; proxy_cache_valid any 10m; proxy_ignore_headers Cache-Control Expires; " + PASS


def configuration(folder, ports, sandbox):
    boxes = [box for _, _, box, _, _ in CASES] + [CACHE]
    servers = "".join(
        f"server {{ listen 127.0.0.1:{port}; set $store http://{sandbox}; location = /page.html {{ internal; return 200 '<title>Not found</title>'; }}"
        f" location / {{ {box} }} }}\n" for port, box in zip(ports, boxes))
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    # Started as root, nginx would give up the rights to its own folder.
    user = "user root; " if os.geteuid() == 0 else ""
    return (f"{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ }}\n"
            f"http {{ access_log off; {temporary} proxy_cache_path {folder}/cache keys_zone=kept:1m;\n{servers} }}\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--nginx", required=True)
    parser.add_argument("--summary")
    asked = parser.parse_args()
    harness.end_in_order()
    accounts = json.loads(pathlib.Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))["accounts"]
    checks, known, cosdiag, rows = harness.Checks("nginx"), harness.Known("nginx"), harness.Cosdiag(asked.binary), []

    def ask(port, arguments, who):
        return cosdiag.probe([*arguments, "--region", "ap-guangzhou", "--scheme", "http", "--connect-to", f"127.0.0.1:{port}",
                              "--timeout", "10", "--diagnose", "--no-history"], cosdiag.environment(accounts[who]))

    with tempfile.TemporaryDirectory(prefix="cosdiag-peers-") as folder:
        ports = free_ports(len(CASES) + 1)
        path = pathlib.Path(folder, "nginx.conf")
        path.write_text(configuration(folder, ports, asked.sandbox), encoding="utf-8")
        nginx = Process([asked.nginx, "-p", folder, "-e", f"{folder}/error.log", "-c", str(path)], ports[0])
        try:
            for port, (name, number, _, arguments, want) in zip(ports, CASES):
                status, records, err = ask(port, arguments, "temporary" if "token" in name else "owner")
                rows.append([f"{number}: {name}", *judge(checks, known, name, want, status, records, err, False)])
            # What a wrong key was answered is kept, and given to the right one.
            ask(ports[-1], OBJECT, "wrong-key")
            # Signatures of one second have one time: then nothing tells the two requests apart.
            time.sleep(1.1)
            status, records, err = ask(ports[-1], OBJECT, "owner")
            rows.append(["10: answer out of a cache", *judge(checks, known, "answer out of a cache", "cache", status, records, err, False)])
        finally:
            nginx.stop()
    known.finish(checks)
    harness.table("nginx in front of the sandbox: what cosdiag tells", ["fault: case", "exit", "status", "Code", "first verdict", "result"], rows, 48)
    return checks.finish(asked.summary)


if __name__ == "__main__":
    sys.exit(main())
