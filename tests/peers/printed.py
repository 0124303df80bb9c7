"""What an SDK printed of its errors, written into a log as a program would, must come back by `cosdiag import`."""

import json
import pathlib

import harness

# Nothing failed in these, though some of them look as if.
OTHERS = [
    "2026-05-26 16:26:{:02},001 INFO worker: job {} begins",
    "2026-05-26T16:26:{:02}Z info 3 files, {} bytes, retries: 0",
    "[16:26:{:02}] GET /status/{} 200 4ms",
    "",
]


def wanted(case, answer, record, form, text):
    """What can be read of one print: the SDK's own fields where the print holds them.

    A print that holds the store's document tells more than the SDK's error object may: then cosdiag's
    own record of the same request is the measure.
    """
    is_document, differs = "<Error>" in text, case.get("printed", {})
    unknown = (None, "Unknown", str(answer["status"]))
    # A gateway's page tells its status in its title.
    has_status = "statusCode" in text or form == "print of repr" or f"<title>{answer['status']} " in text
    want = {
        "status": answer["status"] if has_status else None,
        "code": answer["code"] if answer["code"] not in unknown else None,
        "message": answer["message"] if answer["message"] not in unknown else None,
        "id": answer["header_id"] if (answer["header_id"] or "no id") in text else None,
    }
    if is_document:
        want.update(code=record["error"].get("Code"), message=record["error"].get("Message"))
    elif case["want"]["code"] in ("ECONNREFUSED", "ECONNRESET", "HPE_INVALID_CONSTANT", "ETIMEDOUT", "ERR_BODY_TRUNCATED"):
        want["code"] = differs.get("code", case["want"]["code"])
    elif "INVALID" in text:
        want["message"] = "Response Error Msg Is INVALID"
    return want


def same_words(got, want):
    """A trace tells the lowest cause, of which the SDK's sentence is made; a log line tells more."""
    got, want = (text.replace("\\", "") for text in (got or "", want or ""))
    lowest = got.split(": ", 1)[-1].strip()
    return got == want or bool(want) and (want in got or bool(lowest) and lowest in want)


def check(checks, cosdiag, asked):
    """Writes a log a form of print and holds what is imported against it.

    One log for all forms would hold each RequestId several times, which is one failure.
    """
    forms = {form for _, answer, _ in asked for form in answer.get("printed", {})}
    checks.that(forms, "import: no form of print")
    known = harness.Known(f"{checks.peer} prints")
    for form in sorted(forms):
        check_form(checks, cosdiag, asked, known, form)


def check_form(checks, cosdiag, asked, known, form):
    """Writes the log of all answers (case, answer, record) in one form and holds what is imported against it."""
    lines, prints = [], []
    for number, (case, answer, record) in enumerate(asked):
        text = answer.get("printed", {}).get(form)
        if text is None:
            continue
        # The SDK's own log begins with a line of what it is about to do.
        lines.extend((OTHERS[number % len(OTHERS)].format(number % 60, number) + "\n" + text).split("\n"))
        prints.append((len(lines) - text.count("\n"), len(lines), case, form, wanted(case, answer, record, form, text)))
    lines.append("2026-05-26 16:27:00,001 INFO worker: the end")
    path = pathlib.Path(cosdiag.home.name, f"{checks.peer}-{form.replace(' ', '-')}.log")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    status, out, said = cosdiag.run(["import", str(path), "--format", "json", "--no-history"], cosdiag.environment(None))
    cosdiag.printed.append((f"import of {checks.peer}'s prints", out + "\n" + said))
    checks.equal(status, 1, "import: exit status")
    rows = json.loads(out or "[]")
    checks.that(prints and "not understood" not in said, f"import: {said.strip()}")
    checks.that(f"{len(lines)} lines, " in said, f"import: {len(lines)} lines: {said.strip()}")
    by_line = {}
    for row in rows:
        by_line.setdefault(int(row["source"].rsplit(":", 1)[1]), []).append(row)
    for first, last, case, form, want in prints:
        here = [row for line in range(first, last + 1) for row in by_line.pop(line, [])]
        problems = harness.Checks(checks.peer)
        compare(problems, here, case, want)
        known.judge(checks, f"{case['name']}, {form}", not problems.failures,
                    f"import (lines {first}-{last}): {'; '.join(problems.failures)}")
    checks.equal(sorted(by_line), [], "import: lines of which nobody printed an error")
    print(f"{checks.peer}: {len(prints)} prints ({form}) in {len(lines)} lines, imported as: {said.strip().split('): ', 1)[-1]}")


def compare(checks, here, case, want):
    """Compares the rows of one print with what it holds."""
    if not checks.equal(len(here), 1, "rows"):
        return
    error = here[0]["error"]
    checks.equal(here[0]["statusCode"], want["status"], "status")
    checks.equal(error.get("Code"), want["code"], "Code")
    checks.equal((here[0]["requestId"] or {}).get("value"), want["id"], "RequestId")
    if case["want"]["status"] is None or case["want"]["code"] == "ERR_BODY_TRUNCATED":
        checks.that(same_words(error.get("Message"), want["message"]),
                    f"Message {error.get('Message')!r}, want {want['message']!r}")
    else:
        checks.equal(error.get("Message"), want["message"], "Message")
