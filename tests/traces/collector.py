# SPDX-License-Identifier: Apache-2.0
"""What the OpenTelemetry collector makes of an OTLP file in Jaeger's model, beside our Jaeger file."""
import base64
import calendar
import json
import re
import subprocess
import time

TYPES = {0: ("string", "v_str", ""), 1: ("bool", "v_bool", False), 2: ("int64", "v_int64", 0), 3: ("float64", "v_float64", 0.0)}
SAFE = 1 << 53


def micros(text):
    whole, part = re.fullmatch(r"(\S{19})(?:\.(\d{1,9}))?Z", text).groups()
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 10**6 + int((part or "").ljust(9, "0")[:6])


def nanos(text):
    whole, part = re.fullmatch(r"(\S{19})(?:\.(\d{1,9}))?Z", text).groups()
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int((part or "").ljust(9, "0"))


def tags(list_of_tags):
    """Sorted, because their order has no meaning in either model; lists are compared as lists, not as texts."""
    made = []
    for tag in list_of_tags or []:
        kind, key, nothing = TYPES[tag.get("v_type", 0)]
        value = tag.get(key, nothing)
        if kind == "int64" and abs(value) >= SAFE:
            value = str(value)
        made.append((tag["key"], kind, value))
    return own_tags([{"key": k, "type": t, "value": v} for k, t, v in made])


def own_tags(list_of_tags):
    made = []
    for tag in list_of_tags:
        value = tag["value"]
        if tag["type"] == "string" and value.startswith("[") and value.endswith("]"):
            try:
                value = json.loads(value)
            except ValueError:
                pass
        made.append((tag["key"], tag["type"], float(value) if tag["type"] == "float64" else value))
    return sorted(made, key=repr)


def hexed(text):
    return base64.b64decode(text).hex()


def theirs(batch, span):
    """A span of the collector's model, in the words of the interface's."""
    start = nanos(span["start_time"])
    return {
        "operation": span["operation_name"],
        "references": [(("CHILD_OF", "FOLLOWS_FROM")[r.get("ref_type", 0)], hexed(r["trace_id"]), hexed(r["span_id"]))
                       for r in span["references"] or []],
        "times": (start // 1000, (start + span.get("duration", 0)) // 1000),
        "tags": tags(span["tags"]),
        "logs": [(micros(e["timestamp"]), tags(e["fields"])) for e in span["logs"] or []],
        "process": (batch["process"]["service_name"], tags(batch["process"].get("tags"))),
    }


def ours(trace, span):
    process = trace["processes"][span["processID"]]
    return {
        "operation": span["operationName"],
        "references": [(r["refType"], r["traceID"], r["spanID"]) for r in span["references"]],
        "times": (span["startTime"], span["startTime"] + span["duration"]),
        "tags": own_tags(t for t in span["tags"] if t["key"] != "otel.dropped_events_count"),  # it does not report it
        "logs": [(e["timestamp"], own_tags(e["fields"])) for e in span["logs"]],
        "process": (process["serviceName"], own_tags(process["tags"])),
    }


def judge(words, path, own):
    run = subprocess.run(words + [path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode:
        yield run.stderr.decode(errors="replace").strip()
        return
    got = {}
    for line in run.stdout.splitlines():
        for batch in json.loads(line):
            for span in batch["spans"]:
                got[hexed(span["trace_id"]), hexed(span["span_id"])] = theirs(batch, span)
    wanted = {(t["traceID"], s["spanID"]): ours(t, s) for t in own for s in t["spans"]}
    if set(got) != set(wanted):
        yield "not the same spans: %s" % sorted(set(got) ^ set(wanted))[:3]
    for key in sorted(set(got) & set(wanted)):
        for what in wanted[key]:
            if got[key][what] != wanted[key][what]:
                yield "%s/%s: %s are %r, not %r" % (key + (what, wanted[key][what], got[key][what]))
