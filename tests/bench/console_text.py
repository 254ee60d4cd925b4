"""Real console text for benchmarks: what the golden logs' guests printed."""

import shutil
import subprocess

from bench_support import SOURCE, skip

GOLDEN_LOGS = SOURCE / "tests" / "golden" / "console"
# Of each log, so that one guest's flood does not outweigh all the others.
LOG_SHARE_BYTES = 256 << 10


def console_text():
    """The beginnings of all golden logs, one after another."""
    paths = sorted(GOLDEN_LOGS.glob("*.log.zst"))
    if not paths:
        skip(f"there are no golden logs in {GOLDEN_LOGS}: ./dev golden records them")
    if not shutil.which("zstd"):
        skip("zstd unpacks the golden logs and is not installed")
    logs = [subprocess.run(["zstd", "-dc", path], stdout=subprocess.PIPE, check=True).stdout
            for path in paths]
    return b"".join(log[:LOG_SHARE_BYTES] + b"\r\n" for log in logs)


def write_console_text(path, size_bytes, end=b""):
    """Fills the file with console text, again from its beginning until it is `size_bytes`; `end`
    are its last bytes."""
    text = console_text()
    with path.open("wb") as file:
        left = size_bytes - len(end)
        while left > 0:
            left -= file.write(text[:left])
        file.write(end)
