# SPDX-License-Identifier: Apache-2.0
from scene import Log


def failed_pull(text):
    def log():
        image = "registry.example/app:1"
        return (Log().create().bind(at=0.1).event("Pulling", 'Pulling image "%s"' % image, at=1)
                .event("Failed", 'Failed to pull image "%s": %s' % (image, text), type_="Warning", at=2).end(at=600))
    return log


CASES = {
    "ImageNotFound": (
        failed_pull('rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/app:1": '
                    'failed to resolve reference "registry.example/app:1": registry.example/app:1: not found'),
        failed_pull('rpc error: code = Unknown desc = failed to pull and unpack image "registry.example/app:1": '
                    'dial tcp 192.0.2.9:443: connect: connection refused'),
        "Made: the texts are those of containerd 1.6 and Kubernetes 1.32."),
}
