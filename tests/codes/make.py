#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the logs of the codes, FOLDER/CODE/{yes,no}.log, from the tables in tests/codes/cases_*.py.

    make.py FOLDER [STAMP]    STAMP: a file that the build looks at, written last

A module cases_FAMILY.py has a dict CASES: code -> (yes, no, origin): functions that return a Log in which the code must be,
and must not be, the primary cause; and one line with the origin of the texts. A dict MORE: code -> name -> function,
has further logs of a code; their names begin with yes or no.
"""
import atexit
import glob
import importlib
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = "LUNETTES_CODES"  # the folder that the build has filled


def modules():
    if HERE not in sys.path:
        sys.path.insert(0, HERE)
    for path in sorted(glob.glob(os.path.join(HERE, "cases_*.py"))):
        yield importlib.import_module(os.path.basename(path)[:-3])


def cases():
    """{code: origin} of all codes that have both logs."""
    return {code: origin for module in modules() for code, (_, _, origin) in getattr(module, "CASES", {}).items()}


def make(folder):
    for module in modules():
        for code, (yes, no, _) in getattr(module, "CASES", {}).items():
            os.makedirs(os.path.join(folder, code), exist_ok=True)
            yes().write(os.path.join(folder, code, "yes.log"))
            no().write(os.path.join(folder, code, "no.log"))
        for code, logs in getattr(module, "MORE", {}).items():
            os.makedirs(os.path.join(folder, code), exist_ok=True)
            for name, log in logs.items():
                log().write(os.path.join(folder, code, name + ".log"))


def logs():
    """The folder of all logs: that of the build, else one that is made now and removed at the end."""
    if BUILT in os.environ:
        return os.environ[BUILT]
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder)
    return folder


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)  # logs of codes that are no more
    make(folder)
    if len(sys.argv) == 3:
        with open(sys.argv[2], "w", encoding="utf-8"):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
