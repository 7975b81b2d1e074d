# SPDX-License-Identifier: Apache-2.0
from scene import SCHEDULER, Log

SOURCE = "Made: the text stands in the reference of Kubernetes' sources, 1.22 to 1.36."
REAL = "Real: text of capture 1-full, made log."
SAMPLE = "Made: the text is general knowledge of Kubernetes' sources; no sample of it was at hand."
HOPELESS = " preemption: 0/%d nodes are available: %d Preemption is not helpful for scheduling."


def never(*messages, **kw):
    """The scheduler's message, which stays the same until the log ends."""
    def log():
        made = Log(**kw).create()
        for i, message in enumerate(messages):
            made.unschedulable(message, at=1 + 60 * i)
        return made.end(at=600)
    return log


def nodes(total, reasons):
    return "0/%d nodes are available: %s." % (total, reasons) + HOPELESS % (total, total)


def pair(yes, no, total=3, origin=SOURCE):
    """Two messages of the scheduler: the reason is the cause in one, and only contributes in the other."""
    return never(nodes(total, yes)), never(nodes(total, no)), origin


def healed(message, at=20):
    """The scheduler's message, but a node was found in time."""
    return lambda: (Log().create().unschedulable(message, at=1).bind(at=at).event("Pulled", "Container image already present on "
                    "machine", at=at + 1).event("Created", "Created container app", at=at + 1.1)
                    .event("Started", "Started container app", at=at + 1.2).ready(at=at + 2).end(at=600))


def late(wait, message=None, reason="FailedScheduling", component="default-scheduler"):
    """Bound only then; all else went well."""
    def log():
        made = Log().create()
        if message:
            made.event(reason, message, type_="Warning", component=component, container=None, at=1)
        made.bind(at=wait).event("Pulled", "Container image already present on machine", at=wait + 1)
        made.event("Created", "Created container app", at=wait + 1.1).event("Started", "Started container app", at=wait + 1.2)
        return made.ready(at=wait + 2).end(at=900)
    return log


def said(*events):
    """Events about the pod, each (reason, message, component), after it was found that no node has room."""
    def log():
        made = Log().create().unschedulable(nodes(3, "3 Insufficient cpu"), at=1)
        for i, (reason, message, component) in enumerate(events):
            made.event(reason, message, component=component, container=None, at=10 + 10 * i)
        return made.end(at=600)
    return log


def watched(log, end):
    """The status of another pod is written at the end, which proves that the log would show this one's too."""
    status = {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}
    body = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "other", "namespace": "shop", "uid": "other-uid",
            "creationTimestamp": "2025-12-31T00:00:00Z"}, "status": status}
    return log.request("patch", subresource="status", name="other", user=log.kubelet(), request={"status": status},
                       response=body, at=end)


def gated(then):
    """Created with a gate, which is removed after 30 s or never."""
    def log():
        made = Log(spec={"schedulingGates": [{"name": "example.com/quota"}]})
        made.status["conditions"] = [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
                                      "message": "Scheduling is blocked due to non-empty scheduling gates",
                                      "lastTransitionTime": "2026-01-01T00:00:00Z"}]
        made.create()
        if then:
            del made.spec["schedulingGates"]
            made.status["conditions"] = []
            made.request("patch", request={"spec": {"schedulingGates": None}}, response=made.pod(), at=30)
            made.unschedulable(then, at=31)
        return watched(made, 590)
    return log


def nominated(then):
    """A node was nominated for it; then comes the scheduler's message."""
    def log():
        made = Log().create().unschedulable("0/2 nodes are available: 2 Insufficient cpu.", at=1)
        made.patch_status({"nominatedNodeName": "node-2"}, at=1.1, user=SCHEDULER)
        if then:
            made.unschedulable(then, at=40)
        return made.end(at=600)
    return log


BIND = ('binding rejected: running Bind plugin "DefaultBinder": Operation cannot be fulfilled on pods/binding "web": pod web is '
        'already assigned to node "node-2"')
PRE_BIND = 'running PreBind plugin "VolumeBinding": binding volumes: timed out waiting for the condition'
SCALED = ("TriggeredScaleUp", "pod triggered scale-up: [{pool-a 1->2 (max: 5)}]", "cluster-autoscaler")
AT_LIMIT = ("NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached, 2 Insufficient cpu",
            "cluster-autoscaler")
OF_NO_USE = ("NotTriggerScaleUp", "pod didn't trigger scale-up: 2 Insufficient cpu", "cluster-autoscaler")
LAB = {"schedulerName": "lab-scheduler"}

CASES = {
    "InsufficientCPU": (
        never("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {maintenance: yes}. preemption: 0/2 "
              "nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling."),
        never(nodes(3, "1 Insufficient cpu, 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }")), REAL),
    "InsufficientMemory": (
        never("0/2 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint {maintenance: yes}. preemption: "
              "0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for "
              "scheduling."),
        healed("0/2 nodes are available: 2 Insufficient memory. preemption: 0/2 nodes are available: 2 No preemption victims "
               "found for incoming pod."), REAL),
    "InsufficientEphemeralStorage": pair(
        "3 Insufficient ephemeral-storage", "1 Insufficient ephemeral-storage, 2 Insufficient memory"),
    "InsufficientExtendedResource": (
        never("0/2 nodes are available: 2 Insufficient example.com/gpu. preemption: 0/2 nodes are available: 2 No preemption "
              "victims found for incoming pod."),
        never(nodes(3, "1 Insufficient example.com/gpu, 3 Insufficient cpu")), REAL),
    "TooManyPods": pair("2 Too many pods, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }",
                        "1 Too many pods, 2 Insufficient cpu"),
    "NodeAffinity": (
        never("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are "
              "available: 2 Preemption is not helpful for scheduling."),
        never("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/2 "
              "nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for "
              "scheduling."), REAL),
    "NodeNameMismatch": pair("3 node(s) didn't match the requested node name",
                             "2 node(s) didn't match the requested node name, 1 Insufficient cpu"),
    "UntoleratedTaint": (
        never("0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint "
              "{maintenance: yes}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."),
        never(nodes(4, "3 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 1 Insufficient "
                       "cpu")), REAL),
    "NodeConditionTaint": (
        never("0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. preemption: 0/2 "
              "nodes are available: 2 Preemption is not helpful for scheduling."),
        never(nodes(2, "2 node(s) had untolerated taint {node-role.example.com/unreachable: }")),
        "Real: text of capture 6b-disk-full, made log."),
    "UnnamedTaint": pair("3 node(s) had untolerated taint(s)",
                         "1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector"),
    "PodAffinity": pair("3 node(s) didn't match pod affinity rules", "3 node(s) didn't match pod anti-affinity rules"),
    "PodAntiAffinity": (
        never("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod anti-affinity rules. preemption: 0/2 "
              "nodes are available: 2 No preemption victims found for incoming pod."),
        never(nodes(3, "3 node(s) didn't satisfy existing pods anti-affinity rules")), REAL),
    "ExistingAntiAffinity": pair("3 node(s) didn't satisfy existing pods anti-affinity rules",
                                 "3 node(s) didn't match pod anti-affinity rules"),
    "TopologySpread": pair("1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match "
                           "pod topology spread constraints",
                           "1 node(s) didn't match pod topology spread constraints, 2 Insufficient cpu"),
    "HostPortConflict": pair("3 node(s) didn't have free ports for the requested pod ports",
                             "1 node(s) didn't have free ports for the requested pod ports, 2 Insufficient cpu"),
    "NodeUnschedulable": (
        never("0/2 nodes are available: 1 node(s) had untolerated taint {maintenance: yes}, 1 node(s) were unschedulable. "
              "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."),
        never("0/2 nodes are available: 1 node(s) had untolerated taint {maintenance: yes}, 1 node(s) were unschedulable. "
              "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
              "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found "
              "for incoming pod."), REAL),
    "VolumeNodeAffinity": pair("1 node(s) didn't match Pod's node affinity/selector, 2 node(s) had volume node affinity conflict",
                               "2 node(s) had volume node affinity conflict, 1 Insufficient memory"),
    "VolumeZone": pair("3 node(s) had no available volume zone", "2 node(s) had no available volume zone, 1 Insufficient cpu"),
    "VolumeUnbound": (
        never("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: "
              "2 Preemption is not helpful for scheduling."),
        healed("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: "
               "2 Preemption is not helpful for scheduling."), REAL),
    "NoVolumeToBind": pair("3 node(s) didn't find available persistent volumes to bind",
                           "3 pod has unbound immediate PersistentVolumeClaims"),
    "InsufficientVolumeStorage": pair("3 node(s) did not have enough free storage", "3 Insufficient ephemeral-storage"),
    "PVCMissing": (
        never('0/2 nodes are available: persistentvolumeclaim "no-such-claim" not found. preemption: 0/2 nodes are available: 2 '
              'Preemption is not helpful for scheduling.'),
        never(nodes(3, '3 persistentvolumeclaim "data" is being deleted')), REAL),
    "PVCDeleting": pair('persistentvolumeclaim "data" is being deleted', 'persistentvolumeclaim "data" not found'),
    "PVCLost": pair('persistentvolumeclaim "data" bound to non-existent persistentvolume "pv-1"',
                    'persistentvolumeclaim "data" not found'),
    "NoNodesAvailable": (
        never("no nodes available to schedule pods"),
        never("no nodes available to schedule pods", "0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/not-ready: "
              "}, that the pod didn't tolerate."), "Real: texts of the public must-gather, made log."),
    "VolumeLimit": pair("3 node(s) exceed max volume count", "1 node(s) exceed max volume count, 2 Insufficient cpu"),
    "RWOPInUse": pair("3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by "
                      "another pod", "3 node(s) had no available disk"),
    "DiskConflict": pair("3 node(s) had no available disk",
                         "3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"),
    "DRAClaim": pair("1 node(s) didn't match Pod's node affinity/selector, 2 cannot allocate all claims",
                     "1 cannot allocate all claims, 2 Insufficient cpu"),
    "MissingNodeFeatures": pair("3 node(s) didn't match Pod's required features", "3 node(s) didn't match Pod's node "
                                "affinity/selector"),
    "SchedulingGated": (gated(None), gated(nodes(3, "3 Insufficient cpu")), REAL),
    "GangWaiting": (never("waiting for minCount pods from a gang to appear in scheduling queue"),
                    never(nodes(3, "3 Insufficient cpu")), SAMPLE),
    "PreemptionPending": (
        nominated("0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to a terminating pod on the "
                  "nominated node."),
        nominated("0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims "
                  "found for incoming pod."), REAL),
    "NoScheduler": (lambda: watched(Log(spec=LAB).create(), 590), never(nodes(3, "3 Insufficient cpu"), spec=LAB),
                    "Made after pod sched/other-scheduler of capture 1-full."),
    "BindFailed": (never(BIND), never(BIND, nodes(3, "3 Insufficient cpu")), SAMPLE),
    "PreBindFailed": (never(PRE_BIND), never(BIND), SAMPLE),
    "AutoscalerPending": (said(SCALED), said(SCALED, OF_NO_USE),
                          "Made: the text is general knowledge of the cluster-autoscaler's sources."),
    "AutoscalerRefused": (said(AT_LIMIT), said(OF_NO_USE),
                          "Made: the text is that of the cluster-autoscaler, as users quote it."),
    "ExternalQuota": (never('resource "cpu" not enough: quota not enough for team shop'),
                      never('0/3 nodes are available: 3 Insufficient cpu. resource quota of team shop was enough.'),
                      "Made: the words quota not enough are those that Alipay's Lunettes looks for."),
    "SchedulerError": (
        lambda: (Log().create().condition("PodScheduled", "False", "SchedulerError", 'running "NodeResourcesFit" filter plugin: '
                                          'object not found', at=1, user=SCHEDULER).end(at=600)),
        never(PRE_BIND), SAMPLE),
    "FailedScheduling": (
        never(nodes(3, "3 node(s) didn't have the moon in the right phase")),
        never(nodes(3, "1 Insufficient cpu, 2 node(s) didn't have the moon in the right phase")),
        "Made: the reason of a plugin that nobody knows."),
    "SchedulerSlow": (late(120), late(120, nodes(3, "3 Insufficient cpu")), "Made: a binding that comes late."),
}
