#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The traces of a log against its fact tables, and against the rules of OTLP JSON.

    traces.py LUNETTES LOG...

Reads `lunettes trace --otlp -` by the rules of the protocol, written a second time (opentelemetry-proto,
trace.proto, and "JSON Protobuf Encoding" of its specification): keys, types, ids, numbers as strings, enums as
numbers, parents, times. Then compares with `lunettes slo -o jsonl` of all four SLOs: every operation that is judged
has its trace and no other has one; the root has its start, end and total; every stage that has
two edges is a leaf with the same duration to the nanosecond, or reports how much was clipped; one with a single edge
is an event of the root; verdict, limit and code agree. Rollouts and claims must link to their pods, to no others,
and back. Prints a closing `N passed, N failed`.
"""
import json
import re
import subprocess
import sys
from decimal import Decimal

SLOS = {"create": "pod create", "delete": "pod delete", "upgrade": "pod upgrade", "pvc": "claim bind"}

# Messages of the protocol: their keys and types. A list of one is a repeated field.
PROTO = {
    "TracesData": {"resourceSpans": ["ResourceSpans"]},
    "ResourceSpans": {"resource": "Resource", "scopeSpans": ["ScopeSpans"], "schemaUrl": "string"},
    "Resource": {"attributes": ["KeyValue"], "droppedAttributesCount": "uint32"},
    "ScopeSpans": {"scope": "InstrumentationScope", "spans": ["Span"], "schemaUrl": "string"},
    "InstrumentationScope": {"name": "string", "version": "string", "attributes": ["KeyValue"],
                             "droppedAttributesCount": "uint32"},
    "Span": {"traceId": "id16", "spanId": "id8", "traceState": "string", "parentSpanId": "id8", "flags": "uint32",
             "name": "string", "kind": "kind", "startTimeUnixNano": "uint64", "endTimeUnixNano": "uint64",
             "attributes": ["KeyValue"], "droppedAttributesCount": "uint32", "events": ["Event"],
             "droppedEventsCount": "uint32", "links": ["Link"], "droppedLinksCount": "uint32", "status": "Status"},
    "Event": {"timeUnixNano": "uint64", "name": "string", "attributes": ["KeyValue"], "droppedAttributesCount": "uint32"},
    "Link": {"traceId": "id16", "spanId": "id8", "traceState": "string", "attributes": ["KeyValue"],
             "droppedAttributesCount": "uint32", "flags": "uint32"},
    "Status": {"message": "string", "code": "code"},
    "KeyValue": {"key": "string", "value": "AnyValue"},
    "AnyValue": {"stringValue": "string", "boolValue": "bool", "intValue": "int64", "doubleValue": "double",
                 "arrayValue": "ArrayValue"},
    "ArrayValue": {"values": ["AnyValue"]},
}


def is_number(value):
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_string_of(value, low, high):
    return isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value) and low <= int(value) <= high


def is_id(value, size):
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{%d}" % (2 * size), value) and int(value, 16) != 0


SCALARS = {
    "string": lambda v: isinstance(v, str), "bool": lambda v: isinstance(v, bool), "double": is_number,
    "uint32": lambda v: is_integer(v) and 0 <= v < 2 ** 32,
    "uint64": lambda v: is_string_of(v, 0, 2 ** 64 - 1), "int64": lambda v: is_string_of(v, -2 ** 63, 2 ** 63 - 1),
    "id16": lambda v: is_id(v, 16), "id8": lambda v: is_id(v, 8),
    "kind": lambda v: is_integer(v) and 1 <= v <= 5, "code": lambda v: is_integer(v) and 0 <= v <= 2,
}


def broken(value, kind, where):
    """What is against the protocol."""
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield "%s is no list" % where
            return
        for i, item in enumerate(value):
            yield from broken(item, kind[0], "%s[%d]" % (where, i))
    elif kind in SCALARS:
        if not SCALARS[kind](value):
            yield "%s is no %s: %r" % (where, kind, value)
    elif not isinstance(value, dict):
        yield "%s is no %s" % (where, kind)
    else:
        for key, inner in value.items():
            if key not in PROTO[kind]:
                yield "%s: %s has no key %s" % (where, kind, key)
            else:
                yield from broken(inner, PROTO[kind][key], where + "." + key)
        if kind == "AnyValue" and len(value) != 1:
            yield "%s: not exactly one value" % where
        keys = [pair.get("key") for pair in value.get("attributes", [])]
        if len(set(keys)) != len(keys):
            yield "%s: a key twice: %s" % (where, sorted(k for k in keys if keys.count(k) > 1))


def value_of(value):
    (kind, inner), = value.items()
    if kind == "arrayValue":
        return [value_of(v) for v in inner["values"]]
    return int(inner) if kind == "intValue" else inner


def attributes(message):
    return {pair["key"]: value_of(pair["value"]) for pair in message.get("attributes", [])}


class Span:
    def __init__(self, message, resource):
        self.id, self.parent, self.trace = message["spanId"], message.get("parentSpanId", ""), message["traceId"]
        self.name, self.start, self.end = message["name"], int(message["startTimeUnixNano"]), int(message["endTimeUnixNano"])
        self.attributes, self.resource = attributes(message), resource
        self.events = [(int(e["timeUnixNano"]), e["name"], attributes(e)) for e in message.get("events", [])]
        self.links = [(link["traceId"], link["spanId"], attributes(link)) for link in message.get("links", [])]
        self.code, self.message = message.get("status", {}).get("code", 0), message.get("status", {}).get("message", "")
        self.dropped = message.get("droppedEventsCount", 0)
        self.children = []


def seconds(nanos):
    return Decimal(nanos) / 10 ** 9


def nanos_of(text):
    """Of an RFC 3339 time in UTC with nine digits."""
    import calendar
    import time
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) * 10 ** 9 + int(text[20:29])


class Judge:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, good, text):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            if self.failed <= 40:
                print("FAIL  " + text)


def read_traces(judge, text):
    """{trace id: (root, spans)} of all lines."""
    traces = {}
    for number, line in enumerate(text.splitlines(), 1):
        document = json.loads(line, parse_float=Decimal)
        wrong = list(broken(document, "TracesData", "line %d" % number))
        judge.check(not wrong, "; ".join(wrong[:3]))
        if wrong:
            continue
        spans = []
        for group in document["resourceSpans"]:
            resource = attributes(group["resource"])
            judge.check(resource.get("service.name"), "line %d: a resource without service.name" % number)
            for scope in group["scopeSpans"]:
                spans += [Span(message, resource) for message in scope["spans"]]
        by_id = {span.id: span for span in spans}
        judge.check(len(by_id) == len(spans), "line %d: two spans have one id" % number)
        judge.check(len({span.trace for span in spans}) == 1, "line %d: spans of several traces" % number)
        roots = [span for span in spans if not span.parent]
        judge.check(len(roots) == 1, "line %d: %d roots" % (number, len(roots)))
        for span in spans:
            judge.check(span.name and span.start <= span.end, "line %d: %s ends before it starts" % (number, span.name))
            judge.check(span.dropped == 0, "line %d: %s has lost %d events" % (number, span.name, span.dropped))
            judge.check(not (span.code == 2 and "error.type" not in span.attributes), "line %d: an error without type" % number)
            if not span.parent:
                continue
            parent = by_id.get(span.parent)
            judge.check(parent is not None, "line %d: %s has no parent" % (number, span.name))
            if parent:
                parent.children.append(span)
                judge.check(parent.start <= span.start and span.end <= parent.end,
                            "line %d: %s reaches out of %s" % (number, span.name, parent.name))
        judge.check(roots[0].trace not in traces, "line %d: its trace id stands above" % number)
        traces[roots[0].trace] = (roots[0], spans)
    return traces


def identity_of_line(pod):
    begin = pod.get("created") or pod.get("requested")
    return (pod["cluster"], pod["namespace"], pod["name"] or "", pod.get("uid") or "", begin and nanos_of(begin),
            pod.get("code") if pod["verdict"] == "denied" else "")


def identity_of_trace(root):
    a, r = root.attributes, root.resource
    claim = "k8s.persistentvolumeclaim.name" in a
    return (r.get("k8s.cluster.name", ""), (a if claim else r).get("k8s.namespace.name", ""),
            a.get("k8s.persistentvolumeclaim.name") if claim else r.get("k8s.pod.name", ""),
            (a.get("k8s.persistentvolumeclaim.uid") if claim else r.get("k8s.pod.uid")) or "", root.start,
            a.get("lunettes.refusal", "") if a["lunettes.verdict"] == "denied" else "")


def leaves(spans):
    return [span for span in spans if "lunettes.stage" in span.attributes and "lunettes.parts" not in span.attributes]


def subject_of(a, stage):
    if stage == "imagePull":
        name = a.get("container.image.name", "")
        for tag in a.get("container.image.tags", []):
            name += ":" + tag
        for digest in a.get("container.image.repo_digests", []):
            name += "@" + digest.split("@", 1)[1]
        return name
    if stage == "finalizers":
        return ",".join(a.get("lunettes.finalizers", []))
    return a.get("k8s.container.name", "")


def begins(edge):
    """When the stage of an edge began: an attribute of the event if it is outside of the root."""
    at, attributes = edge
    return nanos_of(attributes["lunettes.start"]) if "lunettes.start" in attributes else at


def check_stages(judge, pod, root, spans):
    who = "%s/%s %s" % (pod["namespace"], pod["name"], root.name)
    told = {}
    for span in leaves(spans):
        stage = span.attributes["lunettes.stage"]
        told.setdefault((stage, subject_of(span.attributes, stage)), []).append(span)
    edges = [(at, a) for at, _, a in root.events if "lunettes.edge" in a]
    for stage in pod["stages"]:
        key, start = (stage["stage"], stage["subject"]), nanos_of(stage["start"])
        found = [s for s in told.get(key, []) if s.start == start or "lunettes.clipped" in s.attributes]
        edge = [e for e in edges if begins(e) == start and (e[1]["lunettes.stage"], subject_of(e[1], key[0])) == key]
        if stage["seconds"] is None or not found:
            # open, or not known how long it took, or wholly outside
            judge.check(len(edge) == 1 or (found and found[0].end == root.end), "%s: %s is not told" % (who, key))
            if found and not edge:
                told[key].remove(found[0])
            continue
        span = found[0]
        took = span.attributes.get("lunettes.seconds", seconds(span.end - span.start))
        judge.check(took == stage["seconds"], "%s: %s takes %s, not %s" % (who, key, took, stage["seconds"]))
        judge.check(span.attributes["lunettes.precision"] == stage["precision"], "%s: precision of %s" % (who, key))
        judge.check(span.attributes["lunettes.owner"] == stage["owner"], "%s: owner of %s" % (who, key))
        told[key].remove(span)
    left = [key for key, list_ in told.items() for _ in list_]
    judge.check(not left, "%s: no such stages: %s" % (who, left))


def check_outcome(judge, pod, root):
    a, who = root.attributes, "%s/%s %s" % (pod["namespace"], pod["name"], root.name)
    total = pod["seconds"]["total"]
    limit = pod["limitSeconds"]["delivery"] if "delivery" in pod["limitSeconds"] else pod["limitSeconds"]["total"]
    judge.check(a["lunettes.verdict"] == pod["verdict"], "%s is %s, not %s" % (who, a["lunettes.verdict"], pod["verdict"]))
    judge.check(a.get("lunettes.total") == total, "%s: total %s, not %s" % (who, a.get("lunettes.total"), total))
    judge.check(total is None or seconds(root.end - root.start) == total, "%s does not take its total" % who)
    judge.check(limit is None or a.get("lunettes.limit") == limit, "%s: limit %s, not %s" % (who, a.get("lunettes.limit"), limit))
    judge.check((root.code == 2) == (pod["verdict"] in ("failed", "denied")), "%s: status %d of %s" % (who, root.code, pod["verdict"]))
    for key in ("delivery", "user", "startup"):
        if key in pod["seconds"]:
            judge.check(a.get("lunettes." + key) == pod["seconds"][key], "%s: %s" % (who, key))


def links_of(span, why):
    return [(trace, to) for trace, to, a in span.links if a["lunettes.link"] == why]


def place_of(root):
    return root.resource.get("k8s.cluster.name", ""), root.resource.get("k8s.namespace.name", "")


def check_rollouts(judge, traces):
    """A rollout is the creations of its ReplicaSet's first pods; all its pods lead to it."""
    n = 0
    for root, spans in traces.values():
        if root.name != "workload rollout":
            continue
        who, pods = "rollout of %s" % root.resource["k8s.replicaset.name"], spans[1:]
        n += 1
        judge.check(pods and root.attributes["lunettes.pods"] == len(pods), "%s: the number of pods" % who)
        judge.check(root.start == min(p.start for p in pods) and root.end == max(p.end for p in pods), "%s: its times" % who)
        judge.check(all((p.end == root.end) == ("lunettes.critical" in p.attributes) for p in pods), "%s: what is critical" % who)
        told = set()
        for span in pods:
            (trace, to), = links_of(span, "create")
            pod, _ = traces[trace]
            told.add(trace)
            judge.check(pod.name == "pod create" and pod.id == to and place_of(pod) == place_of(root), "%s: no pod" % who)
            judge.check((pod.start, pod.end, pod.code) == (span.start, span.end, span.code), "%s: another time" % who)
            judge.check(pod.resource["k8s.pod.name"] == span.attributes["k8s.pod.name"], "%s: another name" % who)
            judge.check(pod.attributes["lunettes.verdict"] == span.attributes["lunettes.verdict"], "%s: another verdict" % who)
        for pod, _ in traces.values():
            mine = pod.name == "pod create" and pod.attributes["lunettes.verdict"] != "denied" and \
                place_of(pod) == place_of(root) and \
                pod.resource.get("k8s.replicaset.name") == root.resource["k8s.replicaset.name"]
            leads = (root.trace, root.id) in links_of(pod, "rollout")
            judge.check(leads == mine, "%s: a link from %s" % (who, pod.resource.get("k8s.pod.name")))
            if mine and pod.trace not in told:
                judge.check(pod.start >= max(p.start for p in pods), "%s: a pod is left out" % who)
    print("workload rollout: %d traces" % n)


def check_claims(judge, traces):
    """A claim leads to the pods that name it and were there while it was pending."""
    by_claim = {}
    for root, _ in traces.values():
        if root.name == "pod create" and root.attributes["lunettes.verdict"] != "denied":
            for claim in root.attributes.get("lunettes.claims", []):
                by_claim.setdefault((*place_of(root), claim), []).append(root)
    for root, _ in traces.values():
        if root.name != "claim bind":
            continue
        a = root.attributes
        pods = by_claim.get((root.resource.get("k8s.cluster.name", ""), a["k8s.namespace.name"],
                             a["k8s.persistentvolumeclaim.name"]), [])
        links = links_of(root, "pod")
        judge.check(len(set(links)) == len(links), "claim %s: a link twice" % root.attributes)
        judge.check(set(links) <= {(p.trace, p.id) for p in pods if p.start <= root.end}, "claim %s: another pod" % a)
        waited = {(p.trace, p.id) for p in pods if root.start <= p.start <= root.end}
        judge.check(waited <= set(links) or len(links) == 64, "claim %s: a pod is left out" % a)


def run(program, words):
    done = subprocess.run([program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise RuntimeError("lunettes %s: exit status %d\n%s" % (" ".join(words), done.returncode, done.stderr.decode()[-500:]))
    return done.stdout.decode()


def main():
    if len(sys.argv) < 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    program, logs, judge = sys.argv[1], sys.argv[2:], Judge()
    traces = read_traces(judge, run(program, ["trace", "-q", "--otlp", "-", *logs]))
    if not traces:
        print("no trace at all")
        return 1
    by_operation = {}
    for root, spans in traces.values():
        if root.name != "workload rollout":
            by_operation.setdefault(root.name, {}).setdefault(identity_of_trace(root), []).append((root, spans))
    for slo, name in SLOS.items():
        ours, n = by_operation.get(name, {}), 0
        for line in run(program, ["slo", "-q", "--slo", slo, "-o", "jsonl", *logs]).splitlines():
            pod = json.loads(line, parse_float=Decimal)
            if pod["verdict"] == "excluded":
                continue
            found = ours.get(identity_of_line(pod), [])
            judge.check(found, "%s has no trace: %s" % (name, identity_of_line(pod)))
            if not found:
                continue
            root, spans = found.pop(0)
            check_outcome(judge, pod, root)
            check_stages(judge, pod, root, spans)
            n += 1
        left = [key for key, list_ in ours.items() if list_]
        judge.check(not left, "%s: traces of nothing that is judged: %s" % (name, left[:3]))
        print("%s: %d traces" % (name, n))
    check_rollouts(judge, traces)
    check_claims(judge, traces)
    inside = {(root.trace, root.id) for root, _ in traces.values()}
    for root, spans in traces.values():
        ids = {span.id for span in spans}
        for span in spans:
            for trace, to, why in span.links:
                judge.check((trace, to) in inside or trace == root.trace and to in ids or
                            why["lunettes.link"] == "preemptor", "a link to nothing: %s" % why)
    print("%d passed, %d failed" % (judge.passed, judge.failed))
    return int(judge.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
