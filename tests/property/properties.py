#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Transformations that must not change the result: the same records give the same bytes.

    properties.py LUNETTES [--seed N] [--rounds N] [DIRECTORY|FILE...]      by default testdata/audit

Runs `lunettes slo -o jsonl` and `-o json`, and in fewer rounds those in OTHERS, over the original logs, then over
the same records
  1. with the operands in another order,
  2. with the lines in another order,
  3. compressed in another way (plain, gz, gz of many members, zst, zst of many frames, xz, standard input),
  4. split at any line into several files, and in files that overlap (duplicates),
  5. sorted within 1 MiB of memory, and with -j 1, 2, 4; at last with all of these together.
jsonl is compared without `evidence`, `file` and `line`, json without `basis.sources` too; with duplicate records json's
whole `basis`, which counts them, is ignored. Texts are compared unchanged. Prints the seed and a closing `N passed, N failed`.
"""
import argparse
import gzip
import json
import lzma
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77
FORMS = {"jsonl": ["slo", "-o", "jsonl"], "json": ["slo", "-o", "json"]}
OTHERS = {
    "delete": ["slo", "--slo", "delete", "-o", "jsonl"], "upgrade": ["slo", "--slo", "upgrade", "-o", "jsonl"],
    "pvc": ["slo", "--slo", "pvc", "-o", "jsonl"], "delete, json": ["slo", "--slo", "delete", "-o", "json"],
    "pods": ["pods", "-o", "jsonl"], "pods --at": ["pods", "--at", "MOMENT", "-o", "jsonl"],
    "diagnose": ["diagnose", "-o", "jsonl"], "diagnose, all": ["diagnose", "-o", "json"],
    "trace": ["trace", "--otlp", "-"],
    "csv": ["slo", "-o", "csv", "--by", "workload"], "openmetrics": ["slo", "-o", "openmetrics"],
}
PLACES = ("evidence", "file", "line")   # positions, which differ between files
MOMENT = "10:13"        # in testdata/audit; in other logs half a minute before their end


# ---------------------------------------------------------------------------------- reading and writing

def walk(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                yield os.path.join(folder, name)


def read_lines(path):
    with open(path, "rb") as f:
        raw = f.read()
    if raw[:4] == b"\x28\xb5\x2f\xfd":
        raw = subprocess.run(["zstd", "-dcq", "--long=31", path], stdout=subprocess.PIPE, check=True).stdout
    elif raw[:2] == b"\x1f\x8b":
        raw = zlib.decompressobj(31).decompress(raw)
    return [line for line in raw.split(b"\n") if line.strip()]


def plain(data):
    return data


def gz(data):
    return gzip.compress(data, 1)


def pieces(data, count):
    """Cuts data anywhere, in the middle of lines too."""
    size = len(data) // count + 1
    return [data[i:i + size] for i in range(0, len(data), size)]


def gz_members(data):
    return b"".join(gzip.compress(piece, 1) for piece in pieces(data, 7)) + gzip.compress(b"")


def zst(data):
    return subprocess.run(["zstd", "-1qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


def zst_frames(data):
    return b"".join(zst(piece) for piece in pieces(data, 5))


def xz(data):
    return lzma.compress(data, preset=0)


CODECS = {"plain": plain, "gz": gz, "gz of 8 members": gz_members, "zst": zst, "zst of 5 frames": zst_frames, "xz": xz}


# ------------------------------------------------------------------------------------------- comparing

class Verbatim(float):
    """A number that keeps its spelling."""

    def __new__(cls, text):
        self = float.__new__(cls, text)
        self.text = text
        return self

    def __repr__(self):
        return self.text


def dump(value):
    """JSON with numbers as they were spelled."""
    if isinstance(value, dict):
        return "{%s}" % ",".join(json.dumps(k) + ":" + dump(v) for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(dump(v) for v in value)
    return value.text if isinstance(value, Verbatim) else json.dumps(value)


def strip(value, duplicates):
    if isinstance(value, list):
        return [strip(v, duplicates) for v in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, inner in value.items():
        if key in PLACES or key == "basis" and duplicates:
            continue
        if key == "basis" and isinstance(inner, dict):
            inner = {k: v for k, v in inner.items() if k != "sources"}
        kept[key] = strip(inner, duplicates)
    return kept


def normalise(form, text, duplicates):
    if form in ("csv", "openmetrics"):
        return text.splitlines()
    return [dump(strip(json.loads(line, parse_float=Verbatim), duplicates)) for line in text.splitlines() if line]


class Judge:
    def __init__(self, program, moment):
        self.program, self.passed, self.failed, self.expected = program, 0, 0, {}
        self.forms = {k: [moment if w == "MOMENT" else w for w in v] for k, v in list(FORMS.items()) + list(OTHERS.items())}

    def run(self, form, operands, options, stdin=None):
        words = [self.program] + self.forms[form] + ["-q"] + options + operands
        source = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
        run = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **source)
        if run.returncode != 0:
            raise RuntimeError("exit status %d: %s" % (run.returncode, run.stderr.decode(errors="replace")[-800:]))
        return run.stdout.decode()

    def learn(self, operands):
        """How many lines each form has; none may be empty, but of what the logs do not hold."""
        for form in self.forms:
            text = self.run(form, operands, [])
            self.expected[form] = {d: normalise(form, text, d) for d in (False, True)}
        return ", ".join("%s %d" % (form, len(lines[False])) for form, lines in self.expected.items())

    def check(self, name, operands, options=(), duplicates=False, stdin=None, others=False):
        """others: the forms of OTHERS too."""
        for form in self.forms if others else FORMS:
            try:
                ours = normalise(form, self.run(form, operands, list(options), stdin), duplicates)
                difference = self.difference(self.expected[form][duplicates], ours)
            except (RuntimeError, ValueError) as e:
                difference = str(e)
            if difference:
                self.failed += 1
                print("FAIL  %s, %s\n%s" % (name, form, difference))
            else:
                self.passed += 1
                print("ok    %s, %s" % (name, form))

    @staticmethod
    def difference(expected, ours):
        if len(expected) != len(ours):
            return "%d lines as they are, %d changed" % (len(expected), len(ours))
        for a, b in zip(expected, ours):
            if a != b:
                at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
                return "  in  %s\n  -   ...%s\n  +   ...%s" % (a[:200], a[max(0, at - 80):at + 160], b[max(0, at - 80):at + 160])
        return ""


# ------------------------------------------------------------------------------------------ the properties

class Files:
    """Writes lists of lines into files of their own, one folder a case."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    def write(self, parts, codecs=(plain,)):
        self.count += 1
        folder = os.path.join(self.folder, "%03d" % self.count)
        os.mkdir(folder)
        paths = []
        for i, part in enumerate(parts):
            paths.append(os.path.join(folder, "part-%02d" % i))
            with open(paths[-1], "wb") as f:
                f.write(codecs[i % len(codecs)](b"".join(line + b"\n" for line in part)))
        return paths


def split(lines, count, rng):
    cuts = sorted(rng.randrange(len(lines) + 1) for _ in range(count - 1))
    return [lines[a:b] for a, b in zip([0] + cuts, cuts + [len(lines)])]


def overlap(lines, count, rng):
    """Windows that share records with their neighbours; together they cover all."""
    parts, size = [], len(lines) // count + 1
    for start in range(0, len(lines), size):
        before, after = rng.randrange(size), rng.randrange(size)
        parts.append(lines[max(0, start - before):start + size + after])
    return parts


def shuffled(items, rng):
    items = list(items)
    rng.shuffle(items)
    return items


def check_all(judge, paths, files, rng, rounds, tmpdir):
    originals = [read_lines(path) for path in paths]
    lines = [line for part in originals for line in part]
    small = ["--memory", "1M", "--tmpdir", tmpdir]
    judge.check("operands reversed", list(reversed(paths)), others=True)
    for i in range(rounds):
        first = i == 0
        judge.check("operands permuted, %d" % i, shuffled(paths, rng))
        judge.check("lines permuted, %d" % i, files.write([shuffled(lines, rng)]), others=first)
        judge.check("split into %d files" % (2 + i), files.write(split(lines, 2 + i, rng)), others=first)
        judge.check("overlapping files, %d" % i, files.write(overlap(lines, 3 + i, rng)), duplicates=True, others=first)
    judge.check("one line a file at the ends", files.write([lines[:1], lines[1:-1], lines[-1:]]))
    judge.check("every record twice", files.write([lines, lines]), duplicates=True, others=True)
    for name, codec in CODECS.items():
        judge.check(name, files.write(originals, (codec,)), others=name == "gz of 8 members")
    judge.check("standard input", ["-"], stdin=b"\n".join(lines), others=True)
    judge.check("standard input, gz", ["-"], stdin=gz(b"\n".join(lines) + b"\n"))
    judge.check("--memory 1M", paths, small)
    for j in ("1", "2", "4"):
        judge.check("-j " + j, paths, ["-j", j], others=j == "4")
        judge.check("-j %s --memory 1M" % j, paths, ["-j", j] + small, others=j == "1")
    for i in range(rounds):
        mixed = files.write(split(shuffled(lines, rng), 6, rng), tuple(CODECS.values()))
        judge.check("all together, %d" % i, shuffled(mixed, rng), ["-j", "4"] + small, others=i == 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lunettes")
    parser.add_argument("paths", nargs="*", default=[os.path.join(ROOT, "testdata", "audit")])
    parser.add_argument("--seed", type=int, default=int(os.environ.get("PROPERTY_SEED", "1")))
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_intermixed_args()
    if not shutil.which("zstd"):
        print("the program zstd is not installed")
        sys.exit(SKIPPED)
    paths = list(walk(args.paths))
    judge = Judge(args.lunettes, MOMENT if args.paths == parser.get_default("paths") else "30s")
    print("seed %d, %d files" % (args.seed, len(paths)))
    print("lines expected: %s" % judge.learn(paths))
    with tempfile.TemporaryDirectory() as folder:
        tmpdir = os.path.join(folder, "spill")
        os.mkdir(tmpdir)
        check_all(judge, paths, Files(folder), random.Random(args.seed), args.rounds, tmpdir)
        left = os.listdir(tmpdir)
        judge.passed, judge.failed = judge.passed + (not left), judge.failed + bool(left)
        print("%s  --tmpdir is left empty" % ("FAIL" if left else "ok  "))
    print("%d passed, %d failed" % (judge.passed, judge.failed))
    sys.exit(judge.failed > 0)


if __name__ == "__main__":
    main()
