"""What a night of many cells costs `qharness matrix` itself.

Usage: night_cells.py FAKE_QEMU. 1000 cells, 64 at a time, on a fake QEMU that says one line."""

import json
import os
import pathlib
import sys
import tempfile
import time

from bench_support import call
from night_support import run_night, write_matrix

CELLS, JOBS = 1000, 64

with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
    script = pathlib.Path(folder, "fake_qemu.json")
    script.write_text(json.dumps({"guest": [{"print": "ready\n"}]}), encoding="utf-8")
    pathlib.Path(folder, "kernel").write_text("none", encoding="utf-8")
    scenario = {"name": "many",
                "machine": {"qemu": sys.argv[1], "kernel": "kernel", "memory": "64M"},
                "steps": [{"expect": "ready"}]}
    night, figures = run_night(write_matrix(folder, scenario, CELLS), "--jobs", JOBS,
                               environment={**os.environ, "FAKE_QEMU_SCRIPT": str(script)})
    page = pathlib.Path(folder, "night.html")
    began = time.monotonic()
    call("report", night["folder"], "--html", page)
    page_s, page_bytes = time.monotonic() - began, page.stat().st_size
print(f"{CELLS} cells, {JOBS} at a time: {night['counts']}, {figures['wall_s']:.1f} s")
print(f"qharness matrix itself: {1000 * figures['cpu_s'] / CELLS:.2f} ms of CPU time a cell, "
      f"at most {figures['peak_bytes'] / 1e6:.1f} MB of memory")
print(f"their page: {page_s:.2f} s, {page_bytes / 1e6:.1f} MB")
