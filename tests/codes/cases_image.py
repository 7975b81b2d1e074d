# SPDX-License-Identifier: Apache-2.0
from scene import Log

IMAGE = "registry.example/app:1"
FROM = 'failed to pull and unpack image "%s": failed to resolve reference "%s": ' % (IMAGE, IMAGE)


def begin():
    return Log().create().bind(at=0.1)


def failed_pull(text, image=IMAGE):
    """A pull that fails with that text, and the Events of the kubelet that follow."""
    def log():
        return (begin().event("Pulling", 'Pulling image "%s"' % image, at=1)
                .event("Failed", 'Failed to pull image "%s": %s' % (image, text), type_="Warning", at=2)
                .event("Failed", "Error: ErrImagePull", type_="Warning", at=2.1)
                .event("BackOff", 'Back-off pulling image "%s"' % image, at=14)
                .event("Failed", "Error: ImagePullBackOff", type_="Warning", at=14.1).end(at=600))
    return log


def healed(text):
    """The same, but the second try pulls it: nothing failed."""
    def log():
        return (begin().event("Pulling", 'Pulling image "%s"' % IMAGE, at=1)
                .event("Failed", 'Failed to pull image "%s": %s' % (IMAGE, text), type_="Warning", at=2)
                .event("Pulled", 'Successfully pulled image "%s" in 1s (1s including waiting)' % IMAGE, at=20)
                .event("Created", "Created container app", at=20.1).event("Started", "Started container app", at=20.2)
                .ready(at=21).end(at=600))
    return log


def waits(reason, message):
    def log():
        return begin().containers(("app", {"waiting": {"reason": reason, "message": message}}), at=2).end(at=600)
    return log


def event(reason, message, more=None, container="app"):
    def log():
        made = begin().event(reason, message, type_="Warning", at=2, container=container)
        return (made.event("Failed", more, type_="Warning", at=2.1) if more else made).end(at=600)
    return log


OTHER = failed_pull("rpc error: code = Unknown desc = " + FROM + "something nobody knows")
REAL_1 = "Real: texts of capture 1-full, made log."
KN = "Made: the text is known from users' reports, and was not read in a source; the other was made."

CASES = {
    "InvalidImageName": (
        event("InspectFailed", 'Failed to apply default image tag "registry.lab/Shop/Web:1.0": couldn\'t parse image name '
              '"registry.lab/Shop/Web:1.0": invalid reference format: repository name (Shop/Web) must be lowercase',
              "Error: InvalidImageName"),
        event("InspectFailed", 'Failed to inspect image "%s": rpc error: code = Unknown desc = layer not known' % IMAGE,
              "Error: ImageInspectError"),
        REAL_1),
    "ErrImageNeverPull": (
        event("ErrImageNeverPull", 'Container image "registry.lab.example:5000/shop/never:1.0" is not present with pull policy '
              'of Never', "Error: ErrImageNeverPull"),
        failed_pull("rpc error: code = NotFound desc = " + FROM + IMAGE + ": not found"),
        REAL_1),
    "SignatureValidationFailed": (
        waits("SignatureValidationFailed", "image signature validation failed"),
        waits("ErrImagePull", "image validation failed"),
        "Made: the reason is Kubernetes' own; messages were made."),
    "ImageVolumeMountFailed": (
        waits("ImageVolumeMountFailed", "failed to mount image volume: only directory subpath is supported"),
        waits("CreateContainerError", "failed to mount: only directory subpath is supported"),
        "Made: the reason is Kubernetes' own of 1.33; the message was made around the text of the reference."),
    "ImageShortName": (
        event("InspectFailed", 'Failed to inspect image "app:1": rpc error: code = Unknown desc = short-name "app:1" did not '
              'resolve to an alias and no unqualified-search registries are defined', "Error: ImageInspectError"),
        event("InspectFailed", 'Failed to inspect image "app:1": rpc error: code = Unknown desc = layer not known',
              "Error: ImageInspectError"), KN),
    "ImageInspectError": (
        event("InspectFailed", 'Failed to inspect image "%s": rpc error: code = Unknown desc = layer not known' % IMAGE,
              "Error: ImageInspectError"),
        event("InspectFailed", 'Failed to apply default image tag "A/b:1": couldn\'t parse image name "A/b:1": invalid reference '
              'format: repository name (A/b) must be lowercase', "Error: InvalidImageName"),
        "Made: the beginning of the Event is Kubernetes' own, the runtime's part was made."),
    "RateLimited": (
        failed_pull("rpc error: code = Unknown desc = " + FROM + "unexpected status code https://registry.example/v2/app/manifests/1:"
                    " 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit."),
        failed_pull("rpc error: code = Unknown desc = " + FROM + "unexpected status from HEAD request to "
                    "https://registry.example/v2/app/manifests/1: 503 Service Unavailable"), KN),
    "RegistryTLS": (
        failed_pull("rpc error: code = Unknown desc = " + FROM + 'failed to do request: Head "https://registry.example/v2/app/'
                    'manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority'),
        failed_pull("rpc error: code = Unknown desc = " + FROM + 'failed to do request: Head "https://registry.example/v2/app/'
                    'manifests/1": dial tcp 192.0.2.9:443: connect: connection refused'), KN),
    "RegistryDNS": (
        failed_pull("rpc error: code = Unknown desc = " + FROM + 'failed to do request: Head "https://registry.example/v2/app/'
                    'manifests/1": dial tcp: lookup registry.example on 10.0.0.10:53: no such host'),
        failed_pull("rpc error: code = Unknown desc = " + FROM + 'failed to do request: Head "https://registry.example/v2/app/'
                    'manifests/1": dial tcp 192.0.2.9:443: i/o timeout'), KN),
    "ImagePlatform": (
        failed_pull('rpc error: code = NotFound desc = failed to pull and unpack image "%s": no match for platform in manifest: '
                    'not found' % IMAGE),
        failed_pull("rpc error: code = NotFound desc = " + FROM + IMAGE + ": not found"), KN),
    "DiskFullOnPull": (
        failed_pull('rpc error: code = Unknown desc = failed to pull and unpack image "%s": failed to extract layer sha256:00: '
                    'write /var/lib/x: no space left on device' % IMAGE),
        failed_pull('rpc error: code = Unknown desc = failed to pull and unpack image "%s": failed to extract layer sha256:00: '
                    'unexpected end' % IMAGE), KN),
    "ImageCorrupt": (
        failed_pull('rpc error: code = FailedPrecondition desc = failed to pull and unpack image "%s": failed commit on ref '
                    '"layer-sha256:00": unexpected commit digest sha256:01, expected sha256:00: failed precondition' % IMAGE),
        failed_pull('rpc error: code = Unknown desc = failed to pull and unpack image "%s": failed to copy: httpReadSeeker: '
                    'failed open: unexpected status from GET request: 502 Bad Gateway' % IMAGE), KN),
    "ImageNotFound": (
        failed_pull('rpc error: code = NotFound desc = ' + FROM + IMAGE + ': not found'),
        failed_pull("rpc error: code = Unknown desc = " + FROM + "pull access denied, repository does not exist or may require "
                    "authorization: server message: insufficient_scope: authorization failed"),
        REAL_1 + " The text of the near miss is known from users' reports."),
    "PullSecretMissing": (
        lambda: (begin().event("FailedToRetrieveImagePullSecret", "Unable to retrieve some image pull secrets (regcred); attempting "
                               "to pull the image may not succeed.", type_="Warning", container=None, at=1)
                 .event("Failed", 'Failed to pull image "%s": rpc error: code = Unknown desc = %spull access denied, repository '
                        'does not exist or may require authorization' % (IMAGE, FROM), type_="Warning", at=2).end(at=600)),
        lambda: (begin().event("FailedToRetrieveImagePullSecret", "Unable to retrieve some image pull secrets (regcred); attempting "
                               "to pull the image may not succeed.", type_="Warning", container=None, at=1)
                 .event("Failed", 'Failed to pull image "%s": rpc error: code = NotFound desc = %s%s: not found'
                        % (IMAGE, FROM, IMAGE), type_="Warning", at=2).end(at=600)),
        "Made: the Event is Kubernetes' own of 1.28 and later; the pull's texts are known from users' reports."),
    "AuthDenied": (
        failed_pull("rpc error: code = Unknown desc = " + FROM + "pull access denied, repository does not exist or may require "
                    "authorization: server message: insufficient_scope: authorization failed"),
        failed_pull("rpc error: code = NotFound desc = " + FROM + IMAGE + ": not found"), KN),
    "RegistryUnreachable": (
        failed_pull('failed to pull and unpack image "down.lab.example/shop/web:1.0": failed to resolve reference "down.lab.example/'
                    'shop/web:1.0": failed to do request: Head "http://127.0.0.1:5999/v2/shop/web/manifests/1.0?ns=down.lab.example"'
                    ': dial tcp 127.0.0.1:5999: connect: connection refused', "down.lab.example/shop/web:1.0"),
        healed('failed to do request: Head "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused'),
        REAL_1),
    "PullTimeout": (
        failed_pull('rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "%s": context deadline exceeded'
                    % IMAGE),
        OTHER, KN),
    "ErrImagePull": (
        OTHER, healed("rpc error: code = Unknown desc = something nobody knows"),
        "Made: the frame is Kubernetes' own, the runtime's text was made."),
    "ImagePullBackOff": (
        lambda: (begin().event("BackOff", 'Back-off pulling image "%s"' % IMAGE, at=14)
                 .event("Failed", "Error: ImagePullBackOff", type_="Warning", at=14.1).end(at=600)),
        waits("ImagePullBackOff", 'Back-off pulling image "registry.lab.example:5000/shop/web:9.9": ErrImagePull: rpc error: code = '
              'NotFound desc = failed to pull and unpack image "registry.lab.example:5000/shop/web:9.9": failed to resolve '
              'reference "registry.lab.example:5000/shop/web:9.9": registry.lab.example:5000/shop/web:9.9: not found'),
        REAL_1 + " The waiting message of 1.32 carries the cause."),
}
