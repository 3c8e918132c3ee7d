"""Figures from streams, and the bounded searches for the most that a system holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from statistics import median

import msgspec
import numpy as np

from loadtests.serving.driving import Sample

WITHIN_S = 0.05
"""Bound of the 99th percentile of whole streams for a rate to count as held, in seconds."""
STALL_S = 0.2
"""A longer pause within a stream is a stall, in seconds."""
LATE_S = 0.01
"""A client later than this (99th percentile) is itself the bound."""


class Spread(msgspec.Struct, frozen=True):
    """A figure of several rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The median and the extremes.

        Raises:
            ValueError: there are none.
        """
        if not values:
            raise ValueError("no rounds, so no figure")
        return cls(median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """A percentile (0 to 100), interpolated; infinite for no values."""
    return float(np.percentile(values, share)) if values else float("inf")


def held(samples: Sequence[Sample]) -> bool:
    """Whether all streams ended well, 99 in 100 of them in time."""
    if not samples or any(each.error for each in samples):
        return False
    return percentile([each.whole for each in samples], 99) <= WITHIN_S


def flowed(samples: Sequence[Sample]) -> bool:
    """Whether all streams ended well and none stalled."""
    return bool(samples) and not any(each.error or each.gap > STALL_S for each in samples)


def client_was_late(samples: Sequence[Sample]) -> bool:
    """Whether the client could not keep to its plan, so that it was measured itself."""
    return percentile([each.late for each in samples], 99) > LATE_S


async def highest(
    holds: Callable[[int], Awaitable[bool]], start: int, *, most: int, halvings: int = 2
) -> int:
    """Find the highest number that holds: double until one does not, then halve the interval.

    Args:
        start: where to begin; where it does not hold, half of it is tried, and so on.
        most: no higher number is tried.

    Returns:
        A number that held; 0 if not even 1 did.
    """
    low, high = 0, most + 1
    tried = max(1, min(start, most))
    while low < tried < high:
        if await holds(tried):
            low = tried
            tried = min(2 * tried, most) if high > most else low
        else:
            high = tried
            tried = low or tried // 2
    for _ in range(halvings):
        middle = (low + high) // 2
        if high > most or middle in (low, high) or high - low < max(1, low // 10):
            break
        if await holds(middle):
            low = middle
        else:
            high = middle
    return low
