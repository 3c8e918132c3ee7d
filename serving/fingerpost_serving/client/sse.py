"""Takes server-sent events apart as their bytes arrive."""

from __future__ import annotations

LONGEST_LINE = 1 << 20
"""Bytes of a line that has not ended; more is no stream of tokens."""


class LineTooLong(ValueError):  # noqa: N818 -- says what happened, as the package's errors do
    """A line does not end within `LONGEST_LINE` bytes."""


class EventParser:
    """The `data` of each event (HTML Standard, 9.2.6), from bytes cut at any place.

    Names, ids, pauses and comments are passed over; lines end in LF or CR LF.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the data of the events that they complete.

        Raises:
            LineTooLong: these cannot be events.
        """
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > LONGEST_LINE:
            raise LineTooLong(f"a line of more than {LONGEST_LINE} bytes")
        found = []
        for line in lines:
            if line.startswith(b"data:"):
                self._lines.append(line[5:].strip())
            elif self._lines and not line.strip():
                found.append(b"\n".join(self._lines))
                self._lines = []
        return found
