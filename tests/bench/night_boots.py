"""How near a night of real guests comes to what its CPUs could do at best.

16 boots of the image `tiny`, as many at a time as there are cores. The ideal is the CPU time of all
its QEMUs, in the same night, spread over the cores."""

import json
import os
import pathlib
import tempfile

from bench_support import image_is_cached, skip
from night_support import run_night, write_matrix

BOOTS = 16
SCENARIO = {"name": "boot", "machine": {"image": "tiny"},
            "steps": [{"boot": "shell"}, {"poweroff": True}]}

if not image_is_cached("tiny"):
    skip("image tiny is not cached; build it with: qharness image build tiny")
with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
    night, figures = run_night(write_matrix(folder, SCENARIO, BOOTS))
    costs = []
    for cell in night["cells"]:
        record = pathlib.Path(night["folder"], cell["attempts"][-1]["record"], "result.json")
        costs.append(json.loads(record.read_text(encoding="utf-8"))["cost"])
cores = os.cpu_count()
guests = sum(cost["qemu_cpu_s"] for cost in costs)
runs = sum(cost["harness_cpu_s"] for cost in costs)
wall, others = figures["wall_s"], figures["others_cpu_s"]
print(f"{BOOTS} boots on {cores} cores: {night['counts']}, {wall:.1f} s")
print(f"CPU time: guests {guests:.1f} s, their qharness run {runs:.2f} s, "
      f"qharness matrix {figures['cpu_s']:.2f} s, others on the host {others:.1f} s")
print(f"ideal {guests / cores:.1f} s, ratio {wall * cores / guests:.3f}; "
      f"of the CPU time that others left {(wall * cores - others) / guests:.3f}")
