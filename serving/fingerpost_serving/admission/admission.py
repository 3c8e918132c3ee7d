"""Places at the models for one process: the way in, the heartbeat, and who is woken."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..errors import UnknownModel
from ..models import Limits
from .asking import Ask
from .observing import Observer, Unobserved
from .queue import ModelQueue
from .script import AdmissionScript, is_away
from .settings import AdmissionSettings
from .ticket import Ticket

if TYPE_CHECKING:
    from .script import Valkey

_log = logging.getLogger(__name__)

_BLOCK_S = 2.0
"""Longest single wait for news of those who wait; shorter than any sensible socket timeout."""

_NEWS_A_CALL = 100
_PAUSE_S = 0.5
_AGAIN_S = 0.2


class Admission:
    """Holds all processes of a deployment together to the limits of its models.

    An async context manager: inside it, leases are renewed and those who wait are woken.

    ```python
    client = redis.asyncio.Redis.from_url("unix:///run/valkey.sock", decode_responses=True)
    limits = {model.name: model.limits for model in Registry.load(path).models}
    async with Admission(client, limits) as admission:
        async with admission.enter("large", Ask(tokens=1200)) as ticket:
            async for place in ticket.wait():
                print("number", place.position)
            ...  # its place is held to the end of the block
    ```
    """

    def __init__(
        self,
        client: Valkey,
        limits: Mapping[str, Limits],
        settings: AdmissionSettings | None = None,
        observer: Observer | None = None,
    ) -> None:
        """
        Args:
            client: of Valkey or Redis 7 or later, with `decode_responses`; stays the caller's.
                One of its connections is kept for waking those who wait (in a cluster one for
                each model).
            limits: of each model, by name; all processes must have the same.
        """
        self._client = client
        self._settings = settings or AdmissionSettings()
        process = f"{os.getpid()}-{secrets.token_hex(4)}"
        observer = observer or Unobserved()
        self._queues = {
            model: ModelQueue(
                model,
                process,
                AdmissionScript(client, model, process, each, self._settings),
                each,
                self._settings,
                observer,
            )
            for model, each in limits.items()
        }
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for queue in self._queues.values():
                stack.push_async_callback(queue.close)
            works = [self._beats(queue) for queue in self._queues.values()]
            works += [self._listen(lists) for lists in self._lists()]
            for work in works:
                stack.push_async_callback(_end, asyncio.create_task(work))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def enter(self, model: str, ask: Ask) -> AsyncIterator[Ticket]:
        """Hold a place at a model, or in the queue for one, as long as the block lasts.

        Wait with `Ticket.wait` before using the model. However the block is left, the place goes
        to the next.

        Raises:
            UnknownModel: it has no limits here.
            TooLarge: the model could never take it.
            Busy: it would have to wait too long; says when to try again.
        """
        if model not in self._queues:
            raise UnknownModel(model, self._queues)
        queue = self._queues[model]
        ticket = await queue.enter(ask)
        whole = False
        try:
            yield ticket
            whole = True
        finally:
            await queue.leave(ticket, measured=whole)

    async def _beats(self, queue: ModelQueue) -> None:
        while True:
            try:
                await queue.beat()
            except Exception as error:
                if not is_away(error):
                    _log.exception("the heartbeat of admission to %s failed", queue.model)
                queue.lose(error)
            await asyncio.sleep(self._settings.beat_s)

    def _lists(self) -> list[list[str]]:
        """The lists to listen to, those together that one connection can wait for."""
        from redis.asyncio import RedisCluster

        lists = [queue.granted for queue in self._queues.values()]
        if isinstance(self._client, RedisCluster):
            return [[each] for each in lists]
        return [lists] if lists else []

    async def _listen(self, lists: list[str]) -> None:
        """Wake those who have waited as soon as Valkey lets them in."""
        queues = {queue.granted: queue for queue in self._queues.values()}
        while True:
            try:
                news = await self._client.blmpop(
                    _BLOCK_S, len(lists), *lists, direction="LEFT", count=_NEWS_A_CALL
                )
            except Exception as error:
                if not is_away(error):
                    _log.exception("waiting for news of admission failed")
                await asyncio.sleep(_PAUSE_S)
                continue
            if news:
                key, ids = news
                for id_ in ids if isinstance(ids, list) else [ids]:
                    queues[str(key)].grant(str(id_))


async def _end(task: asyncio.Task[None]) -> None:
    # More than once if need be: until Python 3.12 `asyncio.wait_for`, through which the client
    # sends, swallows a cancellation that comes as its future completes (CPython issue 86296).
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
