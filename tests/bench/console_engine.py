"""How fast the console engine is by itself, and what memory it takes: on real console text with and
without vectorscan, and on texts that a guest prints only by mischief.

Usage: console_engine.py ENGINE, built from console_engine.cpp."""

import pathlib
import random
import subprocess
import sys
import tempfile

from bench_support import FAILURE_PATTERNS
from console_text import console_text, write_console_text

TEXT_MB, SIZES_MB, LARGEST_MB = 10, (10, 100), 1000
TEXT_BYTES = TEXT_MB * 1_000_000
# What steps wait for in vain, as in scenarios of all sorts.
STEP_PATTERNS = [
    r"^(?P<user>\w+)@(?P<host>[\w-]+):/work[#$] ",
    r"(?P<passed>\d+) passed, (?P<failed>\d+) failed in (?P<seconds>[\d.]+)s",
    r"torch version (?P<torch>\d+\.\d+\.\d+)",
    r"^final loss: (?P<loss>[\d.]+)$",
    r"gflops=(?P<gflops>[\d.]+) threads=(?P<threads>\d+)",
    r"(?P<machine>\S+) login: ",
    r"^not ok (?P<number>\d+) - (?P<test>.*)$",
    r"Traceback \(most recent call last\)|(?P<error>\w+Error): (?P<why>.*)"]
# No word that its matches must hold, so each line is matched.
WORDLESS_PATTERN = r"^(?P<pages>\d+)$"
engine = sys.argv[1]


def measure(text, size_mb, *patterns, method="words", count=3):
    """Prints the best of some runs; returns its seconds of CPU time for each megabyte."""
    runs = []
    for _ in range(count):
        command = [engine, FAILURE_PATTERNS, text, str(size_mb), method, *patterns]
        runs.append(subprocess.run(command, stdout=subprocess.PIPE, text=True,
                                   check=True).stdout.split())
    seconds, events, before_kib, peak_kib = map(float, min(runs, key=lambda run: float(run[0])))
    print(f"  {size_mb:5} MB  {size_mb / seconds:7.0f} MB/s  {events:9.0f} events  peak "
          f"{peak_kib / 1024:5.1f} MiB, {before_kib / 1024:.1f} of it before the engine", flush=True)
    return seconds / size_mb


def repeated(text):
    return (text * (TEXT_BYTES // len(text) + 1))[:TEXT_BYTES]


def stamped_lines(message):
    """Lines of the kernel, each at its own time."""
    return b"".join(b"[%5d.%06d] %s\r\n" % (at // 1000, at % 1000 * 1000, message)
                    for at in range(TEXT_BYTES // (len(message) + 17)))


def hostile_texts():
    """Each 10 MB, made when it is asked for."""
    chance = random.Random(3)
    lines = console_text().replace(b"\r", b"").split(b"\n")
    escapes = (b"\x1b[31m", b"\x1b[2J", b"\x1b[6n", b"\x1b]0;title\x07", b"\x1bM", b"\x1b[", b"\x1b")
    yield "one line without an end", repeated(b" ".join(lines))
    yield "random bytes", chance.randbytes(TEXT_BYTES)
    yield "only escape sequences", repeated(b"".join(chance.choices(escapes, k=10_000)))
    yield "only \\r", repeated(b"\r")
    yield "only newlines", repeated(b"\n")
    yield "each line redrawn", repeated(b"\r".join(line[:70] for line in lines))
    yield "no UTF-8", repeated("\n".join(["ärger " * 12] * 50).encode("latin-1"))
    yield "a failure in each line", stamped_lines(b"BUG: seen by nobody")
    yield "a failure's words in each line", repeated(b"grep: Kernel panic - not syncing, Oops\n")
    yield "only time stamps", repeated(b"[    1.234567] ")


def main():
    with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
        text = pathlib.Path(folder, "text")
        write_console_text(text, TEXT_BYTES)
        print("console text, failure patterns and 8 step patterns, vectorscan where built with it")
        first = [measure(text, size_mb, *STEP_PATTERNS) for size_mb in SIZES_MB][0]
        last = measure(text, LARGEST_MB, *STEP_PATTERNS)
        print(f"  time for a byte, {LARGEST_MB} MB to {SIZES_MB[0]} MB: {last / first:.2f}")
        print("the same as a run does it: vectorscan prepared on the way, once there is enough text")
        measure(text, SIZES_MB[0], *STEP_PATTERNS, method="adaptive")
        print("the same by RE2 alone")
        measure(text, SIZES_MB[-1], *STEP_PATTERNS, method="re2_alone")
        print("no step pattern")
        measure(text, LARGEST_MB)
        print(f"and a step pattern without a word: {WORDLESS_PATTERN}")
        measure(text, LARGEST_MB, *STEP_PATTERNS, WORDLESS_PATTERN, method="adaptive", count=1)
        for what, content in hostile_texts():
            print(what)
            text.write_bytes(content)
            measure(text, LARGEST_MB, *STEP_PATTERNS, count=1)


main()
