"""Files that are either whole or absent: atomic writes, digests and durable renames."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

COPY_BYTES = 1024 * 1024
STAT_BLOCK_BYTES = 512
"""What `st_blocks` counts in (POSIX, sys/stat.h)."""
LOOKS = 10
"""How often a folder is listed whose files are renamed while it is read."""
UNREADY = "tmp-open-*"
"""Files of Qdrant's log that hold nothing yet."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, finds either the old bytes or the new ones."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Make the content of a file durable, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_files(folder: Path) -> None:
    """Make the content of a folder's files durable, and their names.

    A file that is renamed meanwhile is found under its new name.
    """
    for attempt in range(1, LOOKS + 1):
        try:
            for file in folder.iterdir():
                sync(file)
            break
        except FileNotFoundError:
            if attempt == LOOKS:
                raise
    sync(folder)


def size_of(folder: Path) -> int:
    """Return the bytes that a folder takes on its disk, without the holes of its files."""
    blocks = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # it was renamed or deleted meanwhile
                blocks += Path(parent, name).stat().st_blocks
    return blocks * STAT_BLOCK_BYTES


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder to one that does not exist, holes in its files kept, durably.

    Qdrant maps files of many megabytes that are mostly holes, and makes the next file of its log
    ahead, under another name until it is ready.
    """
    unready = shutil.ignore_patterns(UNREADY)
    shutil.copytree(source, target, copy_function=copy_sparse, ignore=unready)
    for folder, _, _ in os.walk(target):
        sync(Path(folder))
    sync(target.parent)


def copy_sparse(source: str, target: str) -> None:
    """Copy the data of a file, leaving holes where it has holes."""
    with Path(source).open("rb") as old, Path(target).open("wb") as new:
        size = os.fstat(old.fileno()).st_size
        new.truncate(size)
        end = 0
        while end < size:
            try:
                start = os.lseek(old.fileno(), end, os.SEEK_DATA)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                break  # nothing but a hole up to the end of the file
            end = os.lseek(old.fileno(), start, os.SEEK_HOLE)
            old.seek(start)
            new.seek(start)
            while new.tell() < end:
                new.write(old.read(min(COPY_BYTES, end - new.tell())))
        new.flush()
        os.fsync(new.fileno())
