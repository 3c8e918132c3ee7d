"""Runs a command that must not outlive its parent: `child.py PARENT_PID COMMAND…`.

A script of its own, run by path: code between fork and exec would have to be safe in a
process of many threads, and this is Python in a fresh one. On Linux the kernel sends the
command SIGTERM when its parent dies (prctl(2), PR_SET_PDEATHSIG) and the command takes this
script's place. Elsewhere, or with `--watch`, the script stays and looks after both.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

PR_SET_PDEATHSIG = 1
WATCH_S = 0.2


def main(arguments: list[str]) -> int:
    watch = arguments[0] == "--watch"
    parent, *command = arguments[1:] if watch else arguments
    if watch or not _die_with_parent():
        return _watch(int(parent), command)
    if os.getppid() != int(parent):
        return 1  # The parent died before the kernel was told.
    return os.execv(command[0], command)  # noqa: S606 -- the command is our parent's own


def _die_with_parent() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM) == 0)


def _watch(parent: int, command: list[str]) -> int:
    child = subprocess.Popen(command)  # noqa: S603 -- as above

    def stop(_: int, __: FrameType | None) -> None:
        child.terminate()

    signal.signal(signal.SIGTERM, stop)
    while child.poll() is None:
        if os.getppid() != parent:
            child.terminate()
        time.sleep(WATCH_S)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
