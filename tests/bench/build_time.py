"""What a clean build costs, which files cost most, and how long one waits after changing the engine."""

import os
import pathlib
import resource
import shlex
import subprocess
import sys
import tempfile
import time

from bench_support import SOURCE

PROGRAM = "harness/qharness"
TOUCHED = "engine.cpp.o"
SLOWEST = 10
TIMED_CALL = pathlib.Path(__file__).with_name("timed_call.py")


def run(*command, **options):
    """Its CPU seconds and those of its children, and the seconds by the clock."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           check=False, **options)
    seconds = time.monotonic() - started
    if ended.returncode != 0:
        sys.exit(f"{ended.stdout}{shlex.join(map(str, command))} ended with status {ended.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds


def compiled(log):
    """(CPU seconds, file), the slowest first."""
    lines = (line.split(maxsplit=1) for line in log.read_text(encoding="utf-8").splitlines())
    return sorted(((float(line[0]), line[1]) for line in lines if len(line) == 2), reverse=True)


with tempfile.TemporaryDirectory(prefix="qharness-build-") as folder:
    build, log = pathlib.Path(folder) / "build", pathlib.Path(folder) / "log"
    compiler = f"{sys.executable} -IS {TIMED_CALL} {log} {os.environ.get('CXX', 'c++')}"
    run("meson", "setup", build, SOURCE, *sys.argv[1:], env={**os.environ, "CXX": compiler})
    log.write_text("", encoding="utf-8")
    program, program_clock = run("ninja", "-C", build, PROGRAM)
    rest, rest_clock = run("ninja", "-C", build)
    print(f"program: {program / 60:.1f} CPU minutes, {program_clock / 60:.1f} by the clock")
    print(f"program and tests: {(program + rest) / 60:.1f} CPU minutes, "
          f"{(program_clock + rest_clock) / 60:.1f} by the clock")
    for seconds, made in compiled(log)[:SLOWEST]:
        print(f"  {seconds:5.1f} s  {made}")
    # As if its source had been touched.
    for made in build.rglob("*" + TOUCHED):
        made.unlink()
    _, clock = run("ninja", "-C", build, PROGRAM)
    print(f"program after touching engine.cpp: {clock:.1f} s by the clock")
