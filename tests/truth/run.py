#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs lunettes over every capture and judges its fact table twice: by the truth and by the oracle.

    run.py LUNETTES [CAPTURE...]

Without captures: testdata/captures/* (1-full's logs are testdata/audit), then those in $LUNETTES_CAPTURES
(a directory of captures). Closes with `N passed, N failed`, summed.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77


def captures():
    found = sorted(glob.glob(os.path.join(ROOT, "testdata", "captures", "*", "")))
    more = os.environ.get("LUNETTES_CAPTURES")
    return found + (sorted(glob.glob(os.path.join(more, "*", "truth", "..", ""))) if more else [])


def logs_of(capture):
    logs = sorted(glob.glob(os.path.join(capture, "audit*", "")))
    return logs or [os.path.join(ROOT, "testdata", "audit")]


def judge(name, words, table):
    """Runs one judge with the table on its stdin; returns its (passed, failed)."""
    run = subprocess.run([sys.executable] + words, input=table, stdout=subprocess.PIPE, check=False)
    text = run.stdout.decode()
    print("-- %s\n%s" % (name, text), end="")
    count = re.search(r"(\d+) passed, (\d+) failed\s*$", text)
    return (int(count[1]), int(count[2])) if count else (0, 1)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not shutil.which("zstd"):
        print("the program zstd is not installed")
        sys.exit(SKIPPED)
    passed = failed = 0
    for capture in sys.argv[2:] or captures():
        capture = os.path.normpath(capture)
        logs = logs_of(capture)
        run = subprocess.run([sys.argv[1], "slo", "-o", "jsonl"] + logs, stdout=subprocess.PIPE, check=False)
        print("== %s" % os.path.basename(capture))
        counts = [judge("truth", [os.path.join(HERE, "check.py"), "-", capture, "--logs"] + logs, run.stdout),
                  judge("oracle", [os.path.join(HERE, "compare.py"), "-"] + logs, run.stdout)]
        if run.returncode != 0:
            print("lunettes ended with %d" % run.returncode)
            counts.append((0, 1))
        passed += sum(c[0] for c in counts)
        failed += sum(c[1] for c in counts)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
