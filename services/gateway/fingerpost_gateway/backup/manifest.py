"""The manifest of a backup: what it holds, with a digest of every file.

A backup is a gzipped tar archive. Its first member is `manifest.json`; the others are the
files that it names: `database/fingerpost.db` and those in `index/`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from fingerpost_gateway.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database/fingerpost.db"
INDEX = "index"

LONGEST_MANIFEST = 16 * 2**20
"""Bytes; an index has some hundred files."""


class FileEntry(msgspec.Struct, frozen=True):
    """One file of a backup."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    format: int
    version: str
    """Version of Fingerpost that wrote it."""
    created_at: datetime
    files: dict[str, FileEntry]
    """By path in the archive."""

    @property
    def parts(self) -> tuple[str, ...]:
        """What it holds: "database", "index"."""
        return tuple(sorted({name.partition("/")[0] for name in self.files}))


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        BackupError: it is broken, names files outside the archive, or is too new.
    """
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupError(
            f"the backup's manifest cannot be read ({error}): take another backup"
        ) from error
    if manifest.format != FORMAT:
        raise BackupError(
            f"the backup has format {manifest.format}, and this version reads {FORMAT}: "
            f"restore it with Fingerpost {manifest.version}"
        )
    if strange := [name for name in manifest.files if not _is_known(name)]:
        raise BackupError(f"the backup names a file {strange[0]!r}: it is none of Fingerpost's")
    return manifest


def file_entry(path: Path) -> FileEntry:
    """Size and digest of a file."""
    with path.open("rb") as file:
        return FileEntry(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _is_known(name: str) -> bool:
    folder, *pieces = name.split("/")
    inside = folder == INDEX and pieces and all(piece not in ("", ".", "..") for piece in pieces)
    return name == DATABASE or bool(inside)
