"""Holds the order of folders that ARCHITECTURE.md's table states against every include."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
ROW = re.compile(r"^\| `((?:src|harness)(?:/[a-z_]+)+)` \|", re.MULTILINE)


def folders_in_order():
    return ROW.findall((ROOT / "ARCHITECTURE.md").read_text())


def includes():
    """Each include as (file, included file), both relative to the root."""
    for top in ("src", "harness"):
        for file in sorted((ROOT / top).rglob("*.?pp")):
            for name in INCLUDE.findall(file.read_text()):
                for base in ("src", "harness"):
                    if (ROOT / base / name).exists():
                        yield file.relative_to(ROOT), pathlib.Path(base) / name


def main():
    order = folders_in_order()
    place = {folder: number for number, folder in enumerate(order)}
    problems = []
    if len(place) < len(order):
        problems.append("ARCHITECTURE.md names a folder twice")
    seen = set()
    for file, included in includes():
        folder, wanted = str(file.parent), str(included.parent)
        seen |= {folder, wanted}
        if place.get(wanted, len(order)) > place.get(folder, -1):
            problems.append(f"{file} includes {included}, whose folder comes later")
    problems += [f"{folder} is not in ARCHITECTURE.md's table" for folder in sorted(seen - set(order))]
    problems += [f"{folder} is in the table and holds nothing" for folder in order if folder not in seen]
    print("\n".join(problems) or f"{len(order)} folders are in order")
    print(f"{0 if problems else 1} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
