"""Follows turns: one blocking read a process, fanned out to any number of readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import TracebackType
from typing import Self

from redis.asyncio import RedisCluster

from fingerpost_assistant.cancelling import cancel
from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.live.connection import Client, connect
from fingerpost_assistant.live.keys import journal_of, wake_key
from fingerpost_assistant.live.lane import BLOCK_S, Ended, Lane


class StreamReader:
    """Reads the turns that this process's readers follow.

    One server takes one connection for all of them. A cluster takes one for each journal whose
    turns are followed, since one read must stay within one slot.
    """

    def __init__(self, url: str, client: Client, process: str, ended: Ended) -> None:
        """
        Args:
            url: address of Valkey; the reader holds a connection of its own.
            client: for what does not block.
            process: name of this process among all.
            ended: looks up turns in SQL that have ended.
        """
        self._blocking = connect(url, connections=1, answer_s=BLOCK_S + 5)
        self._client = client
        self._process = process
        self._ended = ended
        self._lanes: dict[int, tuple[Lane, asyncio.Task[None]]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.gather(
            *(cancel(task, patience_s=2 * BLOCK_S) for _, task in self._lanes.values())
        )
        await self._blocking.aclose()

    async def follow(
        self, turn_id: str, after: str | None = None
    ) -> AsyncGenerator[StreamedEvent, None]:
        """The turn's events from the first, or after the id `after`, to the last.

        Raises:
            UnknownTurn: the turn was deleted.
            InvalidEventId: `after` is no id of an event.
        """
        lane = self._lane(turn_id)
        topic = lane.join(turn_id)
        try:
            async with aclosing(topic.read(after)) as events:
                async for event in events:
                    yield event
        finally:
            lane.leave(topic)

    def _lane(self, turn_id: str) -> Lane:
        journal = journal_of(turn_id) if isinstance(self._client, RedisCluster) else 0
        if journal not in self._lanes:
            wake = wake_key(journal, self._process)
            lane = Lane(self._blocking, self._client, wake, self._ended)
            self._lanes[journal] = lane, asyncio.create_task(lane.run(), name=f"lane {journal}")
        return self._lanes[journal][0]
