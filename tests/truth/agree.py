#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The code and the owner of a delivery in `slo` are those of the cause that `diagnose` reports for it.

    agree.py LUNETTES CAPTURE

A pod that was delivered in time has none. A cause in another phase is not a cause of the delivery.
"""
import json
import subprocess
import sys

from run import logs_of

WRONG = {"slow", "failed", "aborted", "open", "denied"}


def lines(lunettes, command, logs):
    text = subprocess.run([lunettes, command, "-q", "-o", "jsonl", *logs], check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in text.splitlines()]


def pod(line):
    return [line[key] for key in ("cluster", "namespace", "name", "generateName", "uid", "verdict")]


def expected(line):
    cause = line["cause"]
    if line["verdict"] not in WRONG or not cause or line["scope"] != "create":
        return "", ""
    return cause["code"], cause["owner"]


def main():
    lunettes, logs = sys.argv[1], logs_of(sys.argv[2])
    slo = [line for line in lines(lunettes, "slo", logs) if line["verdict"] != "excluded"]
    causes = [line for line in lines(lunettes, "diagnose", logs)
              if line["kind"] == "Diagnosis" and line["verdict"] != "excluded"]
    assert len(slo) == len(causes), (len(slo), len(causes))
    failed = 0
    for a, b in zip(slo, causes):
        if pod(a) != pod(b) or (a["code"], a["owner"]) != expected(b):
            failed += 1
            print("differs:", pod(a), (a["code"], a["owner"]), expected(b))
    coded = sum(1 for line in slo if line["code"])
    print(f"{coded} of {len(slo)} deliveries have a code")
    print(f"{len(slo) - failed} passed, {failed} failed")
    return 1 if failed or not coded else 0


if __name__ == "__main__":
    sys.exit(main())
