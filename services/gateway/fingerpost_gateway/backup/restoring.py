"""Restoring a backup: checked first, then put in place so that a crash leaves old or new, whole.

The new data is unpacked into `restore.partial` and checked. Then three renames of that one
folder say how far it is: `restore.ready` (the old data is moved to `restore.replaced`) and
`restore.placing` (the new data is moved in). Whoever opens the data directory next goes on
from where it stopped (`finish_restore`), so that there is never a mixture.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from fingerpost_gateway.backup.manifest import (
    DATABASE,
    LONGEST_MANIFEST,
    MANIFEST,
    FileEntry,
    Manifest,
    read_manifest,
)
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.errors import BackupError

PARTIAL = "restore.partial"
READY = "restore.ready"
PLACING = "restore.placing"
REPLACED = "restore.replaced"

_CHUNK = 1 << 20
_DATABASE_FILES = ("fingerpost.db", "fingerpost.db-wal", "fingerpost.db-shm", "valkey")
"""What goes with the database: live turns belong to the database they were begun in."""


def restore(file: Path, directory: DataDirectory) -> Manifest:
    """Replace what the backup holds; the caller holds the directory's lock. Blocks.

    Raises:
        BackupError: the file is no backup, is damaged, or cannot be unpacked; the data is as
            it was.
    """
    root = directory.root
    finish_restore(directory)
    try:
        with _explained(file, root), tarfile.open(file, "r:gz") as archive:
            manifest = _unpack(archive, root / PARTIAL)
    except BackupError:
        shutil.rmtree(root / PARTIAL, ignore_errors=True)
        raise
    (root / PARTIAL).rename(root / READY)
    finish_restore(directory)
    return manifest


def finish_restore(directory: DataDirectory) -> None:
    """Bring a restore that was cut off to its end, or undo it if it had not got that far."""
    root = directory.root
    shutil.rmtree(root / PARTIAL, ignore_errors=True)
    if (ready := root / READY).is_dir():
        (root / REPLACED).mkdir(exist_ok=True)
        for name in _replaced_by(ready):
            if (root / name).exists():
                (root / name).rename(root / REPLACED / name)
        ready.rename(root / PLACING)
    if (placing := root / PLACING).is_dir():
        for entry in list(placing.iterdir()):
            entry.rename(root / entry.name)
        placing.rmdir()
        _sync(root)
    shutil.rmtree(root / REPLACED, ignore_errors=True)


def _replaced_by(ready: Path) -> list[str]:
    names = {entry.name for entry in ready.iterdir()}
    if "fingerpost.db" in names:
        names.update(_DATABASE_FILES)
    return sorted(names)


def _unpack(archive: tarfile.TarFile, target: Path) -> Manifest:
    """Unpack what the manifest names, and check every byte of it."""
    head = archive.next()
    if head is None or head.name != MANIFEST or head.size > LONGEST_MANIFEST:
        raise BackupError("it is no backup of Fingerpost: name another file")
    manifest = read_manifest(_content(archive, head).read())
    target.mkdir(mode=0o700)
    missing = dict(manifest.files)
    while (member := archive.next()) is not None:
        entry = missing.pop(member.name, None)
        if entry is None or not member.isreg() or member.size != entry.size:
            raise BackupError(_damaged(f"{member.name!r} is not what its manifest says"))
        _write(_content(archive, member), target / _place(member.name), entry, member.name)
    if missing:
        raise BackupError(_damaged(f"{min(missing)!r} is missing"))
    return manifest


def _place(name: str) -> str:
    """Where a file of the archive lies in the data directory."""
    return PurePosixPath(DATABASE).name if name == DATABASE else name


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:
        raise BackupError(_damaged(f"{member.name!r} is no file"))
    return content


def _write(content: IO[bytes], target: Path, entry: FileEntry, name: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != entry.sha256:
        raise BackupError(_damaged(f"{name!r} has another digest than its manifest says"))


@contextmanager
def _explained(file: Path, root: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError(_damaged(f"{file} cannot be unpacked: {error}")) from error
    except OSError as error:
        where = error.filename or root
        raise BackupError(
            f"{where} cannot be read or written ({error.strerror or error}): check that the "
            f"file is there, and that {root} has room for what is in it"
        ) from error


def _damaged(what: str) -> str:
    return f"the backup is damaged: {what}; restore another one. Nothing was changed"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
