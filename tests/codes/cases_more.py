# SPDX-License-Identifier: Apache-2.0
"""More than one case of a code: what a reader of the captures and of dumps saw otherwise than the program once did."""
import json

from cases_disruption import NODE_CONTROLLER, evicted, stop
from cases_run import STATUS
from cases_scheduling import healed, never, nodes
from scene import SCHEDULER, UID, Log, stamp

RACE = ('MountVolume.SetUp failed for volume "kube-api-access-x" : failed to fetch token: serviceaccounts "default" is forbidden: '
        "node requested token bound to a pod scheduled on a different node")
MARKING = "Marking for deletion Pod shop/web"
JOB = {"restartPolicy": "Never"}


def scaled_away(started):
    """Its start took that long, and it was deleted before it was ready."""
    def log():
        log = Log().create().bind(at=0.1)
        log.event("Pulled", 'Container image "registry.example/app:1" already present on machine', at=1)
        log.event("Created", "Created container app", at=1.1).event("Started", "Started container app", at=started)
        state = {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": stamp(int(started), 0),
                                "finishedAt": stamp(int(started) + 3, 0)}}
        log.delete(at=started + 2).event("Killing", "Stopping container app", at=started + 2.1)
        return log.containers(("app", state), at=started + 3, phase="Succeeded").gone(at=started + 4).end(at=120)
    return log


def ready_when_stopped():
    """Never ready; evicted from a lost node, whose kubelet comes back and calls it ready before it stops it."""
    log = Log().started()
    for at in (10, 20, 30, 100):
        log.event("Unhealthy", STATUS, type_="Warning", at=at)
    log.event("TaintManagerEviction", MARKING, component="taint-eviction-controller", container=None, at=199.9)
    return stop(log.delete(at=200, user=NODE_CONTROLLER).ready(at=230), 232).gone(at=233).end(at=300)


def never_run():
    """A job on a node whose kubelet is gone; evicted before anything of it ran."""
    log = Log(spec=JOB).create().bind(at=0.1, kubelet=False)
    log.event("TaintManagerEviction", MARKING, component="taint-eviction-controller", container=None, at=59.9)
    log.delete(at=60, user=NODE_CONTROLLER)
    return log.patch_status({"phase": "Failed"}, at=90).gone(at=91).end(at=300)


def done(ended, succeeded):
    """A job that had succeeded, as its container shows, when the scheduler took it away; its phase came late."""
    def log():
        log = Log(spec=JOB).started().ready(at=2)
        state = {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": stamp(1, 0), "finishedAt": stamp(ended, 0)}}
        log.containers(("app", state), at=ended + 0.9).patch_status({"phase": "Succeeded"}, at=succeeded)
        log.condition("DisruptionTarget", "True", "PreemptionByScheduler",
                      "default-scheduler: preempting to accommodate a higher priority pod", at=10.3, user=SCHEDULER)
        log.delete(at=10.9, user=SCHEDULER)
        log.event("Preempted", "Preempted by pod 05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc on node node-1", container=None, at=11.5,
                  component="default-scheduler")
        return log.end(at=120)
    return log


def slow_beside(text):
    """The sandbox took long; the kubelet complained once, at its beginning."""
    def log():
        log = Log().create().bind(at=0.1).event("FailedMount", text, type_="Warning", container=None, at=2)
        log.event("Pulled", 'Container image "registry.example/app:1" already present on machine', at=40)
        log.event("Created", "Created container app", at=40.1).event("Started", "Started container app", at=40.2)
        return log.ready(at=41).end(at=600)
    return log


# as the scheduler's volume binder words it (kn)
NO_CLAIM = ('running PreFilter plugin "VolumeBinding": error getting PVC "shop/data": could not find v1.PersistentVolumeClaim '
            '"shop/data"')
RETRY = {"restartPolicy": "OnFailure"}


def retried(second):
    """A job whose first try fails."""
    def log():
        log = Log(spec=RETRY).started().ready(at=2)
        first = {"terminated": {"exitCode": 1, "reason": "Error", "startedAt": stamp(1, 0), "finishedAt": stamp(10, 0)}}
        last = {"terminated": {"exitCode": second, "reason": "Error" if second else "Completed", "startedAt": stamp(11, 0),
                               "finishedAt": stamp(20, 0)}}
        log.containers(("app", first), at=10.5).containers(("app", last, first, 1, False), at=20.5)
        return log.patch_status({"phase": "Failed" if second else "Succeeded"}, at=21.5).end(at=300)
    return log


def probed_once(text, times):
    """It runs, and its probe fails so often; the condition Ready does not change."""
    def log():
        log = Log().started().ready(at=2)
        for i in range(times):
            log.event("Unhealthy", text, type_="Warning", at=60 + 10 * i)
        return log.end(at=600)
    return log


class Dump:
    """A pod in the dump, scheduled a minute after its creation by its condition, and an Event."""

    def __init__(self, reason, component):
        times = {"firstTimestamp": stamp(3, 0), "lastTimestamp": stamp(3, 0), "count": 1, "type": "Normal"}
        self.items = [
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web", "namespace": "shop", "uid": UID, "creationTimestamp":
             stamp(0, 0)}, "spec": {"nodeName": "node-1", "restartPolicy": "Always", "containers": [{"name": "app", "image": "i:1"}]},
             "status": {"phase": "Running", "conditions": [
                 {"type": t, "status": "True", "lastTransitionTime": stamp(at, 0)}
                 for t, at in (("PodScheduled", 60), ("Initialized", 60), ("ContainersReady", 63), ("Ready", 63))],
                 "containerStatuses": [{"name": "app", "ready": True, "restartCount": 0, "image": "i:1",
                                        "state": {"running": {"startedAt": stamp(62, 0)}}}]}},
            dict(times, kind="Event", apiVersion="v1", metadata={"name": "web.1", "namespace": "shop", "uid": "event-uid"},
                 involvedObject={"kind": "Pod", "namespace": "shop", "name": "web", "uid": UID}, reason=reason, message="",
                 source={"component": component, "host": "node-1"})]
        if component != "kubelet":
            self.items[1].update(firstTimestamp=stamp(60, 0), lastTimestamp=stamp(60, 0))

    def write(self, path):
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"kind": "List", "apiVersion": "v1", "items": self.items}, f, separators=(",", ":"))
            f.write("\n")


LOW_DISK = ("The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 6Gi. Container app was using "
            "%s, request is 0, has larger consumption of ephemeral-storage. ")

MORE = {
    # 4Gi were missing: a pod that used less than a tenth of that is not the reason, whatever it requested
    "EvictedDiskOverRequest": {"no-tiny": evicted(LOW_DISK % "400Mi"), "yes-notable": evicted(LOW_DISK % "500Mi")},
    "SchedulerSlow": {"yes-dump": lambda: Dump("Scheduled", "default-scheduler"),
                      "no-dump-kubelet-at-work": lambda: Dump("SuccessfulMountVolume", "kubelet"),
                      "no-dump-events-expired": lambda: Dump("Pulled", "other")},
    "PVCMissing": {"yes-binder": never(NO_CLAIM)},
    "AppError": {"no-retried": retried(0), "yes-retried-in-vain": retried(1)},
    "ReadinessFlaps": {"no-once": probed_once("Readiness probe failed: HTTP probe failed with statuscode: 500", 1)},
    "LivenessFailed": {"no-once": probed_once("Liveness probe failed: HTTP probe failed with statuscode: 500", 1),
                       "yes-thrice": probed_once("Liveness probe failed: HTTP probe failed with statuscode: 500", 3)},
    "InsufficientCPU": {"yes-waited": healed(nodes(3, "3 Insufficient cpu"), at=40),
                        "no-waited-shortly": healed(nodes(3, "3 Insufficient cpu"), at=25)},
    "ContainerSlowStart": {"yes-scaled-away": scaled_away(16), "no-scaled-away": scaled_away(6)},
    "ReadinessStatus": {"yes-ready-when-stopped": ready_when_stopped},
    "TaintEviction": {"yes-never-run": never_run},
    "Preempted": {"no-done": done(8, 10.2), "yes-not-done": done(10, 12)},
    "SlowSandbox": {"yes-token-race": slow_beside(RACE)},
    "ProjectedToken": {"no-token-race": slow_beside(RACE)},
}
