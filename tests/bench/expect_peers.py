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
    """What the reader says it took, or None if it was cut at the limit."""
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
    return float(ended.stdout)


def best_of(command, pattern, text, limit_s):
    best_s = None
    for _ in range(RUNS):
        took_s = seconds_to_match(command, pattern, text, limit_s)
        if took_s is None:
            return None
        best_s = took_s if best_s is None else min(best_s, took_s)
        if took_s > LONG_S:
            break
    return best_s


def report(sides, text, limit_s):
    for what, pattern in PATTERNS.items():
        cut = set()
        print(f"pattern: {what}: {pattern}")
        for size_mb in SIZES_MB:
            write_console_text(text, size_mb * 1_000_000, END)
            ours_s = None
            for name, command in sides.items():
                if name in cut:
                    print(f"  {size_mb:3} MB  {name:<32} not tried, was cut at a smaller size")
                    continue
                took_s = best_of(command, pattern, text, limit_s)
                ours_s = ours_s or took_s
                if took_s is None:
                    cut.add(name)
                    print(f"  {size_mb:3} MB  {name:<32} more than {limit_s:g} s, "
                          f"{limit_s / ours_s:.0f} times qharness or more", flush=True)
                else:
                    print(f"  {size_mb:3} MB  {name:<32} {took_s:9.3f} s  "
                          f"{took_s / ours_s:7.1f} times qharness", flush=True)


arguments = argparse.ArgumentParser()
arguments.add_argument("reader")
arguments.add_argument("--limit", type=float, default=300, help="seconds for each wait")
given = arguments.parse_args()
if not importlib.util.find_spec("pexpect") or not shutil.which("expect"):
    skip("pexpect and Tcl expect are what qharness is compared with: ./dev bench installs them")
with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
    report(readers(given.reader), pathlib.Path(folder, "console"), given.limit)
