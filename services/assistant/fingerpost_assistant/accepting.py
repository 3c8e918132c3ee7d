"""How a question is accepted: made fit to be stored, stored, and its answer begun."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from fingerpost_assistant.computing import computed
from fingerpost_assistant.conversations import Turn
from fingerpost_assistant.errors import IdempotencyConflict
from fingerpost_assistant.events import TurnEvent
from fingerpost_assistant.idempotency import same_question
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.question import AskedQuestion, Exchange, PreparedQuestion
from fingerpost_assistant.running_turn import QuestionPipeline
from fingerpost_assistant.running_turns import RunningTurns
from fingerpost_assistant.storage import Accepted, NewTurn, seal
from fingerpost_assistant.storage.tables import TurnRow
from fingerpost_assistant.transcript import Transcript
from fingerpost_assistant.views import turn_view

Store = Callable[[NewTurn], Awaitable[Accepted]]
"""Gives a question its place in a conversation, or finds the one that it has."""


class Questions:
    """Accepts questions, each with a place among the running turns."""

    def __init__(
        self,
        pipeline: QuestionPipeline,
        transcript: Transcript,
        running: RunningTurns,
        limits: Limits,
        process: str,
    ) -> None:
        """
        Args:
            process: name of this process among all.
        """
        self._pipeline = pipeline
        self._transcript = transcript
        self._running = running
        self._limits = limits
        self._process = process
        self._accepting: set[asyncio.Task[Turn]] = set()

    def asked(
        self,
        principal: Principal,
        question: str,
        nation: str | None,
        locale: str | None,
        history: Sequence[Exchange],
    ) -> AskedQuestion:
        """A question of this caller, with as much of the history as is looked at."""
        kept = self._limits.history_exchanges
        return AskedQuestion(
            text=question,
            tenant=principal.tenant,
            collections=principal.collections,
            nation=nation,
            locale=locale,
            history=tuple(history[-kept:]) if kept else (),
            priority=principal.place,
        )

    async def accept(
        self,
        asked: AskedQuestion,
        store: Store,
        idempotency_key: str | None,
        session_token: str | None,
    ) -> Turn:
        """Store a question and begin its answer.

        Args:
            store: stores it; where it finds the question stored, nothing is begun.
            idempotency_key: the caller's name for this question.
            session_token: seals what was removed from the question, so that its asker sees it.

        Raises:
            EmptyQuestion, QuestionTooLong: the question cannot be answered as it stands.
            Busy, ShuttingDown, and what `store` raises.
        """
        self._running.take_place()
        # A caller that leaves now must not leave a question accepted that no one answers.
        accepting = asyncio.create_task(
            self._accept_in_place(asked, store, idempotency_key, session_token)
        )
        self._accepting.add(accepting)
        accepting.add_done_callback(self._accepted)
        return await asyncio.shield(accepting)

    def _accepted(self, accepting: asyncio.Task[Turn]) -> None:
        self._accepting.discard(accepting)
        if not accepting.cancelled():
            accepting.exception()  # Seen, should the caller have left.

    async def _accept_in_place(
        self,
        asked: AskedQuestion,
        store: Store,
        idempotency_key: str | None,
        session_token: str | None,
    ) -> Turn:
        """Store a question and start its answer, in the place that was taken for it."""
        started = False
        try:
            prepared = await computed(lambda: self._pipeline.prepare(asked), asked.characters)
            accepted = await store(self._new_turn(prepared, idempotency_key, session_token))
            if accepted.new:
                self._running.start(prepared, opening_of(accepted.turn))
                started = True
                return turn_view(accepted.turn, ())
        finally:
            if not started:
                self._running.free_place()
        (turn,) = await self._transcript.show([accepted.turn])
        return turn

    def _new_turn(
        self, prepared: PreparedQuestion, idempotency_key: str | None, session_token: str | None
    ) -> NewTurn:
        turn_id = uuid4()
        placeholders = prepared.placeholders
        return NewTurn(
            id=turn_id,
            question=prepared.text,
            removed=prepared.removed,
            placeholders=(
                seal(placeholders, session_token, turn_id)
                if session_token and placeholders
                else None
            ),
            idempotency_key=idempotency_key,
            process=self._process,
        )

    async def again(self, earlier: TurnRow, asked: AskedQuestion) -> Turn:
        """The turn of a question that has come before.

        Raises:
            IdempotencyConflict: it is another question.
        """
        prepared = await computed(lambda: self._pipeline.prepare(asked), asked.characters)
        if not same_question(prepared.text, earlier.question):
            raise IdempotencyConflict
        (turn,) = await self._transcript.show([earlier])
        return turn


def opening_of(row: TurnRow) -> TurnEvent:
    """A turn's first event."""
    return TurnEvent(
        turn_id=str(row.id), conversation_id=str(row.conversation_id), question=row.question
    )
