#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the fact tables of deletions, upgrades and claims against observations in the cluster itself.

    check_lives.py LUNETTES CAPTURE [--all] [--logs PATH...]

CAPTURE has audit*/ (the logs, unless --logs names others; without either, testdata/audit) and
truth/pods-watch.json.zst (or testdata/watches has it under the capture's name): a watch of all pods, kept
through another API server. The facts of the watch are computed here without the program: when a pod was deleted
(deletionTimestamp minus the grace period), between which moments it was gone, when its containers ended, which images
were changed. A watch has no times of its own, but resourceVersions put all writes in one order: a pod is gone
after every write with a lower one, and before every object that was created with a higher one.
Claims are not in the watch; they are computed a second time from the log. Values that the log cannot show are
listed (--all), not failed. Closes with `N passed, N failed`; exits 1 if anything failed or nothing was checked.
"""
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import oracle
from check import Report, dec, ns, seconds_between
from run import ROOT, SKIPPED, logs_of

SECOND = oracle.SECOND
# A request is stamped when it arrives; the deletionTimestamp when it is handled: at most so much later. In 5-ha the
# API servers were overloaded.
HANDLING = {"5-ha": 12 * SECOND}
HANDLING_USUAL = 1 * SECOND
CLOCKS = SECOND  # a node's clock against the API server's
LIMITS = {"delete": 600, "upgrade": 540, "pvc": 600}
STEPS = ("requested", "killing", "stopped", "released", "gone")
LATEST = 10**20


# ------------------------------------------------------------------------------------------ the watch

def frames(path):
    """The frames of a watch file: concatenated JSON; a torn last one is left out."""
    text = oracle.read_file(path).decode(errors="replace")
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        while at < len(text) and text[at].isspace():
            at += 1
        try:
            frame, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield frame["type"], frame["object"]


def written(meta):
    """The latest known time of a write to the object."""
    times = [oracle.parse_time(m.get("time")) for m in meta.get("managedFields") or []]
    return max([t for t in times if t] + [oracle.parse_time(meta.get("creationTimestamp")) or 0])


class Life:
    """One pod UID as the watch saw it."""

    def __init__(self, meta):
        self.namespace, self.name, self.uid = meta["namespace"], meta["name"], meta["uid"]
        self.mirror = "kubernetes.io/config.mirror" in (meta.get("annotations") or {})
        self.requested = self.grace = self.gone_version = None
        self.finalizers, self.ends, self.images, self.changes, self.ready = [], {}, {}, [], None

    def see(self, kind, pod):
        meta, status = pod["metadata"], pod.get("status") or {}
        deletion, grace = oracle.parse_time(meta.get("deletionTimestamp")), meta.get("deletionGracePeriodSeconds")
        self.finalizers = meta.get("finalizers") or []
        if deletion is not None and self.requested is None:
            self.requested, self.grace = deletion - grace * SECOND, grace
        if kind == "DELETED":
            self.gone_version = int(meta["resourceVersion"])
        for c in (status.get("containerStatuses") or []) + (status.get("initContainerStatuses") or []):
            end = oracle.parse_time(((c.get("state") or {}).get("terminated") or {}).get("finishedAt"))
            self.ends[c["name"]] = end
        for c in pod["spec"].get("containers", []) + pod["spec"].get("initContainers", []):
            before = self.images.get(c["name"])
            if before and before != c["image"]:
                self.changes.append([c["name"], before, c["image"], None])
            self.images[c["name"]] = c["image"]
        for c in status.get("conditions") or []:
            if c["type"] == "Ready" and c["status"] == "True":
                for change in self.changes:
                    change[3] = change[3] or oracle.parse_time(c["lastTransitionTime"])


class Watch:
    def __init__(self, capture):
        self.lives, self.writes, self.creations, self.end = {}, [], [], 0
        truth = os.path.join(capture, "truth")
        for path in (os.path.join(truth, "pods-watch.json.zst"), os.path.join(truth, "events-watch.json.zst"),
                     os.path.join(ROOT, "testdata", "watches", os.path.basename(capture) + ".json.zst")):
            for kind, found in frames(path) if os.path.exists(path) else []:
                meta = found["metadata"]
                if not meta.get("resourceVersion"):
                    continue
                self.clock(kind, meta)
                if found.get("kind") == "Pod":
                    self.lives.setdefault(meta["uid"], Life(meta)).see(kind, found)

    def clock(self, kind, meta):
        version, at = int(meta["resourceVersion"]), written(meta)
        if kind != "DELETED":
            self.writes.append((version, at))
            self.end = max(self.end, at)
        # an object without later writes has the version of its creation
        if kind == "ADDED" and len(meta.get("managedFields") or []) <= 1 and \
                at == oracle.parse_time(meta.get("creationTimestamp")):
            self.creations.append((version, at + SECOND))

    def gone(self, life):
        """Between which moments: (not before, not after)."""
        first = max([t for v, t in self.writes if v < life.gone_version] + [0])
        last = min([t for v, t in self.creations if v > life.gone_version] + [LATEST])
        return max(first, life.requested or 0), last


# ---------------------------------------------------------------------------------------- the program

def table(program, slo, logs):
    out = subprocess.run([program, "slo", "--slo", slo, "-o", "jsonl"] + logs, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True)
    return [json.loads(line, parse_float=Decimal) for line in out.stdout.splitlines()]


def title(line):
    return "%s/%s" % (line["namespace"], line["name"])


def check_sums(report, line, begin, end, limit):
    """What holds of every line, whatever the cluster did."""
    who, total = title(line), dec(line["seconds"]["total"])
    if line["verdict"] in ("success", "slow") and begin is not None and end is not None:
        report.check(who, "total", total == seconds_between(begin, end), total, seconds_between(begin, end))
    if line["verdict"] == "slow":
        report.check(who, "slow is over the limit", total > limit, total, limit)
    report.check(who, "excluded has a reason", (line["verdict"] == "excluded") == (line["reason"] != ""), line["reason"])
    for s in line["stages"]:
        report.check(who, "stage " + s["stage"], s["end"] is None or ns(s["end"]) >= ns(s["start"]), s["start"], s["end"])


# ------------------------------------------------------------------------------------------ deletions

def check_deletion(report, capture, watch, life, line, log_end):
    who, requested, gone = title(line), ns(line["requested"]), ns(line["gone"])
    handling = HANDLING.get(capture, HANDLING_USUAL)
    # a pod that is deleted by force is stopped after that
    steps = [k for k in STEPS if line["graceSeconds"] != 0 or k not in ("killing", "stopped")]
    known = [ns(line[k]) for k in steps if line[k] is not None]
    report.check(who, "in order", known == sorted(known), known)
    if life.mirror:
        report.check(who, "a mirror pod is excluded", line["reason"] == "mirror pod", line["reason"])
        return
    if requested is not None and life.requested is not None:
        whole = life.requested
        report.check(who, "requested", whole - handling <= requested < whole + SECOND, line["requested"], oracle.format_time(whole))
    if life.gone_version is None:
        report.check(who, "not gone", gone is None or gone >= watch.end - handling, line["gone"], "still there")
        return
    first, last = watch.gone(life)
    if gone is not None:
        report.check(who, "gone", first - handling <= gone <= last, line["gone"],
                     oracle.format_time(first) + " to " + (oracle.format_time(last) if last < LATEST else "?"))
    elif line["verdict"] != "excluded" and line["verdict"] != "success":
        report.check(who, "gone", first + handling >= log_end, "not gone", oracle.format_time(first))
    else:
        report.skip(who, "gone", line["reason"] or "gone by a known time")
    if line["verdict"] != "excluded" and last < LATEST and requested and last - requested <= LIMITS["delete"] * SECOND:
        report.check(who, "verdict", line["verdict"] == "success" or first + handling >= log_end, line["verdict"], "success")
    if line["graceSeconds"] is not None and life.grace is not None:
        report.check(who, "grace", line["graceSeconds"] <= life.grace, line["graceSeconds"], life.grace)
    check_stopped(report, life, line, requested)


def check_stopped(report, life, line, requested):
    ends, stopped = [e for e in life.ends.values() if e], ns(line["stopped"])
    if stopped is None or requested is None or not ends:
        report.skip(title(line), "stopped", "not in the log" if stopped is None else "not in the watch")
        return
    if len(ends) < len(life.ends):
        report.skip(title(line), "stopped", "the watch shows no end of some containers")
        return
    last = max(ends + [requested - SECOND])
    report.check(title(line), "stopped", last - CLOCKS <= stopped < last + SECOND + CLOCKS, line["stopped"], oracle.format_time(last))


def check_deletions(report, capture, watch, lines, log_end, named):
    by_uid = {line["uid"]: line for line in lines if line["uid"]}
    by_name = {(line["namespace"], line["name"]): line for line in lines if not line["uid"]}
    matched = set()
    for life in watch.lives.values():
        if life.requested is None and life.gone_version is None:
            continue
        line = by_uid.get(life.uid) or by_name.get((life.namespace, life.name))
        who = "%s/%s" % (life.namespace, life.name)
        if not line:
            shown = bool(named & {life.uid, (life.namespace, life.name)})
            if not shown:
                report.skip(who, "deleted", "not in the log")
            report.check(who, "deleted", not shown, "no line", "deleted")
            continue
        matched.add(id(line))
        check_deletion(report, capture, watch, life, line, log_end)
    for line in lines:
        check_sums(report, line, ns(line["requested"]), ns(line["gone"]), LIMITS["delete"])
        life = watch.lives.get(line["uid"])
        if id(line) not in matched and line["uid"]:
            late = ns(line["requested"]) is not None and ns(line["requested"]) >= watch.end - SECOND
            report.check(title(line), "deleted", late or (life is None and watch.end > 0), line["requested"], "not deleted")


# ------------------------------------------------------------------------------------------- upgrades

def check_upgrades(report, watch, lines):
    images = Counter()
    for line in lines:
        check_sums(report, line, ns(line["requested"]), ns(line["ready"]), LIMITS["upgrade"])
        if line["how"] != "image":
            continue
        life, who = watch.lives.get(line["uid"]), title(line)
        if not life:
            report.skip(who, "image", "the watch does not know its UID")
            continue
        images[line["uid"]] += 1
        change = [c for c in life.changes if c[0] == line["containers"][0] and c[2] == line["after"]]
        report.check(who, "image", change and change[0][1] == line["before"], line["after"], life.changes)
        if change and line["ready"] and change[0][3]:
            # the write of Ready is up to a few seconds after its transition
            behind = ns(line["ready"]) - change[0][3]
            report.check(who, "ready again", 0 <= behind < 5 * SECOND, line["ready"], oracle.format_time(change[0][3]))
    for life in watch.lives.values():
        if life.changes and life.uid not in images:
            report.skip("%s/%s" % (life.namespace, life.name), "image", "the change is not in the log")


# --------------------------------------------------------------------------------------------- claims

def claims_of(records):
    """(namespace, name) of the claims that were created once: created and bound, from the log's bodies."""
    found = {}
    for r in records:
        if r.resource != "persistentvolumeclaims" or not r.ok or r.dry:
            continue
        meta = oracle.as_dict(r.response.get("metadata")) or r.ref
        key = (r.ref.get("namespace"), meta.get("name"))
        if r.verb == "create" and not r.subresource:
            found.setdefault(key, []).append([r.received, None])
        elif r.subresource == "status" and key in found and oracle.as_dict(r.request.get("status")).get("phase") == "Bound":
            found[key][-1][1] = found[key][-1][1] or r.received
    return {key: lives[0] for key, lives in found.items() if len(lives) == 1}


def check_claims(report, records, lines):
    claims, seen = claims_of(records), set()
    for line in lines:
        who, created, bound = title(line), ns(line["created"]), ns(line["bound"])
        check_sums(report, line, created, bound, LIMITS["pvc"])
        key = (line["namespace"], line["name"])
        if key not in claims or line["verdict"] == "denied":
            report.skip(who, "claim", "its create is not in the log, or it was refused")
            continue
        seen.add(key)
        report.check(who, "created", created == claims[key][0], line["created"], oracle.format_time(claims[key][0]))
        if claims[key][1] is not None:
            report.check(who, "bound", bound == claims[key][1], line["bound"], oracle.format_time(claims[key][1]))
        else:
            report.skip(who, "bound", "no body shows it")
    report.check("*", "claims", set(claims) <= seen, len(seen), len(claims))


# --------------------------------------------------------------------------------------------------

def deleted_in(records):
    """Whose deletion the log shows: it was asked for by name, or a body shows the pod being deleted."""
    found = set()
    for r in records:
        if r.resource != "pods" or not r.ok or r.dry:
            continue
        for item in r.response.get("items") or []:
            meta = oracle.as_dict(item.get("metadata"))
            if r.verb == "deletecollection" or meta.get("deletionTimestamp"):
                found.add(meta.get("uid"))
        namespace, name, uid = r.identity()
        if r.verb == "delete" or r.subresource == "eviction" or any(
                oracle.as_dict(b.get("metadata")).get("deletionTimestamp") for b in r.bodies()):
            found |= {uid, (namespace, name)}
    return found - {None, ""}


def main():
    words = [w for w in sys.argv[1:] if w != "--all"]
    logs = words[words.index("--logs") + 1:] if "--logs" in words else []
    if len(words) < 2:
        sys.exit(__doc__)
    if not shutil.which("zstd"):
        print("the program zstd is not installed")
        sys.exit(SKIPPED)
    program, capture = words[0], os.path.normpath(words[1])
    logs = logs or logs_of(capture)
    watch, report = Watch(capture), Report()
    if not watch.lives:
        sys.exit("%s has no watch of pods" % capture)
    records, _ = oracle.read_records(logs)
    log_end = max(r.complete for r in records)
    deletions = table(program, "delete", logs)
    check_deletions(report, os.path.basename(capture), watch, deletions, log_end, deleted_in(records))
    upgrades = table(program, "upgrade", logs)
    check_upgrades(report, watch, upgrades)
    claims = table(program, "pvc", logs)
    check_claims(report, records, claims)
    print("%d deletions, %d upgrades, %d claims; the watch saw %d deleted, %d gone" % (
        len(deletions), len(upgrades), len(claims), sum(v.requested is not None for v in watch.lives.values()),
        sum(v.gone_version is not None for v in watch.lives.values())))
    for who, what, ours, truth in report.bad:
        print("%-44s %-24s ours %s, truth %s" % (who, what, ours, truth))
    if "--all" in sys.argv:
        for who, what, why in report.skipped:
            print("%-44s %-24s skipped: %s" % (who, what, why))
    print("%d passed, %d failed" % (report.passed, len(report.bad)))
    sys.exit(bool(report.bad) or not report.passed)


if __name__ == "__main__":
    main()
