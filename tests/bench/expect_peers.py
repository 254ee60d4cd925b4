"""How long qharness, pexpect and Tcl expect wait for a pattern at the very end of a long console
output that comes through a pipe.

Usage: expect_peers.py READER [--limit SECONDS]: READER is qharness' side, built from
expect_reader.cpp; a wait longer than the limit is cut and reported as such."""

import argparse
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile

from bench_support import FAILURE_PATTERNS, skip
from console_text import write_console_text

HERE = pathlib.Path(__file__).resolve().parent
SIZES_MB = (2, 10, 50)
# The best of so many is reported, unless one takes this long.
RUNS, LONG_S = 5, 10
END = b"\r\nroot@bench:~# 41 passed, 1 failed\r\n"
# Python's regex engine looks for a literal beginning much faster than for anything else.
PATTERNS = {"a literal prompt": r"root@bench:~# ",
            "a summary, two captures": r"(\d+) passed, (\d+) failed"}


def readers(ours):
    """The command of each side, to which the pattern is appended."""
    pexpect = [sys.executable, HERE / "pexpect_reader.py"]
    return {"qharness": [ours, FAILURE_PATTERNS],
            "pexpect": [*pexpect, "2000"],
            "pexpect, maxread 64 KiB": [*pexpect, str(64 << 10)],
            "pexpect, searchwindowsize 4000": [*pexpect, "2000", "4000"],
            "Tcl expect": ["expect", HERE / "expect_reader.tcl"]}


def seconds_to_match(command, pattern, text, limit_s):
    """What the reader says it took, by the clock and of CPU time, or None if cut at the limit."""
    with subprocess.Popen(["cat", text], stdout=subprocess.PIPE) as writer:
        try:
            ended = subprocess.run([*command, pattern], stdin=writer.stdout, capture_output=True,
                                   timeout=limit_s, check=False)
        except subprocess.TimeoutExpired:
            return None
        finally:
            writer.stdout.close()
            writer.kill()
    if ended.returncode != 0:
        sys.exit(f"{command[0]} ended with {ended.returncode}: {ended.stderr.decode()}")
    return tuple(map(float, ended.stdout.split()))


def best_of(command, pattern, text, limit_s):
    runs = []
    while len(runs) < RUNS and (not runs or runs[-1][0] < LONG_S):
        took = seconds_to_match(command, pattern, text, limit_s)
        if took is None:
            return None
        runs.append(took)
    return min(runs)


def report(sides, text, limit_s):
    for what, pattern in PATTERNS.items():
        cut = set()
        print(f"pattern: {what}: {pattern}")
        for size_mb in SIZES_MB:
            write_console_text(text, size_mb * 1_000_000, END)
            ours = None
            for name, command in sides.items():
                if name in cut:
                    print(f"  {size_mb:3} MB  {name:<32} not tried, was cut at a smaller size")
                    continue
                took = best_of(command, pattern, text, limit_s)
                ours = ours or took
                if took is None:
                    cut.add(name)
                    print(f"  {size_mb:3} MB  {name:<32} more than {limit_s:g} s, "
                          f"cut; more than {limit_s / ours[0]:.0f} times qharness", flush=True)
                else:
                    print(f"  {size_mb:3} MB  {name:<32} {took[0]:8.3f} s, "
                          f"{took[1]:8.3f} s of CPU time: {took[0] / ours[0]:7.1f} and "
                          f"{took[1] / ours[1]:7.1f} times qharness", flush=True)


arguments = argparse.ArgumentParser()
arguments.add_argument("reader")
arguments.add_argument("--limit", type=float, default=300, help="seconds for each wait")
given = arguments.parse_args()
if not importlib.util.find_spec("pexpect") or not shutil.which("expect"):
    skip("pexpect and Tcl expect are what qharness is compared with: ./dev bench installs them")
with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
    report(readers(given.reader), pathlib.Path(folder, "console"), given.limit)
