"""When the next request may be sent: a steady rate, and pauses that the server asks for."""

from __future__ import annotations

import asyncio
import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class Pace:
    """Spaces requests evenly, however many wait at a time."""

    def __init__(self, requests_per_second: float) -> None:
        self._interval = 1 / requests_per_second
        self._next = 0.0
        self._held_until = 0.0

    async def turn(self) -> None:
        """Wait until the next request may be sent."""
        clock = asyncio.get_running_loop().time
        start = max(clock(), self._next)
        self._next = start + self._interval
        # Again and again: the server may ask for a pause while this request waits.
        while (wait := max(start, self._held_until) - clock()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def hold(self, seconds: float) -> None:
        """Send nothing for some time: the server has asked for it."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)


def backoff(base_s: float, attempt: int) -> float:
    """Seconds before retry number `attempt` (from 0): doubling, and spread by up to a half.

    The spread keeps clients that failed together from coming back together.
    """
    return math.ldexp(base_s, attempt) * random.uniform(0.5, 1.0)  # noqa: S311 (no secret hangs on it)


def retry_after(header: str | None) -> float:
    """Seconds that a `Retry-After` header asks for (RFC 9110, section 10.2.3); 0 without one."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
