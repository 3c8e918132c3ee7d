"""A folder of files that other people filled: walked safely, read with limits."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from fingerpost_knowledge_hub.errors import DocumentError, SourceError, SourceNotFoundError
from fingerpost_knowledge_hub.sources import Failed, Part, Skipped

MAX_BYTES = 16 * 2**20
"""Largest file that is read. The longest guidance pages are below 2 MiB of HTML."""

SETTLED_SECONDS = 2.0
"""A file changed this recently could change again within the clock's grain: it gets no stamp."""


class Folder:
    """The files below a folder, or a single file.

    Hidden files and folders are passed over in silence, as are links to folders; a link to a
    file is followed only when the file lies inside the folder.
    """

    def __init__(
        self, root: Path, *, suffixes: frozenset[str] | None = None, max_bytes: int = MAX_BYTES
    ) -> None:
        """`suffixes` (lower case, with the dot) are read; others are skipped as unsupported."""
        self.root = root.expanduser().resolve()
        self._suffixes = suffixes
        self._max_bytes = max_bytes

    @property
    def base(self) -> Path:
        """The folder in which the files lie, also if the root is a single file."""
        return self.root.parent if self.root.is_file() else self.root

    def parts(self) -> Iterator[Part | Skipped | Failed]:
        """Every file once, in the order of names, with a stamp from its size and times.

        Raises:
            SourceNotFoundError: there is nothing at the root.
            SourceError: a folder cannot be listed.
        """
        if not self.root.exists():
            raise SourceNotFoundError(f"nothing at {self.root}: check the path")
        if self.root.is_file():
            yield self._examine(self.root, self.root.name)
            return
        for path in self._walk():
            yield self._examine(path, path.relative_to(self.root).as_posix())

    def path(self, part: Part) -> Path:
        """Where a part that `parts` listed lies."""
        return self.base / part.source

    def read(self, part: Part) -> bytes:
        """The bytes of a part.

        Raises:
            DocumentError: the file cannot be read, or has outgrown the limit.
        """
        try:
            with self.path(part).open("rb") as file:
                content = file.read(self._max_bytes + 1)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DocumentError(
                f"cannot be read ({reason}): check that it exists and its rights"
            ) from error
        if len(content) > self._max_bytes:
            raise DocumentError(_too_large(self._max_bytes))
        return content

    def _walk(self) -> Iterator[Path]:
        def refuse(error: OSError) -> None:
            raise SourceError(
                f"{error.filename} cannot be listed ({error.strerror}): check its rights"
            )

        for folder, folders, files in os.walk(self.root, onerror=refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith("."):
                    yield Path(folder, name)

    def _examine(self, path: Path, source: str) -> Part | Skipped | Failed:
        if not source.isprintable():
            name = os.fsencode(source).decode("utf-8", "backslashreplace")
            return Failed(ascii(name)[1:-1], "has a name that is not printable UTF-8: rename it")
        suffix = path.suffix.lower()
        if self._suffixes is not None and suffix not in self._suffixes:
            return Skipped(source, f"unsupported:{suffix or 'no_suffix'}")
        try:
            leads_out = path.is_symlink() and not path.resolve().is_relative_to(self.root)
            status = path.stat()
        except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links
            return Failed(source, f"cannot be read ({error}): check the file and its rights")
        if leads_out:
            return Failed(source, "is a link that leads out of the folder: copy the file into it")
        if not stat.S_ISREG(status.st_mode):
            return Skipped(source, "not_a_file")
        if status.st_size > self._max_bytes:
            return Failed(source, _too_large(self._max_bytes))
        return Part(source, _stamp(status))


def _stamp(status: os.stat_result) -> str:
    # The change time moves with every write and cannot be set back, unlike the modified time.
    if time.time() - max(status.st_ctime, status.st_mtime) < SETTLED_SECONDS:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _too_large(limit: int) -> str:
    return f"is larger than {limit // 2**20} MiB: split it, or check that it is a page at all"
