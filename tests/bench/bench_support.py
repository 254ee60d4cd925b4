"""What the benchmarks share: the program, runs of it, and figures on standard output."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

QHARNESS = os.environ["QHARNESS"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
FAILURE_PATTERNS = SOURCE / "scenarios" / "lib" / "failure_patterns.json"
# What Meson takes for "skipped".
SKIPPED = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def call(*arguments, **options):
    """qharness ARGUMENTS…; its standard output as text."""
    options.setdefault("check", True)
    return subprocess.run([QHARNESS, *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                          **options).stdout


def image_is_cached(name):
    command = [QHARNESS, "image", "path", name]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run_scenario(name, *arguments, must_pass=True):
    """The result.json of one run of a scenario that qharness ships."""
    with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
        text = call("run", SOURCE / "scenarios" / f"{name}.json", "--out", folder, "--json",
                    *arguments, stderr=subprocess.DEVNULL, check=must_pass)
    return json.loads(text)["runs"][0]


def show_spread(what, values, unit):
    print(f"{what}: median {statistics.median(values):.2f} {unit}, "
          f"best {min(values):.2f}, worst {max(values):.2f}, {len(values)} runs")


def peak_bytes(pid):
    """Of a process or zombie, whose memory is 0 then."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
