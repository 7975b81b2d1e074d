#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the reports of `lunettes slo`, -o json and -o csv, against a second computation from its fact table alone.

    report.py LUNETTES made|DIRECTORY...

For each of the four SLOs the lines of -o jsonl are grouped by every dimension, counted, ranked and added up here, and
compared with the program's output: groups of --by in their order, counts, attainment, percentiles by nearest rank with
censored ones after all others, stages (time that overlaps counts once), SLIs, the slowest, objectives with their
windows and alerts, and csv byte for byte. Images and cores are in no fact table: they are taken from the bodies.

The time that an undelivered pod had waited is in no line of PodDelivery. It is computed from its stages, once with
stages without an end as in progress and once without them; if the log has all statuses it must be one of the two.
If that decides whether an objective counts a pod, the sums may be between, and the windows are skipped.

`made` is a log of four days that is made here, for windows and alerts. Closes with `N passed, N failed`.
"""
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from decimal import Decimal
from itertools import product

import dumps
import oracle
from oracle import SECOND, as_dict, format_time, parse_time

SKIPPED = 77
SLOS = ("create", "delete", "upgrade", "pvc")
COUNT = {"create": "pods", "delete": "deletions", "upgrade": "upgrades", "pvc": "claims"}
VERDICTS = ("excluded", "denied", "success", "slow", "failed", "aborted", "open")
JUDGED = ("success", "slow", "failed")
RANKS = (("p50", 500), ("p90", 900), ("p99", 990), ("max", 1000))
WITHIN = {"namespace": ("cluster",), "workload": ("cluster", "namespace"), "node": ("cluster",), "storageClass": ("cluster",)}
SINGLE = ("cluster", "namespace", "workload", "ownerKind", "node", "class", "cores", "image", "registry", "storageClass",
          "code", "time=1m")
BY = SINGLE + ("class,workload", "time=1h,namespace", "namespace,node", "code,image")
OF_DUMPS = ("namespace", "workload", "node", "class", "cores", "image", "time=1m")   # each costs a look at all files
OF_FEW = ("namespace", "workload", "image", "storageClass", "time=1m", "class,workload")
TEXTS = ("namespace", "image", "time=1m", "class,workload")     # also as csv
OBJECTIVES = ("success:90%", "delivery<=5s:99%", "delivery<=12s:50%", "total<=30s:95%", "startup<=5s:99%", "sandbox<=2s:90%",
              "imagePull<=1s:75%", "stop<=1s:80%", "cleanup<=2s:80%", "bind<=1s:50%", "success:100%")
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
MONTH = 30 * 24 * HOUR
PAIRS = ((HOUR, 5 * MINUTE, 14400), (6 * HOUR, 30 * MINUTE, 6000), (72 * HOUR, 6 * HOUR, 1000))
ORDER = ("admission", "schedulingGate", "schedule", "startupWait", "sandbox", "imagePull", "init", "create", "start",
         "postStartHook", "readiness", "readinessGate", "killWait", "stop", "cleanup", "finalizers", "waitForConsumer",
         "provision", "bind")
OF_USERS = ("schedulingGate", "init", "postStartHook", "readiness", "stop", "waitForConsumer")  # usually; all else is the platform's


# -------------------------------------------------------------------------------------- one line each

def ns(text):
    return None if text is None else parse_time(text)


def nanoseconds(value):
    return None if value is None else int(value * SECOND)


def covered(stages, wanted, begin, end, open_until):
    """The time in [begin, end) that a stage of the wanted owner takes and no other stage."""
    edges = []
    for s in stages:
        to = ns(s["end"]) if s["end"] else open_until
        if to is not None and max(ns(s["start"]), begin) < min(to, end):
            edges += [(max(ns(s["start"]), begin), s["owner"], 1), (min(to, end), s["owner"], -1)]
    count, total, last = Counter(), 0, None
    for at, owner, step in sorted(edges):
        if count[wanted] > 0 and sum(count.values()) == count[wanted]:
            total += at - last
        count[owner] += step
        last = at
    return total


def in_stage(stages, name, open_until):
    """The time spent in a stage, what overlaps once; None if it went through none."""
    spans = [(ns(s["start"]), ns(s["end"]) if s["end"] else open_until) for s in stages if s["stage"] == name]
    spans = sorted(s for s in spans if s[1] is not None)
    total, until = 0, 0
    for a, b in spans:
        total += max(0, b - max(a, until))
        until = max(until, b)
    return total if spans else None


class Outcome:
    """What is counted, from a line of the fact table."""

    def __init__(self, slo, line, last):
        self.slo, self.line, self.stages = slo, line, line["stages"]
        self.verdict, self.reason = line["verdict"], line["reason"]
        seconds = line["seconds"]
        self.begin = ns(line["created"] if slo in ("create", "pvc") else line["requested"])
        self.total = self.measured = nanoseconds(seconds["total"])
        self.startup = nanoseconds(seconds.get("startup"))
        self.last = last
        if slo in ("create", "pvc") and line["deleted"] and self.last is not None:
            self.last = min(self.last, ns(line["deleted"]))
        if slo == "create":
            self.measured = nanoseconds(seconds["delivery"])
            self.waited = None          # reported by `slowest`, if it failed
        else:
            self.waited = nanoseconds(seconds["waited"])
            if slo == "pvc" and self.total is not None:
                end = self.begin + self.total
                self.measured -= covered(self.stages, "user", self.begin, end, end)

    def identity(self):
        line = self.line
        return line["cluster"], line["namespace"], line["name"], line["uid"]

    def waits(self):
        """What it may have waited: with the stages without an end going on, and without."""
        if self.waited is not None:
            return {self.waited}
        if self.total is not None or self.begin is None or self.last is None:
            return {None}
        if self.last <= self.begin:
            return {0}
        return {self.last - self.begin - covered(self.stages, "user", self.begin, self.last, to) for to in (self.last, None)}

    def ranked(self):
        """(censored, value), or None."""
        if self.verdict == "failed":
            return True, self.waited if self.waited is not None else self.measured or 0
        if self.verdict in ("success", "slow") and self.measured is not None:
            return False, self.measured
        return None


def rank(values, permille):
    """Nearest rank of (censored, value); a censored one is at least what the known ones below it are."""
    values = sorted(values)
    if not values:
        return None
    censored, value = values[max(1, -(-len(values) * permille // 1000)) - 1]
    if censored:
        value = max([value] + [v for c, v in values if not c])
    return value, censored


# ------------------------------------------------------------------------------------------- groups

class Specs:
    """Of each pod UID the spec that was seen first."""

    def __init__(self):
        self.by_uid, self.of_audit = {}, False

    def add(self, uid, spec):
        if uid and as_dict(spec).get("containers"):
            self.by_uid.setdefault(uid, spec)

    def of_logs(self, paths):
        records, _ = oracle.read_records(paths)
        self.of_audit = True
        for r in records:
            for body in [r.response] + (r.response.get("items") or []) if r.resource == "pods" and r.ok else []:
                self.add(as_dict(body.get("metadata")).get("uid"), body.get("spec"))
            if r.resource == "pods" and r.ok and r.verb == "create" and not r.subresource:
                self.add(r.identity()[2], r.request.get("spec"))
        return self

    def of_dumps(self, path):
        for uid, pod in dumps.read(path).pods():
            self.add(uid, pod.get("spec"))
        return self

    def images(self, uid):
        spec = self.by_uid.get(uid)
        return sorted({c["image"] for k in ("containers", "initContainers", "ephemeralContainers")
                       for c in spec.get(k) or [] if c.get("image")}) if spec else []

    def cores(self, uid):
        spec = self.by_uid.get(uid)
        if not spec:
            return None
        wanted = [as_dict(as_dict(c.get("resources")).get("requests")).get("cpu") for c in spec["containers"]]
        return str(sum(int(oracle.quantity(str(w))) for w in wanted if w is not None))


def registry(image):
    host, slash, _ = image.partition("/")
    return host if slash and ("." in host or ":" in host or host == "localhost") else "docker.io"


def keys_of(o, by, specs, classes):
    """The keys of the groups in which it counts."""
    line, uid = o.line, o.line["uid"]
    owner = line.get("workload") or {}
    images = specs.images(uid) or [None]
    choices = []
    for name in by:
        if name.startswith("time"):
            step = {"1m": MINUTE, "1h": HOUR}[name.split("=")[1]]
            choices.append([format_time(o.begin - o.begin % step) if o.begin is not None else None])
        elif name == "image":
            choices.append(images)
        elif name == "registry":
            choices.append(sorted({registry(i) for i in images}) if images != [None] else images)
        else:
            kind = owner.get("kind")
            choices.append([{
                "workload": kind and kind + "/" + owner["name"], "ownerKind": kind, "cores": specs.cores(uid),
                "class": classes.get(uid), "storageClass": line.get("storageClass"), "code": line["code"],
                "cluster": line["cluster"], "namespace": line["namespace"], "node": line.get("node")}[name]])
    return set(product(*choices))


def order_of(keys, by):
    return [(k is None, (len(k), k) if name == "cores" and k is not None else (0, k or "")) for name, k in zip(by, keys)]


def expanded(by):
    """The names of the keys: what a name means something within comes before it."""
    names = []
    for name in by.split(","):
        names += [n for n in WITHIN.get(name, ()) + (name,) if n not in names]
    return names


def grouped(outcomes, by, specs, classes):
    groups = {}
    for o in outcomes:
        for keys in keys_of(o, by, specs, classes):
            groups.setdefault(keys, []).append(o)
    if by == ["time=1m"]:
        times = sorted(parse_time(k) for (k,) in groups if k)
        for at in range(times[0], times[-1], MINUTE) if times else ():
            groups.setdefault((format_time(at),), [])
    return sorted(groups.items(), key=lambda item: order_of(item[0], by))


# ------------------------------------------------------------------------------- what must be printed

def plain(value):
    """Nanoseconds as seconds in a document."""
    return None if value is None else Decimal(value) / SECOND


def share(part, whole):
    return Decimal(part * 10**6 // whole) / 10**6 if whole else None


def quantiles(values):
    values, found = list(values), {"count": 0}
    found["count"] = len(values)
    for name, permille in RANKS:
        at = rank(values, permille)
        found[name] = at and {"seconds": plain(at[0]), "censored": at[1]}
    return found


def summary(outcomes, slo):
    verdicts = Counter(o.verdict for o in outcomes)
    judged = sum(verdicts[v] for v in JUDGED)
    return {COUNT[slo]: len(outcomes), "verdicts": {v: verdicts[v] for v in VERDICTS},
            "excludedReasons": dict(Counter(o.reason for o in outcomes if o.reason)), "judged": judged,
            "attainment": share(verdicts["success"], judged),
            "deliverySeconds" if slo == "create" else "seconds": quantiles(o.ranked() for o in outcomes if o.ranked())}


def group_documents(groups, by, slo, denied_apart):
    for keys, outcomes in groups:
        yield dict([(n.split("=")[0], k) for n, k in zip(by, keys)] + list(summary(outcomes, slo).items()))


def quoted(text):
    return '"%s"' % text.replace('"', '""') if any(c in text for c in '",\n\r') else text


def csv_text(groups, by, slo):
    """RFC 4180, what is unknown empty."""
    names = [n.split("=")[0] for n in by] + [COUNT[slo]] + ["success", "slow", "failed", "aborted", "open", "denied", "excluded",
                                                           "judged", "attainment"]
    out = [",".join(names + [n + w for n, _ in RANKS for w in ("Seconds", "Censored")])]
    for keys, outcomes in groups:
        s = summary(outcomes, slo)
        row = [quoted(k or "") for k in keys] + [str(len(outcomes))] + [str(s["verdicts"][n]) for n in names[len(keys) + 1:-2]]
        row += [str(s["judged"]), "" if s["attainment"] is None else "%.6f" % s["attainment"]]
        for name, _ in RANKS:
            q = s["deliverySeconds" if slo == "create" else "seconds"][name]
            text = "%.9f" % q["seconds"] if q else ""
            row += [text.rstrip("0").rstrip(".") if q else "", str(q["censored"]).lower() if q else ""]
        out.append(",".join(row))
    return "\n".join(out) + "\n"


def usual_owner(name):
    return "user" if name in OF_USERS else "platform"


def only_status_is_waited_for(spec):
    """No gate, and no probe or hook of a container that keeps running: only the status write is between start and Ready."""
    stay = spec["containers"] + [c for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"]
    return not spec.get("readinessGates") and not any(
        c.get("readinessProbe") or c.get("startupProbe") or as_dict(c.get("lifecycle")).get("postStart") for c in stay)


def check_owners(report, slo, lines, specs):
    """Whose each stage of each line is: the usual owner's, but for readiness that nothing of the user's decides."""
    for line in lines:
        spec = specs.by_uid.get(line["uid"])
        for s in line["stages"]:
            owner = usual_owner(s["stage"])
            if slo == "create" and s["stage"] == "readiness" and spec and only_status_is_waited_for(spec):
                owner = "platform"
            report.check("stages", "owner of %s of %s/%s" % (s["stage"], line["namespace"], line["name"]),
                         s["owner"] == owner, s["owner"], owner)


def stage_documents(outcomes):
    done = [o for o in outcomes if o.measured is not None and o.verdict != "excluded"]
    whole = sum(o.total for o in done)
    for name in sorted({s["stage"] for o in done for s in o.stages}, key=ORDER.index):
        times = [t for t in (in_stage(o.stages, name, None) for o in done) if t is not None]
        if times:
            yield {"stage": name, "owner": usual_owner(name), "pods": len(times), "totalSeconds": plain(sum(times)),
                   "share": share(sum(times), whole), "seconds": quantiles((False, t) for t in times)}


# ------------------------------------------------------------------------------------------ objectives

def objective_judgements(o, sli, limit):
    """The allowed result: bad, good or none (None)."""
    if o.verdict in ("excluded", "denied"):
        return {None}
    if limit is None:
        return {o.verdict != "success"} if o.verdict in JUDGED else {None}
    if sli == "startup":
        return {None} if o.startup is None else {o.startup > limit}
    if sli in ("delivery", "total"):
        if o.verdict == "failed":
            return {True}
        done = o.measured if sli == "delivery" else o.total
        if done is not None:
            return {done > limit}
        waits = o.waits() if sli == "delivery" else {max(0, o.last - o.begin) if None not in (o.last, o.begin) else None}
        if o.verdict == "success":      # by a known time, which is within its limits
            return {None}
        return {True if w is not None and w > limit else None for w in waits}
    ended = in_stage(o.stages, sli, None)
    told = {None if ended is None else ended > limit}
    if o.total is None and o.last is not None and any(s["stage"] == sli and s["end"] is None for s in o.stages):
        going = in_stage(o.stages, sli, o.last)
        told |= {True, None} if going is not None and going > limit else {None}
        # whether it is in progress, and until when, is not in the line
    return told


def rate(bad, judged, budget):
    """Burn rate in thousandths, cut off; None is endless."""
    if not bad or not judged:
        return 0
    return bad * 10**9 // (judged * budget) if budget else None


def ends_of(series, first, last, length):
    start = first + length
    return [] if start > last else [start] + sorted({at for at, _ in series if start < at <= last})


def window(series, end, length):
    inside = [bad for at, bad in series if end - length < at <= end]
    return sum(inside), len(inside)


def thousandths(value):
    return None if value is None else Decimal(value) / 1000


def worst_window(series, span, length, budget):
    unknown = {"windowSeconds": plain(length), "end": None, "judged": None, "bad": None, "burnRate": None}
    if span[0] is None or span[1] - span[0] < length:
        return unknown
    best = None
    for end in ends_of(series, *span, length):
        bad, judged = window(series, end, length)
        if judged and (best is None or (bad * best[2], bad) > (best[1] * judged, best[1] if bad * best[2] == best[1] * judged else -1)):
            best = end, bad, judged
    end, bad, judged = best or (None, 0, 0)
    return dict(unknown, end=format_time(end), judged=judged, bad=bad, burnRate=thousandths(rate(bad, judged, budget)))


def alert(series, span, pair, budget):
    longer, shorter, limit = pair
    found = {"windowSeconds": [plain(longer), plain(shorter)], "limit": thousandths(limit), "burnRate": None, "worstAt": None,
             "held": None, "firstHeld": None}
    if span[0] is None or span[1] - span[0] < longer:
        return found
    endless = 10**18
    rates = []
    for end in ends_of(series, *span, longer):
        both = [rate(*window(series, end, length), budget) for length in (longer, shorter)]
        rates.append((min(endless if r is None else r for r in both), end))
    worst = max([r for r, _ in rates], default=0)
    held = next((end for r, end in rates if r >= limit), None)
    return dict(found, burnRate=None if worst == endless else thousandths(worst), held=held is not None, firstHeld=format_time(held),
                worstAt=format_time(next(end for r, end in rates if r == worst)) if worst else None)


def check_objective(report, outcomes, span, text, said):
    what, target = text.rsplit(":", 1)
    sli, limit = (what.split("<=")[0], int(what.split("<=")[1][:-1]) * SECOND) if "<=" in what else (None, None)
    ppm = int(Decimal(target.rstrip("%")) * 10000)
    budget = 10**6 - ppm
    told = [(o, objective_judgements(o, sli, limit)) for o in outcomes]
    sure = [(o, next(iter(t))) for o, t in told if len(t) == 1]
    sure = [(o, bad) for o, bad in sure if bad is not None]
    unsure = sum(len(t) > 1 for _, t in told)
    who = "objective " + text
    report.check(who, "judged", len(sure) <= said["judged"] <= len(sure) + unsure, said["judged"], len(sure))
    known_bad = sum(bad for _, bad in sure)
    report.check(who, "bad", known_bad <= said["bad"] <= known_bad + unsure, said["bad"], known_bad)
    report.unsure += unsure
    judged, bad = said["judged"], said["bad"]
    spent = rate(bad, judged, budget)
    lasts = None
    if judged and span[0] is not None and span[1] - span[0] >= HOUR:
        lasts = 0 if spent is None else MONTH if spent <= 1000 else MONTH * 1000 // spent
    want = {"name": text, "target": share(ppm, 10**6), "thresholdSeconds": plain(limit), "windowSeconds": plain(MONTH),
            "judged": judged, "bad": bad, "attainment": share(judged - bad, judged),
            "met": bad * 10**6 <= judged * budget if judged else None, "budgetSpent": thousandths(spent) if judged else None,
            "budgetLastsSeconds": plain(lasts)}
    if not unsure:
        series = [(o.begin, bad) for o, bad in sure if o.begin is not None]
        want["worst"] = [worst_window(series, span, length, budget) for length in (HOUR, 5 * MINUTE)]
        want["alerts"] = [alert(series, span, pair, budget) for pair in PAIRS]
    for key, value in want.items():
        report.check(who, key, said[key] == value, said[key], value)


# -------------------------------------------------------------------------------- SLIs, and the slowest

def check_slis(report, outcomes, document, classes):
    slis = {s["sli"]: s for s in document["slis"]}
    totals = document["totals"]
    verdicts = totals["verdicts"]
    left = {v: verdicts[v] for v in ("excluded", "denied", "aborted", "open") if verdicts[v]}
    untimed = totals["judged"] - totals["deliverySeconds"]["count"]
    left.update({"of unknown time": untimed} if untimed else {})
    report.check("delivery", "percentiles", slis["delivery"]["seconds"] == totals["deliverySeconds"], slis["delivery"])
    report.check("delivery", "excluded", slis["delivery"]["excluded"] == left, slis["delivery"]["excluded"], left)
    taken = [o for o in outcomes if o.startup is not None]
    want = quantiles((False, o.startup) for o in taken)
    report.check("startup", "percentiles", slis["startup"]["seconds"] == want, slis["startup"]["seconds"], want)
    for name in ("startup", "kubelet"):
        sli, out = slis[name], slis[name]["excluded"]
        report.check(name, "every pod counts once", sli["seconds"]["count"] + sum(out.values()) == len(outcomes), out, len(outcomes))
        for verdict in ("excluded", "denied"):
            report.check(name, verdict, out.get(verdict, 0) == verdicts[verdict], out.get(verdict, 0), verdicts[verdict])
        blank = sum(o.verdict not in ("excluded", "denied") and classes.get(o.line["uid"]) is None for o in outcomes)
        report.check(name, "no spec", out.get("no spec in the log", 0) == blank, out, blank)
    same = {k: v for k, v in slis["kubelet"]["excluded"].items() if k != "ended before it was seen"}
    report.check("kubelet", "excluded as of startup", same == slis["startup"]["excluded"], same, slis["startup"]["excluded"])
    values = {o.startup + o.begin % SECOND for o in taken} | {o.startup for o in taken}
    for name, _ in RANKS:
        q = slis["kubelet"]["seconds"][name]
        report.check("kubelet", name, q is None or nanoseconds(q["seconds"]) in values, q)


def check_waits(report, outcomes, document, complete):
    """What those that failed had waited, as `slowest` has it, against their stages; then it is taken for known."""
    waited = {(s["cluster"], s["namespace"], s["name"], s["uid"]): s["seconds"]["waited"] for s in document["slowest"]}
    for o in outcomes:
        if o.slo == "create" and o.verdict == "failed":
            said, may = nanoseconds(waited[o.identity()]), o.waits()
            o.waited = None
            most = max([w for w in may if w is not None], default=None)
            good = said is None or (said in may if complete else most is None or 0 <= said <= most)
            report.check("/".join(map(str, o.identity())), "waited", good, said, may)
            o.waited = said


def longest(o, said):
    """What may be named as the longest stage: with those that go on until the end, and without them."""
    for until in (o.last, None):
        best = None
        for s in o.stages:
            to = ns(s["end"]) if s["end"] else until if o.total is None else None
            if to is not None and (best is None or to - ns(s["start"]) > best[0]):
                best = to - ns(s["start"]), s
        yield best and {"stage": best[1]["stage"], "subject": best[1]["subject"], "seconds": plain(best[0])}
    if said and o.total is None:        # until it failed by itself
        for s in o.stages:
            if s["end"] is None and s["stage"] == said["stage"] and s["subject"] == said["subject"]:
                yield said


def check_slowest(report, outcomes, document):
    def slowness(o):
        return o.measured if o.measured is not None else o.waited

    ranked = [o for o in outcomes if o.verdict in JUDGED and slowness(o) is not None]
    ranked.sort(key=lambda o: (o.verdict != "failed", -slowness(o), o.identity()[:3], o.identity()[3] or "", o.begin or 0))
    said = document["slowest"]
    report.check("slowest", "how many", len(said) == len(ranked), len(said), len(ranked))
    for o, s in zip(ranked, said):
        want = {"cluster": o.line["cluster"], "namespace": o.line["namespace"], "name": o.line["name"], "uid": o.line["uid"],
                "node": o.line.get("node"), "verdict": o.verdict, "code": o.line["code"], "seconds": {
                    "total": plain(o.total), "delivery": plain(o.measured), "waited": plain(o.waited)}}
        have = {k: v for k, v in s.items() if k != "longest"}
        report.check("slowest", o.line["name"], have == want, have, want)
        report.check("slowest", o.line["name"] + " longest", s["longest"] in list(longest(o, s["longest"])), s["longest"])


# ------------------------------------------------------------------------------------------- all of it

class Report:
    def __init__(self):
        self.passed = self.failed = self.unsure = 0
        self.where = ""

    def check(self, who, what, good, ours="", theirs=""):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("%s: %s, %s: %s, computed %s" % (self.where, who, what, ours, theirs))


def run(program, words):
    done = subprocess.run([program, "slo", "-q"] + words, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit("lunettes ended with %d: %s" % (done.returncode, " ".join(words)))
    return done.stdout.decode()


def document_of(program, words):
    return json.loads(run(program, ["-o", "json"] + words), parse_float=Decimal, parse_int=Decimal)


def check_slo(report, program, slo, paths, specs, classes):
    lines = [json.loads(line, parse_float=Decimal) for line in run(program, ["-o", "jsonl", "--slo", slo] + paths).splitlines()]
    if slo == "create":
        classes.update({line["uid"]: line["class"] for line in lines if line["uid"]})
    words = [w for text in OBJECTIVES for w in ("--objective", text)]
    document = document_of(program, ["--slo", slo, "--limit", "100000"] + words + paths)
    clusters = {c["cluster"]: c for c in document["basis"]["clusters"]}
    outcomes = [Outcome(slo, line, ns(clusters[line["cluster"]]["last"])) for line in lines]
    writes = [(c["podStatusWrites"], c["podStatusBodies"]) for c in clusters.values()]
    check_waits(report, outcomes, document, all(w and w == b for w, b in writes))
    check_owners(report, slo, lines, specs)
    want = summary(outcomes, slo)
    report.check("totals", "all", document["totals"] == want, document["totals"], want)
    want = list(stage_documents(outcomes))
    for ours, theirs in zip(document["stages"], want):
        report.check("stages", ours["stage"], ours == theirs, ours, theirs)
    report.check("stages", "which", [s["stage"] for s in document["stages"]] == [s["stage"] for s in want])
    if slo == "create":
        check_slis(report, outcomes, document, classes)
    check_slowest(report, outcomes, document)
    firsts = [ns(c["first"]) for c in clusters.values() if c["first"]]
    lasts = [ns(c["last"]) for c in clusters.values() if c["last"]]
    span = (min(firsts), max(lasts)) if firsts else (None, None)
    for text, said in zip(OBJECTIVES, document["objectives"]):
        check_objective(report, outcomes, span, text, said)
    report.check("objectives", "how many", len(document["objectives"]) == len(OBJECTIVES))
    choices = OF_DUMPS if not span[0] else BY if len(outcomes) > 3 else OF_FEW if outcomes else BY[:2]
    check_groups(report, program, slo, paths, outcomes, specs, classes, choices)
    return outcomes


def check_groups(report, program, slo, paths, outcomes, specs, classes, choices):
    for by in choices:
        names = expanded(by)
        # what was refused has a spec, but no UID by which to find it
        apart = bool({"image", "registry", "cores", "class"} & set(names)) and slo == "create"
        counted = [o for o in outcomes if not apart or o.verdict != "denied"]
        said = document_of(program, ["--slo", slo, "--by", by, "--limit", "0"] + paths)
        groups = grouped(counted, names, specs, classes)
        if apart:
            denied = sum(o.verdict == "denied" for o in outcomes)
            images = sum(g["verdicts"]["denied"] for g in said["groups"])
            report.check("--by " + by, "denied", images >= denied, images, denied)
            said["groups"] = [dict(g, **{COUNT[slo]: g[COUNT[slo]] - g["verdicts"]["denied"],
                                         "verdicts": dict(g["verdicts"], denied=0)}) for g in said["groups"]]
            said["groups"] = [g for g in said["groups"] if g[COUNT[slo]]]
        want = list(group_documents(groups, names, slo, apart))
        report.check("--by " + by, "keys", said["by"] == [n.split("=")[0] for n in names], said["by"], names)
        report.check("--by " + by, "groups", len(said["groups"]) == len(want), len(said["groups"]), len(want))
        for ours, theirs in zip(said["groups"], want):
            report.check("--by " + by, list(theirs.values())[:len(names)], list(ours.items()) == list(theirs.items()), ours, theirs)
        if by in TEXTS and not (apart and any(o.verdict == "denied" for o in outcomes)):
            ours = run(program, ["-o", "csv", "--slo", slo, "--by", by] + paths)
            theirs = csv_text(groups, names, slo)
            report.check("--by " + by, "csv", ours == theirs, ours, theirs)


# --------------------------------------------------------------------------------------- a log of days

def made_records(rng):
    """Pods of four days, as an API server would log them: created, bound, ready after a while; some hours are bad."""
    start, users = parse_time("2026-03-01T00:00:00Z"), ("system:kube-scheduler", "system:node:n1")
    for i in range(700):
        created = start + rng.randrange(96 * 3600) * SECOND + rng.randrange(10**6) * 1000
        hour = (created - start) // HOUR
        slow = rng.random() < (0.7 if hour in (30, 31, 70) else 0.02)
        took = rng.randrange(100, 400) * SECOND if slow else rng.randrange(1, 20) * SECOND + rng.randrange(1000) * 10**6
        meta = {"name": "p%d" % i, "namespace": "ns%d" % (i % 3), "uid": "00000000-0000-4000-8000-%012d" % i,
                "creationTimestamp": format_time(created)[:19] + "Z"}
        spec = {"containers": [{"name": "c", "image": "made/app:%d" % (i % 4), "resources": {"requests": {"cpu": "%dm" % (i % 5 * 700)}}}],
                "restartPolicy": "Always"}
        pod = {"kind": "Pod", "apiVersion": "v1", "metadata": meta, "spec": spec, "status": {"phase": "Pending"}}
        done = format_time(created + took)[:19] + "Z"
        ready = dict(pod, status={"phase": "Running", "conditions": [
            {"type": t, "status": "True", "lastTransitionTime": done} for t in ("PodScheduled", "Initialized", "ContainersReady", "Ready")],
            "containerStatuses": [{"name": "c", "ready": True, "started": True, "restartCount": 0,
                                   "state": {"running": {"startedAt": done}}}]})
        bound = {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        rows = [(created, "create", None, pod, "alice"), (created + SECOND // 4, "create", "binding", bound, users[0]),
                (created + took, "patch", "status", ready, users[1])]
        for at, verb, sub, body, user in rows:
            ref = {"resource": "pods", "namespace": meta["namespace"], "name": meta["name"], "apiVersion": "v1"}
            ref.update({"subresource": sub} if sub else {})
            times = format_time(at)[:26] + "Z"
            yield times, {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse", "auditID": "%s-%s" % (i, sub or ""),
                          "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/%s/pods" % meta["namespace"], "verb": verb,
                          "user": {"username": user}, "sourceIPs": ["192.0.2.1"], "objectRef": ref,
                          "responseStatus": {"code": 200 if verb == "patch" else 201}, "responseObject": body,
                          "requestReceivedTimestamp": times, "stageTimestamp": times}


def make(path):
    rows = sorted(made_records(random.Random(7)), key=lambda row: row[0])
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(record) + "\n" for _, record in rows)


def inputs_of(path, folder):
    """The operands of the program, and their specs."""
    if path == "made":
        made = os.path.join(folder, "made.log")
        make(made)
        return [made], Specs().of_logs([made])
    archives = [os.path.join(path, n) for n in sorted(os.listdir(path)) if ".tar" in n]
    if archives:
        for archive in archives:
            with tarfile.open(archive) as tar:      # once, not for each run, and only what holds anything
                tar.extractall(os.path.join(folder, "dump"), [m for m in tar if m.isfile() and re.search(r"\.(json|ya?ml)$", m.name)
                                                              and dumps.WANTED.search(tar.extractfile(m).read())])
        return [os.path.join(folder, "dump")], Specs().of_dumps(os.path.join(folder, "dump"))
    logs = [os.path.join(path, n) for n in sorted(os.listdir(path)) if n.startswith("audit")]
    return logs, Specs().of_logs(logs)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if dumps.yaml is None:
        print("python3-yaml is not installed")
        sys.exit(SKIPPED)
    report = Report()
    for path in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            operands, specs = inputs_of(path, folder)
            classes = {}
            for slo in SLOS if specs.of_audit else SLOS[:1]:
                report.where = "%s, %s" % (os.path.basename(os.path.normpath(path)), slo)
                before = report.passed
                outcomes = check_slo(report, sys.argv[1], slo, operands, specs, classes)
                print("%s: %d lines, %d checks" % (report.where, len(outcomes), report.passed - before))
    print("%d objectives' judgements are not decided by the lines" % report.unsure)
    print("%d passed, %d failed" % (report.passed, report.failed))
    sys.exit(report.failed > 0 or report.passed == 0)


if __name__ == "__main__":
    main()
