#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invariants of the stages of one pod, on real logs.

    stages.py LUNETTES [DIRECTORY|FILE...]

For every pod in `lunettes slo -o jsonl`:
  1. schedulingGate, schedule, startupWait and sandbox do not overlap; admission begins before them, and may overlap
     them, because other components act on the pod before its create is answered;
  2. no stage begins before the pod was created, and none is in progress after its delivery;
  3. each container's image is present before it is created, and it is created before it starts;
  4. the init containers that are not sidecars do not overlap;
  5. no duration is negative, a pull waits at most as long as it takes, the user's time is not longer than the total.
Prints a closing `N passed, N failed`.
"""
import json
import subprocess
import sys

FIRST = ["admission", "schedulingGate", "schedule", "startupWait", "sandbox"]


class Report:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, pod, what, good):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("%s/%s: %s" % (pod["namespace"], pod["name"] or pod["generateName"], what))


def check_order(report, pod, stages):
    first = [s for s in stages if s["stage"] in FIRST]
    for a, b in zip(first, first[1:]):
        report.check(pod, "%s before %s" % (a["stage"], b["stage"]),
                     FIRST.index(a["stage"]) < FIRST.index(b["stage"]))
        if a["stage"] != "admission" and a["end"]:
            report.check(pod, "%s ends before %s" % (a["stage"], b["stage"]), a["end"] <= b["start"])


def check_bounds(report, pod, stages):
    delivered = pod["running"] if pod["job"] else pod["ready"]
    for s in stages:
        if pod["created"]:
            report.check(pod, "%s behind the creation" % s["stage"], s["start"] >= pod["created"])
        if delivered:
            report.check(pod, "%s before the delivery" % s["stage"], max(s["start"], s["end"] or "") <= delivered)
        report.check(pod, "%s is not negative" % s["stage"], s["seconds"] is None or s["seconds"] >= 0)
        report.check(pod, "%s tells of a pull" % s["stage"], ("waitSeconds" in s) == (s["stage"] == "imagePull"))
        wait = s.get("waitSeconds")
        if wait is not None:
            report.check(pod, "waits in the pull", 0 <= wait and (s["seconds"] is None or wait <= s["seconds"]))
    seconds = pod["seconds"]
    if seconds["total"] is not None:
        report.check(pod, "the user's part", 0 <= seconds["user"] <= seconds["total"])


def check_containers(report, pod, stages):
    create = {s["subject"]: s for s in stages if s["stage"] == "create"}
    start = {s["subject"]: s for s in stages if s["stage"] == "start"}
    for name, s in start.items():
        before = create.get(name)
        if before and before["end"]:
            report.check(pod, "%s is created before it starts" % name, before["end"] <= s["start"])
    inits = [s for s in stages if s["stage"] == "init" and s["end"]]
    for a, b in zip(inits, inits[1:]):
        report.check(pod, "init %s before %s" % (a["subject"], b["subject"]), a["end"] <= b["start"])


def main():
    lunettes, paths = sys.argv[1], sys.argv[2:]
    lines = subprocess.run([lunettes, "slo", "-q", "-o", "jsonl"] + paths, stdout=subprocess.PIPE, check=True).stdout
    report, pods, stages = Report(), 0, 0
    for line in lines.splitlines():
        pod = json.loads(line)
        pods += 1
        stages += len(pod["stages"])
        check_order(report, pod, pod["stages"])
        check_bounds(report, pod, pod["stages"])
        check_containers(report, pod, pod["stages"])
    report.check({"namespace": "", "name": "the input"}, "has pods with stages", pods and stages)
    print("%d pods, %d stages: %d passed, %d failed" % (pods, stages, report.passed, report.failed))
    return report.failed != 0


if __name__ == "__main__":
    sys.exit(main())
