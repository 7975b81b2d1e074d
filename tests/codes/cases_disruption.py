# SPDX-License-Identifier: Apache-2.0
"""What ends pods from outside, and what holds up their end."""
from scene import SCHEDULER, Log, stamp

GC = "system:serviceaccount:kube-system:%s"
NODE_CONTROLLER = (GC % "node-controller", "kube-controller-manager/v1.32.0 (linux/amd64) kubernetes/0")
REPLICASET = (GC % "replicaset-controller", "kube-controller-manager/v1.32.0 (linux/amd64) kubernetes/0")
OLD_LOW = "The node was low on resource: %s. Threshold quantity: 100Mi, available: 81920Ki. "
USING = "Container app was using 412Mi, request is 64Mi, has larger consumption of %s. "


def running(**kw):
    """A pod that runs well for a minute."""
    return Log(**kw).started().ready(at=2)


def evicted(message, at=60):
    """The kubelet's Event, then the phase with reason and message, as capture 1-full has it for an emptyDir."""
    def log(text=message):
        return (running().event("Evicted", text, type_="Warning", at=at, container=None)
                .patch_status({"phase": "Failed", "reason": "Evicted", "message": text}, at=at + 1).end(at=at + 60))
    return log


def normal_deletion(user=("alice", "kubectl/v1.32.0"), stopped=61.0, code=0, reason="Completed", grace=30, gone=62.0):
    return stop(running().delete(at=60, grace=grace, user=user), stopped, code, reason).gone(at=gone).end(at=gone + 60)


def stop(log, at, code=0, reason="Completed", killing=60.1):
    log.event("Killing", "Stopping container app", at=killing)
    return log.containers(("app", {"terminated": {"exitCode": code, "reason": reason, "startedAt": stamp(1, 0),
                                                  "finishedAt": stamp(int(at), 0)}}), at=at,
                          phase="Failed" if code else "Succeeded")


def rollout():
    return normal_deletion(user=REPLICASET)


def target(log, reason, message, at):
    return log.condition("DisruptionTarget", "True", reason, message, at=at)


def taint(cancelled=False):
    log = running().event("TaintManagerEviction", "Marking for deletion Pod shop/web", component="taint-eviction-controller",
                          container=None, at=59.9)
    if cancelled:
        return log.event("TaintManagerEviction", "Cancelling deletion of Pod shop/web", component="taint-eviction-controller",
                         container=None, at=70).end(at=120)
    return stop(log.delete(at=60, user=NODE_CONTROLLER), 61).gone(at=62).end(at=120)


def device_taint(word="Marking for deletion"):
    log = running().event("DeviceTaintManagerEviction", "%s Pod shop/web" % word, component="device-taint-eviction",
                          container=None, at=59.9)
    return stop(log.delete(at=60, user=NODE_CONTROLLER), 61).gone(at=62).end(at=120) if "Mark" in word else log.end(at=120)


def preempted():
    log = running().delete(at=60, user=SCHEDULER)
    log.event("Preempted", "Preempted by pod 05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc on node node-1", component="default-scheduler",
              container=None, at=60.2)
    return stop(log, 61).gone(at=62).end(at=120)


def preemptor():
    """The one that preempts, of which the scheduler speaks too."""
    return (Log().create().unschedulable("0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: "
            "2 No preemption victims found for incoming pod.", at=0.1).bind(at=5)
            .event("Started", "Started container app", at=6).ready(at=7).end(at=120))


def eviction(log, at=60, code=201, user=("alice", "kubectl/v1.32.0"), message=None, grace=30, cause=None):
    body = {"kind": "Eviction", "apiVersion": "policy/v1", "metadata": {"name": log.name, "namespace": log.namespace}}
    if code < 300:
        log.meta["deletionTimestamp"] = stamp(int(at) + grace, 0)
        log.meta["deletionGracePeriodSeconds"] = grace
    return log.request("create", subresource="eviction", user=user, code=code, request=body, message=message, at=at, cause=cause,
                       response={"kind": "Status", "apiVersion": "v1", "metadata": {},
                                 "status": "Success" if code < 300 else "Failure", "message": message or "", "code": code})


def evicted_by(user):
    return lambda: stop(eviction(running(), user=(user, "v1")), 61).gone(at=62).end(at=120)


def refused_eviction(code, message, cause=None):
    """A drain tries again every 5 s."""
    def log(later=False):
        log = running()
        for at in (60, 65, 70):
            log = eviction(log, code=code, message=message, at=at, cause=cause)
        if later:
            stop(eviction(log, at=75), 76, killing=75.1).gone(at=77)
        return log.end(at=120)
    return log


def granted_at_last(code, message, cause=None):
    return lambda: refused_eviction(code, message, cause)(later=True)


def shutdown(reason, message):
    def log():
        return (running().patch_status({"phase": "Failed", "reason": reason, "message": message}, at=60).end(at=120))
    return log


def node_not_ready(message="Node is not ready"):
    def log():
        return (running().event("NodeNotReady", message, type_="Warning", component="node-controller", container=None, at=60)
                .end(at=120))
    return log


def pod_gc(orphan=True):
    """Orphaned; or only one finished pod too many."""
    who = (GC % "pod-garbage-collector", "kube-controller-manager/v1.32.0 (linux/amd64) kubernetes/0")
    if orphan:
        log = Log().create().bind(at=0.1, kubelet=False)
        log.patch_status({"phase": "Failed", "conditions": [{
            "type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC", "message": "PodGC: node no longer exists",
            "lastTransitionTime": stamp(60, 0)}]}, at=60, user=who)
        return log.request("delete", user=who, response=log.pod(), at=60.01).end(at=700)
    log = Log(spec={"restartPolicy": "Never"}).started().ready(at=2)
    stop(log, 20, killing=19.9)
    return log.request("delete", user=who, response=log.pod(), at=60).end(at=120)


def node_lost(reason="NodeLost"):
    def log():
        return (running().patch_status({"phase": "Running", "reason": reason,
                "message": "Node node-1 which was running pod web is unresponsive"}, at=60, user=NODE_CONTROLLER).end(at=120))
    return log


def hook(reason="FailedPreStopHook", message="PreStopHook failed", during_run=False):
    def log():
        log = running()
        if during_run:
            return log.event(reason, message, type_="Warning", at=30).end(at=120)
        log.delete(at=60).event(reason, message, type_="Warning", at=60.3)
        return stop(log, 61).gone(at=62).end(at=120)
    return log


def held(seconds):
    """The kubelet lets it go at 62 s; a finalizer holds it for some more."""
    def log():
        log = running().delete(at=60, finalizers=["example.com/backup"])
        stop(log, 61).gone(at=62)
        log.meta.pop("finalizers")
        return (log.request("patch", request={"metadata": {"finalizers": None}}, response=log.pod(), at=62 + seconds)
                .end(at=62 + seconds + 60))
    return log


def cleanup(seconds):
    return lambda: normal_deletion(gone=61 + seconds)


def silent_kubelet(until):
    """Asked to go; the kubelet stops it only then."""
    return lambda: stop(running().delete(at=60), until + 0.5, killing=until).gone(at=until + 2).end(at=until + 30)


def stuck(until):
    """Only the request, of which no answer is shown; then it is found once more, and the log goes on."""
    def log():
        return (running().request("delete", request={"kind": "DeleteOptions", "apiVersion": "v1"}, at=60)
                .request("get", response=None, at=until - 1).end(at=until))
    return log


def hangs(until):
    """The kubelet begins to stop it; then nothing, and the log goes on."""
    def log():
        return (running().delete(at=60).event("Killing", "Stopping container app", at=60.1)
                .request("get", response=None, at=until - 1).end(at=until))
    return log


def node_away(back=False):
    """Its node is not ready any more when it is to be deleted."""
    log = running().event("NodeNotReady", "Node is not ready", type_="Warning", component="node-controller", container=None,
                          at=50).delete(at=60)
    if back:
        stop(log, 95, killing=90).gone(at=96)
    return log.request("get", response=None, at=299).end(at=300)


def forced(grace=0):
    return running().delete(at=60, grace=grace, user=("system:admin", "kubectl/v1.32.0")).end(at=80)


def rejected(message):
    def log():
        return (Log().create().bind(at=0.1, kubelet=False)
                .patch_status({"phase": "Failed", "reason": "Evicted", "message": message}, at=1).end(at=120))
    return log


MADE = "Made log; the text is that of Kubernetes, stable from 1.22 to 1.36."
KNOWN = "Made log; the user name is the one that the component's own manifests give it (kn)."
REAL = "Real: text of capture 1-full, made log."

PDB = "Cannot evict pod as it would violate the pod's disruption budget."
PDB_CAUSE = "The disruption budget web-pdb needs 8 healthy pods and has 8 currently"

CASES = {
    "EvictedMemory": (evicted(OLD_LOW % "memory"), evicted(OLD_LOW % "memory" + USING % "memory"), MADE),
    "EvictedMemoryOverRequest": (evicted(OLD_LOW % "memory" + USING % "memory"), evicted(OLD_LOW % "memory"), MADE),
    "EvictedDisk": (evicted(OLD_LOW % "ephemeral-storage"), evicted(OLD_LOW % "pids"), MADE),
    "EvictedDiskOverRequest": (evicted(OLD_LOW % "ephemeral-storage" + USING % "ephemeral-storage"),
                               evicted(OLD_LOW % "inodes"), MADE),
    "EvictedPID": (evicted(OLD_LOW % "pids"), evicted(OLD_LOW % "memory"), MADE),
    "EmptyDirLimit": (evicted('Usage of EmptyDir volume "s" exceeds the limit "10Mi". '),
                      evicted('Container app exceeded its local ephemeral storage limit "1Gi". '), REAL),
    "EphemeralLimit": (evicted('Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. '),
                       evicted('Usage of EmptyDir volume "s" exceeds the limit "10Mi". '), MADE),
    "NodePressureAdmission": (rejected("The node had condition: [DiskPressure]. "),
                              evicted(OLD_LOW % "ephemeral-storage"), MADE),
    "NodeShutdown": (shutdown("Terminated", "Pod was terminated in response to imminent node shutdown."),
                     shutdown("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"), MADE),
    "DeviceTaint": (device_taint, lambda: device_taint("Cancelling deletion of"), MADE + " From 1.33."),
    "TaintEviction": (taint, lambda: taint(cancelled=True), REAL),
    "NodeLost": (node_lost(), lambda: node_not_ready()(), MADE),
    "NodeNotReady": (node_not_ready(), rollout, REAL),
    "PodGC": (pod_gc, lambda: pod_gc(orphan=False), REAL),
    "Preempted": (preempted, preemptor, REAL),
    "EvictedByAutoscaler": (evicted_by("system:serviceaccount:kube-system:cluster-autoscaler"), evicted_by("alice"), KNOWN),
    "EvictedByVPA": (evicted_by("system:serviceaccount:kube-system:vpa-updater"), evicted_by("alice"), KNOWN),
    "EvictedByDescheduler": (evicted_by("system:serviceaccount:kube-system:descheduler-sa"), evicted_by("alice"), KNOWN),
    "APIEviction": (evicted_by("alice"), normal_deletion, REAL),
    "SeveralPDBs": (refused_eviction(500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does "
                                     "not support."),
                    granted_at_last(500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does "
                                    "not support."), MADE),
    "PDBBlocked": (refused_eviction(429, PDB, PDB_CAUSE), granted_at_last(429, PDB, PDB_CAUSE), REAL),
    "FailedPreStopHook": (hook(), hook(during_run=True), REAL),
    "ExceededGracePeriod": (hook("ExceededGracePeriod", "Container runtime did not kill the pod within specified grace period."),
                            normal_deletion, "Made log; the reason is Kubernetes' own, the text (kn)."),
    "FailedKillPod": (hook("FailedKillPod", 'error killing pod: failed to "KillPodSandbox" for "x" with KillPodSandboxError: '
                           '"rpc error: code = DeadlineExceeded desc = context deadline exceeded"'),
                      hook("FailedKillPod", "error killing pod: x", during_run=True),
                      "Made log; the reason is Kubernetes' own, the text (kn)."),
    "GraceIgnored": (lambda: normal_deletion(stopped=90.6, code=137, reason="Error", gone=91.2),
                     lambda: normal_deletion(stopped=75.6, code=137, reason="Error", gone=76.2),
                     "Made after capture 1-full, pod hooks/ignores-term."),
    "FinalizersHeld": (held(25), held(2), "Made after capture 1-full, pod evict/finalized."),
    "SlowCleanup": (cleanup(75), cleanup(2), "Made: the requests are Kubernetes' own."),
    "SlowKill": (silent_kubelet(150), silent_kubelet(80), "Made: the requests are Kubernetes' own."),
    "StuckTerminating": (stuck(300), stuck(100), "Made: the requests are Kubernetes' own."),
    "StopHangs": (hangs(300), hangs(100), "Made: the requests are Kubernetes' own."),
    "NodeUnreachable": (node_away, lambda: node_away(back=True), "Made: the requests and the Event are Kubernetes' own."),
    # information: it is listed, but nothing is the cause
    "ForceDeleted": (forced, lambda: forced(grace=1), "Made: the requests are Kubernetes' own."),
    "DeletedByUser": (normal_deletion, rollout, REAL),
    "DeletedByController": (rollout, normal_deletion, REAL),
    "DeletedByGC": (lambda: normal_deletion(user=(GC % "generic-garbage-collector", "v1")), rollout, REAL),
    "DeletedWithNamespace": (lambda: normal_deletion(user=(GC % "namespace-controller", "v1")), rollout, REAL),
    "DeletedByPodGC": (lambda: pod_gc(orphan=False), rollout, "Real: requests of capture 5-ha, made log."),
}
