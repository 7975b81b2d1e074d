# SPDX-License-Identifier: Apache-2.0
from scene import Log

SRC = "Made: the text is that of the Kubernetes or containerd source (reference 4.3)."
KN = "Made: the text is that of CNI plugins or runtimes, from public issue threads (kn)."
ALIPAY = "Made: the words that Alipay's Lunettes looks for (kn)."


def said(*events, container=None):
    def log():
        made = Log().create().bind(at=0.1)
        for i, (reason, text) in enumerate(events):
            made.event(reason, text, type_="Warning", container=container, at=1 + i)
        return made.end(at=600)
    return log


def box(text):
    return "FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error: code = Unknown desc = " + text


def failed(text):
    return said(box(text))


def network(text, plugin="bridge"):
    return ('failed to setup network for sandbox "0123456789abcdef": plugin type="%s" name="net" failed (add): %s'
            % (plugin, text))


def runs(*events):
    """The pod is created; then comes that Event."""
    def log():
        made = Log().started().ready(at=3)
        for i, (reason, text) in enumerate(events):
            made.event(reason, text, type_="Warning", container=None, at=50 + i)
        return made.end(at=600)
    return log


NOT_READY = ("NetworkNotReady", "network is not ready: container runtime network not ready: NetworkReady=false "
             "reason:NetworkPluginNotReady message:Network plugin returns error: No CNI configuration file in "
             "/etc/kubernetes/cni/net.d/. Has your network provider started?")
MOUNT = ("FailedMount", 'MountVolume.SetUp failed for volume "c" : object "shop"/"settings" not registered')
CGROUP = ("FailedCreatePodContainer", "unable to ensure pod container exists: failed to create container for [kubepods besteffort "
          "pod1] : mkdir /sys/fs/cgroup/memory/kubepods/besteffort/pod1: cannot allocate memory")
CHANGED = ("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
DNS = ("DNSConfigForming", "Search Line limits were exceeded, some search paths have been omitted, the applied search line is: "
       "shop.svc.cluster.local svc.cluster.local cluster.local")
NO_DNS = ("MissingClusterDNS", 'pod: "web_shop(1)". kubelet does not have ClusterDNS IP configured and cannot create Pod using '
          '"ClusterFirst" policy. Falling back to "Default" policy.')
PLAIN = box("no reason")

CASES = {
    "CNINotReady": (said(NOT_READY), said(NOT_READY, MOUNT), "Real: text of an OpenShift dump, made log"),
    "RuntimeHandler": (
        failed('failed to get sandbox runtime: no runtime for "gvisor" is configured'),
        failed('failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image'), SRC),
    "PauseImage": (
        failed('failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image "registry.k8s.io/pause:3.9": '
               "dial tcp 192.0.2.9:443: i/o timeout"),
        failed('failed to get sandbox runtime: no runtime for "gvisor" is configured'), SRC),
    "CNIPluginMissing": (
        failed('failed to setup network for sandbox "0123": plugin type="flannel" failed (add): failed to find plugin "flannel" '
               "in path [/opt/cni/bin]"),
        failed(network("failed to add interface")), KN),
    "HostPortInUse": (
        failed(network("cannot open hostport 8080 for pod web_shop: listen tcp4 :8080: bind: address already in use", "portmap")),
        failed(network("failed to add interface", "portmap")), KN),
    "IPExhausted": (
        failed(network("failed to allocate for range 0: no IP addresses available in range set: 10.1.0.1-10.1.0.254")),
        failed(network("failed to delegate: invalid range")), KN),
    "IPAllocTimeout": (failed(network("timeout to allocate ip for pod")), failed(network("failed to add interface")), ALIPAY),
    "SandboxNoDiskSpace": (
        failed("failed to create sandbox directory: mkdir /var/lib/containerd/x: no space left on device"),
        failed("failed to create sandbox directory: mkdir /var/lib/containerd/x: file exists"), SRC),
    "PIDsExhausted": (
        failed("failed to start shim: fork/exec /usr/bin/shim: resource temporarily unavailable"),
        failed("failed to start shim: fork/exec /usr/bin/shim: no such file"), KN),
    "TooManyOpenFiles": (
        failed("failed to start shim: too many open files"), failed("failed to start shim: no such file"), KN),
    "CNIAddFailed": (failed(network("failed to add interface")), said(NOT_READY), SRC),
    "SandboxTimeout": (
        said(("FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline "
              "exceeded")),
        failed(network("Get https://10.96.0.1:443: context deadline exceeded")), SRC),
    "SandboxOOM": (
        failed("failed to create containerd task: OCI runtime create failed: container init was OOM-killed (memory limit too "
               "low?): unknown"),
        failed("failed to create containerd task: OCI runtime create failed: exit status 1: unknown"), KN),
    "SandboxCgroup": (
        failed("failed to create containerd task: expected cgroupsPath to be of format slice:prefix:name for systemd cgroups"),
        failed("failed to create containerd task: exit status 1"), KN),
    "SandboxRuntime": (
        failed("failed to create containerd task: failed to create shim task: ttrpc: closed: unknown"), said(PLAIN), KN),
    "FailedCreatePodContainer": (said(CGROUP), said(CGROUP, PLAIN), SRC),
    "FailedCreatePodSandBox": (said(PLAIN), failed(network("failed to add interface")), SRC),
    "DNSConfigForming": (runs(DNS), runs(NO_DNS), SRC),
    "MissingClusterDNS": (runs(NO_DNS), runs(DNS), SRC),
    "SandboxChanged": (said(CHANGED), said(CHANGED, PLAIN), SRC),
}
