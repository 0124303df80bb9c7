"""Judging a verdict: is the first one right, is a wrong one certain, does it speak the right dialect."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

HEALTHY = object()
# What only a user of COS can follow.
COS_WORDS = re.compile(r"\bCAM\b|APPID|COS_SECRET|COS_TOKEN|SecretKey|SecretId|32 characters|x-cos-|\bCOS\b|myqcloud|the vendor's diagnosis")


def free_ports(count):
    """Ports that nobody listens on, each another one: all are taken before the first is given back."""
    with contextlib.ExitStack() as taken:
        sockets = [taken.enter_context(socket.socket()) for _ in range(count)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]


def free_port():
    return free_ports(1)[0]


class Process:
    """A server that is waited for, and ended with its case."""

    def __init__(self, command, port, environment=None):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        env={**os.environ, **(environment or {})})
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        self.log.seek(0)
        sys.exit(f"{command[0]} does not start: {self.log.read().decode('utf-8', 'replace')[-500:]}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def words(verdict):
    return " ".join([verdict["summary"], *verdict["fix"], *(one["fact"] for one in verdict["evidence"])])


def judge(checks, known, name, want, status, records, err, in_s3):
    """Holds a record to what is wanted of it; the row of a table.

    `want` is HEALTHY, the causes that are right, a pattern of what must be said (its cause may have any
    name), or both.
    """
    causes, pattern = want if isinstance(want, tuple) else (None, want) if isinstance(want, str) else (want, None)
    if len(records) != 1:
        known.judge(checks, name, False, f"{len(records)} records: {err.strip()[-300:]}")
        return ["", "", "", "", "FAILED"]
    record = records[0]
    verdicts = (record["diagnosis"] or {}).get("verdicts") or []
    first = verdicts[0] if verdicts else {"cause": None, "confidence": None, "summary": "", "fix": [], "evidence": []}
    advice = " ".join([first["summary"], *first["fix"]]).lower()
    if want is HEALTHY:
        right = status == 0 and record["outcome"] == "success"
    else:
        right = status == 1 and (causes is None or first["cause"] in causes) and (not pattern or bool(re.search(pattern, advice)))
    said = f"exit {status}, {record['statusCode']} {record['error'].get('Code')}, {first['cause']} [{first['confidence']}] {first['summary']}"
    ok = known.judge(checks, name, right, said)
    allowed = () if want is HEALTHY else causes or ((first["cause"],) if right else ())
    wrong = [one["cause"] for one in verdicts if one["confidence"] == "certain" and one["cause"] not in allowed]
    ok &= known.judge(checks, f"{name}: certain", not wrong, f"a wrong certain {wrong}: {said}")
    if in_s3:
        found = sorted({hit for one in verdicts for hit in COS_WORDS.findall(words(one))})
        ok &= known.judge(checks, f"{name}: words", not found, f"words of COS: {found}")
    code = record["error"].get("Code")
    return [status, record["statusCode"], code, f"{first['cause']} [{first['confidence']}]", "ok" if ok else "FAILED"]
