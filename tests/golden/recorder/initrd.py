"""Initial file systems: the image's, with more files in a second archive behind it."""

import io
import stat
from dataclasses import dataclass


@dataclass
class GuestFile:
    content: bytes
    mode: int = 0o755


def _entry(number, name, mode, content):
    """One file in cpio's newc format (Linux, Documentation/driver-api/early-userspace/buffer-format.rst)."""
    encoded = name.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0]
    header = b"070701" + "".join(f"{value:08X}" for value in fields).encode()
    return _padded(_padded(header + encoded) + content)


def _padded(data):
    return data + b"\0" * (-len(data) % 4)


def archive(files):
    """A cpio archive of the files, by their absolute path, with the folders that they stand in."""
    written = io.BytesIO()
    folders = {"/".join(path.strip("/").split("/")[:depth])
               for path in files for depth in range(1, path.strip("/").count("/") + 1)}
    number = 1
    for folder in sorted(folders):
        written.write(_entry(number, folder, stat.S_IFDIR | 0o755, b""))
        number += 1
    for path, file in files.items():
        written.write(_entry(number, path.strip("/"), stat.S_IFREG | file.mode, file.content))
        number += 1
    written.write(_entry(0, "TRAILER!!!", 0, b""))
    return written.getvalue()


def with_more_files(initrd: bytes, files):
    """The kernel unpacks every archive in turn; a later file replaces an earlier one."""
    return _padded(initrd) + archive(files) if files else initrd
