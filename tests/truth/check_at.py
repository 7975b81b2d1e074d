#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks `lunettes pods --at` against the pods as a watch through another API server saw them.

    check_at.py LUNETTES CAPTURE [--logs PATH...] [--step SECONDS]

Replays truth/pods-watch.json.zst, whole Pod objects in the order of their resourceVersions, to a moment every few
seconds of the log, works out the columns of `kubectl get pods` from the object, apart from the program, and compares
them with the program's output for that moment. A watch shows the time of a write only to the second
(managedFields) or by its neighbours: a pod that changed within 2 s of a moment is skipped there. Closes with
`N passed, N failed`; exits 1 if anything failed.
"""
import argparse

import json
import os
import subprocess
import sys
from datetime import datetime, timezone

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NEAR = 2.0  # seconds
FAR = float("inf")


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def zstd_lines(path):
    text = subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


# ------------------------------------------------------------------------------- kubectl get pods

def sidecar(spec):
    return spec.get("restartPolicy") == "Always"


def ended(state, before):
    if state.get("reason"):
        return before + state["reason"]
    if state.get("signal"):
        return "%sSignal:%d" % (before, state["signal"])
    return "%sExitCode:%d" % (before, state["exitCode"])


def init_word(status, spec, index, count):
    """None when this init container is through."""
    state = status.get("state", {})
    if "terminated" in state:
        return None if state["terminated"]["exitCode"] == 0 else ended(state["terminated"], "Init:")
    if sidecar(spec) and status.get("started"):
        return None
    reason = state.get("waiting", {}).get("reason", "")
    if reason and reason != "PodInitializing":
        return "Init:" + reason
    return "Init:%d/%d" % (index, count)


def columns(pod):
    """(READY, STATUS, restarts, NODE) as the API server prints a Pod."""
    status, spec, meta = pod.get("status", {}), pod["spec"], pod["metadata"]
    conditions = {c["type"]: c for c in status.get("conditions", [])}
    inits = spec.get("initContainers", [])
    by_name = {c["name"]: c for c in inits}
    word = status.get("reason") or status.get("phase", "")
    if conditions.get("PodScheduled", {}).get("reason") == "SchedulingGated":
        word = "SchedulingGated"
    ready, restarts, sidecar_restarts, initializing = 0, 0, 0, False
    for index, one in enumerate(status.get("initContainerStatuses", [])):
        restarts += one.get("restartCount", 0)
        if sidecar(by_name[one["name"]]):
            sidecar_restarts += one.get("restartCount", 0)
        said = init_word(one, by_name[one["name"]], index, len(inits))
        if said is None:
            ready += sidecar(by_name[one["name"]]) and "terminated" not in one["state"] and one.get("ready", False)
            continue
        word, initializing = said, True
        break
    if not initializing or conditions.get("Initialized", {}).get("status") == "True":
        restarts, running = sidecar_restarts, False
        for one in reversed(status.get("containerStatuses", [])):
            restarts += one.get("restartCount", 0)
            state = one.get("state", {})
            if state.get("waiting", {}).get("reason"):
                word = state["waiting"]["reason"]
            elif "terminated" in state:
                word = ended(state["terminated"], "")
            elif "running" in state and one.get("ready"):
                running, ready = True, ready + 1
        if word == "Completed" and running:
            word = "Running" if conditions.get("Ready", {}).get("status") == "True" else "NotReady"
    if meta.get("deletionTimestamp"):
        if status.get("reason") == "NodeLost":
            word = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            word = "Terminating"
    count = len(spec["containers"]) + sum(1 for c in inits if sidecar(c))
    return "%d/%d" % (ready, count), word, restarts, spec.get("nodeName", "")


# ------------------------------------------------------------------------------- the watch

class Version:
    """One object of the watch, and between which times it was written."""

    def __init__(self, line):
        self.object, self.gone = line["object"], line["type"] == "DELETED"
        meta = self.object["metadata"]
        self.uid, self.rv = meta["uid"], int(meta["resourceVersion"])
        times = [seconds(f["time"]) for f in meta.get("managedFields", []) if "time" in f]
        self.own = max(times + [seconds(meta["creationTimestamp"])])
        self.lo, self.hi = self.own, FAR


def read_watch(path):
    """The versions of each UID in order. A write without a time in managedFields is between its neighbours."""
    versions = sorted((Version(line) for line in zstd_lines(path) if line["object"]["kind"] == "Pod"),
                      key=lambda v: v.rv)
    last = {}
    newest = 0.0
    for v in versions:
        fresh = v.own > last.get(v.uid, 0.0) and v.own >= newest
        newest = max(newest, v.own)
        last[v.uid] = v.own
        v.lo = newest
        if fresh:
            v.hi = v.own + 1
    hi = FAR
    for v in reversed(versions):
        v.hi = hi = min(v.hi, hi)
    pods = {}
    for v in versions:
        pods.setdefault(v.uid, []).append(v)
    return pods


def state_at(versions, at):
    """(object or None, settled?): nothing within NEAR of the moment may have been written."""
    current = None
    for v in versions:
        if v.lo - NEAR <= at <= v.hi + NEAR:
            return None, False
        if v.hi < at:
            current = v
    return (None if current is None or current.gone else current.object), True


# ------------------------------------------------------------------------------- the program

def ours_at(program, logs, at):
    text = datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    run = subprocess.run([program, "pods", "--at", text, "-o", "json", "-q"] + logs, check=True,
                         stdout=subprocess.PIPE)
    return {p["uid"]: p for p in json.loads(run.stdout)["pods"]}


def row(pod):
    return ("%s/%s" % (pod["readyContainers"], pod["containerCount"]), pod["status"], pod["restarts"], pod["node"])


def window(program, logs):
    run = subprocess.run([program, "slo", "-o", "json", "-q"] + logs, check=True, stdout=subprocess.PIPE)
    cluster = json.loads(run.stdout)["basis"]["clusters"][0]
    return seconds(cluster["first"][:26] + "Z"), seconds(cluster["last"][:26] + "Z")


def compare(pods, ours, at, report):
    for uid, versions in pods.items():
        truth, settled = state_at(versions, at)
        meta = versions[0].object["metadata"]
        who = "%s/%s" % (meta["namespace"], meta["name"])
        if not settled:
            report["skipped"] += 1
        elif truth is None:
            if uid in ours:
                report["bad"].append((at, who, row(ours[uid]), "does not exist"))
        elif uid not in ours:
            report["bad"].append((at, who, "is not shown", columns(truth)))
        elif row(ours[uid]) != columns(truth):
            report["bad"].append((at, who, row(ours[uid]), columns(truth)))
        else:
            report["passed"] += 1
            report["words"].add(columns(truth)[1])
    for uid in set(ours) - set(pods):
        report["bad"].append((at, ours[uid]["name"], row(ours[uid]), "is not in the watch"))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("capture")
    parser.add_argument("--logs", nargs="+", default=[os.path.join(ROOT, "testdata", "audit")])
    parser.add_argument("--step", type=float, default=9.7)
    args = parser.parse_args()
    pods = read_watch(os.path.join(args.capture, "truth", "pods-watch.json.zst"))
    begin, end = window(args.program, args.logs)
    report = {"passed": 0, "skipped": 0, "bad": [], "words": set()}
    at, moments = begin + args.step, 0
    while at < end:
        compare(pods, ours_at(args.program, args.logs, at), at, report)
        at += args.step
        moments += 1
    for when, who, said, true in report["bad"]:
        print("%s  %-40s says %s, but %s" % (datetime.fromtimestamp(when, timezone.utc).time(), who, said, true))
    print("%d moments, %d pods; %d times a pod had changed just then; seen: %s"
          % (moments, len(pods), report["skipped"], ", ".join(sorted(report["words"]))))
    print("%d passed, %d failed" % (report["passed"], len(report["bad"])))
    sys.exit(1 if report["bad"] or not report["passed"] else 0)


if __name__ == "__main__":
    main()
