"""What goes in and out of conversations and questions, as documented in the OpenAPI schema."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fingerpost_assistant import Citation, Outcome, SentenceEvent
from fingerpost_gateway.places import Locale, Nation


class NewConversation(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What may be said when a conversation starts."""

    nation: Nation | None = None
    """Where the asker lives; None when not said."""
    locale: Locale | None = None
    """Language to answer in; None to follow each question."""


class ConversationStarted(msgspec.Struct, kw_only=True):
    """A new conversation."""

    id: str
    """Unguessable; only its owner can use it."""
    session: str | None = None
    """A new session token, when the request brought none: send it as `Authorization: Bearer`."""
    nation: str | None = None
    locale: str | None = None


class NewQuestion(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A question."""

    question: Annotated[
        str,
        msgspec.Meta(
            description="In the asker's own words. Personal data is removed before storage.",
            examples=["What happens to my Child Benefit if I earn over the limit?"],
        ),
    ]


class TurnState(msgspec.Struct, kw_only=True):
    """A question and what has come of it so far."""

    id: str
    conversation_id: str
    question: str
    """As asked for the holder of the session; else with personal data replaced."""
    removed: tuple[str, ...] = ()
    """Kinds of personal data that were removed ("email", "phone" …)."""
    asked_at: datetime
    outcome: Outcome | None = None
    """None while the answer is being worked on."""
    sentences: tuple[SentenceEvent, ...] = ()
    citations: tuple[Citation, ...] = ()
    message: str = ""
    """What went wrong and what to do; empty when nothing did."""
    events_url: str
    """Where to follow the answer as server-sent events."""


class ConversationState(msgspec.Struct, kw_only=True):
    """A conversation with its questions, oldest first."""

    id: str
    started_at: datetime
    nation: str | None = None
    locale: str | None = None
    turns: tuple[TurnState, ...] = ()


class NewFeedback(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the asker thought of an answer."""

    rating: Literal["useful", "not_useful"]
    comment: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    """In the asker's words; personal data is removed before storage."""
