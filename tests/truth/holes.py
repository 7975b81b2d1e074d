#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The holes of a log, writer by writer, computed from the raw log and from notes about the capture.

    holes.py CAPTURE...                      prints the holes of this computation
    holes.py --program LUNETTES CAPTURE...   compares `lunettes inspect -o json` with it

The rule of this computation, which is not the program's:
  - a writer is a user of the control plane (the scheduler, the controller manager, each controller, each kubelet), or a
    whole log (`*`: all records of one API server);
  - its records within one second count as one moment; with fewer than 20 moments its rhythm is unknown;
  - a silence is between two moments, or between a moment and the log's begin or end;
  - it is a hole if it is at least FLOOR long, and more than TIMES as long as the silence in which the writer is at a
    middling moment of the rest of its time (the median of the other silences, weighted by how long they are).
So a controller that has nothing to do for minutes, again and again, has no hole, and one that was busy three times is
unknown. Controllers have no heartbeat, as kubelets and leaders have with their leases: they must be silent for longer.

A capture's holes.tsv (CAPTURE/truth, or holes/NAME.tsv here) lists the known holes, from the notes of the people who ran it:
    writer or *    from    to    must or may    why
With the program: a hole or a gap that it reports must be within one of these rows or a hole of the rule, up to SLACK;
each `must` row must be covered by a gap, or by holes of the writer (of `*`: of any writer). After an end
that is open (null) the raw log must have no record of the writer; the other end must be within such a row or hole.
Writers with fewer than 20 records have the status `rare`, because they have no rhythm of their own: their holes are
exactly the gaps of the whole log. Those without a record are `absent`. Prints what disagrees and a closing `N passed, N failed`.
"""
import json
import os
import re
import subprocess
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
from oracle import SECOND, files_of, format_time, parse_time, read_file  # noqa: E402
from run import logs_of  # noqa: E402

MOMENTS = 20
# How many times longer, and how long at least, of: a whole log, one with a heartbeat, one without.
RULES = [(re.compile(r"\* .*"), 8, 10 * SECOND), (re.compile(r"system:serviceaccount:.*"), 16, 30 * SECOND),
         (re.compile(r".*"), 8, 30 * SECOND)]
SLACK = 12 * SECOND     # a kubelet renews its lease every 10 s: its silence begins up to that much before what stopped it
CONTROL_PLANE = re.compile(r"system:(kube-scheduler|kube-controller-manager|node:.+|serviceaccount:kube-system:.+)")


# ----------------------------------------------------------------------------------------- the rule

def log_name(path):
    """All rotated files of one API server: its folder."""
    return "* " + os.path.basename(os.path.dirname(path))


def times_of(paths):
    """By writer, the times of all its records; and by writer, which logs hold it."""
    times, logs = defaultdict(list), defaultdict(set)
    for path in files_of(paths):
        for line in read_file(path).split(b"\n"):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            at = parse_time(record.get("stageTimestamp")) if isinstance(record, dict) else None
            if at is None:
                continue
            user = (record.get("user") or {}).get("username") or ""
            for writer in [log_name(path)] + [user] * bool(CONTROL_PLANE.fullmatch(user)):
                times[writer].append(at)
                logs[writer].add(log_name(path))
    return times, logs


def silences(times, begin, end):
    """(from, to) of each stretch between two moments, and the number of moments."""
    moments = []
    for at in sorted(times):
        if not moments or at - moments[-1][0] >= SECOND:
            moments.append([at, at])
        moments[-1][1] = at
    edges = [begin] + [at for moment in moments for at in moment] + [end]
    return [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i + 1] > edges[i]], len(moments)


def middling(lengths):
    """The length of the silence that covers the middle of their sum."""
    left = sum(lengths) / 2
    for length in sorted(lengths):
        left -= length
        if left <= 0:
            return length
    return 0


def holes_of(writer, times, begin, end):
    """(status, holes) of one writer."""
    ratio, floor = next(rule[1:] for rule in RULES if rule[0].fullmatch(writer))
    found, moments = silences(times, begin, end)
    if moments < MOMENTS:
        return "unknown", []
    holes = []
    for start, stop in found:
        others = [b - a for a, b in found if (a, b) != (start, stop)]
        if stop - start >= floor and stop - start > ratio * middling(others):
            holes.append((start, stop))
    return "holes" if holes else "whole", holes


def rule(paths):
    """By writer: (records, first, last, status, holes)."""
    times, logs = times_of(paths)
    found = {}
    for writer, own in times.items():
        begin = min(min(times[log]) for log in logs[writer])
        end = max(max(times[log]) for log in logs[writer])
        status, holes = holes_of(writer, own, begin, end)
        found[writer] = (len(own), min(own), max(own), status, holes)
    return found


# -------------------------------------------------------------------------------------- what is known

def rows_of(capture):
    name = os.path.basename(os.path.normpath(capture))
    for path in (os.path.join(capture, "truth", "holes.tsv"), os.path.join(HERE, "holes", name + ".tsv"),
                 os.path.join(ROOT, "testdata", "captures", name, "truth", "holes.tsv")):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                cells = [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]
            return [(c[0], parse_time(c[1]), parse_time(c[2]), c[3], c[4]) for c in cells]
    return None


def fits(row, writer):
    return row[0] == "*" or row[0] == writer


def inside(start, end, low, high):
    return low - SLACK <= start and end <= high + SLACK


def explained(rows, writer, start, end):
    return next((row for row in rows if fits(row, writer) and inside(start, end, row[1], row[2])), None)


def reported(program, paths):
    """(writers, gaps) that inspect reports."""
    out = subprocess.run([program, "inspect", "-q", "-o", "json"] + paths, stdout=subprocess.PIPE, check=True).stdout
    document = json.loads(out)
    writers = find(document, "writers")
    gaps = [(parse_time(g["from"]), parse_time(g["to"])) for c in document["basis"]["clusters"] for g in c["gaps"]]
    return writers, gaps


def find(value, key):
    """The first list of that name anywhere in a document, or None."""
    if isinstance(value, dict):
        if isinstance(value.get(key), list):
            return value[key]
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        found = find(inner, key)
        if found is not None:
            return found
    return None


# ----------------------------------------------------------------------------------------- judging

class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, words):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("FAIL " + words)


def span(start, end):
    return "%s to %s (%.1f s)" % (format_time(start)[11:23], format_time(end)[11:23], (end - start) / SECOND)


def show(name, found, rows):
    print("== %s" % name)
    for writer, (records, first, last, status, holes) in sorted(found.items(), key=lambda item: -item[1][0]):
        print("%-62s %6d records, %s to %s: %s" % (writer, records, format_time(first)[11:19], format_time(last)[11:19], status))
        for start, end in holes:
            row = explained(rows, writer, start, end)
            print("    %s  %s" % (span(start, end), row[4] if row else "NOT EXPLAINED"))


def judge_rare(report, who, holes, gaps, first, last):
    """Each gap of the whole log, and nothing else; open where the writer is not seen on that side of it."""
    want = [(None if first >= high - SECOND else low, None if last <= low + SECOND else high) for low, high in gaps]
    same = len(holes) == len(want) and all(
        (a is None) == (b is None) and (a is None or abs(a - b) <= SECOND)
        for mine, theirs in zip(holes, want) for a, b in zip(mine, theirs))
    report.check(same, "%s is rare, and its holes are %s, the log's gaps %s" % (who, holes, want))


def closed(report, who, hole, seen):
    """The hole with an open end moved to the other one; the raw log must have no record of the writer after it."""
    start, end = hole
    first, last = seen or (None, None)
    if start is None and end is None:
        report.check(seen is None, "%s is silent in all of the log, and wrote %s" % (who, format_time(first)))
        return None
    if start is None:
        report.check(first is not None and first >= end - SECOND, "%s was not seen before %s, and wrote %s" % (
            who, format_time(end), format_time(first)))
        return end, end
    if end is None:
        report.check(last is not None and last <= start + SECOND, "%s is not seen behind %s, and wrote %s" % (
            who, format_time(start), format_time(last)))
        return start, start
    return start, end


def judge_writer(report, who, line, holes, gaps, seen):
    """Its status, by what the raw log holds of it; and the holes that have to be explained."""
    status = "present" if line["records"] >= MOMENTS else "rare" if line["records"] else "absent"
    report.check(line["status"] == status, "%s is %s with %d records" % (who, line["status"], line["records"]))
    report.check((seen is None) == (line["records"] == 0), "%s has %d records" % (who, line["records"]))
    if status == "rare" and seen:
        judge_rare(report, who, holes, gaps, *seen)
        return []
    return [hole for hole in (closed(report, who, hole, seen) for hole in holes) if hole]


def judge(report, program, capture, found, rows):
    name = os.path.basename(os.path.normpath(capture))
    writers, gaps = reported(program, logs_of(capture))
    report.check(writers is not None, "%s: inspect lists no writers" % name)
    mine = {writer: holes for writer, (*_, holes) in found.items()}
    seen = {writer: (first, last) for writer, (_, first, last, *_) in found.items()}
    whole = [hole for writer, holes in mine.items() if writer.startswith("*") for hole in holes]
    holes = defaultdict(list)
    for line in writers or []:
        listed = [(parse_time(h["from"]), parse_time(h["to"])) for h in line["holes"]]
        writer = line["writer"]
        holes[writer] += judge_writer(report, "%s: %s" % (name, writer), line, listed, gaps, seen.get(writer))
    for writer, start, end in [("*", *gap) for gap in gaps] + [(w, *hole) for w in sorted(holes) for hole in holes[w]]:
        by_rule = any(inside(start, end, *hole) for hole in mine.get(writer, []) + whole)
        report.check(by_rule or explained(rows, writer, start, end), "%s: %s is silent from %s, and nothing explains it" % (
            name, writer, span(start, end)))
    for writer, low, high, must, why in rows:
        known = gaps + [hole for w in holes if writer in ("*", w) for hole in holes[w]]
        covers = any(start <= low + SLACK and high - SLACK <= end for start, end in known)
        report.check(must != "must" or covers, "%s: no hole of %s from %s: %s" % (name, writer, span(low, high), why))


def main():
    args = sys.argv[1:]
    program = None
    if args[:1] == ["--program"]:
        program, args = args[1], args[2:]
    if not args:
        sys.exit(__doc__)
    report = Report()
    for capture in args:
        name = os.path.basename(os.path.normpath(capture))
        found, rows = rule(logs_of(capture)), rows_of(capture)
        report.check(rows is not None, "%s: no holes.tsv" % name)
        if program:
            judge(report, program, capture, found, rows or [])
        else:
            show(name, found, rows or [])
        for writer, (*_, holes) in found.items():
            for start, end in holes:
                words = "%s: by the rule, %s is silent from %s, and nothing explains it" % (name, writer, span(start, end))
                report.check(explained(rows or [], writer, start, end), words)
    print("%d passed, %d failed" % (report.passed, report.failed))
    sys.exit(report.failed > 0 or report.passed == 0)


if __name__ == "__main__":
    main()
