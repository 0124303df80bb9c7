"""cosdiag in the S3 dialect against `rclone serve s3`, which verifies SigV4 and is nobody's look-alike.

rclone.py --binary COSDIAG --rclone RCLONE [--summary FILE]
"""

import argparse
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

import harness

NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
BUCKET = "peer-bucket"
FILES = {"plain.txt": b"plain\n", "相册/猫.jpg": b"a cat\n", "dir/a file+plus & (more)!.txt": b"blank and plus\n",
         "empty.bin": b""}
OWNER = {"id": "AKIDNOTREALNOTREAL", "key": "NOT/A+REAL-SECRET-000000"}
WRONG = {"id": OWNER["id"], "key": "NOT/A+REAL=SECRET&WRONG%00000"}
UNKNOWN = {"id": "AKIDUNKNOWNNOTREAL", "key": "NOT-A-REAL-SECRET-UNKNOWN-000"}
TOKEN = "NOT/A+REAL=TOKEN&PLANTED%IN~THE.ENVIRONMENT==0000"
HAS_ID, NO_ID = True, False


class Server:
    """rclone on a free port. Its own address is waited for; another try if somebody takes the port."""

    def __init__(self, rclone, directory):
        for _ in range(5):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
            self.log = tempfile.TemporaryFile()
            self.process = subprocess.Popen(
                [rclone, "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--config", "/dev/null",
                 "--auth-key", f"{OWNER['id']},{OWNER['key']}", str(directory)],
                stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
            try:
                if self.answers():
                    return
            except BaseException:
                self.stop()
                raise
            self.stop()
        self.log.seek(0)
        sys.exit(f"rclone does not start: {self.log.read().decode('utf-8', 'replace')[-500:]}")

    def answers(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                # Somebody else could have the port: rclone would have ended then.
                return self.process.poll() is None
            except OSError:
                time.sleep(0.05)
        return False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def cases(endpoint):
    """Name, who, arguments, and what exit status and record must be."""
    at = ["--dialect", "s3", "--endpoint", endpoint, "--region", "us-east-1"]

    def case(name, who, target, op, want, extra=()):
        return name, who, [target, "--op", op, *at, *extra], want

    def bad(status, code, request_id, source="body", message=None):
        return {"exit": 1, "statusCode": status, "Code": code, "from": source, "id": request_id, "Message": message}

    good = {"exit": 0, "id": HAS_ID}
    mismatch = "The request signature we calculated does not match the signature you provided."
    listed = [
        case("HEAD bucket", OWNER, BUCKET, "head-bucket", {**good, "statusCode": 200}),
        case("list", OWNER, BUCKET, "get-bucket", {**good, "statusCode": 200}),
    ]
    for key in FILES:
        length = str(len(FILES[key]))
        listed.append(case(f"HEAD {key}", OWNER, f"{BUCKET}/{key}", "head-object",
                           {**good, "statusCode": 200, "headers": {"content-length": length}}))
        if FILES[key]:
            # rclone answers a range with 200 and the headers of a 206.
            listed.append(case(f"GET first byte of {key}", OWNER, f"{BUCKET}/{key}", "get-object", {
                **good, "statusCode": 200, "headers": {"content-length": "1", "content-range": f"bytes 0-0/{length}"}}))
    listed += [
        case("s3:// target", OWNER, f"s3://{BUCKET}/plain.txt", "get-object", {**good, "statusCode": 200}),
        # Nothing is wrong with an object that has no first byte to give.
        case("GET of an empty object", OWNER, f"{BUCKET}/empty.bin", "get-object",
             {**good, "statusCode": 416, "Code": "InvalidRange", "from": "body"}),
        case("wrong secret", WRONG, BUCKET, "get-bucket", bad(403, "SignatureDoesNotMatch", NO_ID, message=mismatch)),
        case("wrong secret, object", WRONG, f"{BUCKET}/相册/猫.jpg", "get-object",
             bad(403, "SignatureDoesNotMatch", NO_ID, message=mismatch)),
        case("wrong secret, HEAD", WRONG, BUCKET, "head-bucket",
             bad(403, "SignatureDoesNotMatch", NO_ID, "get-twin", mismatch)),
        case("unknown key id", UNKNOWN, BUCKET, "get-bucket",
             bad(403, "InvalidAccessKeyId", NO_ID, message="The Access Key Id you provided does not exist")),
        case("missing bucket", OWNER, "nosuch-bucket", "get-bucket",
             bad(404, "NoSuchBucket", HAS_ID, message="The specified bucket does not exist")),
        case("missing bucket, HEAD", OWNER, "nosuch-bucket", "head-bucket", bad(404, "NoSuchBucket", HAS_ID, "get-twin")),
        case("missing key", OWNER, f"{BUCKET}/missing.txt", "get-object", bad(404, "NoSuchKey", HAS_ID)),
        case("missing key, HEAD", OWNER, f"{BUCKET}/missing.txt", "head-object",
             bad(404, "NoSuchKey", HAS_ID, "get-twin")),
        case("anonymous", None, BUCKET, "get-bucket",
             bad(400, "UnsupportedAlgorithm", NO_ID, message="Encountered an unsupported algorithm."), ["--anonymous"]),
        case("anonymous, HEAD", None, f"{BUCKET}/plain.txt", "head-object",
             bad(400, "UnsupportedAlgorithm", NO_ID, "get-twin"), ["--anonymous"]),
    ]
    return listed


def presigned(checks, cosdiag, endpoint):
    """URLs that `cosdiag sign` makes and the server judges."""
    skew = "The difference between the request time and the server's time exceeds"
    for name, who, key, time_given, want in [
        ("presigned", OWNER, "plain.txt", None, {"exit": 0, "statusCode": 200, "id": HAS_ID}),
        ("presigned, unicode key", OWNER, "相册/猫.jpg", None, {"exit": 0, "statusCode": 200, "id": HAS_ID}),
        ("presigned, wrong secret", WRONG, "plain.txt", None,
         {"exit": 1, "statusCode": 403, "Code": "SignatureDoesNotMatch", "from": "body", "id": NO_ID}),
        ("presigned, expired", OWNER, "plain.txt", "2026-01-01T00:00:00Z",
         {"exit": 1, "statusCode": 400, "Code": "AccessDenied", "from": "body", "id": NO_ID, "Message": skew,
          "stderr": "the presigned URL expired at"}),
    ]:
        arguments = ["sign", "GET", f"{endpoint}/{BUCKET}/{key}", "--dialect", "s3", "--region", "us-east-1",
                     "--presign", "60", "--format", "json"] + (["--time", time_given] if time_given else [])
        status, out, err = cosdiag.run(arguments, cosdiag.environment(who, NAMES))
        if checks.that(status == 0, f"{name}: sign: {err.strip()}"):
            # The URL is sent as it is, and the secrets in the environment have nothing to do with it.
            yield name, OWNER, [json.loads(out)["url"], "--dialect", "s3"], want


def clients_log(checks, cosdiag, rclone, endpoint):
    """What rclone logs of requests that fail, as `cosdiag import` reads it."""
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))
        closed = "http://127.0.0.1:%d" % refusing.getsockname()[1]
        asked = [(OWNER, endpoint, None), (WRONG, endpoint, (403, "SignatureDoesNotMatch", "server")),
                 (UNKNOWN, endpoint, (403, "InvalidAccessKeyId", "server")), (OWNER, closed, (None, "ECONNREFUSED", "client"))]
        log = ""
        for who, at, _ in asked:
            done = subprocess.run(
                [rclone, "lsf", "--config", "/dev/null", "--retries", "1", "--low-level-retries", "1", "--s3-provider", "Other",
                 "--s3-access-key-id", who["id"], "--s3-secret-access-key", who["key"], "--s3-endpoint", at,
                 "--s3-region", "us-east-1", "--verbose", f":s3:{BUCKET}"],
                env={"PATH": "", "HOME": cosdiag.home.name}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=60, check=False)
            log += done.stdout + done.stderr
    path = pathlib.Path(cosdiag.home.name, "rclone.log")
    path.write_text(log, encoding="utf-8")
    status, out, said = cosdiag.run(["import", str(path), "--format", "json", "--no-history"], cosdiag.environment(None))
    cosdiag.printed.append(("import of rclone's log", out + "\n" + said))
    rows = [(row["statusCode"], row["error"].get("Code"), row["exception"]) for row in json.loads(out or "[]")]
    # An error of several attempts is logged more than once, as its last line too.
    once = list(dict.fromkeys(rows))
    checks.equal((status, once), (1, [want for *_, want in asked if want]), f"import of rclone's log: {said.strip()}\n{log}")
    checks.that("not understood" not in said, f"import of rclone's log: {said.strip()}\n{log}")
    print(f"rclone: its own log, imported as: {said.strip().split('): ', 1)[-1]}")


def judge(checks, name, want, status, record, err):
    error, headers = record["error"], record["headers"] or {}
    before = len(checks.failures)
    checks.equal(status, want["exit"], f"{name}: exit status")
    checks.equal(record["outcome"], "failure" if want["exit"] else "success", f"{name}: outcome")
    checks.equal(record["dialect"], "s3", f"{name}: dialect")
    checks.equal(record["statusCode"], want["statusCode"], f"{name}: statusCode")
    # Neither id nor body: who answered such a HEAD cannot be told from its own answer.
    bare_head = want["id"] == NO_ID and want.get("from") == "get-twin"
    checks.that(record["answeredBy"] in (("store", "unknown") if bare_head else ("store",)),
                f"{name}: answeredBy {record['answeredBy']}")
    checks.equal(error.get("Code"), want.get("Code"), f"{name}: Code")
    if want["exit"]:
        checks.equal(record["exception"], "server", f"{name}: exception")
        checks.equal(record["codeFrom"], want["from"], f"{name}: codeFrom")
    if want.get("Message"):
        checks.that((error.get("Message") or "").startswith(want["Message"]), f"{name}: Message {error.get('Message')!r}")
    header = headers.get("x-amz-request-id")
    if want["id"] == HAS_ID:
        request_id = record["requestId"] or {}
        checks.that(re.fullmatch(r"[0-9A-F]{16}", header or ""), f"{name}: the header's id is {header!r}")
        checks.equal(request_id.get("value"), header, f"{name}: requestId is the header's")
        checks.equal(request_id.get("from"), "header", f"{name}: requestId.from")
        checks.equal(request_id.get("time"), None, f"{name}: another vendor's id is not decoded")
    else:
        checks.equal((header, record["requestId"]), (None, None), f"{name}: no id was sent, none is made up")
    if want.get("from") == "get-twin":
        attempts = record["attempts"]
        checks.equal([attempt["method"] for attempt in attempts], ["HEAD", "GET"], f"{name}: attempts")
        if want["id"] == HAS_ID:
            checks.that(attempts[0]["requestId"] == header != attempts[-1]["requestId"],
                        f"{name}: the id is the HEAD's, not its twin's")
    for header_name, value in want.get("headers", {}).items():
        checks.equal(headers.get(header_name), value, f"{name}: {header_name}")
    if want.get("stderr"):
        checks.that(want["stderr"] in err, f"{name}: standard error: {err.strip()}")
    return "ok" if len(checks.failures) == before else "FAILED"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rclone", required=True)
    parser.add_argument("--summary")
    asked = parser.parse_args()
    harness.end_in_order()

    checks, cosdiag = harness.Checks("rclone"), harness.Cosdiag(asked.binary)
    rows = []
    with tempfile.TemporaryDirectory(prefix="cosdiag-peers-") as directory:
        for key, body in FILES.items():
            path = pathlib.Path(directory, BUCKET, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        server = Server(asked.rclone, directory)
        try:
            endpoint = f"http://127.0.0.1:{server.port}"
            everything = cases(endpoint) + list(presigned(checks, cosdiag, endpoint))
            for name, who, arguments, want in everything:
                status, records, err = cosdiag.probe(arguments, cosdiag.environment(who, NAMES))
                if not checks.that(len(records) == 1, f"{name}: {len(records)} records: {err.strip()}"):
                    continue
                record = records[0]
                verdict = judge(checks, name, want, status, record, err)
                rows.append([name, status, record["statusCode"], record["error"].get("Code"),
                             record["error"].get("Message"), record["codeFrom"],
                             (record["requestId"] or {}).get("value"), verdict])
            # Once more with a token that nobody knows, in several formats.
            for number, (name, who, arguments, _) in enumerate(everything):
                environment = cosdiag.environment(who and {**who, "token": TOKEN}, NAMES)
                for output_format in ("ndjson", "table", ("json", "csv", "markdown")[number % 3]):
                    cosdiag.probe(arguments, environment, output_format)
            clients_log(checks, cosdiag, asked.rclone, endpoint)
        finally:
            server.stop()
    harness.table("rclone serve s3: what cosdiag tells",
                  ["case", "exit", "status", "Code", "Message", "codeFrom", "requestId", "result"], rows, 48)
    harness.hunt(checks, cosdiag.printed, {
        "secret": OWNER["key"], "wrong secret": WRONG["key"], "unknown id's secret": UNKNOWN["key"], "token": TOKEN})
    return checks.finish(asked.summary)


if __name__ == "__main__":
    sys.exit(main())
