"""Conversations in SQL, each seen by its owner only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fingerpost_assistant.errors import UnknownConversation
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.storage.database import Database
from fingerpost_assistant.storage.ids import parse_id
from fingerpost_assistant.storage.tables import ConversationRow, TurnRow


class ConversationStore:
    """Reads and writes conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, principal: Principal, nation: str | None, locale: str | None
    ) -> ConversationRow:
        row = ConversationRow(
            tenant=principal.tenant, owner=principal.subject, nation=nation, locale=locale
        )
        async with self._database.transaction() as session:
            session.add(row)
        return row

    async def get(self, principal: Principal, conversation_id: str) -> ConversationRow:
        """The conversation, if it is this principal's; else `UnknownConversation`."""
        async with self._database.transaction() as session:
            return await owned(session, principal, conversation_id)

    async def started_before(self, moment: datetime, limit: int) -> Sequence[UUID]:
        """Ids of the oldest conversations that were started before a moment."""
        query = (
            select(ConversationRow.id)
            .where(ConversationRow.started_at < moment)
            .order_by(ConversationRow.started_at)
            .limit(limit)
        )
        async with self._database.transaction() as session:
            return (await session.scalars(query)).all()

    async def delete(self, conversation_id: UUID) -> Sequence[TurnRow]:
        """Delete a conversation with its turns and their feedback.

        Returns:
            Its turns, to the last: none can be accepted any more.
        """
        conversation = ConversationRow.id == conversation_id
        turns = delete(TurnRow).where(TurnRow.conversation_id == conversation_id)
        async with self._database.transaction() as session:
            # Keeps PostgreSQL from accepting another; SQLite's one writer is the next statement.
            await session.execute(select(ConversationRow.id).where(conversation).with_for_update())
            rows = (await session.scalars(turns.returning(TurnRow))).all()
            await session.execute(delete(ConversationRow).where(conversation))
        return rows


async def owned(
    session: AsyncSession, principal: Principal, conversation_id: str, *, lock: bool = False
) -> ConversationRow:
    """The conversation, if it is this principal's; else `UnknownConversation`.

    Args:
        lock: let no one else add to it before the transaction ends (PostgreSQL; SQLite has one
            writer anyway).
    """
    query = select(ConversationRow).where(
        ConversationRow.id == parse_id(conversation_id, UnknownConversation),
        ConversationRow.tenant == principal.tenant,
        ConversationRow.owner == principal.subject,
    )
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise UnknownConversation
    return row
