#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every rule has its case: CODE/yes.log, as make.py writes it, gives exactly that code as the cause of a pod, no.log does not; further
logs are judged by whether their names begin with yes. A code of information is never a cause: it must be among the
contributing ones, without a cause.

    check.py LUNETTES [CODE...]

The codes come from the program itself (`lunettes codes -o json`); a code without a case fails, and so does a case without a
code. Closes with `N passed, N failed`.
"""
import glob
import json
import os
import subprocess
import sys

import make

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = make.logs()


def causes(program, path, information):
    out = subprocess.run([program, "diagnose", "-o", "jsonl", "-q", path], stdout=subprocess.PIPE, check=True).stdout
    found = []
    for line in map(json.loads, out.splitlines()):
        found.append((line["cause"] or {}).get("code"))
        if information:
            found += [c["code"] for c in line["contributing"]]
    return found


def judged(program, code, information):
    problems = []
    for path in sorted(glob.glob(os.path.join(FOLDER, code, "*.log"))):
        name, found = os.path.basename(path), causes(program, path, information)
        if name.startswith("yes") and (found.count(code) != 1 or any(c not in (code, None) for c in found)):
            problems.append("%s gives %s" % (name, found))
        if not name.startswith("yes") and code in found:
            problems.append("%s gives it too" % name)
    return problems


def parity(codes):
    """upstream.tsv against the rules: what is named there is here, and what rules name is there."""
    problems, named = [], {c["upstreamCode"] for c in codes} - {""}
    with open(os.path.join(HERE, "upstream.tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]
    for theirs, _, ours, why in rows:
        rules = [c for c in codes if c["code"] in ours.split("|")]
        if ours != "-" and len(rules) != len(ours.split("|")):
            problems.append("upstream.tsv: %s: there is no such code as %s" % (theirs, ours))
        if why == "=" and (not rules or any(c["upstreamCode"] != theirs for c in rules)):
            problems.append("upstream.tsv: %s is not `upstream:` of %s" % (theirs, ours))
        if ours == "-" and why == "=":
            problems.append("upstream.tsv: %s: no reason" % theirs)
    return problems + ["%s is not in upstream.tsv" % name for name in sorted(named - {row[0] for row in rows})]


def main():
    program, wanted = sys.argv[1], set(sys.argv[2:])
    listed = json.loads(subprocess.run([program, "codes", "-o", "json"], stdout=subprocess.PIPE, check=True).stdout)
    codes = {c["code"]: c.get("information") for c in listed["codes"]}
    passed = failed = 0
    origins = make.cases()
    for code in sorted(set(codes) | set(os.listdir(FOLDER))):
        if wanted and code not in wanted:
            continue
        problems = []
        if code not in codes:
            problems.append("there is no such code: remove its cases from tests/codes/cases_*.py")
        elif not origins.get(code, "").strip():
            problems.append("add its two logs and their origin to CASES of tests/codes/cases_*.py, the family of its id")
        if not problems:
            problems += judged(program, code, codes[code])
        passed, failed = passed + (not problems), failed + bool(problems)
        for problem in problems:
            print("FAIL  %s: %s" % (code, problem))
    for problem in parity(listed["codes"]):
        failed += 1
        print("FAIL  " + problem)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
