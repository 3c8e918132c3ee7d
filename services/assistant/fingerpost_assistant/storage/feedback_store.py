"""What askers thought of their answers, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fingerpost_assistant.conversations import Rating
from fingerpost_assistant.errors import UnknownTurn
from fingerpost_assistant.storage.database import Database
from fingerpost_assistant.storage.tables import FeedbackRow


class FeedbackStore:
    """Reads and writes feedback."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, turn_id: UUID, rating: Rating, comment: str) -> None:
        """Store a verdict on a turn; it replaces an earlier one.

        Raises:
            UnknownTurn: the turn was deleted meanwhile.
        """
        for _ in range(2):
            try:
                async with self._database.transaction() as session:
                    await session.merge(
                        FeedbackRow(turn_id=turn_id, rating=rating, comment=comment)
                    )
                return
            except IntegrityError:
                continue  # Either a first verdict came at the same moment, or the turn is gone.
        raise UnknownTurn

    async def ratings(self, turn_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """The verdicts on those turns that have one."""
        query = select(FeedbackRow.turn_id, FeedbackRow.rating).where(
            FeedbackRow.turn_id.in_(turn_ids)
        )
        async with self._database.transaction() as session:
            return dict((await session.execute(query)).all())
