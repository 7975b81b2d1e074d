#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The primary cause of every pod of a capture, against the expectation of a person who read its truth.

    check_causes.py LUNETTES CAPTURE... [--table] [--all]

The expectations are in CAPTURE/truth/causes.tsv, or, for captures outside of the repository, in tests/truth/causes/NAME.tsv:

    namespace  name or prefix*  code  scope  comment

Claims are listed as pvc/NAME. A name may end in @N: the N-th pod of that name. Denied pods without a name have their generateName, otherwise "?". The
first matching row counts, exact names before prefixes. A code is `-` for healthy, or for a pod of which this log shows no more;
several codes joined by | are all right, where one of our thresholds decides. A row whose comment begins with "left out:" is about
excluded pods, which the log cannot judge; a line about one is wrong.

right: that code in that scope; miss: none or Unknown where another is expected; wrong: another code, or one where none is.
Exits with 0 if nothing is wrong and at most the allowed number is missed (`# misses: N` in the head of the table).
"""
import collections
import fnmatch
import json
import os
import subprocess
import sys

from run import HERE, ROOT, logs_of


def rows_of(capture):
    name = os.path.basename(os.path.normpath(capture))
    places = [os.path.join(capture, "truth", "causes.tsv"), os.path.join(HERE, "causes", name + ".tsv"),
              os.path.join(ROOT, "testdata", "captures", name, "truth", "causes.tsv")]
    path = next(p for p in places if os.path.exists(p))
    rows, allowed = [], 0
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith("# misses:"):
                allowed = int(line.split(":")[1])
            if not line or line.startswith("#"):
                continue
            cells = line.split("\t")
            if len(cells) != 5:
                sys.exit("%s:%d: not five cells" % (path, number))
            rows.append(cells)
    return rows, allowed


def expected(rows, namespace, name, nth):
    for exact in (True, False):
        for row in rows:
            if row[0] != namespace or exact == row[1].endswith("*"):
                continue
            wanted, _, which = row[1].partition("@")
            if (not which or int(which) == nth) and fnmatch.fnmatchcase(name, wanted):
                return row
    return None


def diagnose(program, capture):
    logs = logs_of(capture)
    out = subprocess.run([program, "diagnose", "-o", "jsonl", "-q"] + logs, stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def judge(row, line):
    code, scope = (line["cause"] or {}).get("code", "-"), line["scope"] or "-"
    codes = row[2].split("|")
    if code in codes and (code == "-" or scope in row[3].split("|")):
        return "right"
    return "miss" if code in ("-", "Unknown") and row[2] != "-" else "wrong"


def check(program, capture, show_all):
    rows, allowed = rows_of(capture)
    sums, confusion, used, seen = collections.Counter(), collections.Counter(), set(), collections.Counter()
    name_of = os.path.basename(os.path.normpath(capture))
    for line in diagnose(program, capture):
        name = line["name"] or line.get("generateName") or "?"
        if line["kind"] == "ClaimDiagnosis":
            name = "pvc/" + name
        seen[line["namespace"], name] += 1
        row = expected(rows, line["namespace"], name, seen[line["namespace"], name])
        got = "%s/%s" % ((line["cause"] or {}).get("code", "-"), line["scope"] or "-")
        if row is None or row[4].startswith("left out:"):
            sums["wrong"] += 1
            print("wrong %s: %s/%s is %s, and the table does not speak of it" % (name_of, line["namespace"], name, got))
            continue
        used.add(tuple(row))
        result = judge(row, line)
        sums[result] += 1
        confusion["%s/%s" % (row[2], row[3]), got] += result != "right" or show_all
        if result != "right":
            print("%-5s %s: %s/%s is %s, expected %s/%s" % (result, name_of, line["namespace"], name, got, row[2], row[3]))
    for row in rows:
        if tuple(row) in used or row[2] == "-" or row[4].startswith("left out:"):
            continue
        sums["miss"] += 1
        print("miss  %s: %s/%s is expected as %s, and no pod is diagnosed" % (name_of, row[0], row[1], row[2]))
    return sums, confusion, allowed


def main():
    options = {a for a in sys.argv[1:] if a.startswith("--")}
    program, *captures = [a for a in sys.argv[1:] if not a.startswith("--")]
    failed, table, all_confusion = False, [], collections.Counter()
    for capture in captures:
        sums, confusion, allowed = check(program, capture, "--all" in options)
        all_confusion.update({key: n for key, n in confusion.items() if n})
        table.append((os.path.basename(os.path.normpath(capture)), sums["right"], sums["miss"], sums["wrong"]))
        failed |= sums["wrong"] > 0 or sums["miss"] > allowed or not sums["right"]
    if "--table" in options:
        print("| capture | right | miss | wrong |\n|---|---|---|---|")
        for row in table:
            print("| %s | %d | %d | %d |" % row)
    for (wanted, got), n in sorted(all_confusion.items()):
        print("%4d  expected %-40s got %s" % (n, wanted, got))
    print("%d right, %d missed, %d wrong" % tuple(sum(row[i] for row in table) for i in (1, 2, 3)))
    sys.exit(failed)


if __name__ == "__main__":
    main()
