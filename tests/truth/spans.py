#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The spans that a tracing configuration of Alipay's Lunettes defines, computed a second time from the raw audit log.

    spans.py LUNETTES CONFIG LOG...

The engine here is written from the description of upstream's, over whole objects: hyper events with their operations,
actions that start and finish, spans by NameRef, Begin the latest start, End the earliest end. It has the fixes that
lunettes-spans(5) lists. CONFIG is JSON: the list of resources. Every trace of `trace --span-config --otlp` is
compared with the result here: the same actions, in each the same spans with the same begin and end, parents that
contain their children. Closes with `N passed, N failed`; exits 1 if anything failed or no span was compared.
"""
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict

import oracle

SECOND = 10**9
LONGEST = 35 * 60 * SECOND
UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


# ------------------------------------------------------------------------------------- facts of an audit event

def success(event):
    return (event.get("responseStatus") or {}).get("code", 999) < 300


def noise(key):
    key = key.lower()
    return ("status" in key and "update-status" not in key) or "trace" in key or "spec" in key


def of_patch(request, ops):
    meta = request.get("metadata") or {}
    finalizers = meta.get("finalizers") or []
    if len(finalizers) == 1:
        ops["finalizer:add"] = [f"finalizer:{finalizers[0]}:add"]
    for key, value in meta.items():
        if key.startswith("$deleteFromPrimitiveList") and key.endswith("finalizers"):
            ops["finalizer:delete"] = [f"finalizer:{f}:delete" for f in value]
    for kind in ("label", "annotation"):
        for key, value in (meta.get(kind + "s") or {}).items():
            if noise(key):
                continue
            if value is None:
                ops.setdefault(kind + ":delete", []).append(f"{kind}:{key}=%!s(<nil>):delete")
            else:
                ops.setdefault(kind + ":add", []).append(f"{kind}:{key}={value}:add")
    scheduler = (request.get("spec") or {}).get("schedulerName")
    if scheduler:
        ops[f"schedule:{scheduler}:entry"] = []


def state_words(state):
    if "running" in state:
        return "Running"
    if "terminated" in state:
        ended = state["terminated"]
        return f"terminated:{ended['reason']};exitCode:{ended.get('exitCode', 0)}" if ended.get("reason") else ""
    if "waiting" in state:
        return "Waiting:" + (state["waiting"].get("reason") or "")
    return ""


def of_status(request, ops):
    status = request.get("status") or {}
    for condition in status.get("conditions") or []:
        if condition.get("type"):
            ops[f"condition:{condition['type']}:{(condition.get('status') or '').lower()}"] = []
    if status.get("phase"):
        ops[f"phase:{status['phase']}:set"] = []
    if status.get("podIP"):
        ops["pod:ip:set"] = []
    for c in status.get("containerStatuses") or []:
        ops.setdefault("containerReady:set", []).append(f"containerReady:{c['name']}:{str(c.get('ready', False)).lower()}")
        ops.setdefault("containerRestartCount:set", []).append(f"containerRestartCount:{c['name']}:{c.get('restartCount', 0)}")
        ops.setdefault("containerState:set", []).append(f"containerState:{c['name']}:{state_words(c.get('state') or {})}")


def of_pods(event):
    """The operations of a request for pods, and the Pod in its answer."""
    ref, verb = event["objectRef"], event["verb"]
    sub, code = ref.get("subresource", ""), event["responseStatus"]["code"]
    request, response = event.get("requestObject"), event.get("responseObject")
    pod = response if isinstance(response, dict) and response.get("kind") == "Pod" else None
    ops = {}
    if sub == "binding":
        if isinstance(request, dict) and isinstance(response, dict):
            ops["schedule:binding:success"] = []
        return ops, None
    if sub == "eviction":  # fixed: it requests the deletion as a DELETE does
        return {"pod:delete:success": []}, None
    if pod is None:
        return {}, None
    if not sub and code == 201 and verb in ("create", "patch"):
        ops["pod:create:success"] = []
        if pod["spec"].get("schedulerName"):
            ops[f"schedule:{pod['spec']['schedulerName']}:entry"] = []
    elif not sub and verb == "delete":
        meta = pod["metadata"]
        gone = not meta.get("deletionGracePeriodSeconds") and not meta.get("finalizers")
        ops["pod:deleted:success" if gone else "pod:delete:success"] = []
    elif verb == "patch" and isinstance(request, dict):
        if not sub:
            of_patch(request, ops)
        elif sub == "status":
            of_status(request, ops)
    return ops, pod


def dialects(event):
    """The message, and that of another kubelet version about the same container (fixed)."""
    message, path = event.get("message") or event.get("note") or "", \
        (event.get("involvedObject") or event.get("regarding") or {}).get("fieldPath") or ""
    found = re.fullmatch(r"spec\.\w+\{(.*)\}", path)
    texts = [message[:1024]]
    if found and event.get("reason") in ("Created", "Started"):
        other = f"{event['reason']} container {found.group(1)}"
        if other != message and "elapsedTime" not in message:
            texts.append(other)
    return texts


class Hyper:
    """One audit event as the engine sees it."""

    def __init__(self, event):
        self.received = oracle.parse_time(event["requestReceivedTimestamp"])
        self.stage = oracle.parse_time(event["stageTimestamp"])
        self.resource, self.version = event["objectRef"]["resource"], event["objectRef"].get("apiVersion")
        self.ops, self.reason, self.pod, self.uid = {}, None, None, None
        self.items = []
        response = event.get("responseObject")
        if self.resource == "pods" and event["verb"] == "deletecollection":  # fixed
            self.items = (response or {}).get("items") or []
        elif self.resource == "pods":
            self.ops, self.pod = of_pods(event)
            self.uid = (response.get("metadata") or {}).get("uid") if isinstance(response, dict) else None
            if not self.uid and isinstance(event.get("requestObject"), dict):
                self.uid = (event["requestObject"].get("metadata") or {}).get("uid")
        elif self.resource == "events":
            if not isinstance(response, dict):
                response = event.get("requestObject") or {}  # fixed: at level Request
            about = response.get("involvedObject") or response.get("regarding") or {}
            if about.get("kind") == "Pod":
                self.reason, self.uid, self.texts = response.get("reason"), about.get("uid"), dialects(response)


def key_of(event):
    return event.get("auditID"), event.get("stage"), event.get("verb"), event.get("requestURI"), \
        event.get("requestReceivedTimestamp")


def read(paths):
    """Hyper events by UID, each in order of stageTimestamp; the log's last moment."""
    seen, by_uid, names, last = set(), defaultdict(list), {}, None
    events = []
    for path in paths:
        for line in oracle.read_file(path).splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if event.get("kind") != "Event" or "stageTimestamp" not in event:
                continue
            last = max(last or 0, oracle.parse_time(event["stageTimestamp"]))
            if key_of(event) in seen or not event.get("objectRef") or not event.get("responseStatus"):
                continue
            seen.add(key_of(event))
            events.append(event)
    events.sort(key=lambda e: (oracle.parse_time(e["stageTimestamp"]), oracle.parse_time(e["requestReceivedTimestamp"])))
    for event in events:
        ref = event["objectRef"]
        if not success(event) or ref["resource"] not in ("pods", "events") or "dryRun" in event["requestURI"] or \
                (event["verb"] not in ("create", "update", "patch") and ref["resource"] == "events"):
            continue
        if ref["resource"] == "pods" and ref.get("apiGroup"):
            continue
        hyper = Hyper(event)
        name = (ref.get("namespace"), ref.get("name"))
        for item in hyper.items:
            one = Hyper(dict(event, responseObject=None, verb="deletecollection"))
            gone = "deletionTimestamp" in item["metadata"] and not item["metadata"].get("deletionGracePeriodSeconds") \
                and not item["metadata"].get("finalizers")
            one.ops = {"pod:deleted:success" if gone else "pod:delete:success": []}
            one.uid = item["metadata"]["uid"]
            by_uid[one.uid].append(one)
        if hyper.resource == "pods" and ref.get("subresource") == "eviction" and names.get(name):
            hyper.uid = names[name]  # its answer names no UID
        if hyper.resource == "pods" and hyper.pod:
            names[(hyper.pod["metadata"]["namespace"], hyper.pod["metadata"]["name"])] = hyper.uid
        if hyper.uid:
            by_uid[hyper.uid].append(hyper)
    return by_uid, last


# ------------------------------------------------------------------------------------------------- the engine

def values(steps, value, key=""):
    """(key, string) of everything at the path; arrays are gone through."""
    if not steps or steps == ["$"]:
        if isinstance(value, str):
            yield key, value
        return
    found = re.fullmatch(r"(?:\[([^\]]*)\])?(.*)", steps[0])
    keys, field = found.group(1), found.group(2)
    inner = value.get(field) if isinstance(value, dict) else None
    if isinstance(inner, list):
        for item in inner:
            words = [item if k == "$" else item.get(k, "") for k in keys.split(",")] if keys else []
            yield from values(steps[1:], item, f"{key}_[{','.join(words)}]{field}" if keys else f"{key}_{field}")
    elif inner is not None:
        yield from values(steps[1:], inner, f"{key}_{field}")


def regex(text):
    """One group: if there is none, the expression was escaped once too often (fixed)."""
    compiled = re.compile(text)
    return compiled if compiled.groups == 1 else re.compile(text.replace("\\\\", "\\"))


def matches(matcher, hyper, name):
    if matcher["Type"] == "event":
        if hyper.reason is None or hyper.reason != matcher["Reason"]:
            return False
        texts = hyper.texts
    else:
        if matcher["Operation"] not in hyper.ops:
            return False
        texts = hyper.ops[matcher["Operation"]]
    if name is None or not matcher.get("NameRex"):
        return True
    found = [regex(matcher["NameRex"]).search(t) for t in texts]
    return any(f and f.group(1) == name for f in found)


def any_match(matchers, hyper, name=None):
    return next((m for m in matchers or [] if matches(m, hyper, name)), None)


def duration(matcher, hyper):
    for text in hyper.texts:
        found = regex(matcher["DurationRex"]).search(text) if matcher.get("DurationRex") else None
        parts = re.findall(r"([0-9.]+)(ns|us|µs|ms|s|m|h)", found.group(1)) if found else []
        if parts and "".join(a + b for a, b in parts) == found.group(1):
            return int(sum(float(a) * UNITS[b] for a, b in parts))
    return 0


class Action:
    def __init__(self, config, begun):
        self.config, self.begun, self.ended = config, begun, None
        self.spans, self.properties = {}, {}

    def take(self, hyper):
        if hyper.stage - self.begun > LONGEST:
            self.finish(self.begun + LONGEST)
            return
        for number, span in enumerate(self.config["Spans"]):
            if "NameRef" in span:
                found = list(values(span["NameRef"].split("."), hyper.pod)) if hyper.pod else []
            else:
                found = [("", span["Name"])]
            for key, name in found:
                self.spans.setdefault((number, key), {"name": name, "config": span, "begin": None, "end": None})
        for name, extra in (self.config.get("ExtraProperties") or {}).items():
            for _, value in values(extra["ValueRex"].split("#"), hyper.pod) if hyper.pod else []:
                self.properties.setdefault(name, value)
        for span in self.spans.values():
            self.update(span, hyper)
        if any_match(self.config["LifeFlag"]["FinishEvent"], hyper):
            self.finish(hyper.received)

    @staticmethod
    def update(span, hyper):
        config, name = span["config"], span["name"] if "NameRef" in span["config"] else None
        if config["Mode"] == "direct-info":
            by = any_match(config["DirectEvent"], hyper, name)
            if by:
                begin = hyper.received - duration(by, hyper)
                span["begin"] = begin if span["begin"] is None else min(span["begin"], begin)
                span["end"] = max(span["end"] or 0, hyper.received)
            return
        if any_match(config["StartEvent"], hyper, name):
            span["begin"] = max(span["begin"] or 0, hyper.received)
        if any_match(config["EndEvent"], hyper, name):
            span["end"] = hyper.received if span["end"] is None else min(span["end"], hyper.received)

    def finish(self, at):
        self.ended = at
        for span in self.spans.values():
            if span["config"].get("NeedClose") and span["begin"] is not None and span["end"] is None:
                span["end"] = max(at, span["begin"])

    def shown(self, last):
        """(type, name, start, end) of each span, and the root's (start, end)."""
        if self.ended is None and last - self.begun > LONGEST:
            self.finish(self.begun + LONGEST)
        done, empty = [], []
        for span in self.spans.values():
            begin, end = span["begin"], span["end"]
            if begin is None and end is None:
                if not span["config"].get("Omitempty"):
                    empty.append(span)
                continue
            if self.ended is None and end is None and span["config"]["Mode"] == "start-finish":
                end = max(last, begin)
            begin = end if begin is None else begin
            end = max(begin, begin if end is None else end)
            done.append((span["config"]["Type"], span["name"], begin, end))
        start = min((d[2] for d in done), default=self.begun)
        end = max((d[3] for d in done), default=self.ended or self.begun)
        if self.ended is None:
            end = max(end, last)
        done += [(s["config"]["Type"], s["name"], end, end) for s in empty]
        return Counter(done), (start, end)


def actions(config, hypers, last):
    """{(action, begun): [(spans, root)]} of one pod."""
    result, pod = defaultdict(list), None
    for hyper in hypers:  # responses without a pod do not change it (fixed)
        hyper.pod = pod = hyper.pod or pod
    for resource in config:
        running = []
        for hyper in hypers:
            ref = resource["ObjectRef"]
            if ref["Resource"] == hyper.resource and ref["APIVersion"] == hyper.version and \
                    any_match(resource["LifeFlag"]["StartEvent"], hyper):
                running.append(Action(resource, hyper.received))
            for action in running:
                if action.ended is None:
                    action.take(hyper)
        for action in running:
            result[resource["ActionType"]].append(action.shown(last) + (action.properties,))
    return result


# ----------------------------------------------------------------------------------------------- the program's

def attributes(span):
    return {a["key"]: a["value"].get("stringValue") for a in span["attributes"]}


def traces(lunettes, config, paths):
    out = subprocess.run([lunettes, "trace", "--quiet", "--span-config", config, "--otlp", "-"] + paths,
                         stdout=subprocess.PIPE, check=True)
    for line in out.stdout.splitlines():
        root, spans = None, []
        for resource in json.loads(line)["resourceSpans"]:
            service = resource["resource"]["attributes"][0]["value"]["stringValue"]
            for span in resource["scopeSpans"][0]["spans"]:
                if span.get("parentSpanId"):
                    spans.append((service, span))
                else:
                    root = span
        yield root, spans


def times(span):
    return int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])


def main():
    if len(sys.argv) < 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    lunettes, path, logs = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(path, encoding="utf-8") as f:
        config = json.load(f)
    by_uid, last = read(logs)
    names = set().union(*(set(r.get("ExtraProperties") or {}) for r in config))
    theirs, passed, failed, compared, filled = defaultdict(list), 0, 0, 0, Counter()
    for root, spans in traces(lunettes, path, logs):
        uid = attributes(root)["uid"]
        assert root["name"] == f"{attributes(root)['lunettes.action']}_{uid}", root["name"]
        assert all(times(root)[0] <= times(s)[0] <= times(s)[1] <= times(root)[1] for _, s in spans), root["name"]
        theirs[uid, attributes(root)["lunettes.action"]].append(
            (Counter((service, s["name"]) + times(s) for service, s in spans), times(root),
             {k: v for k, v in attributes(root).items() if k in names}))
    ours = {(uid, action): runs for uid, hypers in by_uid.items()
            for action, runs in actions(config, hypers, last).items() if runs}
    for key in sorted(set(ours) | set(theirs)):
        a, b = ours.get(key, []), theirs.get(key, [])
        if a == b:
            passed += 1
            compared += sum(sum(r[0].values()) for r in a)
            for spans, _, _ in a:
                filled.update(s[0] for s in spans.elements() if s[3] > s[2])
            continue
        failed += 1
        print(f"{key[1]}_{key[0]}: {len(a)} here, {len(b)} of the program")
        for (s, r, p), (t, q, o) in zip(a, b):
            print("  only here:   ", sorted((s - t).elements()), r if r != q else "", p if p != o else "")
            print("  only program:", sorted((t - s).elements()), q if r != q else "", o if p != o else "")
    print(f"{passed} passed, {failed} failed; {compared} spans, of which took time: " +
          ", ".join(f"{n} {t}" for t, n in sorted(filled.items())))
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
