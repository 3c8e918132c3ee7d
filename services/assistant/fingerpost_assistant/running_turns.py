"""The turns that this process answers: how many, which, and how they are brought to an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from fingerpost_assistant.errors import Busy, ShuttingDown
from fingerpost_assistant.events import Outcome, TurnEvent
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.recorder import Record
from fingerpost_assistant.live.streams import TurnWriter
from fingerpost_assistant.question import PreparedQuestion, TurnResult
from fingerpost_assistant.running_turn import QuestionPipeline, RunningTurn

OnOutcome = Callable[[TurnResult], None]
"""Called in this process when a turn that it answered has ended; for metrics."""


class RunningTurns:
    """A bounded number of places, each for a question from its acceptance to its outcome."""

    def __init__(
        self,
        pipeline: QuestionPipeline,
        client: Client,
        record: Record,
        limits: Limits,
        on_outcome: OnOutcome | None,
    ) -> None:
        self._pipeline = pipeline
        self._client = client
        self._record = record
        self._limits = limits
        self._on_outcome = on_outcome
        self._turns: dict[str, tuple[RunningTurn, asyncio.Task[None]]] = {}
        self._taken = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self._draining = False
        self._closed = False

    def __len__(self) -> int:
        return len(self._turns)

    def take_place(self) -> None:
        """Take a place; `start` passes it on to a turn, else `free_place` gives it back.

        Raises:
            Busy: there is none left.
            ShuttingDown: nothing new is taken.
        """
        if self._draining:
            raise ShuttingDown
        if self._taken >= self._limits.running_turns:
            raise Busy(self._limits.running_turns)
        self._taken += 1
        self._empty.clear()

    def free_place(self) -> None:
        self._taken -= 1
        if not self._taken:
            self._empty.set()

    def start(self, question: PreparedQuestion, opening: TurnEvent) -> None:
        """Answer a question in the background, in the place that was taken for it."""
        turn_id = opening.turn_id
        writer = TurnWriter(self._client, turn_id, patience_s=self._limits.append_s)
        turn = RunningTurn(
            self._pipeline, question, opening, writer, self._record, limit_s=self._limits.turn_s
        )
        if self._closed:
            turn.end(Outcome.INTERRUPTED)
        task = asyncio.create_task(self._run(turn_id, turn), name=f"turn {turn_id}")
        self._turns[turn_id] = turn, task

    async def stop(self, turn_id: str) -> bool:
        """End a turn at its asker's wish; false when this process does not answer it."""
        if turn_id not in self._turns:
            return False
        turn, task = self._turns[turn_id]
        turn.end(Outcome.STOPPED)
        await asyncio.wait({task})
        return True

    async def drain(self, deadline_s: float) -> None:
        """Take nothing new, let turns end within the deadline, then end the rest."""
        self._draining = True
        await self._emptied(deadline_s)
        self._closed = True
        for turn, _ in self._turns.values():
            turn.end(Outcome.INTERRUPTED)
        # Each has its own deadlines, of which this is the sum: of an event that is being written,
        # of the last ones, and of the record in their place.
        await self._emptied(3 * self._limits.append_s)

    async def _emptied(self, deadline_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline_s):
                await self._empty.wait()

    async def _run(self, turn_id: str, turn: RunningTurn) -> None:
        try:
            result = await turn.run()
        finally:
            del self._turns[turn_id]
            self.free_place()
        if result is not None and self._on_outcome is not None:
            self._on_outcome(result)
