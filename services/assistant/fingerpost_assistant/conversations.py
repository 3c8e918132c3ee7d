"""What callers see of a conversation: its turns, each a question with what was shown for it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from fingerpost_assistant.events import Citation, Outcome, SentenceEvent

Rating = Literal["useful", "not_useful"]


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation, without its turns."""

    id: str
    """Unguessable (a random UUID); still, only its owner may use it."""
    tenant: str
    nation: str | None = None
    locale: str | None = None
    started_at: datetime


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One question and what has been shown for it so far."""

    id: str
    conversation_id: str
    number: int
    """Place in the conversation, from 1."""
    question: str
    """As stored: personal data replaced by placeholders."""
    removed: tuple[str, ...] = ()
    """Kinds of personal data that were removed ("email", "phone" …)."""
    asked_at: datetime
    outcome: Outcome | None = None
    """None while the turn runs."""
    finished_at: datetime | None = None
    model: str = ""
    sentences: tuple[SentenceEvent, ...] = ()
    citations: tuple[Citation, ...] = ()
    message: str = ""
    """What went wrong and what to do, in words for the asker; empty when nothing did."""
    rating: Rating | None = None
    """The asker's verdict, if any."""

    @property
    def running(self) -> bool:
        return self.outcome is None


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with its turns in order."""

    conversation: Conversation
    turns: tuple[Turn, ...] = ()
