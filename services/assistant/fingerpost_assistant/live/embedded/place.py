"""The folder of an embedded Valkey: who owns it, where its socket is, who still runs in it."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from fingerpost_assistant.errors import ValkeyFailed, ValkeyInUse, ValkeyMissing

LONGEST_SOCKET_PATH = 103
"""Bytes that `sockaddr_un` holds for a path on every system (104 on macOS, 108 on Linux, with
the final NUL; unix(7))."""

_END_S = 10.0
"""How long a survivor gets to write its file before it is killed."""


class FolderLock:
    """Exclusive ownership of a folder for as long as this process lives."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            ValkeyInUse: another process owns the folder.
            ValkeyMissing: this system has no such locks.
            OSError: the folder cannot be written.
        """
        if sys.platform == "win32":
            raise ValkeyMissing("Windows is not supported")
        import fcntl

        self._file = (folder / "owner.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise ValkeyInUse(str(folder), owner) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()


def socket_path(folder: Path) -> Path:
    """Where the socket of a folder is: inside, or under a short path when that is too long."""
    inside = folder / "valkey.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    short = Path(tempfile.gettempdir()) / f"fingerpost-{os.getuid()}"
    return short / f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}.sock"


def make_private(folder: Path) -> None:
    """Make a folder that only we can enter; a temporary directory is open to all.

    Raises:
        ValkeyFailed: someone else made it first.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise ValkeyFailed(
            f"the path of the data directory is too long for a socket, and {folder}, which "
            "would do, is not only ours: set a data directory with a shorter path"
        )


def stop_survivor(pid_file: Path, socket: Path) -> None:
    """End a Valkey that outlived the process which started it on this socket. Blocks.

    Raises:
        ValkeyFailed: it cannot be ended.
    """
    try:
        pid = int(pid_file.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not _serves(pid, socket):
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if _ends(pid, socket):
            return
    raise ValkeyFailed(f"process {pid} still serves {socket} and cannot be ended: kill it")


def _ends(pid: int, socket: Path) -> bool:
    end = time.monotonic() + _END_S
    while _serves(pid, socket):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _serves(pid: int, socket: Path) -> bool:
    """Whether a process is a Valkey on this socket, and not one that was given its number."""
    if Path("/proc/self").exists():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(socket) in words
    listing = subprocess.run(  # noqa: S603 -- a number is all that is passed
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False
    )
    return os.fsencode(socket) in listing.stdout
