"""How much CPU time qharness itself takes beside QEMU while a scenario runs.

Usage: cpu_share.py SCENARIO [RESULT]: of the result.json given if there is one, else of a run made
now, for which the scenario's image must be cached."""

import json
import pathlib
import sys

from bench_support import SOURCE, image_is_cached, run_scenario, skip

name = sys.argv[1]
recorded = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
if recorded and recorded.exists():
    result = json.loads(recorded.read_text(encoding="utf-8"))
else:
    scenario = json.loads((SOURCE / "scenarios" / f"{name}.json").read_text(encoding="utf-8"))
    image = scenario["machine"]["image"]
    if not image_is_cached(image):
        skip(f"image {image} is not cached; build it with: qharness image build {image}")
    result = run_scenario(name)
cost = result["cost"]
print(f"{name}: {result['outcome']}, {cost['wall_s']:.1f} s")
print(f"CPU time: qharness {cost['harness_cpu_s']:.3f} s, QEMU {cost['qemu_cpu_s']:.1f} s, "
      f"share of qharness {100 * cost['harness_cpu_s'] / cost['qemu_cpu_s']:.2f} %")
