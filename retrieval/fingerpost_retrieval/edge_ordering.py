"""Puts a shard of Qdrant Edge in order: `edge_ordering.py PARENT_PID FOLDER`.

The engine keeps the interpreter's lock for as long as it works, and a graph over 100,000 passages
takes it twenty seconds, in which the process could answer nobody. So this runs as a process of
its own, on a copy that nobody else has open: at a low priority, and no longer than its parent.

A script by path, of which nothing but `order_elsewhere` is for import.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

import qdrant_edge

PR_SET_PDEATHSIG = 1
NICENESS = 10
"""Searches come first where cores are few."""


def order_elsewhere(folder: Path) -> subprocess.Popen[str]:
    """Start to put the shard in `folder` in order; the process says on stderr what went wrong."""
    return subprocess.Popen(  # noqa: S603 -- this very file
        # -P: modules of this folder, such as `types`, are not to be found before the library's.
        [sys.executable, "-P", __file__, str(os.getpid()), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def main(parent: int, folder: str) -> int:
    """Put the shard in order; the exit status is 1 if that failed."""
    os.nice(NICENESS)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return 1  # The parent died before the kernel was told.
    try:
        shard = qdrant_edge.EdgeShard.load(folder)
        shard.optimize()
        shard.flush()
        shard.close()
    except Exception as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
