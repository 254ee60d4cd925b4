#!/usr/bin/env python3
"""The page of a night of 1,000 cells with 20 nights behind it: how long it takes to make and to show,
and its size. The consoles are pieces of a real boot's."""

import pathlib
import resource
import subprocess
import sys
import tempfile
import time

from bench_support import QHARNESS, SOURCE, show_spread
from console_text import console_text

sys.path.insert(0, str(SOURCE / "tests" / "browser"))
import chromium  # noqa: E402
import recorded_night  # noqa: E402

CELLS = 1000
PAST_NIGHTS = 19
STEPS = 15
# What the tiny guest prints until its shell answers.
CONSOLE_BYTES = 30_000
RUNS = 5


def boot_cast():
    text = console_text()[:CONSOLE_BYTES].decode("utf-8", "replace")
    pieces = [text[at:at + 120] for at in range(0, len(text), 120)]
    return recorded_night.cast((0.2, "m", "boot shell"), *[(0.02, "o", piece) for piece in pieces])


def cell_result(number, day, text):
    failed = number % 20 == 0
    steps = [(f"step {at}", "passed", 1.0 + at) for at in range(STEPS)]
    figures = [{"name": f"figure {at}", "value": 10 + day / 100 + at, "unit": "GFLOP/s",
                "better": "higher", "samples": [10, 11, 12]} for at in range(3)]
    if not failed:
        return recorded_night.result(steps=steps, measurements=figures, excerpt=text[-1000:])
    steps[-1] = {"name": "last", "outcome": "failed", "seconds": 1.0, "reason": "exit status 1",
                 "output": text[:4000]}
    failure = {"kind": "oops", "title": f"Oops in function {number % 7}", "step": "last",
               "excerpt": text[:3000].splitlines()}
    return recorded_night.result("failed", "exit status 1", steps, measurements=figures,
                                 failures=[failure], excerpt=text[-1000:])


def make_night(folder, day, cast, text):
    night = recorded_night.Night(folder, "large", day)
    for number in range(CELLS):
        point = {"scenario": "s", "cpu": f"cpu{number // 8}", "smp": str(number % 4),
                 "memory": f"{number // 4 % 2}G"}
        night.add(f"s cpu{number // 8} smp={number % 4} memory={number // 4 % 2}G", point,
                  [(cell_result(number, day, text), cast)])
    return night.finish()


def measure(night, history, page):
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([QHARNESS, "report", night, "--history", history, "--html", page],
                   stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu, after.ru_maxrss / 1024


def show_in_browser(page, folder):
    program = chromium.find()
    if not program:
        print("no Chromium here: how long it takes to show is not measured")
        return
    browser = chromium.Chromium(program, folder / "profile")
    try:
        times = []
        for _ in range(RUNS):
            browser.load(page.as_uri())
            times.append(browser.evaluate(
                "performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
        show_spread("loaded and laid out by Chromium", times, "s")
        for what, code in (("filter by a word", "by('filter').value = 'cpu77'; filter()"),
                           ("choose a cell", "choose(night.cells[500])")):
            taken = browser.evaluate(f"(() => {{ const began = performance.now(); {code}; "
                                     "document.body.offsetHeight; return performance.now() - began; })()")
            print(f"{what}: {taken:.0f} ms")
    finally:
        browser.close()


def main():
    cast = boot_cast()
    text = console_text()[:8000].decode("utf-8", "replace")
    with tempfile.TemporaryDirectory(prefix="qharness-bench-") as name:
        folder = pathlib.Path(name)
        for day in range(1, PAST_NIGHTS + 1):
            night = make_night(folder / str(day), day, cast, text)
            subprocess.run([QHARNESS, "report", night, "--history", folder / "h.db"],
                           stdout=subprocess.DEVNULL, check=True)
        last = make_night(folder / "last", PAST_NIGHTS + 1, cast, text)
        page = folder / "night.html"
        figures = [measure(last, folder / "h.db", page) for _ in range(RUNS)]
        show_spread(f"{CELLS} cells, report --html by the clock", [one[0] for one in figures], "s")
        show_spread("CPU", [one[1] for one in figures], "s")
        print(f"peak memory: {max(one[2] for one in figures):.0f} MiB")
        print(f"size of the page: {page.stat().st_size / 1e6:.2f} MB")
        show_in_browser(page, folder)


main()
