# SPDX-License-Identifier: Apache-2.0
"""Runs cases of one table, each in a new directory that holds the same files."""

import os
import tempfile


def run_cases(title, program, make, cases):
    """cases: (judge, name, arguments), where judge(program, folder, *arguments) yields (good, why), and
    make(folder) fills the directory. Returns whether any case failed."""
    passed = failed = 0
    for judge, name, arguments in cases:
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            make(folder)
            wrong = [why for good, why in judge(program, folder, *arguments) if not good]
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print("FAIL  %s: %s\n      %s" % (judge.__name__[6:], name, "\n      ".join(wrong)))
    print("%s: %d passed, %d failed" % (title, passed, failed))
    return failed > 0
