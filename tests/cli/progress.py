#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The line of progress on a terminal, and what an interrupted run leaves: progress.py LUNETTES

Each case reads a FIFO that is fed only so far as the case needs, and waits for what it looks for: how fast the machine is
does not matter. What a terminal shows is what is left after the returns and erasures that were sent to it.
"""
import concurrent.futures
import glob
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LOG = os.path.join(os.path.dirname(os.path.dirname(HERE)), "testdata", "audit", "audit.log.zst")
PATIENCE = 60  # seconds after which something that should happen is held not to
LINE = re.compile(rb"lunettes: [0-9.]+ [kMG]?B, [0-9.]+ [kMG]?B/s, [0-9,]+ records, [0-9,]+ about pods")
INTERRUPTED = b"lunettes: interrupted; the result is absent or not whole"


def screen(sent):
    """The lines that a wide terminal shows after it got these bytes."""
    lines, column = [bytearray()], 0
    for part in re.split(rb"(\r|\n|\x1b\[K)", sent):
        line = lines[-1]
        if part == b"\r":
            column = 0
        elif part == b"\n":
            lines.append(bytearray())
            column = 0
        elif part == b"\x1b[K":
            del line[column:]
        else:
            line[column:column + len(part)] = part
            column += len(part)
    return [bytes(line).rstrip() for line in lines]


class Run:
    """A run that reads a FIFO; stdout and stderr are one terminal, or a file and a pipe."""

    def __init__(self, program, folder, *options, terminal, columns=200):
        self.fifo = os.path.join(folder, "log")
        os.mkfifo(self.fifo)
        self.sent = b""
        self.result = os.path.join(folder, "result")
        env = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}
        env.update(LC_ALL="C.UTF-8", TERM="xterm", COLUMNS=str(columns), TMPDIR=folder)
        self.end, theirs = pty.openpty() if terminal else os.pipe()
        with open(self.result, "wb") as result:
            self.process = subprocess.Popen([program, "slo", *options, self.fifo], stdin=subprocess.DEVNULL, env=env,
                                            stdout=theirs if terminal else result, stderr=theirs,
                                            start_new_session=True)
        os.close(theirs)
        self.feed = open(self.fifo, "wb", buffering=0)

    def wait_for(self, what):
        """Until the pattern was sent, or the end; False: it did not come."""
        until = time.monotonic() + PATIENCE
        while not re.search(what, self.sent):
            ready = select.select([self.end], [], [], max(0, until - time.monotonic()))[0]
            try:
                got = os.read(self.end, 65536) if ready else b""
            except OSError:  # Linux's error when the terminal is not open any more
                got = b""
            if not got:
                return False
            self.sent += got
        return True

    def finish(self):
        """(all that was sent, status as subprocess has it)"""
        self.feed.close()
        self.wait_for(rb"\Z\A.")
        os.close(self.end)
        return self.sent, self.process.wait(PATIENCE)


def silent_on_a_pipe(program, folder, log):
    run = Run(program, folder, terminal=False)
    run.feed.write(log)
    time.sleep(1.5)  # on a terminal there were a line by now
    sent, status = run.finish()
    return sent == b"" and status == 0, sent


def plain_lines_if_asked_for(program, folder, log):
    run = Run(program, folder, "--progress", "always", terminal=False)
    run.feed.write(log)
    came = run.wait_for(LINE.pattern + rb"\n")
    sent, status = run.finish()
    return came and status == 0 and b"\r" not in sent and b"\x1b" not in sent, sent


def a_line_that_leaves_nothing(program, folder, log):
    """What the terminal shows at the end is what it shows without progress."""
    shown = []
    for options in ([], ["--progress", "never"]):
        own = os.path.join(folder, str(len(shown)))
        os.mkdir(own)
        run = Run(program, own, *options, terminal=True)
        run.feed.write(log)
        if not options and not run.wait_for(LINE):
            return False, run.sent
        sent, status = run.finish()
        shown.append([line.replace(own.encode(), b"") for line in screen(sent)])
        if status != 0 or (options and LINE.search(sent)):
            return False, sent
    return shown[0] == shown[1] and len(shown[0]) > 20, b"\n".join(shown[0])


def never_wider_than_the_terminal(program, folder, log):
    run = Run(program, folder, "-o", "json", terminal=True, columns=30)
    run.feed.write(log)
    came = run.wait_for(rb"lunettes: [^\x1b]*\x1b\[K")
    sent, _ = run.finish()
    lines = re.findall(rb"\r(lunettes: [^\x1b]*)\x1b\[K", sent)
    return came and lines and all(len(line) < 30 for line in lines), sent[:200]


def an_interrupted_run_says_so(program, folder, log):
    run = Run(program, folder, terminal=True)
    run.feed.write(log)
    came = run.wait_for(LINE)
    run.process.send_signal(signal.SIGINT)
    run.wait_for(re.escape(INTERRUPTED) + rb"\r\n")
    sent, status = run.finish()
    return came and status == -signal.SIGINT and screen(sent) == [INTERRUPTED, b""], sent


def no_file_is_left(program, folder, log):
    """Killed while its temporary files are on disk: their directory is empty, before and after."""
    spill = os.path.join(folder, "spill")
    os.mkdir(spill)
    run = Run(program, folder, "--memory", "1M", "--tmpdir", spill, "-j", "2", terminal=False)
    stop = threading.Event()

    def feed():
        try:
            while not stop.is_set():
                run.feed.write(log)
        except BrokenPipeError:
            pass

    feeder = threading.Thread(target=feed)
    feeder.start()
    until, found = time.monotonic() + PATIENCE, False
    while not found and time.monotonic() < until:
        for link in glob.glob(f"/proc/{run.process.pid}/fd/*"):
            try:
                found = found or (os.readlink(link).startswith(spill) and os.stat(link).st_size > 0)
            except OSError:
                pass
        time.sleep(0.01)
    names = os.listdir(spill)
    run.process.send_signal(signal.SIGINT)
    status = run.process.wait(PATIENCE)
    stop.set()
    feeder.join()
    sent, _ = run.finish()
    good = found and status == -signal.SIGINT and sent.strip() == INTERRUPTED and not names + os.listdir(spill)
    return good and os.path.getsize(run.result) == 0, sent


CASES = [silent_on_a_pipe, plain_lines_if_asked_for, a_line_that_leaves_nothing, never_wider_than_the_terminal,
         an_interrupted_run_says_so, no_file_is_left]


def judge(case, program, log):
    with tempfile.TemporaryDirectory() as folder:
        return case(program, os.path.realpath(folder), log)


def main():
    program = os.path.abspath(sys.argv[1])
    log = subprocess.run(["zstd", "-dcq", LOG], stdout=subprocess.PIPE, check=True).stdout
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(CASES)) as pool:
        results = [pool.submit(judge, case, program, log) for case in CASES]
        for case, result in zip(CASES, results):
            good, sent = result.result()
            failed += not good
            print("%s  %s" % ("ok  " if good else "FAIL", case.__name__.replace("_", " ")))
            if not good:
                print(repr(sent[-2000:]))
    print("progress: %d passed, %d failed" % (len(CASES) - failed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
