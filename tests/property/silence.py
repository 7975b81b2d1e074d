#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Missing records never make a good pod look bad.

    silence.py LUNETTES [--kinds WORD,...] [--show N] [CAPTURE...]

Without captures: those of CAPTURES in testdata, each with these kinds of cuts, or all captures in the directory
$LUNETTES_CAPTURES, if it is set, with all kinds.
From each log it removes, one after the other:
    file            each file
    records, time   each tenth, by the number of records and by time
    writer          all records of the scheduler, of each kubelet, of each controller
    events, leases  only the Events or only the leases of each of them
    half            what each of them sent in the first or in the second half of the log
    group           all kubelets; all controllers; both and the scheduler, as audit policies leave them out; each folder,
                    where there are several (the logs of one of the API servers)
and diagnoses the rest. Against the truth (truth/pods.tsv, by UID; for jobs, and where there is no truth, the whole log's
own success and slow), and against the whole log:
    failed   a pod that became ready before its deletion was requested is `failed`. That is right only if the rest
             ends before the pod was ready, and after its limit
    aborted  such a pod is `aborted`: according to the rest it was deleted before it was ready
    slow     a pod that is `success` in the whole log is `slow`
    cause    a pod gets a cause or a contributing cause that is based on silence or on a duration (SILENT), and the whole log
             does not give that pod this code. Unknown is right if a pod rightly failed before the rest ends. If the rest
             ends earlier than the log, a long duration is right for a pod that was not gone by then: it was long so far
Prints the first violations, their numbers by kind of cut (primary: causes that are not only contributing), and a closing
`N passed, N failed`: a check is one pod in one cut.
"""
import argparse
import csv
import glob
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, namedtuple
from datetime import datetime

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from properties import ROOT, SKIPPED, read_lines, walk  # noqa: E402

KINDS = ["file", "records", "time", "writer", "events", "leases", "half", "group"]
CAPTURES = {"1-full": KINDS, "2-metadata": ["writer", "half"], "3-k8s-example": KINDS, "5-ha": ["time", "writer", "group"]}
HARMS = ["failed", "aborted", "slow", "cause"]
SILENT = re.compile(r"Slow.*|.*Slow|SchedulerSlow|KubeletDelay|StopHangs|StuckTerminating|ContainerSlowStart|NoScheduler|"
                    r"ProvisionerSilent|Unknown")
WRITER = re.compile(r"system:(kube-scheduler|kube-controller-manager|node:.+|serviceaccount:kube-system:.+)")
GROUPS = {"kubelets": r"system:node:.+", "controllers": r"system:(kube-controller-manager|serviceaccount:kube-system:.+)",
          "control plane": WRITER.pattern}
WRITES = {"create", "update", "patch", "delete", "deletecollection"}

Line = namedtuple("Line", "file text at key user resource writes")
Cut = namedtuple("Cut", "kind name drop")
Known = namedtuple("Known", "title verdict created ready limit good codes gone")


# ------------------------------------------------------------------------------------------ the log

def seconds(text):
    """Seconds of a time; a dash or nothing is None."""
    if not text or text == "-":
        return None
    whole = datetime.strptime(text[:19] + "+0000", "%Y-%m-%dT%H:%M:%S%z").timestamp()
    return whole + float("0" + (re.match(r"\.\d+", text[19:]) or [""])[0])


def parse(text, file, before):
    """A line that is no record, torn ones among them, stays with the record before it."""
    try:
        r = json.loads(text)
        at = seconds(r.get("stageTimestamp"))
    except (ValueError, AttributeError):
        r, at = {}, None
    if at is None:
        return Line(file, text, before, None, "", "", False)
    ref = r.get("objectRef") or {}
    return Line(file, text, at, (at, r.get("auditID"), r.get("stage")), (r.get("user") or {}).get("username") or "",
                ref.get("resource", ""), r.get("verb") in WRITES)


class Log:
    """Every line of a capture, and its place."""

    def __init__(self, paths, folder):
        self.files, self.lines, self.plain = list(walk(paths)), [], []
        for number, path in enumerate(self.files):
            before = 0
            for text in read_lines(path):
                line = parse(text, number, before)
                before = line.at
                self.lines.append(line)
            # what a cut leaves alone is read from here; a torn last line stays torn
            place = os.path.join(folder, "whole", str(number), re.sub(r"\.(zst|gz)$", "", os.path.basename(path)))
            self.plain.append(place)
            write(place, [line.text for line in self.lines if line.file == number])
        self.keys = sorted({line.key for line in self.lines if line.key})
        self.first, self.last = self.keys[0][0], self.keys[-1][0]
        wrote = Counter(line.user for line in self.lines if line.writes and WRITER.fullmatch(line.user))
        self.writers = sorted(wrote)

    def rest(self, drop, folder):
        """The paths of what is left, and the time of its last record."""
        kept = [[] for _ in self.files]
        whole, end = [True] * len(self.files), 0
        for line in self.lines:
            if drop(line):
                whole[line.file] = False
            else:
                kept[line.file].append(line.text)
                end = max(end, line.at)
        paths = []
        for number, texts in enumerate(kept):
            if whole[number]:
                paths.append(self.plain[number])
            elif texts:
                paths.append(os.path.join(folder, str(number), os.path.basename(self.plain[number])))
                write(paths[-1], texts)
        return paths, end


def write(path, texts):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(b"\n".join(texts) + b"\n")


def cuts_of(log):
    if len(log.files) > 1:
        for number, path in enumerate(log.files):
            yield Cut("file", os.path.basename(path), lambda line, n=number: line.file == n)
    span = (log.last - log.first) / 10
    for i in range(10):
        keys = set(log.keys[len(log.keys) * i // 10:len(log.keys) * (i + 1) // 10])
        yield Cut("records", "tenth %d" % (i + 1), lambda line, keys=keys: line.key in keys)
        low, high = log.first + span * i, log.first + span * (i + 1) if i < 9 else float("inf")
        yield Cut("time", "tenth %d" % (i + 1), lambda line, low=low, high=high: low <= line.at < high)
    middle = (log.first + log.last) / 2
    for user in log.writers:
        yield Cut("writer", user, lambda line, user=user: line.user == user)
        for resource in ("events", "leases"):
            if any(line.user == user and line.resource == resource for line in log.lines):
                yield Cut(resource, user, lambda line, user=user, what=resource: line.user == user and line.resource == what)
        yield Cut("half", user + ", first half", lambda line, user=user: line.user == user and line.at < middle)
        yield Cut("half", user + ", second half", lambda line, user=user: line.user == user and line.at >= middle)


def group_cuts(log):
    for name, users in GROUPS.items():
        yield Cut("group", "all " + name, lambda line, users=re.compile(users): users.fullmatch(line.user))
    folders = [os.path.dirname(path) for path in log.files]
    if len(set(folders)) > 1:
        for folder in sorted(set(folders)):
            yield Cut("group", os.path.basename(folder), lambda line, folder=folder: folders[line.file] == folder)


# ----------------------------------------------------------------------------------- what is known

def lines_of(program, command, paths, *more):
    out = subprocess.run([program, command, "-q", "-o", "jsonl", *more] + paths, stdout=subprocess.PIPE, check=False).stdout
    return [json.loads(line) for line in out.splitlines()]


def identity(line):
    return line["uid"] or (line["namespace"], line["name"] or line["generateName"])


def title(line):
    return "%s/%s" % (line["namespace"], line["name"] or line["generateName"])


def codes_of(line):
    return {c["code"] for c in [line["cause"]] + line["contributing"] if c}


def truth_of(capture):
    path = os.path.join(capture, "truth", "pods.tsv")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        return {row["uid"]: row for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}


def truly_ready(row):
    """When it became ready, if that was before it was asked to go; times are whole seconds."""
    ready, gone = seconds(row["firstready"]), seconds(row["deltime"])
    if ready is None or gone is not None and ready >= gone - int(row["grace"] or 0):
        return None
    return ready


def known_of(program, paths, truth):
    """By UID, or by name without a UID: the facts about each pod from the whole log and the truth."""
    known = {}
    gone = {line["uid"]: seconds(line["gone"]) for line in lines_of(program, "slo", paths, "--slo", "delete") if line["uid"]}
    for line in lines_of(program, "slo", paths):
        ready = seconds(line["running" if line["job"] else "ready"])
        good = line["verdict"] in ("success", "slow") and ready is not None and not (
            line["deleted"] and ready > seconds(line["deleted"]))
        row = truth.get(line["uid"])
        if row and not line["job"]:
            good = truly_ready(row) is not None
            ready = ready if ready is not None else truly_ready(row)
        limits = [v for v in line["limitSeconds"].values() if v is not None]
        known[identity(line)] = Known(title(line), line["verdict"], seconds(line["created"]), ready, min(limits, default=None),
                                      good, set(), gone.get(line["uid"]))
    for line in lines_of(program, "diagnose", paths):
        if line["kind"] == "Diagnosis" and identity(line) in known:
            known[identity(line)].codes.update(codes_of(line))
    return known


def excused(pod, end):
    """Rightly failed: the remaining log ends before it was ready, and after its limit."""
    return pod.ready is not None and end < pod.ready and pod.created is not None and end - pod.created >= (pod.limit or 0)


def goes_on(pod, end, log):
    """The rest ends before the log, and the pod still existed: a long duration so far is right."""
    return end < log.last - 1 and (pod.gone is None or pod.gone > end)


def harms_of(pod, line, end, log):
    verdict = line["verdict"]
    if pod.good and verdict == "failed" != pod.verdict and not excused(pod, end):
        yield "failed", ""
    if pod.good and verdict == "aborted" != pod.verdict:
        yield "aborted", ""
    if pod.verdict == "success" and verdict == "slow":
        yield "slow", ""
    for code in sorted(codes_of(line) - pod.codes):
        if code == "Unknown" and verdict == "failed" and pod.good and excused(pod, end):
            continue    # it failed before the log ended, and the reason is logged after that end
        if SILENT.fullmatch(code) and not goes_on(pod, end, log):
            yield "cause", code + (" (contributing)" if code != (line["cause"] or {}).get("code") else "")


# ------------------------------------------------------------------------------------------- judging

class Judge:
    """One capture; the cuts are judged by two processes, which inherit it."""

    def __init__(self, program, capture, kinds, folder):
        self.program, self.folder = program, folder
        logs = sorted(glob.glob(os.path.join(capture, "audit*", ""))) or [os.path.join(ROOT, "testdata", "audit")]
        self.log = Log(logs, folder)
        self.known = known_of(program, self.log.plain, truth_of(capture))
        names = Counter(pod.title for pod in self.known.values())
        self.by_name = {pod.title: pod for pod in self.known.values() if names[pod.title] == 1}
        self.cuts = [cut for cuts in (cuts_of, group_cuts) for cut in cuts(self.log) if cut.kind in kinds]

    def judge(self, number):
        """The number of pods in what is left, and (harm, pod, before, after, what) of each offender."""
        cut, found, pods = self.cuts[number], [], 0
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            paths, end = self.log.rest(cut.drop, folder)
            lines = lines_of(self.program, "diagnose", paths) if paths else []
        for line in lines:
            pod = self.known.get(identity(line)) or self.by_name.get(title(line))
            if line["kind"] != "Diagnosis" or not pod:
                continue
            pods += 1
            for harm, what in harms_of(pod, line, end, self.log):
                found.append((harm, pod.title, pod.verdict, line["verdict"], what))
        return number, pods, found


JUDGE = None


def judge_cut(number):
    return JUDGE.judge(number)


def check(program, capture, kinds, args):
    """Returns how many pods were judged and how many were harmed."""
    global JUDGE
    sums, cuts, judged, harmed, shown = Counter(), Counter(), 0, 0, Counter()
    with tempfile.TemporaryDirectory() as folder:
        JUDGE = Judge(program, capture, kinds, folder)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            results = pool.map(judge_cut, range(len(JUDGE.cuts)), chunksize=1)
    good = sum(pod.good for pod in JUDGE.known.values())
    print("== %s: %d pods, %d of them were ready" % (os.path.basename(os.path.normpath(capture)), len(JUDGE.known), good))
    for number, pods, found in results:
        cut = JUDGE.cuts[number]
        cuts[cut.kind] += 1
        judged += pods
        harmed += len({pod for _, pod, *_ in found})
        for harm, pod, before, after, what in found:
            sums[cut.kind, harm] += 1
            sums[cut.kind, "primary"] += harm == "cause" and not what.endswith(")")
            shown[cut.kind, harm] += 1
            if shown[cut.kind, harm] <= args.show:
                print("FAIL %s: without %s %s: %s was %s and is %s%s" % (
                    harm, cut.kind, cut.name, pod, before, after, ", " + what if what else ""))
    print("%-9s%6s" % ("cut", "cuts") + "".join("%9s" % harm for harm in HARMS + ["primary"]))
    for kind in KINDS:
        if cuts[kind]:
            print("%-9s%6d" % (kind, cuts[kind]) + "".join("%9d" % sums[kind, harm] for harm in HARMS + ["primary"]))
    return judged, harmed, bool(good)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lunettes")
    parser.add_argument("captures", nargs="*")
    parser.add_argument("--kinds", help="only these kinds of cuts")
    parser.add_argument("--show", type=int, default=2, help="how many offenders of one kind of cut and harm are listed")
    args = parser.parse_intermixed_args()
    if not shutil.which("zstd"):
        print("the program zstd is not installed")
        sys.exit(SKIPPED)
    more = os.environ.get("LUNETTES_CAPTURES")
    captures = args.captures or (sorted(glob.glob(os.path.join(more, "*", "truth", "..", ""))) if more else
                                 [os.path.join(ROOT, "testdata", "captures", name) for name in CAPTURES])
    passed = failed = 0
    for capture in captures:
        usual = KINDS if args.captures or more else CAPTURES[os.path.basename(capture)]
        judged, harmed, good = check(args.lunettes, capture, args.kinds.split(",") if args.kinds else usual, args)
        passed += judged - harmed
        failed += harmed + (not good)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
