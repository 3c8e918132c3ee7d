"""What an examination of one part found."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """Works, but not as well or as safely as it could."""
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How one part is."""

    part: str
    level: Level
    detail: str
    cure: str = ""
    """What to do; empty when nothing is amiss."""


def ok(part: str, detail: str) -> Finding:
    return Finding(part=part, level=Level.OK, detail=detail)


def warn(part: str, detail: str, cure: str) -> Finding:
    return Finding(part=part, level=Level.WARN, detail=detail, cure=cure)


def fail(part: str, detail: str, cure: str = "") -> Finding:
    """A part that cannot be used; messages of our own errors hold the cure already."""
    return Finding(part=part, level=Level.FAIL, detail=detail, cure=cure)
