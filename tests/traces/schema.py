#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges the files of `lunettes trace` by the readers of other projects.

    schema.py javascript|python|collector LUNETTES FOLDER [PATH...]
    schema.py javascript|python|collector --install FOLDER

javascript and python read OTLP by the messages that OpenTelemetry generates for these languages; collector by the
OpenTelemetry collector's own reader, whose translation to Jaeger must agree with our Jaeger file. --install puts the
packages into FOLDER, once, in pinned versions whose hashes are checked; only that needs the network. Without them the
judge prints a message and exits with 77: skipped. Without paths: the test data, and those in $LUNETTES_TRACED. Closes with `N passed, N failed`.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import collector
import files

JUDGES = os.path.join(files.HERE, "judges")


def skip(why):
    print("traces by %s: %s" % (sys.argv[1], why))
    sys.exit(files.SKIPPED)


def install(words, folder, **more):
    """False hashes fail; anything else that goes wrong while installing means that it is not to be had here."""
    run = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    text = run.stdout.decode(errors="replace")
    if run.returncode == 0:
        return
    shutil.rmtree(folder, ignore_errors=True)
    if re.search(r"EINTEGRITY|DO NOT MATCH THE HASHES|checksum mismatch|SECURITY ERROR", text):
        sys.exit("what was downloaded is not what was pinned:\n%s\n0 passed, 1 failed" % text)
    last = (text.strip().splitlines() or ["?"])[-1]
    skip("'%s' did not install what it needs: %s" % (" ".join(words[:3]), last))


def prepared(folder, names, steps, installs):
    """FOLDER with copies of the named files, and what the steps install there; made once for the same files."""
    pinned = b"".join(open(os.path.join(JUDGES, name), "rb").read() for name in names)
    stamp = os.path.join(folder, "pinned")
    if os.path.exists(stamp) and open(stamp, "rb").read() == pinned:
        return folder
    if not installs:
        skip("what it reads with is not installed: `tests/traces/schema.py %s --install build-judges` does it" % sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in names:
        shutil.copy(os.path.join(JUDGES, name), folder)
    for words in steps:
        install(words, folder)
    with open(stamp, "wb") as out:
        out.write(pinned)
    return folder


def javascript(folder, installs):
    if not shutil.which("node") or not shutil.which("npm"):
        skip("the programs node and npm are not installed")
    step = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    prepared(folder, ["package.json", "package-lock.json"], [step], installs)
    return ["node", os.path.join(JUDGES, "otlp_schema.cjs"), os.path.join(folder, "node_modules")]


def python(folder, installs):
    own = os.path.join(folder, "venv", "bin", "python")
    make = [sys.executable, "-m", "venv", "venv"]
    fill = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes",
            "-r", "requirements.txt"]
    prepared(folder, ["requirements.txt"], [make, fill], installs)
    return [own, os.path.join(JUDGES, "otlp_protobuf.py")]


def go(folder, installs):
    if installs and not shutil.which("go"):
        skip("the program go is not installed")
    prepared(folder, ["go/go.mod", "go/go.sum", "go/main.go"], [["go", "build", "-o", "judge", "."]], installs)
    return [os.path.join(folder, "judge")]


def complain(judge, path):
    run = subprocess.run(judge + [path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if run.returncode:
        yield from run.stdout.decode(errors="replace").strip().splitlines() or ["ended with %d" % run.returncode]


# What each of them must reject: a text in the file, and its replacement.
BROKEN = {
    "javascript": [('"kind":1', '"kind":"x"'), ('"name":', '"named":'), ('"timeUnixNano":"', '"timeUnixNano":"-'),
                   ('"stringValue":"', '"stringvalue":"'), ('"kind":1', '"kind":1,"flags":-1')],
    "python": [('"kind":1', '"kind":"x"'), ('"name":', '"named":'), ('"timeUnixNano":"', '"timeUnixNano":"x'),
               ('"stringValue":"', '"stringvalue":"'), ('"kind":1', '"kind":1,"flags":-1')],
    "collector": [('"spanId":"', '"spanId":"00'), ('"startTimeUnixNano":"', '"startTimeUnixNano":"1'),
                  ('"name":', '"named":'), ('"boolValue":true', '"boolValue":false')],
}


def judge_broken(count, name, judge, path):
    """The judge itself: it must complain of a file in which one thing is wrong."""
    text = open(path, encoding="utf-8").read()
    for right, wrong in BROKEN[sys.argv[1]]:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as out:
            out.write(text.replace(right, wrong, 1))
            out.flush()
            missed = right not in text or not list(judge(out.name))
        count.judge("%s with %s for %s" % (name, wrong, right), ["nobody complained"] if missed else [])


def main():
    if len(sys.argv) < 4 or sys.argv[1] not in BROKEN:
        sys.exit(__doc__)
    kind, lunettes, folder = sys.argv[1:4]
    find = {"javascript": javascript, "python": python, "collector": go}[kind]
    words = find(os.path.join(os.path.abspath(folder), kind), lunettes == "--install")
    if lunettes == "--install":
        return
    count = files.Count()
    for name, operands in [(p, [p]) for p in sys.argv[4:]] or files.inputs():
        with tempfile.TemporaryDirectory() as scratch:
            made = files.write(lunettes, scratch, operands)
            own = json.load(open(made["jaeger"], encoding="utf-8"))["data"]

            def judge(path, own=own):
                return collector.judge(words, path, own) if kind == "collector" else complain(words, path)

            count.judge(name, judge(made["otlp"]))
            if count.passed + count.failed == 1:
                judge_broken(count, name, judge, made["otlp"])
    count.close()


main()
