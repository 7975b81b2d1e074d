# SPDX-License-Identifier: Apache-2.0
from scene import Log, stamp

IMAGE = "registry.example/app:1"


def pulled(seconds, job=False, waited=0):
    def log():
        log = Log(spec={"restartPolicy": "Never"} if job else None).create().bind(at=0.1)
        log.event("Pulling", 'Pulling image "%s"' % IMAGE, at=1)
        log.event("Pulled", 'Successfully pulled image "%s" in %ds (%ds including waiting)' % (IMAGE, seconds - waited, seconds),
                  at=1 + seconds)
        log.event("Created", "Created container app", at=1.1 + seconds)
        log.event("Started", "Started container app", at=1.2 + seconds)
        return log.ready(at=2 + seconds).end(at=600)
    return log


def with_spec(spec, created=1.1, started=1.2, pulled=1.0, ready=None, container="app"):
    log = Log(spec=spec).create().bind(at=0.1)
    log.event("Pulled", 'Container image "%s" already present on machine' % IMAGE, at=pulled, container=container)
    log.event("Created", "Created container " + container, at=created, container=container)
    log.event("Started", "Started container " + container, at=started, container=container)
    return log.ready(at=ready or started + 1).end(at=600)


def init(seconds):
    def log():
        log = Log(spec={"initContainers": [{"name": "setup", "image": IMAGE}]}).create().bind(at=0.1)
        log.condition("Initialized", "False", "ContainersNotInitialized", at=0.5)
        for name, at in (("setup", 1), ("app", 2.3 + seconds)):
            log.event("Pulled", 'Container image "%s" already present on machine' % IMAGE, at=at, container=name)
            log.event("Created", "Created container " + name, at=at + 0.1, container=name)
            log.event("Started", "Started container " + name, at=at + 0.2, container=name)
            if name == "setup":
                log.containers((name, {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": stamp(1, 0),
                                                      "finishedAt": stamp(1 + seconds, 0)}}),
                               at=2 + seconds, key="initContainerStatuses")
        return log.ready(at=4 + seconds).end(at=600)
    return log


def hook(seconds):
    spec = {"containers": [{"name": "app", "image": IMAGE, "lifecycle": {"postStart": {"exec": {"command": ["sleep", "1"]}}}}]}

    def log():
        log = Log(spec=spec).started()
        at = 1.2 + seconds
        # the one write that the kubelet sends when the hook has ended
        log.patch_status({"phase": "Running", "containerStatuses": [
            {"name": "app", "state": {"running": {"startedAt": stamp(1, 0)}}, "restartCount": 0, "ready": True, "started": True}],
            "conditions": [{"type": t, "status": "True", "lastTransitionTime": stamp(int(at), 0)}
                           for t in ("ContainersReady", "Ready")]}, at=at)
        return log.end(at=600)
    return log


def readiness(seconds):
    spec = {"containers": [{"name": "app", "image": IMAGE, "readinessProbe": {"httpGet": {"path": "/", "port": 80}}}]}
    return lambda: with_spec(spec, ready=1.2 + seconds)


def gate(seconds):
    def log():
        log = Log(spec={"readinessGates": [{"conditionType": "example.com/ready"}]}).started()
        log.patch_status({"phase": "Running"}, at=2)
        log.condition("ContainersReady", "True", at=2.1)
        log.condition("Ready", "True", at=2.1 + seconds)
        return log.end(at=600)
    return log


def unremarkable(each):
    """Each platform stage takes about that long."""
    def log():
        log = Log().create().bind(at=0.1)
        log.event("Pulling", 'Pulling image "%s"' % IMAGE, at=each)
        log.event("Pulled", 'Successfully pulled image "%s" in %ds (%ds including waiting)' % (IMAGE, 2 * each, 2 * each),
                  at=3 * each)
        log.event("Created", "Created container app", at=3 * each + 7)
        log.event("Started", "Started container app", at=3 * each + 15)
        return log.ready(at=3 * each + 16).end(at=600)
    return log


MADE = "Made: no text decides, only times."

CASES = {
    "ImagePullQueued": (pulled(70, waited=50), pulled(70, waited=30), "Made: the kubelet's sentence of 1.25 to 1.29."),
    "SlowImagePull": (pulled(70), pulled(50), MADE),
    "SlowSandbox": (lambda: with_spec(None, pulled=35, created=35.1, started=35.2),
                    lambda: with_spec(None, pulled=25, created=25.1, started=25.2), MADE),
    "InitSlow": (init(70), init(50), MADE),
    "SlowCreate": (lambda: with_spec(None, created=16, started=16.1), lambda: with_spec(None, created=6, started=6.1), MADE),
    "ContainerSlowStart": (lambda: with_spec(None, started=16), lambda: with_spec(None, started=6), MADE),
    "PostStartHookSlow": (hook(200), hook(170), MADE),
    "SlowReadiness": (readiness(70), readiness(50), MADE),
    "SlowReadinessGate": (gate(40), gate(20), MADE),
    "Unknown": (unremarkable(27), unremarkable(7),
                "Made: over its limit though no stage is over its threshold; the other is within the limit."),
}
