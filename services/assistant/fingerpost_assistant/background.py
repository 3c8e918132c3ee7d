"""What an assistant does beside answering: heartbeat, recording, sweeping, forgetting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from fingerpost_assistant.cancelling import cancel
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.connection import Client, persistently
from fingerpost_assistant.live.heartbeat import Heartbeat
from fingerpost_assistant.live.recorder import Recorder
from fingerpost_assistant.live.sweeper import OpenTurn, Sweeper
from fingerpost_assistant.retention import Retention
from fingerpost_assistant.storage import ConversationStore, TurnStore

_END_S = 10.0
"""How long the tasks may take to end; a blocking read takes two seconds."""


class Background:
    """Tasks that run from start to end; any number of processes run them side by side."""

    def __init__(
        self,
        valkey_url: str,
        client: Client,
        process: str,
        conversations: ConversationStore,
        turns: TurnStore,
        limits: Limits,
    ) -> None:
        self._limits = limits
        self._turns = turns
        self._heartbeat = Heartbeat(
            client, process, every_s=limits.heartbeat_s, lease_s=limits.lease_s
        )
        recorder = Recorder(
            valkey_url, client, process, turns.record, stream_ttl_s=limits.stream_ttl_s
        )
        # Answering, trying to write the end while Valkey is away, and a minute.
        overdue_s = limits.turn_s + 2 * limits.append_s + 60
        sweeper = Sweeper(client, self._unfinished, lease_s=limits.lease_s, overdue_s=overdue_s)
        self._work = [self._heartbeat.run, recorder.run, sweeper.run]
        if limits.retention_days:
            self._work.append(Retention(conversations, days=limits.retention_days).run)

    async def __aenter__(self) -> Self:
        # Alive before anything is accepted, else the first turns look like orphans.
        await persistently(self._heartbeat.beat, self._limits.append_s)
        self._tasks = [asyncio.create_task(work()) for work in self._work]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.gather(*(cancel(task, patience_s=_END_S) for task in self._tasks))
        # Should it fail, the lease runs out by itself.
        with suppress(Exception):
            await self._heartbeat.end()

    async def _unfinished(self, before: datetime, limit: int) -> Sequence[OpenTurn]:
        return [
            OpenTurn(
                turn_id=str(row.id),
                conversation_id=str(row.conversation_id),
                question=row.question,
                process=row.process,
                asked_at=row.asked_at,
            )
            for row in await self._turns.unfinished(before, limit=limit)
        ]
