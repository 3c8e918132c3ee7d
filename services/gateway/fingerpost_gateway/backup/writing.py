"""Writing a backup, beside running work or without."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import msgspec

from fingerpost_gateway.backup.manifest import (
    DATABASE,
    FORMAT,
    INDEX,
    MANIFEST,
    Manifest,
    file_entry,
)
from fingerpost_gateway.errors import BackupError

COMPRESSION = 3
"""Vectors hardly shrink; a low level (of gzip's nine) is several times as quick."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What goes into a backup; a part that is kept elsewhere is None."""

    database: Path | None
    copy_index: Callable[[Path], None] | None
    """Writes a copy of the index into the folder given."""
    standstill: Callable[[], AbstractContextManager[None]]
    """Keeps ingestion from changing catalogue or index meanwhile."""


def write_backup(target: Path, contents: Contents) -> Manifest:
    """Write a backup; `target` appears, or is replaced, when it is whole. Blocks.

    Raises:
        BackupError: there is nothing to back up, or it cannot be written.
    """
    if contents.database is None and contents.copy_index is None:
        raise BackupError(
            "nothing is kept in the data directory: back up PostgreSQL and Qdrant with their "
            "own tools"
        )
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            staged = Path(folder)
            _copy(contents, staged)
            manifest = _describe(staged)
            # Staged on the target's own disk, and under a name that no other backup has.
            packed = staged / "backup.tar.gz"
            _pack(staged, manifest, packed)
            packed.replace(target)
    except OSError as error:
        raise BackupError(
            f"the backup cannot be written to {target} ({error.strerror or error}): make room, "
            "or name a file in a folder that this user may write to"
        ) from error
    return manifest


def _copy(contents: Contents, staged: Path) -> None:
    with contents.standstill():
        if contents.database is not None:
            (staged / DATABASE).parent.mkdir()
            _copy_database(contents.database, staged / DATABASE)
        if contents.copy_index is not None:
            contents.copy_index(staged / INDEX)


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent moment, while others read and write on."""
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
    except sqlite3.Error as error:
        raise BackupError(
            f"the database {source} cannot be copied ({error}): see `fingerpost doctor`"
        ) from error


def _describe(staged: Path) -> Manifest:
    files = sorted(path for path in staged.rglob("*") if path.is_file())
    return Manifest(
        format=FORMAT,
        version=version("fingerpost-gateway"),
        created_at=datetime.now(UTC),
        files={path.relative_to(staged).as_posix(): file_entry(path) for path in files},
    )


def _pack(staged: Path, manifest: Manifest, packed: Path) -> None:
    content = msgspec.json.format(msgspec.json.encode(manifest))
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=COMPRESSION) as archive:
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(content)
            archive.addfile(head, BytesIO(content))
            for name in manifest.files:
                archive.add(staged / name, arcname=name, recursive=False)
        file.flush()
        os.fsync(file.fileno())
