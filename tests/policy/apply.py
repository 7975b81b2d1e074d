#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the policy that lunettes prints gives full results: apply.py LUNETTES LOG...

Applies the policy of `lunettes policy` to logs of a wider policy: drops and lowers records as the API server would
have. Then each pod of the fact table must be the same from both, except for its evidence, which has files and lines.
The same again without the first third of the log: there excluded pods may differ, because reads of pods that are
older than the log are not logged.

    apply.py --lower POLICY < LOG > LOWERED      only applies it
"""
import json
import os
import re
import subprocess
import sys
import tempfile

LEVELS = ["None", "Metadata", "Request", "RequestResponse"]


# ---------------------------------------------------------------------------- YAML, as far as policies use it

def scalar(text):
    text = text.strip()
    if text.startswith("["):
        return [scalar(item) for item in text[1:-1].split(",") if item.strip()]
    if text[:1] in ("'", '"'):
        return text[1:-1]
    return {"true": True, "false": False}.get(text, text)


def yaml_lines(text):
    """(indent, content) of the lines that hold something."""
    for line in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).rstrip()
        if line:
            yield len(line) - len(line.lstrip()), line.lstrip()


def yaml_block(lines, indent):
    """The value whose lines begin at this column, off the front of the list."""
    if lines[0][1].startswith("- "):
        result = []
        while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
            rest = lines[0][1][2:]
            if re.match(r"\w+:(\s|$)", rest):
                lines[0] = (indent + 2, rest)
                result.append(yaml_block(lines, indent + 2))
            else:
                result.append(scalar(rest))
                lines.pop(0)
        return result
    result = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        key, _, rest = lines.pop(0)[1].partition(":")
        if rest.strip():
            result[key] = scalar(rest)
        elif lines and lines[0][0] >= indent:
            result[key] = yaml_block(lines, lines[0][0])
    return result


def read_policy(text):
    lines = list(yaml_lines(text))
    policy = yaml_block(lines, 0)
    if lines or policy.get("kind") != "Policy" or not policy.get("rules"):
        raise ValueError("not a policy that is understood here, from: %s" % (lines[:1] or policy))
    return policy


# ---------------------------------------------------------------------------- the policy, as kube-apiserver applies it

def resource_matches(rule, ref):
    """apiserver/pkg/audit/policy/checker.go, ruleMatchesResource."""
    if rule.get("namespaces") and ref.get("namespace", "") not in rule["namespaces"]:
        return False
    if not rule.get("resources"):
        return True
    resource, sub = ref.get("resource", ""), ref.get("subresource", "")
    combined = resource + "/" + sub if sub else resource
    for group in rule["resources"]:
        if group.get("group", "") != ref.get("apiGroup", ""):
            continue
        if group.get("resourceNames") and ref.get("name", "") not in group["resourceNames"]:
            continue
        if not group.get("resources"):
            return True
        for wanted in group["resources"]:
            if wanted in ("*", combined) or wanted == "*/" + sub or wanted == resource + "/*":
                return True
    return False


def rule_matches(rule, record):
    user, ref = record.get("impersonatedUser") or record.get("user", {}), record.get("objectRef")
    if rule.get("users") and user.get("username") not in rule["users"]:
        return False
    if rule.get("userGroups") and not set(rule["userGroups"]) & set(user.get("groups", [])):
        return False
    if rule.get("verbs") and record.get("verb") not in rule["verbs"]:
        return False
    if rule.get("namespaces") or rule.get("resources"):
        return ref is not None and resource_matches(rule, ref)
    return not rule.get("nonResourceURLs") or ref is None  # no rule of ours goes by URLs


def without_managed_fields(body):
    if isinstance(body, dict):
        for item in [body, *(body.get("items") or [])]:
            if isinstance(item, dict) and isinstance(item.get("metadata"), dict):
                item["metadata"].pop("managedFields", None)


def lower(policy, record):
    """The record as this policy would have logged it, or None."""
    rule = next((r for r in policy["rules"] if rule_matches(r, record)), {"level": "None"})
    level = min(LEVELS.index(rule["level"]), LEVELS.index(record["level"]))
    if not level or record["stage"] in policy.get("omitStages", []) + rule.get("omitStages", []):
        return None
    record["level"] = LEVELS[level]
    if level < 3:
        record.pop("responseObject", None)
    if level < 2:
        record.pop("requestObject", None)
    if rule.get("omitManagedFields", policy.get("omitManagedFields")):
        without_managed_fields(record.get("responseObject"))
        if record["verb"] != "patch":  # its body is logged as it came
            without_managed_fields(record.get("requestObject"))
    return record


def lower_all(policy, lines):
    for line in lines:
        record = lower(policy, json.loads(line))
        if record:
            yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# ---------------------------------------------------------------------------- comparing

def run(program, *args):
    return subprocess.run([program, *args], check=True, stdout=subprocess.PIPE).stdout


def facts(program, path, lines):
    """The pods of a log, without their evidence."""
    with open(path, "wb") as file:
        file.writelines(lines)
    return [{k: v for k, v in json.loads(line).items() if k != "evidence"}
            for line in run(program, "slo", "-q", "-o", "jsonl", path).splitlines()]


def name_of(pod):
    return tuple(str(pod[k]) for k in ("namespace", "name", "generateName", "uid", "created", "code"))


def judge(wide, narrow):
    """What differs and should not."""
    theirs = {name_of(pod): pod for pod in narrow}
    for pod in wide:
        other = theirs.pop(name_of(pod), None)
        if other is None:
            yield "%s/%s is missing" % (pod["namespace"], pod["name"])
            continue
        for key in pod:
            if pod[key] != other[key]:
                yield "%s/%s: %s is %s, and with the policy %s" % (
                    pod["namespace"], pod["name"], key, json.dumps(pod[key]), json.dumps(other[key]))
    for pod in theirs.values():
        yield "%s/%s is there only with the policy" % (pod["namespace"], pod["name"])


def main():
    if sys.argv[1] == "--lower":
        with open(sys.argv[2], encoding="utf-8") as file:
            policy = read_policy(file.read())
        sys.stdout.buffer.writelines(lower_all(policy, sys.stdin.buffer))
        return 0
    program, logs = os.path.abspath(sys.argv[1]), sys.argv[2:]
    policy = read_policy(run(program, "policy").decode())
    whole = [line for log in logs for line in run("zstd", "-dcq", log).splitlines(keepends=True)]
    failed = False
    for what, lines, excluded in (("whole", whole, True), ("cut", whole[len(whole) // 3:], False)):
        lowered = list(lower_all(policy, lines))
        with tempfile.TemporaryDirectory() as work:
            wide, narrow = ([pod for pod in facts(program, os.path.join(work, "log"), some)
                             if excluded or pod["verdict"] != "excluded"] for some in (lines, lowered))
        complaints = list(judge(wide, narrow))
        for complaint in complaints:
            print(complaint)
        print("policy, the log %s: %d pods, %d bytes of %d, %d differences"
              % (what, len(wide), sum(map(len, lowered)), sum(map(len, lines)), len(complaints)))
        failed = failed or complaints or len(wide) < 10
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
