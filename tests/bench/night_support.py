"""What the benchmarks of nights share: a matrix of equal cells, and what running it takes of the host."""

import json
import os
import pathlib
import subprocess
import time

from bench_support import QHARNESS, peak_bytes

LOOK_EVERY_S = 0.05


def write_matrix(folder, scenario, cells):
    """A matrix of so many cells of one scenario; the path of its file."""
    folder = pathlib.Path(folder)
    scenario = {"params": {"n": 0}, **scenario}
    (folder / f"{scenario['name']}.json").write_text(json.dumps(scenario), encoding="utf-8")
    matrix = {"name": scenario["name"], "scenarios": [f"{scenario['name']}.json"],
              "axes": {"n": list(range(cells))}}
    file = folder / "night.matrix.json"
    file.write_text(json.dumps(matrix), encoding="utf-8")
    return file


def own_cpu_s(pid):
    """User and system time of the process without its children; it may be a zombie."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_cpus_s():
    """What all CPUs of the host have done since it began, and what a hypervisor took from it."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def run_night(file, *arguments, environment=None):
    """Runs the matrix to its end in its folder: the night, and the figures of its process."""
    command = [QHARNESS, "matrix", file.name, "--json", *map(str, arguments)]
    busy_before = busy_cpus_s()
    children_before = os.times()
    began = time.monotonic()
    with open(file.parent / "night.out", "wb") as output:
        process = subprocess.Popen(command, cwd=file.parent, stdout=output,
                                   stderr=subprocess.DEVNULL, env=environment)
        peak = 0
        while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            peak = max(peak, peak_bytes(process.pid))
            time.sleep(LOOK_EVERY_S)
        wall = time.monotonic() - began
        cpu = own_cpu_s(process.pid)
        process.wait()
    children = os.times()
    ours = (children.children_user - children_before.children_user
            + children.children_system - children_before.children_system)
    night = json.loads((file.parent / "night.out").read_text(encoding="utf-8"))
    return night, {"wall_s": wall, "cpu_s": cpu, "peak_bytes": peak,
                   "others_cpu_s": max(0, busy_cpus_s() - busy_before - ours)}
