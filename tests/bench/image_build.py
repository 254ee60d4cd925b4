"""How long an image takes to build once its packages are downloaded, phase by phase.

Usage: image_build.py IMAGE. Builds the image in a cache of its own that shares only the user's
downloads, so that nothing of the user's is touched. With QHARNESS_BENCH_USUAL_WAY=1 mmdebstrap
makes a tree of the same packages after it, and the factor is told."""

import json
import os
import pathlib
import resource
import sys
import tempfile
import time

import usual_way
from bench_support import SOURCE, call, skip


def took(work):
    """Seconds by the clock, and of CPU time."""
    def cpu():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    started, cpu_before = time.monotonic(), cpu()
    work()
    return time.monotonic() - started, cpu() - cpu_before


name = sys.argv[1]
cache = pathlib.Path(os.environ.get("QHARNESS_CACHE_DIR") or pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache", "qharness"))
if not cache.is_dir():
    skip(f"no package was downloaded yet; do it with: qharness image build {name}")
with tempfile.TemporaryDirectory(prefix="bench-", dir=cache) as folder:
    for entry in cache.iterdir():
        if entry.name != "images" and not entry.name.startswith("bench-"):
            pathlib.Path(folder, entry.name).symlink_to(entry)
    seconds, cpu = took(
        lambda: call("image", "build", name, env={**os.environ, "QHARNESS_CACHE_DIR": folder}))
    (manifest,) = pathlib.Path(folder, "images", name).glob("*/manifest.json")
    phases = json.loads(manifest.read_text(encoding="utf-8"))["seconds"]
print(f"image {name}: built in {seconds:.1f} s from downloaded packages, {cpu:.1f} s of CPU time")
for phase, took in phases.items() if isinstance(phases, dict) else phases:
    print(f"  {phase:<16} {took:7.1f} s")
if not os.environ.get("QHARNESS_BENCH_USUAL_WAY"):
    print("note: QHARNESS_BENCH_USUAL_WAY=1 compares with mmdebstrap, which takes ten minutes or more")
elif reason := usual_way.missing():
    print(f"note: not compared with mmdebstrap: {reason}")
else:
    (sources,) = cache.glob("apt/trixie-riscv64-*/sources.list")
    mirror = sources.read_text(encoding="utf-8").split()[2]
    usual, usual_cpu = took(lambda: usual_way.make(
        SOURCE / "images" / f"{name}.json", cache / "packages" / "trixie-riscv64", mirror))
    print(f"mmdebstrap with qemu-user, the same packages: {usual:.1f} s, {usual_cpu:.1f} s of CPU "
          f"time: {usual / seconds:.1f} and {usual_cpu / cpu:.1f} times as long")
