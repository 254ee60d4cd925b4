"""How long ./dev run takes to hand over to qharness when everything is set up and built."""

import subprocess
import sys
import time

from bench_support import QHARNESS, SOURCE, show_spread, skip

RUNS = 10
USAGE_ERROR = 4


def milliseconds(command):
    started = time.monotonic()
    ended = subprocess.run(command, capture_output=True, check=False)
    if ended.returncode != USAGE_ERROR:
        print(ended.stderr.decode(errors="replace"))
        sys.exit(f"{command[0]} ended with status {ended.returncode}")
    return (time.monotonic() - started) * 1000


# A scenario that does not exist: qharness says so at once.
if not (SOURCE / "build" / ".dev-set-up").exists():
    skip("./dev has not set this tree up yet: ./dev build")
through_dev = [str(SOURCE / "dev"), "run", "no-such-scenario"]
milliseconds(through_dev)  # brings the build up to date
show_spread("./dev run", [milliseconds(through_dev) for _ in range(RUNS)], "ms")
direct = [QHARNESS, "run", "no-such-scenario"]
show_spread("qharness run", [milliseconds(direct) for _ in range(RUNS)], "ms")
