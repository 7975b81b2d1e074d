#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Test results for machines: `lunettes diagnose -o junit` is XML in the shape that CI servers read.

    junit.py LUNETTES ROOT

Of real logs, of a log with hostile texts, and of a big namespace: well-formed, with the attributes and the order of
elements of the common schema, counts that agree with the cases and with `-o jsonl`, and no suite that is too big.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SUITE = {"name", "tests", "failures", "errors", "skipped", "time"}
MOST = 1000  # cases of a suite


def run(program, *arguments):
    return subprocess.run([program, "diagnose", "-q", *arguments], stdout=subprocess.PIPE, check=True).stdout


def check_case(case):
    yield from (f"a case has no {key}" for key in ("classname", "name") if not case.get(key))
    if case.tag != "testcase" or len(case) > 1:
        yield f"{case.tag} with {len(case)} elements"
    if case.get("time") is not None and not re.fullmatch(r"\d+(\.\d+)?", case.get("time")):
        yield f"a time that is none: {case.get('time')}"
    for found in case:
        if found.tag == "failure" and not (found.get("type") and found.get("message") and (found.text or "").strip()):
            yield "a failure without type, message or evidence"
        elif found.tag == "skipped" and not found.get("message"):
            yield "something is skipped without a reason"
        elif found.tag not in ("failure", "skipped"):
            yield f"a case holds {found.tag}"


def check_suite(suite):
    if suite.tag != "testsuite" or not SUITE <= set(suite.keys()) or suite.get("errors") != "0":
        yield f"{suite.tag} has only {sorted(suite.keys())}"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", "2026-01-01T00:00:00")):
        yield f"a timestamp that is none: {suite.get('timestamp')}"
    counted = {"tests": len(suite), "failures": len(suite.findall("*/failure")), "skipped": len(suite.findall("*/skipped"))}
    for key, value in counted.items():
        if suite.get(key) != str(value):
            yield f"suite {suite.get('name')}: {key} is {suite.get(key)}, but {value} are there"
    if len(suite) > MOST:
        yield f"suite {suite.get('name')} has {len(suite)} cases"
    for case in suite:
        if case.get("classname") != suite.get("name"):
            yield f"a case of {case.get('classname')} in {suite.get('name')}"
        yield from check_case(case)


def check(program, *inputs):
    raw = run(program, "-o", "junit", *inputs)
    root = ElementTree.fromstring(raw)
    if root.tag != "testsuites" or not len(root):
        yield f"{root.tag} is the root, with {len(root)} suites"
    for suite in root:
        yield from check_suite(suite)
    pods = [json.loads(line) for line in run(program, "-o", "jsonl", *inputs).splitlines()]
    failures = sorted((f.get("type"), f.get("message")) for f in root.iter("failure"))
    pods = [p for p in pods if p["kind"] == "Diagnosis"]
    causes = sorted((p["cause"]["code"], p["cause"]["summary"]) for p in pods if p["cause"])
    if [code for code, _ in failures] != [code for code, _ in causes]:
        yield f"{len(failures)} failures, but {len(causes)} causes, or others"
    neither = [p for p in pods if not p["cause"] and p["verdict"] in ("open", "aborted")]
    excluded = len(root.findall(".//testcase")) - len(pods)
    if excluded < 0 or len(list(root.iter("skipped"))) != len(neither) + excluded:
        yield "other pods are skipped than those that are open, aborted or excluded"


def hostile(root):
    """A real shape with what XML does not allow: control characters, half of a pair, what is no character."""
    sys.path.insert(0, os.path.join(root, "tests", "codes"))
    import make  # pylint: disable=import-outside-toplevel

    with open(os.path.join(make.logs(), "CNIAddFailed", "yes.log"), encoding="utf-8") as f:
        text = f.read()
    bad = r"\u0000\u0001\u001b[31m\u202e<b>&amp;]]>\ud800\ufffe\uffff\u0085\r\n\t" + '\\"' + "'"
    assert "failed to add interface" in text
    return text.replace("failed to add interface", bad).encode() + b"\n"


def many(n):
    """A namespace in which n creates are refused."""
    for i in range(n):
        at = f"2026-01-01T00:{i // 60 % 60:02}:{i % 60:02}.000000Z"
        yield json.dumps({
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": f"id-{i}",
            "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/big/pods", "verb": "create",
            "user": {"username": "alice"}, "objectRef": {"resource": "pods", "namespace": "big", "name": f"p{i}",
                                                         "apiVersion": "v1"},
            "responseStatus": {"code": 403, "message": f'pods "p{i}" is forbidden: exceeded quota: q, requested: pods=1, '
                                                       "used: pods=3, limited: pods=3"},
            "requestReceivedTimestamp": at, "stageTimestamp": at})


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    program, root = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    complaints = [f"audit: {c}" for c in check(program, os.path.join(root, "testdata", "audit"))]
    with tempfile.TemporaryDirectory() as work:
        for name, text in (("hostile", hostile(root)), ("big", "\n".join(many(2500)).encode())):
            path = os.path.join(work, name)
            with open(path, "wb") as f:
                f.write(text)
            complaints += [f"{name}: {c}" for c in check(program, path)]
        suites = ElementTree.fromstring(run(program, "-o", "junit", path))
        if [s.get("tests") for s in suites] != ["1000", "1000", "500"]:
            complaints.append(f"a big namespace is cut into {[s.get('tests') for s in suites]}")
    for complaint in complaints:
        print(complaint)
    print(f"junit: {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
