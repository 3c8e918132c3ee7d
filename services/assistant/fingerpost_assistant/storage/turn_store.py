"""Turns in SQL: accepted once, ended once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fingerpost_assistant.ending import Ending
from fingerpost_assistant.errors import (
    DatabaseUnavailable,
    IdempotencyConflict,
    TooManyTurns,
    UnknownTurn,
)
from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.idempotency import same_question
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.storage.conversation_store import owned
from fingerpost_assistant.storage.database import Database
from fingerpost_assistant.storage.ids import parse_id
from fingerpost_assistant.storage.tables import ConversationRow, TurnRow

_TRIES = 10
"""How often a place in a conversation is tried for when others take it at the same moment."""


class NewTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A question that is to be accepted."""

    id: UUID = msgspec.field(default_factory=uuid4)
    question: str
    removed: tuple[str, ...] = ()
    placeholders: bytes | None = None
    idempotency_key: str | None = None
    process: str


class Accepted(NamedTuple):
    """An accepted question; `new` is false when its idempotency key had been seen before."""

    turn: TurnRow
    new: bool


class TurnStore:
    """Reads and writes turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(
        self, principal: Principal, conversation_id: str, turn: NewTurn, *, limit: int
    ) -> Accepted:
        """Give the question its place in the conversation, or find the one that it has.

        Args:
            limit: how many turns the conversation may hold.

        Raises:
            UnknownConversation: there is none, or it is not this principal's.
            IdempotencyConflict: the key belongs to another question.
            TooManyTurns: the conversation is full.
        """
        for _ in range(_TRIES):
            try:
                async with self._database.transaction() as session:
                    conversation = await owned(session, principal, conversation_id, lock=True)
                    return await _accept(session, conversation.id, turn, limit)
            except IntegrityError:
                continue  # Another question took the place or the key; look again.
        raise DatabaseUnavailable("too many questions at once in one conversation")

    async def accept_first(
        self, principal: Principal, turn: NewTurn, *, nation: str | None, locale: str | None
    ) -> Accepted:
        """Start a conversation with this question, both or neither."""
        conversation = ConversationRow(
            id=uuid4(),
            tenant=principal.tenant,
            owner=principal.subject,
            nation=nation,
            locale=locale,
        )
        row = _row(turn, conversation.id, 1)
        async with self._database.transaction() as session:
            session.add(conversation)
            await session.flush()
            session.add(row)
        return Accepted(row, new=True)

    async def find(self, conversation_id: UUID, idempotency_key: str) -> TurnRow | None:
        """The turn of a conversation that was accepted under an idempotency key."""
        async with self._database.transaction() as session:
            return await _by_key(session, conversation_id, idempotency_key)

    async def get(self, principal: Principal, turn_id: str) -> TurnRow:
        """The turn, if it is in a conversation of this principal; else `UnknownTurn`."""
        query = (
            select(TurnRow)
            .join(ConversationRow)
            .where(
                TurnRow.id == parse_id(turn_id, UnknownTurn),
                ConversationRow.tenant == principal.tenant,
                ConversationRow.owner == principal.subject,
            )
        )
        async with self._database.transaction() as session:
            row = await session.scalar(query)
        if row is None:
            raise UnknownTurn
        return row

    async def of(self, conversation_id: UUID, *, last: int | None = None) -> Sequence[TurnRow]:
        """Turns of a conversation in order: all, or the `last` few."""
        query = select(TurnRow).where(TurnRow.conversation_id == conversation_id)
        async with self._database.transaction() as session:
            rows = await session.scalars(query.order_by(TurnRow.number.desc()).limit(last))
            return rows.all()[::-1]

    async def unfinished(self, before: datetime, *, limit: int) -> Sequence[TurnRow]:
        """Turns without an outcome that were accepted before a moment, oldest first."""
        query = select(TurnRow).where(TurnRow.outcome.is_(None), TurnRow.asked_at < before)
        async with self._database.transaction() as session:
            return (await session.scalars(query.order_by(TurnRow.asked_at).limit(limit))).all()

    async def ended(
        self, turn_ids: Sequence[str]
    ) -> Mapping[str, tuple[StreamedEvent, ...] | None]:
        """Events of those turns that have ended; None for those that are there no more."""
        query = select(TurnRow.id, TurnRow.outcome, TurnRow.events).where(
            TurnRow.id.in_([UUID(turn_id) for turn_id in turn_ids])
        )
        async with self._database.transaction() as session:
            rows = {
                str(id_): (outcome, events) for id_, outcome, events in await session.execute(query)
            }
        return {
            turn_id: rows[turn_id][1] if turn_id in rows else None
            for turn_id in turn_ids
            if turn_id not in rows or rows[turn_id][0] is not None
        }

    async def record(self, turn_id: str, ending: Ending, events: Sequence[StreamedEvent]) -> bool:
        """Write how a turn ended. The first ending stays: false when there was one, or no turn."""
        statement = (
            update(TurnRow)
            .where(TurnRow.id == UUID(turn_id), TurnRow.outcome.is_(None))
            .values(
                outcome=ending.outcome.value,
                finished_at=ending.finished_at,
                model=ending.model,
                confidence=ending.confidence,
                index_revision=ending.index_revision,
                timings=ending.timings,
                trace=ending.trace,
                events=tuple(events),
            )
        )
        async with self._database.transaction() as session:
            result = await session.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount == 1


async def _accept(
    session: AsyncSession, conversation_id: UUID, turn: NewTurn, limit: int
) -> Accepted:
    if turn.idempotency_key is not None:
        earlier = await _by_key(session, conversation_id, turn.idempotency_key)
        if earlier is not None:
            if not same_question(turn.question, earlier.question):
                raise IdempotencyConflict
            return Accepted(earlier, new=False)
    taken = await session.scalar(
        select(func.max(TurnRow.number)).where(TurnRow.conversation_id == conversation_id)
    )
    number = (taken or 0) + 1
    if number > limit:
        raise TooManyTurns(limit)
    row = _row(turn, conversation_id, number)
    session.add(row)
    await session.flush()
    return Accepted(row, new=True)


def _row(turn: NewTurn, conversation_id: UUID, number: int) -> TurnRow:
    return TurnRow(
        id=turn.id,
        conversation_id=conversation_id,
        number=number,
        idempotency_key=None if turn.idempotency_key is None else _digest(turn.idempotency_key),
        question=turn.question,
        removed=turn.removed,
        placeholders=turn.placeholders,
        process=turn.process,
    )


async def _by_key(session: AsyncSession, conversation_id: UUID, key: str) -> TurnRow | None:
    return await session.scalar(
        select(TurnRow).where(
            TurnRow.conversation_id == conversation_id,
            TurnRow.idempotency_key == _digest(key),
        )
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
