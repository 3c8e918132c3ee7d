"""Rate limits, counted in Valkey so that every replica sees the same count.

The counting is the `limits` library's sliding window over two fixed ones (Cloudflare's
"sliding window counter"): constant memory for each asker.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisClusterStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from litestar import Request
from litestar.datastructures import State

from fingerpost_assistant.errors import ValkeyUnavailable
from fingerpost_assistant.live.connection import CLUSTER_SCHEMES, is_away
from fingerpost_gateway.access import Caller
from fingerpost_gateway.access.addresses import Addresses
from fingerpost_gateway.errors import RateLimitedError
from fingerpost_gateway.settings import LimitSettings

_PREFIX = "fp:limit"


class RateLimits:
    """Refuses an asker who does something too often."""

    def __init__(self, valkey_url: str, settings: LimitSettings, addresses: Addresses) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(_storage(valkey_url))
        self._addresses = addresses
        self._items = {
            "questions": RateLimitItemPerMinute(settings.questions_per_minute),
            "searches": RateLimitItemPerMinute(settings.searches_per_minute),
            "new conversations": RateLimitItemPerMinute(settings.conversations_per_minute),
        }

    async def count(
        self, what: str, request: Request[object, object, State], caller: Caller
    ) -> None:
        """Count one `what` ("questions", "searches", "new conversations") of the caller.

        A session or key is counted as such, anybody else by network address.

        Raises:
            RateLimitedError: it was one too many; the error says when to try again.
            ValkeyUnavailable: the count is not to be had right now.
        """
        asker = caller.principal.subject or f"address:{self._addresses.of(request)}"
        item = self._items[what]
        try:
            if await self._limiter.hit(item, what, asker):
                return
            window = await self._limiter.get_window_stats(item, what, asker)
        except Exception as error:
            if is_away(error):
                raise ValkeyUnavailable(str(error)) from error
            raise
        raise RateLimitedError(what, max(1, math.ceil(window.reset_time - time.time())))


def _storage(url: str) -> RedisStorage:
    for scheme, plain in CLUSTER_SCHEMES.items():
        if url.startswith(scheme):
            cluster = plain.replace("://", "+cluster://") + url.removeprefix(scheme)
            return RedisClusterStorage(
                f"async+{cluster}", implementation="redispy", key_prefix=_PREFIX
            )
    scheme, _, rest = url.partition("://")
    address = f"redis+unix://{rest}" if scheme == "unix" else url
    return RedisStorage(f"async+{address}", implementation="redispy", key_prefix=_PREFIX)
