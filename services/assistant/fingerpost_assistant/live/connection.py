"""The way to Valkey: one server or a cluster, bounded connections, patience while it is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    ClusterDownError,
    ConnectionError,  # noqa: A004 -- redis's own
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    ResponseError,
    TimeoutError,  # noqa: A004
    TryAgainError,
)

from fingerpost_assistant.errors import ValkeyUnavailable
from fingerpost_assistant.live.keys import JOURNALS

Client = Redis | RedisCluster

CLUSTER_SCHEMES = {"redis+cluster://": "redis://", "rediss+cluster://": "rediss://"}

AWAY = (
    ConnectionError,
    TimeoutError,
    OSError,
    RedisClusterException,
    ClusterDownError,
    ReadOnlyError,
    TryAgainError,
    OutOfMemoryError,
)
"""What a server that starts, fails over, is gone or is full answers: it may be back soon."""

_REFUSALS = ("LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS")
"""More such answers, which the client has no class for; MISCONF comes of a full disk."""

_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 0.5

T = TypeVar("T")


def connect(url: str, *, connections: int = 8, answer_s: float = 5.0) -> Client:
    """A client for a Valkey or Redis server or cluster; it connects when it is first used.

    Args:
        url: "unix:///path", "redis://host:port", "rediss://…" (TLS), or "redis+cluster://…"
            for a cluster, with any node's address.
        connections: most connections to one server, for each journal to a cluster's nodes. A
            caller that finds none free waits.
        answer_s: seconds after which a silent server counts as away; blocking commands need
            more than they block.

    Raises:
        ValkeyUnavailable: the address cannot be understood.
    """
    try:
        for scheme, plain in CLUSTER_SCHEMES.items():
            if url.startswith(scheme):
                return RedisCluster.from_url(
                    plain + url.removeprefix(scheme),
                    # This client does not wait for a free connection, it fails: leave room.
                    max_connections=connections * JOURNALS,
                    decode_responses=True,
                    socket_timeout=answer_s,
                    protocol=2,
                )
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=answer_s,
            decode_responses=True,
            socket_timeout=answer_s,
            # Nothing of RESP3 is used, and proxies and old servers do not speak it.
            protocol=2,
            # Once more at once, for a connection that a restarted server has closed. Longer
            # absences are the business of `persistently`.
            retry=Retry(NoBackoff(), 1),
        )
    except (ValueError, TypeError) as error:
        raise ValkeyUnavailable(f"not a Valkey address: {error}") from error
    return Redis.from_pool(pool)


def is_away(error: Exception) -> bool:
    """Whether the server may answer differently in a moment."""
    return isinstance(error, AWAY) or (
        isinstance(error, ResponseError) and str(error).startswith(_REFUSALS)
    )


async def persistently(operation: Callable[[], Awaitable[T]], deadline_s: float) -> T:
    """Do an operation that may be repeated, again and again while Valkey is away.

    Raises:
        ValkeyUnavailable: it still was when the deadline had passed.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline_s
    pause = _FIRST_PAUSE_S
    while True:
        try:
            return await operation()
        except Exception as error:
            if not is_away(error):
                raise
            if loop.time() + pause > end:
                raise ValkeyUnavailable(str(error) or type(error).__name__) from error
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_S)
