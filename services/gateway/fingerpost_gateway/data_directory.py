"""The data directory: what lies where in it, and the lock of whoever works in it."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from fingerpost_gateway.errors import DataDirectoryError, DataDirectoryInUseError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_CURE = "or name another folder in FINGERPOST_DATA_DIR"

ROOM_BYTES = 128 * 2**20
"""Free space without which nothing is opened: the index writes through memory maps, where a full
disk would not be an error but the end of the process (SIGBUS)."""


class Owner(msgspec.Struct, frozen=True):
    """Who holds the lock, as written in the lock file."""

    purpose: str
    """The command: "serve", "ingest" …"""
    pid: int

    def __str__(self) -> str:
        return f"fingerpost {self.purpose} (process {self.pid})"


class DataDirectory:
    """One folder that holds all that Fingerpost keeps on this machine.

    Whoever uses its embedded parts (index, Valkey, database) holds its lock. The system
    releases the lock when that process ends, however it ends.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.database = self.root / "fingerpost.db"
        self.index = self.root / "index"
        self.valkey = self.root / "valkey"
        self.visits = self.root / "govuk-visits.db"
        self.model = self.root / "models" / "minilm"
        self.lock_file = self.root / "lock"

    def prepare(self) -> None:
        """Create the folder if it is not there, for its owner alone, and try to write in it.

        Raises:
            DataDirectoryError: it cannot be created or written, or its disk is all but full.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root) as probe:
                probe.write(b"\0" * 4096)
                probe.flush()
                os.fsync(probe.fileno())
            free = self.free_bytes()
        except OSError as error:
            raise refusal(error, self.root) from error
        if free < ROOM_BYTES:
            raise refusal(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), self.root)

    def free_bytes(self) -> int:
        """Free space on its disk."""
        return shutil.disk_usage(self.root).free

    @contextmanager
    def locked(self, purpose: str) -> Iterator[None]:
        """Hold the lock; `purpose` is the command, which others are told meanwhile.

        Raises:
            DataDirectoryInUseError: somebody else holds it.
            DataDirectoryError: the lock cannot be created.
        """
        descriptor = self._open_lock()
        try:
            if not _try_lock(descriptor):
                raise DataDirectoryInUseError(self.root, _read_owner(descriptor))
            _write_owner(descriptor, Owner(purpose, os.getpid()))
            yield
        finally:
            os.close(descriptor)

    def _open_lock(self) -> int:
        try:
            # Not inherited by children: a Valkey that outlives us must not keep the lock.
            return os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise refusal(error, self.root) from error


def refusal(error: OSError, folder: Path) -> DataDirectoryError:
    """What an error of the system means for the data directory, with the cure."""
    where = f"the data directory {folder}"
    if error.errno in _FULL:
        return DataDirectoryError(
            f"{where} cannot be written: its disk is full (at least {ROOM_BYTES // 2**20} MB must "
            f"be free); make room {_CURE}"
        )
    if error.errno in _REFUSED:
        return DataDirectoryError(
            f"{where} cannot be written ({error.strerror}): give this user the right to write "
            f"there, mount it writable, {_CURE}"
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return DataDirectoryError(f"{where} is not a folder: move the file away {_CURE}")
    return DataDirectoryError(f"{where} cannot be used ({error.strerror}): mend it {_CURE}")


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_owner(descriptor: int, owner: Owner) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, msgspec.json.encode(owner), 0)


def _read_owner(descriptor: int) -> str:
    try:
        return str(msgspec.json.decode(os.pread(descriptor, 1000, 0), type=Owner))
    except msgspec.DecodeError:
        # It has the lock and is about to write its name.
        return "another process"
