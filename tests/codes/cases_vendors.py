# SPDX-License-Identifier: Apache-2.0
from cases_sandbox import ALIPAY, KN, box, failed, network, said
from cases_volumes import failed as failed_mount

MULTUS = ('error adding pod shop_web to CNI network "multus-cni-network": plugin type="multus" name="multus-cni-network" failed '
          "(add): Multus: [shop/web]: error loading k8s delegates k8s args: ")
MISSING = ('cannot find a network-attachment-definition (storage) in namespace (shop): '
           'network-attachment-definitions.k8s.cni.cncf.io "storage" not found')
STORE = "rpc error: code = Unknown desc = failed to mount secrets store objects for pod shop/web, err: "

CASES = {
    "NicMissing": (
        failed(network("Can not find host nic by mac address 02:00:00:00:00:01")), failed(network("can not find host")), ALIPAY),
    "BridgeFull": (
        failed('failed to set up sandbox container "0123" network for pod "web": exchange full'),
        failed('failed to set up sandbox container "0123" network for pod "web": no exchange'), ALIPAY),
    "MultusConfig": (
        said(("NoNetworkFound", MISSING), box(MULTUS + MISSING)), failed(MULTUS + "context canceled"), KN),
    "CNIAgentDown": (
        failed(network("stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running "
                       "and has mounted /var/lib/calico/", "calico")),
        failed(network("error getting ClusterInformation", "calico")), KN),
    "AWSIPUnassigned": (
        failed(network("add cmd: failed to assign an IP address to container", "aws-cni")),
        failed(network("add cmd: failed to set up network", "aws-cni")), KN),
    "SecretStoreMount": (
        failed_mount(STORE + 'error connecting to provider "vault": provider not found: provider "vault"'),
        failed_mount("rpc error: code = Unknown desc = failed"), KN),
}
