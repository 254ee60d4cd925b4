"""Waits with pexpect for a pattern on standard input; prints the seconds that it took, by the
clock and of this process's CPU time.

Usage: pexpect_reader.py MAXREAD [SEARCHWINDOWSIZE] PATTERN, in bytes, as pexpect names them."""

import sys
import time

import pexpect.fdpexpect

*sizes, pattern = sys.argv[1:]
options = dict(zip(("maxread", "searchwindowsize"), map(int, sizes)))
started, began = time.monotonic(), time.process_time()
console = pexpect.fdpexpect.fdspawn(sys.stdin.fileno(), timeout=None, **options)
console.expect(pattern.encode())
print(time.monotonic() - started, time.process_time() - began)
