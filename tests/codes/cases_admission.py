# SPDX-License-Identifier: Apache-2.0
from scene import Log

POD = 'pods "web" is forbidden: '
SOURCE = "Made: the text stands in the reference of Kubernetes' sources, 1.22 to 1.36."
REAL = "Real: text of capture 1-full, made log."
SAMPLE = "Made: the text is general knowledge of Kubernetes' sources; no sample of it was at hand."


def refused(status, text):
    return lambda: Log().refuse(status, text).end(at=600)


def granted_later(status, text):
    """The same refusal, but a later create of that name was granted: a fact of its admission, no cause."""
    return lambda: Log().refuse(status, text).started(at=31).ready(at=35).end(at=600)


CONFLICT = ('Operation cannot be fulfilled on resourcequotas "team-a-quota": the object has been modified; please apply your changes '
            "to the latest version and try again")

CASES = {
    # information: a later create was granted, and nothing is the cause
    "QuotaConflict": (granted_later(409, CONFLICT), granted_later(409, 'pods "web" already exists'), SOURCE),
    "AlreadyExists": (granted_later(409, 'object is being deleted: pods "web" already exists'), granted_later(409, CONFLICT),
                      REAL),
    "APIThrottled": (granted_later(429, "Too many requests, please try again later."), granted_later(409, CONFLICT), SOURCE),
    "WebhookDenied": (
        refused(403, 'admission webhook "image-tags.lab.example" denied the request: images must carry a version tag, '
                     'not latest: registry.lab.example:5000/tools/busybox'),
        refused(500, 'Internal error occurred: failed calling webhook "image-tags.lab.example": failed to call webhook: '
                     'Post "https://tags.lab.svc:443/?timeout=5s": EOF'),
        REAL),
    "PolicyDenied": (
        refused(422, POD + "ValidatingAdmissionPolicy 'no-latest' with binding 'shop' denied request: exceeded quota: none"),
        refused(403, 'admission webhook "policy.example" denied the request: ValidatingAdmissionPolicy is not enough'),
        SOURCE),
    "QuotaExceeded": (
        refused(403, POD + "exceeded quota: team-a-quota, requested: pods=1, used: pods=3, limited: pods=3"),
        granted_later(403, POD + "exceeded quota: team-a-quota, requested: pods=1, used: pods=3, limited: pods=3"),
        REAL),
    "QuotaMustSpecify": (
        refused(403, POD + "failed quota: team-a-quota: must specify limits.cpu for: app; limits.memory for: app"),
        refused(403, POD + "exceeded quota: team-a-quota, requested: limits.cpu=2, used: limits.cpu=3, limited: limits.cpu=4"),
        SOURCE),
    "QuotaNotReady": (
        refused(403, POD + "status unknown for quota: team-a-quota, resources: pods"),
        granted_later(403, POD + "status unknown for quota: team-a-quota, resources: pods"),
        SOURCE),
    "QuotaNoCovering": (
        refused(403, POD + "insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]"),
        refused(403, POD + "no PriorityClass with name system-node-critical was found"),
        SOURCE),
    "PodSecurity": (
        refused(403, POD + 'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must '
                           'set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "app" '
                           'must set securityContext.runAsNonRoot=true)'),
        refused(403, 'admission webhook "psp.example" denied the request: the pod violates PodSecurity "restricted"'),
        REAL),
    "WebhookUnavailable": (
        refused(500, 'Internal error occurred: failed calling webhook "down.lab.example": failed to call webhook: Post '
                     '"https://127.0.0.1:9444/validate?timeout=5s": dial tcp 127.0.0.1:9444: connect: connection refused'),
        refused(403, 'admission webhook "down.lab.example" denied the request: failed calling webhook backend'),
        REAL),
    "SCCDenied": (
        refused(403, POD + 'unable to validate against any security context constraint: [provider "anyuid": Forbidden: not '
                           'usable by user or serviceaccount]'),
        refused(403, POD + "the security context is not allowed here"),
        SOURCE),
    "ServiceAccountMissing": (
        refused(403, POD + 'error looking up service account shop/robot: serviceaccount "robot" not found'),
        granted_later(403, POD + 'error looking up service account shop/robot: serviceaccount "robot" not found'),
        REAL),
    "PriorityClassMissing": (
        refused(403, POD + "no PriorityClass with name high was found"),
        refused(403, POD + "insufficient quota to match these scopes: [{PriorityClass In [high]}]"),
        SOURCE),
    "PriorityMismatch": (
        refused(403, POD + "the integer value of priority (7) must not be provided in pod spec; priority admission controller "
                           "computed 0 from the given PriorityClass name"),
        refused(403, POD + "no PriorityClass with name 7 was found"),
        SAMPLE),
    "RuntimeClassMissing": (
        refused(403, POD + 'pod rejected: RuntimeClass "gvisor" not found'),
        refused(403, POD + "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"),
        SOURCE),
    "RuntimeClassConflict": (
        refused(403, POD + "conflict: runtimeClass.scheduling.nodeSelector[disk] = ssd; pod.spec.nodeSelector[disk] = hdd"),
        refused(403, POD + 'pod rejected: RuntimeClass "gvisor" not found'),
        SAMPLE),
    "NamespaceTerminating": (
        refused(403, POD + "unable to create new content in namespace shop because it is being terminated"),
        refused(404, 'namespaces "shop" not found'),
        SOURCE),
    "NamespaceMissing": (
        refused(404, 'namespaces "shop" not found'),
        refused(404, 'serviceaccounts "shop" not found'),
        REAL),
    "ImagePolicyDenied": (
        refused(403, POD + "image policy webhook backend denied one or more images: not signed"),
        refused(403, 'admission webhook "images.example" denied the request: one or more images are not signed'),
        SOURCE),
    "NodeSelectorConflict": (
        refused(403, POD + "pod node label selector conflicts with its namespace node label selector"),
        refused(403, POD + "conflict: runtimeClass.scheduling.nodeSelector[disk] = ssd; pod.spec.nodeSelector[disk] = hdd"),
        SOURCE),
    "TolerationConflict": (
        refused(403, POD + "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace "
                           "whitelist"),
        refused(403, POD + "pod node label selector conflicts with its namespace node label selector"),
        SOURCE),
    "LimitRange": (
        refused(403, POD + "maximum memory usage per Container is 256Mi, but limit is 1Gi"),
        refused(403, POD + "exceeded quota: q, requested: limits.memory=1Gi, used: limits.memory=1Gi, limited: limits.memory=1Gi"),
        REAL),
    "Unauthorized": (
        refused(401, "Unauthorized"),
        refused(403, 'pods is forbidden: User "system:anonymous" cannot create resource "pods" in API group "" in the namespace '
                     '"shop"'),
        SOURCE),
    "Forbidden": (
        refused(403, 'pods is forbidden: User "alice@lab.example" cannot create resource "pods" in API group "" in the '
                     'namespace "shop"'),
        refused(401, "Unauthorized"),
        REAL),
    "InvalidSpec": (
        refused(422, 'Pod "web" is invalid: spec.containers[0].name: Invalid value: "Bad_Name": a lowercase RFC 1123 label must '
                     'consist of lower case alphanumeric characters or \'-\''),
        refused(400, 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field'),
        REAL),
    "BadRequest": (
        refused(400, 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field'),
        refused(400, 'admission webhook "v.example" denied the request: cannot be handled'),
        SAMPLE),
    "APIServerTimeout": (
        refused(504, "Timeout: request did not complete within requested timeout - context deadline exceeded"),
        granted_later(504, "Timeout: request did not complete within requested timeout - context deadline exceeded"),
        SOURCE),
    "APIServerStorage": (
        refused(500, "etcdserver: request timed out"),
        refused(504, "Timeout: request did not complete within requested timeout - context deadline exceeded"),
        SOURCE),
    "APIServerError": (
        refused(500, "Internal error occurred: resource quota evaluation timed out"),
        refused(500, "etcdserver: leader changed"),
        SAMPLE),
    "NotFound": (
        refused(404, "the server could not find the requested resource"),
        refused(404, 'namespaces "shop" not found'),
        SOURCE),
    "Refused": (
        refused(418, "I will not"),
        refused(400, "I will not"),
        "Made: a status that Kubernetes itself does not give."),
}
