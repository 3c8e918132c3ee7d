"""Runs a command that must not outlive its parent: `watcher.py PARENT_PID GRACE_S COMMAND…`.

A script of its own, run by path in a fresh interpreter. vLLM's server has children that go on,
and hold their memory, when it is killed (seen with 0.32): the command therefore gets a process
group, and whatever ends it (its own death, SIGTERM to this script, the death of the parent)
ends the whole group.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from types import FrameType

WATCH_S = 0.1


def main(arguments: list[str]) -> int:
    parent, grace_s, command = int(arguments[0]), float(arguments[1]), arguments[2:]
    told = False

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal told
        told = True

    signal.signal(signal.SIGTERM, stop)
    process = subprocess.Popen(command, process_group=0)  # noqa: S603 -- our parent's own
    while process.poll() is None and not told and os.getppid() == parent:
        time.sleep(WATCH_S)
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_s)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
