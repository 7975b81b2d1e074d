#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares lunettes' fact table with oracle.py's, field by field, by the rules in the oracle's `judge`.

    compare.py OURS.jsonl ORACLE.jsonl
    compare.py OURS.jsonl CAPTURE...       runs the oracle itself

Prints one line a disagreement and a closing `N passed, N failed`; exits 1 if anything failed.
"""
import json
import os
import sys
from collections import defaultdict
from decimal import Decimal

import oracle

FIELDS = ["name", "generateName", "uid", "node", "workload", "class", "job", "verdict", "verdicts.deadline",
          "verdicts.delivery", "reason", "code", "attempts", "created", "scheduled", "running", "ready", "deleted",
          "seconds.total", "limitSeconds.deadline", "limitSeconds.delivery"]


def load(text):
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines() if line.strip()]


def field(line, path):
    for key in path.split("."):
        line = line.get(key) if isinstance(line, dict) else None
    return line


def numeric(value):
    """A time or a duration as seconds."""
    if isinstance(value, str):
        at = oracle.parse_time(value)
        return None if at is None else Decimal(at) / oracle.SECOND
    return value if value is None else Decimal(value)


def is_none(value):
    if isinstance(value, dict):
        return is_none(value.get("name")) or value.get("kind") == "Pod"
    return value is None or value == ""


def agree(rule, ours, theirs):
    if "skip" in rule:
        return True
    if "oneOf" in rule:
        return ours in rule["oneOf"]
    if "like" in rule:
        return rule["like"] in str(ours).lower()
    if "set" in rule:
        return bool(ours)
    if "none" in rule:
        return is_none(ours)
    a, b = numeric(ours), numeric(theirs)
    if a is None or b is None:
        return a is b
    return abs(a - b) <= Decimal(str(rule["within"]))


def differences(ours, theirs):
    rules = theirs["judge"]
    for path in FIELDS:
        if path not in theirs and "." not in path and path not in rules:
            continue
        rule = rules.get(path) or rules.get(path.split(".")[0])
        a, b = field(ours, path), field(theirs, path)
        if rule:
            same = agree(rule, a, b)
        elif path.startswith("seconds."):
            same = numeric(a) == numeric(b)
        else:
            same = a == b or path == "node" and is_none(a) and is_none(b)
        if not same:
            yield path, a, b, rule


def denied_key(line):
    workload = line.get("workload") or {}
    return (line["cluster"], line["namespace"], line["name"] or "", line.get("generateName") or "",
            "" if is_none(workload) else workload.get("name"))


def pair(ours, theirs):
    """Pairs by UID, else by name and order; refusals by what was asked for."""
    left, pairs = defaultdict(list), []
    for line in ours:
        left[key_of(line)].append(line)
    for line in theirs:
        found = left.get(key_of(line))
        pairs.append((found.pop(0) if found else None, line))
    return pairs, [line for lines in left.values() for line in lines]


def key_of(line):
    if line["verdict"] == "denied":
        return ("denied",) + denied_key(line)
    return (line["cluster"], line["namespace"], line["name"], line["uid"])


def title(line):
    name = line["name"] or (line.get("generateName") or "?") + "*"
    return "%s/%s %s" % (line["namespace"], name, line["uid"] or line["verdict"])


def show(value):
    return json.dumps(value, default=str)


def compare(ours, theirs, out=sys.stdout):
    pairs, extra = pair(ours, theirs)
    passed = failed = 0
    for mine, theirs_line in pairs:
        if mine is None:
            if not theirs_line.get("optional"):
                failed += 1
                print("%s: missing (oracle: %s)" % (title(theirs_line), theirs_line["verdict"]), file=out)
            continue
        found = list(differences(mine, theirs_line))
        for path, a, b, rule in found:
            print("%s: %s is %s, oracle %s%s" % (
                title(theirs_line), path, show(a), show(b), " " + show(rule) if rule else ""), file=out)
        passed, failed = passed + (not found), failed + bool(found)
    for line in extra:
        failed += 1
        print("%s: not in the oracle (%s)" % (title(line), line["verdict"]), file=out)
    return passed, failed


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with (sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8")) as f:
        ours = load(f.read())
    if len(sys.argv) == 3 and os.path.isfile(sys.argv[2]) and sys.argv[2].endswith(".jsonl"):
        with open(sys.argv[2], encoding="utf-8") as f:
            theirs = load(f.read())
    else:
        lines, _ = oracle.fact_table(sys.argv[2:])
        theirs = load("\n".join(json.dumps(line, cls=oracle.Plain) for line in lines))
    passed, failed = compare(ours, theirs)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
