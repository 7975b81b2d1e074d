#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What -o openmetrics prints, judged by Prometheus' own promtool: it must have no complaint.

    metrics.py LUNETTES ROOT

Skipped where promtool is not installed (Debian's package prometheus holds it).
"""
import os
import shutil
import subprocess
import sys

SKIPPED = 77
LOGS = ["audit", "captures/5-ha", "captures/2-metadata", "dumps/must-gather", "cli/denied.log.zst"]


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    promtool = shutil.which("promtool")
    if not promtool:
        print("metrics: promtool is not installed")
        return SKIPPED
    failed = 0
    for log in LOGS:
        path = os.path.join(sys.argv[2], "testdata", log)
        spans = os.path.join(sys.argv[2], "testdata", "spans", "configmap.yaml")
        out = subprocess.run([sys.argv[1], "slo", "-o", "openmetrics", "--span-config", spans, path], capture_output=True,
                             check=False)
        check = subprocess.run([promtool, "check", "metrics"], input=out.stdout, capture_output=True, check=False)
        said = (check.stdout + check.stderr).decode(errors="replace").strip()
        if out.returncode != 0 or check.returncode != 0 or said or not out.stdout.endswith(b"# EOF\n"):
            failed += 1
            print(f"{log}: exit status {out.returncode}, promtool {check.returncode}\n{said}")
    print(f"metrics: {len(LOGS) - failed} pass, {failed} do not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
