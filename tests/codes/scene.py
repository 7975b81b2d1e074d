# SPDX-License-Identifier: Apache-2.0
"""Small audit logs made by hand: the shortest one in which a code must, or must not, be the cause.

    log = Log()                                    a cluster at 2026-01-01T00:00:00Z
    log.create(); log.bind(); log.event(...)       actions on pod shop/web, each a second later unless at= is given
    log.write(path)                                NDJSON, in order of time

The records look like those of kube-apiserver at level RequestResponse, with only the keys that the program reads.
"""
import json
from datetime import datetime, timedelta, timezone

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
UID = "5f0c1a52-0000-4000-8000-000000000001"
SCHEDULER = ("system:kube-scheduler", "kube-scheduler/v1.32.0")
CONTROLLER = ("system:serviceaccount:kube-system:replicaset-controller", "kube-controller-manager/v1.32.0")


def stamp(seconds, digits=6):
    at = START + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + ("." + at.strftime("%f")[:digits] if digits else "") + "Z"


class Log:
    def __init__(self, name="web", namespace="shop", node="node-1", containers=("app",), spec=None, labels=None, owner=None):
        self.name, self.namespace, self.node, self.now, self.n = name, namespace, node, 0.0, 0
        self.events = []
        self.spec = {"restartPolicy": "Always", "schedulerName": "default-scheduler", "terminationGracePeriodSeconds": 30,
                     "containers": [{"name": c, "image": "registry.example/%s:1" % c} for c in containers]}
        self.spec.update(spec or {})
        self.meta = {"name": name, "namespace": namespace, "uid": UID, "labels": labels or {}}
        if owner:
            self.meta["ownerReferences"] = [dict(owner, controller=True, apiVersion="apps/v1", uid="owner-uid")]
        self.status = {"phase": "Pending"}

    # ------------------------------------------------------------------ records

    def request(self, verb, resource="pods", subresource=None, user=("alice", "kubectl/v1.32.0"), code=200, request=None,
                response=None, message=None, at=None, took=0.005, name=None, namespace=None, annotations=None, cause=None):
        """One audit event; at: seconds since the beginning, by default one second after the last."""
        self.now = self.now + 1 if at is None else at
        self.n += 1
        name = self.name if name is None else name
        namespace = self.namespace if namespace is None else namespace
        ref = {"resource": resource, "namespace": namespace, "name": name, "apiVersion": "v1"}
        if subresource:
            ref["subresource"] = subresource
        status = {"code": code, "metadata": {}}
        if code >= 400:
            status.update(status="Failure", message=message or "")
            if cause:
                status["details"] = {"causes": [{"message": cause}]}
        self.events.append((self.now, {
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse",
            "auditID": "00000000-0000-4000-8000-%012d" % self.n, "stage": "ResponseComplete",
            "requestURI": "/api/v1/namespaces/%s/%s%s" % (namespace, resource, "/" + name if verb != "create" else ""),
            "verb": verb, "user": {"username": user[0], "groups": ["system:authenticated"]}, "userAgent": user[1],
            "sourceIPs": ["192.0.2.1"], "objectRef": ref, "responseStatus": status, "requestObject": request,
            "responseObject": response, "requestReceivedTimestamp": stamp(self.now),
            "stageTimestamp": stamp(self.now + took), "annotations": annotations or {}}))
        return self

    def pod(self, **status):
        return {"kind": "Pod", "apiVersion": "v1", "metadata": dict(self.meta), "spec": dict(self.spec),
                "status": dict(self.status, **status)}

    def kubelet(self):
        return ("system:node:" + self.node, "kubelet/v1.32.0 (linux/amd64) kubernetes/0")

    def beats(self, user, until, every=10):
        """The writer is there: it renews its lease, whatever else it does or not."""
        for at in range(0, until, every):
            self.request("update", resource="leases", user=user, at=at + 0.5, namespace="kube-node-lease")
        return self

    def create(self, at=0.0, **kw):
        self.meta["creationTimestamp"] = stamp(int(at), 0)
        return self.request("create", code=201, request=self.pod(), response=self.pod(), at=at, **kw)

    def refuse(self, code, message, at=0.0, **kw):
        """The API refuses the create."""
        return self.request("create", code=code, message=message, request=self.pod(), at=at, response={
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}, **kw)

    def bind(self, at=None, kubelet=True, **kw):
        """Bound; and the kubelet's first status, without which it is unknown that it is not ready."""
        self.spec["nodeName"] = self.node
        body = {"kind": "Binding", "apiVersion": "v1", "metadata": {"name": self.name, "namespace": self.namespace, "uid": UID},
                "target": {"kind": "Node", "name": self.node}}
        self.request("create", subresource="binding", user=SCHEDULER, code=201, request=body, at=at, **kw)
        if kubelet:
            self.condition("Ready", "False", "ContainersNotReady", at=self.now + 0.1)
        return self

    def patch_status(self, status, at=None, user=None):
        """A status write: conditions, phase, containerStatuses as in the patch."""
        self.status.update(status)
        return self.request("patch", subresource="status", user=user or self.kubelet(), request={"status": status},
                            response=self.pod(), at=at)

    def condition(self, type_, is_, reason="", message="", at=None, user=None):
        when = self.now + 1 if at is None else at
        return self.patch_status({"conditions": [{"type": type_, "status": is_, "reason": reason, "message": message,
                                                  "lastTransitionTime": stamp(int(when), 0)}]}, at=at, user=user)

    def unschedulable(self, message, at=None, reason="Unschedulable"):
        """The scheduler's message, as condition and as Event."""
        self.condition("PodScheduled", "False", reason, message, at=at, user=SCHEDULER)
        return self.event("FailedScheduling", message, type_="Warning", component="default-scheduler", container=None)

    def containers(self, *states, at=None, phase=None, key="containerStatuses"):
        """states: (name, {"waiting": {...}} or ..., {"terminated": ...} of lastState or None, restartCount, ready)."""
        body = []
        for state in states:
            name, now, last, restarts, ready = (tuple(state) + (None, 0, False))[:5] if len(state) < 5 else state
            entry = {"name": name, "state": now, "restartCount": restarts or 0, "ready": bool(ready),
                     "started": "running" in now}
            if last:
                entry["lastState"] = last
            body.append(entry)
        status = {key: body}
        if phase:
            status["phase"] = phase
        return self.patch_status(status, at=at)

    def event(self, reason, message, type_="Normal", component="kubelet", container="app", at=None, count=1, user=None,
              kind="Pod", name=None, namespace=None, uid=UID):
        when = self.now + 1 if at is None else at
        nanos = int((START + timedelta(seconds=when)).timestamp()) * 10**9 + int(round(when % 1 * 10**9))
        involved = {"kind": kind, "namespace": namespace or self.namespace, "name": name or self.name, "uid": uid,
                    "apiVersion": "v1"}
        if container and component == "kubelet":
            involved["fieldPath"] = "spec.containers{%s}" % container
        body = {"kind": "Event", "apiVersion": "v1", "metadata": {"name": "%s.%x" % (name or self.name, nanos),
                "namespace": self.namespace}, "involvedObject": involved, "reason": reason, "message": message, "type": type_,
                "source": {"component": component, "host": self.node if component == "kubelet" else ""}, "count": count,
                "firstTimestamp": stamp(int(when), 0), "lastTimestamp": stamp(int(when), 0)}
        who = user or (self.kubelet() if component == "kubelet" else SCHEDULER if component == "default-scheduler" else CONTROLLER)
        return self.request("create", resource="events", user=who, code=201, request=body, response=body, at=when + 0.003,
                            name="")

    def ready(self, at=None):
        """All containers run and the pod is Ready."""
        when = self.now + 1 if at is None else at
        self.patch_status({"phase": "Running", "containerStatuses": [
            {"name": c["name"], "state": {"running": {"startedAt": stamp(int(when), 0)}}, "restartCount": 0, "ready": True,
             "started": True} for c in self.spec["containers"]]}, at=at)
        for type_ in ("Initialized", "ContainersReady", "Ready"):
            self.condition(type_, "True", at=when + 0.01)
        return self

    def delete(self, at=None, grace=30, user=("alice", "kubectl/v1.32.0"), finalizers=None):
        when = self.now + 1 if at is None else at
        self.meta["deletionTimestamp"] = stamp(int(when) + grace, 0)
        self.meta["deletionGracePeriodSeconds"] = grace
        if finalizers:
            self.meta["finalizers"] = finalizers
        return self.request("delete", user=user, request={"kind": "DeleteOptions", "apiVersion": "v1"}, response=self.pod(),
                            at=at)

    def gone(self, at=None):
        """The kubelet's last delete."""
        self.meta["deletionGracePeriodSeconds"] = 0
        return self.request("delete", user=self.kubelet(), request={"kind": "DeleteOptions", "gracePeriodSeconds": 0},
                            response=self.pod(), at=at)

    def end(self, at):
        """Something else, so that the log goes on until then."""
        return self.request("get", resource="configmaps", name="other", namespace="kube-system", at=at)

    def started(self, at=1.0):
        """The usual beginning: created, bound, image there, container started."""
        self.create(at=at - 1.0).bind(at=at - 0.9)
        self.event("Pulled", 'Container image "registry.example/app:1" already present on machine', at=at)
        self.event("Created", "Created container app", at=at + 0.1)
        return self.event("Started", "Started container app", at=at + 0.2)

    def write(self, path):
        with open(path, "w", encoding="utf-8") as f:
            for _, event in sorted(self.events, key=lambda e: e[0]):
                f.write(json.dumps({k: v for k, v in event.items() if v is not None}, separators=(",", ":")) + "\n")
