#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the documents show: it runs, and says what the program says.

    documents.py LUNETTES ROOT

Runs the examples of the manual (lines that begin with `$ ` in EXAMPLES): each must succeed, print something and say
nothing on stderr. Runs the sessions of README.md (`$ lunettes ...` in code blocks): every line below must stand in
the output, except `...`. And the manual names every code of a refusal, every counter and every key of a
configuration that the sources hold.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
ROFF = (("\\(dq", '"'), ("\\(aq", "'"), ("\\e", "\\"), ("\\&", ""), ("\\-", "-"))


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def plain(text):
    for escape, char in ROFF:
        text = text.replace(escape, char)
    return text


def manual_examples(text):
    lines = text.split(".Sh EXAMPLES\n")[1].split("\n.Sh ")[0].splitlines()
    for number, line in enumerate(lines):
        command = line.removeprefix(".Dl ")
        if not command.startswith("$ "):
            continue
        following = lines[number + 1:]
        while following and following[0].startswith("  "):
            command += "\n" + following.pop(0)
        yield plain(command[2:])


def sessions(text):
    """(command, lines of its output) of the code blocks."""
    for block in re.findall(r"^```[a-z]*\n(\$ lunettes .*?)^```", text, re.M | re.S):
        for one in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *output = one.splitlines()
            yield command, output


def prepare(work, root, program):
    """lunettes on the path; audit.log, logs/, logs/blue and logs/green are logs of the test cluster."""
    logs = os.path.join(work, "logs")
    os.makedirs(os.path.join(work, "bin"))
    os.mkdir(logs)
    os.symlink(program, os.path.join(work, "bin", "lunettes"))
    os.symlink(os.path.join(root, "testdata"), os.path.join(work, "testdata"))
    for name, source in (("blue", "audit"), ("green", "audit")):
        os.symlink(os.path.join(root, "testdata", source), os.path.join(logs, name))
    os.symlink(os.path.join(root, "testdata", "audit", "audit.log.zst"), os.path.join(work, "audit.log"))
    path = os.path.join(work, "bin") + os.pathsep + os.environ["PATH"]
    env = {k: v for k, v in os.environ.items() if k in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    return {**env, "PATH": path, "LC_ALL": "C.UTF-8", "HOME": work, "TMPDIR": work}


def run(command, work, env):
    return subprocess.run(["sh", "-c", command], cwd=work, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)


def check_examples(root, work, env):
    for page in sorted(name for name in os.listdir(os.path.join(root, "man")) if re.search(r"\.[1-9]$", name)):
        for command in manual_examples(read(root, "man", page)):
            done = run(command, work, env)
            if done.returncode != 0 or not done.stdout:
                yield f"{page}: this example fails, or prints nothing: {command}\n{done.stderr}"
            elif done.stderr and "no path was given" not in done.stderr:
                yield f"{page}: this example complains: {command}\n{done.stderr}"


def check_sessions(root, work, env):
    found = list(sessions(read(root, "README.md")))
    for command, output in found:
        done = run(command, work, env)
        said = {line.rstrip() for line in (done.stdout + done.stderr).splitlines()}
        for line in output:
            if line.strip() and line.strip() != "..." and line.rstrip() not in said:
                yield f"README.md: '{command}' does not print: {line}"
    if not found:
        yield "README.md: no session was found"


def check_lists(root):
    page = read(root, "man", "lunettes-slo.1")
    codes = re.findall(r'"(\w+)", *"(?:user|platform|)" \}', re.sub(r"\s+", " ", read(root, "src", "kube", "refusal.c")))
    counters = re.findall(r"X\((\w+), ", read(root, "src", "kube", "ingest.h"))
    if len(codes) < 10 or len(counters) < 10:
        yield "documents.py no longer understands refusal.c or ingest.h"
    for word in codes + counters:
        if not re.search(rf"\b{word}\b", page):
            yield f"lunettes-slo.1 does not name {word}"
    page = read(root, "man", "lunettes-inspect.1")
    findings = re.findall(r'\{ "(\w+)",', read(root, "src", "slo", "findings.c"))
    coverage = re.findall(r"X\((\w+), ", read(root, "src", "timeline", "coverage.h"))
    if len(findings) < 10 or len(coverage) < 10:
        yield "documents.py no longer understands findings.c or coverage.h"
    items = " ".join(re.findall(r"^\.It Cm (.*)", page, re.M)).replace(",", " ").split()
    for word in findings + coverage:
        if word not in items:
            yield f"lunettes-inspect.1 has no item {word}"
    page = read(root, "man", "lunettes-config.5")
    sources = "".join(read(root, "src", "slo", name) for name in ("settings_keys.c", "objective.c", "openslo.c"))
    keys = re.findall(r'\{ "(\w+)", CONFIG_|(?:OWN|THEIRS)\("(\w+)"', sources)
    if len(keys) < 50:
        yield "documents.py no longer understands the tables of the configuration's keys"
    for word in {own or theirs for own, theirs in keys}:
        if not re.search(rf"^\.(?:It )?Cm .*\b{word}\b", page, re.M):
            yield f"lunettes-config.5 does not name {word}"


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if not shutil.which("jq") or not shutil.which("zstd"):
        print("documents: jq or zstd is not installed")
        return SKIPPED
    program, root = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        env = prepare(work, root, program)
        complaints = [*check_examples(root, work, env), *check_sessions(root, work, env), *check_lists(root)]
    for complaint in complaints:
        print(complaint)
    print(f"documents: {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
