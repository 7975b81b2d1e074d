# SPDX-License-Identifier: Apache-2.0
"""The Jaeger file: the needs of Jaeger's interface, and whether it agrees with the OTLP file.

Expected values are computed from OTLP by the specification's mapping (OpenTelemetry to Jaeger Transformation).
"""
import json

TYPES = {"string": str, "bool": bool, "int64": int, "float64": (int, float)}


def tag_of(key, value):
    """An attribute as a tag: (key, type, value)."""
    if isinstance(value, bool):
        return key, "bool", value
    if isinstance(value, int):
        return key, "int64", value if abs(value) < 1 << 53 else str(value)
    if isinstance(value, float):
        return key, "float64", value
    if isinstance(value, list):
        return key, "string", json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return key, "string", value


def tags_of(span):
    """All tags of a span, but for those of the scope."""
    made = [tag_of(k, v) for k, v in span.attributes.items()]
    made += [("otel.scope.name", "string", span.scope["name"]), ("span.kind", "string", "internal")]
    if span.record.get("droppedEventsCount"):
        made.append(("otel.dropped_events_count", "int64", span.record["droppedEventsCount"]))
    if span.status:
        made.append(("otel.status_code", "string", {1: "OK", 2: "ERROR"}[span.status]))
    if span.message:
        made.append(("otel.status_description", "string", span.message))
    if span.status == 2:
        made.append(("error", "bool", True))
    return made


def references_of(span):
    own = [("CHILD_OF", span.trace, span.parent)] if span.parent else []
    return own + [("FOLLOWS_FROM",) + link for link in span.links if span.parent or link[0] != span.trace]


def read_tags(tags):
    for tag in tags:
        kind = TYPES[tag["type"]]
        big = tag["type"] == "int64" and isinstance(tag["value"], str)
        if set(tag) != {"key", "type", "value"} or not (isinstance(tag["value"], kind) or big):
            raise ValueError("no tag: %r" % tag)
        if tag["type"] == "float64":
            tag["value"] = float(tag["value"])
    return [(tag["key"], tag["type"], tag["value"]) for tag in tags]


def same_tags(got, wanted):
    return sorted(map(repr, got)) == sorted(map(repr, wanted))


def judge_span(at, got, span, processes):
    """One span against its twin in OTLP."""
    fields = {
        "traceID": span.trace,
        "spanID": span.id,
        "operationName": span.name,
        "startTime": span.start // 1000,
        "duration": span.end // 1000 - span.start // 1000,
        "warnings": None,
    }
    for key, wanted in fields.items():
        if got[key] != wanted or isinstance(got[key], float):
            yield "%s: %s is %r, not %r" % (at, key, got[key], wanted)
    if [(r["refType"], r["traceID"], r["spanID"]) for r in got["references"]] != references_of(span):
        yield "%s: references are %r" % (at, got["references"])
    if not same_tags(read_tags(got["tags"]), tags_of(span)):
        yield "%s: tags are %r, not %r" % (at, read_tags(got["tags"]), tags_of(span))
    logs = [(e[0] // 1000, [("event", "string", e[1])] + [tag_of(k, v) for k, v in e[2].items()]) for e in span.events]
    if [(e["timestamp"], read_tags(e["fields"])) for e in got["logs"]] != logs:
        yield "%s: logs are %r" % (at, got["logs"])
    process = processes.get(got["processID"])
    if not process:
        yield "%s: no process %r" % (at, got["processID"])
        return
    resource = dict(span.resource)
    if process["serviceName"] != resource.pop("service.name"):
        yield "%s: a service called %r" % (at, process["serviceName"])
    if not same_tags(read_tags(process["tags"]), [tag_of(k, v) for k, v in resource.items()]):
        yield "%s: tags of the process are %r, not %r" % (at, process["tags"], resource)


def judge_tree(trace):
    """The tree as the interface makes it: the first reference is the parent, if it is in the trace."""
    spans = {s["spanID"]: s for s in trace["spans"]}
    if len(spans) != len(trace["spans"]):
        yield "%s: a span stands twice" % trace["traceID"]
    roots = 0
    for s in trace["spans"]:
        first = s["references"][0] if s["references"] else None
        parent = spans.get(first["spanID"]) if first else None
        if not parent:
            roots += 1
            if [r for r in s["references"] if r["refType"] == "CHILD_OF"]:
                yield "%s/%s: its parent is not in the trace" % (trace["traceID"], s["spanID"])
        elif first["refType"] != "CHILD_OF" or first["traceID"] != trace["traceID"]:
            yield "%s/%s: hangs on a span that is no parent" % (trace["traceID"], s["spanID"])
        elif s["startTime"] < parent["startTime"] or s["startTime"] + s["duration"] > parent["startTime"] + parent["duration"]:
            yield "%s/%s: reaches out of its parent" % (trace["traceID"], s["spanID"])
        if s["duration"] < 0 or s["startTime"] < 0:
            yield "%s/%s: before its time" % (trace["traceID"], s["spanID"])
    if roots != 1:
        yield "%s: %d roots" % (trace["traceID"], roots)
    unused = set(trace["processes"]) - {s["processID"] for s in trace["spans"]}
    if unused:
        yield "%s: processes without a span: %s" % (trace["traceID"], sorted(unused))


def judge(path, traces):
    document = json.load(open(path, encoding="utf-8"))
    data = document["data"]
    if list(document) != ["data"] or [t["traceID"] for t in data] != [spans[0].trace for spans in traces]:
        yield "not the traces of the OTLP file, in its order"
        return
    for got, spans in zip(data, traces):
        yield from judge_tree(got)
        twins = {s.id: s for s in spans}
        if set(twins) != {s["spanID"] for s in got["spans"]}:
            yield "%s: not the spans of the OTLP file" % got["traceID"]
            continue
        for s in got["spans"]:
            yield from judge_span("%s/%s" % (got["traceID"], s["spanID"]), s, twins[s["spanID"]], got["processes"])
