"""Holds cosdiag's records against the error objects of a vendor's SDK, both against one sandbox.

compare.py --binary COSDIAG --sandbox ADDR:PORT --peer NAME [--summary FILE] -- COMMAND...
The command runs the SDK: node.cjs or python.py.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys

import harness
import printed

HERE = pathlib.Path(__file__).parent
FIELDS = ("status", "code", "message", "id")


def load(peer):
    plan = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    for case in plan["cases"]:
        case.setdefault("as", "owner")
        case.setdefault("bucket", plan["good"]["bucket"])
        case.setdefault("region", plan["region"])
        case.setdefault("at", "sandbox")
        if "key_length" in case:
            case["key"] = "k" * case["key_length"]
        case["differs"] = case.get("differs", {}).get(peer, {})
        case["printed"] = case.get("printed", {}).get(peer, {})
    return plan


def ask_peer(command, plan):
    # No proxy but the sandbox.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, encoding="utf-8",
                          env=environment, timeout=240, check=False)
    if done.returncode != 0:
        sys.exit(f"the peer ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def probe_arguments(case, plan):
    target = case["bucket"] + (f"/{case['key']}" if "key" in case else "")
    arguments = [target, "--op", case["op"], "--region", case["region"], "--scheme", "http",
                 "--connect-to", plan["addresses"][case["at"]], "--timeout", str(case.get("timeout", 10))]
    return arguments + (["--anonymous"] if plan["accounts"][case["as"]] is None else [])


def fits(value, pattern):
    """A pattern ending in … stands for any rest."""
    if isinstance(pattern, str) and pattern.endswith("…"):
        return isinstance(value, str) and value.startswith(pattern[:-1])
    return value == pattern


def own_record(checks, case, exit_status, record):
    """What must hold of cosdiag's record whatever the SDK says."""
    want, name = case["want"], case["name"]
    outcome = want.get("outcome", "failure")
    checks.equal(record["outcome"], outcome, f"{name}: outcome")
    checks.equal(exit_status, 1 if outcome == "failure" else 0, f"{name}: exit status")
    checks.equal(record["statusCode"], want["status"], f"{name}: statusCode")
    checks.equal(record["error"].get("Code"), want["code"], f"{name}: Code")
    if "from" in want:
        checks.equal(record["codeFrom"], want["from"], f"{name}: codeFrom")
    header = (record["headers"] or {}).get("x-cos-request-id")
    request_id = (record["requestId"] or {}).get("value")
    checks.equal(request_id, header, f"{name}: requestId is the response header's")
    if want.get("id", True):
        checks.that(harness.has_cos_form(request_id), f"{name}: requestId {request_id!r} has the form of COS")
        if record["codeFrom"] == "body":
            checks.equal(record["error"].get("RequestId"), request_id, f"{name}: error.RequestId")
    else:
        checks.equal(request_id, None, f"{name}: no requestId, for it never reached the store")


def against(checks, case, sdk, record):
    """Field by field, with the differences that are listed; what the table says of it."""
    name, differs = case["name"], case["differs"]
    # A success of the SDK's has no error to compare.
    theirs = {field: sdk.get(field) for field in FIELDS}
    ours = {"status": record["statusCode"], "code": record["error"].get("Code"),
            "message": record["error"].get("Message")}
    listed, failed = [], []
    if "success" in differs or not sdk["failed"]:
        expected = "code" in differs or "success" in differs
        held = checks.that(expected and not sdk["failed"],
                           f"{name}: the SDK tells of {'a failure' if sdk['failed'] else 'a success'}")
        (listed if held else failed).append("success")
    for field in ("status", "code", "message"):
        if field in differs:
            pattern = differs[field]
            held = checks.that(fits(theirs[field], pattern),
                               f"{name}: the SDK's {field} was to be {pattern!r} and is {theirs[field]!r}")
            held &= checks.that(theirs[field] != ours[field], f"{name}: {field} is equal after all, and listed as different")
            (listed if held else failed).append(field)
        elif not checks.equal(ours[field], theirs[field], f"{name}: {field} as the SDK has it"):
            failed.append(field)
    if "id" in differs:
        held = checks.that(fits(theirs["id"], differs["id"]),
                           f"{name}: the SDK's RequestId was to be {differs['id']!r} and is {theirs['id']!r}")
        (listed if held else failed).append("id")
    elif case["want"].get("id", True):
        request_id = (record["requestId"] or {}).get("value")
        held = checks.equal(theirs["id"], sdk.get("header_id"), f"{name}: the SDK's RequestId is its response header's")
        held &= checks.that(harness.has_cos_form(theirs["id"]), f"{name}: the SDK's RequestId {theirs['id']!r} has the form of COS")
        held &= checks.that(theirs["id"] != request_id, f"{name}: two requests have two ids")
        failed += [] if held else ["id"]
    elif not checks.equal(theirs["id"] or None, None, f"{name}: the SDK has no RequestId either"):
        failed.append("id")
    if differs:
        checks.that(differs.get("why"), f"{name}: a listed difference has its reason")
    if failed:
        return "FAILED: " + ", ".join(failed)
    return "all but, as listed: " + ", ".join(listed) if listed else "equal"


def planted(cosdiag, plan):
    """Every probe once more, signed with a token that nobody knows, in several formats."""
    secrets = {"planted token": "NOT/A+REAL=TOKEN&PLANTED%IN~THE.ENVIRONMENT==0000"}
    for name, account in plan["accounts"].items():
        if account:
            secrets[f"key of {name}"] = account["key"]
            if account.get("token"):
                secrets[f"token of {name}"] = account["token"]
    for number, case in enumerate(plan["cases"]):
        account = plan["accounts"][case["as"]]
        with_token = account and {"token": secrets["planted token"], **account}
        for output_format in ("ndjson", "table", ("json", "csv", "markdown")[number % 3]):
            cosdiag.probe(probe_arguments(case, plan), cosdiag.environment(with_token), output_format)
    return secrets


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--peer", required=True, choices=["node", "python"])
    parser.add_argument("--summary")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    harness.end_in_order()

    checks, cosdiag, plan = harness.Checks(asked.peer), harness.Cosdiag(asked.binary), load(asked.peer)
    # Bound but not listening: whoever connects is refused, and nobody else gets the port.
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))
        plan["addresses"] = {"sandbox": asked.sandbox, "closed": "127.0.0.1:%d" % refusing.getsockname()[1]}
        first, *answers = ask_peer(asked.command, plan)
        good = sum(checks.that(check["ok"], f"{check['name']} {check.get('detail') or ''}") for check in first["good"])
        answers = {answer["name"]: answer for answer in answers}
        rows, notes, asked_both = [], [], []
        for case in plan["cases"]:
            environment = cosdiag.environment(plan["accounts"][case["as"]])
            status, records, error = cosdiag.probe(probe_arguments(case, plan), environment)
            if not checks.that(len(records) == 1 and case["name"] in answers, f"{case['name']}: {error.strip()}"):
                continue
            sdk, record = answers[case["name"]], records[0]
            asked_both.append((case, sdk, record))
            own_record(checks, case, status, record)
            verdict = against(checks, case, sdk, record)
            words = [sdk.get("status"), sdk.get("code"), sdk.get("message")] if sdk["failed"] else [
                sdk.get("status"), "(success)", None]
            rows.append([case["name"], *words, record["statusCode"], record["error"].get("Code"),
                         record["error"].get("Message"), verdict])
            if case["differs"]:
                notes.append(f"  {case['name']}: {case['differs'].get('why')}")
        secrets = planted(cosdiag, plan)
    keys = ", ".join(plan["good"]["keys"])
    print(f"\n{asked.peer}: {good} of {len(first['good'])} good requests did what was asked"
          f" (put, get, head, copy, list, delete of {keys}; with and without a token)")
    harness.table(f"{asked.peer}: bad requests",
                  ["case", "SDK", "Code", "Message", "cosdiag", "Code", "Message", "equal"], rows, 44)
    print("differences that are the SDK's own, or a name that only cosdiag gives:\n" + "\n".join(notes) + "\n")
    printed.check(checks, cosdiag, asked_both)
    harness.hunt(checks, cosdiag.printed, secrets)
    return checks.finish(asked.summary)


if __name__ == "__main__":
    sys.exit(main())
