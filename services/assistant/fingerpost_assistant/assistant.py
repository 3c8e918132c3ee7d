"""The assistant: conversations in, answers out. What the gateway calls, and nothing of HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Protocol, Self

from fingerpost_assistant.conversations import Conversation, ConversationView, Rating, Turn
from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.question import AskedQuestion, Emit, PreparedQuestion, TurnResult


class QuestionPipeline(Protocol):
    """What answers a question; `fingerpost_assistant.pipeline.Pipeline` does."""

    def prepare(self, asked: AskedQuestion) -> PreparedQuestion: ...

    async def answer(self, question: PreparedQuestion, emit: Emit) -> TurnResult: ...


OnOutcome = Callable[[TurnResult], None]
"""Called in this process when a turn that it answered has ended; for metrics."""


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
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    @property
    def running(self) -> int:
        """How many turns this process is answering."""
        raise NotImplementedError

    async def check(self) -> None:
        """Raise `DatabaseUnavailable` or `ValkeyUnavailable` when a part cannot be used."""
        raise NotImplementedError

    async def start_conversation(
        self, principal: Principal, *, nation: str | None = None, locale: str | None = None
    ) -> Conversation:
        """Start a conversation that `principal` owns."""
        raise NotImplementedError

    async def conversation(
        self, principal: Principal, conversation_id: str, *, session_token: str | None = None
    ) -> ConversationView:
        """The conversation with its turns, running ones as far as they are.

        With the token under which a question was asked, its personal data is put back.

        Raises:
            UnknownConversation: there is none, or it is not this principal's.
        """
        raise NotImplementedError

    async def delete_conversation(self, principal: Principal, conversation_id: str) -> None:
        """Delete the conversation, its turns, streams and feedback; running turns are stopped.

        Raises:
            UnknownConversation: there is none, or it is not this principal's.
        """
        raise NotImplementedError

    async def ask(
        self,
        principal: Principal,
        conversation_id: str,
        question: str,
        *,
        idempotency_key: str | None = None,
        session_token: str | None = None,
    ) -> Turn:
        """Accept a question: its row is in the database on return, its answer on its way.

        Args:
            idempotency_key: the same key with the same question returns the same turn.
            session_token: encrypts the personal data of the question, so that only its holder
                can have it back; never stored. Without it that data is dropped.

        Raises:
            EmptyQuestion, QuestionTooLong: the question cannot be answered as it stands.
            UnknownConversation: there is none, or it is not this principal's.
            TooManyTurns, IdempotencyConflict, Busy, ShuttingDown, DatabaseUnavailable.
        """
        raise NotImplementedError

    async def turn(
        self, principal: Principal, turn_id: str, *, session_token: str | None = None
    ) -> Turn:
        """One turn as far as it is; `UnknownTurn` for another's. Call it before `follow` to
        learn of an unknown turn before a response has begun."""
        raise NotImplementedError

    def follow(
        self, principal: Principal, turn_id: str, *, after: str | None = None
    ) -> AsyncIterator[StreamedEvent]:
        """The turn's events from the first, or after the one with the id `after`, to `done`.

        Ids and events are the same for every reader at any time. Close the iterator
        (`aclose`) when the reader leaves.

        Raises:
            UnknownTurn: there is none, it is not this principal's, or it was deleted meanwhile.
            InvalidEventId: `after` is no event id.
        """
        raise NotImplementedError

    async def stop(self, principal: Principal, turn_id: str) -> None:
        """End a running turn with `Outcome.STOPPED`; nothing happens to one that has ended.

        Raises:
            UnknownTurn: there is none, or it is not this principal's.
        """
        raise NotImplementedError

    async def give_feedback(
        self, principal: Principal, turn_id: str, rating: Rating, comment: str = ""
    ) -> None:
        """Store the asker's verdict; a second one replaces the first. Personal data in the
        comment is replaced before it is stored.

        Raises:
            UnknownTurn: there is none, or it is not this principal's.
            CommentTooLong: the comment exceeds `Limits.comment_characters`.
        """
        raise NotImplementedError

    async def drain(self, deadline_s: float) -> None:
        """Take nothing new; give running turns `deadline_s` seconds, then end them with an
        error that says so. Readers of this process then get the rest and their `done`."""
        raise NotImplementedError

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
        raise NotImplementedError
