# SPDX-License-Identifier: Apache-2.0
"""Changes of a running pod in place that are not Ready again in time."""
from scene import Log, stamp

MADE = "Made: the requests and Events are Kubernetes' own."
NEW = "registry.example/app:2"


def changed(image=NEW):
    """A healthy pod; after a minute a user changes its image, and the kubelet stops the old container."""
    log = Log(spec={"containers": [{"name": "app", "image": "registry.example/app:1", "readinessProbe": {"exec": {}}}]})
    log.started().ready(at=3)
    old = dict(log.spec["containers"][0])
    log.spec["containers"] = [dict(old, image=image)]
    log.request("patch", request={"spec": {"containers": [{"name": "app", "image": image}]}}, response=log.pod(), at=60)
    log.event("Killing", "Container app definition changed, will be restarted", at=60.1)
    return log


def unready(log, state, at, restarts=0, code=0):
    ended = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed", "startedAt": stamp(1, 0),
                            "finishedAt": stamp(61, 0)}}
    return status(log, state, at, ended, restarts)


def status(log, state, at, last=None, restarts=0, is_ready=False):
    """The kubelet writes containers and conditions at once."""
    entry = {"name": "app", "state": state, "restartCount": restarts, "ready": is_ready, "started": "running" in state}
    if last:
        entry["lastState"] = last
    conditions = [{"type": t, "status": "True" if is_ready else "False", "lastTransitionTime": stamp(int(at), 0),
                   "reason": "" if is_ready else "ContainersNotReady",
                   "message": "" if is_ready else "containers with unready status: [app]"} for t in ("ContainersReady", "Ready")]
    return log.patch_status({"containerStatuses": [entry], "conditions": conditions}, at=at)


def on(log, until=900):
    """The log goes on, without a gap."""
    for second in range(int(log.now) + 30, until, 30):
        log.end(second)
    return log.end(until)


def no_image():
    log = changed()
    log.event("Pulling", 'Pulling image "%s"' % NEW, at=62)
    text = 'Failed to pull image "%s": rpc error: code = NotFound desc = failed to pull and unpack image: %s: not found' % (NEW, NEW)
    log.event("Failed", text, type_="Warning", at=62.5)
    log.event("Failed", "Error: ErrImagePull", type_="Warning", at=62.6)
    unready(log, {"waiting": {"reason": "ErrImagePull", "message": text}}, 63)
    log.event("BackOff", 'Back-off pulling image "%s"' % NEW, at=75)
    return on(unready(log, {"waiting": {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "%s"' % NEW}}, 76))


def crashes(code=3):
    log = changed()
    log.event("Pulled", 'Container image "%s" already present on machine' % NEW, at=62)
    log.event("Created", "Created container app", at=62.1)
    log.event("Started", "Started container app", at=62.2)
    for i in range(3):
        at = 64 + 30 * i
        ended = {"terminated": {"exitCode": code, "reason": "Error", "startedAt": stamp(at - 1, 0), "finishedAt": stamp(at, 0)}}
        status(log, {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed container"}},
               at + 0.5, ended, i + 1)
        log.event("BackOff", "Back-off restarting failed container app in pod web_shop", type_="Warning", at=at + 0.7)
    return on(log)


def silent(ready=None):
    """The new one starts, and never becomes ready."""
    log = changed()
    log.event("Pulled", 'Container image "%s" already present on machine' % NEW, at=62)
    log.event("Created", "Created container app", at=62.1)
    log.event("Started", "Started container app", at=62.2)
    status(log, {"running": {"startedAt": stamp(62, 0)}}, 63, None, 1)
    if ready:
        status(log, {"running": {"startedAt": stamp(62, 0)}}, ready, None, 1, True)
    return on(log)


CASES = {
    "UpgradeFailed": (silent, lambda: silent(ready=80), MADE),
}
