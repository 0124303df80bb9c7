"""What the comparisons share: running cosdiag, counting checks, printing tables, hunting for secrets."""

import base64
import binascii
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse


def end_in_order():
    """Makes SIGTERM an exit, so that whatever was started is ended too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Checks:
    """Counts what held and remembers what did not."""

    def __init__(self, peer):
        self.peer, self.count, self.failures = peer, 0, []

    def that(self, ok, what):
        self.count += 1
        if not ok:
            self.failures.append(what)
        return bool(ok)

    def equal(self, got, want, what):
        return self.that(got == want, f"{what}: got {got!r}, want {want!r}")

    def finish(self, summary_file=None):
        """Prints the failures and the count; the exit status."""
        for failure in self.failures:
            print(f"FAILED  {self.peer}: {visible(failure)}")
        print(f"{self.peer}: {self.count} checks, {len(self.failures)} failed\n", flush=True)
        if summary_file:
            with open(summary_file, "a", encoding="utf-8") as file:
                file.write(f"{self.count} {len(self.failures)}\n")
        return 1 if self.failures else 0


class Known:
    """The cases of a peer that are not right yet, with their reasons: known.json.

    A case that fails and is not listed there fails the run; so does a listed one that is right by now.
    """

    def __init__(self, peer):
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known.json")
        with open(path, encoding="utf-8") as file:
            self.reasons = json.load(file).get(peer, {})
        self.met = set()

    def judge(self, checks, name, ok, detail):
        self.met.add(name)
        if name not in self.reasons:
            return checks.that(ok, f"{name}: {detail}")
        print(f"known   {checks.peer}: {name}: {self.reasons[name]}")
        return checks.that(not ok, f"{name} is right now: take it out of known.json")

    def finish(self, checks):
        for name in sorted(set(self.reasons) - self.met):
            checks.that(False, f"known.json lists a case that does not exist: {name}")


class Cosdiag:
    """Runs the program in an environment of its own and keeps everything it ever printed."""

    def __init__(self, binary):
        self.binary, self.printed = os.path.abspath(binary), []
        self.home = tempfile.TemporaryDirectory(prefix="cosdiag-peers-")

    def environment(self, account, names=("COS_SECRET_ID", "COS_SECRET_KEY", "COS_TOKEN")):
        variables = {"PATH": os.environ.get("PATH", ""), "HOME": self.home.name, "LANG": "C.UTF-8"}
        if account is not None:
            given = (account["id"], account["key"], account.get("token"))
            variables.update({name: value for name, value in zip(names, given) if value})
        return variables

    def run(self, arguments, environment):
        done = subprocess.run([self.binary, *arguments], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def probe(self, arguments, environment, output_format="ndjson"):
        """Exit status, records, standard error."""
        line = ["probe", *arguments, "--format", output_format, "--all"]
        status, out, err = self.run(line, environment)
        self.printed.append((" ".join(line), out + "\n" + err))
        records = [json.loads(row) for row in out.splitlines()] if output_format == "ndjson" else []
        return status, records, err


def visible(text):
    """Text that does nothing to a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(text))


def width(text):
    """Columns that a terminal needs for it."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(title, head, rows, widest=58):
    def cell(value):
        shown = "-" if value is None else visible(value)
        if width(shown) <= widest:
            return shown
        while width(shown) > widest - 1:
            shown = shown[:-1]
        return shown + "…"

    rows = [[cell(value) for value in row] for row in [head, *rows]]
    widths = [max(width(row[i]) for row in rows) for i in range(len(head))]
    print(f"\n{title}")
    for number, row in enumerate(rows):
        print(" | ".join(value + " " * (wide - width(value)) for value, wide in zip(row, widths)).rstrip())
        if number == 0:
            print("-+-".join("-" * wide for wide in widths))
    print(flush=True)


def has_cos_form(request_id):
    """Base64 of seconds_node_worker_serial in lower-case hex."""
    try:
        decoded = base64.b64decode(request_id or "", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return re.fullmatch(r"[0-9a-f]{8}(_[0-9a-f]+){2,3}", decoded) is not None


def disguises(secret):
    """Every form that a secret could be seen in, by name."""
    raw = secret.encode()
    forms = {
        "raw": secret,
        "percent-encoded": urllib.parse.quote(secret, safe=""),
        "percent-encoded, path": urllib.parse.quote(secret, safe="/"),
        "percent-encoded, form": urllib.parse.quote_plus(secret),
        "percent-encoded twice": urllib.parse.quote(urllib.parse.quote(secret, safe=""), safe=""),
        "XML": secret.replace("&", "&amp;"),
        "hex": raw.hex(),
        "hex of its bytes, apart": " ".join(f"{byte:02x}" for byte in raw),
        "JSON": json.dumps(secret)[1:-1].replace("/", "\\/"),
    }
    for offset in range(3):
        # Inside a longer text base64 depends on the place: only whole groups of three are certain.
        body = raw[offset:]
        body = body[: len(body) // 3 * 3]
        forms[f"base64 at {offset}"] = base64.b64encode(body).decode()
        forms[f"base64url at {offset}"] = base64.urlsafe_b64encode(body).decode()
    return forms


def hits_in(printed, secrets):
    texts = [(label, text.lower()) for label, text in printed]
    return [f"{name} ({form}) in: {label}" for name, secret in secrets.items()
            for form, needle in disguises(secret).items() for label, text in texts if needle.lower() in text]


def hunt(checks, printed, secrets):
    """Searches everything printed for every secret in every form, in any case."""
    for name, secret in secrets.items():
        # The search itself is tried first: it must find each disguise inside a longer text.
        inside = f"id=1 {secret}&more"
        samples = [inside, urllib.parse.quote(inside), urllib.parse.quote_plus(inside), inside.encode().hex().upper(),
                   *(base64.b64encode((" " * i + inside).encode()).decode() for i in range(3))]
        for sample in samples:
            checks.that(hits_in([("sample", sample)], {name: secret}), f"the search finds {name} in {sample}")
    size = sum(len(text) for _, text in printed)
    checks.that(size > 1000 * len(secrets), "enough was printed to search in")
    hits = hits_in(printed, secrets)
    for hit in hits or [None]:
        checks.that(hit is None, f"secret leaked: {hit}")
    forms = sum(len(disguises(secret)) for secret in secrets.values())
    print(f"secrets: {len(secrets)} secrets in {forms} forms, {len(printed)} outputs of {size} characters, {len(hits)} hits")
