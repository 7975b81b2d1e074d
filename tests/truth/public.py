#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No verdict of a public log is lost to a hole that is none.

    public.py LUNETTES [DIRECTORY]       by default testdata/public

holes/public.tsv lists the audit logs that name pods, by folder and file name, and by hand what is right of them: how many pods have
which verdict, why pods are excluded, and whether a writer may have holes. A log of level Metadata or of a few seconds decides
little, and what it decides (what was denied, who was created before it) stays; none of these excludes a pod for a hole.
Prints what is not so, and a closing `N passed, N failed`.
"""
import json
import os
import subprocess
import sys
from collections import Counter

from holes import HERE, ROOT, reported


def counts(text):
    return {k: int(v) for k, _, v in (cell.rpartition("=") for cell in text.split(", "))} if text != "-" else {}


def rows():
    with open(os.path.join(HERE, "holes", "public.tsv"), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                path, verdicts, reasons, *_ = line.rstrip("\n").split("\t")
                yield path, counts(verdicts), counts(reasons)


def found(folder, path):
    """The names of folders differ from copy to copy; a file may be compressed or not."""
    wanted = {path, path + ".zst"}
    for root, _, names in os.walk(folder):
        for name in names:
            if name in wanted:
                yield os.path.join(root, name)


def judge(program, path, verdicts, reasons):
    out = subprocess.run([program, "slo", "-q", "-o", "jsonl", path], stdout=subprocess.PIPE, check=False).stdout
    lines = [json.loads(line) for line in out.splitlines()]
    got = dict(Counter(line["verdict"] for line in lines))
    if got != verdicts:
        yield "verdicts are %s, right is %s" % (got, verdicts)
    got = dict(Counter(line["reason"] for line in lines if line["reason"]))
    if got != reasons:
        yield "excluded are %s, right is %s" % (got, reasons)
    writers, _ = reported(program, [path])
    for line in writers or []:
        if line["holes"]:
            yield "%s has holes: %s" % (line["writer"], line["holes"])


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(ROOT, "testdata", "public")
    passed = failed = 0
    for name, verdicts, reasons in rows():
        for path in found(folder, name):
            texts = list(judge(sys.argv[1], path, verdicts, reasons))
            passed, failed = passed + (not texts), failed + bool(texts)
            for text in texts:
                print("FAIL %s: %s" % (name, text))
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
