"""How long it takes from qharness's start to QEMU's exec, against starting the same program
directly."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from bench_support import QHARNESS, SOURCE, show_spread

RUNS = 20
note_time = pathlib.Path(sys.argv[1]).resolve()


def milliseconds_to_exec(command, folder):
    note = pathlib.Path(folder, "time")
    started = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    subprocess.run(command, env={**os.environ, "NOTE_TIME_FILE": str(note)}, cwd=folder,
                   capture_output=True, check=False)
    return (int(note.read_text()) - started) / 1e6


with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
    kernel = pathlib.Path(folder, "kernel")
    kernel.touch()
    through_qharness = [QHARNESS, "run", SOURCE / "scenarios" / "smoke.json", "--kernel", kernel,
                        "--qemu", note_time, "--out", pathlib.Path(folder, "runs")]
    harness = [milliseconds_to_exec(through_qharness, folder) for _ in range(RUNS)]
    direct = [milliseconds_to_exec([note_time], folder) for _ in range(RUNS)]
show_spread("qharness to QEMU's exec", harness, "ms")
show_spread("direct exec of the same program", direct, "ms")
