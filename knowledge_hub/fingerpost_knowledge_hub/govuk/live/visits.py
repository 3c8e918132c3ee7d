"""What the live client knows of pages from earlier runs, in one small file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import msgspec

from fingerpost_knowledge_hub.errors import SourceError


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it was when it was last asked for."""

    path: str
    stamp: str
    """Names the state it was in: changes whenever the page may have changed."""
    etag: str = ""
    checked_at: float = 0.0
    """Seconds since the epoch."""
    locale: str = ""
    """Language of the guidance found there; "" if there was none."""


class Visits:
    """The last visit to every page.

    One JSON object a line, written as it happens, so that a run which is cut off has lost
    nothing; the last line of a page counts, and a line that was cut off does not. Opening the
    file drops what later lines replaced.
    """

    def __init__(self, file: Path | None) -> None:
        """Without a file, visits are remembered while the object lives."""
        self._file = file
        self._visits: dict[str, Visit] = {}
        self._log: int | None = None

    def __enter__(self) -> Visits:
        """
        Raises:
            SourceError: the file cannot be read or written.
        """
        if self._file is not None:
            try:
                self._load(self._file)
                self._log = os.open(self._file, os.O_WRONLY | os.O_APPEND)
            except OSError as error:
                raise SourceError(
                    f"{self._file} cannot be used ({error.strerror}): check its folder's rights"
                ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._log is not None:
            os.close(self._log)
            self._log = None

    def get(self, path: str) -> Visit | None:
        return self._visits.get(path)

    def record(self, visit: Visit) -> None:
        """Remember a visit, in the file too if it is open."""
        self._visits[visit.path] = visit
        if self._log is not None:
            os.write(self._log, _line(visit))

    def _load(self, file: Path) -> None:
        lines = file.read_bytes().splitlines() if file.exists() else []
        self._visits = {visit.path: visit for visit in _read(lines)}
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_bytes(b"".join(map(_line, self._visits.values())))
        fresh.replace(file)


def _read(lines: Iterable[bytes]) -> Iterable[Visit]:
    decoder = msgspec.json.Decoder(Visit)
    for line in lines:
        try:
            yield decoder.decode(line)
        except msgspec.MsgspecError:
            continue  # cut off by a crash: the page is simply asked for again


def _line(visit: Visit) -> bytes:
    return msgspec.json.encode(visit) + b"\n"
