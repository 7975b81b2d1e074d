#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the fact table of `lunettes slo -o jsonl` against observations in the cluster itself.

    check.py OURS.jsonl|- CAPTURE [--all] [--logs PATH...]

CAPTURE has audit*/ (the logs, unless --logs names others), truth/pods.tsv (one row per pod UID, observed through another API server)
and expect.tsv (the intention). Values that the log cannot show are skipped, not failed. Also checked: the form of
each line, its sums and its inner logic. Prints a table of disagreements (--all: of every check that was
skipped, too) and a closing `N passed, N failed`; exits 1 if anything failed.
"""
import csv
import json
import os
import re
import sys
from collections import Counter, defaultdict
from decimal import Decimal

import oracle

# Seconds from a Ready transition (a floored whole second) to the request that reports it, at most. 1.74 was
# measured in 1-full; in 4-lunettes a kubelet was stopped meanwhile, in 5-ha the nodes were overloaded.
READY_LAG = {"4-lunettes": 4.5, "5-ha": 24.0}
READY_LAG_USUAL = 2.75

KEYS = ["apiVersion", "kind", "cluster", "namespace", "name", "generateName", "uid", "node", "workload", "class", "job",
        "verdict", "verdicts", "reason", "code", "owner", "attempts", "created", "scheduled", "running", "ready",
        "deleted", "seconds", "limitSeconds", "stages", "evidence"]
VERDICTS = {"excluded", "denied", "success", "slow", "failed", "aborted", "open"}
STAGES = {"admission", "schedulingGate", "schedule", "startupWait", "sandbox", "imagePull", "init", "create", "start",
          "postStartHook", "readiness", "readinessGate"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")


class Report:
    def __init__(self):
        self.passed, self.bad, self.skipped = 0, [], []

    def check(self, who, what, good, ours="", truth=""):
        if good:
            self.passed += 1
        else:
            self.bad.append((who, what, str(ours), str(truth)))

    def skip(self, who, what, why):
        self.skipped.append((who, what, why))


# ------------------------------------------------------------------------------- what the log can show

class Log:
    """What a capture's log holds about a UID: bodies, status writes with bodies, lists alone."""

    def __init__(self, paths):
        records, self.malformed = oracle.read_records(paths)
        self.records = len(records)
        self.begin = min((r.complete for r in records), default=0)
        self.named, self.body, self.status, self.refused = set(), set(), set(), []
        self.create, self.ready, self.listed, self.deleted, self.removed = set(), set(), set(), set(), {}
        self.placed = set()     # created with a node
        for r in records:
            if not r.done or r.dry:
                continue
            if r.resource == "events":
                _, about = oracle.event_of(r)
                if about:
                    self.named.add(about.get("uid"))
                    self.named.add((about.get("namespace"), about.get("name")))
            if r.resource != "pods":
                continue
            for item in r.response.get("items") or []:
                uid = oracle.as_dict(item.get("metadata")).get("uid")
                self.listed.add(uid)
                if r.verb == "deletecollection":
                    self.deleted.add(uid)
            namespace, name, uid = r.identity()
            if r.verb == "create" and not r.subresource and r.code >= 400:
                asked = oracle.as_dict(r.request.get("metadata"))
                self.refused.append((namespace, name or asked.get("generateName", ""), r.code))
            if not r.ok:
                continue
            self.named |= {uid, (namespace, name)}
            if any(b.get("spec") for b in r.bodies()):
                self.body.add(uid)
                if r.verb == "create" and not r.subresource:
                    self.create.add(uid)
                    if any(oracle.as_dict(b.get("spec")).get("nodeName") for b in r.bodies()):
                        self.placed.add(uid)
            if r.verb == "delete" or r.subresource == "eviction" or any(
                    oracle.as_dict(b.get("metadata")).get("deletionTimestamp") for b in r.bodies()):
                self.deleted |= {uid, (namespace, name)}
            if r.verb == "delete" and not r.subresource and r.user.startswith("system:node:"):
                self.removed[uid] = r.received
            if r.subresource == "status" and r.bodies():
                self.status.add(uid)
            if any(oracle.condition(b, "Ready") is not None for b in r.bodies()):
                self.ready.add(uid)


# ------------------------------------------------------------------------------------------ each line

def ns(text):
    return None if text is None else oracle.parse_time(text)


def dec(value):
    return None if value is None else Decimal(value)


def seconds_between(start, end):
    return Decimal(end - start) / oracle.SECOND


def check_form(report, lines):
    for line in lines:
        who = title(line)
        report.check(who, "keys", list(line) == KEYS, [k for k in line if k not in KEYS], [k for k in KEYS if k not in line])
        report.check(who, "verdict is a word", line["verdict"] in VERDICTS, line["verdict"])
        for key in ("created", "scheduled", "running", "ready", "deleted"):
            report.check(who, key + " form", line[key] is None or TIME.match(line[key]), line[key])
    uids = Counter(line["uid"] for line in lines if line["uid"])
    report.check("*", "each uid once", not [u for u, n in uids.items() if n > 1], [u for u, n in uids.items() if n > 1])
    order = [(line["cluster"], line["namespace"], line["name"], line["created"], line["uid"]) for line in lines
             if line["name"] and line["created"] and line["uid"]]
    report.check("*", "order of lines", order == sorted(order))


def check_sums(report, line):
    who = title(line)
    seconds, limits = line["seconds"], line["limitSeconds"]
    total, delivery, user = dec(seconds["total"]), dec(seconds["delivery"]), dec(seconds["user"])
    created, running, ready = ns(line["created"]), ns(line["running"]), ns(line["ready"])
    end, deleted = running if line["job"] else ready, ns(line["deleted"])
    # what a pod becomes while it is being deleted is no delivery, so it has no total
    while_deleted = end is not None and deleted is not None and end > deleted
    if total is not None:
        if end is not None:
            report.check(who, "total = end - created", total == max(0, seconds_between(created, end)), total)
        report.check(who, "total = delivery + user", total == delivery + user, total, "%s + %s" % (delivery, user))
        report.check(who, "no negative seconds", min(total, delivery, user) >= 0, (total, delivery, user))
    else:
        report.check(who, "delivery and user null with total", delivery is None and user is None, (delivery, user))
        report.check(who, "total known when both ends are", created is None or end is None or while_deleted
                     or line["verdict"] in ("excluded", "denied"), (line["created"], line["running" if line["job"] else "ready"]))
    if while_deleted and line["verdict"] != "excluded":
        report.check(who, "ready while it is deleted: no total", total is None, total, line["deleted"])
        report.check(who, "ready while it is deleted: verdict", line["verdict"] in ("failed", "aborted"), line["verdict"])
    if line["verdict"] == "denied":
        nulls = [line[k] for k in ("uid", "node", "scheduled", "running", "ready")]
        report.check(who, "denied: no pod facts", not any(nulls), nulls)
        report.check(who, "denied: code, attempts, created", line["code"] and line["attempts"] >= 1 and line["created"])
        report.check(who, "denied: no deadline", limits["deadline"] is None, limits)
        return
    report.check(who, "reason if and only if excluded", bool(line["reason"]) == (line["verdict"] == "excluded"), line["reason"])
    if line["verdict"] == "success":
        report.check(who, "success keeps the delivery limit", delivery is not None and delivery <= limits["delivery"],
                     delivery, limits["delivery"])
    if line["verdict"] == "slow":
        report.check(who, "slow breaks a limit", total is not None and (
            total > limits["deadline"] or delivery > limits["delivery"]), (total, delivery), limits)
    if line["verdict"] in ("failed", "aborted", "open"):
        report.check(who, "not delivered", total is None, total)
    for name, at in (("scheduled", ns(line["scheduled"])), ("running", running), ("ready", ready)):
        if at is not None and created is not None:
            report.check(who, name + " not before created", at >= created, line[name], line["created"])


def check_stages(report, line):
    last = None
    for s in line["stages"]:
        who, what = title(line), "stage %s %s" % (s["stage"], s["subject"])
        report.check(who, what + " is known", s["stage"] in STAGES, s["stage"])
        start, end = ns(s["start"]), ns(s["end"])
        if start is not None and end is not None:
            report.check(who, what + " seconds", dec(s["seconds"]) == seconds_between(start, end) >= 0, s["seconds"])
            report.check(who, what + " order", last is None or start >= last, s["start"])
            last = start
        report.check(who, what + " words", s["precision"] in ("exact", "second", "inferred") and s["owner"] in (
            "platform", "user", "") and s["source"] in ("audit", "event", "status", "bound"), s)
    report.check(title(line), "evidence at most 32", len(line["evidence"]) <= 32, len(line["evidence"]))


# ---------------------------------------------------------------------------------- against the truth

def check_pod(report, log, line, truth, lag):
    who, uid = title(line), truth["uid"]
    excluded = line["verdict"] == "excluded"
    created, scheduled, ready = ns(line["created"]), ns(line["scheduled"]), ns(line["ready"])
    true = {k: oracle.parse_time(truth[k]) for k in ("created", "sched", "firstready", "deltime")}
    report.check(who, "name", (line["namespace"], line["name"]) == (truth["ns"], truth["name"]))

    if created is None:
        if uid in log.create:
            report.check(who, "created", False, None, truth["created"])
        else:
            report.skip(who, "created", "null; the log has no create of it with a body")
    elif uid in log.body:
        # the second of the creationTimestamp; the request may have been received at the end of the second before
        same = created // oracle.SECOND * oracle.SECOND == true["created"]
        before = uid in log.create and 0 < true["created"] - created < oracle.SECOND // 5
        report.check(who, "created", same or before, line["created"], truth["created"])
    else:
        report.check(who, "created about", 0 <= created - true["created"] < 2 * oracle.SECOND, line["created"], truth["created"])

    if uid in log.placed:
        # some of them have no PodScheduled: they were on a node from the beginning, without a scheduler
        report.check(who, "created with its node: scheduled", scheduled == created, line["scheduled"], line["created"])
    elif true["sched"] is None:
        report.check(who, "never scheduled", scheduled is None, line["scheduled"], "-")
    elif scheduled is None:
        if uid in log.body and true["sched"] > log.begin:
            report.check(who, "scheduled", False, None, truth["sched"])
        else:
            report.skip(who, "scheduled", "null; no body in the log")
    else:
        near = -oracle.SECOND <= scheduled - true["sched"] < oracle.SECOND
        report.check(who, "scheduled", near, line["scheduled"], truth["sched"])

    check_ready(report, log, line, truth, ready, true["firstready"], lag, excluded)
    check_deleted(report, log, line, truth, ns(line["deleted"]), true["deltime"])
    check_delivery(report, line, truth, true)
    if truth["node"] and line["node"]:
        report.check(who, "node", line["node"] == truth["node"], line["node"], truth["node"])
    if truth["owner"] and line["workload"] and line["workload"].get("name"):
        owner = truth["owner"].partition("/")[2]
        report.check(who, "workload", owner.startswith(line["workload"]["name"]), line["workload"], truth["owner"])
    report.check(who, "not denied", line["verdict"] != "denied", line["verdict"], "it existed")
    check_mirror(report, line, truth)


def check_delivery(report, line, truth, true):
    """What a service becomes while it is being deleted is no delivery; truth has whole seconds."""
    if line["job"] or true["firstready"] is None or true["deltime"] is None:
        return
    asked = true["deltime"] - int(truth["grace"] or 0) * oracle.SECOND
    if true["firstready"] > asked + oracle.SECOND:
        report.check(title(line), "not delivered after its deletion", line["verdict"] not in ("success", "slow"), line["verdict"],
                     "ready %s, asked to go %s" % (truth["firstready"], oracle.format_time(asked)))


def check_mirror(report, line, truth):
    if truth["owner"].startswith("Node/"):
        report.check(title(line), "mirror pod is excluded", line["verdict"] == "excluded", line["verdict"], truth["owner"])


def check_ready(report, log, line, truth, ready, true, lag, excluded):
    who, uid = title(line), truth["uid"]
    if true is None:
        report.check(who, "never ready", ready is None, line["ready"], "never ready")
        if not line["job"] and not excluded and uid in log.status:
            report.check(who, "never ready: verdict", line["verdict"] in ("failed", "aborted", "open"), line["verdict"])
    elif ready is None:
        if uid in log.ready and not excluded:
            report.check(who, "ready", False, None, truth["firstready"])
        else:
            report.skip(who, "ready", "null; no body in the log says it")
    elif uid in log.status:
        late = seconds_between(true, ready)
        if excluded:
            # who watched may have come later than the pod was ready; but a bound must not be printed as if it were known
            report.check(who, "ready not too early", late >= 0, line["ready"], truth["firstready"])
            report.check(who, "ready is no bound", late <= Decimal(lag), line["ready"], truth["firstready"])
        else:
            report.check(who, "ready", 0 <= late <= Decimal(lag), line["ready"], truth["firstready"])
    elif excluded:
        # older than the log, and than the watch: its first time is the last one before it began
        report.skip(who, "ready", "nobody watched when it was first ready")
    else:
        # the log shows a later state of the condition at best: flapping pods are later than their first time
        report.check(who, "ready not before the truth", ready >= true, line["ready"], truth["firstready"])


def check_deleted(report, log, line, truth, deleted, stamp):
    who, uid = title(line), truth["uid"]
    if stamp is None:
        report.check(who, "never deleted", deleted is None or truth["gone"] == "yes", line["deleted"], "-")
    elif deleted is None:
        if uid in log.deleted or (truth["ns"], truth["name"]) in log.deleted:
            report.check(who, "deleted", False, None, truth["deltime"])
        else:
            report.skip(who, "deleted", "null; the log has no word of it")
    else:
        asked = stamp - int(truth["grace"] or 0) * oracle.SECOND
        # since Kubernetes 1.34 the kubelet's last request moves the stamp: it only bounds the first one
        moved = abs(log.removed.get(uid, 0) - asked) < 2 * oracle.SECOND and deleted < asked
        report.check(who, "deleted", abs(deleted - asked) < 2 * oracle.SECOND or moved, line["deleted"], truth["deltime"])


def check_truth(report, log, lines, capture):
    path = os.path.join(capture, "truth", "pods.tsv")
    if not os.path.exists(path):
        path = os.path.join(capture, "pods.tsv")
    with open(path, encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    name = os.path.basename(os.path.normpath(capture))
    by_uid = {line["uid"]: line for line in lines if line["uid"]}
    by_name = defaultdict(list)
    for line in lines:
        if line["verdict"] != "denied":
            by_name[(line["namespace"], line["name"])].append(line)
    unseen = 0
    for row in rows:
        line = by_uid.get(row["uid"])
        if not line and row["uid"] not in log.body:
            line = next((p for p in by_name[(row["ns"], row["name"])] if not p["uid"]), None)
        who = "%s/%s %s" % (row["ns"], row["name"], row["uid"])
        if line:
            check_pod(report, log, line, row, READY_LAG.get(name, READY_LAG_USUAL))
        elif row["uid"] in log.named or (row["ns"], row["name"]) in log.named and row["uid"] not in log.listed:
            report.check(who, "is in the table", False, "missing", "the log names it")
        else:
            unseen += 1
            report.skip(who, "is in the table", "the log shows it in lists alone or not at all")
    true_uids = {row["uid"] for row in rows}
    extra = [title(p) for u, p in by_uid.items() if u not in true_uids]
    report.check("*", "no pod that never was", not extra, extra)
    return len(rows), unseen


def check_refused(report, log, lines, capture):
    path = os.path.join(capture, "expect.tsv")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.count("\t") >= 2]
    denied = [line for line in lines if line["verdict"] == "denied"]
    matched = set()
    for namespace, pattern, words, *_ in rows:
        if "never created" not in words:
            continue
        start = pattern.rstrip("*")
        alive = [line for line in lines if line["namespace"] == namespace and line["uid"] and line["name"].startswith(start)]
        report.check("%s/%s" % (namespace, pattern), "never created", not alive, [title(a) for a in alive], words)
        tried = [c for ns_, name, c in log.refused
                 if ns_ == namespace and (name or start).startswith(start) and c not in (409, 429)]
        found = [i for i, line in enumerate(denied) if line["namespace"] == namespace and (
            (line["name"] or line["generateName"] or start).startswith(start))]
        matched |= set(found)
        if "dryRun" not in words and tried:
            report.check("%s/%s" % (namespace, pattern), "refused, so denied", found, "no denied line", words)
    for i, line in enumerate(denied):
        report.check(title(line), "denied as expected", i in matched or line["name"] is None, line["code"], "not in expect.tsv")
    total = sum(1 for _, _, c in log.refused if c not in (409, 429))
    counted = sum(line["attempts"] for line in denied)
    later = sum(line["attempts"] - 1 for line in lines if line["verdict"] != "denied")
    report.check("*", "attempts add up to the refusals in the log", counted <= total <= counted + max(later, 0) or counted == total,
                 "%d in denied lines, %d beside pods" % (counted, later), total)


def title(line):
    name = line["name"] or (line["generateName"] or "?") + "*"
    return "%s/%s %s" % (line["namespace"], name, line["uid"] or line["verdict"])


def print_table(rows, heads):
    rows = [heads] + [tuple(str(c) if len(str(c)) < 90 else str(c)[:87] + "..." for c in row) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    for row in rows:
        print("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip())


def main():
    args, logs = sys.argv[1:], None
    if "--logs" in args:
        logs = args[args.index("--logs") + 1:]
        args = args[:args.index("--logs")]
    show_all = "--all" in args
    args = [a for a in args if a != "--all"]
    if len(args) != 2:
        sys.exit(__doc__)
    with (sys.stdin if args[0] == "-" else open(args[0], encoding="utf-8")) as f:
        lines = [json.loads(line, parse_float=Decimal) for line in f if line.strip()]
    report, log = Report(), Log(logs or [args[1]])
    check_form(report, lines)
    for line in lines:
        check_sums(report, line)
        check_stages(report, line)
    count, unseen = check_truth(report, log, lines, args[1])
    check_refused(report, log, lines, args[1])
    if report.bad:
        print_table(report.bad, ("POD", "CHECK", "LUNETTES", "TRUTH"))
    if report.skipped and show_all:
        print_table(report.skipped, ("POD", "CHECK", "SKIPPED BECAUSE"))
    verdicts = Counter(line["verdict"] for line in lines)
    print("log: %d records, %d malformed lines; truth: %d pods, %d of them not shown by the log" % (
        log.records, log.malformed, count, unseen))
    print("lunettes: %d lines: %s" % (len(lines), ", ".join("%s %d" % v for v in sorted(verdicts.items()))))
    if report.skipped:
        print("%d checks skipped for what the log cannot show (--all lists them)" % len(report.skipped))
    print("%d passed, %d failed" % (report.passed, len(report.bad)))
    sys.exit(bool(report.bad) or not report.passed)


if __name__ == "__main__":
    main()
