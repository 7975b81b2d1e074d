# SPDX-License-Identifier: Apache-2.0
"""The Chrome file: whether the spans of a track nest, and whether it agrees with the OTLP file.

Times are truncated to whole microseconds in both.
"""
import collections
import datetime
import json

KEYS = {
    "M": {"ph", "name", "pid", "tid", "args"},
    "X": {"ph", "name", "cat", "pid", "tid", "ts", "dur", "args"},
    "i": {"ph", "s", "name", "cat", "pid", "tid", "ts", "args"},
}
OWN = {"trace_id", "span_id", "status", "message", "dropped_events"}  # args that are no attributes


def micros(number):
    if not isinstance(number, int) or number < 0:
        raise ValueError("no time: %r" % number)
    return number


def base_of(document):
    text = document["otherData"]["time 0"]
    whole = datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    if int(text[20:29]):
        raise ValueError("no whole second: %s" % text)
    return int(whole.timestamp()) * 10**6


def judge_track(at, spans):
    """Perfect nesting: sorted as viewers do, each span ends before the one that contains it."""
    stack = []
    for start, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        while stack and stack[-1] <= start:
            stack.pop()
        if stack and end > stack[-1]:
            yield "track %s: a span from %d to %d breaks out of one that ends at %d" % (at, start, end, stack[-1])
        stack.append(end)


def judge_names(events):
    """Each process and each thread is named once, and those alone that are used; a thread is of one process."""
    names = collections.Counter((e["name"], e["pid"], e["tid"]) for e in events if e["ph"] == "M")
    used = {(e["pid"], e["tid"]) for e in events if e["ph"] != "M"}
    wanted = {("process_name", pid, 0) for pid, _ in used} | {("process_sort_index", pid, 0) for pid, _ in used}
    wanted |= {("thread_name",) + k for k in used} | {("thread_sort_index",) + k for k in used}
    if set(names) != wanted or set(names.values()) - {1}:
        yield "names are not those of what is used: %s" % sorted(set(names) ^ wanted)[:3]
    if len({tid for _, tid in used}) != len(used) or {tid for _, tid in used} & {pid for pid, _ in used}:
        yield "a number of a thread means two things"
    called = [e["args"]["name"] for e in events if e["ph"] == "M" and e["name"] == "process_name"]
    if len(set(called)) != len(called):
        yield "two processes have one name"


def judge_span(at, got, span, root, base):
    start = micros(got["ts"]) + base
    if (got["name"], got["cat"]) != (span.name, span.resource["service.name"]):
        yield "%s: is called %r, of %r" % (at, got["name"], got["cat"])
    if (got["ph"] == "X") != (span.end // 1000 > span.start // 1000):
        yield "%s: is a %s" % (at, got["ph"])
    if (start, start + micros(got.get("dur", 0))) != (span.start // 1000, span.end // 1000):
        yield "%s: from %d, for %s" % (at, start, got.get("dur"))
    args = {k: v for k, v in got["args"].items() if k not in OWN}
    said = {} if span is root else root.resource
    resource = {k: v for k, v in span.resource.items() if said.get(k) != v and k != "service.name"}
    wanted = {**resource, **span.attributes}
    if args != wanted:
        yield "%s: args are %r, not %r" % (at, args, wanted)
    if got["args"].get("message", "") != span.message or (got["args"].get("status") == "error") != (span.status == 2):
        yield "%s: its status is told wrong" % at


def judge_instants(events, traces, base):
    """All events of all spans, at their times."""
    got = collections.Counter((e["name"], micros(e["ts"]) + base, e["cat"]) for e in events if e["ph"] == "i" and "span_id" not in e["args"])
    wanted = collections.Counter((e[1], e[0] // 1000, s.resource["service.name"]) for t in traces for s in t for e in s.events)
    if got != wanted:
        yield "instants are not the events: %s" % list(((got - wanted) + (wanted - got)).items())[:3]


def judge_tree(events, traces):
    """A child's track is its parent's, or one below; a trace has tracks of its own."""
    tracks = {e["args"]["span_id"]: (e["pid"], e["tid"]) for e in events if "span_id" in e["args"]}
    seen = set()
    for spans in traces:
        own = {tracks[s.id] for s in spans}
        if own & seen or len({pid for pid, _ in own}) != 1:
            yield "%s: on tracks of another trace" % spans[0].trace
        seen |= own
        for s in spans:
            if s.parent and tracks[s.id][1] < tracks[s.parent][1]:
                yield "%s/%s: above its parent" % (s.trace, s.id)


def judge(path, traces):
    document = json.load(open(path, encoding="utf-8"))
    events, base = document["traceEvents"], base_of(document)
    for e in events:
        if set(e) - {"cname"} != KEYS[e["ph"]]:
            yield "keys of an event: %s" % sorted(e)
    twins = {s.id: s for spans in traces for s in spans}
    roots = {s.id: root for spans in traces for root in spans if not root.parent for s in spans}
    found = [e for e in events if "span_id" in e["args"]]
    if sorted(e["args"]["span_id"] for e in found) != sorted(twins):
        yield "not the spans of the OTLP file"
        return
    tracks = collections.defaultdict(list)
    for e in found:
        span = twins[e["args"]["span_id"]]
        tracks[e["pid"], e["tid"]].append((e["ts"], e["ts"] + e.get("dur", 0)))
        yield from judge_span("%s/%s" % (span.trace, span.id), e, span, roots[span.id], base)
    for at, spans in tracks.items():
        yield from judge_track(at, spans)
    yield from judge_names(events)
    yield from judge_instants(events, traces, base)
    yield from judge_tree(events, traces)
