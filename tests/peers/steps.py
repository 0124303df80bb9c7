"""Ordinary work of a vendor's SDK against the sandbox: every step must be right.

steps.py --sandbox ADDR:PORT --peer NAME [--summary FILE] [--verbose] -- COMMAND...
The command runs the SDK: steps_node.cjs or steps_python.py.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

import harness

HERE = pathlib.Path(__file__).parent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--summary")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    harness.end_in_order()
    plan = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    plan = {"address": asked.sandbox, "region": plan["region"], "accounts": plan["accounts"]}
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(asked.command, input=json.dumps(plan), capture_output=True, text=True, encoding="utf-8",
                          env=environment, timeout=240, check=False)
    checks = harness.Checks(f"{asked.peer} steps")
    steps = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    checks.that(done.returncode == 0, f"ended with {done.returncode}: {done.stderr.strip()[-1000:]}")
    checks.that(steps, "no steps")
    known = harness.Known(f"{asked.peer} steps")
    for step in steps:
        if asked.verbose and not step["ok"]:
            print("not right:", harness.visible(f"{step['name']}: {step['detail']}"))
        known.judge(checks, step["name"], step["ok"], step["detail"])
    known.finish(checks)
    print(f"{asked.peer} steps: {sum(step['ok'] for step in steps)} of {len(steps)} right")
    return checks.finish(asked.summary)


if __name__ == "__main__":
    sys.exit(main())
