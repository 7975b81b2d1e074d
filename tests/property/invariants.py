#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invariants of every input.

    invariants.py LUNETTES [PATH...]

Without paths: the test data (logs, dumps, the logs of all codes, public samples), and the captures in the directory
$LUNETTES_CAPTURES, if it is set. For each input:
  1. each pod is in one line and has one verdict; in `slo -o json` the verdicts add up to the pods, in all and over the
     groups, and are those of the lines; so do the reasons for which pods are excluded. The same for the other three SLOs;
  2. no duration is negative;
  3. a pod that never ran has no startup;
  4. a pod with success or slow was delivered before its deletion was requested: `ready`, for jobs `running`, is not
     later than `deleted`; and no other pod has a total (excluded pods may have one);
  5. a failed pod that has an open stage is reported in an open one: LONGEST STAGE of
     `slo`, `longest` of `diagnose`;
  6. in `trace --otlp` each span is within its parent, and each event of a span within that span.
Prints violations and a closing `N passed, N failed`.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "traces"))
import files  # noqa: E402
import otlp  # noqa: E402

VERDICTS = {"excluded", "denied", "success", "slow", "failed", "aborted", "open"}
SLOS = ["create", "delete", "upgrade", "pvc"]
SHOWN = 10
ALL = "1000000"


class Report:
    def __init__(self):
        self.passed, self.failed, self.shown = 0, 0, Counter()

    def check(self, what, who, good, words=""):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            self.shown[what] += 1
            if self.shown[what] <= SHOWN:
                print("FAIL %s: %s%s" % (what, who, ": %s" % (words,) if words else ""))


def run(program, words, operands):
    return subprocess.run([program] + words + ["-q"] + operands, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False).stdout


def lines_of(program, words, operands):
    return [json.loads(line) for line in run(program, words + ["-o", "jsonl"], operands).splitlines()]


def who_is(name, line):
    return "%s: %s/%s %s" % (name, line["namespace"], line["name"] or line.get("generateName"), line["uid"] or line["verdict"])


def durations(value, key=""):
    """(key, seconds) of every duration in a line."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from durations(inner, name if isinstance(inner, (dict, list)) or "econds" in name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from durations(inner, key)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and "econds" in key:
        yield key, value


def check_sums(report, name, slo, lines, document):
    where = "%s, --slo %s" % (name, slo)
    seen = Counter((line["cluster"], line["uid"]) for line in lines if line["uid"])
    if slo != "upgrade":    # of a pod there may be several
        report.check("each pod in one line", where, all(n == 1 for n in seen.values()), [k for k, n in seen.items() if n > 1][:3])
    report.check("verdicts are words", where, {line["verdict"] for line in lines} <= VERDICTS)
    if not lines:
        return
    totals = document["totals"]
    counts = Counter(line["verdict"] for line in lines)
    shown = Counter(totals["verdicts"])
    size = totals.get("pods", totals.get("count", sum(shown.values())))
    report.check("verdicts are those of the lines", where, +shown == counts, (totals["verdicts"], dict(counts)))
    report.check("verdicts add up to the pods", where, sum(shown.values()) == size == len(lines), (size, len(lines)))
    groups = Counter()
    for group in document["groups"]:
        groups.update(group["verdicts"])
        report.check("verdicts add up in a group", where, sum(group["verdicts"].values()) == group.get("pods", sum(
            group["verdicts"].values())), group)
    report.check("groups add up", where, +groups == counts, (dict(groups), dict(counts)))
    reasons = Counter(line["reason"] for line in lines if line["reason"])
    report.check("reasons add up", where, totals["excludedReasons"] == dict(reasons), (totals["excludedReasons"], dict(reasons)))
    report.check("a reason of each excluded one", where, sum(reasons.values()) == counts["excluded"], dict(reasons))


def check_delivery(report, name, line):
    who, seconds = who_is(name, line), line["seconds"]
    end = line["running"] if line["job"] else line["ready"]
    if line["running"] is None:
        report.check("no startup of what never ran", who, seconds["startup"] is None, seconds)
    if line["verdict"] in ("success", "slow"):
        report.check("delivered before its deletion", who, end is None or line["deleted"] is None or end <= line["deleted"], (
            line["verdict"], "delivered " + str(end), "deleted " + str(line["deleted"])))
    elif line["verdict"] != "excluded":
        report.check("a total of what was delivered alone", who, seconds["total"] is None, (line["verdict"], seconds))


def open_stages(line):
    if line["seconds"]["total"] is not None:
        return []
    # what began in the second in which it ended has no length
    return [(s["stage"], s["subject"]) for s in line["stages"] if s["end"] is None and s["start"][:19] > (line["created"] or "")[:19]]


def check_longest(report, what, name, rows, opened):
    for row in rows:
        stages = opened.get((row["cluster"], row["uid"]))
        if stages and row["verdict"] == "failed":
            longest = row["longest"]
            report.check(what, who_is(name, row), longest and (longest["stage"], longest["subject"]) in stages, (longest, stages))


def check_traces(report, program, name, operands):
    with tempfile.NamedTemporaryFile(suffix=".otlp") as f:
        f.write(run(program, ["trace", "--otlp", "-"], operands))
        f.flush()
        traces = otlp.load(f.name)
    for spans in traces:
        own = {s.id: s for s in spans}
        for s in spans:
            parent = own.get(s.parent)
            where = "%s: %s of %s" % (name, s.name, s.resource.get("k8s.pod.name") or s.resource.get("service.name"))
            report.check("spans within their parents", where, not parent or parent.start <= s.start <= s.end <= parent.end)
            for at, event, _ in s.events:
                report.check("events within their spans", where, s.start <= at <= s.end, "%s %+.3f s, of %.3f s" % (
                    event, (at - s.start) / 1e9, (s.end - s.start) / 1e9))


def check(report, program, name, operands):
    for slo in SLOS:
        lines = lines_of(program, ["slo", "--slo", slo], operands)
        text = run(program, ["slo", "--slo", slo, "-o", "json", "--limit", ALL], operands)
        document = json.loads(text) if text else {}
        check_sums(report, name, slo, lines, document)
        for line in lines:
            found = list(durations(line))
            report.check("no negative duration", who_is(name, line), all(v >= 0 for _, v in found), [f for f in found if f[1] < 0])
        if slo != "create":
            continue
        for line in lines:
            check_delivery(report, name, line)
        # the made logs of codes are of one pod each, of the same UID: together they are no life
        opened = {} if name == "causes" else {
            (line["cluster"], line["uid"]): open_stages(line) for line in lines if line["uid"]}
        check_longest(report, "slo: the longest stage is an open one", name, document.get("slowest", []), opened)
    rows = [line for line in lines_of(program, ["diagnose"], operands) if line["kind"] == "Diagnosis"]
    check_longest(report, "diagnose: the longest stage is an open one", name, rows, opened)
    check_traces(report, program, name, operands)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    given = [(os.path.basename(os.path.normpath(path)), [path]) for path in sys.argv[2:]]
    inputs = given or list(files.inputs())
    more = os.environ.get("LUNETTES_CAPTURES")
    if more and not given:
        inputs += [(os.path.basename(os.path.dirname(c)), sorted(glob.glob(os.path.join(c, "audit*", ""))))
                   for c in sorted(glob.glob(os.path.join(more, "*", "")))]
    report = Report()
    for name, operands in inputs:
        check(report, sys.argv[1], name, operands)
    for what, count in sorted(report.shown.items()):
        print("%6d times not so: %s" % (count, what))
    print("%d inputs: %d passed, %d failed" % (len(inputs), report.passed, report.failed))
    sys.exit(report.failed > 0 or report.passed == 0)


if __name__ == "__main__":
    main()
