"""Writes ended turns from the journals to SQL, once, whoever dies in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import cast

import msgspec
from redis.asyncio import RedisCluster
from redis.exceptions import ResponseError
from sqlalchemy.exc import DataError, IntegrityError

from fingerpost_assistant.ending import Ending, decode_ending
from fingerpost_assistant.events import Outcome, StreamedEvent
from fingerpost_assistant.live.connection import Client, connect
from fingerpost_assistant.live.entries import Entry
from fingerpost_assistant.live.forever import forever
from fingerpost_assistant.live.keys import JOURNALS, journal_key, rejected_key, turn_key
from fingerpost_assistant.live.streams import read

_log = logging.getLogger(__name__)

Record = Callable[[str, Ending, Sequence[StreamedEvent]], Awaitable[bool]]
"""Writes an ending to SQL unless there is one; `TurnStore.record`."""

GROUP = "recorders"
_BLOCK_S = 2.0
_BATCH = 50
_FORGET_S = 3600.0
"""Idle time after which a consumer that left nothing behind is removed."""


class Recorder:
    """One consumer of the group that empties the journals.

    An entry is acknowledged after it is in SQL, and what a dead consumer had taken is claimed by
    another; an entry that two of them write is written once. Only then does the turn's stream
    begin to expire.
    """

    def __init__(
        self,
        url: str,
        client: Client,
        consumer: str,
        record: Record,
        *,
        stream_ttl_s: float,
        claim_s: float = 10.0,
    ) -> None:
        """
        Args:
            url: address of Valkey; blocking reads hold connections of their own.
            client: for what does not block.
            consumer: name of this process among all.
            stream_ttl_s: how long a recorded turn stays in Valkey.
            claim_s: how long an entry may be in a consumer's hands before another takes it.
        """
        self._clustered = isinstance(client, RedisCluster)
        self._blocking = connect(url, connections=1, answer_s=_BLOCK_S + 5)
        self._client = client
        self._consumer = consumer
        self._record = record
        self._stream_ttl_ms = int(stream_ttl_s * 1000)
        self._claim_s = claim_s

    async def run(self) -> None:
        """Record until cancelled."""
        # One read must stay within one slot of a cluster.
        shares = [[n] for n in range(JOURNALS)] if self._clustered else [list(range(JOURNALS))]
        try:
            async with asyncio.TaskGroup() as tasks:
                for share in shares:
                    tasks.create_task(forever(partial(self._record_new, share), "recording turns"))
                tasks.create_task(
                    forever(self._record_abandoned, "claiming turns", every_s=self._claim_s / 2)
                )
        finally:
            await self._blocking.aclose()

    async def _record_new(self, journals: Sequence[int]) -> None:
        keys = {journal_key(journal): journal for journal in journals}
        try:
            answer = cast(
                "list[tuple[str, list[Entry]]]",
                await self._blocking.xreadgroup(
                    GROUP,
                    self._consumer,
                    {key: ">" for key in keys},  # noqa: C420 -- a dict of the client's key type
                    count=_BATCH,
                    block=int(_BLOCK_S * 1000),
                ),
            )
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            await self._create_groups(journals)
            return
        for key, entries in answer:
            await self._write(keys[key], entries)

    async def _create_groups(self, journals: Sequence[int]) -> None:
        for journal in journals:
            try:
                await self._client.xgroup_create(journal_key(journal), GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise

    async def _record_abandoned(self) -> None:
        for journal in range(JOURNALS):
            key = journal_key(journal)
            try:
                answer = await self._client.xautoclaim(
                    key, GROUP, self._consumer, int(self._claim_s * 1000), count=_BATCH
                )
                await self._write(journal, cast("list[Entry]", answer[1]))
                await self._forget_consumers(key)
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise

    async def _forget_consumers(self, key: str) -> None:
        """Remove consumers of processes that are long gone; every start adds one."""
        for consumer in await self._client.xinfo_consumers(key, GROUP):
            if consumer["pending"] == 0 and consumer["idle"] > _FORGET_S * 1000:
                await self._client.xgroup_delconsumer(key, GROUP, consumer["name"])

    async def _write(self, journal: int, entries: Sequence[Entry]) -> None:
        for entry, fields in entries:
            turn_id = fields["turn"]
            ending = await self._ending(journal, entry, fields)
            try:
                await self._record(turn_id, ending, await read(self._client, turn_id))
            except (IntegrityError, DataError):
                # It is claimed and tried again; those behind it need not wait for that.
                _log.exception("the ending of turn %s cannot be written", turn_id)
                continue
            await self._acknowledge(journal, entry, turn_id)

    async def _ending(self, journal: int, entry: str, fields: Mapping[str, str]) -> Ending:
        """The ending in an entry; one that cannot be read is put aside, and the turn still ends."""
        try:
            return decode_ending(fields["record"])
        except msgspec.DecodeError:
            _log.exception("ending %s of turn %s cannot be read", entry, fields["turn"])
            await self._client.xadd(
                rejected_key(journal), {"turn": fields["turn"], "record": fields["record"]}
            )
            return Ending(outcome=Outcome.INTERNAL)

    async def _acknowledge(self, journal: int, entry: str, turn_id: str) -> None:
        key = journal_key(journal)
        async with self._client.pipeline(transaction=True) as pipeline:
            pipeline.xack(key, GROUP, entry)
            pipeline.xdel(key, entry)
            pipeline.pexpire(turn_key(turn_id), self._stream_ttl_ms)
            await pipeline.execute()
