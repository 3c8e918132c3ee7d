"""Where the control socket of a data directory lies."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import tempfile
from contextlib import closing
from pathlib import Path

from fingerpost_gateway.errors import DataDirectoryError

NAME = "control.sock"

LONGEST = 100
"""Bytes that a socket's path may have: systems allow 104 to 108 (`sun_path` in unix(7))."""

PROBE_S = 2.0


def socket_path(root: Path) -> Path:
    """The control socket of the data directory `root`.

    It is `control.sock` in the directory itself. Where that path is too long for a socket, it
    is a file named after a hash of the directory, in a folder of this user's own below the
    system's temporary folder.

    Raises:
        DataDirectoryError: that folder belongs to somebody else.
    """
    path = root.absolute() / NAME
    if len(os.fsencode(path)) <= LONGEST:
        return path
    folder = Path(tempfile.gettempdir()) / f"fingerpost-{os.getuid()}"
    _claim(folder)
    return folder / f"{hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:24]}.sock"


def is_listening(path: Path) -> bool:
    """Whether a server accepts connections there; a socket that a dead one left does not."""
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        probe.settimeout(PROBE_S)
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return False
        return True


def _claim(folder: Path) -> None:
    """Make sure that the folder is ours: anybody may create one in the temporary folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    if not private or status.st_uid != os.getuid():
        raise DataDirectoryError(
            f"{folder} must be a folder that belongs to this user alone: remove it, or choose a "
            "shorter path in FINGERPOST_DATA_DIR"
        )
