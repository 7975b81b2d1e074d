#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks `lunettes slo -o jsonl` of a must-gather against a second computation from its objects (dumps.py).

    must_gather.py LUNETTES ARCHIVE|DIRECTORY...

Of every pod: created, scheduled, running, ready, deleted, seconds.total, job, node, class, limits and, as far as it
does not depend on the user's own time, the verdict; then the number of pods, the sums of the verdicts and the
percentiles from creation to readiness.

The rule for times: a whole second T of the dump means [T, T + 1 s). The program may move it up to an exact
earlier fact in that second, so its time must be there; if an earlier fact has a later time, its time is that fact's.
So a total, from the whole second of the creation, agrees when truncated to whole seconds, and so do percentiles.

Prints what disagrees and a closing `N passed, N failed`; exits 77 where python3-yaml is missing.
"""
import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import dumps
import oracle
from oracle import SECOND, format_time

SKIPPED = 77


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, who, what, good, ours=None, theirs=None):
        if good:
            self.passed += 1
            return
        self.failed += 1
        print("%s: %s is %s, by the dump %s" % (who, what, show(ours), show(theirs)))


def show(value):
    if isinstance(value, int) and value > 10**15:
        return format_time(value)
    return json.dumps(sorted(value) if isinstance(value, set) else value, default=str)


def ns(line, key):
    return None if line[key] is None else oracle.parse_time(line[key])


def run(program, form, paths):
    done = subprocess.run([program, "slo", "-q", "-o", form] + paths, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        print("lunettes ended with %d" % done.returncode)
    return done.returncode, done.stdout.decode()


def within(ours, second, *before):
    """Whether a printed time is that second, or that of a fact in it, or after it, that must have been earlier."""
    if ours is None or second is None:
        return ours is second
    if second <= ours < second + SECOND:
        return True
    pushed = max([at for at in before if at is not None], default=None)
    return pushed is not None and pushed >= second + SECOND and ours == pushed


def check_times(report, line, facts):
    who = facts.title
    if facts.skewed:
        return      # its times are of another clock: printing them is optional
    created, scheduled, running, ready = (ns(line, k) for k in ("created", "scheduled", "running", "ready"))
    report.check(who, "created", created == facts.created, created, facts.created)
    at = facts.scheduled if facts.scheduled is not None else facts.scheduled_event
    near = facts.scheduled_event is not None and scheduled is not None and abs(scheduled - facts.scheduled_event) < 10**6
    report.check(who, "scheduled", near or within(scheduled, at, created), scheduled, at)
    if facts.running_exact:
        good = running is not None and abs(running - facts.running) < 1000 or within(running, facts.running, scheduled)
    else:
        good = within(running, facts.running, created, scheduled)
    report.check(who, "running", good or facts.running_is_bound and running is None, running, facts.running)
    if facts.job and ready is None:
        report.passed += 1      # what a job does after its start is its own matter
    else:
        good = within(ready, facts.ready, created, scheduled, running) or facts.containers_ready is not None and within(
            ready, facts.containers_ready, created, scheduled, running)
        report.check(who, "ready" + (" (%s)" % facts.why if facts.why else ""), good, ready, facts.ready)
    report.check(who, "deleted", ns(line, "deleted") == facts.deleted, ns(line, "deleted"), facts.deleted)
    times = [t for t in (created, scheduled, running, None if facts.job else ready) if t is not None]
    report.check(who, "order of milestones", times == sorted(times), [format_time(t) for t in times], "sorted")


def check_total(report, line, facts):
    who, total = facts.title, line["seconds"]["total"]
    ours = None if total is None else int(total)
    if facts.mirror and total is None:
        report.passed += 1      # excluded: computing it is optional
        return
    end = ns(line, "running" if facts.job else "ready")
    moved = end is not None and total is not None and Decimal(end - ns(line, "created")) / SECOND == total
    report.check(who, "seconds.total", ours == facts.total() or moved and not within(end, facts.done()), total, facts.total())
    if total is not None:
        report.check(who, "total = end - created", moved, total, line["ready"])
        s = line["seconds"]
        report.check(who, "total = delivery + user", total == s["delivery"] + s["user"] and min(s["delivery"], s["user"]) >= 0, s)


def check_pod(report, line, facts, latest):
    who = facts.title
    report.check(who, "name", (line["namespace"], line["name"]) == (facts.namespace, facts.name), line["name"], facts.name)
    report.check(who, "node", (line["node"] or "") == facts.node, line["node"], facts.node)
    report.check(who, "job", line["job"] == facts.job, line["job"], facts.job)
    report.check(who, "class", line["class"] == facts.klass, line["class"], facts.klass)
    limits = line["limitSeconds"]
    report.check(who, "limits", (limits["deadline"], limits["delivery"]) == (facts.deadline, facts.limit), limits,
                 [facts.deadline, facts.limit])
    check_times(report, line, facts)
    check_total(report, line, facts)
    allowed = facts.allowed(latest)
    report.check(who, "verdict", line["verdict"] in allowed, line["verdict"], allowed)
    report.check(who, "mirror pod", (line["reason"] == "mirror pod") == facts.mirror, line["reason"], facts.mirror)
    if facts.bound is not None and line["verdict"] == "excluded" and not facts.mirror:
        report.check(who, "reason", line["reason"] == "readiness not in the log", line["reason"], "readiness not in the log")


def check_extra(report, lines, dump, statics):
    """Pods that were not dumped: only those that an Event names, and nothing is invented of them."""
    for line in lines:
        who = "%s/%s %s" % (line["namespace"], line["name"], line["uid"])
        known = line["uid"] in dump.named or line["uid"] is None and (line["namespace"], line["name"]) in dump.named
        report.check(who, "is in the dump", known, "a line", "neither a Pod nor an Event")
        report.check(who, "a static pod stands once", line["uid"] not in statics, line["uid"], "its mirror's annotation")
        report.check(who, "verdict of a pod without object", line["verdict"] == "excluded", line["verdict"], "excluded")
        report.check(who, "total of a pod without object", line["seconds"]["total"] is None, line["seconds"], None)


def check_sums(report, lines, document, facts):
    counts = Counter(line["verdict"] for line in lines)
    totals = document["totals"]
    report.check("*", "pods", totals["pods"] == len(lines), totals["pods"], len(lines))
    told = {k: v for k, v in totals["verdicts"].items() if v}
    report.check("*", "verdicts", told == dict(counts), told, dict(counts))
    report.check("*", "verdicts' sum", sum(told.values()) == len(lines), sum(told.values()), len(lines))
    reasons = Counter(line["reason"] for line in lines if line["reason"])
    report.check("*", "reasons", totals["excludedReasons"] == dict(reasons), totals["excludedReasons"], dict(reasons))
    mine = dumps.percentiles(f.total() for f in facts if not f.job and not f.mirror and f.total() is not None)
    theirs = dumps.percentiles(int(line["seconds"]["total"]) for line in lines if line["job"] is False
                               and line["reason"] != "mirror pod" and line["seconds"]["total"] is not None)
    for name, a, b in zip(("p50", "p90", "p99", "max"), theirs, mine):
        report.check("*", "creation to Ready, " + name, a == b, a, b)
    return mine


def judge(program, paths):
    dump, report = dumps.read(*paths), Report()
    facts = {uid: dumps.Facts(pod, dump) for uid, pod in dump.pods()}
    status, text = run(program, "jsonl", paths)
    report.check("*", "exit status", status == 0, status, 0)
    lines = [json.loads(line, parse_float=Decimal) for line in text.splitlines()]
    by_uid = {line["uid"]: line for line in lines}
    dumped = [line for line in lines if line["uid"] in facts]
    report.check("*", "pods, by UID", len(dumped) == len(facts), len(dumped), len(facts))
    report.check("*", "each UID once", len(by_uid) == len(lines), len(lines), len(by_uid))
    for uid, fact in facts.items():
        if uid in by_uid:
            check_pod(report, by_uid[uid], fact, dump.latest)
        else:
            report.check(fact.title, "the pod", False, "missing", "dumped")
    statics = {f.static_uid for f in facts.values() if f.mirror} - set(facts)
    extra = [line for line in lines if line["uid"] not in facts]
    check_extra(report, extra, dump, statics)
    status, text = run(program, "json", paths)
    if status == 0 and lines:
        mine = check_sums(report, lines, json.loads(text), facts.values())
        print("services, creation to Ready: p50 %s p90 %s p99 %s max %s" % tuple(mine))
    known = Counter("mirror" if f.mirror else "job" if f.job else "ready" if f.ready is not None else
                    "ready by" if f.bound is not None else "not ready" for f in facts.values())
    print("dump: %d pods (%s), %d named by Events alone; latest %s" % (
        len(facts), ", ".join("%s %d" % item for item in sorted(known.items())), len(extra), format_time(dump.latest)))
    return report


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if dumps.yaml is None:
        print("python3-yaml is not installed")
        sys.exit(SKIPPED)
    report = judge(sys.argv[1], sys.argv[2:])
    print("%d passed, %d failed" % (report.passed, report.failed))
    sys.exit(report.failed > 0 or report.passed == 0)


if __name__ == "__main__":
    main()
