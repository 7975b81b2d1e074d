#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ready that was regained is no delivery: small dumps, each with one fact that contradicts the Ready it shows, and
controls without.

    regained.py LUNETTES

Each case is a Pod of one container, made here, with its Events and its node. The allowed results are
    ready     the Ready that it shows is the first one: `ready` is that second, and the verdict is by it
    bound     it is not: never slow or failed, and `ready` is null, or the earlier time that the case names
    served    it is not ready now, but it had been: neither failed nor slow
Prints violations and a closing `N passed, N failed`.
"""
import json
import os
import subprocess
import sys
import tempfile

BASE = 9 * 3600     # 09:00, of one day; all times are in seconds after it
NODE = "node-a"
PROBE = {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 5, "timeoutSeconds": 1, "failureThreshold": 3}


def at(seconds):
    whole = BASE + seconds
    return "2026-03-02T%02d:%02d:%02dZ" % (whole // 3600, whole // 60 % 60, whole % 60)


def condition(kind, status, seconds, reason=None):
    return {"type": kind, "status": status, "lastTransitionTime": at(seconds), **({"reason": reason} if reason else {})}


def pod(ready, containers_ready=None, start=3, restarts=0, probe=True, ended=None, phase="Running", unready=None, gates=None,
        begun=None):
    """Created at 0, bound at 1. `unready`: when Ready became False; `ended`: when its container did; `begun`: its startTime."""
    state = {"running": {"startedAt": at(start)}}
    if ended is not None:
        state = {"terminated": {"exitCode": 137, "reason": "Error", "startedAt": at(start), "finishedAt": at(ended)}}
    conditions = [condition("Initialized", "True", 1), condition("PodScheduled", "True", 1)]
    for kind, since in (("Ready", ready), ("ContainersReady", ready if containers_ready is None else containers_ready)):
        conditions.append(condition(kind, "True", since) if unready is None else condition(kind, "False", unready))
    status = {"name": "app", "image": "r.example/app:1", "imageID": "", "ready": unready is None, "started": ended is None,
              "restartCount": restarts, "state": state}
    if restarts:
        status["lastState"] = {"terminated": {"exitCode": 1, "reason": "Error", "startedAt": at(3), "finishedAt": at(start - 1)}}
    container = {"name": "app", "image": "r.example/app:1", **({"readinessProbe": PROBE} if probe else {})}
    why = {"reason": "Evicted", "message": "The node was low on resource: memory. "} if phase == "Failed" else {}
    why.update({} if begun is None else {"startTime": at(begun)})
    spec = {"nodeName": NODE, "restartPolicy": "Always", "containers": [container]}
    if gates:
        spec["readinessGates"] = [{"conditionType": gates}]
        conditions.append(condition(gates, "True", ready))
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "web-0", "namespace": "shop", "uid": "0c4b8c5e-0000-4000-8000-000000000001",
                         "resourceVersion": "900", "creationTimestamp": at(0)},
            "spec": spec, "status": {"phase": phase, "conditions": conditions, "containerStatuses": [status], **why}}


def event(reason, seconds, message, kind="Pod", component="kubelet", last=None, count=1):
    about = {"kind": kind, "apiVersion": "v1", "name": NODE if kind == "Node" else "web-0"}
    if kind == "Pod":
        about.update(namespace="shop", uid="0c4b8c5e-0000-4000-8000-000000000001", fieldPath="spec.containers{app}")
    space = "default" if kind == "Node" else "shop"
    return {"apiVersion": "v1", "kind": "Event", "metadata": {
        "name": "%s.%s%d" % (about["name"], reason.lower(), seconds), "namespace": space, "creationTimestamp": at(seconds),
        "uid": "0c4b8c5e-0000-4000-9000-%012d" % seconds},
            "involvedObject": about, "reason": reason, "message": message, "type": "Normal", "count": count,
            "source": {"component": component, "host": NODE}, "firstTimestamp": at(seconds), "lastTimestamp": at(last or seconds)}


def unhealthy(first, last, count=9):
    return event("Unhealthy", first, "Readiness probe failed: HTTP probe failed with statuscode: 503", last=last, count=count)


def node(ready=-7200, joined=-7260):
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE, "uid": "0c4b8c5e-0000-4000-a000-000000000001",
                                                            "creationTimestamp": at(joined)},
            "status": {"conditions": [{**condition("Ready", "True", ready), "lastHeartbeatTime": at(ready)}]}}


STARTED = event("Started", 3, "Started container app")
MINUTE = 60
# name, what holds, the objects, the earlier second that `ready` may be
CASES = [
    ("nothing contradicts", "ready", [pod(20), node(), STARTED], 20),
    ("its probe failed from the start on", "ready", [pod(600), node(), STARTED, unhealthy(8, 595, 118)], 600),
    ("a gate was opened late", "ready", [pod(600, containers_ready=10, gates="example.com/open"), node(), STARTED], 600),
    ("its node joined while it started", "ready", [pod(600), node(ready=40, joined=-10), STARTED, unhealthy(8, 590, 117),
                                                   event("Starting", -10, "Starting kubelet.", "Node"),
                                                   event("NodeReady", 40, "Node node-a status is now: NodeReady", "Node")], 600),
    ("its probe failed first after 18 minutes", "bound", [pod(58 * MINUTE), node(), STARTED, unhealthy(
        18 * MINUTE, 58 * MINUTE - 5, 480)], None),
    ("ready long behind its containers", "bound", [pod(40 * MINUTE, containers_ready=12), node(), STARTED], 12),
    ("its node was away", "bound", [pod(30 * MINUTE), node(ready=30 * MINUTE - 2), STARTED], None),
    ("its node was away, by the Event", "bound", [pod(30 * MINUTE), node(ready=30 * MINUTE - 2), STARTED, event(
        "NodeNotReady", 25 * MINUTE, "Node node-a status is now: NodeNotReady", "Node", "node-controller")], None),
    ("its kubelet was started again", "bound", [pod(20 * MINUTE), node(), STARTED, event(
        "Starting", 20 * MINUTE - 8, "Starting kubelet.", "Node")], None),
    ("its node was rebooted", "bound", [pod(20 * MINUTE), node(ready=20 * MINUTE - 9), STARTED, event(
        "Rebooted", 20 * MINUTE - 10, "Node node-a has been rebooted, boot id: 4711", "Node")], None),
    ("its container was restarted", "bound", [pod(20 * MINUTE, start=20 * MINUTE - 3, restarts=1), node(), STARTED], None),
    ("nothing could have held it back", "bound", [pod(20 * MINUTE, probe=False), node(), STARTED], None),
    ("evicted after two hours", "served", [pod(
        0, unready=120 * MINUTE, ended=120 * MINUTE, phase="Failed"), node(), STARTED], None),
    ("evicted after two hours, a second start", "served", [pod(
        0, start=30 * MINUTE, restarts=1, unready=120 * MINUTE, ended=120 * MINUTE, phase="Failed"), node()], None),
    ("unready after two hours", "served", [pod(0, unready=120 * MINUTE), node(), STARTED, unhealthy(
        120 * MINUTE - 15, 130 * MINUTE, 123)], None),
    ("evicted before it was ready", "failed", [pod(0, unready=1, ended=40, phase="Failed"), node(), STARTED], None),
    ("evicted before it was ready, by its startTime", "failed", [pod(
        0, start=20, restarts=1, unready=1, ended=40, phase="Failed", begun=1), node(), STARTED], None),
    ("evicted, by its startTime", "served", [pod(0, unready=40, ended=40, phase="Failed", begun=1), node(), STARTED], None),
]


def deliver(program, objects):
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("Pod", "Event", "Node"):
            path = os.path.join(folder, kind.lower() + "s.json")
            with open(path, "w", encoding="utf-8") as f:
                json.dump({"apiVersion": "v1", "kind": "List", "items": [o for o in objects if o["kind"] == kind]}, f)
        out = subprocess.run([program, "slo", "-q", "-o", "jsonl", folder], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def complaints(line, word, objects, known):
    ready, verdict = line["ready"] and line["ready"][:19] + "Z", line["verdict"]
    total = line["seconds"]["total"]
    if word == "ready":
        if ready != at(known):
            yield "ready is %s, and nothing contradicts %s" % (ready, at(known))
        if verdict != ("success" if known <= 480 else "slow"):
            yield "it is %s, ready after %d s" % (verdict, known)
    if word in ("bound", "served") and verdict not in ("success", "excluded"):
        yield "it is %s, though it had been ready before" % verdict
    if word in ("bound", "served") and ready is not None and (known is None or ready != at(known)):
        yield "ready is said to be %s, which is no delivery" % ready
    if word in ("bound", "served") and total is not None and (known is None or int(total) != known):
        yield "it is said to have taken %s s" % total
    if word == "failed" and verdict != "failed":
        yield "it is %s, and was never ready" % verdict


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    passed = failed = 0
    for name, word, objects, known in CASES:
        lines = deliver(sys.argv[1], objects)
        found = list(complaints(lines[0], word, objects, known)) if len(lines) == 1 else ["%d pods" % len(lines)]
        passed, failed = passed + (not found), failed + bool(found)
        for text in found:
            print("FAIL %s: %s" % (name, text))
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
