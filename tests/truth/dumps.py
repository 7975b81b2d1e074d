# SPDX-License-Identifier: Apache-2.0
"""The facts about pods in dumps (kubectl get -o json|yaml, must-gathers), computed a second time: whole files in
memory, one pass, without the program. must_gather.py and check_dumps.py use it to judge lunettes.

    read(path) -> Dump           a file, a directory, or a tar archive of any compression
    Facts(pod, dump)             one pod's times by the rules below

A dump shows one moment: of each condition the last transition, of each container this start and the one before.
  created    metadata.creationTimestamp
  scheduled  condition PodScheduled, or the time in the Scheduled Event
  running    the earliest start known of a container of the app: startedAt, sharpened by the nanoseconds in the
             name of its own Started Event of that second; an Event of another time is another start
  ready      the last transition of Ready to True; only a bound where something contradicts that it was the first:
             a container has restarted; it is more than 5 s after the last start although nothing (no probe, no
             hook, no gate) could have held it back; without gates, a probe that failed for the first time long after the
             start must have succeeded until then, and Ready comes with ContainersReady, and later the node controller
             set it to False; the node was not ready or its kubelet started between the start and then
A whole second T means [T, T + 1 s).
"""
import json
import os
import re
import subprocess
import tarfile
from collections import defaultdict
from datetime import datetime, timezone

import oracle
from oracle import SECOND, as_dict, parse_time

try:
    import yaml
except ImportError:
    yaml = None

LATE = 5 * SECOND       # a kubelet that has nothing to wait for reports Ready within this time
JOINS = 300 * SECOND    # a node that becomes ready so soon after it was registered does so for the first time
WANTED = re.compile(rb"\bkind\"?: ?\"?(Pod|Event|Node|PodList|EventList|NodeList|List)\b")


# ---------------------------------------------------------------------------------------------- input

def files_of(path):
    """(name, bytes) of every file."""
    if os.path.isdir(path):
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                yield from files_of(os.path.join(folder, name))
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, archive.extractfile(member).read()
    elif path.endswith(".zst"):
        yield path[:-4], subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout
    else:
        with open(path, "rb") as f:
            yield path, f.read()


def documents(name, data):
    if name.endswith(".json"):
        return [json.loads(data)]
    return yaml.load_all(data, Loader=yaml.CSafeLoader)


def objects_of(document):
    """The objects in a document; the items of a list may lack their kind."""
    if not isinstance(document, dict):
        return
    kind = str(document.get("kind", ""))
    if not kind.endswith("List"):
        yield kind, document
        return
    for item in document.get("items") or []:
        if isinstance(item, dict):
            yield item.get("kind") or kind[:-len("List")], item


class Dump:
    def __init__(self):
        self.sights = defaultdict(list)     # by UID: (where, the pod)
        self.events = defaultdict(list)     # by the UID of the pod
        self.event_uids = {}
        self.nodes = []
        self.node_events = defaultdict(list)    # by the name of the node
        self.named = set()                  # UIDs and (namespace, name) of pods that Events name
        self.latest = 0                     # the latest time in any of them

    def add(self, where, kind, item):
        if kind == "Pod":
            self.sights[as_dict(item.get("metadata")).get("uid")].append((where, item))
        elif kind == "Event":
            self.add_event(item)
        elif kind == "Node":
            self.nodes.append(item)
        else:
            return
        self.latest = max([self.latest] + list(times_of(item)))

    def add_event(self, event):
        about = as_dict(event.get("involvedObject") or event.get("regarding"))
        meta = as_dict(event.get("metadata"))
        if about.get("kind") == "Node":
            self.node_events[about.get("name")].append(event)
        if about.get("kind") != "Pod" or not meta.get("name"):
            return
        self.named |= {about.get("uid"), (about.get("namespace"), about.get("name"))}
        key = (meta.get("namespace"), meta["name"])
        if key not in self.event_uids:      # the same Event by both of its APIs
            self.event_uids[key] = event
            self.events[about.get("uid")].append(event)

    def interruptions(self, name):
        """When a node was away or came back, or its kubelet started: pods lose Ready then, and get it back."""
        for event in self.node_events.get(name, []):
            by_kubelet = as_dict(event.get("source")).get("component") == "kubelet" or event.get("reportingComponent") == "kubelet"
            if event.get("reason") in ("NodeNotReady", "Rebooted") or event.get("reason") == "Starting" and by_kubelet:
                yield from filter(None, (moment(event.get(key)) for key in ("firstTimestamp", "lastTimestamp", "eventTime")))
        for node in self.nodes:
            meta = as_dict(node.get("metadata"))
            for c in as_dict(node.get("status")).get("conditions") or []:
                at, joined = moment(c.get("lastTransitionTime")), moment(meta.get("creationTimestamp"))
                if meta.get("name") == name and c.get("type") == "Ready" and at and joined and at > joined + JOINS:
                    yield at

    def pods(self):
        """Of each UID its newest sight."""
        for uid, sights in sorted(self.sights.items(), key=lambda item: str(item[0])):
            yield uid, max(sights, key=lambda s: int(as_dict(s[1].get("metadata")).get("resourceVersion") or 0))[1]


def read(*paths):
    dump = Dump()
    for path in paths:
        for name, data in files_of(path):
            if re.search(r"\.(json|ya?ml)$", name) and WANTED.search(data):
                for document in documents(name, data):
                    for kind, item in objects_of(document):
                        dump.add(name, kind, item)
    return dump


def moment(value):
    """Nanoseconds of a time as JSON or YAML gives it."""
    if isinstance(value, datetime):
        value = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return int(value.timestamp()) * SECOND + value.microsecond * 1000
    return parse_time(value) if isinstance(value, str) else None


def times_of(value, key=""):
    """Every time in an object that has come: not when it shall have been deleted, and no lease's end."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("annotations", "labels", "spec", "managedFields"):
                yield from times_of(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from times_of(inner, key)
    elif key.lower().endswith(("time", "timestamp", "at")) and key != "deletionTimestamp":
        at = moment(value)
        if at is not None:
            yield at


# ---------------------------------------------------------------------------------------------- facts

def name_time(event):
    """The nanoseconds in an Event's name, if they agree with when it was made."""
    suffix = as_dict(event.get("metadata")).get("name", "").rpartition(".")[2]
    made = moment(as_dict(event.get("metadata")).get("creationTimestamp"))
    if not re.fullmatch(r"[0-9a-f]{16}", suffix):
        return None
    at = int(suffix, 16)
    return at if made is None or at < made + 2 * SECOND else None


def container_of(event):
    path = as_dict(event.get("involvedObject") or event.get("regarding")).get("fieldPath", "")
    m = re.fullmatch(r"spec\.(containers|initContainers)\{(.*)\}", path)
    return m.groups() if m else ("", "")


def patience(probe):
    """How long after its container's start a probe that never succeeds has failed once."""
    return (int(probe.get("initialDelaySeconds") or 0) + int(probe.get("periodSeconds") or 10) + int(
        probe.get("timeoutSeconds") or 1)) * SECOND


def state_times(status, key, states=("state", "lastState")):
    for state in states:
        for inner in as_dict(status.get(state)).values():
            at = moment(as_dict(inner).get(key))
            if at:
                yield at


def state_times_of(status):
    """Every start of a container, and every transition of a condition that a kubelet sets."""
    for c in status.get("containerStatuses") or []:
        yield from state_times(c, "startedAt")
    for c in status.get("conditions") or []:
        at = moment(c.get("lastTransitionTime"))
        if at is not None and c.get("type") not in ("PodScheduled", "DisruptionTarget"):
            yield at


class Facts:
    def __init__(self, pod, dump):
        meta, spec, status = (as_dict(pod.get(k)) for k in ("metadata", "spec", "status"))
        self.namespace, self.name, self.uid = meta.get("namespace", ""), meta.get("name"), meta.get("uid")
        self.title = "%s/%s %s" % (self.namespace, self.name, self.uid)
        self.node = spec.get("nodeName") or ""
        self.job = spec.get("restartPolicy", "Always") != "Always"
        self.mirror = "kubernetes.io/config.mirror" in as_dict(meta.get("annotations"))
        self.static_uid = as_dict(meta.get("annotations")).get("kubernetes.io/config.mirror")
        self.phase = status.get("phase")
        self.klass = oracle.pod_class(spec)
        self.limit, self.deadline = oracle.LIMIT[self.klass], oracle.DEADLINE[self.job]
        self.has_init = bool(spec.get("initContainers"))
        self.gated = bool(spec.get("schedulingGates"))      # removed one by one: the remaining ones still block the deletion
        self.events = dump.events.get(self.uid, [])
        self.created = moment(meta.get("creationTimestamp"))
        gone = moment(meta.get("deletionTimestamp"))
        self.deleted = None if gone is None else gone - int(meta.get("deletionGracePeriodSeconds") or 0) * SECOND
        self.conditions = {c.get("type"): c for c in status.get("conditions") or []}
        self.find_starts(spec, status)
        # its node's clock is slow; a static pod runs before it is known to the API server
        self.skewed = not self.mirror and any(at + SECOND < (self.created or 0) for at in state_times_of(status))
        self.scheduled = self.since("PodScheduled")
        self.scheduled_event = min(filter(None, (
            moment(e.get("eventTime")) or name_time(e) for e in self.events if e.get("reason") == "Scheduled")), default=None)
        self.find_ready(spec, status, sorted(dump.interruptions(self.node)))

    def since(self, kind, status="True"):
        c = self.conditions.get(kind, {})
        return moment(c.get("lastTransitionTime")) if c.get("status") == status else None

    def find_starts(self, spec, status):
        apps = status.get("containerStatuses") or []
        exact = [(container_of(e), name_time(e)) for e in self.events if e.get("reason") == "Started" and name_time(e)]
        exact = [(name, at) for (kind, name), at in exact if kind == "containers"]
        whole = [(c.get("name"), at) for c in apps for at in state_times(c, "startedAt")]
        # one that has no Event of its own may have started before those of the same second that have one
        blunt = [at for name, at in whole if not any(n == name and at <= e < at + SECOND for n, e in exact)]
        self.running = min(blunt + [at for _, at in exact], default=None)
        self.running_exact = self.running is not None and self.running not in blunt
        whole = [at for _, at in whole]
        inits = [at for c in status.get("initContainerStatuses") or [] for at in state_times(c, "startedAt")]
        inits += filter(None, (name_time(e) for e in self.events if e.get("reason") == "Started"))
        self.first_start = min(inits + whole, default=None)
        last = [at for c in apps for at in state_times(c, "startedAt", ("state",))]
        self.last_start = max(last, default=None)
        self.restarts = max([c.get("restartCount") or 0 for c in apps + self.sidecars(spec, status)], default=0)
        # what only a later sight of the pod can have lost: the first start, after two restarts
        self.running_is_bound = self.restarts > 1 and not self.running_exact
        # what it was before its last transition to Ready=False is not shown
        seen = moment(self.conditions.get("Ready", {}).get("lastTransitionTime"))
        self.hidden = not self.job and self.running is not None and self.since("Ready") is None and bool(
            self.restarts or self.phase == "Succeeded" or seen is not None and seen > self.running)
        # a kubelet writes Ready=False with the first status: if it became False after the start, it had been True
        begun = [at for c in apps for at in state_times(c, "startedAt")] + list(filter(None, [self.since("Initialized")]))
        known = max(begun) + LATE if begun else (self.since("PodScheduled") or self.created or 0) + 12 * LATE
        self.served = not self.job and self.since("Ready") is None and seen is not None and seen > known
        self.lost = seen if self.served else None       # it had been ready by then

    @staticmethod
    def sidecars(spec, status):
        names = {c.get("name") for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"}
        return [c for c in status.get("initContainerStatuses") or [] if c.get("name") in names]

    def find_ready(self, spec, status, interruptions):
        self.ready, self.bound, self.why = self.since("Ready"), None, ""
        self.containers_ready = None
        if self.ready is None:
            return
        self.why = self.contradiction(spec, status, self.ready, interruptions)
        if self.why:
            self.ready, self.bound = None, self.ready
            first = self.since("ContainersReady")
            if first is not None and not spec.get("readinessGates") and not self.contradiction(spec, status, first, interruptions):
                self.containers_ready = first      # Ready came with it: it may be reported, or be the bound

    def contradiction(self, spec, status, ready, interruptions):
        """What proves or suggests that the pod had been ready before."""
        sidecars = [c for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"]
        probes = [c["readinessProbe"] for c in (spec.get("containers") or []) + sidecars if c.get("readinessProbe")]
        # a kubelet writes no status while a hook runs, and no Ready before the startup probe has passed
        held = probes or any(c.get("startupProbe") or as_dict(c.get("lifecycle")).get("postStart")
                             for c in (spec.get("containers") or []) + sidecars)
        together = self.since("ContainersReady")
        if self.restarts:
            return "restarted %d times" % self.restarts
        if self.last_start is None:
            return ""
        behind = (ready - self.last_start) // SECOND
        if not spec.get("readinessGates") and not held and ready - self.last_start > LATE:
            return "%d s behind the last start" % behind
        if not spec.get("readinessGates") and together is not None and ready > together + 2 * SECOND:
            return "%d s behind ContainersReady" % ((ready - together) // SECOND)
        failed = self.first_failure()
        passed = probes and failed is not None and failed > self.last_start + max(map(patience, probes)) + LATE
        if passed and failed < ready and not spec.get("readinessGates"):
            return "the first probe failed %d s behind the start" % ((failed - self.last_start) // SECOND)
        away = [at for at in interruptions if self.last_start + SECOND < at <= ready + SECOND]
        return "its node was away, or the kubelet started, %d s behind the start" % (
            (away[0] - self.last_start) // SECOND) if away else ""

    def first_failure(self):
        """When a readiness probe first failed after the last start, as far as Events show."""
        times = [moment(e.get("firstTimestamp")) or moment(e.get("eventTime")) for e in self.events
                 if e.get("reason") == "Unhealthy" and str(e.get("message") or e.get("note")).startswith("Readiness")]
        return min([at for at in times if at is not None], default=None)

    # ------------------------------------------------------------------------------------ what follows

    def done(self):
        return self.running if self.job else self.ready

    def total(self):
        """Whole seconds, an exact end is truncated; None if unknown."""
        if self.created is None or self.done() is None or self.skewed:
            return None
        return (self.done() - self.created) // SECOND

    def allowed(self, latest):
        """The verdicts that the facts allow. Only where the user's own part may decide there are several."""
        if self.mirror:
            return {"excluded"}
        if self.created is None:
            return {"excluded"}
        if self.done() is not None:
            return self.judge(self.done() - self.created, "success", "slow")
        if self.bound is not None and not self.job:
            words = self.judge(self.bound - self.created, "success", "excluded")
            if self.containers_ready is not None:
                words |= self.judge(self.containers_ready - self.created, "success", "slow")
            return words
        if self.lost is not None:
            if self.deleted is not None and self.lost > self.deleted:
                return {"excluded"}                 # perhaps it was ready only while it was being deleted
            return self.judge(self.lost - self.created, "success", "excluded")
        if not self.job and self.phase == "Failed":
            return {"failed"}
        if self.job and self.phase in ("Running", "Succeeded", "Failed"):
            return {"success", "excluded"}      # it was delivered, but without a start the time is unknown
        return self.undelivered(latest)

    def judge(self, total, good, bad):
        if total <= min(self.deadline, self.limit) * SECOND:
            return {good}
        if self.gated:
            return {good if total <= self.deadline * SECOND else bad}   # all of it is the user's
        # the user's part can only be after the first start; the deadline is extended by init time alone
        behind = 0 if self.first_start is None else max(0, self.created + total - self.first_start) + SECOND
        if total - behind > self.limit * SECOND or total > self.deadline * SECOND and not self.has_init:
            return {bad}
        return {good, bad}

    def undelivered(self, latest):
        ended, until = ("open", latest) if self.deleted is None else ("aborted", self.deleted)
        waited = until - self.created
        return self.judge(waited, ended, "failed") | ({"excluded"} if self.hidden else set())


def percentiles(values, which=(50, 90, 99, 100)):
    """Nearest rank."""
    ranked = sorted(values)
    return [ranked[max(0, -(-p * len(ranked) // 100) - 1)] if ranked else None for p in which]
