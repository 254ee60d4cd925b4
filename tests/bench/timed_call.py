"""timed_call.py LOG COMMAND…: runs the command and adds its CPU seconds and what it made to LOG."""

import os
import sys

log, *command = sys.argv[1:]
child = os.spawnvp(os.P_NOWAIT, command[0], command)
_, status, usage = os.wait4(child, 0)
made = command[command.index("-o") + 1] if "-o" in command else ""
with open(log, "a", encoding="utf-8") as file:
    file.write(f"{usage.ru_utime + usage.ru_stime:.2f} {made}\n")
sys.exit(os.waitstatus_to_exitcode(status))
