#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every form in which users have their logs gives the same result as the plain log.

    forms.py LUNETTES [--only NAME]... [--table] [FILE|DIRECTORY...]

By default the records about pods in testdata/captures/3-k8s-example, with a part of the others, and the longest lines of
testdata/audit, which runtimes split and which do not fit into the first buffers. The same records are wrapped (wrap.py), compressed, put into archives, and nested; `slo -o jsonl` without `evidence` and
`slo -o json` without `evidence` and `basis.sources` must stay the same bytes. Lines that a form adds (klog between
records) may only change the counter otherLines. --table prints the table of tests/README.md. Prints a closing
`N passed, N failed`.
"""
import argparse
import bz2
import concurrent.futures
import functools
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import wrap

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LOG = os.path.join(ROOT, "testdata", "captures", "3-k8s-example", "audit")
LONG_LOG = os.path.join(ROOT, "testdata", "audit")
LONG = 16 * 1024        # where container runtimes cut
ABOUT_PODS = {"pods", "events", "nodes", "replicasets", "deployments", "jobs"}


def command(*argv):
    return lambda data: subprocess.run(argv, input=data, stdout=subprocess.PIPE, check=True).stdout


def tar(files, mode="w:", form=tarfile.PAX_FORMAT, **how):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form, **how) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def zipped(files, how=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def beside(data, name="var/log/audit/audit.log"):
    """Among files that are none of ours, as in a bundle."""
    return [("README", b"A bundle.\n" * 50), ("var/log/messages", b"Nov 22 10:00:00 host systemd[1]: Started.\n" * 999),
            ("bin/tool", b"\x7fELF\2\1\1\0" + bytes(5000)), (name, data), ("version.json", b'{"gitVersion":"v1.32.13"}')]


def utf16(data):
    return b"\xff\xfe" + data.decode("utf-8", "replace").encode("utf-16-le")


PACKED = {
    "gzip": (lambda d: gzip.compress(d, 6), "audit-log-compress, gzip"),
    "zstd": (command("zstd", "-qc"), "zstd"),
    "xz": (lambda d: lzma.compress(d, preset=0), "xz"),
    "bzip2": (bz2.compress, "bzip2"),
    "lz4": (command("lz4", "-qc"), "lz4"),
    "utf-16": (utf16, "PowerShell's > of a program's output"),
    "tar": (lambda d: tar(beside(d)), "tar, pax"),
    "tar-gnu": (lambda d: tar(beside(d, "x" * 150 + "/" + "y" * 120), form=tarfile.GNU_FORMAT), "tar, GNU's, long names"),
    "tar-ustar": (lambda d: tar(beside(d), form=tarfile.USTAR_FORMAT), "tar, ustar"),
    "tar.gz": (lambda d: tar(beside(d), "w:gz", compresslevel=6), "tar.gz"),
    "tar.xz": (lambda d: tar(beside(d), "w:xz", preset=0), "tar.xz"),
    "tar.zst": (lambda d: command("zstd", "-qc")(tar(beside(d))), "tar.zst"),
    "zip": (lambda d: zipped(beside(d)), "zip"),
    "zip-stored": (lambda d: zipped(beside(d), zipfile.ZIP_STORED), "zip, not compressed"),
    "tar-of-gzip": (lambda d: tar(beside(gzip.compress(d), "audit.log.gz")), "a tar of compressed files"),
    "tar-in-zip": (lambda d: zipped([("inner.tar.gz", tar(beside(d), "w:gz")), ("x", b"y")]), "a tar.gz in a zip"),
    "zip-in-tar-in-tar": (lambda d: tar([("b.tar", tar([("a.zip", zipped(beside(d)))]))]), "three archives deep"),
}

# Two steps at once: what is common, and what is hard.
BOTH = [("eks-cloudwatch", "gzip"), ("s3-export", "tar.gz"), ("cri-16k", "tar.gz"), ("docker-16k", "zip"),
        ("pretty", "tar.xz"), ("array", "zstd"), ("eventlist", "zip"), ("eks-insights-csv", "utf-16")]


# What a form cannot keep, so that these counters are not compared.
LOST = {"gke": ["levelMetadata", "levelRequest", "levelRequestResponse"]}


class Judge:
    """Runs the program beside the wrapping, which is python's: a thread for each of its two answers."""

    def __init__(self, program, only, folder):
        self.program, self.only, self.folder = program, only, folder
        self.plain = {}     # the answers by the lines that a form is compared with
        self.waiting = []   # (name, what the plain lines give, what this form gives), in order
        self.runs = concurrent.futures.ThreadPoolExecutor(max_workers=2)
        self.pairs = concurrent.futures.ThreadPoolExecutor(max_workers=4)
        self.passed = self.failed = 0

    def run(self, path, form):
        done = subprocess.run([self.program, "slo", "-q", "-o", form, path], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace')}"
        return done.stdout

    def answers(self, path):
        """The compared part: jsonl without evidence; json without evidence and the names of files."""
        lines, report = [run.result() for run in [self.runs.submit(self.run, path, form) for form in ("jsonl", "json")]]
        os.unlink(path)
        if isinstance(lines, str) or isinstance(report, str):
            return lines if isinstance(lines, str) else report
        pods = []
        for line in lines.splitlines():
            pod = json.loads(line)
            del pod["evidence"]
            pods.append(json.dumps(pod))
        report = json.loads(report)
        for key in ("sources", "otherLines", "passedOver"):
            report["basis"].pop(key, None)
        return pods, report

    def ask(self, data):
        """The pending results. Limits their number, because their files need space."""
        pending = [got for _, _, got in self.waiting if not got.done()]
        if len(pending) > 4:
            concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
        handle, path = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as f:
            f.write(data)
        return self.pairs.submit(self.answers, path)

    def judge(self, name, make, lines):
        if self.only and name not in self.only:
            return
        if id(lines) not in self.plain:
            self.plain[id(lines)] = (lines, self.ask(b"".join(line + b"\n" for line in lines)))
        self.waiting.append((name, self.plain[id(lines)][1], self.ask(make())))

    def close(self):
        for name, want, got in self.waiting:
            want, got = without(LOST.get(name, []), want.result()), without(LOST.get(name, []), got.result())
            if got == want and not isinstance(got, str) and want[0]:
                self.passed += 1
                print(f"ok    {name}")
            else:
                self.failed += 1
                print(f"FAIL  {name}: {difference(want, got)}")


def without(keys, answers):
    if isinstance(answers, str):
        return answers
    basis = {key: value for key, value in answers[1]["basis"].items() if key not in keys}
    return answers[0], json.dumps({**answers[1], "basis": basis})


def difference(want, got):
    if isinstance(got, str) or isinstance(want, str):
        return got if isinstance(got, str) else want
    if len(got[0]) != len(want[0]):
        return f"{len(got[0])} pods, not {len(want[0])}"
    for a, b in zip(want[0], got[0]):
        if a != b:
            x, y = json.loads(a), json.loads(b)
            return f"{x['namespace']}/{x['name']}: " + "; ".join(
                f"{k}: {x[k]!r:.300} is {y.get(k)!r:.300}" for k in x if x[k] != y.get(k))
    x, y = json.loads(want[1]), json.loads(got[1])
    for part in x:
        if x[part] != y[part]:
            if isinstance(x[part], dict):
                return part + ": " + "; ".join(
                    f"{k}: {x[part][k]!r:.200} is {y[part].get(k)!r:.200}" for k in x[part] if x[part][k] != y[part].get(k))
            return f"{part}: {x[part]!r:.300} is {y[part]!r:.300}"
    return "empty"


def read_logs(paths):
    for path in paths:
        for folder, _, names in sorted(os.walk(path)) if os.path.isdir(path) else [(os.path.dirname(path), [], [os.path.basename(path)])]:
            for name in sorted(names):
                with open(os.path.join(folder, name), "rb") as f:
                    raw = f.read()
                if raw[:4] == b"\x28\xb5\x2f\xfd":
                    raw = command("zstd", "-dcq")(raw)
                yield from raw.split(b"\n")


def record(line):
    """The record that the line holds, if it holds one."""
    try:
        value = json.loads(line) if line else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def default_lines():
    rest = 0
    for line in read_logs([LOG]):
        event = record(line)
        if event and (event.get("objectRef") or {}).get("resource") not in ABOUT_PODS:
            rest += 1
            if rest % 10:
                continue
        if event:
            yield line
    for line in read_logs([LONG_LOG]):
        if len(line) > LONG and record(line):
            yield line


def table():
    print("| form | what it is | shape after |\n|---|---|---|")
    for name, (what, origin) in wrap.FORMS.items():
        print(f"| {name} | {what} | {origin} |")
    for name, (_, what) in PACKED.items():
        print(f"| {name} | {what} | the tool itself |")
    for form, packed in BOTH:
        print(f"| {form} in {packed} | both | |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?")
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--only", action="append")
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    if args.table:
        table()
        return 0
    lines = [line for line in read_logs(args.paths) if record(line)] if args.paths else list(default_lines())
    data = b"".join(line + b"\n" for line in lines)
    wrapped = functools.lru_cache(maxsize=None)(lambda form: wrap.wrap(form, lines))
    with tempfile.TemporaryDirectory(prefix="lunettes-forms-") as folder:
        judge = Judge(args.program, args.only, folder)
        for form in wrap.FORMS:
            compared = wrap.plain_for(form, lines)
            judge.judge(form, functools.partial(wrapped, form), lines if compared == lines else compared)
        for name, (pack, _) in PACKED.items():
            judge.judge(name, functools.partial(pack, data), lines)
        for form, name in BOTH:
            judge.judge(f"{form} in {name}", lambda: PACKED[name][0](wrapped(form)), lines)
        judge.close()
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    sys.exit(main())
