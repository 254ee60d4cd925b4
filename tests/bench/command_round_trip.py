"""How long `true` takes on a guest's shell, prompt to prompt: as a `run` step of qharness, its exact
status known, over the console and over a second, virtio console; and by pexpect on the console."""

import importlib.util
import json
import pathlib
import shlex
import statistics
import subprocess
import tempfile
import time

from bench_support import call, image_is_cached, skip

COMMANDS, WARM_UP = 300, 20
BOOT_S, COMMAND_S = 300, 60
PROMPT = "root@tiny:~# "
MACHINE = {"image": "tiny", "cpu": "rv64", "smp": 1, "memory": "512M"}


def write_scenario(path, channel):
    commands = [{"run": "true"}] * (WARM_UP + COMMANDS)
    path.write_text(json.dumps({
        "name": "round_trip", "machine": {**MACHINE, "channel": channel}, "timeout": "1h",
        "steps": [{"boot": "shell"}, *commands, {"poweroff": True}]}))


def by_qharness(scenario, folder):
    """Seconds of each command, from the end of the one before, as the journal has it."""
    runs = folder / scenario.stem
    call("run", scenario, "--out", runs, stderr=subprocess.DEVNULL)
    [journal] = runs.glob("*/journal.jsonl")
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    ends = [event["t"] for event in events
            if event["type"] == "step_finished" and event["kind"] == "run"]
    return [after - before for before, after in zip(ends, ends[1:])][-COMMANDS:]


def by_pexpect(scenario, delay_s):
    """Seconds of each command; `delay_s` is what pexpect sleeps before it sends."""
    import pexpect
    program, *arguments = shlex.split(call("run", scenario, "--dry-run"))
    guest = pexpect.spawn(program, arguments, timeout=COMMAND_S)
    guest.delaybeforesend = delay_s
    try:
        guest.expect_exact(PROMPT, timeout=BOOT_S)
        took_s = []
        for _ in range(WARM_UP + COMMANDS):
            started = time.monotonic()
            guest.sendline("true")
            guest.expect_exact(PROMPT)
            took_s.append(time.monotonic() - started)
        return took_s[-COMMANDS:]
    finally:
        guest.close(force=True)


def show(what, took_s):
    milliseconds = [seconds * 1000 for seconds in took_s]
    p99 = statistics.quantiles(milliseconds, n=100)[98]
    print(f"{what:<36} median {statistics.median(milliseconds):6.2f} ms, p99 {p99:6.2f} ms, "
          f"{len(milliseconds)} commands", flush=True)


if not importlib.util.find_spec("pexpect"):
    skip("pexpect is what qharness is compared with: ./dev bench installs it")
if not image_is_cached(MACHINE["image"]):
    skip("image tiny is not cached; build it with: qharness image build tiny")
with tempfile.TemporaryDirectory(prefix="qharness-bench-") as folder:
    for channel in ("virtio", "console"):
        scenario = pathlib.Path(folder, f"{channel}.json")
        write_scenario(scenario, channel)
        show(f"qharness, {channel}", by_qharness(scenario, pathlib.Path(folder)))
    show("pexpect", by_pexpect(scenario, 0.05))
    show("pexpect, delaybeforesend None", by_pexpect(scenario, None))
