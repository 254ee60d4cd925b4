"""Programs and kernel modules for the guest, compiled from tests/golden/guest.

The modules are made without the kernel's headers: all that depends on the kernel's configuration is
the size of struct module and where its init pointer is, and its version text. Both are taken from a
module of the image. They carry no symbol versions, so the kernel says so and marks itself tainted.
"""

import gzip
import struct
import subprocess
import tempfile
from pathlib import Path

from .problem import Problem

COMPILER = "riscv64-linux-gnu-gcc"
SOURCES = Path(__file__).resolve().parent.parent / "guest"
FREESTANDING = ["-O2", "-ffreestanding", "-nostdlib", "-fno-pic"]


def _compile(output, *arguments):
    command = [COMPILER, *FREESTANDING, "-o", str(output), *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"{' '.join(command)}:\n{done.stderr}")


def program(source):
    """The ELF program made from the source, static and without a library."""
    with tempfile.TemporaryDirectory(prefix="qharness-golden-") as folder:
        output = Path(folder) / "program"
        _compile(output, "-static", "-no-pie", "-march=rv64gcv" if source.endswith(".S") else "-march=rv64gc",
                 str(SOURCES / source))
        return output.read_bytes()


def _cpio_files(archive):
    """Names and contents of the first cpio archive in the data, newc format."""
    place = 0
    while archive[place:place + 6] == b"070701":
        size, name_size = (int(archive[place + at:place + at + 8], 16) for at in (54, 94))
        name = archive[place + 110:place + 110 + name_size - 1].decode()
        if name == "TRAILER!!!":
            return
        content = (place + 110 + name_size + 3) // 4 * 4
        yield name, archive[content:content + size]
        place = (content + size + 3) // 4 * 4


def _sections(elf):
    """Section contents by name, of a 64-bit little-endian ELF file."""
    table, = struct.unpack_from("<Q", elf, 40)
    entry_size, count, names_index = struct.unpack_from("<HHH", elf, 58)
    headers = [struct.unpack_from("<IIQQQQ", elf, table + index * entry_size) for index in range(count)]
    names = elf[headers[names_index][4]:]
    for name, _, _, _, offset, size in headers:
        yield names[name:names.index(b"\0", name)].decode(), elf[offset:offset + size]


class ModuleCompiler:
    """Makes modules that the kernel of this initrd loads."""

    def __init__(self, initrd: Path):
        modules = [content for name, content in _cpio_files(gzip.decompress(initrd.read_bytes()))
                   if name.endswith(".ko")]
        if not modules:
            raise Problem(f"{initrd} holds no kernel module to learn the kernel's configuration from")
        sections = dict(_sections(modules[0]))
        self._module_size = len(sections[".gnu.linkonce.this_module"])
        # init comes before exit in struct module; each relocation is 24 bytes, its offset first.
        relocations = sections[".rela.gnu.linkonce.this_module"]
        self._init_offset = min(place for place, _, _ in struct.iter_unpack("<QQq", relocations))
        self._vermagic = next(entry.split(b"=", 1)[1].decode() for entry in sections[".modinfo"].split(b"\0")
                              if entry.startswith(b"vermagic="))

    def module(self, trouble):
        """The module that does this (a function of trouble.c) as soon as it is loaded."""
        with tempfile.TemporaryDirectory(prefix="qharness-golden-") as folder:
            output = Path(folder) / "trouble.ko"
            _compile(output, "-r", "-march=rv64imac_zicsr_zifencei", "-mabi=lp64", "-mcmodel=medany", "-mno-relax",
                     "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-fno-common",
                     f"-DTROUBLE={trouble}", f"-DMODULE_SIZE={self._module_size}",
                     f"-DINIT_OFFSET={self._init_offset}", f'-DVERMAGIC="{self._vermagic}"',
                     str(SOURCES / "trouble.c"))
            return output.read_bytes()
