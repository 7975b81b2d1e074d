#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files that the system does not let us read: unread.py LUNETTES FAULTS

FAULTS is the library of faults.c, preloaded, so that calls fail for root too. Every command must exit with 4, with -q
too, and its result must name each such file with the reason; the other files are used.
"""
import errno
import json
import os
import subprocess
import sys

from cases import run_cases

HERE = os.path.dirname(os.path.abspath(__file__))
LOG = os.path.join(os.path.dirname(os.path.dirname(HERE)), "testdata", "cli", "few.log.zst")
POD = "pod/guarded/latest-image"

# (name, FAULT, the name in the notes, reason)
FAULTS = [
    ("EIO at the first read", (errno.EIO, "read", "d/two.log"), "d/two.log"),
    ("EMFILE", (errno.EMFILE, "open", "d/two.log"), "d/two.log"),
    ("ENFILE", (errno.ENFILE, "open", "d/two.log"), "d/two.log"),
    ("ENOMEM", (errno.ENOMEM, "open", "d/two.log"), "d/two.log"),
    ("EACCES", (errno.EACCES, "open", "d/two.log"), "d/two.log"),
    ("EACCES of a lookup", (errno.EACCES, "stat", "d/two.log"), "d/two.log"),
    ("a file that vanishes", (errno.ENOENT, "open", "d/two.log"), "d/two.log"),
    ("a file that vanishes before it is looked at", (errno.ENOENT, "stat", "d/two.log"), "d/two.log"),
    ("EIO in an archive", (errno.EIO, "read", "d/three.tar"), "d/three.tar"),
    ("a directory", (errno.EACCES, "open", "d/sub"), "d/sub"),
    ("a directory, half-way", (errno.EIO, "list", "d/sub"), "d/sub"),
    ("a file that is named", (errno.EIO, "read", "d/two.log"), "d/two.log", "d/one.log d/two.log"),
]

# (command, how its result shows the list: a JSON path, or the lines before which it must be)
COMMANDS = [
    ("slo", "RESTS ON"),
    ("slo -o markdown", "RESTS ON"),
    ("slo -o json", ["basis"]),
    ("slo -o jsonl", None),
    ("slo -o csv", None),
    ("diagnose", "RESTS ON"),
    ("diagnose -o markdown", "RESTS ON"),
    ("diagnose -o json", ["basis"]),
    ("diagnose " + POD, ""),
    ("diagnose -o markdown " + POD, ""),
    ("diagnose -o json " + POD, ["basis"]),
    ("pods", ""),
    ("pods -o json", []),
    ("pods -o csv", None),
    ("timeline " + POD, ""),
    ("timeline -o json " + POD, []),
    ("inspect", "RESTS ON"),
    ("inspect -o json", ["basis"]),
    ("trace --otlp -", None),
    ("diff --at 10:10", "RESTS ON"),
    ("diff --at 10:10 -o json", ["basis"]),
    ("diff --before d/one.log -o json --after", ["after", "basis"]),
]

# What is no fault: (name, a line for sh in the folder)
NO_FAULT = [
    ("a link that leads nowhere", "ln -s nowhere d/link"),
    ("a link to itself", "ln -s loop d/loop"),
    ("a file that is no log", "echo hello >d/notes.log"),
    ("damaged content", "head -c 3000 d/one.log | gzip | head -c 500 >d/cut.gz"),
    ("a FIFO", "mkfifo d/fifo"),
]


def make(folder, log):
    os.makedirs(os.path.join(folder, "d", "sub"))
    lines = log.splitlines(keepends=True)
    third = len(lines) // 3
    parts = {"one.log": lines[:third], "two.log": lines[third:2 * third], "sub/three.log": lines[2 * third:],
             "sub/four.log": lines[2 * third:]}
    for name, part in parts.items():
        with open(os.path.join(folder, "d", name), "wb") as f:
            f.writelines(part)
    subprocess.run(["tar", "-cf", "d/three.tar", "d/two.log"], cwd=folder, check=True)


def run(program, folder, command, fault=None, faults=None, operands="d"):
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    env["LC_ALL"] = "C.UTF-8"
    if fault:
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        env.update(LD_PRELOAD=faults, FAULT="%s:%d:%s" % (fault[1], fault[0], fault[2]))
    return subprocess.run([program, *command.split(), *operands.split()], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)


def shows(result, place, name, reason):
    """Whether the result names the file with the reason, where it must."""
    if place is None:
        return True
    if isinstance(place, list):
        document = json.loads(result)
        for key in place:
            document = document[key]
        return {"file": name, "reason": reason} in document["unread"]
    lines = [line.strip(" *-#|") for line in result.replace("\\", "").splitlines()]
    lines = [line for line in lines if line and place not in line] if place else [line for line in lines if line]
    return bool(lines) and lines[0].startswith("INCOMPLETE: ") and "%s: %s" % (name, reason) in lines[:6]


def judge_fault(program, folder, faults, fault, name, operands="d"):
    reason = os.strerror(fault[0])
    for quiet in ("", " -q"):
        done = run(program, folder, "slo" + quiet, fault, faults, operands)
        said = done.stderr.decode()
        yield done.returncode == 4, "slo%s: exit status %d: %s" % (quiet, done.returncode, said)
        yield shows(done.stdout.decode(), "RESTS ON", name, reason), "the result: " + done.stdout.decode()[:300]
        yield bool(said) != bool(quiet), "stderr: %s" % said
        yield quiet or (name in said and reason in said), "stderr: %s" % said


def judge_command(program, folder, faults, command, place):
    fault = (errno.EIO, "read", "d/two.log")
    for quiet in ("", " -q"):
        verb, _, rest = command.partition(" ")
        done = run(program, folder, verb + quiet + " " + rest, fault, faults)
        yield done.returncode == 4, "exit status %d: %s" % (done.returncode, done.stderr.decode())
        yield shows(done.stdout.decode(), place, "d/two.log", os.strerror(errno.EIO)), done.stdout.decode()[:500]
    done = run(program, folder, command)
    yield done.returncode == 0, "without a fault: exit status %d: %s" % (done.returncode, done.stderr.decode())
    yield "INCOMPLETE" not in done.stdout.decode(), "INCOMPLETE without a fault"


def judge_no_fault(program, folder, line):
    subprocess.run(["sh", "-c", line], cwd=folder, check=True)
    done = run(program, folder, "slo")
    yield done.returncode == 0, "exit status %d: %s" % (done.returncode, done.stderr.decode())
    yield "INCOMPLETE" not in done.stdout.decode(), done.stdout.decode()[:300]


def main():
    program, faults = (os.path.abspath(path) for path in sys.argv[1:3])
    log = subprocess.run(["zstd", "-dcq", LOG], stdout=subprocess.PIPE, check=True).stdout
    cases = [(judge_fault, name, (faults, *rest)) for name, *rest in FAULTS]
    cases += [(judge_command, command, (faults, command, place)) for command, place in COMMANDS]
    cases += [(judge_no_fault, name, (line,)) for name, line in NO_FAULT]
    return run_cases("unread", program, lambda folder: make(folder, log), cases)


if __name__ == "__main__":
    sys.exit(main())
