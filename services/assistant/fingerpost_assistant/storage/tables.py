"""The assistant's SQL tables: conversations, their turns, and what askers thought of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.question import Trace
from fingerpost_assistant.storage.columns import AsJson
from fingerpost_knowledge_hub.tables import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {datetime: UtcDateTime, str: Text}  # noqa: RUF012 -- SQLAlchemy's own


class ConversationRow(Base):
    """A conversation and who owns it."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "started_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    tenant: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str]
    """`Principal.subject` of whoever started it."""
    nation: Mapped[str | None] = mapped_column(String(32))
    locale: Mapped[str | None] = mapped_column(String(35))
    started_at: Mapped[datetime] = mapped_column(default=_now)


class TurnRow(Base):
    """A question, from the moment it is accepted; the second half is empty while it runs.

    What was shown, with passage ids, page revisions and exact quotations, is in `events`,
    and only there: a second copy could disagree with it.
    """

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        UniqueConstraint("conversation_id", "idempotency_key"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    """Place in the conversation, from 1."""
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the caller's key, which may be of any length."""
    question: Mapped[str]
    """With placeholders for personal data."""
    removed: Mapped[tuple[str, ...]] = mapped_column(AsJson(tuple[str, ...]))
    placeholders: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the placeholders stand for, sealed with the asker's session token."""
    process: Mapped[str] = mapped_column(String(64))
    """Which process answers; its heartbeat tells whether it still does."""
    asked_at: Mapped[datetime] = mapped_column(default=_now)

    outcome: Mapped[str | None] = mapped_column(String(64))
    finished_at: Mapped[datetime | None]
    model: Mapped[str] = mapped_column(default="")
    confidence: Mapped[float] = mapped_column(default=0.0)
    index_revision: Mapped[str] = mapped_column(default="")
    timings: Mapped[dict[str, float]] = mapped_column(AsJson(dict[str, float]), default=dict)
    """Milliseconds by stage."""
    trace: Mapped[Trace] = mapped_column(AsJson(Trace), default=dict)
    events: Mapped[tuple[StreamedEvent, ...]] = mapped_column(
        AsJson(tuple[StreamedEvent, ...]), default=()
    )
    """The whole stream, ids included, so that a late reader sees what an early one saw."""


Index(
    "ix_turns_unfinished",
    TurnRow.asked_at,
    sqlite_where=TurnRow.outcome.is_(None),
    postgresql_where=TurnRow.outcome.is_(None),
)


class FeedbackRow(Base):
    """What the asker thought of a turn; at most one a turn."""

    __tablename__ = "feedback"

    turn_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True
    )
    rating: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str]
    """With placeholders for personal data."""
    given_at: Mapped[datetime] = mapped_column(default=_now, onupdate=_now)
