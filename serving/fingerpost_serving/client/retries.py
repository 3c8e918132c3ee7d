"""When a call that failed before its first token is tried again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec


class Retries(msgspec.Struct, frozen=True, kw_only=True):
    """Tries of one call; each pause is three times as long as the one before, and jittered.

    The defaults outlast the seconds in which a router finds that a replica is gone, or in which
    a router itself is started again.
    """

    tries: int = 6
    """Most tries, the first one included."""
    first_pause_s: float = 0.05
    """Pause before the second try, in seconds."""
    longest_pause_s: float = 1.0
    """Longest pause, in seconds."""
    patience_s: float = 2.0
    """Longest `Retry-After` that is waited for, in seconds; a longer one ends the call."""
    down_s: float = 1.0
    """After a call that found no server in all its tries: seconds in which others try once."""

    def pause_s(self, failures: int, retry_after_s: float | None = None) -> float | None:
        """Seconds until the next try, or None if there is to be none.

        Args:
            failures: tries that failed so far, from 1.
            retry_after_s: what the server asked for, in seconds.
        """
        if failures >= self.tries:
            return None
        longest = min(self.first_pause_s * 3.0 ** (failures - 1), self.longest_pause_s)
        pause = longest * random.uniform(0.7, 1.3)  # noqa: S311 -- spreads load, keeps no secret
        if retry_after_s is None:
            return pause
        # Not sooner than without a wish, and never all at once.
        return max(retry_after_s, pause) if retry_after_s <= self.patience_s else None


def retry_after_s(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3); None if it is no such."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
