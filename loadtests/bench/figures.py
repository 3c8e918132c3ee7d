"""What a benchmark yields, and how times are summed up."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured number."""

    name: str
    value: float
    unit: str
    note: str = ""
    """What it was measured on, and its spread where there were several rounds."""


def percentiles(name: str, milliseconds: Sequence[float], note: str = "") -> list[Figure]:
    """Median, 95th and 99th percentile of durations."""
    return [
        Figure(
            name=f"{name} p{share}",
            value=float(np.percentile(milliseconds, share)),
            unit="ms",
            note=note,
        )
        for share in (50, 95, 99)
    ]


def median_of(name: str, rounds: Sequence[float], unit: str, note: str = "") -> Figure:
    """The median of several rounds, with the lowest and highest in the note."""
    spread = f"median of {len(rounds)}, {min(rounds):.3g} to {max(rounds):.3g}"
    return Figure(
        name=name,
        value=float(np.median(rounds)),
        unit=unit,
        note=f"{note}; {spread}" if note else spread,
    )
