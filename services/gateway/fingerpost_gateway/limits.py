"""Rate limits, counted in Valkey so that every replica sees the same count.

The counting is the `limits` library's sliding window over two fixed ones (Cloudflare's
"sliding window counter"): constant memory for each asker.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from litestar import Request
from litestar.datastructures import State

from fingerpost_gateway.access import Caller
from fingerpost_gateway.errors import RateLimitedError
from fingerpost_gateway.settings import LimitSettings


class RateLimits:
    """Refuses an asker who does something too often."""

    def __init__(self, redis_url: str, settings: LimitSettings) -> None:
        storage = RedisStorage(
            _storage_url(redis_url), implementation="redispy", key_prefix="fp:limit"
        )
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._items = {
            "questions": RateLimitItemPerMinute(settings.questions_per_minute),
            "searches": RateLimitItemPerMinute(settings.searches_per_minute),
            "new conversations": RateLimitItemPerMinute(settings.conversations_per_minute),
        }

    async def count(self, what: str, asker: str) -> None:
        """Count one `what` ("questions", "searches", "new conversations") of the asker.

        Raises:
            RateLimitedError: it was one too many; the error says when to try again.
        """
        item = self._items[what]
        if await self._limiter.hit(item, what, asker):
            return
        window = await self._limiter.get_window_stats(item, what, asker)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        raise RateLimitedError(what, wait)


def asker_of(request: Request[object, object, State], caller: Caller) -> str:
    """Whom to count: the session or key, or the network address of someone without either."""
    if not caller.anonymous:
        return caller.principal.subject
    return f"address:{request.client.host if request.client else 'unknown'}"


def _storage_url(redis_url: str) -> str:
    scheme, _, rest = redis_url.partition("://")
    return f"async+redis+unix://{rest}" if scheme == "unix" else f"async+{redis_url}"
