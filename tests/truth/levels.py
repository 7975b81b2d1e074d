#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The results for a log of a narrower audit policy are the same, or coarser, or missing; never different.

    levels.py LUNETTES LOG...       plain or .zst, of a policy that logs the bodies of pods, their statuses and Events

Lowers the log to each policy of POLICIES as the API server would have logged it (policy/apply.py), and asks for the four
fact tables and for inspect. Against the whole log's answers:
  - no pod is lost, duplicated or only in the lowered log, except for upgrades without any remaining body;
  - a verdict is the same, or excluded with a reason. One that was slow is failed where the log hides that it was
    delivered at last; without its class a pod is judged by a longer limit, and failed may be open;
  - a milestone is the same, or null, or within the precision that its kind allows (NEAR); a stage that has both edges
    is within its stated precision; totals likewise. There are no results that the whole log does not have;
  - inspect names the missing data.
Prints what disagrees, how much each policy leaves, and a closing `N passed, N failed`.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "policy"))
import apply  # noqa: E402
from oracle import SECOND, parse_time, read_file  # noqa: E402

SKIPPED = 77
CAPTURES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "testdata", "captures")
WRITES = ["create", "update", "patch", "delete", "deletecollection"]
EVENTS = [{"group": "", "resources": ["events"]}, {"group": "events.k8s.io", "resources": ["events"]}]
ALL = {"level": "RequestResponse"}

# Each policy, and the ids of the findings that inspect must report for it.
POLICIES = {
    "metadata": ({"rules": [{"level": "Metadata"}]},
                 {"statusBodiesMissing", "createsNameless", "specsMissing", "eventsHidden", "deletesNameless"}),
    "status and events hidden": ({"rules": [{"level": "Metadata", "resources": [{"group": "", "resources": ["pods/status"]}] + EVENTS},
                                            ALL]}, {"statusBodiesMissing", "readyUnsharp", "eventsHidden"}),
    "requests alone": ({"rules": [{"level": "Request"}]}, {"createsNameless", "specsMissing", "deletesNameless"}),
    "no events": ({"rules": [dict(level="None", resources=EVENTS), ALL]}, {"eventsMissing"}),
    "no status": ({"rules": [{"level": "None", "resources": [{"group": "", "resources": ["pods/status"]}]}, ALL]},
                  {"statusWritesMissing"}),
    "example of Kubernetes": (os.path.join(CAPTURES, "3-k8s-example", "policy.yaml"), {"statusBodiesMissing", "readyUnsharp"}),
    "upstream": ({"rules": [
        {"level": "RequestResponse", "verbs": WRITES, "resources": [{"group": "", "resources": [
            "pods", "nodes", "pods/status", "pods/binding", "pods/attach", "pods/eviction", "events"]}]},
        {"level": "Metadata", "verbs": WRITES}]}, {"eventsHidden"}),
}

TIMES = {"create": ("created", "scheduled", "running", "ready", "deleted"), "upgrade": ("requested", "ready"),
         "delete": ("requested", "killing", "stopped", "released", "gone"), "pvc": ("created", "bound", "deleted")}
# The maximum distance of a coarser time from the whole log's: (before, after).
NEAR = {
    # created: a whole second, or the binding where nothing else is known; within 3 s here
    "created": (SECOND, 3 * SECOND), "scheduled": (SECOND, SECOND),
    "running": (SECOND, 2 * SECOND),            # the second that a status shows; the first sight of the phase
    "ready": (2 * SECOND + 750_000_000, 0),     # a transition's whole second, the write of which came later
    "deleted": (SECOND, 0), "requested": (SECOND, 0), "killing": (0, 0),
    "stopped": (SECOND, 2 * SECOND),            # or the kubelet's last request, within 2 s of Killing
    "released": (0, 0), "bound": (SECOND, SECOND),
    "gone": (SECOND, 2 * SECOND),               # inferred: with a request that others overlap; not found any more
}
MILLISECOND = SECOND // 1000
# After `exact`: an admission begins at the creationTimestamp, if that is later, which is unknown without a body.
STAGE_NEAR = {"exact": 5 * MILLISECOND, "second": 2 * SECOND + 750_000_000, "inferred": 3 * SECOND}


class Report:
    def __init__(self):
        self.passed = self.failed = 0
        self.where = ""

    def check(self, who, what, good, whole="", lowered=""):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("%s: %s, %s: %s, of the whole log %s" % (self.where, who, what, lowered, whole))


def table(program, slo, path):
    out = subprocess.run([program, "slo", "-q", "--slo", slo, "-o", "jsonl", path], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def title(line):
    return "%s/%s" % (line["namespace"], line["name"] or line["generateName"])


def pair(whole, lowered):
    """Each line of the whole log with its own of the lowered one: by UID, else by name in order of time."""
    by_uid = {line["uid"]: line for line in lowered if line["uid"]}
    unnamed = [line for line in lowered if not line["uid"]]
    for line in whole:
        found = by_uid.pop(line["uid"], None) if line["uid"] else None
        if found is None:
            found = next((o for o in unnamed if (o["namespace"], o["name"]) == (line["namespace"], line["name"])), None)
            if found is not None:
                unnamed.remove(found)
        yield line, found
    for left in list(by_uid.values()) + unnamed:
        yield None, left


def check_verdict(report, who, slo, a, b):
    same = a["verdict"] == b["verdict"]
    hidden = b["verdict"] == "excluded" and b["reason"] != ""
    at_last = (a["verdict"], b["verdict"]) == ("slow", "failed")
    no_class = slo == "create" and b["class"] is None and (a["verdict"], b["verdict"]) == ("failed", "open")
    report.check(who, "verdict", same or hidden or at_last or no_class, a["verdict"], b["verdict"])
    report.check(who, "a reason", (b["verdict"] == "excluded") == (b["reason"] != ""), a["reason"], b["reason"])


def near(a, b, before, behind):
    return a is not None and a - before <= b <= a + behind


def check_times(report, who, slo, a, b):
    for key in TIMES[slo]:
        first, second = parse_time(a[key]), parse_time(b[key])
        if second is None or first == second:
            report.check(who, key, True)
            continue
        before, behind = NEAR[key]
        if key == "stopped" and b["requested"] is None:
            before = 10 * 60 * SECOND   # it had ended before: the request, which would be reported instead, is unknown
        report.check(who, key, near(first, second, before, behind), a[key], b[key])
    total = b["seconds"]["total"]
    if total is not None:
        end = {"create": "ready", "delete": "gone", "upgrade": "ready", "pvc": "bound"}[slo]
        end = "running" if slo == "create" and b["job"] else end
        begin = TIMES[slo][0]
        if b[end] is not None:
            report.check(who, "total", abs(parse_time(b[end]) - parse_time(b[begin]) - total * SECOND) < 2000, a["seconds"], b["seconds"])


def stage_of_its_own(a, b, stage):
    """Differences that only the whole log can show."""
    if b.get("class", "") is None:      # it is unknown whether it is a job, for which readiness does not matter, or had gates
        return stage == "readiness" and a["job"] or stage == "schedule" and any(s["stage"] == "schedulingGate" for s in a["stages"])
    return False


def check_stages(report, who, a, b):
    """Times that equal those of the whole log within their stated precision."""
    whole = {}
    for s in a["stages"]:
        whole.setdefault((s["stage"], s["subject"]), []).append(s)
    for s in b["stages"]:
        mine = whole.get((s["stage"], s["subject"]))
        what = "stage %s %s" % (s["stage"], s["subject"])
        if stage_of_its_own(a, b, s["stage"]):
            continue
        report.check(who, what, mine, [k for k in whole], s)
        if not mine or s["end"] is None:
            continue
        slack = STAGE_NEAR[s["precision"]]
        if s["stage"] in ("startupWait", "sandbox"):
            slack = max(slack, 2 * SECOND)      # the kubelet's first sign may be a read that is not logged
        begin, end = parse_time(s["start"]), parse_time(s["end"])
        good = any(m["end"] is not None and parse_time(m["start"]) - slack <= begin <= parse_time(m["start"]) + slack
                   and parse_time(m["end"]) - slack <= end <= parse_time(m["end"]) + slack for m in mine)
        report.check(who, what + " lies where it was", good, mine, s)


def check_slo(report, program, slo, whole, path, policy):
    told, count = Counter(), Counter()
    lowered = table(program, slo, path)
    denied = [[line for line in lines if line["verdict"] == "denied"] for lines in (whole, lowered)]
    if slo in ("create", "pvc"):
        refused = [sum(line.get("attempts", 1) for line in lines) for lines in denied]
        report.check("*", "refusals", refused[0] == refused[1], refused[0], refused[1])
    for a, b in pair([x for x in whole if x["verdict"] != "denied"], [x for x in lowered if x["verdict"] != "denied"]):
        if b is None:
            nobody_can_know = slo == "upgrade" and policy in ("metadata", "requests alone") or slo == "delete" and a["how"] is None
            report.check(title(a), "is there", nobody_can_know, a["verdict"], "nothing")
            count["lost"] += 1
            continue
        if a is None:
            report.check(title(b), "is nowhere else", False, "nothing", b["verdict"])
            continue
        who = title(a)
        count[b["verdict"]] += 1
        told.update(k for k in TIMES[slo] if b[k] is not None)
        check_verdict(report, who, slo, a, b)
        check_times(report, who, slo, a, b)
        if b["verdict"] != "excluded" or b["reason"] != "mirror pod":
            check_stages(report, who, a, b)
    return "%s; told: %s" % (", ".join("%s %d" % item for item in sorted(count.items())),
                             ", ".join("%s %d" % (k, told[k]) for k in TIMES[slo]))


def check_inspect(report, program, path, lacking):
    out = subprocess.run([program, "inspect", "-q", "-o", "json", path], stdout=subprocess.PIPE, check=True).stdout
    findings = {f["finding"]: f for f in json.loads(out)["findings"]}
    for finding in sorted(lacking):
        found = findings.get(finding)
        report.check("inspect", finding, found and found["count"] > 0 and found["cost"] and found["change"], "lacking",
                     sorted(findings))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if not shutil.which("zstd"):
        print("the program zstd is not installed")
        sys.exit(SKIPPED)
    program, report = sys.argv[1], Report()
    lines = [line + b"\n" for log in sys.argv[2:] for line in read_file(log).splitlines() if line]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log")

        def write(some):
            with open(path, "wb") as f:
                f.writelines(some)
        write(lines)
        whole = {slo: table(program, slo, path) for slo in TIMES}
        for name, (policy, lacking) in POLICIES.items():
            if isinstance(policy, str):
                with open(policy, encoding="utf-8") as f:
                    policy = apply.read_policy(f.read())
            write(apply.lower_all(policy, lines))
            for slo in TIMES:
                report.where = "%s, %s" % (name, slo)
                before = report.passed, report.failed
                kept = check_slo(report, program, slo, whole[slo], path, name)
                print("%s: %d checks, %d failed; %s" % (report.where, report.passed - before[0] + report.failed - before[1],
                                                       report.failed - before[1], kept))
            check_inspect(report, program, path, lacking)
    print("%d passed, %d failed" % (report.passed, report.failed))
    sys.exit(report.failed > 0 or report.passed == 0)


if __name__ == "__main__":
    main()
