"""Gives orphans their outcome: turns that were accepted and whose process is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from fingerpost_assistant.ending import Ending
from fingerpost_assistant.errors import TurnEnded
from fingerpost_assistant.events import DoneEvent, ErrorEvent, Outcome, OutcomeEvent, TurnEvent
from fingerpost_assistant.language import language_of
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.forever import forever
from fingerpost_assistant.live.heartbeat import living
from fingerpost_assistant.live.streams import end_from_outside
from fingerpost_assistant.texts import Text, status_text

_log = logging.getLogger(__name__)

_BATCH = 500
_PATIENCE_S = 5.0


class OpenTurn(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted turn without an outcome."""

    turn_id: str
    conversation_id: str
    question: str
    process: str
    asked_at: datetime


Unfinished = Callable[[datetime, int], Awaitable[Sequence[OpenTurn]]]
"""Turns without an outcome that were accepted before a moment; at most so many."""


class Sweeper:
    """Ends turns whose process has been silent for long, and those that outlived any limit.

    Any number may run at once: a turn's stream ends once.
    """

    def __init__(
        self, client: Client, unfinished: Unfinished, *, lease_s: float, overdue_s: float
    ) -> None:
        """
        Args:
            lease_s: how long a process's lease lasts. A turn is an orphan when the lease has
                been missing for as long again, since a Valkey that was away has forgotten
                leases that are renewed in a moment.
            overdue_s: age at which an unfinished turn is an orphan whoever answers it.
        """
        self._client = client
        self._unfinished = unfinished
        self._lease_s = lease_s
        self._overdue = timedelta(seconds=overdue_s)
        self._silent_since: dict[str, float] = {}

    async def run(self) -> None:
        """Sweep until cancelled."""
        await forever(self.sweep, "sweeping", every_s=self._lease_s / 3)

    async def sweep(self) -> None:
        """Look once, and end what has to be ended."""
        now = datetime.now(UTC)
        turns = await self._unfinished(now - timedelta(seconds=self._lease_s), _BATCH)
        silent = await self._silent({turn.process for turn in turns})
        orphans = [
            turn for turn in turns if turn.process in silent or turn.asked_at < now - self._overdue
        ]
        for turn in orphans:
            await self._end(turn)

    async def _silent(self, processes: set[str]) -> set[str]:
        """Processes that have had no lease for the whole length of one."""
        now = asyncio.get_running_loop().time()
        missing = processes - await living(self._client, processes)
        self._silent_since = {name: self._silent_since.get(name, now) for name in missing}
        return {name for name, since in self._silent_since.items() if now - since >= self._lease_s}

    async def _end(self, turn: OpenTurn) -> None:
        opening = TurnEvent(
            turn_id=turn.turn_id, conversation_id=turn.conversation_id, question=turn.question
        )
        message = status_text(Text.INTERNAL, language_of(turn.question, None))
        last = (ErrorEvent(message=message), OutcomeEvent(outcome=Outcome.INTERRUPTED), DoneEvent())
        ending = Ending(outcome=Outcome.INTERRUPTED)
        try:
            await end_from_outside(
                self._client, turn.turn_id, opening, last, ending, patience_s=_PATIENCE_S
            )
        except TurnEnded:
            return  # It did end, and only waits to be recorded.
        _log.warning("turn %s of process %s was interrupted", turn.turn_id, turn.process)
