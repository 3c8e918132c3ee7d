"""One blocking read of many streams: everything that this process follows in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

from redis.typing import KeyT, StreamIdT

from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.entries import Entry
from fingerpost_assistant.live.forever import forever
from fingerpost_assistant.live.keys import turn_key
from fingerpost_assistant.live.topic import Topic

Ended = Callable[[Sequence[str]], Awaitable[Mapping[str, tuple[StreamedEvent, ...] | None]]]
"""Events of those turns that SQL knows to have ended; None for those that were deleted."""

BLOCK_S = 2.0
"""How long one read waits when nothing happens."""
RECHECK_S = 5.0
"""How often turns that are still open are looked up in SQL: their stream may be lost."""
_BATCH = 200
"""Most entries of one stream in one answer."""


class Lane:
    """Reads the streams of its topics in one XREAD on one connection."""

    def __init__(self, blocking: Client, client: Client, wake: str, ended: Ended) -> None:
        """
        Args:
            blocking: client whose connection is held by the read.
            client: client for everything else.
            wake: key of a stream of this lane's own, in the slot of its topics; an entry in
                it ends a read early, so that a new topic need not wait for it.
        """
        self._blocking = blocking
        self._client = client
        self._wake = wake
        self._woken = "0-0"
        self._ended = ended
        self._topics: dict[str, Topic] = {}
        self._joined = asyncio.Event()
        self._unread = asyncio.Event()
        self._rechecked = 0.0

    def join(self, turn_id: str) -> Topic:
        """The topic of a turn, shared with those who follow it already."""
        key = turn_key(turn_id)
        topic = self._topics.get(key)
        if topic is None:
            topic = self._topics[key] = Topic(turn_id)
            self._joined.set()
            self._unread.set()
        topic.followers += 1
        return topic

    def leave(self, topic: Topic) -> None:
        """One follower fewer; after the last one the topic is dropped."""
        topic.followers -= 1
        if topic.followers == 0:
            self._topics.pop(turn_key(topic.turn_id), None)

    async def run(self) -> None:
        """Read until cancelled; then let all readers go."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(forever(self._read_open, "reading turns"))
                tasks.create_task(forever(self._end_read, "waking the reader"))
        finally:
            for topic in self._topics.values():
                topic.close()

    async def _read_open(self) -> None:
        topics = {key: topic for key, topic in self._topics.items() if not topic.closed}
        if not topics:
            self._joined.clear()
            await self._joined.wait()
            return
        try:
            await self._read(topics)
        finally:
            await self._recheck(topics)

    async def _read(self, topics: Mapping[str, Topic]) -> None:
        positions: dict[KeyT, StreamIdT] = {self._wake: self._woken}
        positions.update((key, topic.position) for key, topic in topics.items())
        # RESP2 has one shape for this answer; the client's type covers RESP3's too.
        answer = cast(
            "list[tuple[str, list[Entry]]]",
            await self._blocking.xread(positions, count=_BATCH, block=int(BLOCK_S * 1000)),
        )
        for key, entries in answer:
            if key == self._wake:
                self._woken = entries[-1][0]
            else:
                topics[key].receive(entries)

    async def _recheck(self, topics: Mapping[str, Topic]) -> None:
        """Complete topics from SQL whose turn has ended without their stream saying so."""
        now = asyncio.get_running_loop().time()
        if now - self._rechecked < RECHECK_S:
            return
        self._rechecked = now
        turns = {topic.turn_id: topic for topic in topics.values() if not topic.closed}
        ended = await self._ended(list(turns))
        for turn_id, events in ended.items():
            turns[turn_id].complete(events)

    async def _end_read(self) -> None:
        """End the read in progress when topics have joined; many at once need one entry."""
        await self._unread.wait()
        self._unread.clear()
        async with self._client.pipeline(transaction=False) as pipeline:
            pipeline.xadd(self._wake, {"joined": ""}, maxlen=1, approximate=False)
            pipeline.expire(self._wake, 60)
            await pipeline.execute()
