"""Conversations, turns and feedback, and the knowledge hub's catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("nation", sa.String(32)),
        sa.Column("locale", sa.String(35)),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_started_at", "conversations", ["started_at"])

    op.create_table(
        "turns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(64)),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("removed", sa.Text(), nullable=False),
        sa.Column("placeholders", sa.LargeBinary()),
        sa.Column("process", sa.String(64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(64)),
        sa.Column("finished_at", MOMENT),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("index_revision", sa.Text(), nullable=False),
        sa.Column("timings", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_turns_conversation_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("conversation_id", "number", name="uq_turns_conversation_id_number"),
        sa.UniqueConstraint(
            "conversation_id", "idempotency_key", name="uq_turns_conversation_id_idempotency_key"
        ),
    )
    op.create_index(
        "ix_turns_unfinished",
        "turns",
        ["asked_at"],
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )

    op.create_table(
        "feedback",
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.String(16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name="fk_feedback_turn_id", ondelete="CASCADE"
        ),
    )
    _create_catalogue()


def _create_catalogue() -> None:
    """The knowledge hub's tables; used alone, it may have made them already."""
    op.create_table(
        "documents",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("locale", sa.String(35), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("collection", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", MOMENT),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_changed", MOMENT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_documents_source", "documents", ["tenant", "source"], if_not_exists=True)
    op.create_index(
        "ix_documents_status", "documents", ["tenant", "status", "collection"], if_not_exists=True
    )
    op.create_table(
        "source_parts",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("part", sa.Text(), primary_key=True),
        sa.Column("reading", sa.Text(), nullable=False),
        if_not_exists=True,
    )


def downgrade() -> None:
    for table in ("source_parts", "documents", "feedback", "turns", "conversations"):
        op.drop_table(table)
