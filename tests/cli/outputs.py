#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No output destroys a file: outputs.py LUNETTES

Each case is a line for sh in a folder with two logs and some files of a user. A rejected one must exit with 2, print
the reason, and change no file and no name; one that is allowed must exit with 0 and not change the logs.
"""
import os
import re
import shutil
import subprocess
import sys

from cases import run_cases

HERE = os.path.dirname(os.path.abspath(__file__))
TESTDATA = os.path.join(os.path.dirname(os.path.dirname(HERE)), "testdata")
LOG = os.path.join(TESTDATA, "cli", "few.log.zst")
SPANS = os.path.join(TESTDATA, "spans", "default.json")

OTLP = '{"resourceSpans":[{"resource":{}}]}\n'
PRETTY = '{\n  "resourceSpans": [\n    {}\n  ]\n}\n'
SNAKE = '{"resource_spans": []}\n'
JAEGER = '{"data":[{"traceID":"1","spans":[]}]}\n'
JAEGER_API = '{"total":0,"limit":0,"data":[\n{"spans":[],"processes":{},"traceID":"1"}],"errors":null}'
JAEGER_EMPTY = '{"data":[\n]}\n'
CHROME = '{"displayTimeUnit":"ms","traceEvents":[{"ph":"X"}]}'
CHROME_ARRAY = '[\n{"name":"a","cat":"b","args":{"x":[1]},"ph":"X","ts":0},\n'
OTHERS = ['x', 'old\n', '{}', '{"a":1}', '[]', '{"data":{"a":1}}', '{"status":"success","data":[]}', '[{"name":"a"}]',
          '{"resourceSpans":1}', '{"kind":"Event","resourceSpans":[]}', '{"traceEvents":', '\0\0', '# Notes\n']

# (name, command, words that the message must have)
REFUSED = [
    ("an input", "trace --otlp b.log b.log", "--otlp 'b.log' an input"),
    ("what the shell expanded", "trace --otlp *.log", "--otlp 'a.log' OTLP --force looks first"),
    ("what the shell expanded, with --force", "trace --force --otlp *.log a.log", "'a.log' an input"),
    ("an input, spelled differently", "trace --otlp ./x/../b.log b.log", "an input (b.log)"),
    ("an input, with --force", "trace --force --otlp b.log b.log", "an input"),
    ("an input in a directory", "trace --otlp logs/c.log logs", "an input logs/c.log"),
    ("an input in $LUNETTES_INPUT", "trace --otlp logs/c.log", "an input"),
    ("a hard link of an input", "trace --otlp hard b.log", "an input (b.log)"),
    ("a symbolic link to an input", "trace --otlp soft b.log", "an input (b.log)"),
    ("an input through a symbolic link", "trace --otlp b.log soft", "an input (soft)"),
    ("an input of --cluster", "trace --force --otlp b.log a.log --cluster x=b.log", "an input"),
    ("standard input", "trace --force --otlp b.log - <b.log", "an input (<stdin>)"),
    ("standard input without an operand", "trace --force --otlp b.log <b.log", "an input (<stdin>)", {"LUNETTES_INPUT": ""}),
    ("standard output appended to an input", "slo b.log >>b.log", "standard output 'b.log'"),
    ("standard output to an input that is named, if empty", "slo empty >empty", "standard output 'empty'"),
    ("the same of others", "diagnose -o jsonl b.log >>b.log", "standard output 'b.log'"),
    ("the same of a side", "diff --before a.log --after b.log >>b.log", "standard output 'b.log'"),
    ("an appended input in a directory", "slo logs >>logs/c.log", "standard output 'logs/c.log'"),
    ("standard input and output", "slo <b.log >>b.log", "standard output '<stdin>'", {"LUNETTES_INPUT": ""}),
    ("a descriptor of an input", "trace --force --otlp /dev/fd/3 b.log 3>>b.log", "an input (b.log)"),
    ("- to an input", "trace --otlp - b.log >>b.log", "an input (b.log)"),
    ("the configuration", "trace --force --otlp config.json --config config.json a.log", "the configuration"),
    ("standard output appended to it", "slo --config config.json a.log >>config.json", "standard output the configuration"),
    ("that of the environment", "trace --force --otlp config.json a.log", "the configuration", {"LUNETTES_CONFIG": "config.json"}),
    ("that of the home", "trace --force --otlp home/lunettes/config.json a.log", "the configuration"),
    ("rules", "trace --force --otlp ./rules.yaml --rules rules.yaml a.log", "a file of --rules (rules.yaml)"),
    ("spans", "trace --force --otlp spans.json --span-config spans.json a.log", "--span-config"),
    ("two outputs", "trace --otlp o --jaeger ./o b.log", "--otlp --jaeger the same file"),
    ("two outputs that exist", "trace --otlp empty --chrome ./empty b.log", "the same file"),
    ("two outputs through a linked folder", "trace --otlp logs/o --chrome linked/o b.log", "the same file"),
    ("- and the file behind it", "trace --otlp - --jaeger empty b.log >empty", "the same file"),
    ("standard output twice", "trace --otlp - --jaeger /dev/stdout b.log", "only one"),
    ("a file of the user", "trace --otlp notes b.log", "'notes' not an OTLP trace --force"),
    ("a trace of another kind", "trace --jaeger old.otlp b.log", "not a Jaeger trace"),
    ("a file behind a link", "trace --chrome soft.notes b.log", "not a Chrome trace"),
    ("one of two", "trace --otlp new --chrome notes b.log", "not a Chrome trace"),
]

# (name, command, file that must hold a trace afterwards, or None)
ALLOWED = [
    ("a new file", "trace --otlp new b.log", "new"),
    ("two new files", "trace --otlp new --jaeger ./other b.log", "new"),
    ("an empty file", "trace --otlp empty b.log", "empty"),
    ("an older trace", "trace --otlp old.otlp b.log", "old.otlp"),
    ("another file, with --force", "trace --force --otlp notes b.log", "notes"),
    ("a log that is not read, with --force", "trace --force --otlp b.log a.log", None),
    ("/dev/null twice", "trace --otlp /dev/null --jaeger /dev/null b.log", None),
    ("standard output", "trace --otlp - b.log >new", "new"),
    ("/dev/stdout", "trace --otlp /dev/stdout b.log >new", "new"),
    ("what the shell made in a directory that is read", "trace --otlp - logs >logs/new", "logs/new"),
    ("the same of a table", "slo logs >logs/table", None),
    ("a descriptor", "trace --otlp /dev/fd/3 b.log 3>new", "new"),
    ("a link that leads nowhere", "ln -s nowhere l; $LUNETTES trace --otlp l b.log", "l"),
    ("a FIFO", "mkfifo f; cat f >new & $LUNETTES trace --otlp f b.log; wait", "new"),
    ("a folder that is read", "trace --otlp logs/new logs", "logs/new"),
]

ENV = {"LUNETTES_INPUT": "logs"}


def make(folder, log):
    os.makedirs(os.path.join(folder, "logs"))
    os.makedirs(os.path.join(folder, "x"))
    os.makedirs(os.path.join(folder, "home", "lunettes"))
    files = {"a.log": log, "b.log": log, "logs/c.log": log, "empty": b"", "old.otlp": OTLP.encode(), "notes": b"# Notes\n",
             "config.json": b"{}", "home/lunettes/config.json": b"{}", "rules.yaml": b"[]\n"}
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)
    shutil.copy(SPANS, os.path.join(folder, "spans.json"))
    os.link(os.path.join(folder, "b.log"), os.path.join(folder, "hard"))
    os.symlink("b.log", os.path.join(folder, "soft"))
    os.symlink("notes", os.path.join(folder, "soft.notes"))
    os.symlink("logs", os.path.join(folder, "linked"))


def snapshot(folder):
    """Every name, with what it holds; links as links."""
    found = {}
    for at, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(at, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as f:
                    found[path] = (os.stat(path).st_ino, f.read())
            else:
                found[path] = "folder"
    return found


def run(program, folder, command, env):
    words = command if "$LUNETTES" in command else '"$LUNETTES" ' + command
    own = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    own.update(ENV, LUNETTES=program, LC_ALL="C.UTF-8", XDG_CONFIG_HOME=os.path.join(folder, "home"), **env)
    return subprocess.run(["sh", "-c", words], cwd=folder, env=own, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, check=False)


def judge_refused(program, folder, command, words, env):
    before = snapshot(folder)
    done = run(program, folder, command, env)
    said = done.stderr.decode()
    yield done.returncode == 2, "exit status %d" % done.returncode
    yield snapshot(folder) == before, "a file was changed, or left behind"
    yield all(word in said for word in words.split()), "the message: %s" % said
    yield said.count("\n") <= 2, "more is said than why: %s" % said


def judge_allowed(program, folder, command, written, env):
    before = snapshot(folder)
    done = run(program, folder, command, env)
    after = snapshot(folder)
    yield done.returncode == 0, "exit status %d: %s" % (done.returncode, done.stderr.decode())
    logs = [os.path.join(folder, name) for name in ("a.log", "logs/c.log")]
    yield all(before[name] == after[name] for name in logs), "a log was changed"
    if written:
        data = after.get(os.path.join(folder, written), ("", b""))[1]
        yield data.startswith(b'{"resourceSpans":['), "%s holds no trace: %r" % (written, data[:60])


GOOD = {"otlp": [OTLP, PRETTY, SNAKE], "jaeger": [JAEGER, JAEGER_API, JAEGER_EMPTY], "chrome": [CHROME, CHROME_ARRAY]}


def kinds():
    """(name, command, words or None if it is allowed, what is in the file)"""
    for kind, texts in GOOD.items():
        for text in texts:
            yield "%s over %r" % (kind, text[:30]), kind, text, True
        for text in OTHERS + [t for other in GOOD if other != kind for t in GOOD[other]]:
            yield "%s over %r" % (kind, text[:30]), kind, text, False


def judge_known(program, folder):
    """Each file that a command writes is known again by its beginning."""
    needs = run(program, folder, "trace b.log", {}).stderr.decode()
    for kind in sorted(set(re.findall(r"--(\S+) FILE", needs)) ^ set(GOOD)):
        yield False, "--%s: its kind of file needs a row of `kinds` in cli/outputs.c, and here texts in GOOD" % kind
    yield "FILE" in needs, "trace does not list its outputs: " + needs


def judge_kind(program, folder, kind, text, allowed):
    path = os.path.join(folder, "there")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    done = run(program, folder, "trace -q --%s there --limit 1 b.log" % kind, {})
    with open(path, encoding="utf-8") as f:
        kept = f.read() == text
    yield done.returncode == (0 if allowed else 2), "exit status %d: %s" % (done.returncode, done.stderr.decode())
    yield kept != allowed, "it was %s" % ("kept" if kept else "replaced")


def judge_meanwhile(program, folder):
    """A file that gets the name while the input is read stays."""
    os.mkfifo(os.path.join(folder, "fifo"))
    path = os.path.join(folder, "new")
    env = dict(os.environ, LUNETTES_INPUT="")
    process = subprocess.Popen([program, "trace", "--otlp", "new", "fifo"], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    with open(os.path.join(folder, "b.log"), "rb") as log, open(os.path.join(folder, "fifo"), "wb") as fifo:
        with open(path, "wb") as f:  # it reads, so it has looked
            f.write(b"mine")
        fifo.write(log.read())
    said = process.communicate(timeout=120)[1].decode()
    with open(path, "rb") as f:
        yield f.read() == b"mine", "it was replaced"
    yield process.returncode == 2 and "File exists" in said, "exit status %d: %s" % (process.returncode, said)
    yield not [name for name in os.listdir(folder) if name.startswith(".new")], "something is left behind"


def main():
    program = os.path.abspath(sys.argv[1])
    log = subprocess.run(["zstd", "-dcq", LOG], stdout=subprocess.PIPE, check=True).stdout
    cases = [(judge_refused, name, rest) for name, *rest in REFUSED]
    cases += [(judge_allowed, name, rest) for name, *rest in ALLOWED]
    cases += [(judge_kind, name, rest) for name, *rest in kinds()]
    cases += [(judge_known, "every kind of file", [])]
    cases += [(judge_meanwhile, "a file that comes meanwhile", [])]
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout
    if b"no span configurations" in version:
        print("outputs: skipped without span configurations: spans")
        cases = [case for case in cases if case[1] != "spans"]
    for judge, name, rest in cases:
        if judge in (judge_refused, judge_allowed) and len(rest) == 2:
            rest.append({})
    return run_cases("outputs", program, lambda folder: make(folder, log), cases)


if __name__ == "__main__":
    sys.exit(main())
