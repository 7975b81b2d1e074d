# SPDX-License-Identifier: Apache-2.0
"""OTLP files read by the protocol's words, and its rules that no schema holds (specification.md, trace.proto)."""
import json
import re


class Span:
    """One span, its values as Python has them; times in nanoseconds."""

    def __init__(self, record, resource, scope):
        self.record = record
        self.resource = resource
        self.scope = scope
        self.trace = record["traceId"]
        self.id = record["spanId"]
        self.parent = record.get("parentSpanId") or None
        self.name = record["name"]
        self.start = int(record["startTimeUnixNano"])
        self.end = int(record["endTimeUnixNano"])
        self.attributes = attributes(record)
        self.status = record.get("status", {}).get("code", 0)
        self.message = record.get("status", {}).get("message", "")
        self.events = [(int(e["timeUnixNano"]), e["name"], attributes(e)) for e in record.get("events", [])]
        self.links = [(k["traceId"], k["spanId"]) for k in record.get("links", [])]


def value(any_value):
    (kind, inner), = any_value.items()
    if kind == "intValue":
        return int(inner)
    if kind == "arrayValue":
        return [value(v) for v in inner.get("values", [])]
    if kind == "doubleValue":
        return float(inner)
    if kind in ("stringValue", "boolValue"):
        return inner
    raise ValueError("a value of kind %s: a new type of an attribute is read here, and compared by jaeger.py and chrome.py" % kind)


def attributes(record):
    return {a["key"]: value(a["value"]) for a in record.get("attributes", [])}


def load(path):
    """The traces of a file, each a list of spans in the order of the file."""
    traces = []
    for line in open(path, encoding="utf-8"):
        spans = []
        for group in json.loads(line)["resourceSpans"]:
            resource = attributes(group["resource"])
            for scoped in group["scopeSpans"]:
                spans += [Span(s, resource, scoped["scope"]) for s in scoped["spans"]]
        traces.append(spans)
    return traces


IDS = {"traceId": 32, "spanId": 16, "parentSpanId": 16}
NUMBERS = {"startTimeUnixNano", "endTimeUnixNano", "timeUnixNano", "intValue"}


def judge_value(at, key, inner):
    """The JSON encoding of one field."""
    if key in IDS and (not re.fullmatch("[0-9a-f]{%d}" % IDS[key], str(inner)) or not int(inner, 16)):
        yield "%s: %s is %r" % (at, key, inner)
    if key in NUMBERS and not (isinstance(inner, str) and re.fullmatch("-?[0-9]{1,19}", inner)):
        yield "%s: %s is not a text of a whole number: %r" % (at, key, inner)
    if key in ("kind", "code") and not (isinstance(inner, int) and 0 <= inner <= 5):
        yield "%s: %s is not an enum's number: %r" % (at, key, inner)
    if key == "attributes" and len({a["key"] for a in inner}) != len(inner):
        yield "%s: a key stands twice in attributes" % at
    if not re.fullmatch("[a-z][A-Za-z]*", key):
        yield "%s: a key that no message has: %r" % (at, key)


def judge_encoding(at, node):
    if isinstance(node, list):
        for i, item in enumerate(node):
            yield from judge_encoding("%s[%d]" % (at, i), item)
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from judge_value(at, key, inner)
            yield from judge_encoding("%s.%s" % (at, key), inner)
    elif node is None:
        yield "%s is null" % at


def judge_tree(spans):
    """One root, children within their parents, names, the description of an error."""
    own = {s.id: s for s in spans}
    if sum(not s.parent for s in spans) != 1:
        yield "%s: not one root" % spans[0].trace
    for s in spans:
        parent = own.get(s.parent)
        if s.trace != spans[0].trace:
            yield "%s: two traces in a line" % s.trace
        if s.parent and not parent:
            yield "%s/%s: no such parent" % (s.trace, s.id)
        if parent and not parent.start <= s.start <= s.end <= parent.end:
            yield "%s/%s %r: reaches out of %r" % (s.trace, s.id, s.name, parent.name)
        if not s.name or s.end < s.start:
            yield "%s/%s: without a name, or ends before it starts" % (s.trace, s.id)
        if not s.resource.get("service.name"):
            yield "%s/%s: no service.name" % (s.trace, s.id)
        if [e[0] for e in s.events] != sorted(e[0] for e in s.events):
            yield "%s/%s: events out of order" % (s.trace, s.id)
        if s.message and s.status != 2:
            yield "%s/%s: a message of no error" % (s.trace, s.id)


def judge(path, traces):
    text = open(path, "rb").read()
    if text and not text.endswith(b"\n"):
        yield "the last line has no end"
    for n, line in enumerate(text.splitlines(), 1):
        if b"\r" in line or line != line.strip():
            yield "line %d is not one compact document" % n
        yield from judge_encoding("line %d" % n, json.loads(line))
    seen = set()
    for spans in traces:
        yield from judge_tree(spans)
        for s in spans:
            if (s.trace, s.id) in seen:
                yield "%s/%s stands twice" % (s.trace, s.id)
            seen.add((s.trace, s.id))
    if len({spans[0].trace for spans in traces}) != len(traces):
        yield "a trace in two lines"
