# SPDX-License-Identifier: Apache-2.0
from scene import Log

NODES = ("system:serviceaccount:kube-system:node-controller", "kube-controller-manager/v1.32.0")
SRC = "Made: the text is that of the Kubernetes source (reference 4.1 to 4.3)."
REASON = "Made: reason of the Kubernetes source; its text is not known, the rule asks for none."
KN = "Made: the text is from public issue threads (kn)."


def rejected(reason, text):
    """As the kubelet does it: phase Failed with the reason, and an Event."""
    def log():
        return (Log().create().bind(at=0.1)
                .patch_status({"phase": "Failed", "reason": reason, "message": "Pod was rejected: " + text}, at=0.5)
                .event(reason, text, type_="Warning", container=None, at=0.4).end(at=600))
    return log


def said(reason, text, at=1, count=1):
    def log():
        return (Log().create().bind(at=0.1).event(reason, text, type_="Warning", container=None, at=at, count=count)
                .end(at=600))
    return log


def healed(make):
    """The same, and the pod is Ready in time all the same."""
    def log():
        made = make()
        made.events = [e for e in made.events if e[0] < 600]
        made.event("Started", "Started container app", at=5)
        return made.ready(at=6).end(at=600)
    return log


def lacks(resource, requested, used, capacity, what="resource"):
    return ("Node didn't have enough %s: %s, requested: %d, used: %d, capacity: %d"
            % (what, resource, requested, used, capacity))


def unexpected(text):
    return rejected("UnexpectedAdmissionError", "Allocate failed due to %s, which is unexpected" % text)


def silent(at, user=None, present=True):
    """Bound, with the first status at that time: by the kubelet, or by another client. It renews its lease, or not."""
    def log():
        made = Log().create().bind(at=0.1, kubelet=False)
        if present:
            made.beats(made.kubelet(), 600)
        return made.condition("Ready", "False", "ContainersNotReady", at=at, user=user).end(at=600)
    return log


def preempted(reason, message):
    def log():
        made = Log().started().ready(at=3)
        return (made.event(reason, message, type_="Warning", container=None, at=100)
                .patch_status({"phase": "Failed", "reason": reason, "message": message}, at=100.2).end(at=600))
    return log


CPU = lacks("cpu", 40000, 325, 2000)
OTHER = rejected("UnexpectedAdmissionError", "Unexpected error while attempting to recover from admission failure")

CASES = {
    "OutOfcpu": (rejected("OutOfcpu", CPU), rejected("OutOfmemory", lacks("memory", 9 << 30, 1 << 30, 4 << 30)),
                 "Real: text of capture 1-full, made log"),
    "OutOfmemory": (rejected("OutOfmemory", lacks("memory", 9 << 30, 1 << 30, 4 << 30)), rejected("OutOfcpu", CPU), SRC),
    "OutOfpods": (rejected("OutOfpods", lacks("pods", 1, 110, 110)), rejected("OutOfcpu", CPU), SRC),
    "OutOfephemeralStorage": (
        rejected("OutOfephemeral-storage", lacks("ephemeral-storage", 9 << 30, 0, 4 << 30)), rejected("OutOfcpu", CPU), SRC),
    "OutOfExtendedResource": (
        rejected("OutOfnvidia.com/gpu", lacks("nvidia.com/gpu", 1, 1, 1)), rejected("OutOfcpu", CPU), SRC),
    "NodeAffinityChanged": (
        rejected("NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"),
        rejected("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"), SRC),
    "NodePorts": (
        rejected("NodePorts", "Predicate NodePorts failed"), rejected("NodeAffinity", "Predicate NodeAffinity failed"), SRC),
    "TaintToleration": (
        rejected("TaintToleration", "Predicate TaintToleration failed: node(s) had untolerated taint {dedicated: gpu}"),
        rejected("NodeName", "Predicate NodeName failed"), SRC),
    "NodeName": (
        rejected("NodeName", "Predicate NodeName failed: node(s) didn't match the requested node name"),
        rejected("TaintToleration", "Predicate TaintToleration failed"), SRC),
    "DeviceUnhealthy": (
        unexpected("no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu"),
        unexpected("requested number of devices unavailable for nvidia.com/gpu. Requested: 2, Available: 1"), SRC),
    "DeviceUnavailable": (
        unexpected("requested number of devices unavailable for nvidia.com/gpu. Requested: 2, Available: 1"),
        unexpected("no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu"), SRC),
    "FileSystemReadOnly": (
        unexpected("open /var/lib/kubelet/device-plugins/.123: read-only file system"),
        unexpected("write /var/lib/kubelet/device-plugins/.123: no space left on device"),
        "Made: the words that Alipay's Lunettes looks for, path made"),
    "NoDiskSpace": (
        unexpected("write /var/lib/kubelet/device-plugins/.123: no space left on device"),
        unexpected("open /var/lib/kubelet/device-plugins/.123: read-only file system"),
        "Made: the words that Alipay's Lunettes looks for, path made"),
    "DeviceUnregistered": (
        unexpected("cannot allocate unregistered device nvidia.com/gpu"),
        unexpected("no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu"), SRC),
    "DevicePluginFailed": (
        unexpected("device plugin GetPreferredAllocation rpc failed with err: rpc error: code = Unknown desc = error getting "
                   "list of preferred allocation devices"),
        unexpected("cannot allocate unregistered device nvidia.com/gpu"), KN),
    "UnexpectedAdmissionError": (
        OTHER, unexpected("cannot allocate unregistered device nvidia.com/gpu"), "Made: the text is not known to be complete (kn)"),
    "TopologyAffinityError": (
        rejected("TopologyAffinityError", "Resources cannot be allocated with Topology locality"),
        rejected("SMTAlignmentError", "SMT Alignment Error: requested 3 cpus not multiple cpus per core = 2"), SRC),
    "SMTAlignmentError": (
        rejected("SMTAlignmentError", "SMT Alignment Error: requested 3 cpus not multiple cpus per core = 2"),
        rejected("TopologyAffinityError", "Resources cannot be allocated with Topology locality"), SRC),
    "NodeShutdownRejected": (
        rejected("NodeShutdown", "Pod was rejected as the node is shutting down."),
        preempted("Terminated", "Pod was terminated in response to imminent node shutdown."), SRC),
    "Preempting": (
        preempted("Preempting", "Preempted in order to admit critical pod"),
        preempted("Terminated", "Pod was terminated in response to imminent node shutdown."), SRC),
    "VolumeAttachmentLimitExceeded": (
        rejected("VolumeAttachmentLimitExceeded", "Node has reached its volume attachment limit, rejecting pod."),
        rejected("OutOfpods", lacks("pods", 1, 110, 110)), SRC),
    "FailedPrepareDynamicResources": (
        said("FailedPrepareDynamicResources", "Failed to prepare dynamic resources: prepare dynamic resources: "
             "NodePrepareResources: rpc error: code = DeadlineExceeded desc = context deadline exceeded"),
        healed(said("FailedPrepareDynamicResources", "Failed to prepare dynamic resources: prepare dynamic resources: "
                    "NodePrepareResources: rpc error: code = DeadlineExceeded desc = context deadline exceeded")), KN),
    "FailedValidation": (
        said("FailedValidation", "Error validating pod web from file due to invalid, ignoring"),
        healed(said("FailedValidation", "Error validating pod web from file due to invalid, ignoring")), REASON),
    "FailedSync": (
        said("FailedSync", "error determining status: rpc error: code = Unknown desc = Error"),
        healed(said("FailedSync", "error determining status: rpc error: code = Unknown desc = Error")), REASON),
    "KubeletDelay": (silent(500, NODES), silent(5), "Made: the kubelet renews its lease, and writes nothing of the pod"),
}
for code, reason in (("EmptyPodSharedPool", "EmptyPodSharedPoolError"), ("AppArmor", "AppArmor"),
                     ("SysctlForbidden", "SysctlForbidden"), ("PodOSNotSupported", "PodOSNotSupported"),
                     ("PodOSSelectorNodeLabelDoesNotMatch", "PodOSSelectorNodeLabelDoesNotMatch"),
                     ("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicyNotSupported"),
                     ("PodLevelResourcesNotSupported", "PodLevelResourcesNotSupported"),
                     ("InitContainerRestartPolicyForbidden", "InitContainerRestartPolicyForbidden")):
    CASES[code] = (rejected(reason, "(the text of the rejection)"), rejected("UnknownReason", "(the text of the rejection)"), REASON)
