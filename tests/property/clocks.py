#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A wrong node clock changes only the values that depend on it.

    clocks.py LUNETTES [DIRECTORY|FILE...]

All times of kubelets' own clocks are shifted by seconds, as if the nodes' clocks were fast or slow: the nanoseconds in
the names of their Events and these Events' times, the times of containers, and the conditions that kubelets set. The
API server's own times are kept. Then
  1. every verdict is the same, and every stage and every known time is still there;
  2. exact edges differ by at most the smallest delay of an Event, which cannot be distinguished from a difference of
     the clocks; others by a second more, because statuses have whole seconds;
  3. no duration is negative, and nothing is in progress after the delivery.
Prints a closing `N passed, N failed`.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# The least delay of 100 Events and more: 2 ms are usual, and what is below 50 is no finding.
DELAY = 0.05
SHIFTS = [5, -5, 3600, -86400]
SKIPPED = 77
NOT_OF_KUBELETS = {"PodScheduled", "DisruptionTarget"}


def read(paths):
    for path in sorted(p for folder in paths for p in ([folder] if os.path.isfile(folder) else [
            os.path.join(root, name) for root, _, names in os.walk(folder) for name in names])):
        tool = ["zstd", "-dcq"] if path.endswith(".zst") else ["gzip", "-dcq"] if path.endswith(".gz") else ["cat"]
        for line in subprocess.run(tool + [path], stdout=subprocess.PIPE, check=True).stdout.splitlines():
            if line.startswith(b"{"):
                yield json.loads(line)


def moved(text, seconds):
    if text.startswith("1970-"):
        return text  # a container that never started has no time
    at = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + text[19:]


def move_status(status, seconds):
    for c in status.get("conditions") or []:
        if c.get("type") not in NOT_OF_KUBELETS and c.get("lastTransitionTime"):
            c["lastTransitionTime"] = moved(c["lastTransitionTime"], seconds)
    for kind in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for c in status.get(kind) or []:
            for state in list((c.get("state") or {}).values()) + list((c.get("lastState") or {}).values()):
                for key in ("startedAt", "finishedAt"):
                    if state and state.get(key):
                        state[key] = moved(state[key], seconds)


def bodies(record):
    for key in ("requestObject", "responseObject"):
        body = record.get(key)
        if isinstance(body, dict):
            yield body
            for item in body.get("items") or []:
                yield item


def is_kubelets(event):
    return "kubelet" in ((event.get("source") or {}).get("component"), event.get("reportingComponent"),
                         event.get("reportingController"), (event.get("deprecatedSource") or {}).get("component"))


def name_of(record):
    ref = record.get("objectRef") or {}
    return ref.get("name") if ref.get("resource") == "events" else None


def kubelet_names(records):
    """Patches do not name the Event's reporter, but its create does."""
    names = set()
    for r in records:
        for body in bodies(r):
            if is_kubelets(body) and (body.get("metadata") or {}).get("name"):
                names.add(body["metadata"]["name"])
    return names


def new_name(name, seconds):
    head, _, nanos = name.rpartition(".")
    if not re.fullmatch(r"[0-9a-f]{16}", nanos):
        return name
    return "%s.%x" % (head, int(nanos, 16) + seconds * 10**9)


def move_event(record, name, seconds):
    record["objectRef"]["name"] = new_name(name, seconds)
    record["requestURI"] = record["requestURI"].replace(name, new_name(name, seconds))
    for body in bodies(record):
        if (body.get("metadata") or {}).get("name"):
            body["metadata"]["name"] = new_name(body["metadata"]["name"], seconds)
        for key in ("firstTimestamp", "lastTimestamp", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"):
            if body.get(key):
                body[key] = moved(body[key], seconds)


def move(text, names, seconds):
    record = json.loads(text)
    name = name_of(record)
    if name in names:
        move_event(record, name, seconds)
    elif (record.get("objectRef") or {}).get("resource") == "pods":
        for body in bodies(record):
            if isinstance(body.get("status"), dict):
                move_status(body["status"], seconds)
    return json.dumps(record)


def pods(lunettes, path):
    out = subprocess.run([lunettes, "slo", "-q", "-o", "jsonl", path], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def apart(a, b):
    """In seconds; times have nine digits, and datetime knows six."""
    whole = [datetime.strptime(t[:19], "%Y-%m-%dT%H:%M:%S") for t in (a, b)]
    return abs((whole[0] - whole[1]).total_seconds() + (int(a[20:29]) - int(b[20:29])) / 1e9)


class Report:
    def __init__(self):
        self.passed, self.failed, self.most = 0, 0, 0

    def check(self, what, good):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(what)

    def edge(self, what, a, b, exact):
        if not a or not b:
            self.check("%s: %s, moved %s" % (what, a, b), a == b)
            return
        if exact:
            self.most = max(self.most, apart(a, b))
        self.check("%s: %s, moved %s" % (what, a, b), apart(a, b) <= DELAY + (0 if exact else 1))


def stages(pod):
    """By what they are about; two of one kind stay in their order."""
    found = {}
    for s in pod["stages"]:
        key = (s["stage"], s["subject"])
        while key in found:
            key += ("again",)
        found[key] = s
    return found


def compare(report, before, after, seconds):
    who = "%+d s, %s/%s" % (seconds, before["namespace"], before["name"])
    report.check("%s: verdict %s, moved %s" % (who, before["verdict"], after["verdict"]),
                 before["verdict"] == after["verdict"])
    for key in ("created", "scheduled", "running", "ready", "deleted"):
        report.edge("%s: %s" % (who, key), before[key], after[key], False)
    was, now = stages(before), stages(after)
    report.check("%s: stages %s, moved %s" % (who, sorted(was), sorted(now)), set(was) == set(now))
    for key in set(was) & set(now):
        exact = was[key]["precision"] == "exact" == now[key]["precision"]
        for edge in ("start", "end"):
            report.edge("%s: %s of %s %s" % ((who, edge) + key[:2]), was[key][edge], now[key][edge], exact)
        report.check("%s: %s is negative" % (who, key), now[key]["seconds"] is None or now[key]["seconds"] >= 0)


def main():
    if not shutil.which("zstd"):
        print("no zstd")
        return SKIPPED
    lunettes, paths = sys.argv[1], sys.argv[2:]
    records = list(read(paths))
    texts = [json.dumps(r) for r in records]
    names = kubelet_names(records)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "audit.log")

        def told(seconds):
            with open(log, "w", encoding="utf-8") as f:
                f.writelines(move(t, names, seconds) + "\n" for t in texts)
            return pods(lunettes, log)
        before = told(0)
        report.check("there are pods and Events of kubelets", before and len(names) >= 100)
        for seconds in SHIFTS:
            after = told(seconds)
            report.check("the same pods", [p["uid"] for p in before] == [p["uid"] for p in after])
            for a, b in zip(before, after):
                compare(report, a, b, seconds)
    print("%d pods, %d Events of kubelets, exact edges at most %.6f s apart: %d passed, %d failed" %
          (len(before), len(names), report.most, report.passed, report.failed))
    return report.failed != 0


if __name__ == "__main__":
    sys.exit(main())
