#!/usr/bin/env python3
"""Counts the instructions of the steps that every request and every row takes.

    cargo build --release && python3 benches/instructions.py [COSDIAG]

Instruction counts are the same on a busy machine as on an idle one. callgrind (valgrind) runs the release build twice:
`probe` with 1,000 targets against its own sandbox, and the app on a list of 1,000 failures, in which the selection is
moved down line by line. A count is the instructions within a function, all that it calls included, by the number of its
calls. callgrind has no SHA instructions: a signature takes less on a processor that has them.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

TARGETS = 1000
KEYS = 60
# The step, the function that makes it, and what one call of it is.
STEPS = [
    ("sign (COS)", "cosdiag::sign::cos::sign", "request"),
    ("parse the error document", "cosdiag::domain::error_document::parse", "response"),
    ("redact the exchange", "cosdiag::engine::redact::cleaning::Cleaning::exchanges", "exchange"),
    ("redact what was decoded", "cosdiag::engine::redact::cleaning::Cleaning::record", "record"),
    ("classify", "cosdiag::domain::classify::record", "record"),
    ("diagnose", "cosdiag::diagnosis::rules::diagnose_with", "record"),
    ("write as csv", "<cosdiag::report::csv::Csv<W> as cosdiag::report::record_writer::RecordWriter>::record", "record"),
]
ON_SCREEN = [
    ("push a row", "cosdiag::store::rows::Rows::append", "row"),
    ("lay out a frame", "cosdiag::ui::view::view", "frame"),
    ("and draw it", "<cosdiag::ui::terminal::Screen as cosdiag::ui::terminal::Surface>::draw", "frame"),
]


def environment(folder):
    """Credentials that are none, and a history of its own."""
    return os.environ | {
        "COS_SECRET_ID": "AKIDfakeIDfakeIDfakeIDfakeIDfakeID01",
        "COS_SECRET_KEY": "fakeKEYfakeKEYfakeKEYfakeKEY0123",
        "COSDIAG_HISTORY": os.path.join(folder, "history.db"),
    }


def callgrind(out):
    return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}"]


def counts(out):
    """The instructions and the calls of each function."""
    tree = ["callgrind_annotate", "--tree=caller", "--inclusive=yes", "--threshold=100", out]
    text = subprocess.run(tree, capture_output=True, text=True, check=True).stdout
    found, calls = {}, 0
    for line in text.splitlines():
        match = re.match(r"\s*([\d,]+) \([\s\d.]+%\)\s+([<*])\s+\S*?:(.*?)(?: \(([\d,]+)x\))?(?: \[.*\])?$", line)
        if not match:
            calls = 0
        elif match[2] == "<":
            calls += int((match[4] or "0").replace(",", ""))
        else:
            found.setdefault(match[3], (int(match[1].replace(",", "")), calls))
            calls = 0
    return found


def probe(cosdiag, folder):
    """Sends requests to the sandbox, under callgrind without a history, then with one."""
    sandbox = subprocess.Popen([cosdiag, "sandbox"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        port = None
        for line in sandbox.stdout:
            if match := re.search(r"127\.0\.0\.1:(\d+)", line):
                port = match[1]
                break
        if port is None:
            sys.exit("instructions.py: the sandbox names no port")
        targets = os.path.join(folder, "targets")
        with open(targets, "w") as file:
            file.writelines(f"photos-1250000000/photos/2026/11/{at:08}.jpg\n" for at in range(TARGETS))
        run = ["probe", "--op", "get-object", "--region", "ap-guangzhou", "--scheme", "http", "--format", "csv", "--connect-to",
               f"127.0.0.1:{port}", "--targets-from", targets]
        out = os.path.join(folder, "probe")
        for command in [callgrind(out) + [cosdiag] + run + ["--no-history"], [cosdiag] + run]:
            subprocess.run(command, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return counts(out)
    finally:
        sandbox.terminate()
        sandbox.wait()


def show(cosdiag, folder):
    """Opens the history in the app and goes down the list."""
    out = os.path.join(folder, "screen")
    process, screen = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        command = callgrind(out) + [cosdiag, "history"]
        os.execvpe(command[0], command, environment(folder) | {"TERM": "xterm-256color"})
    ended = threading.Event()

    def read():
        while not ended.is_set():
            ready, _, _ = select.select([screen], [], [], 0.1)
            try:
                if ready and not os.read(screen, 65536):
                    return
            except OSError:
                return

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(15)
    for key in "j" * KEYS + "q":
        os.write(screen, key.encode())
        time.sleep(0.3)
    os.waitpid(process, 0)
    ended.set()
    reader.join()
    return counts(out)


def table(steps, found):
    for step, function, unit in steps:
        total, calls = found.get(function, (0, 0))
        count = f"{round(total / calls):>9,} instructions a {unit}" if calls else "        - not a function of its own in this build"
        print(f"{step:<28} {count}")


def main():
    cosdiag = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/cosdiag")
    with tempfile.TemporaryDirectory() as folder:
        table(STEPS, probe(cosdiag, folder))
        table(ON_SCREEN, show(cosdiag, folder))


if __name__ == "__main__":
    main()
