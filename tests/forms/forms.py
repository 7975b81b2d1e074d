#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every form in which users have their logs gives what the plain log gives.

    forms.py LUNETTES [--only NAME]... [--table] [FILE|DIRECTORY...]     by default testdata/captures/3-k8s-example
                                                                         and testdata/captures/6c-live-copy/audit-torn

The same records are wrapped (wrap.py), compressed, put into archives, and nested; `slo -o jsonl` without `evidence` and
`slo -o json` without `evidence` and `basis.sources` must stay the same bytes. Of the lines that a form adds (klog between
records) only the counter otherLines may tell. --table prints the table of tests/README.md. Prints a closing
`N passed, N failed`.
"""
import argparse
import bz2
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
LOGS = ["testdata/captures/3-k8s-example/audit", "testdata/captures/6c-live-copy/audit-torn"]


def command(*argv):
    return lambda data: subprocess.run(argv, input=data, stdout=subprocess.PIPE, check=True).stdout


def tar(files, mode="w:", form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:
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
    "gzip": (gzip.compress, "audit-log-compress, gzip"),
    "zstd": (command("zstd", "-qc"), "zstd"),
    "xz": (lzma.compress, "xz"),
    "bzip2": (bz2.compress, "bzip2"),
    "lz4": (command("lz4", "-qc"), "lz4"),
    "utf-16": (utf16, "PowerShell's > of a program's output"),
    "tar": (lambda d: tar(beside(d)), "tar, pax"),
    "tar-gnu": (lambda d: tar(beside(d, "x" * 150 + "/" + "y" * 120), form=tarfile.GNU_FORMAT), "tar, GNU's, long names"),
    "tar-ustar": (lambda d: tar(beside(d), form=tarfile.USTAR_FORMAT), "tar, ustar"),
    "tar.gz": (lambda d: tar(beside(d), "w:gz"), "tar.gz"),
    "tar.xz": (lambda d: tar(beside(d), "w:xz"), "tar.xz"),
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


class Judge:
    def __init__(self, program, only):
        self.program, self.only = program, only
        self.plain = {}     # by the lines that a form is compared with
        self.passed = self.failed = 0

    def run(self, path, form):
        done = subprocess.run([self.program, "slo", "-q", "-o", form, path], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace')}"
        return done.stdout

    def answers(self, path):
        """What is compared: jsonl without evidence; json without evidence and what tells the files apart."""
        lines, report = self.run(path, "jsonl"), self.run(path, "json")
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
        return pods, json.dumps(report)

    def judge(self, name, data, lines, folder):
        if self.only and name not in self.only:
            return
        key = id(lines)
        if key not in self.plain:
            path = os.path.join(folder, "plain")
            with open(path, "wb") as f:
                f.write(b"".join(line + b"\n" for line in lines))
            self.plain[key] = (lines, self.answers(path))
        path = os.path.join(folder, "wrapped")
        with open(path, "wb") as f:
            f.write(data)
        want, got = self.plain[key][1], self.answers(path)
        if got == want and not isinstance(got, str) and want[0]:
            self.passed += 1
            print(f"ok    {name}")
            return
        self.failed += 1
        print(f"FAIL  {name}: {difference(want, got)}")


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


def whole(line):
    try:
        return bool(line) and isinstance(json.loads(line), dict)
    except ValueError:
        return False


def table():
    print("| form | what it is | shape after |\n|---|---|---|")
    for name, (_, what, origin) in wrap.FORMS.items():
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
    lines = [line for line in read_logs(args.paths or [os.path.join(ROOT, path) for path in LOGS]) if whole(line)]
    data = b"".join(line + b"\n" for line in lines)
    judge = Judge(args.program, args.only)
    with tempfile.TemporaryDirectory(prefix="lunettes-forms-") as folder:
        for form in wrap.FORMS:
            compared = wrap.plain_for(form, lines)
            judge.judge(form, wrap.wrap(form, lines), lines if compared == lines else compared, folder)
        for name, (pack, _) in PACKED.items():
            judge.judge(name, pack(data), lines, folder)
        for form, name in BOTH:
            judge.judge(f"{form} in {name}", PACKED[name][0](wrap.wrap(form, lines)), lines, folder)
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    sys.exit(main())
