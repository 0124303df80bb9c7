"""cosdiag on S3 servers that are nobody's look-alike: the faults that real ones brought to light.

servers.py --binary COSDIAG (--s3rver FOLDER | --moto PROGRAM) [--summary FILE] [--verbose]

Every case is held to three things: the first verdict is right, none that is wrong is certain, and no
row of the S3 dialect is told in the words of COS. known.json lists what is not right yet.
"""

import argparse
import json
import pathlib
import re
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import harness
from verdicts import COS_WORDS, HEALTHY, Process, free_port, judge

NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
CORS = (f"<CORSConfiguration {XMLNS}><CORSRule><AllowedOrigin>http://good.example</AllowedOrigin>"
        "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")


OBJECTS = {"plain.txt": b"plain\n", "dir/a file+plus.txt": b"blank and plus\n", "empty.bin": b""}


class S3rver:
    """Checks ids and clocks, not signatures, and answers 501 for what it does not know."""

    name = "s3rver"
    owner = {"id": "S3RVER", "key": "S3RVER"}
    verifies = False

    def __init__(self, where, folder):
        self.port = free_port()
        program = pathlib.Path(where, "node_modules/s3rver/bin/s3rver.js")
        cors = pathlib.Path(folder, "cors.xml")
        cors.write_text(CORS)
        data = pathlib.Path(folder, "data")
        data.mkdir()
        self.process = Process(["node", str(program), "-d", str(data), "-a", "127.0.0.1", "-p", str(self.port),
                                "--configure-bucket", "healthy", str(cors)], self.port)


class Moto:
    """Verifies signatures once its first requests are spent, and has versions."""

    name = "moto"
    verifies = True

    def __init__(self, program, _folder):
        self.port = free_port()
        self.process = Process([program, "-H", "127.0.0.1", "-p", str(self.port)], self.port,
                               {"INITIAL_NO_AUTH_ACTION_COUNT": "1000"})
        policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        self.iam("CreateUser", UserName="someone")
        self.iam("PutUserPolicy", UserName="someone", PolicyName="all", PolicyDocument=json.dumps(policy))
        answer = self.iam("CreateAccessKey", UserName="someone")
        found = {name: re.search(f"<{name}>(.*?)</{name}>", answer).group(1) for name in ("AccessKeyId", "SecretAccessKey")}
        self.owner = {"id": found["AccessKeyId"], "key": found["SecretAccessKey"]}

    @staticmethod
    def credential(service):
        return f"AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"

    def iam(self, action, **parameters):
        form = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08", **parameters}).encode()
        headers = {"Authorization": self.credential("iam")}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", form, headers)
        return urllib.request.urlopen(request, timeout=20).read().decode()

    def lock(self):
        """From here on every request must be signed."""
        urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{self.port}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"}, method="POST"), timeout=20).read()


def send(server, method, path, body=b""):
    """A request to moto while it believes everybody, in the name of nobody."""
    url = f"http://127.0.0.1:{server.port}{urllib.parse.quote(path, safe='/?=&')}"
    headers = {"Content-Type": "application/xml", "Authorization": Moto.credential("s3")}
    try:
        urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=20).read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{server.name}: {method} {path}: {error.code} {error.read()[-300:]}")


def prepare(server, cosdiag):
    """The bucket and its objects. s3rver checks no signature, moto none yet."""
    if server.verifies:
        send(server, "PUT", "/healthy")
        for key, body in OBJECTS.items():
            send(server, "PUT", f"/healthy/{key}", body)
        send(server, "PUT", "/healthy?cors", CORS.encode())
        send(server, "PUT", "/versioned")
        send(server, "PUT", "/versioned?versioning",
            f"<VersioningConfiguration {XMLNS}><Status>Enabled</Status></VersioningConfiguration>".encode())
        send(server, "PUT", "/versioned/gone.txt", b"x")
        send(server, "DELETE", "/versioned/gone.txt")
        server.lock()
        return
    for key, body in OBJECTS.items():
        url = presign(cosdiag, server, "PUT", key)
        urllib.request.urlopen(urllib.request.Request(url, body, method="PUT"), timeout=20).read()


def presign(cosdiag, server, method, key, at=None, who=None):
    line = ["sign", method, f"http://127.0.0.1:{server.port}/healthy/{urllib.parse.quote(key)}", "--dialect", "s3", "--region",
            "us-east-1", "--presign", "60", "--format", "json", *(["--time", at] if at else [])]
    status, out, err = cosdiag.run(line, cosdiag.environment(who or server.owner, NAMES))
    if status != 0:
        sys.exit(f"sign: {err}")
    return json.loads(out)["url"]


def cases(server, cosdiag):
    """Name, number in the list of faults, who, arguments, and the causes that are right (or HEALTHY)."""
    endpoint = f"http://127.0.0.1:{server.port}"
    region = ["--region", "us-east-1"]
    s3 = ["--dialect", "s3", "--endpoint", endpoint, *region]
    owner = server.owner
    unknown = {"id": "AKIDUNKNOWNNOTREAL00", "key": "NOT-A-REAL-SECRET-UNKNOWN-000"}

    def probe(target, op, *more, at=s3):
        return [target, "--op", op, *at, *more]

    yield "HEAD bucket", 1, owner, probe("healthy", "head-bucket"), HEALTHY
    yield "list", 1, owner, probe("healthy", "get-bucket"), HEALTHY
    yield "object", 1, owner, probe("healthy/plain.txt", "get-object"), HEALTHY
    yield "object with a plus", 8, owner, probe("healthy/dir/a file+plus.txt", "get-object"), HEALTHY
    # s3rver announces one byte of it and sends none.
    yield "empty object", 13, owner, probe("healthy/empty.bin", "get-object"), HEALTHY if server.verifies else {"body-truncated"}
    yield "missing bucket", 1, owner, probe("doesnotexist", "get-bucket"), {"bucket-not-found"}
    yield "missing bucket, HEAD", 1, owner, probe("doesnotexist", "head-bucket"), {"bucket-not-found"}
    yield ("missing bucket, named by the host", 1, owner, probe("doesnotexist", "get-bucket", "--connect-to", f"127.0.0.1:{server.port}",
           at=["--dialect", "s3", "--endpoint", f"http://{{bucket}}.s3.test:{server.port}", *region]),
           {"bucket-not-found", "not-the-store", "domain-not-bound", "invalid-request", "request-altered"})
    yield "missing object", 3, owner, probe("healthy/none.txt", "get-object"), {"object-not-found"}
    yield "missing object, HEAD", 3, owner, probe("healthy/none.txt", "head-object"), {"object-not-found"}
    yield "unknown id", 3, unknown, probe("healthy", "get-bucket"), {"secret-id-unknown"}
    if server.verifies:
        wrong = {**owner, "key": "NOT-A-REAL-SECRET-WRONG-000000"}
        yield "wrong secret", 3, wrong, probe("healthy", "get-bucket"), {"secret-key-wrong"}
        yield "wrong secret, HEAD", 3, wrong, probe("healthy/plain.txt", "head-object"), {"secret-key-wrong"}
        yield "unsigned", 17, None, probe("healthy/plain.txt", "get-object", "--anonymous"), {"anonymous-denied"}
        yield "unsigned, HEAD", 17, None, probe("healthy/plain.txt", "head-object", "--anonymous"), {"anonymous-denied"}
        yield "a token that nobody knows", 12, {**owner, "token": "NOT-A-REAL-TOKEN"}, probe("healthy", "get-bucket"), {"token-missing", "token-expired"}
        yield "delete marker", 7, owner, probe("versioned/gone.txt", "get-object"), {"object-deleted"}
    else:
        # moto answers 500 to every presigned URL.
        yield "presigned", 8, owner, [presign(cosdiag, server, "GET", "plain.txt"), "--dialect", "s3"], HEALTHY
        yield "presigned, expired", 11, owner, [presign(cosdiag, server, "GET", "plain.txt", "2026-01-01T00:00:00Z"), "--dialect", "s3"], {"signature-expired"}
        yield "key that is too long", 17, owner, probe("healthy/" + "k" * 1100, "get-object"), {"invalid-request", "server-fault", "object-not-found"}
    yield "preflight refused", 4, owner, probe("healthy/plain.txt", "options-object", "--origin", "http://bad.example"), {"cors-denied"}
    yield "the bucket in the endpoint's path", 5, owner, probe("healthy", "get-bucket", at=["--dialect", "s3", "--endpoint", f"{endpoint}/healthy", *region]), {"request-altered"}
    yield "another path in the endpoint", 5, owner, probe("healthy/plain.txt", "get-object", at=["--dialect", "s3", "--endpoint", f"{endpoint}/store/v1", *region]), {"request-altered"}
    yield "no such upload", 17, owner, ["healthy/plain.txt", "--request", "GET /plain.txt?uploadId=none", *s3], "upload" if server.verifies else {"method-not-allowed"}
    cos = {"id": owner["id"], "key": owner["key"]}
    yield "the dialect forgotten", 2, cos, probe("healthy/plain.txt", "get-object", at=["--endpoint", endpoint, *region]), "dialect"
    yield "the dialect forgotten, list", 2, cos, probe("healthy", "get-bucket", at=["--endpoint", endpoint, *region]), "dialect"
    yield "nobody listens", 3, owner, probe("healthy", "get-bucket", at=["--dialect", "s3", "--endpoint", f"http://127.0.0.1:{free_port()}", *region]), {"connect-refused"}
    yield "a proxy that is not there", 14, owner, probe("healthy", "get-bucket", "--proxy", f"http://127.0.0.1:{free_port()}"), {"proxy-failed"}
    yield "https to an http port", 15, owner, probe("healthy", "get-bucket", at=["--dialect", "s3", "--endpoint", endpoint.replace("http:", "https:"), *region]), {"tls-protocol"}


def suites(checks, known, cosdiag, server, rows):
    """A sub-resource that the server does not have is neither well nor a failure of the bucket."""
    at = ["--dialect", "s3", "--endpoint", f"http://127.0.0.1:{server.port}", "--region", "us-east-1"]
    _, records, _ = cosdiag.probe(["healthy", "--suite", "config", "--no-history", *at], cosdiag.environment(server.owner, NAMES))
    for record in records:
        name = f"suite: {record['operation']}"
        root = re.search(r"<([A-Za-z]+)[ />]", re.sub(r"<[?!][^>]*>", "", record["body"] or ""))
        ignored = record["outcome"] == "success" and root and root.group(1) in ("ListBucketResult", "ListAllMyBucketsResult")
        refused = record["outcome"] == "failure" and (record["statusCode"] in (404, 405, 501))
        known.judge(checks, name, not ignored and not refused, f"{record['outcome']} for {record['statusCode']} {record['error'].get('Code')} {root and root.group(1)}")
        rows.append([name, None, record["statusCode"], record["error"].get("Code"), record["outcome"], "FAILED" if ignored or refused else "ok"])


def ticket(checks, known, cosdiag, server):
    path = pathlib.Path(cosdiag.home.name, "ticket.txt")
    endpoint = f"http://127.0.0.1:{server.port}"
    cosdiag.run(["probe", "healthy/none.txt", "--op", "get-object", "--dialect", "s3", "--endpoint", endpoint, "--region", "us-east-1",
                 "--ticket", str(path), "--no-history"], cosdiag.environment(server.owner, NAMES))
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    known.judge(checks, "ticket: sent again to the same endpoint", f"--endpoint {endpoint}" in text, text[:300])
    found = sorted(set(COS_WORDS.findall(text)))
    known.judge(checks, "ticket: words", not found, f"words of COS: {found}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--s3rver")
    parser.add_argument("--moto")
    parser.add_argument("--summary")
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    harness.end_in_order()
    cosdiag, rows = harness.Cosdiag(asked.binary), []
    with tempfile.TemporaryDirectory(prefix="cosdiag-peers-") as folder:
        server = S3rver(asked.s3rver, folder) if asked.s3rver else Moto(asked.moto, folder)
        checks, known = harness.Checks(server.name), harness.Known(server.name)
        try:
            prepare(server, cosdiag)
            for name, number, who, arguments, want in cases(server, cosdiag):
                names = NAMES if "--dialect" in arguments else ("COS_SECRET_ID", "COS_SECRET_KEY", "COS_TOKEN")
                status, records, err = cosdiag.probe([*arguments, "--diagnose", "--no-history"], cosdiag.environment(who, names))
                rows.append([f"{number}: {name}", *judge(checks, known, name, want, status, records, err, names is NAMES)])
            suites(checks, known, cosdiag, server, rows)
            ticket(checks, known, cosdiag, server)
        finally:
            server.process.stop()
    known.finish(checks)
    harness.table(f"{server.name}: what cosdiag tells", ["fault: case", "exit", "status", "Code", "first verdict", "result"], rows, 48)
    return checks.finish(asked.summary)


if __name__ == "__main__":
    sys.exit(main())
