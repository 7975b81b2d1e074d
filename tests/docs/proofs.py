#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The golden files of the command line against the raw logs, by the hand of jq.

    proofs.py CASES [CASE...]

A case of tests/cli may hold a file `check`: lines for sh that compute from the log, without the program, what the
golden file must say. It runs in an empty directory where `testdata` is the project's test data; $GOLDEN is the case's
stdout. The first line that fails fails it, and says what differs.
"""
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


def main():
    if len(sys.argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if not shutil.which("jq") or not shutil.which("zstd"):
        print("proofs: jq or zstd is not installed")
        return SKIPPED
    cases = os.path.abspath(sys.argv[1])
    testdata = os.path.join(os.path.dirname(os.path.dirname(cases)), "testdata")
    wanted, failed, n = sys.argv[2:], 0, 0
    for folder, _, names in sorted(os.walk(cases)):
        case = os.path.relpath(folder, cases)
        if "check" not in names or (wanted and case not in wanted):
            continue
        run = prove(os.path.join(folder, "check"), testdata)
        n += 1
        if run.returncode != 0:
            failed += 1
            print(f"{case} is not what the log says (<):\n{run.stdout}{run.stderr}", end="")
    print(f"proofs: {n - failed} hold, {failed} do not")
    return 1 if failed or not n else 0


if __name__ == "__main__":
    sys.exit(main())
