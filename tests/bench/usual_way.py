"""The same packages by mmdebstrap's usual way: dpkg unpacks and configures them under qemu-user."""

import ctypes
import json
import os
import pathlib
import re
import shutil
import tempfile

REGISTER = pathlib.Path("/proc/sys/fs/binfmt_misc/register")
RULES = pathlib.Path("/usr/lib/binfmt.d/qemu-riscv64.conf")
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000


def missing():
    """Why it cannot be measured here; empty where it can."""
    if not shutil.which("mmdebstrap"):
        return "mmdebstrap is not installed"
    if not RULES.exists():
        return "qemu-user-static (Debian 13: qemu-user-binfmt) is not installed"
    return "" if os.geteuid() == 0 else "only root can"


def packages_of(recipe):
    """What the recipe names for its disk."""
    text = re.sub(r"^\s*//.*$", "", recipe.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return json.loads(text)["disk"]["packages"]


def enter_namespaces(ready, mapped):
    """In the child: binfmt_misc of its own, so that nothing is registered for the whole host."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    os.write(ready, b"x")
    os.read(mapped, 1)
    if libc.mount(b"none", bytes(REGISTER.parent), b"binfmt_misc", 0, None):
        raise OSError(ctypes.get_errno(), "mount of binfmt_misc (since Linux 6.7)")
    REGISTER.write_text(RULES.read_text(encoding="ascii").strip(), encoding="ascii")


def in_namespaces(argv):
    """Runs the command with all user ids and RISC-V's programs executable; returns its status."""
    ready, tell_ready = os.pipe()
    mapped, tell_mapped = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            enter_namespaces(tell_ready, mapped)
            os.execvp(argv[0], argv)
        finally:
            os._exit(127)
    os.read(ready, 1)
    for ids in ("gid_map", "uid_map"):
        pathlib.Path(f"/proc/{child}/{ids}").write_text("0 0 65536\n", encoding="ascii")
    os.write(tell_mapped, b"x")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def make(recipe, debs, mirror):
    """A tarball of the tree. Packages in the folder `debs` are not downloaded again."""
    with tempfile.TemporaryDirectory(prefix="qharness-usual-way-") as folder:
        archives = '"$1"/var/cache/apt/archives'
        command = ["mmdebstrap", "--mode=root", "--architectures=riscv64", "--variant=minbase",
                   "--skip=download/empty",
                   f"--setup-hook=mkdir -p {archives} && cp {debs}/*.deb {archives}",
                   f"--include={','.join(packages_of(recipe))}", "trixie", f"{folder}/tree.tar",
                   mirror]
        if in_namespaces(command) != 0:
            raise SystemExit("mmdebstrap failed")
