"""The assistant: conversations in, answers out. What the gateway calls, and nothing of HTTP."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

from fingerpost_assistant.accepting import Questions, opening_of
from fingerpost_assistant.background import Background
from fingerpost_assistant.conversations import Conversation, ConversationView, Rating, Turn
from fingerpost_assistant.ending import Ending
from fingerpost_assistant.errors import CommentTooLong, TurnEnded
from fingerpost_assistant.events import DoneEvent, Outcome, OutcomeEvent, StreamedEvent
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.connection import connect, persistently
from fingerpost_assistant.live.entries import event_number
from fingerpost_assistant.live.reader import StreamReader
from fingerpost_assistant.live.streams import UNFINISHED_S, end_from_outside, erase
from fingerpost_assistant.once import answer_once
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.question import Exchange, TurnResult
from fingerpost_assistant.redact import clean_text
from fingerpost_assistant.running_turn import QuestionPipeline
from fingerpost_assistant.running_turns import OnOutcome, RunningTurns
from fingerpost_assistant.storage import (
    Accepted,
    ConversationStore,
    Database,
    FeedbackStore,
    NewTurn,
    TurnStore,
    upgrade,
)
from fingerpost_assistant.storage.tables import TurnRow
from fingerpost_assistant.transcript import Transcript
from fingerpost_assistant.views import conversation_view

_PING_S = 1.0
"""How long a check waits for Valkey."""


class Assistant:
    """Conversations whose questions are answered in the background and followed by any number.

    An async context manager: entering brings the database up to date and starts the
    background tasks, leaving ends running turns and closes every connection.
    """

    def __init__(
        self,
        pipeline: QuestionPipeline,
        *,
        database_url: str,
        valkey_url: str,
        limits: Limits | None = None,
        on_outcome: OnOutcome | None = None,
    ) -> None:
        """Prepare an assistant; nothing is opened yet.

        Args:
            database_url: an SQLAlchemy URL, "sqlite+aiosqlite:///…" or "postgresql+asyncpg://…".
            valkey_url: "unix:///…", "redis://…", "rediss://…", or "redis+cluster://…" for a
                cluster; `EmbeddedValkey.url` for the one beside us.
        """
        self._pipeline = pipeline
        self._limits = limits = limits or Limits()
        self._database_url = database_url
        self._database = Database(database_url)
        self._conversations = ConversationStore(self._database)
        self._turns = TurnStore(self._database)
        self._feedback = FeedbackStore(self._database)
        self._client = connect(valkey_url)
        self._process = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._transcript = Transcript(self._turns, self._feedback, self._client)
        self._reader = StreamReader(valkey_url, self._client, self._process, self._turns.ended)
        self._running = RunningTurns(pipeline, self._client, self._turns.record, limits, on_outcome)
        self._questions = Questions(
            pipeline, self._transcript, self._running, limits, self._process
        )
        self._background = Background(
            valkey_url, self._client, self._process, self._conversations, self._turns, limits
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            # In reverse order when leaving: turns end while they can still be written.
            stack.push_async_callback(self._database.close)
            stack.push_async_callback(self._client.aclose)
            await upgrade(self._database_url)
            await stack.enter_async_context(self._reader)
            await stack.enter_async_context(self._background)
            stack.push_async_callback(self._running.drain, 0)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    @property
    def running(self) -> int:
        """How many turns this process is answering."""
        return len(self._running)

    async def check(self) -> None:
        """Raise `DatabaseUnavailable` or `ValkeyUnavailable` when a part cannot be used."""
        await self._database.check()
        await persistently(self._client.ping, _PING_S)

    async def start_conversation(
        self, principal: Principal, *, nation: str | None = None, locale: str | None = None
    ) -> Conversation:
        """Start a conversation that `principal` owns."""
        row = await self._conversations.add(principal, nation, locale)
        return conversation_view(row)

    async def conversation(
        self, principal: Principal, conversation_id: str, *, session_token: str | None = None
    ) -> ConversationView:
        """The conversation with its turns, running ones as far as they are.

        With the token under which a question was asked, its personal data is put back.

        Raises:
            UnknownConversation: there is none, or it is not this principal's.
        """
        row = await self._conversations.get(principal, conversation_id)
        turns = await self._transcript.show(await self._turns.of(row.id), session_token)
        return ConversationView(conversation=conversation_view(row), turns=tuple(turns))

    async def delete_conversation(self, principal: Principal, conversation_id: str) -> None:
        """Delete the conversation, its turns, streams and feedback; running turns are stopped.

        Raises:
            UnknownConversation: there is none, or it is not this principal's.
        """
        conversation = await self._conversations.get(principal, conversation_id)
        known = await self._turns.of(conversation.id)
        # What Valkey keeps goes first: should that fail, the owner can still ask again.
        await self._forget(known)
        deleted = await self._conversations.delete(conversation.id)
        known_ids = {row.id for row in known}
        # Questions that came in between.
        await self._forget([row for row in deleted if row.id not in known_ids])

    async def _forget(self, rows: Sequence[TurnRow]) -> None:
        """Stop turns and delete what Valkey keeps of them."""
        for row in rows:
            await self._stop(row)
        streamed_since = datetime.now(UTC) - timedelta(seconds=UNFINISHED_S)
        for row in rows:
            if row.asked_at > streamed_since:
                await persistently(partial(erase, self._client, str(row.id)), self._limits.append_s)

    async def ask(
        self,
        principal: Principal,
        conversation_id: str,
        question: str,
        *,
        idempotency_key: str | None = None,
        session_token: str | None = None,
        history: Sequence[Exchange] | None = None,
    ) -> Turn:
        """Accept a question: its row is in the database on return, its answer on its way.

        Args:
            history: earlier exchanges, oldest first, where the caller keeps them; None takes
                those of the conversation. Personal data in them is replaced as well.
            idempotency_key: the same key with the same question returns the same turn. Questions
                are compared as they are stored, so that two which differ in nothing but personal
                data count as the same: use a new key for each question.
            session_token: encrypts the personal data of the question, so that only its holder
                can have it back; never stored. Without it that data is dropped.

        Raises:
            EmptyQuestion, QuestionTooLong: the question cannot be answered as it stands.
            UnknownConversation: there is none, or it is not this principal's.
            TooManyTurns, IdempotencyConflict, Busy, ShuttingDown, DatabaseUnavailable.
        """
        conversation = await self._conversations.get(principal, conversation_id)
        if history is None:
            kept = self._limits.history_exchanges
            history = await self._transcript.history(conversation.id, kept)
        asked = self._questions.asked(
            principal, question, conversation.nation, conversation.locale, history
        )
        if idempotency_key is not None:
            earlier = await self._turns.find(conversation.id, idempotency_key)
            if earlier is not None:
                return await self._questions.again(earlier, asked)

        def store(new: NewTurn) -> Awaitable[Accepted]:
            limit = self._limits.turns_per_conversation
            return self._turns.accept(principal, str(conversation.id), new, limit=limit)

        return await self._questions.accept(asked, store, idempotency_key, session_token)

    async def ask_anew(
        self,
        principal: Principal,
        question: str,
        *,
        nation: str | None = None,
        locale: str | None = None,
        session_token: str | None = None,
        history: Sequence[Exchange] = (),
    ) -> Turn:
        """Accept the first question of a new conversation: `start_conversation` and `ask` in one.

        Raises:
            EmptyQuestion, QuestionTooLong: the question cannot be answered as it stands.
            Busy, ShuttingDown, DatabaseUnavailable.
        """
        asked = self._questions.asked(principal, question, nation, locale, history)

        def store(new: NewTurn) -> Awaitable[Accepted]:
            return self._turns.accept_first(principal, new, nation=nation, locale=locale)

        return await self._questions.accept(asked, store, None, session_token)

    async def turn(
        self, principal: Principal, turn_id: str, *, session_token: str | None = None
    ) -> Turn:
        """One turn as far as it is; `UnknownTurn` for another's. Call it before `follow` to
        learn of an unknown turn before a response has begun."""
        row = await self._turns.get(principal, turn_id)
        (turn,) = await self._transcript.show([row], session_token)
        return turn

    async def follow(
        self, principal: Principal, turn_id: str, *, after: str | None = None
    ) -> AsyncGenerator[StreamedEvent, None]:
        """The turn's events from the first, or after the one with the id `after`, to `done`.

        Ids and events are the same for every reader at any time. Close the iterator
        (`aclose`) when the reader leaves.

        Raises:
            UnknownTurn: there is none, it is not this principal's, or it was deleted meanwhile.
            InvalidEventId: `after` is no event id.
        """
        if after is not None:
            event_number(after)
        row = await self._turns.get(principal, turn_id)
        if row.outcome is not None:
            start = event_number(after) if after is not None else 0
            for event in row.events:
                if event_number(event.id) > start:
                    yield event
            return
        async with aclosing(self._reader.follow(turn_id, after)) as events:
            async for event in events:
                yield event

    async def follow_new(self, turn: Turn) -> AsyncGenerator[StreamedEvent, None]:
        """`follow` from the first event, for who has just been given the turn by `ask`."""
        async with aclosing(self._reader.follow(turn.id)) as events:
            async for event in events:
                yield event

    async def stop(self, principal: Principal, turn_id: str) -> None:
        """End a running turn with `Outcome.STOPPED`; nothing happens to one that has ended.

        Raises:
            UnknownTurn: there is none, or it is not this principal's.
        """
        await self._stop(await self._turns.get(principal, turn_id))

    async def _stop(self, row: TurnRow) -> None:
        if row.outcome is not None or await self._running.stop(str(row.id)):
            return
        # Another process answers it: ending its stream ends it there, at its next event.
        with suppress(TurnEnded):
            await end_from_outside(
                self._client,
                str(row.id),
                opening_of(row),
                (OutcomeEvent(outcome=Outcome.STOPPED), DoneEvent()),
                Ending(outcome=Outcome.STOPPED),
                patience_s=self._limits.append_s,
            )

    async def give_feedback(
        self, principal: Principal, turn_id: str, rating: Rating, comment: str = ""
    ) -> None:
        """Store the asker's verdict; a second one replaces the first. Personal data in the
        comment is replaced before it is stored.

        Raises:
            UnknownTurn: there is none, or it is not this principal's.
            CommentTooLong: the comment exceeds `Limits.comment_characters`.
        """
        if len(comment) > self._limits.comment_characters:
            raise CommentTooLong(len(comment), self._limits.comment_characters)
        row = await self._turns.get(principal, turn_id)
        redacted = await asyncio.to_thread(self._storable, comment)
        await self._feedback.put(row.id, rating, redacted)

    def _storable(self, comment: str) -> str:
        """The comment without personal data and without what a database refuses."""
        return self._pipeline.redact(clean_text(comment))

    async def drain(self, deadline_s: float) -> None:
        """Take nothing new; give running turns `deadline_s` seconds, then end them with an
        error that says so. Readers of this process then get the rest and their `done`."""
        await self._running.drain(deadline_s)

    async def answer_once(
        self,
        principal: Principal,
        question: str,
        *,
        nation: str | None = None,
        locale: str | None = None,
    ) -> TurnResult:
        """Answer without a conversation; nothing is stored.

        Raises:
            EmptyQuestion, QuestionTooLong: the question cannot be answered as it stands.
        """
        return await answer_once(self._pipeline, principal, question, nation=nation, locale=locale)
