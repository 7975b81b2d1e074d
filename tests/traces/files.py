# SPDX-License-Identifier: Apache-2.0
"""What the judges of traces share: which inputs, the three files made of one, and how a judge closes."""
import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "codes"))
import make  # noqa: E402

DATA = os.path.join(ROOT, "testdata")
SKIPPED = 77


def inputs():
    """(name, words): logs with their bodies and without, broken ones, dumps, every cause, public samples."""
    for capture in sorted(glob.glob(os.path.join(DATA, "captures", "*", ""))):
        name = os.path.basename(os.path.dirname(capture))
        logs = sorted(glob.glob(os.path.join(capture, "audit*", "")))
        yield name, logs or [os.path.join(DATA, "audit")]
    for name in sorted(os.listdir(os.path.join(DATA, "dumps"))):
        yield "dump " + name, [os.path.join(DATA, "dumps", name)]
    yield "log and dump", [os.path.join(DATA, "audit"), os.path.join(DATA, "dumps", "1-full")]
    codes = make.logs()  # each is a log of its own, of pods that are called alike
    yield "causes", [word for c in sorted(os.listdir(codes)) for word in ("--cluster", "%s=%s" % (c, os.path.join(codes, c)))]
    yield "public", [os.path.join(DATA, "public")]
    more = os.environ.get("LUNETTES_TRACED")  # more of them: paths, separated by colons
    for path in more.split(":") if more else []:
        yield path, [path]


def write(lunettes, folder, operands, options=()):
    """The three files of one run, by format."""
    made = {kind: os.path.join(folder, kind) for kind in ("otlp", "jaeger", "chrome")}
    words = [lunettes, "trace"] + list(options)
    for kind, path in made.items():
        words += ["--" + kind, path]
    run = subprocess.run(words + operands, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode or run.stdout:
        raise ValueError("lunettes ended with %d and printed %r\n%s" % (run.returncode, run.stdout[:200], run.stderr.decode()))
    return made


class Count:
    """Counts the checks; failures are printed at once, and at most FEW per judge."""

    FEW = 10

    def __init__(self):
        self.passed = self.failed = 0

    def judge(self, name, complaints):
        complaints = list(complaints)
        for text in complaints[: self.FEW]:
            print("FAIL  %s: %s" % (name, text if len(text) < 600 else text[:600] + "..."))
        if len(complaints) > self.FEW:
            print("FAIL  %s: and %d more" % (name, len(complaints) - self.FEW))
        if complaints:
            self.failed += 1
        else:
            self.passed += 1
            print("ok    %s" % name)

    def close(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed or not self.passed else 0)
