"""run_checks(): runs named checks and prints one JSON line for each, which `"parse": "jsonl"` reads.

The checks run in a forked child, which says the name before it begins one. Where a check kills the child
(SIGILL, SIGSEGV), that check has failed by its name and another child goes on with the next. For this the
parent must not have started threads of OpenMP: their library does not survive a fork.
"""
import faulthandler
import json
import os
import re
import signal
import time
import traceback


class Skip(Exception):
    """What this guest cannot do, and why."""


KNOWN_WRONG = r"""{{known_wrong}}"""


def report(name, outcome, reason=None, seconds=None):
    """Where a check that is known to fail here does, that is told and not held against the run."""
    if outcome == "failed" and KNOWN_WRONG and re.search(KNOWN_WRONG, name):
        outcome, reason = "skipped", f"known to be wrong here: {reason}"
    line = {"test": name, "outcome": outcome} | ({"reason": reason} if reason else {})
    if seconds is not None:
        line["seconds"] = round(seconds, 2)
    print(json.dumps(line, ensure_ascii=True), flush=True)


def run_check(name, check):
    """An exception fails it; what it returns is a figure worth telling, or None."""
    started = time.perf_counter()
    try:
        outcome, reason = "passed", check()
    except Skip as skip:
        outcome, reason = "skipped", str(skip)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = (
            str(error)
            if isinstance(error, AssertionError) and str(error)
            else f"{type(error).__name__}: {error} (line {place.lineno}: {place.line})"
        )
        outcome, reason = "failed", " ".join(what.split())[:600]
    report(name, outcome, reason, time.perf_counter() - started)


def run_from(first, checks, progress):
    """What the child does; `progress` is the descriptor on which it tells which check it begins."""
    faulthandler.enable()
    for index in range(first, len(checks)):
        name, check = checks[index]
        os.write(progress, b"%d\n" % index)
        print("running", name, flush=True)
        run_check(name, check)
    os.write(progress, b"%d\n" % len(checks))


def how_it_ended(status):
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended the interpreter with status {os.WEXITSTATUS(status)}"


def run_checks(group, checks):
    """checks: (name, function without arguments). Those whose name {{only}} is not found in are left out."""
    chosen = [(f"{group}/{name}", check) for name, check in checks if re.search(r"""{{only}}""", f"{group}/{name}")]
    if not chosen:
        report(group, "skipped", r"""no check of this group matches {{only}}""")
        return
    started, begun = time.perf_counter(), -1
    while begun < len(chosen):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                run_from(begun + 1, chosen, writer)
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as lines:
            for line in lines:
                begun = int(line)
        _, status = os.waitpid(child, 0)
        if begun < len(chosen):
            assert begun >= 0, f"no check of {group} could begin: the child {how_it_ended(status)}"
            report(chosen[begun][0], "failed", how_it_ended(status))
    print(f"{len(chosen)} checks in {time.perf_counter() - started:.1f} s")
