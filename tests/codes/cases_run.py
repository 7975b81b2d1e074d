# SPDX-License-Identifier: Apache-2.0
from scene import Log, stamp

IMAGE = "registry.example/app:1"
RUNC = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
START = RUNC + "unable to start container process: "
PROBE = 'Get "http://10.244.8.7:8080/healthz": '


def begin(**kw):
    return (Log(**kw).create().bind(at=0.1)
            .event("Pulled", 'Container image "%s" already present on machine' % IMAGE, at=1))


def not_created(text, reason="CreateContainerConfigError"):
    """The kubelet or the runtime does not create the container; the Event and the waiting message agree."""
    def log():
        return (begin().event("Failed", "Error: " + text, type_="Warning", at=1.1)
                .containers(("app", {"waiting": {"reason": reason, "message": text}}), at=1.5).end(at=600))
    return log


def only_waits(reason, text):
    return lambda: begin().containers(("app", {"waiting": {"reason": reason, "message": text}}), at=1.5).end(at=600)


def not_started(text, exit_=128):
    """Created, and the runtime cannot start it: StartError, then CrashLoopBackOff."""
    def log():
        log = begin().event("Created", "Created container app", at=1.1)
        log.event("Failed", "Error: " + text, type_="Warning", at=1.2)
        ended = {"terminated": {"exitCode": exit_, "reason": "StartError", "message": text,
                                "startedAt": "1970-01-01T00:00:00Z", "finishedAt": stamp(1, 0)}}
        log.containers(("app", {"waiting": {"reason": "RunContainerError", "message": text}}, ended, 1, False), at=1.5)
        log.event("BackOff", "Back-off restarting failed container app in pod web_shop(5f0c1a52-0000-4000-8000-000000000001)",
                  type_="Warning", at=14)
        return log.end(at=600)
    return log


def end_of(exit_, reason="Error", begin=1, end=2):
    return {"terminated": {"exitCode": exit_, "reason": reason, "startedAt": stamp(begin, 0), "finishedAt": stamp(end, 0)}}


def back_off(log, container="app", at=None):
    return log.event("BackOff", "Back-off restarting failed container %s in pod web_shop(5f0c1a52-0000-4000-8000-000000000001)"
                     % container, type_="Warning", container=container, at=at)


def crashes(exit_, reason="Error", **kw):
    """It never gets ready, because it ends repeatedly."""
    def log():
        log = Log(**kw).started()
        for i in range(3):
            at = 3 + 20 * i
            log.containers(("app", end_of(exit_, reason, at - 1, at), None, i, False), at=at + 0.5)
            back_off(log, at=at + 1)
        return log.end(at=600)
    return log


def crashed_once(exit_, reason="Error", kill=None):
    """It is ready, runs, and ends once; kill: the kubelet's Event about it."""
    def log():
        log = Log().started().ready(at=3)
        if kill:
            log.event("Killing", kill, at=59.5)
        return log.containers(("app", {"running": {"startedAt": stamp(61, 0)}}, end_of(exit_, reason, 1, 60), 1, True),
                              at=61.5).end(at=600)
    return log


def probed(text, kill=None, heals=False, container="app", kind="readiness", more=None, **kw):
    """Started, and a probe fails; kill: the kubelet restarts it for that."""
    def log():
        log = Log(**kw).started()
        log.event("Unhealthy", text, type_="Warning", at=10, container=container)
        if more:
            log.event("Unhealthy", more, type_="Warning", at=20, container=container)
        if kill:
            log.event("Killing", kill, at=30, container=container)
        if heals:
            log.ready(at=40)
        return log.end(at=600)
    return log


def ready_then(*events, condition=None):
    """Ready at 3 s; then these Events, and perhaps not Ready any more."""
    def log():
        log = Log().started().ready(at=3)
        for at, reason, text in events:
            log.event(reason, text, type_="Warning", at=at)
        if condition:
            log.condition(*condition, at=90)
        return log.end(at=600)
    return log


def init_fails(exit_, then=None):
    def log():
        log = Log(spec={"initContainers": [{"name": "setup", "image": IMAGE}]}).create().bind(at=0.1)
        log.condition("Initialized", "False", "ContainersNotInitialized", "containers with incomplete status: [setup]", at=0.3)
        log.containers(("setup", end_of(exit_, "Error" if exit_ else "Completed", 1, 2), None, 0, False), at=2.5,
                       key="initContainerStatuses")
        if then:
            then(log)
        return log.end(at=600)
    return log


def recovers(log):
    log.containers(("setup", end_of(0, "Completed", 12, 13), end_of(2, "Error", 1, 2), 1, True), at=13.5,
                   key="initContainerStatuses")
    log.event("Started", "Started container app", at=14)
    log.ready(at=15)


def app_crashes(log):
    log.condition("Initialized", "True", at=3)
    log.event("Started", "Started container app", at=4)
    log.containers(("app", end_of(1, "Error", 4, 5), None, 0, False), at=5.5)


def sidecar(healed):
    def log():
        spec = {"initContainers": [{"name": "proxy", "image": IMAGE, "restartPolicy": "Always"}]}
        log = Log(spec=spec).create().bind(at=0.1)
        log.condition("Initialized", "False", "ContainersNotInitialized", "containers with incomplete status: [proxy]", at=0.3)
        log.event("Started", "Started container proxy", at=1, container="proxy")
        log.event("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 404", type_="Warning", at=5,
                  container="proxy")
        if healed:
            log.event("Started", "Started container app", at=8).ready(at=9)
        else:
            log.event("Killing", "Init container proxy failed startup probe", at=30, container="proxy")
        return log.end(at=600)
    return log


def blocked(names):
    def log():
        log = Log(containers=("app", "istio-proxy")).create().bind(at=0.1)
        for name in ("app", "istio-proxy"):
            log.event("Started", "Started container " + name, at=1, container=name)
        for type_ in ("ContainersReady", "Ready"):
            log.condition(type_, "False", "ContainersNotReady", "containers with unready status: [app istio-proxy]", at=2)
            log.condition(type_, "False", "ContainersNotReady", "containers with unready status: [%s]" % names, at=9)
        log.event("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", type_="Warning", at=20,
                  container=names.split()[-1])
        return log.end(at=600)
    return log


def gated(done):
    def log():
        log = Log(spec={"readinessGates": [{"conditionType": "lab.example/lb-registered"}]}).started()
        log.patch_status({"phase": "Running"}, at=2)
        log.condition("ContainersReady", "True", at=2.1)
        log.condition("Ready", "False", "ReadinessGatesNotReady", 'corresponding condition of pod readiness gate '
                      '"lab.example/lb-registered" does not exist.', at=2.2)
        if done:
            log.condition("Ready", "True", at=9)
        return log.end(at=600)
    return log


def job(exit_, reason="Error", phase="Failed", status=None):
    """A pod of a job that runs, and then ends so."""
    def log():
        log = Log(spec={"restartPolicy": "Never"}).started()
        log.patch_status({"phase": "Running"}, at=2)
        body = {"phase": phase, "containerStatuses": [
            {"name": "app", "state": end_of(exit_, reason, 1, 20), "restartCount": 0, "ready": False, "started": False}]}
        return log.patch_status(dict(body, **(status or {})), at=21).end(at=600)
    return log


def resized(type_, reason, event=None, healed=None):
    def log():
        log = Log().started().ready(at=3)
        log.condition(type_, "True", reason, "the message was made", at=60)
        if event:
            log.event(event, "the message was made", type_="Warning", container=None, at=60.1)
        if healed:
            log.event(healed, "the message was made", container=None, at=90)
        return log.end(at=600)
    return log


STATUS = "Readiness probe failed: HTTP probe failed with statuscode: 404"
REFUSED = "Readiness probe failed: " + PROBE + "dial tcp 10.244.8.7:8080: connect: connection refused"
TIMEOUT = "Readiness probe failed: " + PROBE + "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
CAT = "probe failed: cat: can't open '/tmp/ok': No such file or directory\n"
NOT_FOUND = 'exec: "/srv/serve-v2": stat /srv/serve-v2: no such file or directory: unknown'
LIVENESS_KILL = "Container app failed liveness probe, will be restarted"

REAL = "Real: texts of capture 1-full, made log."
NEAR = REAL + " The text of the near miss is of the reference."
SOURCE = "Made: the texts are those of Kubernetes' sources, as the reference has them."
KN = "Made: the runtime's text is known from users' reports, and was not read in a source."
STATE = "Made: no text decides, only how the container ended; the states have the shape of capture 1-full."

CASES = {
    "ConfigMapKeyMissing": (not_created("couldn't find key mode in ConfigMap broken/kube-root-ca.crt"),
                            not_created("couldn't find key mode in Secret broken/token"), NEAR),
    "SecretKeyMissing": (not_created("couldn't find key mode in Secret broken/token"),
                         not_created("couldn't find key mode in ConfigMap broken/kube-root-ca.crt"), SOURCE),
    "EnvConfigMapMissing": (not_created('configmap "settings" not found'), not_created('secret "api-token" not found'), SOURCE),
    "EnvSecretMissing": (not_created('secret "api-token" not found'), not_created('configmap "settings" not found'), NEAR),
    "RunAsNonRoot": (
        not_created('container has runAsNonRoot and image will run as root (pod: "root-refused_broken(273b1474-e3d4-4a21-9cd0-'
                    '7c8b8ad62fa3)", container: app)'),
        not_created("container has something else"), REAL + " The near miss was made."),
    "EnvServices": (not_created("services have not yet been read at least once, cannot construct envvars"),
                    not_created("cannot construct envvars"), SOURCE + " The near miss was made."),
    "SeccompProfile": (not_created("localhostProfile must be set if seccompProfile type is Localhost", "CreateContainerError"),
                       not_created("failed to generate container spec", "CreateContainerError"),
                       "Made: the beginning of the text is of the reference, the rest was made."),
    "AppArmorProfile": (not_started(START + "error during container init: unable to apply apparmor profile: apparmor failed to "
                                    "apply profile: no such file or directory: unknown"),
                        not_started(START + "error during container init: something else: unknown"), KN),
    "CreateContainerConfigError": (only_waits("CreateContainerConfigError", "something that no rule knows"),
                                   only_waits("CreateContainerError", "something that no rule knows"),
                                   "Made: the reason is Kubernetes' own, the message was made."),
    "ExecFormat": (not_started(START + 'exec: "/app": exec format error: unknown'), not_started(START + NOT_FOUND), KN),
    "MountInContainer": (
        not_started(START + 'error during container init: error mounting "/var/lib/kubelet/x" to rootfs at "/etc/app.conf": mount: '
                    "not a directory: Are you trying to mount a directory onto a file (or vice-versa)?: unknown"),
        not_started(START + 'exec: "/etc/app.conf": stat /etc/app.conf: not a directory: unknown'), KN),
    "DeviceRuntimeHook": (
        not_started(START + "error during container init: error running hook #0: exit status 1, stderr: nvidia-container-cli: "
                    "initialization error: driver not loaded: unknown"),
        not_started(START + "error during container init: error running hook #0: exit status 1: unknown"), KN),
    "OOMAtStart": (not_started(START + "container init was OOM-killed (memory limit too low?): unknown"),
                   crashes(137, "OOMKilled"), KN),
    "CommandNotFound": (not_started(START + NOT_FOUND), crashes(126), REAL),
    "NotExecutable": (not_started(START + 'exec: "/srv/serve": permission denied: unknown'), not_started(START + NOT_FOUND),
                      NEAR.replace("near miss", "code") ),
    "RuntimeTimeout": (not_created("context deadline exceeded", "CreateContainerError"),
                       not_created("failed to generate container spec", "CreateContainerError"), SOURCE),
    "ContainerNameReserved": (
        not_created('failed to reserve container name "app_web_shop_5f0c_0": name "app_web_shop_5f0c_0" is reserved for "00ff"',
                    "CreateContainerError"),
        not_created("failed to generate container spec", "CreateContainerError"), KN),
    "CreateContainerError": (not_created("failed to generate container spec: something that no rule knows", "CreateContainerError"),
                             not_created("context deadline exceeded", "CreateContainerError"), KN),
    "RunContainerError": (not_started(START + "something that no rule knows: unknown"), not_started(START + NOT_FOUND),
                          REAL + " The end of the text was made."),
    "PostStartHookError": (
        lambda: (Log().started().event("FailedPostStartHook", "PostStartHook failed", type_="Warning", at=3)
                 .event("Killing", "FailedPostStartHook", at=3.1)
                 .containers(("app", {"waiting": {"reason": "PostStartHookError", "message":
                              "Exec lifecycle hook ([sh -c exit 4]) for Container \"app\" in Pod \"web_shop(5f0c)\" failed - error: "
                              "command 'sh -c exit 4' exited with 4: , message: \"\""}}, end_of(137, "Error", 1, 4), 1, False), at=5)
                 .end(at=600)),
        crashes(137), REAL),
    "OOMKilled": (crashes(137, "OOMKilled"), crashes(137), STATE),
    "LivenessKill": (
        probed("Liveness " + CAT, kill=LIVENESS_KILL), probed("Liveness " + CAT), REAL),
    "StartupProbe": (
        probed("Startup probe failed: HTTP probe failed with statuscode: 404",
               kill="Container app failed startup probe, will be restarted"),
        probed("Startup probe failed: HTTP probe failed with statuscode: 404", heals=True), REAL),
    "SidecarNotStarted": (sidecar(False), sidecar(True), REAL),
    "JobDeadline": (
        job(137, status={"reason": "DeadlineExceeded", "message": "Pod was active on the node longer than the specified deadline"}),
        job(137), REAL),
    "Segfault": (crashes(139), crashes(134), STATE),
    "Abort": (crashes(134), crashes(139), STATE),
    "Killed": (job(137), crashed_once(137, kill=LIVENESS_KILL), STATE),
    "SignalledToStop": (crashed_once(143), crashed_once(143, kill=LIVENESS_KILL), STATE),
    "ContainerStatusUnknown": (crashed_once(137, "ContainerStatusUnknown"), crashed_once(137), STATE),
    "InitContainerFailed": (init_fails(2), init_fails(2, recovers), STATE),
    "AppError": (crashes(1), crashed_once(1, kill="Stopping container app"), STATE),
    "ExitedZero": (crashes(0, "Completed"), job(0, "Completed", "Succeeded"), STATE),
    "SidecarBlocks": (blocked("istio-proxy"), blocked("app istio-proxy"),
                      "Made: the condition's message is Kubernetes' own, the names of sidecars are known ones."),
    "ReadinessStatus": (probed(STATUS), probed(STATUS, more=REFUSED), REAL),
    "ReadinessTimeout": (probed(TIMEOUT), probed(TIMEOUT, heals=True), SOURCE),
    "ReadinessRefused": (probed(REFUSED), probed(REFUSED, more=STATUS), REAL),
    "ReadinessFailed": (probed("Readiness " + CAT), probed(REFUSED), REAL),
    "ReadinessGate": (gated(False), gated(True), "Made: the message is Kubernetes' own; the gate's name is of capture 1-full."),
    "ResizeInfeasible": (resized("PodResizePending", "Infeasible", "ResizeInfeasible"), resized("PodResizePending", "Deferred"),
                         "Made: reasons are Kubernetes' own of 1.33, messages were made."),
    "ResizeError": (resized("PodResizeInProgress", "Error", "ResizeError"), resized("PodResizeInProgress", ""),
                    "Made: reasons are Kubernetes' own of 1.33, messages were made."),
    "ResizeDeferred": (resized("PodResizePending", "Deferred", "ResizeDeferred"),
                       resized("PodResizePending", "Deferred", "ResizeDeferred", "ResizeCompleted"),
                       "Made: reasons are Kubernetes' own of 1.33, messages were made."),
    "LivenessFailed": (probed("Liveness " + CAT), probed("Liveness " + CAT, kill=LIVENESS_KILL), REAL),
    "StartupProbeFailed": (
        probed("Startup probe failed: HTTP probe failed with statuscode: 404"),
        probed("Startup probe failed: HTTP probe failed with statuscode: 404",
               kill="Container app failed startup probe, will be restarted"), REAL),
    "ReadinessErrored": (
        probed("Readiness probe errored: rpc error: code = Unknown desc = failed to exec in container: container is in "
               "CONTAINER_EXITED state"), probed("Readiness " + CAT),
        "Real: text of capture 5-ha, made log."),
    "CrashLoopBackOff": (lambda: back_off(Log().started(), at=14).end(at=600), crashes(1), REAL),
    "ReadinessFlaps": (
        ready_then((80, "Unhealthy", "Readiness " + CAT),
                   condition=("Ready", "False", "ContainersNotReady", "containers with unready status: [app]")),
        lambda: (Log().started().event("Unhealthy", "Readiness " + CAT, type_="Warning", at=1.5).ready(at=9).end(at=600)), REAL),
}
