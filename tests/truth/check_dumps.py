#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks `lunettes slo -o jsonl` for the dumps of a capture, for its log and dumps together, and for the dumps in all
formats of users.

    check_dumps.py LUNETTES CAPTURE [--only objects|truth|merge|forms]

The dumps are pods.json, events.json and so on (or .zst) in CAPTURE/truth, else in testdata/dumps/NAME; the logs
CAPTURE/audit*, else testdata/audit.

  objects  the facts in the objects, computed a second time: the checks of must_gather.py
  truth    against the observations in truth/pods.tsv: a printed time agrees with them, to the second or, if it is from
           an Event's name, to 2 s; and a verdict of failed, slow or success is true
  merge    the log alone against log and dumps: exact times of the log are unchanged, others become no less precise, no
           pod is lost; and the dumps alone against both: a later record of the log does not replace their times. If
           the log does not show a pod's creation, it has no exact times of that pod. The truth again
  forms    another format of the same objects gives the same bytes, except for the evidence

Prints what disagrees and a closing `N passed, N failed`; exits 77 where python3-yaml or zstd is missing.
"""
import csv
import glob
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from decimal import Decimal

import check
import dumps
import must_gather
import oracle
from must_gather import Report, ns, run
from oracle import SECOND, format_time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MILESTONES = ("created", "scheduled", "running", "ready", "deleted")
READ_WITHIN = 30 * SECOND       # the maximum delay of a status write after its transition: 24 s in 5-ha
RANK = {None: 0, "inferred": 1, "second": 2, "exact": 3}


def title(line):
    return "%s/%s %s" % (line["namespace"], line["name"], line["uid"] or line["verdict"])


def table(report, program, paths):
    status, text = run(program, "jsonl", paths)
    report.check("*", "exit status", status == 0, status, 0)
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


# ------------------------------------------------------------------------------------------ the truth

def observed(capture):
    with open(os.path.join(capture, "truth", "pods.tsv"), encoding="utf-8") as f:
        return {row["uid"]: row for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}


def near(ours, true, before=None, lag=2):
    """The truth's whole second, or a fact that must have been earlier; an Event's own time differs by up to 2 s."""
    if ours is None or true is None:
        return ours is None
    if ours % SECOND == 0 or ours == before:
        return ours == true or ours == before
    return true - 2 * SECOND < ours < true + int(lag * SECOND)


def check_truth(report, lines, truth, dump, lag=2, log=None):
    """lag: seconds until a status write was received, if the lines are also based on a log (a check.Log)."""
    hidden = {uid for uid, pod in dump.pods() if dumps.Facts(pod, dump).hidden and not log}
    excused = []
    for line in lines:
        row, who = truth.get(line["uid"]), title(line)
        if row is None:
            report.check(who, "was in the cluster", line["uid"] not in dump.sights, line["uid"], "no such UID was observed")
            continue
        true = {key: oracle.parse_time(row[key]) for key in ("created", "sched", "firstready", "deltime")}
        created, scheduled, running, ready = (ns(line, key) for key in MILESTONES[:4])
        dumped = line["uid"] in dump.sights
        report.check(who, "created, observed", near(created, true["created"]) and (
            not dumped or created is not None), created, true["created"])
        if log and line["uid"] in log.placed:
            report.check(who, "created with its node: scheduled", scheduled == created, scheduled, created)
        else:
            report.check(who, "scheduled, observed", near(scheduled, true["sched"], created) and (
                not dumped or true["sched"] is None or scheduled is not None), scheduled, true["sched"])
        if not line["job"]:
            before = max((t for t in (created, scheduled, running) if t is not None), default=None)
            flaps = row["firstready"] != row["ready"] and row["restarts"] in ("", "0")
            report.check(who, "ready, observed", near(ready, true["firstready"], before, lag) or flaps and not log and near(
                ready, oracle.parse_time(row["ready"]), before), ready, true["firstready"])
        asked = None if true["deltime"] is None else true["deltime"] - int(row["grace"] or 0) * SECOND
        if line["deleted"]:
            report.check(who, "deleted, observed", asked is not None and abs(ns(line, "deleted") - asked) < 2 * SECOND,
                         ns(line, "deleted"), asked)
        if line["verdict"] == "open" and line["uid"] in hidden:
            excused.append(line["name"])        # the contract's word for it, which counts as neither good nor bad
        else:
            check_word(report, line, row, true)
    if excused:
        print("truth: open, for they may have been ready before: %s" % " ".join(excused))


def check_word(report, line, row, true):
    """No verdict that the observation contradicts. A second is left at each limit."""
    who, word = title(line), line["verdict"]
    if row["owner"].startswith("Node/"):
        report.check(who, "verdict, observed", word == "excluded", word, "a mirror pod")
    elif line["job"]:
        began = any(phase in row["phases"] for phase in ("Running", "Succeeded", "Failed"))
        report.check(who, "verdict, observed", word not in ("success", "slow") or began, word, row["phases"])
    else:
        total = None if true["firstready"] is None else (true["firstready"] - true["created"]) // SECOND
        limits = [v for v in line["limitSeconds"].values() if v is not None] or [0]
        asked = None if true["deltime"] is None else true["deltime"] - int(row["grace"] or 0) * SECOND
        if total is not None and asked is not None and true["firstready"] > asked + SECOND:
            total = None    # what it becomes while it is being deleted is no delivery
        good = {"success": total is not None and total <= 480 + 1, "slow": total is not None and total >= min(limits) - 1,
                "failed": total is None or total > min(limits) + 1, "open": total is None, "aborted": total is None}
        report.check(who, "verdict, observed", good.get(word, True), word, "ready after %s s" % total)


# ---------------------------------------------------------------------------------- merged with the log

def stages_of(line):
    """By (stage, subject, how many came before it)."""
    seen, out = Counter(), {}
    for s in line["stages"]:
        key = (s["stage"], s["subject"])
        out[key + (seen[key],)] = s
        seen[key] += 1
    return out


def no_less(report, who, what, alone, merged):
    """A milestone: what has a sub-second part was exact and stays; a whole second is sharpened at most."""
    if alone is None:
        report.passed += 1
    elif alone % SECOND:
        report.check(who, what + " stays", merged == alone, merged, alone)
    else:
        report.check(who, what + " is sharpened at most", merged is not None and alone <= merged < alone + SECOND, merged, alone)


def no_less_stage(report, who, key, alone, merged):
    what = "stage %s %s" % key[:2] + (" (%d)" % key[2] if key[2] else "")
    if merged is None:
        report.check(who, what, alone["precision"] == "inferred", None, alone)
        return
    report.check(who, what + ": precision", RANK[merged["precision"]] >= RANK[alone["precision"]] or alone["end"] is None,
                 merged, alone)
    for edge in ("start", "end"):
        if alone["precision"] == "exact" and alone[edge]:
            report.check(who, "%s: %s" % (what, edge), merged[edge] == alone[edge], merged[edge], alone[edge])
        elif alone[edge]:
            report.check(who, "%s: %s" % (what, edge), merged[edge] is not None and abs(
                ns(merged, edge) - ns(alone, edge)) <= 2 * SECOND, merged[edge], alone[edge])


def key_of(line):
    return line["uid"] or (line["namespace"], line["name"], line["generateName"], line["verdict"], line["code"])


def check_dumped(report, line, both):
    """Times that only the dump has: a later record in the log does not replace them."""
    who = title(line)
    report.check(who, "created, as in the dump", both["created"] and (
        ns(both, "created") // SECOND in (ns(line, "created") // SECOND, ns(line, "created") // SECOND - 1)),
        both["created"], line["created"])
    for key in ("scheduled", "running", "ready"):
        if line[key] and both["job"] is False:
            report.check(who, key + ", as in the dump", both[key] and ns(both, key) < ns(line, key) + READ_WITHIN,
                         both[key], line[key])
    if line["verdict"] == "success" and both["verdict"] not in ("success", "excluded"):
        report.check(who, "verdict, as in the dump", False, both["verdict"], line["verdict"])


def check_merge(report, program, capture, logs, files):
    alone, merged = table(report, program, logs), table(report, program, logs + files)
    pool = defaultdict(list)
    for line in merged:
        pool[key_of(line)].append(line)
    by_name = defaultdict(list)
    for line in merged:
        by_name[(line["namespace"], line["name"])].append(line)
    for line in alone:
        who = title(line)
        found = pool[key_of(line)] or (by_name[(line["namespace"], line["name"])] if not line["uid"] else [])
        if not found:
            report.check(who, "with the dumps", False, "missing", "in the log's table")
            continue
        both = found.pop(0)
        for key in ("node", "workload", "class", "job"):
            report.check(who, key, line[key] is None or both[key] == line[key], both[key], line[key])
        if line["reason"] == "created before the log begins":
            continue
        for key in MILESTONES:
            no_less(report, who, key, ns(line, key), ns(both, key))
        theirs = stages_of(both)
        for key, stage in stages_of(line).items():
            no_less_stage(report, who, key, stage, theirs.get(key))
        free = line["verdict"] == "excluded" or line["verdict"] == "open"
        report.check(who, "verdict", free or both["verdict"] == line["verdict"], both["verdict"], line["verdict"])
        total = line["seconds"]["total"]
        report.check(who, "total", total is None or both["seconds"]["total"] is not None and abs(
            both["seconds"]["total"] - total) < 1, both["seconds"]["total"], total)
    report.check("*", "pods with the dumps", len(merged) >= len(alone), len(merged), len(alone))
    twice = [uid for uid, n in Counter(line["uid"] for line in merged if line["uid"]).items() if n > 1]
    report.check("*", "each UID once with the dumps", not twice, twice)
    by_uid, dump = {line["uid"]: line for line in merged if line["uid"]}, dumps.read(*files)
    for line in table(report, program, files):
        if line["uid"] in dump.sights:
            if line["uid"] in by_uid:
                check_dumped(report, line, by_uid[line["uid"]])
            else:
                report.check(title(line), "with the log", False, "missing", "in the dumps' table")
    lag = check.READY_LAG.get(os.path.basename(os.path.normpath(capture)), check.READY_LAG_USUAL)
    check_truth(report, [line for line in merged if line["uid"]], observed(capture), dump, lag, check.Log(logs))
    print("merge: %d pods by the log, %d with the dumps; verdicts %s, then %s" % (
        len(alone), len(merged), dict(Counter(p["verdict"] for p in alone)), dict(Counter(p["verdict"] for p in merged))))


# ----------------------------------------------------------------------------------------------- forms

def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def lines_of(values):
    return b"".join(compact(value) + b"\n" for value in values)


def typed_lists(items):
    """PodList, EventList and so on: their items have no kind of their own."""
    kinds = defaultdict(list)
    for item in items:
        kinds[(item["apiVersion"], item["kind"])].append({k: v for k, v in item.items() if k not in ("apiVersion", "kind")})
    return lines_of({"kind": kind + "List", "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": members}
                    for (version, kind), members in kinds.items())


def to_yaml(value):
    return dumps.yaml.dump(value, Dumper=dumps.yaml.CSafeDumper, default_flow_style=False, allow_unicode=True, encoding="utf-8")


def documents(items):
    return b"".join(b"---\n" + to_yaml(item) for item in items)


def watched(items):
    return lines_of({"type": "ADDED", "object": item} for item in items)


def shuffled(items):
    return random.Random(7).sample(items, len(items))


def a_list(items):
    return {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}


FORMS = {
    "pretty": lambda items: json.dumps(a_list(items), indent=4).encode(),
    "compact": lambda items: compact(a_list(items)),
    "kind first": lambda items: compact({"kind": "List", "apiVersion": "v1", "metadata": {}, "items": items}),
    "objects, one a line": lines_of,
    "objects, pretty": lambda items: b"\n".join(json.dumps(item, indent=2).encode() for item in items),
    "objects in another order": lambda items: lines_of(shuffled(items)),
    "typed lists": typed_lists,
    "YAML list": lambda items: to_yaml(a_list(items)),
    "YAML documents": documents,
    "watch frames": watched,
    "array": compact,
    "twice": lambda items: compact(a_list(items)) + b"\n" + lines_of(items),
}


def bundle(path, files):
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, data in files:
            entry = tarfile.TarInfo("bundle/" + name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def without_evidence(program, path):
    done = subprocess.run([program, "slo", "-q", "-o", "jsonl", path], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        return ["exit status %d" % done.returncode]
    out = []
    for line in done.stdout.splitlines():
        value = json.loads(line, parse_float=Decimal)
        del value["evidence"]
        out.append(json.dumps(value, default=str))
    return out


def first_difference(want, got):
    for a, b in zip(want, got):
        if a != b:
            if not b.startswith("{"):
                return b
            x, y = json.loads(a), json.loads(b)
            return "%s: %s" % (title(x), "; ".join("%s %.200r, not %.200r" % (k, y.get(k), x[k]) for k in x if x[k] != y.get(k)))
    return "%d pods, not %d" % (len(got), len(want))


def check_forms(report, program, items):
    with tempfile.TemporaryDirectory(prefix="lunettes-dumps-") as top:
        want = None
        for form, make in FORMS.items():
            folder = os.path.join(top, form)
            os.mkdir(folder)
            for name, members in items.items():
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(make(members))
            got = without_evidence(program, folder)
            want = want or got
            same = got == want and len(got) > 1
            report.check(form, "the fact table", same, None if same else first_difference(want, got), "as of the first form")
            if form != "pretty":
                shutil.rmtree(folder)
        path = os.path.join(top, "bundle.tar.gz")
        bundle(path, [(name, FORMS["pretty"](members)) for name, members in items.items()])
        got = without_evidence(program, path)
        report.check("tar.gz", "the fact table", got == want, None if got == want else first_difference(want, got),
                     "as of the first form")


# ------------------------------------------------------------------------------------------------ main

def dumps_of(capture):
    name = os.path.basename(os.path.normpath(capture))
    for folder in (os.path.join(capture, "truth"), os.path.join(ROOT, "testdata", "dumps", name)):
        found = [path for kind in ("pods", "events", "events.events.k8s.io", "nodes", "owners")
                 for path in sorted(glob.glob(os.path.join(folder, kind + ".json*")))[:1]]
        if found:
            return found
    sys.exit("no dumps of " + capture)


def items_of(path):
    (_, data), = dumps.files_of(path)
    return json.loads(data)["items"]


def main():
    args, only = sys.argv[1:], None
    if "--only" in args:
        at = args.index("--only")
        only = args[at + 1]
        del args[at:at + 2]
    if len(args) != 2:
        sys.exit(__doc__)
    if dumps.yaml is None or not shutil.which("zstd"):
        print("python3-yaml or zstd is not installed")
        sys.exit(must_gather.SKIPPED)
    program, capture = args
    files = dumps_of(capture)
    logs = sorted(glob.glob(os.path.join(capture, "audit*", ""))) or [os.path.join(ROOT, "testdata", "audit")]
    report = Report()
    if only in (None, "objects"):
        report = must_gather.judge(program, files)
    if only in (None, "truth"):
        dump = dumps.read(*files)
        print("truth: latest in the dumps %s" % format_time(dump.latest))
        check_truth(report, table(report, program, files), observed(capture), dump)
    if only in (None, "merge"):
        check_merge(report, program, capture, logs, files)
    if only in (None, "forms"):
        check_forms(report, program, {os.path.basename(p).partition(".json")[0] + ".json": items_of(p) for p in files})
    print("%d passed, %d failed" % (report.passed, report.failed))
    sys.exit(report.failed > 0 or report.passed == 0)


if __name__ == "__main__":
    main()
