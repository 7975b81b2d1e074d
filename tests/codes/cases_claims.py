# SPDX-License-Identifier: Apache-2.0
"""PersistentVolumeClaims: why they are not bound, and what holds them when they are deleted."""
from scene import UID, Log, stamp

CLAIM_UID = "5f0c1a52-0000-4000-8000-0000000000c1"
PROTECTION = ("system:serviceaccount:kube-system:pvc-protection-controller", "kube-controller-manager/v1.32.0")
VOLUMES = ("system:serviceaccount:kube-system:persistent-volume-binder", "kube-controller-manager/v1.32.0")
PROTECTION = ("system:serviceaccount:kube-system:pvc-protection-controller", "kube-controller-manager/v1.32.0")
SRC = "Made: the text is that of the Kubernetes source."
PROVISIONER = "Made: the text is that of the external provisioner and CSI drivers, from public issue threads (kn)."


class Claim(Log):
    """Claim shop/data; log.claim() is its current object."""

    def __init__(self, storage_class="fast", volume=None):
        super().__init__(name="data", spec={})
        self.meta = {"name": "data", "namespace": "shop", "uid": CLAIM_UID, "finalizers": ["kubernetes.io/pvc-protection"]}
        self.spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        if storage_class is not None:
            self.spec["storageClassName"] = storage_class
        if volume:
            self.spec["volumeName"] = volume
        self.status = {"phase": "Pending"}

    def claim(self):
        return {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": dict(self.meta), "spec": dict(self.spec),
                "status": dict(self.status)}

    def made(self, **kw):
        self.meta["creationTimestamp"] = stamp(0, 0)
        return self.request("create", resource="persistentvolumeclaims", code=201, request=self.claim(), response=self.claim(),
                            at=0.0, **kw)

    def refused(self, code, message):
        return self.request("create", resource="persistentvolumeclaims", code=code, message=message, request=self.claim(),
                            at=0.0)

    def said(self, reason, message, type_="Warning", at=None, component="persistentvolume-controller", count=1):
        return self.event(reason, message, type_=type_, component=component, container=None, at=at, count=count,
                          kind="PersistentVolumeClaim", uid=CLAIM_UID, user=VOLUMES)

    def phase(self, phase, at=None, volume="pv-1"):
        self.status = {"phase": phase}
        self.spec["volumeName"] = volume
        return self.request("update", resource="persistentvolumeclaims", subresource="status", user=VOLUMES,
                            request=self.claim(), response=self.claim(), at=at)

    def deleted(self, at=None):
        when = self.now + 1 if at is None else at
        self.meta.update(deletionTimestamp=stamp(int(when), 0), deletionGracePeriodSeconds=0)
        return self.request("delete", resource="persistentvolumeclaims", request={"kind": "DeleteOptions"},
                            response=self.claim(), at=at)

    def released(self, at=None):
        """The last finalizer is removed: it is gone."""
        self.meta["finalizers"] = []
        return self.request("update", resource="persistentvolumeclaims", user=PROTECTION, request=self.claim(),
                            response=self.claim(), at=at)

    def until(self, at):
        """Another claim's status is written, so that the log is known to show such writes; and it has no gap."""
        for second in range(int(self.now) + 30, int(at), 30):
            self.end(second)
        other = {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": {"name": "other", "namespace": "kube-system"},
                 "spec": {}, "status": {"phase": "Bound"}}
        return self.request("update", resource="persistentvolumeclaims", subresource="status", user=VOLUMES, name="other",
                            namespace="kube-system", request=other, response=other, at=at)


def unbound(*events, storage_class="fast", volume=None, until=900):
    """events: (reason, text), the first after a second, repeated every 15 s; it is never bound."""
    def log():
        made = Claim(storage_class, volume).made()
        for i, (reason, text) in enumerate(events):
            for k in range(3):
                made.said(reason, text, at=1 + i + 15 * k, count=k + 1)
        return made.until(until)
    return log


def bound(*events, at=60):
    """The same, but then it is bound."""
    def log():
        made = Claim().made()
        for i, (reason, text) in enumerate(events):
            made.said(reason, text, at=1 + i)
        return made.phase("Bound", at=at).until(900)
    return log


def failed(text):
    return unbound(PROVISIONING, ("ProvisioningFailed", 'failed to provision volume with StorageClass "fast": ' + text))


def after(*events, phase=None):
    """Bound at once; then something happens to it."""
    def log():
        made = Claim().made().phase("Bound", at=1)
        for i, (reason, text) in enumerate(events):
            made.said(reason, text, at=100 + i)
        if phase:
            made.phase(phase, at=100)
        return made.until(900)
    return log


def deletion(took=None, finalizers=("kubernetes.io/pvc-protection",)):
    def log():
        made = Claim()
        made.meta["finalizers"] = list(finalizers)
        made.made().phase("Bound", at=1).deleted(at=100)
        made.beats(PROTECTION, 900)
        if took:
            made.released(at=100 + took)
        return made.until(900)
    return log


def slow(reason=True, at=300):
    """Provisioned, but only after five minutes; the controller that binds it is in the log."""
    def log():
        made = Claim().made()
        made.beats(VOLUMES, 900)
        if reason:
            made.said(*PROVISIONING, type_="Normal", at=1)
            made.said("ProvisioningSucceeded", "Successfully provisioned volume pv-1", type_="Normal", at=at)
        return made.phase("Bound", at=at + 1).until(900)
    return log


def pod_waits():
    """Nothing is wrong: the class waits for a pod."""
    return unbound(WAIT)()


PROVISIONING = ("Provisioning", 'External provisioner is provisioning volume for claim "shop/data"')
EXTERNAL = ("ExternalProvisioning", "Waiting for a volume to be created either by the external provisioner 'disk.csi.example' or "
            "manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running "
            "and correctly registered.")
OLD_EXTERNAL = ("ExternalProvisioning", 'waiting for a volume to be created, either by external provisioner "disk.csi.example" or '
                "manually created by system administrator")
WAIT = ("WaitForFirstConsumer", "waiting for first consumer to be created before binding")
NO_CLASS = ("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')
NO_VOLUME = ("FailedBinding", "no persistent volumes available for this claim and no storage class is set")
MISMATCH = ("VolumeMismatch", 'Cannot bind to requested volume "pv-1": requested PV is too small')
TAKEN = ("FailedBinding", 'volume "pv-1" already bound to a different claim.')
LOST = ("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
MISBOUND = ("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly")
RESIZE = ("VolumeResizeFailed", 'resize volume "pv-1" by resizer "disk.csi.example" failed: rpc error: code = Internal desc = x')
RESIZED = ("FileSystemResizeSuccessful", "MountVolume.NodeExpandVolume succeeded for volume \"pv-1\"")
ABORTED = "rpc error: code = Aborted desc = an operation with the given Volume ID pvc-1 already exists"
QUOTA = "rpc error: code = ResourceExhausted desc = volume limit (10) has been reached. Current number of volumes: 10."
FULL = "rpc error: code = ResourceExhausted desc = No Hosting Volumes available, add more storage"
DENIED = ('rpc error: code = Internal desc = Could not create volume "pvc-1": could not create volume in EC2: '
          "UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: x")
SOURCE = "error getting handle for DataSource Type VolumeSnapshot by Name nightly: snapshot nightly not bound"
TOPOLOGY = "error generating accessibility requirements: no available topology found"
LATE = "rpc error: code = DeadlineExceeded desc = context deadline exceeded"
AWAY = 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing unix /csi/csi.sock"'
INVALID = "rpc error: code = InvalidArgument desc = invalid parameter: unknown disk type \"gold\""
OTHER = "rpc error: code = Internal desc = something broke"

CASES = {
    "StorageClassMissing": (unbound(NO_CLASS), bound(NO_CLASS), "Real: text of capture 1-full (class manual), made log."),
    "ProvisionDenied": (failed(DENIED), failed(OTHER), PROVISIONER),
    "ProvisionQuota": (failed(QUOTA), failed(FULL), PROVISIONER),
    "ProvisionTopology": (failed(TOPOLOGY), failed(OTHER), PROVISIONER),
    "ProvisionSource": (failed(SOURCE), failed(OTHER), PROVISIONER),
    "ProvisionFull": (failed(FULL), failed(QUOTA), PROVISIONER),
    "ProvisionInvalid": (failed(INVALID), failed(OTHER), PROVISIONER),
    "ProvisionTimeout": (failed(LATE), failed(OTHER), PROVISIONER),
    "ProvisionUnavailable": (failed(AWAY), failed(OTHER), PROVISIONER),
    "ProvisionerSilent": (unbound(EXTERNAL), unbound(EXTERNAL, PROVISIONING), SRC),
    "ProvisionInProgress": (failed(ABORTED), failed(OTHER), PROVISIONER),
    "ProvisioningFailed": (failed(OTHER), failed(LATE), PROVISIONER),
    "NoMatchingPV": (unbound(NO_VOLUME, storage_class=""), bound(NO_VOLUME), SRC),
    "VolumeMismatch": (unbound(MISMATCH, volume="pv-1"), bound(MISMATCH), SRC),
    "VolumeTaken": (unbound(TAKEN, volume="pv-1"), bound(TAKEN), SRC),
    "ClaimLost": (after(LOST, phase="Lost"), after(), SRC),
    "ClaimMisbound": (after(MISBOUND), after(LOST), SRC),
    "ClaimResizeFailed": (after(RESIZE), after(RESIZE, RESIZED), PROVISIONER),
    "SlowProvision": (slow(), slow(at=20), "Made: the requests and Events are Kubernetes' own."),
    "SlowBind": (slow(reason=False), slow(reason=False, at=20), "Made: the requests are Kubernetes' own."),
    "ClaimInUse": (deletion(), deletion(took=20), "Made: the requests are Kubernetes' own."),
    "ClaimFinalizersHeld": (deletion(finalizers=("example.com/backup",)), deletion(took=5, finalizers=("example.com/backup",)),
                            "Made: the requests are Kubernetes' own."),
    # information: nothing is the cause
    "WaitForConsumer": (pod_waits, unbound(), SRC),
}
