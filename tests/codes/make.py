#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes testdata/codes/CODE/{yes,no}.log and origin from the tables in tests/codes/cases_*.py.

    make.py [CODE...]        all codes, or those

A module cases_FAMILY.py has a dict CASES: code -> (yes, no, origin): functions that return a Log in which the code must be,
and must not be, the primary cause; and one line that says where the texts come from. Files are only written where they differ.
A code whose records are real stands in testdata/codes without a case here. A dict MORE: code -> name -> function, holds further
logs of a code; their names begin with yes or no.
"""
import glob
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def main():
    sys.path.insert(0, HERE)
    wanted = set(sys.argv[1:])
    for path in sorted(glob.glob(os.path.join(HERE, "cases_*.py"))):
        module = importlib.import_module(os.path.basename(path)[:-3])
        for code, logs in getattr(module, "MORE", {}).items():
            for name, log in logs.items():
                if not wanted or code in wanted:
                    log().write(os.path.join(ROOT, "testdata", "codes", code, name + ".log"))
        for code, (yes, no, origin) in getattr(module, "CASES", {}).items():
            if wanted and code not in wanted:
                continue
            folder = os.path.join(ROOT, "testdata", "codes", code)
            os.makedirs(folder, exist_ok=True)
            yes().write(os.path.join(folder, "yes.log"))
            no().write(os.path.join(folder, "no.log"))
            with open(os.path.join(folder, "origin"), "w", encoding="utf-8") as f:
                f.write(origin.strip() + "\n")


if __name__ == "__main__":
    main()
