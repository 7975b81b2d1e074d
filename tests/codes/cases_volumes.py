# SPDX-License-Identifier: Apache-2.0
from scene import Log

SRC = "Made: the text is that of the Kubernetes source (reference 4.3)."
KN = "Made: the text is that of drivers and tools, from public issue threads (kn)."


def said(*events, until=600):
    """events: (reason, text), a second apart; until the end nothing comes of it."""
    def log():
        made = Log().create().bind(at=0.1)
        for i, (reason, text) in enumerate(events):
            made.event(reason, text, type_="Warning", container=None, at=1 + i,
                       component="attachdetach-controller" if "Attach" in reason else "kubelet")
        return made.end(at=until)
    return log


def mount(text, call="SetUp"):
    return "FailedMount", 'MountVolume.%s failed for volume "data" : %s' % (call, text)


def failed(text, call="SetUp"):
    return said(mount(text, call))


def went_on(*events):
    """The same, then the sandbox is tried: the volumes are there."""
    return said(*events, ("FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error: code = Unknown desc = no reason"))


def refreshed(*events):
    """The same, of a pod that runs well."""
    def log():
        made = Log().started().ready(at=3)
        for i, (reason, text) in enumerate(events):
            made.event(reason, text, type_="Warning", container=None, at=50 + i)
        return made.end(at=600)
    return log


def subpath(text):
    def log():
        made = Log().create().bind(at=0.1)
        made.event("Pulled", 'Container image "registry.example/app:1" already present on machine', at=1)
        made.event("Failed", "Error: " + text, type_="Warning", at=1.5)
        return (made.containers(("app", {"waiting": {"reason": "CreateContainerConfigError", "message": text}}), at=2)
                .end(at=600))
    return log


def deleted(text):
    def log():
        made = Log().started().ready(at=3).delete(at=20)
        return made.event("FailedUnmount", text, type_="Warning", container=None, at=55).end(at=600)
    return log


ATTACH = 'AttachVolume.Attach failed for volume "pv-1" : '
MULTI = ("FailedAttachVolume", 'Multi-Attach error for volume "pv-1" Volume is already exclusively attached to one node and '
         "can't be attached to another")
ATTACHED = ("SuccessfulAttachVolume", 'AttachVolume.Attach succeeded for volume "pv-1"')
NOT_REGISTERED = mount('object "shop"/"settings" not registered')
CONFIGMAP = mount('configmap "settings" not found')
SECRET = mount('secret "tls-cert" not found')
NFS_TEXT = ("mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs nfs.example:/data "
            "/var/lib/kubelet/pods/x/volumes/kubernetes.io~nfs/data\nOutput: mount.nfs: ")
MOUNT_TEXT = ("mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t ext4 /dev/xvdb /mnt\n"
              "Output: mount: /mnt: ")
TIMEOUT = ("FailedMount", "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data "
           "kube-api-access-x]: timed out waiting for the condition")
TOKEN = ("failed to fetch token: serviceaccounts \"default\" is forbidden: User \"system:node:node-1\" cannot create resource "
         "\"serviceaccounts/token\" in API group \"\" in the namespace \"shop\": no relationship found between node "
         "'node-1' and this object")
BLOCK = ("FailedMapVolume", 'MapVolume.MapPodDevice failed for volume "pv-1" : rpc error: code = Internal desc = failed to bind '
         "mount block device")
SLOW = ("VolumePermissionChangeInProgress", "Setting volume ownership for x/volumes/y, processed 1151 files")

CASES = {
    "MultiAttach": (said(MULTI), said(MULTI, ATTACHED), SRC),
    "AttachTimeout": (
        said(("FailedAttachVolume", ATTACH + "rpc error: code = DeadlineExceeded desc = context deadline exceeded")),
        said(("FailedAttachVolume", ATTACH + "rpc error: code = NotFound desc = volume not found")), SRC),
    "AttachFailed": (
        said(("FailedAttachVolume", ATTACH + "rpc error: code = NotFound desc = volume not found")), said(MULTI), SRC),
    "RootCAMissing": (
        failed('configmap "kube-root-ca.crt" not found'),
        failed('[object "shop"/"kube-root-ca.crt" not registered, object "shop"/"openshift-service-ca.crt" not registered]'), SRC),
    "ConfigMapMissing": (said(CONFIGMAP), said(NOT_REGISTERED), "Real: texts of capture 1-full, made log"),
    "SecretMissing": (said(SECRET), went_on(SECRET), "Real: text of capture 1-full, made log"),
    "VolumeConfigMapKeyMissing": (
        failed("configmap references non-existent config key: mode"), said(CONFIGMAP), SRC),
    "VolumeSecretKeyMissing": (failed("references non-existent secret key: tls.crt"), said(SECRET), SRC),
    "HostPathType": (
        failed("hostPath type check failed: /no/such/dir is not a directory"),
        failed("mkdir /no/such/dir: not a directory"), "Real: text of capture 1-full, made log"),
    "ProjectedToken": (failed(TOKEN), refreshed(mount(TOKEN)), "Real: text of capture 5-ha, made log"),
    "NFS": (
        failed(NFS_TEXT + "access denied by server while mounting nfs.example:/data"),
        failed(MOUNT_TEXT + "wrong fs type, bad option, bad superblock on /dev/xvdb, missing codepage or helper program"), KN),
    "FsTypeMismatch": (
        failed(MOUNT_TEXT + "wrong fs type, bad option, bad superblock on /dev/xvdb", "MountDevice"),
        failed("'fsck' found errors on device /dev/xvdb but could not correct them", "MountDevice"), KN),
    "FsckFailed": (
        failed("'fsck' found errors on device /dev/xvdb but could not correct them", "MountDevice"),
        failed(MOUNT_TEXT + "wrong fs type, bad option, bad superblock on /dev/xvdb", "MountDevice"), KN),
    "CSIDriverMissing": (
        failed("kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name csi.example not found in the list of "
               "registered CSI drivers"),
        failed("rpc error: code = Internal desc = csi.example failed"), SRC),
    "NoSpace": (
        failed("mkdir /var/lib/kubelet/pods/x: no space left on device"), failed("mkdir /var/lib/kubelet/pods/x: file exists"), SRC),
    "MountPermission": (
        failed("mkdir /mnt/data: permission denied"), failed("mkdir /mnt/data: file exists"), SRC),
    "BlockMap": (said(BLOCK), went_on(BLOCK), KN),
    "VolumeResize": (
        said(("FileSystemResizeFailed", 'MountVolume.NodeExpandVolume failed for volume "pv-1" requested read-only file system')),
        refreshed(("FileSystemResizeFailed",
                   'MountVolume.NodeExpandVolume failed for volume "pv-1" requested read-only file system')), SRC),
    "CSIError": (
        failed("rpc error: code = Internal desc = could not format", "MountDevice"),
        failed("exit status 1", "MountDevice"), SRC),
    "NotAttachedPerNodeStatus": (
        said(("FailedMount", 'Volume not attached according to node status for volume "pv-1" ')), said(MULTI), SRC),
    "SlowFsGroup": (said(SLOW), went_on(SLOW), SRC),
    "SubPath": (
        subpath('failed to prepare subPath for volumeMount "data" of container "app"'),
        subpath('cannot find volume "data" to mount into container "app"'),
        SRC + " The other text is real, of an OpenShift dump."),
    "UnmountFailed": (
        deleted('UnmountVolume.TearDown failed for volume "data" : rpc error: code = Internal desc = device is busy'),
        deleted("something else"), "Made: the text is that of a cloud's documents (kn); vanilla kubelets only log it."),
    "MountTimeout": (said(TIMEOUT), said(SECRET, TIMEOUT), "Real: text of an OpenShift dump, made log"),
    "FailedMount": (said(NOT_REGISTERED), said(SECRET), "Real: texts of capture 1-full, made log"),
}
