#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cutting a log in two changes only the pods across the cut.

    cuts.py LUNETTES [--cuts N] [DIRECTORY|FILE...]      by default testdata/audit

Cuts the log at moments spread over it: records received before go to one file, the others to another. Then
  - a pod whose records are all before the cut, and whose end is in the log (success, slow, denied, aborted), has the
    same line in the first part as in the whole; one that is failed there is failed or open in the first part;
  - a pod whose records are all after it has the same line in the second part, including verdicts of open ends;
  - a pod across the cut is in both parts or in the one that names it, and never succeeds in the second part
    unless its creation is known there.
The same is true of deletions (--slo delete): one whose records are on one side has the same line there. One across the
cut is in the first part if it was requested there, is not gone there before it was, and succeeds in the second
part only if the request is known there.
`evidence` is ignored (other files); `workload` of the second part may be nearer to the pod, because the owner's owner
may be in the first; `attempts` is ignored too. Prints a closing `N passed, N failed`.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from properties import ROOT, SKIPPED, read_lines, walk  # noqa: E402

FINAL = ("success", "slow", "denied", "aborted")


def pods_of(program, paths, slo="create"):
    """(namespace, name, uid) to the line without what a cut may change."""
    out = subprocess.run([program, "slo", "--slo", slo, "-o", "jsonl", "-q"] + paths, stdout=subprocess.PIPE, check=True).stdout
    pods = {}
    for line in out.splitlines():
        pod = json.loads(line, parse_float=str)
        del pod["evidence"]
        pods[pod["namespace"], pod["name"] or pod.get("generateName"), pod["uid"]] = pod
    return pods


def names_of(event):
    """(namespace, name) of the pods that a record may be about, by a reading of its own."""
    ref = event.get("objectRef") or {}
    if ref.get("resource") in ("pods", "bindings"):
        yield ref.get("namespace"), ref.get("name")
    for body in (event.get("requestObject"), event.get("responseObject")):
        if not isinstance(body, dict):
            continue
        for item in [body] + [i for i in body.get("items") or [] if isinstance(i, dict)]:
            involved = item.get("involvedObject") or item.get("regarding") or {}
            meta = item.get("metadata") or {}
            if involved.get("kind") == "Pod":
                yield involved.get("namespace"), involved.get("name")
            elif ref.get("resource") == "pods":
                yield meta.get("namespace") or ref.get("namespace"), meta.get("name") or meta.get("generateName")


def without(pod, *keys):
    return {k: v for k, v in pod.items() if k not in keys}


class Judge:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, good, words):
        self.passed += good
        self.failed += not good
        if not good:
            print("FAIL", words)


def check(judge, cut, whole, first, second, before, after):
    for key, pod in whole.items():
        name = key[:2]
        if name[1] is None:  # asked for without a name: one request, which is on one side
            mine = first if pod["created"] < cut else second
            judge.expect(mine.get(key) == pod, "%s: %s changed: %s, %s" % (cut, key, pod, mine.get(key)))
        elif name not in after:
            got = first.get(key)
            if pod["verdict"] in FINAL or pod["verdict"] == "excluded":
                judge.expect(got == pod, "%s: %s changed in the first part: %s, %s" % (cut, key, pod, got))
            else:
                judge.expect(got is not None and got["verdict"] in ("failed", "open", "excluded"),
                             "%s: %s is %s in the first part" % (cut, key, got and got["verdict"]))
        elif name not in before:
            got = second.get(key)
            if got and got["reason"] == "created before the log begins" and pod["created"][:19] == cut[:19]:
                continue    # in that second, of which only the whole is known
            judge.expect(got is not None and without(got, "workload", "attempts") == without(pod, "workload", "attempts"),
                         "%s: %s changed in the second part: %s, %s" % (cut, key, pod, got))
        else:
            judge.expect(key in first or key in second or any(k[:2] == name for k in list(first) + list(second)),
                         "%s: %s is lost" % (cut, key))
    for key, pod in second.items():
        if pod["verdict"] in ("success", "slow") and key in whole:
            judge.expect(pod["created"] == whole[key]["created"],
                         "%s: %s has another beginning in the second part" % (cut, key))


def check_deletions(judge, cut, whole, first, second, before, after):
    for key, line in whole.items():
        name = key[:2]
        if name not in after:
            got = first.get(key)
            if line["verdict"] in ("success", "slow", "excluded"):
                judge.expect(got == line, "%s: deletion of %s changed in the first part: %s, %s" % (cut, key, line, got))
            else:
                judge.expect(got is not None and got["verdict"] in ("failed", "open", "excluded"),
                             "%s: deletion of %s is %s in the first part" % (cut, key, got and got["verdict"]))
        elif name not in before:
            got = second.get(key)
            judge.expect(got is not None and without(got, "workload") == without(line, "workload"),
                         "%s: deletion of %s changed in the second part: %s, %s" % (cut, key, line, got))
        elif line["requested"] is not None and line["requested"] < cut:
            got = first.get(key)
            judge.expect(got is not None and got["requested"] == line["requested"],
                         "%s: deletion of %s was asked for in the first part: %s" % (cut, key, got))
            gone = line["gone"] is not None and line["gone"] < cut
            judge.expect(gone or got is None or got["verdict"] not in ("success", "slow"),
                         "%s: deletion of %s is %s before it was gone" % (cut, key, got and got["verdict"]))
        else:
            got = second.get(key) or second.get((*name, None))
            judge.expect(got is not None, "%s: deletion of %s is lost" % (cut, key))
            judge.expect(key not in first, "%s: deletion of %s was not asked for in the first part" % (cut, key))
    for key, line in second.items():
        if line["verdict"] in ("success", "slow") and key in whole:
            judge.expect(line["requested"] == whole[key]["requested"],
                         "%s: deletion of %s has another beginning in the second part" % (cut, key))
    for key in list(first) + list(second):
        judge.expect(key in whole or key[2] is None, "%s: deletion of %s is nowhere else" % (cut, key))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lunettes")
    parser.add_argument("paths", nargs="*", default=[os.path.join(ROOT, "testdata", "audit")])
    parser.add_argument("--cuts", type=int, default=9)
    args = parser.parse_intermixed_args()
    if not shutil.which("zstd"):
        print("the program zstd is not installed")
        sys.exit(SKIPPED)
    lines = [line for path in walk(args.paths) for line in read_lines(path)]
    events = []
    for line in lines:
        event = json.loads(line)
        events.append((event["requestReceivedTimestamp"], line, [n for n in names_of(event) if n[1]]))
    events.sort(key=lambda e: e[0])
    judge = Judge()
    whole = pods_of(args.lunettes, list(walk(args.paths)))
    deletions = pods_of(args.lunettes, list(walk(args.paths)), "delete")
    with tempfile.TemporaryDirectory() as folder:
        for i in range(1, args.cuts + 1):
            at = len(events) * i // (args.cuts + 1)
            while at < len(events) and events[at][0] == events[at - 1][0]:
                at += 1
            parts = []
            for number, part in enumerate((events[:at], events[at:])):
                path = os.path.join(folder, "part%d.log" % number)
                with open(path, "wb") as f:
                    f.write(b"\n".join(e[1] for e in part) + b"\n")
                parts.append((pods_of(args.lunettes, [path]), {n for e in part for n in e[2]}, pods_of(args.lunettes, [path], "delete")))
            before = judge.passed
            cut = events[at][0].replace("Z", "000Z")    # as the program writes times
            check(judge, cut, whole, parts[0][0], parts[1][0], parts[0][1], parts[1][1])
            check_deletions(judge, cut, deletions, parts[0][2], parts[1][2], parts[0][1], parts[1][1])
            print("ok   cut at %s: %d checks" % (events[at][0], judge.passed - before))
    print("%d passed, %d failed" % (judge.passed, judge.failed))
    sys.exit(judge.failed > 0)


if __name__ == "__main__":
    main()
