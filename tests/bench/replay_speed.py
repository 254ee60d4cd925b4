"""How fast `qharness replay` reads a recorded run and a bare log, and what memory it takes.

Usage: replay_speed.py FAKE_QEMU. A guest prints 1 GB of a build's lines; its run, the same run with an
edited scenario, and its console.log are replayed."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from bench_support import QHARNESS, call, peak_bytes

CONSOLE_BYTES, LINES, PRINTS = 1_000_000_000, 10_000, 20


def measure(what, console_bytes, *arguments):
    began = time.monotonic()
    peak = 0
    with subprocess.Popen([QHARNESS, "replay", *map(str, arguments)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as child:
        while not os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            peak = max(peak, peak_bytes(child.pid))
            time.sleep(0.02)
    seconds = time.monotonic() - began
    print(f"{what}: {console_bytes / 1e6 / seconds:.0f} MB/s, {seconds:.1f} s, "
          f"peak {peak / 2**20:.1f} MiB", flush=True)


def main():
    lines = "".join(f"[{i}/{LINES}] cc -O2 -march=rv64gcv -c src/part_{i * 7919 % 10007}.c "
                    f"-o build/{i:x}.o\r\n" for i in range(LINES))
    flood = {"print": lines, "times": CONSOLE_BYTES // PRINTS // len(lines)}
    prints = [flood] * PRINTS + [{"print": "all built\r\n"}]
    with tempfile.TemporaryDirectory(prefix="qharness-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "kernel").write_text("none", encoding="utf-8")
        (folder / "fake_qemu.json").write_text(json.dumps({"guest": prints}), encoding="utf-8")
        scenario = {"name": "build", "machine": {"qemu": sys.argv[1], "kernel": "kernel"},
                    "steps": [{"expect": "^all built$", "timeout": "30m"}]}
        (folder / "build.json").write_text(json.dumps(scenario), encoding="utf-8")
        scenario["steps"][0]["expect"] = "^all bulit$"
        (folder / "edited.json").write_text(json.dumps(scenario), encoding="utf-8")
        call("run", folder / "build.json", "--out", folder / "runs", stderr=subprocess.DEVNULL,
             env={**os.environ, "FAKE_QEMU_SCRIPT": str(folder / "fake_qemu.json")})
        run = next((folder / "runs").iterdir())
        console_bytes = (run / "console.log").stat().st_size
        measure("a recorded run", console_bytes, run)
        measure("the same with an edited scenario", console_bytes, run, "--scenario",
                folder / "edited.json")
        measure("a bare log", console_bytes, run / "console.log")


main()
