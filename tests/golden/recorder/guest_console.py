"""Runs one guest and takes every byte of its console."""

import os
import re
import selectors
import subprocess
import time

from .problem import Problem

QEMU = "qemu-system-riscv64"
MOST_BYTES = 64 << 20


def qemu_command(machine, kernel, initrd):
    """A paravirtual random source, a serial console on standard input and output, nothing else."""
    command = [QEMU, "-M", "virt", "-cpu", machine.cpu, "-smp", str(machine.smp), "-m", machine.memory,
               "-nodefaults", "-display", "none", "-monitor", "none", "-nic", "none",
               "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
    if not machine.reboots:
        command.append("-no-reboot")
    if kernel:
        command += ["-kernel", str(kernel)]
        if machine.kernel == "image":
            command += ["-append", f"console=ttyS0 {machine.append}".rstrip()]
    if initrd:
        command += ["-initrd", str(initrd)]
    return command + list(machine.arguments)


class GuestConsole:
    """Reads until the case's end, typing what it says on the way."""

    def __init__(self, case):
        self._case = case
        self._to_type = [(re.compile(wait.encode()), text.encode()) for wait, text in case.type]
        self._typed_up_to = 0
        self._until = re.compile(case.until.encode()) if isinstance(case.until, str) and case.until != "exit" else None
        self._silence_s = case.until["silence_s"] if isinstance(case.until, dict) else None
        self.bytes = bytearray()

    def _type_what_is_due(self, keyboard):
        while self._to_type:
            wait, text = self._to_type[0]
            found = wait.search(self.bytes, self._typed_up_to)
            if not found:
                return
            self._typed_up_to = found.end()
            self._to_type.pop(0)
            # A serial line has no flow control: 16 bytes, the UART's FIFO, at a time.
            for place in range(0, len(text), 16):
                keyboard.write(text[place:place + 16])
                keyboard.flush()

    def _is_at_end(self, silent_s):
        if self._to_type:
            return False
        if self._silence_s is not None:
            return silent_s >= self._silence_s
        if self._until is None:
            return False
        return self._until.search(self.bytes, self._typed_up_to) is not None

    def _read(self, guest):
        """True when the guest has gone, False at the case's own end."""
        selector = selectors.DefaultSelector()
        selector.register(guest.stdout, selectors.EVENT_READ)
        began = last_byte = time.monotonic()
        stop_at = None
        while True:
            ready = selector.select(0.2)
            now = time.monotonic()
            if ready:
                some = os.read(guest.stdout.fileno(), 1 << 16)
                if not some:
                    return True
                self.bytes += some
                last_byte = now
                self._type_what_is_due(guest.stdin)
            if len(self.bytes) > MOST_BYTES:
                raise Problem(f"more than {MOST_BYTES} bytes of console")
            if stop_at is None and self._is_at_end(now - last_byte):
                stop_at = now + self._case.drain_s
            if stop_at is not None and now >= stop_at:
                return False
            if now - began > self._case.limit_s:
                raise Problem(f"not at its end after {self._case.limit_s} s")

    def record(self, command):
        """Raises Problem when the guest does not end as the case says; its bytes are kept."""
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as guest:
            try:
                gone = self._read(guest)
            finally:
                guest.kill()
            complaints = guest.stderr.read().decode(errors="replace").strip()
        if gone and self._case.until != "exit":
            raise Problem(f"QEMU ended, status {guest.returncode}, before {self._case.until}: {complaints}")
