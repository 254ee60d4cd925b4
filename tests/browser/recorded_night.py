"""Writes folders of nights as `qharness matrix` leaves them, of runs that never were."""

import hashlib
import json
import pathlib


class Night:
    """A night's folder in the making; `add` its cells, then `finish`."""

    def __init__(self, folder, matrix, day, **plan):
        started = f"2026-11-{day:02}T01:00:00Z"
        self.folder = pathlib.Path(folder) / f"202611{day:02}T010000Z-{matrix}-0000"
        self.folder.mkdir(parents=True)
        self.plan = {"schema": 1, "name": matrix, "night": self.folder.name, "started": started,
                     "host": {"cpu": "a CPU"}, "cells": [], **plan}
        self.events = []

    def add(self, name, point, attempts, **planned):
        """`attempts`: (result.json, text of console.cast) of each; no attempt: it was not run."""
        self.plan["cells"].append({"name": name, "point": point, "params": {}, "retries": None,
                                   "timeout_multiplier": None, **planned})
        place = f"cells/{hashlib.sha256(name.encode()).hexdigest()[:12]}"
        for number, (result, cast) in enumerate(attempts, 1):
            record = f"{place}/attempt-{number}/run"
            run = self.folder / record
            run.mkdir(parents=True)
            (run / "result.json").write_text(json.dumps(result))
            (run / "console.cast").write_text(cast)
            seconds = sum(step["seconds"] for step in result["steps"])
            self.events.append({"type": "attempt_finished", "cell": name,
                                "attempt": number, "outcome": result["outcome"],
                                "reason": result["reason"], "record": record, "seconds": seconds})

    def finish(self):
        (self.folder / "night.json").write_text(json.dumps(self.plan))
        (self.folder / "night.jsonl").write_text(
            "".join(json.dumps(event) + "\n" for event in self.events))
        return self.folder


def result(outcome="passed", reason="", steps=(), **more):
    """A result.json; `steps` are (name, outcome, seconds) or whole records."""
    records = [step if isinstance(step, dict) else dict(zip(("name", "outcome", "seconds"), step))
               for step in steps]
    return {"schema": 1, "outcome": outcome, "reason": reason, "steps": records, "failures": [],
            "measurements": [], "excerpt": "",
            "fingerprint": {"cpu": "rv64", "qemu": "10.0.2", "host_cpu": "a CPU"},
            "scenario": {"name": "s", "digest": "0"}, **more}


def cast(*events):
    """console.cast of (seconds since the event before, "o" or "m", text)."""
    header = {"version": 3, "term": {"cols": 80, "rows": 24}}
    return "".join(json.dumps(line) + "\n" for line in [header, *map(list, events)])
