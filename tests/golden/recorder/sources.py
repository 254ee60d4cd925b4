"""What a case's guest boots: kernels, initial file systems and more files, right and wrong ones."""

from pathlib import Path

from .guest_binaries import ModuleCompiler, program
from .initrd import GuestFile, with_more_files
from .problem import Problem

U_BOOT = Path("/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin")
CONSOLE_SHELL = "/etc/console-shell"  # the image's init runs it on the console


class Sources:
    def __init__(self, image: Path):
        self._kernel = image / "kernel"
        self._initrd = image / "initrd"
        self._modules = ModuleCompiler(self._initrd)

    def kernel(self, case, folder: Path):
        """The path of what -kernel is given, or None."""
        kind = case.machine.kernel
        if kind == "image":
            return self._kernel
        if kind == "u-boot":
            return U_BOOT
        if kind == "none":
            return None
        if kind == "garbage":
            made = folder / "kernel"
            made.write_bytes(b"This is no kernel.\n" * 1000)
            return made
        if kind == "zeros":
            made = folder / "kernel"
            made.write_bytes(bytes(1 << 20))
            return made
        raise Problem(f"there is no kernel '{kind}'")

    def initrd(self, case, folder: Path):
        """The path of what -initrd is given, or None."""
        kind = case.machine.initrd
        if kind == "none":
            return None
        content = self._initrd.read_bytes()
        if kind == "image":
            content = with_more_files(content, self._more_files(case))
        elif kind == "text":
            content = b"This is no file system.\n" * 1000
        elif kind == "truncated":
            content = content[:len(content) // 2]
        else:
            raise Problem(f"there is no initrd '{kind}'")
        made = folder / "initrd"
        made.write_bytes(content)
        return made

    def _more_files(self, case):
        files = {path: self._file(what) for path, what in case.files.items()}
        if case.guest:
            lines = ["#!/bin/sh", ". /etc/profile", *case.guest]
            files[CONSOLE_SHELL] = GuestFile("".join(line + "\n" for line in lines).encode())
        return files

    def _file(self, what):
        mode = int(what.get("mode", "0755"), 8)
        if "lines" in what:
            return GuestFile("".join(line + "\n" for line in what["lines"]).encode(), mode)
        if "program" in what:
            return GuestFile(program(what["program"]), mode)
        if "module" in what:
            return GuestFile(self._modules.module(what["module"]), mode)
        raise Problem(f"a guest's file is lines, a program or a module, not {what}")
