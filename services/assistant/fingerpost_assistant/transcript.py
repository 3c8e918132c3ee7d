"""Turns as they stand now: recorded ones from SQL, others as far as their streams go."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fingerpost_assistant.conversations import Turn
from fingerpost_assistant.errors import ValkeyUnavailable
from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.live.connection import Client, persistently
from fingerpost_assistant.live.streams import read
from fingerpost_assistant.question import Exchange
from fingerpost_assistant.storage import FeedbackStore, TurnStore, unseal
from fingerpost_assistant.storage.tables import TurnRow
from fingerpost_assistant.views import exchanges, restored, turn_view

_GLANCE_S = 1.0
"""How long Valkey may be away before a view does without what is live."""


class Transcript:
    """Reads turns; right after a turn has ended it shows what the recorder has yet to write."""

    def __init__(self, turns: TurnStore, feedback: FeedbackStore, client: Client) -> None:
        self._turns = turns
        self._feedback = feedback
        self._client = client

    async def show(self, rows: Sequence[TurnRow], session_token: str | None = None) -> list[Turn]:
        """Turns in the order of their rows.

        Args:
            session_token: puts the personal data back that was sealed with it.
        """
        ratings = await self._feedback.ratings([row.id for row in rows])
        return [
            _with_personal_data(
                turn_view(row, await self._events(row), ratings.get(row.id)), row, session_token
            )
            for row in rows
        ]

    async def history(self, conversation_id: UUID, length: int) -> tuple[Exchange, ...]:
        """The last exchanges of a conversation, oldest first."""
        rows = await self._turns.of(conversation_id, last=length)
        return exchanges([turn_view(row, await self._events(row)) for row in rows])

    async def _events(self, row: TurnRow) -> Sequence[StreamedEvent]:
        if row.outcome is not None:
            return row.events
        try:
            return await persistently(lambda: read(self._client, str(row.id)), _GLANCE_S)
        except ValkeyUnavailable:
            return ()


def _with_personal_data(turn: Turn, row: TurnRow, session_token: str | None) -> Turn:
    if session_token is None or row.placeholders is None:
        return turn
    return restored(turn, unseal(row.placeholders, session_token, row.id))
