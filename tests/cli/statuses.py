#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The exit statuses of lunettes(1), of each command: statuses.py LUNETTES FAULTS

FAULTS is the library of faults.c. A row is a command, its operands, the status that it must have, and words that stderr
must have (none: it must be silent). Then a script under `set -e`, as in CI.
"""
import os
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LOG = os.path.join(os.path.dirname(os.path.dirname(HERE)), "testdata", "cli", "few.log.zst")
POD = "pod/evict/young"
TRACE = "trace --otlp -"
READERS = ["slo", "diagnose", "diagnose " + POD, TRACE, "timeline " + POD, "pods", "inspect", "diff --at 10:12"]
NAMED = ["diagnose", "diagnose -o csv", TRACE, "timeline", "pods", "pods -o jsonl"]
OTHERS = ["codes", "policy", "help", "--version"]


def rows():
    """(status, command, words of stderr, or None if it may be anything)"""
    for command in READERS:
        yield 0, command + " -q a.log", ""
        yield 2, command + " --no-such-option a.log", "--no-such-option"
        yield 3, command + " nowhere.log", "nowhere.log"
        yield 3, command + " notes.log", "lunettes"
        yield 3, command, "nothing to read"
        yield 4, command + " a.log nowhere.log", "nowhere.log"
        yield 4, command + " -q a.log nowhere.log", ""
        yield 4, command + " --strict a.log torn.log", "torn.log"
        yield 0, command + " a.log torn.log", "torn.log"
        yield 4, "FAULT=read:5:d/two.log " + command + " d", "d/two.log"
        yield 2, command + " a.log >/dev/full", "No space left"
    for command in OTHERS:
        yield 0, command, ""
        yield 2, command + " >/dev/full", "No space left"
    yield 2, "", "Usage"
    yield 2, "sol a.log", "did you mean 'slo'"
    yield 2, "codes NoSuchCode", "NoSuchCode"
    yield 2, "policy a.log", "a.log"
    yield 2, "timeline a.log", "pod/NAMESPACE/NAME"
    yield 2, "trace a.log", "--otlp"
    yield 2, "diff a.log", "--before"
    yield 2, "slo --config nowhere a.log", "nowhere"
    yield 2, "slo --fail-on nonsense a.log", "nonsense"
    yield 2, "trace --otlp a.log a.log", "an input"
    yield 2, "trace --otlp nowhere/out a.log", "cannot write"
    yield from names()
    yield from conditions()


def names():
    for command in NAMED:
        yield 0, command + " -q %s a.log" % POD, ""
        for quiet in ("", " -q"):
            yield 3, command + quiet + " pod/evict/yong a.log", "pod/evict/yong near pod/evict/young"
            yield 3, command + quiet + " pod/nosuch/x a.log", "pod/nosuch/x namespaces evict, guarded"
            yield 3, command + quiet + " pod/a pod/b a.log", "pod/a pod/b"
            yield 3, command + quiet + " -n shop %s a.log" % POD, POD + " -n shop"
        yield 3, command + " uid/0000 a.log", "uid/0000"
        yield 0, command + " %s pod/nosuch/x a.log" % POD, "pod/nosuch/x"
        yield 0, command + " -q %s pod/nosuch/x a.log" % POD, ""
        yield 0, command + " --allow-empty pod/nosuch/x a.log", "pod/nosuch/x"
        yield 0, command + " --allow-empty -q pod/nosuch/x a.log", ""
        yield 4, command + " pod/nosuch/x a.log nowhere.log", "pod/nosuch/x nowhere.log"
    yield 3, "diagnose pvc/nosuch/data a.log", "no claim matches pvc/nosuch/data"
    for command in ("slo", "diagnose", TRACE, "pods"):
        yield 0, command + " -n nosuch a.log", None


def conditions():
    slower = ["diff --after slow.log --before fast.log", "diff --before slow.log --after fast.log"]
    yield 1, slower[0] + " --fail-on slower", ""
    yield 0, slower[1] + " --fail-on slower", ""
    for command, holds, holds_not in (("slo", "failed>0", "failed>1000"), ("slo", "p99(delivery)>1s", "p50(delivery)>1h"),
                                      ("slo", "pods>1", "pods<1"), ("diagnose", "cause", "EvictedMemory"),
                                      ("diagnose", "user", "OOMKilled")):
        yield 1, "%s --fail-on '%s' a.log" % (command, holds), "--fail-on " + holds + " holds"
        yield 0, "%s --fail-on '%s' a.log" % (command, holds_not), ""
        yield 4, "%s --fail-on '%s' a.log nowhere.log" % (command, holds), "nowhere.log holds"
        yield 4, "%s --fail-on '%s' --strict a.log torn.log" % (command, holds), "holds"
        yield 2, "%s --fail-on '%s' a.log >/dev/full" % (command, holds), "No space left"
    for condition in ("p99(startup)>5s", "failed>0", "slow>=5", "pods>5", "attainment<99", "max(kubelet)>1s"):
        for quiet in ("", " -q"):
            yield 3, "slo%s -n nosuch --fail-on '%s' a.log" % (quiet, condition), condition + " cannot -n nosuch evict"
        yield 0, "slo --allow-empty -n nosuch --fail-on '%s' a.log" % condition, "cannot"
        yield 0, "slo -q --allow-empty -n nosuch --fail-on '%s' a.log" % condition, ""
        yield 4, "slo -n nosuch --fail-on '%s' a.log nowhere.log" % condition, "cannot nowhere.log"
    yield 1, "slo -n nosuch --fail-on 'pods<1' a.log", "holds"
    yield 3, "slo -n evict --fail-on 'failed>0' a.log", "nothing was judged"
    yield 3, "slo -n guarded --fail-on 'p99(startup)>5s' a.log", "no pod has a value"
    yield 3, "slo --fail-on 'p50(delivery)>1h' --fail-on 'burn(1h)>2' a.log", "burn(1h)>2 cannot"
    yield 1, "slo --fail-on 'failed>0' --fail-on 'burn(1h)>2' a.log", "failed>0 holds burn(1h)>2 cannot"
    yield 3, "slo --node nosuch --fail-on 'failed>0' a.log", "--node nosuch"
    yield 3, "slo --until 2020-01-01T00:00:00Z --fail-on 'failed>0' a.log", "--until"
    for quiet in ("", " -q"):
        yield 3, "diagnose%s -n nosuch --fail-on cause a.log" % quiet, "cause cannot -n nosuch evict"
        yield 3, "diff%s --at 09:00 --fail-on slower a.log" % quiet, "before has no pod"
    yield 3, "diagnose -n infra --fail-on cause a.log", "no pod was diagnosed"
    yield 0, "diagnose --allow-empty -n nosuch --fail-on cause a.log", "cannot"
    yield 0, "diagnose --code OOMKilled --fail-on cause a.log", ""
    yield 3, "diff --before a.log --after fast.log -n broken --fail-on slower", "after has no pod"
    yield 3, "slo -n nosuch --objective 'delivery<=30s:99%' --fail-on 'burn(1m)>2' a.log", "nothing was judged"
    yield 1, "slo --objective 'delivery<=30s:99%' --fail-on 'burn(1m)>2' a.log", "holds"
    yield 0, "diff --allow-empty --at 09:00 --fail-on slower a.log", "before has no pod"
    yield 0, "diff --allow-empty -q --at 09:00 --fail-on slower a.log", ""
    yield 0, "diff --at 09:00 a.log", ""


SCRIPT = r"""
set -eu
"$LUNETTES" slo -q --fail-on 'failed>1000' a.log >/dev/null
"$LUNETTES" trace -q --otlp out.json a.log
if "$LUNETTES" slo -q -n nosuch --fail-on 'p99(startup)>5s' a.log >/dev/null 2>&1; then exit 90; else test $? -eq 3; fi
if "$LUNETTES" slo -q --fail-on 'failed>0' a.log >/dev/null 2>&1; then exit 91; else test $? -eq 1; fi
"$LUNETTES" slo -q --allow-empty -n nosuch --fail-on 'p99(startup)>5s' a.log >/dev/null
if "$LUNETTES" trace -q --otlp out.json pod/nosuch/x a.log 2>/dev/null; then exit 92; else test $? -eq 3; fi
test -s out.json
for pod in $("$LUNETTES" pods -o csv --no-headers -n evict a.log | cut -d, -f3); do
  "$LUNETTES" timeline -q "pod/evict/$pod" a.log >/dev/null
done
"$LUNETTES" diagnose -o csv a.log | head -1 >/dev/null
"$LUNETTES" diagnose -q pod/evict/yuong a.log >/dev/null
echo not reached
"""


def pod_events(seconds):
    """Ten pods that take so long from their create until they are ready."""
    lines = []
    for i in range(10):
        stamp = lambda s, i=i: "2026-01-01T%02d:%02d:%02d.%06dZ" % (10, i, s, i)
        meta = '"metadata":{"name":"w%d","namespace":"shop","uid":"u%d","creationTimestamp":"%sZ"}' % (i, i, stamp(0)[:19])
        base = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","stage":"ResponseComplete",' \
               '"auditID":"%d-%d-%d","requestURI":"/x","verb":"%s","user":{"username":"%s"},"objectRef":{"resource":"pods",' \
               '"namespace":"shop","name":"w%d","apiVersion":"v1"%s},"responseStatus":{"code":%d},"requestObject":%s,' \
               '"requestReceivedTimestamp":"%s","stageTimestamp":"%s"}\n'
        pod = '{"kind":"Pod","apiVersion":"v1",%s,"spec":{"containers":[{"name":"c","image":"i"}]}%s}'
        status = ',"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"%sZ"}]}'
        lines.append(base % (seconds, i, 0, "create", "u", i, "", 201, pod % (meta, ""), stamp(0), stamp(0)))
        lines.append(base % (seconds, i, 1, "patch", "system:node:n", i, ',"subresource":"status"', 200,
                             pod % (meta, status % stamp(seconds)[:19]), stamp(seconds), stamp(seconds)))
    return "".join(lines).encode()


def make(folder, log):
    os.makedirs(os.path.join(folder, "d"))
    lines = log.splitlines(keepends=True)
    files = {"a.log": log, "torn.log": lines[0] + lines[1][:200], "notes.log": b"hello\n", "d/one.log": b"".join(lines[:80]),
             "d/two.log": b"".join(lines[80:]), "fast.log": pod_events(2), "slow.log": pod_events(40)}
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)


def environment(program, faults=None):
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    env.update(LUNETTES=program, LC_ALL="C.UTF-8")
    if faults:
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        env["FAULTS"] = faults
    return env


def judge_row(program, faults, folder, status, command, words):
    fault, _, rest = command.partition(" ") if command.startswith("FAULT=") else ("", "", command)
    line = '%s "$LUNETTES" %s' % ('LD_PRELOAD="$FAULTS" ' + fault if fault else "", rest)
    if ">" not in rest.split("'")[-1]:
        line += " >/dev/null"
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(program, faults), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    said = done.stderr.decode()
    yield done.returncode == status, "exit status %d, not %d: %s" % (done.returncode, status, said)
    if words is not None:
        yield all(word in said for word in words.split()), "stderr: %s" % said
        yield bool(words) == bool(said), "stderr: %s" % said


def interrupted(program, folder):
    """Ended by a signal: 128+n, as a shell sees it."""
    os.mkfifo(os.path.join(folder, "fifo"))
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([program, "slo", "fifo"], cwd=folder, env=environment(program), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        with open(os.path.join(folder, "fifo"), "wb"):
            process.send_signal(number)
            said = process.communicate(timeout=60)[1].decode()
        yield process.returncode == -number, "%d by signal %d" % (process.returncode, number)
        yield "interrupted" in said, said


def closed_pipes(program, folder):
    """Without a reader the run ends silently, which is no error."""
    for command in READERS:
        reading, writing = os.pipe()
        os.close(reading)
        words = [program] + command.split() + ["-q", "a.log"]
        done = subprocess.run(words, cwd=folder, env=environment(program), stdin=subprocess.DEVNULL, stdout=writing,
                              stderr=subprocess.PIPE, timeout=120, check=False)
        os.close(writing)
        yield done.returncode == 0 and not done.stderr, "%s: %d, %r" % (command, done.returncode, done.stderr)


def script(program, folder):
    done = subprocess.run(["sh", "-c", SCRIPT], cwd=folder, env=environment(program), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
    said = done.stderr.decode()
    yield done.returncode == 3, "exit status %d: %s" % (done.returncode, said)
    yield done.stdout == b"", "it went on: %r" % done.stdout
    yield "yuong" in said, said


def main():
    program, faults = (os.path.abspath(path) for path in sys.argv[1:3])
    log = subprocess.run(["zstd", "-dcq", LOG], stdout=subprocess.PIPE, check=True).stdout
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        make(folder, log)
        cases = [(row[1], judge_row(program, faults, folder, *row)) for row in rows()]
        cases += [(f.__name__, f(program, folder)) for f in (interrupted, closed_pipes, script)]
        for name, judged in cases:
            wrong = [why for good, why in judged if not good]
            passed, failed = passed + (not wrong), failed + bool(wrong)
            if wrong:
                print("FAIL  %s\n      %s" % (name, "\n      ".join(wrong)))
    print("statuses: %d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
