"""The PyTorch smoke, with its default timeouts, on a host that four spinning processes keep busy.

Usage: loaded_host.py [RESULT]: compares with the result.json of a run on a quiet host, if there
is one. The image must be cached."""

import contextlib
import json
import multiprocessing
import pathlib
import sys

from bench_support import image_is_cached, run_scenario, skip

IMAGE = "debian-pytorch"
SPINNERS = 4


def spin():
    while True:
        pass


@contextlib.contextmanager
def busy_host():
    spinners = [multiprocessing.Process(target=spin, daemon=True) for _ in range(SPINNERS)]
    for spinner in spinners:
        spinner.start()
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.join()


def show(where, result):
    cost = result["cost"]
    print(f"{where}: {result['outcome']}, {cost['wall_s']:.1f} s, QEMU {cost['qemu_cpu_s']:.1f} s "
          f"of CPU time, host delay {cost.get('host_delay_s', 0):.1f} s")


def slowest_steps(quiet, loaded):
    seconds = {step["name"]: step["seconds"] for step in quiet["steps"]}
    rows = [(step["seconds"], step["name"]) for step in loaded["steps"] if step["name"] in seconds]
    for loaded_s, name in sorted(rows, reverse=True)[:5]:
        print(f"  {name}: {loaded_s:.1f} s, on a quiet host {seconds[name]:.1f} s")


if not image_is_cached(IMAGE):
    skip(f"image {IMAGE} is not cached; build it with: qharness image build {IMAGE}")
with busy_host():
    busy = run_scenario("pytorch_smoke", must_pass=False)
show(f"{SPINNERS} spinning processes", busy)
if busy["outcome"] != "passed":
    print(f"reason: {busy['reason']}")
recorded = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
if recorded and recorded.exists():
    quiet = json.loads(recorded.read_text(encoding="utf-8"))
    show("quiet host", quiet)
    print(f"slowdown: {busy['cost']['wall_s'] / quiet['cost']['wall_s']:.1f}")
    slowest_steps(quiet, busy)
