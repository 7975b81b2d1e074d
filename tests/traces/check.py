#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges what `lunettes trace` writes, without any other program: see otlp.py, jaeger.py and chrome.py.

    check.py LUNETTES [PATH...]

Without paths: the test data, and those in $LUNETTES_TRACED. Closes with `N passed, N failed`, one a format and input.
"""
import sys
import tempfile

import chrome
import files
import jaeger
import otlp


def twice(made, again):
    """Neither the number of threads nor memory that is so small that it spills change a byte."""
    for kind, path in made.items():
        if open(path, "rb").read() != open(again[kind], "rb").read():
            yield "%s differs" % kind


def judge(count, lunettes, name, operands):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        made = files.write(lunettes, one, operands)
        traces = otlp.load(made["otlp"])
        if not traces:
            count.judge(name, ["no trace"])
            return
        print("      %s: %d traces, %d spans" % (name, len(traces), sum(map(len, traces))))
        for kind, judge_file in (("otlp", otlp.judge), ("jaeger", jaeger.judge), ("chrome", chrome.judge)):
            count.judge("%s, %s" % (name, kind), judge_file(made[kind], traces))
        count.judge(name + ", again", twice(made, files.write(lunettes, two, operands, ["-j", "1", "--memory", "1M"])))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    count = files.Count()
    for name, operands in [(p, [p]) for p in sys.argv[2:]] or files.inputs():
        judge(count, sys.argv[1], name, operands)
    count.close()


main()
