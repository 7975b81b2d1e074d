#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The golden files of the command line against the raw logs, with jq.

    proofs.py CASES [--remember FILE] [CASE...]

A case of tests/cli may have a file `check`: lines for sh that compute the numbers of the golden file from the log,
without the program. It runs in an empty directory where `testdata` is the project's test data; $GOLDEN is the case's
stdout. It fails at the first line that fails, and prints the difference. A proof that passed is written into FILE and
runs again only when its golden file, its check or the test data changed.
"""
import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


def prove(check, testdata):
    with tempfile.TemporaryDirectory() as work:
        os.symlink(testdata, os.path.join(work, "testdata"))
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C", "GOLDEN": os.path.join(os.path.dirname(check), "stdout")}
        return subprocess.run(["sh", "-e", check], cwd=work, env=env, capture_output=True, text=True, check=False)


def fingerprint(folder, testdata):
    """Of all that a proof reads; files of the test data by size and time."""
    hashed = hashlib.sha256(testdata)
    for name in ("check", "stdout"):
        with open(os.path.join(folder, name), "rb") as f:
            hashed.update(b"%s\0%s\0" % (name.encode(), f.read()))
    return hashed.hexdigest()


def state_of(testdata):
    with open(__file__, encoding="utf-8") as f:  # how a proof is run
        entries = [f.read()]
    for folder, _, names in os.walk(testdata):
        for path in (os.path.join(folder, name) for name in names):
            st = os.stat(path)
            entries.append("%s %d %d" % (path, st.st_size, st.st_mtime_ns))
    return "\n".join(sorted(entries)).encode()


def remembered(path):
    if not path or not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8") as f:
        return set(f.read().split())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases")
    parser.add_argument("--remember", metavar="FILE")
    parser.add_argument("wanted", nargs="*", metavar="CASE")
    args = parser.parse_args()
    if not shutil.which("jq") or not shutil.which("zstd"):
        print("proofs: jq or zstd is not installed")
        return SKIPPED
    cases = os.path.abspath(args.cases)
    testdata = os.path.join(os.path.dirname(os.path.dirname(cases)), "testdata")
    known, holds, failed, n = remembered(args.remember), set(), 0, 0
    state = state_of(testdata)
    for folder, _, names in sorted(os.walk(cases)):
        case = os.path.relpath(folder, cases)
        if "check" not in names or (args.wanted and case not in args.wanted):
            continue
        print_of = fingerprint(folder, state)
        if print_of in known:
            n += 1
            holds.add(print_of)
            continue
        run = prove(os.path.join(folder, "check"), testdata)
        n += 1
        if run.returncode != 0:
            failed += 1
            print(f"{case} is not what the log says (<):\n{run.stdout}{run.stderr}", end="")
        else:
            holds.add(print_of)
    if args.remember and not args.wanted:
        with open(args.remember, "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for line in sorted(holds))
    print(f"proofs: {n - failed} hold, {failed} do not")
    return 1 if failed or not n else 0


if __name__ == "__main__":
    sys.exit(main())
