#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fact table of `lunettes slo -o jsonl`, computed a second time and in the simplest way: everything in
memory, one DOM per record, no streaming, no sorter. It is the contract in executable form, for the fields that
the contract defines exactly; compare.py compares its lines with those of lunettes.

    oracle.py CAPTURE            a directory with audit*/ inside, or files

One line a pod, in lunettes' keys, plus two keys for compare.py:
    "optional": true             the pod is only in list responses; it may be missing
    "judge": {FIELD: RULE}       where the contract leaves room:
        {"within": S}            equal up to S seconds (the source has whole seconds, or a node's clock)
        {"oneOf": [...]}         any of these values
        {"skip": WHY}            not to be compared
Every field without a rule must be equal.
"""
import gzip
import json
import lzma
import os
import re
import subprocess
import sys
import zlib
from collections import defaultdict
from datetime import datetime, timezone
from decimal import Decimal

SECOND = 10**9
DEADLINE = {False: 480, True: 90}
CLOCK = 3 * SECOND  # how far a node's clock, a whole second and a status sync may lead apart
LIMIT = {"typical": 90, "nontypical1": 600, "nontypical2": 1800, "bestEffort": 600}


# ---------------------------------------------------------------------------------------------- input

def files_of(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        inside = [os.path.join(path, d) for d in sorted(os.listdir(path)) if d.startswith("audit")]
        for top in inside or [path]:
            if os.path.isfile(top):
                yield top
            for folder, _, names in sorted(os.walk(top)):
                for name in sorted(names):
                    yield os.path.join(folder, name)


def read_file(path):
    """The bytes of a file, decompressed; of a torn one those before the damage."""
    with open(path, "rb") as f:
        raw = f.read()
    if raw[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dcq", "--long=31", path], stdout=subprocess.PIPE, check=False).stdout
    if raw[:6] == b"\xfd7zXZ\x00":
        return lzma.decompress(raw)
    if raw[:2] == b"\x1f\x8b":
        try:
            return gzip.decompress(raw)
        except (EOFError, zlib.error, OSError):
            inflate = zlib.decompressobj(31)
            return inflate.decompress(raw)
    return raw


def read_records(paths):
    """The audit events, twins merged, in the order of their requests."""
    records, malformed = {}, 0
    for path in files_of(paths):
        for line in read_file(path).split(b"\n"):
            if not line.strip():
                continue
            try:
                r = json.loads(line)
            except ValueError:
                malformed += 1
                continue
            if not isinstance(r, dict) or "auditID" not in r or "stageTimestamp" not in r:
                continue
            key = (r["auditID"], r["stage"], r.get("requestReceivedTimestamp"), r["verb"], r.get("requestURI"))
            bodies = ("requestObject" in r) + ("responseObject" in r)
            if key not in records or bodies > records[key][0]:
                records[key] = (bodies, r)
    out = [Record(r) for _, r in records.values()]
    out.sort(key=lambda r: (r.received, r.complete, r.raw["auditID"]))
    return out, malformed


def parse_time(text):
    """RFC 3339 to nanoseconds, or None."""
    m = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$", text or "")
    if not m:
        return None
    whole = datetime.strptime(m[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return int(whole.timestamp()) * SECOND + int((m[2] or "0").ljust(9, "0")[:9])


def format_time(ns):
    if ns is None:
        return None
    whole = datetime.fromtimestamp(ns // SECOND, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return "%s.%09dZ" % (whole, ns % SECOND)


def as_dict(value):
    return value if isinstance(value, dict) else {}


class Record:
    """One audit event, seen with the eyes of the contract."""

    def __init__(self, raw):
        self.raw = raw
        ref = as_dict(raw.get("objectRef"))
        self.ref = ref
        self.cluster = as_dict(raw.get("annotations")).get("cluster", "")
        self.verb = raw["verb"]
        self.resource = ref.get("resource", "")
        self.subresource = ref.get("subresource", "")
        self.code = as_dict(raw.get("responseStatus")).get("code")
        self.complete = parse_time(raw["stageTimestamp"])
        self.received = parse_time(raw.get("requestReceivedTimestamp")) or self.complete
        self.done = raw["stage"] in ("ResponseComplete", "Panic") and self.code is not None
        self.ok = self.done and self.code < 300
        self.dry = "dryRun=" in raw.get("requestURI", "").replace("\\u0026", "&")
        self.user = as_dict(raw.get("user")).get("username", "")
        self.request = as_dict(raw.get("requestObject"))
        self.response = as_dict(raw.get("responseObject"))

    def pod(self):
        """The pod in the answer."""
        return self.response if self.response.get("kind") == "Pod" else {}

    def bodies(self):
        """Every sight of the pod in this record: the answer, and what was asked for and granted."""
        found = [self.pod()] if self.pod() else []
        if self.request and self.verb in ("create", "update", "patch") and self.subresource in ("", "status"):
            found.append(self.request)
        return found

    def identity(self):
        """(namespace, name, uid) as far as this record knows them."""
        meta, asked = as_dict(self.pod().get("metadata")), as_dict(self.request.get("metadata"))
        name = meta.get("name") or self.ref.get("name") or asked.get("name") or ""
        uid = meta.get("uid") or self.ref.get("uid") or ""
        if not uid and self.verb != "create" or self.subresource == "binding":
            uid = uid or asked.get("uid") or ""
        return self.ref.get("namespace") or meta.get("namespace") or "", name, uid


# ------------------------------------------------------------------------------------ from records to pods

class Pod:
    def __init__(self, key, uid):
        self.cluster, self.namespace, self.name = key
        self.uid = uid
        self.create = None
        self.records = []      # of resource pods, successful
        self.events = []       # (record, core Event)
        self.collected = []    # deletecollections that name it
        self.refused = 0
        self.listed = []       # sights in list answers
        self.blind = False     # its cluster's log holds no writes of any status
        self.others_bound = False   # its cluster's log holds bindings


def event_of(record):
    """The Event in an events record: the asked-for one when the answer has none."""
    for body in (record.response, record.request):
        about = as_dict(body.get("involvedObject") or body.get("regarding"))
        if about.get("kind") == "Pod":
            return body, about
    return None, None


def group_pods(records):
    """Gives every record to one incarnation of one name; also returns the refused creates."""
    touched, refusals, listed = defaultdict(list), [], []
    for r in records:
        if not r.done or r.dry:
            continue
        if r.resource == "pods" and not r.ref.get("apiGroup"):
            if r.response.get("kind") == "PodList" and r.ok:
                listed.append(r)
                if r.verb != "deletecollection":
                    continue
                for item in r.response.get("items") or []:
                    meta = as_dict(item.get("metadata"))
                    key = (r.cluster, meta.get("namespace") or r.ref.get("namespace", ""), meta.get("name"))
                    touched[key].append((r.received, meta.get("uid", ""), "collected", r))
                continue
            namespace, name, uid = r.identity()
            if r.verb == "create" and not r.subresource and not r.ok:
                if r.code >= 400:
                    refusals.append(r)
            elif r.ok and name:
                touched[(r.cluster, namespace, name)].append((r.received, uid, "record", r))
        elif r.resource == "events" and r.ok and r.verb in ("create", "patch", "update"):
            body, about = event_of(r)
            if body:
                key = (r.cluster, about.get("namespace") or r.ref.get("namespace", ""), about.get("name"))
                touched[key].append((r.received, about.get("uid", ""), "event", (r, body)))
    pods = []
    for key, items in touched.items():
        pods += split_incarnations(key, rename_static(items))
    by_uid = {p.uid: p for p in pods if p.uid}
    for r in listed:
        for item in r.response.get("items") or []:
            meta = as_dict(item.get("metadata"))
            pod = by_uid.get(meta.get("uid"))
            if not pod and meta.get("uid") and meta.get("name"):
                key = (r.cluster, meta.get("namespace", ""), meta["name"])
                pod = by_uid[meta["uid"]] = Pod(key, meta["uid"])
                pods.append(pod)
            if pod:
                pod.listed.append((r, item))
    return pods, refusals


def rename_static(items):
    """The kubelet's Events about a static pod have the hash of its file as UID, like its mirror's annotation."""
    real = {}
    for _, uid, kind, what in items:
        for body in what.bodies() if kind == "record" else []:
            mirror = as_dict(as_dict(body.get("metadata")).get("annotations")).get("kubernetes.io/config.mirror")
            if mirror and uid:
                real[mirror] = uid
    return [(at, real.get(uid, uid), kind, what) for at, uid, kind, what in items]


def split_incarnations(key, items):
    """A UID is an incarnation; a successful create begins one; what names no UID belongs to the one of its time."""
    items.sort(key=lambda item: item[0])
    lives = []
    for _, uid, kind, what in items:
        life = next((p for p in lives if uid and p.uid == uid), None)
        creates = kind == "record" and not what.subresource and (
            what.verb == "create" or what.verb == "patch" and what.code == 201)
        if not life and not creates and lives and (not uid or not lives[-1].uid):
            life = lives[-1]
        if not life and creates and uid and lives and not lives[-1].uid and not lives[-1].create:
            life = lives[-1]
        if not life:
            life = Pod(key, uid)
            lives.append(life)
        life.uid = life.uid or uid
        if kind == "event":
            life.events.append(what)
        elif kind == "collected":
            life.collected.append(what)
        else:
            life.records.append(what)
            if creates and not life.create:
                life.create = what
    return lives


# ------------------------------------------------------------------------------------------------ facts

def condition(body, kind, status="True"):
    """lastTransitionTime of a condition that has this status (0 when it has no time), else None."""
    for c in as_dict(body.get("status")).get("conditions") or []:
        if isinstance(c, dict) and c.get("type") == kind and c.get("status") == status:
            return parse_time(c.get("lastTransitionTime")) or 0
    return None


def started_times(body, kinds=("containerStatuses",)):
    for kind in kinds:
        for c in as_dict(body.get("status")).get(kind) or []:
            for state in (c.get("state"), c.get("lastState")):
                for inner in as_dict(state).values():
                    at = parse_time(as_dict(inner).get("startedAt"))
                    if at:
                        yield at


def event_time(record, event):
    """The nanoseconds in an Event's name (the node's clock), when they make sense; else the request's time."""
    suffix = as_dict(event.get("metadata")).get("name", "").rpartition(".")[2]
    if re.fullmatch(r"[0-9a-f]{16}", suffix):
        at = int(suffix, 16)
        if record.verb == "create" and at <= record.received or record.verb == "patch":
            return at
    return record.received


def quantity(text):
    m = re.fullmatch(r"([0-9.]+)(m|k|M|G|T|Ki|Mi|Gi|Ti)?", str(text))
    if not m:
        return Decimal(0)
    scale = {None: 1, "m": Decimal("0.001"), "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12,
             "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}[m[2]]
    return Decimal(m[1]) * scale


def pod_class(spec):
    """Upstream's classes with its mistake fixed: typical pods have a limit of 90 s."""
    asked = [as_dict(as_dict(c.get("resources")).get("requests")) for c in spec.get("containers") or []]
    cpu = sum(quantity(a.get("cpu", 0)) for a in asked)
    memory = sum(quantity(a.get("memory", 0)) for a in asked) / 2**30
    if cpu > 32 or memory > 64 or len(asked) > 10:
        return "bestEffort"
    if cpu > 8 or memory > 16:
        return "nontypical2"
    if len(asked) > 3 or len(spec.get("volumes") or []) > 15:
        return "nontypical1"
    return "typical"


def workload_of(meta):
    """The controller, without a ReplicaSet's hash and a CronJob's minute; None for a bare pod."""
    for ref in meta.get("ownerReferences") or []:
        if not ref.get("controller"):
            continue
        kind, name = ref.get("kind"), ref.get("name", "")
        hashed = as_dict(meta.get("labels")).get("pod-template-hash")
        if kind == "ReplicaSet" and hashed and name.endswith("-" + hashed):
            return {"kind": "Deployment", "name": name[:-len(hashed) - 1]}
        if kind == "Job" and re.search(r"-\d{8,10}$", name):
            return {"kind": "CronJob", "name": name.rpartition("-")[0]}
        return {"kind": kind, "name": name}
    return None


def owner_of(meta):
    for ref in meta.get("ownerReferences") or []:
        if ref.get("controller"):
            return (ref.get("kind"), ref.get("name"))
    return None


class Facts:
    """The log's facts about one pod, in the terms of the contract."""

    def __init__(self, pod, log_begin):
        self.judge, self.ready_by, self.either = {}, None, False
        self.sights = [(r, b) for r in pod.records for b in r.bodies()]
        full = [b for _, b in self.sights if as_dict(b.get("spec")).get("containers")]
        full += [b for _, b in pod.listed]
        metas = [as_dict(b.get("metadata")) for b in full]
        self.spec = as_dict(full[0].get("spec")) if full else None
        self.meta = metas[0] if metas else {}
        if any(m.get("ownerReferences") for m in metas):
            self.meta = next(m for m in metas if m.get("ownerReferences"))
        self.mirror = any("kubernetes.io/config.mirror" in as_dict(m.get("annotations")) for m in metas) or (
            pod.create is not None and pod.create.user.startswith("system:node:"))
        self.job = bool(self.spec) and self.spec.get("restartPolicy", "Always") != "Always"
        self.has_init = bool(self.spec and self.spec.get("initContainers"))
        self.gated = bool(self.spec and self.spec.get("schedulingGates"))
        self.stamp = next((parse_time(m.get("creationTimestamp")) for m in metas if m.get("creationTimestamp")), None)
        self.find_created(pod)
        self.find_scheduled(pod)
        self.find_running(pod)
        self.find_ready(pod)
        self.find_deleted(pod)
        self.find_node(pod)
        self.before_log = self.is_before_log(pod, log_begin)

    def find_created(self, pod):
        self.created = None
        if pod.create:
            self.created = pod.create.received
            if self.stamp:
                # stamped a moment after the request was received: in the same second, or just in the next
                self.created = min(max(self.created, self.stamp), self.stamp + SECOND - 1)
                if self.created != pod.create.received:
                    self.judge["created"] = {"within": abs(self.created - pod.create.received) / SECOND}
        elif self.stamp:
            self.created = self.stamp
            self.judge["created"] = {"within": 1.0}
        elif pod.records and pod.records[0].subresource == "binding" and (
                not pod.events or pod.events[0][0].received >= pod.records[0].received):
            self.created = pod.records[0].received

    def not_before(self, at):
        """A whole second is never before an earlier fact of the pod."""
        known = [t for t in (self.created, getattr(self, "scheduled", None)) if t is not None]
        return max([at] + [t for t in known if t < at + SECOND])

    def find_scheduled(self, pod):
        bound = [r.received for r in pod.records if r.subresource == "binding" and r.verb == "create"]
        self.scheduled = min(bound, default=None)
        if not bound and pod.create and any(as_dict(b.get("spec")).get("nodeName") for b in pod.create.bodies()):
            # who creates it gave it its node: no scheduler has a part in it
            self.scheduled = self.created
            if "created" in self.judge:
                self.judge["scheduled"] = self.judge["created"]
        elif not bound:
            seen = [condition(b, "PodScheduled") for _, b in self.sights + pod.listed]
            seen = [t for t in seen if t]
            if seen:
                self.scheduled = self.not_before(min(seen))
                self.judge["scheduled"] = {"within": 1.0}

    def find_running(self, pod):
        self.phases = {}
        for r, b in self.sights:
            phase = as_dict(b.get("status")).get("phase")
            if phase and phase not in self.phases:
                self.phases[phase] = r.received
        exact = [event_time(r, e) for r, e in pod.events if e.get("reason") == "Started" and as_dict(
            e.get("involvedObject") or e.get("regarding")).get("fieldPath", "").startswith("spec.containers{")]
        whole = [t for _, b in self.sights + pod.listed for t in started_times(b)]
        self.running = min(exact, default=None)
        if whole and (self.running is None or self.running >= min(whole) + SECOND):
            self.running = self.not_before(min(whole))
        if self.running is None:
            self.running = self.phases.get("Running")
        if self.running is not None:
            self.judge["running"] = {"within": 1.0}
        kinds = ("containerStatuses", "initContainerStatuses")
        first = [event_time(r, e) for r, e in pod.events if e.get("reason") == "Started"]
        first += [t for _, b in self.sights + pod.listed for t in started_times(b, kinds)]
        self.first_start = min(first, default=self.running)
        self.last_start = self.find_last_start(exact + whole)

    def find_last_start(self, starts):
        """When the last of the app's containers started, if each did once and none waits again: all after it is readiness."""
        statuses = [as_dict(b.get("status")).get("containerStatuses") for r, b in self.sights]
        last = next((s for s in reversed(statuses) if s), None)
        if not last or not starts or not self.spec or self.spec.get("readinessGates"):
            return None
        if len(last) != len(self.spec["containers"]) or any(
                c.get("restartCount") or "waiting" in as_dict(c.get("state")) for c in last):
            return None
        return max(starts)

    def find_ready(self, pod):
        says = [(r, condition(b, "Ready")) for r, b in self.sights if condition(b, "Ready") is not None]
        writes = [r.received for r, _ in says if r.subresource == "status" and r.verb in ("patch", "update")]
        wrote = min(writes, default=None)
        reads = [(r, at) for r, at in says if not (r.subresource == "status" and r.verb in ("patch", "update"))]
        reads += [(r, condition(b, "Ready")) for r, b in pod.listed if condition(b, "Ready") is not None]
        earlier = [at for r, at in reads if wrote is None or r.complete < wrote]
        self.ready = wrote
        if earlier and min(earlier):
            self.ready = self.not_before(min(earlier))
            if self.running is not None and self.running < self.ready + SECOND:
                self.ready = max(self.ready, self.running)
            self.judge["ready"] = {"within": 1.0}
            look = min(r.received for r, at in reads if at == min(earlier))
            if self.perhaps_not_first(pod, min(earlier), look):
                self.ready, self.ready_by = None, self.ready
                del self.judge["ready"]
                self.ready_with_containers(pod)
        if self.ready is not None and pod.create is None:
            self.regained(pod)

    def ready_with_containers(self, pod):
        """Nodes that fail take Ready back and leave ContainersReady; without gates both come first together."""
        seen = [(r, condition(b, "ContainersReady")) for r, b in self.sights + pod.listed if condition(b, "ContainersReady")]
        if not seen or not self.spec or self.spec.get("readinessGates"):
            return
        at = min(t for _, t in seen)
        look = min(r.received for r, t in seen if t == at)
        if not self.perhaps_not_first(pod, at, look) and not (pod.create is None and self.contradicted(
                pod, "ContainersReady", at, look)):
            self.ready, self.ready_by = max(self.not_before(at), self.running or 0), None
            self.judge["ready"] = {"within": 1.0}

    def regained(self, pod):
        """The log begins in the middle of its life: a condition shows the last transition, which need not be the first."""
        seen = [(r, b, condition(b, "Ready")) for r, b in self.sights + pod.listed if condition(b, "Ready")]
        if not seen:
            return
        look, _, at = min(seen, key=lambda s: s[0].received)
        loss = self.lost(pod, "Ready")
        if loss is not None and loss < at or self.contradicted(pod, "Ready", at, look.received):
            self.ready, self.ready_by = None, min(at, loss if loss is not None else at)
            self.judge.pop("ready", None)
            self.ready_with_containers(pod)
        elif loss is not None and self.ready > loss:
            # reported again after its loss: the write is not the first one, so only the transition is known
            self.ready = max(self.not_before(at), self.running or 0)
            self.judge["ready"] = {"within": 1.0}

    def lost(self, pod, kind):
        """When the condition first became False later than the status.startTime: it had been True. None: never shown."""
        times = []
        for _, b in self.sights + pod.listed:
            start, at = parse_time(as_dict(b.get("status")).get("startTime")), condition(b, kind, "False")
            if start and at and at > start + SECOND:
                times.append(at)
        return min(times, default=None)

    def contradicted(self, pod, kind, at, look):
        """Restarted by then; False before; or late, though neither probe nor hook nor gate held it back."""
        loss = self.lost(pod, kind)
        if loss is not None and loss < at:
            return True
        sidecars = [c for c in as_dict(self.spec).get("initContainers") or [] if c.get("restartPolicy") == "Always"]
        for r, b in self.sights + pod.listed:
            status = as_dict(b.get("status"))
            counts = [c for c in status.get("initContainerStatuses") or [] if c["name"] in {s["name"] for s in sidecars}]
            if r.received <= look and any(c.get("restartCount") for c in counts + (status.get("containerStatuses") or [])):
                return True
        held = not self.spec or self.spec.get("readinessGates") or any(
            c.get("readinessProbe") or c.get("startupProbe") or as_dict(c.get("lifecycle")).get("postStart")
            for c in self.spec["containers"] + sidecars)
        return not held and self.last_start is not None and at > self.last_start + 5 * SECOND

    def perhaps_not_first(self, pod, ready, look):
        """A status that was only read shows the last transition: it may have been ready before what is hidden."""
        hidden = [r.received for r in pod.records if r.subresource == "status" and r.verb in ("patch", "update") and not r.request]
        if not hidden and not pod.blind:
            return False
        starts, restarted = defaultdict(list), False
        for r, e in pod.events:
            path = as_dict(e.get("involvedObject") or e.get("regarding")).get("fieldPath", "")
            if e.get("reason") == "Started" and path.startswith("spec.containers{"):
                starts[path[len("spec.containers{"):-1]].append(event_time(r, e))
        sidecars = {c["name"] for c in as_dict(self.spec).get("initContainers") or [] if c.get("restartPolicy") == "Always"}
        for r, b in self.sights + pod.listed:
            restarted = restarted or r.received <= look and any(
                c["name"] in sidecars and c.get("restartCount") and "running" in as_dict(c.get("state"))
                for c in as_dict(b.get("status")).get("initContainerStatuses") or [])
            for c in as_dict(b.get("status")).get("containerStatuses") or []:
                inner = [s for state in ("state", "lastState") for s in as_dict(c.get(state)).values()]
                starts[c["name"]] += [t for t in (parse_time(s.get("startedAt")) for s in inner) if t]
                if c.get("restartCount") and "running" in as_dict(c.get("state")) and r.received <= look:
                    restarted = True
        known = [min(times) for times in starts.values() if times]
        begin = max(known) if known and self.spec and len(known) >= len(self.spec["containers"]) else self.scheduled
        if begin is None or restarted:
            return True
        begin += 5 * SECOND
        return ready > begin and (pod.blind or any(begin < at < ready for at in hidden))

    def find_deleted(self, pod):
        # a kubelet asks to remove what others have deleted: its request is none to delete it
        deletes = [r for r in pod.records
                   if r.verb == "delete" and not r.subresource or r.verb == "create" and r.subresource == "eviction"]
        kubelet = [r.received for r in deletes if r.raw.get("userAgent", "").startswith("kubelet/")]
        asked = [r.received for r in deletes] + [r.received for r in pod.collected]
        self.deleted_by = min(asked, default=None)
        if asked and self.deleted_by in kubelet:
            asked = []
        stamps = []
        for _, b in self.sights + pod.listed:
            meta = as_dict(b.get("metadata"))
            at = parse_time(meta.get("deletionTimestamp"))
            if at and "deletionGracePeriodSeconds" in meta:
                stamps.append(at - meta["deletionGracePeriodSeconds"] * SECOND)
        self.deleted = min(asked, default=None)
        if stamps and (self.deleted_by is None or min(stamps) + SECOND < self.deleted_by):
            self.deleted = self.deleted_by = min(stamps)
            self.judge["deleted"] = {"within": 1.0}

    def find_node(self, pod):
        self.node = None
        for r in pod.records:
            if r.subresource == "binding":
                self.node = self.node or as_dict(r.request.get("target")).get("name")
        for _, b in self.sights + pod.listed:
            self.node = self.node or as_dict(b.get("spec")).get("nodeName")
        if self.node is None:
            kubelets = [r.user for r in pod.records if r.subresource == "status" and r.user.startswith("system:node:")]
            if kubelets:
                self.node = kubelets[0][len("system:node:"):]
                self.judge["node"] = {"oneOf": [self.node, None]}

    def is_before_log(self, pod, log_begin):
        if pod.create:
            return False
        if self.created is None:
            return True
        if self.stamp and self.stamp // SECOND == log_begin // SECOND:
            self.judge["verdict"] = {"skip": "created in the second in which the log begins"}
        return self.created // SECOND * SECOND + SECOND <= log_begin


# ---------------------------------------------------------------------------------------------- verdicts

def one_verdict(limit, least, most, elapsed, done, ended):
    """The words that fit when between `least` and `most` of the elapsed time is excused. Nanoseconds."""
    words = []
    for excused in sorted({least, most}):
        over = elapsed - excused > limit
        if done:
            words.append("slow" if over else "success")
        elif over:
            words.append("failed")
        else:
            words.append(ended)
    return words


def judge_pod(facts, log_end, klass):
    """(verdict, deadline, delivery), each a list of the words that the facts allow."""
    done_at = facts.ready if facts.ready is not None else facts.ready_by
    if facts.job:
        done_at = facts.running
        ends = [facts.phases[p] for p in ("Succeeded", "Failed") if p in facts.phases]
        if done_at is None and ends:
            done_at = min(ends)
    # what it becomes while it is being deleted is no delivery
    gone, late = facts.deleted_by, facts.judge.get("running" if facts.job else "ready", {}).get("within", 0) * SECOND
    if done_at is not None and gone is not None and done_at > gone - late:
        if done_at <= gone + late:
            facts.either = True
        else:
            done_at = None
    facts.done_at = done_at
    if facts.created is None:
        return [None], [None], [None]
    found = judge_until(facts, log_end, klass, done_at)
    if facts.either:
        found = [a + b for a, b in zip(found, judge_until(facts, log_end, klass, None))]
    return found


def judge_until(facts, log_end, klass, done_at):
    until = done_at if done_at is not None else facts.deleted_by if facts.deleted_by is not None else log_end
    elapsed = until - facts.created
    # the user's time: at most all since a container first ran, at least all since the last one started
    most = max(0, until - facts.first_start) if facts.first_start is not None else 0
    least = max(0, until - facts.last_start - CLOCK) if facts.last_start is not None and not facts.job else 0
    least, most = min(least, most), most + CLOCK if most else 0
    if facts.gated:
        least, most = 0, elapsed    # how long its gates held it is the user's time, too
    extension = most if facts.has_init else 0
    failed = facts.phases.get("Failed")
    # the answer to the request to delete it shows what was there before
    if not facts.job and failed is not None and (done_at is None or failed < done_at) and (
            facts.deleted_by is None or failed <= facts.deleted_by):
        return ["failed"], ["failed"], ["failed"]
    ended = "aborted" if facts.deleted_by is not None and done_at is None else "open"
    done = done_at is not None
    deadline = one_verdict(DEADLINE[facts.job] * SECOND, 0, extension, elapsed, done, ended)
    delivery = one_verdict(LIMIT[klass] * SECOND, least, most, elapsed, done, ended)
    worst = {"success": 0, "open": 0, "aborted": 0, "slow": 1, "failed": 1}
    both = [a if worst[a] >= worst[b] else b for a in deadline for b in delivery]
    return both, deadline, delivery


def blind_since(pod, facts):
    """The last look at the pod's status, if a later write of it is in the log without its content; else None."""
    writes = [r for r in pod.records if r.subresource == "status" and r.verb in ("patch", "update")
              and r.ok and not r.dry and not r.request]
    hidden = [r.received for r in writes]
    looks = [r.received for r, b in facts.sights + pod.listed if b.get("status")]
    # of a pod without a node a scheduler writes that it has none; others may have written that it failed
    if not hidden or never_bound(pod, facts) and all(r.user == "system:kube-scheduler" for r in writes):
        return None
    look = max(looks, default=facts.created or 0)
    return look if max(hidden) > look else None


def never_bound(pod, facts):
    """Others were bound, it was not, from its create on: it waited for a node."""
    kubelet = any(r.user.startswith("system:node:") for r in pod.records) or any(
        as_dict(e.get("source")).get("component") == "kubelet" or e.get("reportingComponent") == "kubelet" for _, e in pod.events)
    return pod.create is not None and pod.others_bound and facts.scheduled is None and facts.node is None and not kubelet


def unique(words):
    return sorted(set(words), key=words.index)


# ------------------------------------------------------------------------------------------------ lines

def seconds(ns):
    if ns is None:
        return None
    text = "%d.%09d" % (ns // SECOND, ns % SECOND)
    return Decimal(text.rstrip("0").rstrip("."))


def head(cluster, namespace, name):
    return {"apiVersion": "lunettes/v1", "kind": "PodDelivery", "cluster": cluster, "namespace": namespace, "name": name}


def pod_line(pod, facts, log_end):
    klass = pod_class(facts.spec) if facts.spec else None
    rules = facts.judge
    line = head(pod.cluster, pod.namespace, pod.name)
    words, deadline, delivery = judge_pod(facts, log_end, klass or "typical")
    reason = "mirror pod" if facts.mirror else "created before the log begins" if facts.before_log else ""
    if reason:
        words = deadline = delivery = ["excluded"]
        rules["reason"] = {"like": "mirror" if facts.mirror else "before"}
        rules["verdicts"] = {"skip": "not said for excluded pods"}
    for key, allowed in (("verdict", words), ("verdicts.deadline", deadline), ("verdicts.delivery", delivery)):
        if len(set(allowed)) > 1:
            rules.setdefault(key, {"oneOf": unique(allowed)})
    bodies = any(b.get("status") for _, b in facts.sights + pod.listed)
    if not bodies and not reason and facts.ready is None:
        rules["verdict"] = rules["verdicts"] = {"skip": "the log has no pod status: readiness cannot be known"}
    if facts.ready_by is not None and not facts.job:
        facts.done_at = None
        if not reason:
            # whether its wait after the start was the user's time may be reported or not
            late = facts.created is not None and facts.ready_by - facts.created > LIMIT[klass or "typical"] * SECOND
            rules["verdict"] = {"oneOf": unique(["excluded" if w == "slow" else w for w in words] + ["excluded"] * late)}
            rules["verdicts"] = {"skip": "when it was ready is not known"}
            rules["reason"] = {"oneOf": ["", "readiness not in the log"]}
    look = blind_since(pod, facts) if facts.ready_by is None else None
    if look is not None and not reason and facts.done_at is None:
        # readiness is only proven absent up to the last read: failed by then, or unknown
        proven = judge_pod(facts, look, klass or "typical")[0]
        line["blind"] = True
        rules["verdict"] = {"oneOf": unique([w if w == "failed" else "excluded" for w in proven])}
        for key in ("verdicts", "verdicts.deadline", "verdicts.delivery"):
            rules[key] = {"skip": "the log hides the pod's status"}
        rules["reason"] = {"oneOf": ["", "readiness not in the log"]}
    if facts.spec is None:
        for key in ("workload", "class", "job", "limitSeconds"):
            rules[key] = {"skip": "the log has no body of this pod"}
        rules["verdict"] = rules["verdicts"] = {"skip": "the log has no body of this pod"}
    workload = workload_of(facts.meta)
    if workload is None and "workload" not in rules:
        rules["workload"] = {"none": True}
    total = None
    if facts.either:
        rules["seconds.total"] = {"skip": "delivered or asked to go within the same second"}
    elif facts.ready is not None and facts.deleted_by is not None and facts.ready > facts.deleted_by:
        rules["ready"] = {"oneOf": [format_time(facts.ready), None]}    # no delivery; printing it is optional
    if facts.done_at is not None and facts.created is not None:
        total = max(0, facts.done_at - facts.created)
        slack = sum(rules[k]["within"] for k in ("created", "running" if facts.job else "ready")
                    if k in rules and "within" in rules[k])
        if slack and not facts.either:
            rules["seconds.total"] = {"within": slack}
    if pod.create and pod.refused:
        rules["attempts"] = {"oneOf": [1, 1 + pod.refused]}
    line.update({
        "generateName": None, "uid": pod.uid or None, "node": facts.node, "workload": workload, "class": klass, "job": facts.job,
        "verdict": words[0], "verdicts": {"deadline": deadline[0], "delivery": delivery[0]}, "reason": reason,
        "attempts": 1 + pod.refused, "created": format_time(facts.created), "scheduled": format_time(facts.scheduled),
        "running": format_time(facts.running), "ready": format_time(facts.ready),
        "deleted": format_time(facts.deleted), "seconds": {"total": seconds(total)},
        "limitSeconds": {"deadline": DEADLINE[facts.job], "delivery": LIMIT[klass] if klass else None},
        "judge": rules})
    if not pod.records and not pod.events:
        line["optional"] = True
    return line


def denied_lines(refusals, pods):
    """One line for (namespace, name or generateName, owner, code); a refusal of a name that a later create gets is not one."""
    creates = defaultdict(list)
    for pod in pods:
        if pod.create:
            creates[(pod.cluster, pod.namespace, pod.name)].append((pod.create.received, pod))
    groups = defaultdict(list)
    for r in refusals:
        meta = as_dict(r.request.get("metadata"))
        name = r.ref.get("name") or meta.get("name") or None
        generate = None if name else meta.get("generateName")
        later = [pod for at, pod in creates[(r.cluster, r.ref.get("namespace", ""), name)] if at >= r.received]
        if r.code in (409, 429):
            continue
        if name and later:
            later[0].refused += 1
            continue
        owner = owner_of(meta)
        groups[(r.cluster, r.ref.get("namespace", ""), name or "", generate or "", owner or (), r.code)].append(r)
    for (cluster, namespace, name, generate, _, code), members in groups.items():
        first = members[0]
        meta, spec = as_dict(first.request.get("metadata")), as_dict(first.request.get("spec"))
        line = head(cluster, namespace, name or None)
        rules = {"code": {"set": True}, "deleted": {"skip": "no pod"}, "reason": {"skip": "not said for denied"},
                 "verdicts": {"skip": "not said for denied"}, "httpCode": {"skip": "the oracle's own"},
                 "limitSeconds": {"skip": "null deadline; delivery not said"}}
        workload = workload_of(meta)
        if workload is None:
            rules["workload"] = {"none": True}
        if not spec:
            rules["class"] = rules["job"] = rules["workload"] = {"skip": "no body"}
        line.update({
            "generateName": generate or None, "uid": None, "node": None, "workload": workload,
            "class": pod_class(spec) if spec else None, "job": spec.get("restartPolicy", "Always") != "Always",
            "verdict": "denied", "attempts": len(members), "httpCode": code, "created": format_time(first.received),
            "scheduled": None, "running": None, "ready": None, "seconds": {"total": None},
            "limitSeconds": {"deadline": None}, "judge": rules})
        yield line


def fact_table(paths):
    records, malformed = read_records(paths)
    if not records:
        return [], malformed
    begin, end = defaultdict(list), defaultdict(list)
    for r in records:
        begin[r.cluster].append(r.complete)
        end[r.cluster].append(r.complete)
    pods, refusals = group_pods(records)
    lines = list(denied_lines(refusals, pods))
    writes = {r.cluster for r in records if r.resource == "pods" and r.subresource == "status" and r.ok and r.verb in ("patch", "update")}
    binds = {r.cluster for r in records if r.resource == "pods" and r.subresource == "binding" and r.ok and not r.dry}
    for pod in pods:
        pod.blind, pod.others_bound = pod.cluster not in writes, pod.cluster in binds
        facts = Facts(pod, min(begin[pod.cluster]))
        lines.append(pod_line(pod, facts, max(end[pod.cluster])))
    lines.sort(key=lambda p: (p["cluster"], p["namespace"], p["name"] or "", p["created"] or "", p["uid"] or ""))
    return lines, malformed


class Plain(json.JSONEncoder):
    def default(self, o):
        return float(o) if isinstance(o, Decimal) else super().default(o)


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    lines, malformed = fact_table(sys.argv[1:])
    for line in lines:
        print(json.dumps(line, cls=Plain, separators=(",", ":")))
    if malformed:
        print("oracle: %d malformed lines skipped" % malformed, file=sys.stderr)


if __name__ == "__main__":
    main()
