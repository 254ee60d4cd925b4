"""The cases: what each guest is, what it does, how it ends, and what must then be on its console."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from .problem import Problem

MACHINE_KEYS = {"cpu", "smp", "memory", "append", "kernel", "initrd", "arguments", "reboots"}
CASE_KEYS = {"name", "why", "machine", "guest", "files", "type", "scenario", "until", "drain_s",
             "limit_s", "seen", "not_seen", "failures"}
NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")


@dataclass
class Machine:
    cpu: str = "rv64"
    smp: int = 1
    memory: str = "256M"
    append: str = ""  # after console=ttyS0
    kernel: str = "image"  # image, garbage, zeros, u-boot or none
    initrd: str = "image"  # image, text, truncated or none
    arguments: list = field(default_factory=list)  # more of QEMU's own
    reboots: bool = False  # without -no-reboot


@dataclass
class Case:
    name: str
    why: str
    machine: Machine
    guest: list  # the console shell's script, line by line; empty: a prompt
    files: dict  # more files of the guest, or others in place of the image's
    type: list  # pairs: a regex to wait for, then the text to type
    scenario: dict  # instead of all of that: one for qharness run
    until: object  # "exit", or the regex that ends the recording, or {"silence_s": n}
    drain_s: float  # how long to read on after that
    limit_s: float  # when the recording has failed
    seen: list  # regexes that the console must hold, in this order
    not_seen: list
    failures: list  # what the golden test must find in it, in this order: kind, and regex of the title


def _case(entry, source):
    name = entry.get("name", "")
    if not NAME.match(name):
        raise Problem(f"{source}: '{name}' is no case's name: lower case, digits and dashes")
    unknown = set(entry) - CASE_KEYS
    unknown |= set(entry.get("machine", {})) - MACHINE_KEYS
    if unknown:
        raise Problem(f"{source}: {name}: unknown: {', '.join(sorted(unknown))}")
    for key in ("why", "failures"):
        if key not in entry:
            raise Problem(f"{source}: {name}: '{key}' is missing")
    if not entry.get("seen"):
        raise Problem(f"{source}: {name}: 'seen' must name what the console has to show")
    return Case(name=name, why=entry["why"], machine=Machine(**entry.get("machine", {})),
                guest=entry.get("guest", []), files=entry.get("files", {}),
                type=entry.get("type", []), scenario=entry.get("scenario", {}),
                until=entry.get("until", "exit"), drain_s=entry.get("drain_s", 1),
                limit_s=entry.get("limit_s", 60), seen=entry["seen"],
                not_seen=entry.get("not_seen", []), failures=entry["failures"])


def read_cases(folder: Path):
    """All cases of the folder's JSON files, by name."""
    cases = {}
    for path in sorted(folder.glob("*.json")):
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Problem(f"{path}: {error}") from error
        for entry in entries:
            case = _case(entry, path.name)
            if case.name in cases:
                raise Problem(f"{path.name}: there are two cases '{case.name}'")
            cases[case.name] = case
    if not cases:
        raise Problem(f"{folder} holds no cases")
    return cases


def check_console(case: Case, console: bytes):
    """Raises Problem unless the console shows what the case says it does."""
    place = 0
    for wanted in case.seen:
        found = re.compile(wanted.encode(), re.MULTILINE).search(console, place)
        if not found:
            raise Problem(f"not on the console from byte {place} of {len(console)}: {wanted}")
        place = found.end()
    for unwanted in case.not_seen:
        if re.search(unwanted.encode(), console, re.MULTILINE):
            raise Problem(f"on the console, and should not be: {unwanted}")
