#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tests of the command line.

    run.py LUNETTES [--accept] [--prefix COMMAND] [CASE...]      a case is COMMAND/NAME, or a COMMAND for all of its

A case is a folder tests/cli/<command>/<case>/ with
    cmd      one line for sh; $LUNETTES is the program, `testdata/...` and $TESTDATA are the project's test data,
             and in it `codes`, the logs that tests/codes/make.py makes
    stdout   what it must print (absent: nothing)
    stderr   the same for stderr (absent: nothing)
    exit     its exit status (absent: 0)
    stdin    what it reads (absent: /dev/null)
    needs    words, one per line, of which `lunettes --version` prints one; otherwise the case is skipped, with a message
and runs in an empty directory of its own. --accept writes the output into the case. --prefix puts a
command before the program, such as 'valgrind -q --error-exitcode=99'. Closes with `cli: N passed, N failed`.
"""
import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "codes"))
import make  # noqa: E402

SKIPPED = 77
TIMEOUT = 120


def find_cases(wanted):
    for folder, _, names in sorted(os.walk(HERE)):
        case = os.path.relpath(folder, HERE)
        if "cmd" in names and (not wanted or any(case == w or case.startswith(w + "/") for w in wanted)):
            yield case


def read(case, name, default=b""):
    path = os.path.join(HERE, case, name)
    if not os.path.exists(path):
        return default
    with open(path, "rb") as f:
        return f.read()


def write(case, name, data, absent):
    path = os.path.join(HERE, case, name)
    if data != absent:
        with open(path, "wb") as f:
            f.write(data)
    elif os.path.exists(path):
        os.remove(path)


def environment(scratch, program, prefix):
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    home = os.path.join(scratch, "home")
    os.mkdir(home)
    words = shlex.split(prefix) + [program]
    env.update(LUNETTES=" ".join(words), TESTDATA="testdata", LC_ALL="C.UTF-8", TZ="UTC", HOME=home, TMPDIR=home,
               XDG_CONFIG_HOME=home)
    return env


def link_testdata(work, codes):
    folder, source = os.path.join(work, "testdata"), os.path.join(ROOT, "testdata")
    os.mkdir(folder)
    for name in os.listdir(source):
        os.symlink(os.path.join(source, name), os.path.join(folder, name))
    os.symlink(codes, os.path.join(folder, "codes"))


def run_case(case, program, prefix, codes):
    """(stdout, stderr, exit) of one case."""
    with tempfile.TemporaryDirectory() as scratch:
        work = os.path.join(scratch, "work")
        os.mkdir(work)
        link_testdata(work, codes)
        given = read(case, "stdin", None)
        source = {"input": given} if given is not None else {"stdin": subprocess.DEVNULL}
        try:
            run = subprocess.run(["sh", "-c", read(case, "cmd").decode()], cwd=work, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=environment(scratch, program, prefix), timeout=TIMEOUT,
                                 check=False, **source)
        except subprocess.TimeoutExpired:
            return b"", b"still running after %d s\n" % TIMEOUT, b"timeout\n"
        return run.stdout, run.stderr, b"%d\n" % run.returncode


def lacks(case, program):
    """What of its build the case needs and the program does not have, or None."""
    needed = read(case, "needs").decode().split()
    if not needed:
        return None
    said = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode()
    has = any(re.search(r"(^|; )%s " % re.escape(word), said) for word in needed)
    return None if has else " or ".join(needed)


def show_difference(case, name, expected, ours):
    before, after = (t.decode(errors="replace").splitlines(keepends=True) for t in (expected, ours))
    for line in difflib.unified_diff(before, after, "%s/%s" % (case, name), "now"):
        sys.stdout.write(line if line.endswith("\n") else line + "\n\\ no newline at the end\n")


def judge(case, results):
    same = True
    for name, ours, absent in zip(("stdout", "stderr", "exit"), results, (b"", b"", b"0\n")):
        expected = read(case, name, absent)
        if name == "exit":
            expected = expected.strip() + b"\n"
        if expected != ours:
            same = False
            show_difference(case, name, expected, ours)
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lunettes")
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--prefix", default="")
    args = parser.parse_intermixed_args()
    program = os.path.abspath(args.lunettes)
    codes, passed, failed = make.logs(), 0, 0
    for case in find_cases([c.rstrip("/") for c in args.cases]):
        lacking = lacks(case, program)
        if lacking:
            print("left out  %s: the program is built without %s" % (case, lacking))
            continue
        results = run_case(case, program, args.prefix, codes)
        if args.accept:
            for name, data, absent in zip(("stdout", "stderr", "exit"), results, (b"", b"", b"0\n")):
                write(case, name, data, absent)
        good = judge(case, results)
        passed, failed = passed + good, failed + (not good)
        print("%s  %s" % ("ok  " if good else "FAIL", case))
    print("cli: %d passed, %d failed" % (passed, failed))
    if not passed and not failed:
        sys.exit(SKIPPED)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
