"""Rows and events as callers see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from fingerpost_assistant.conversations import Conversation, Rating, Turn
from fingerpost_assistant.events import (
    Citation,
    ErrorEvent,
    Outcome,
    OutcomeEvent,
    SentenceEvent,
    SourcesEvent,
    StreamedEvent,
)
from fingerpost_assistant.question import Exchange
from fingerpost_assistant.redact import restore
from fingerpost_assistant.storage.tables import ConversationRow, TurnRow

_EXCHANGED = (Outcome.ANSWERED, Outcome.VERIFIED, Outcome.CLARIFICATION)
"""Outcomes after which a follow-up question makes sense."""


def conversation_view(row: ConversationRow) -> Conversation:
    return Conversation(
        id=str(row.id),
        tenant=row.tenant,
        nation=row.nation,
        locale=row.locale,
        started_at=row.started_at,
    )


def turn_view(row: TurnRow, events: Iterable[StreamedEvent], rating: str | None = None) -> Turn:
    """A turn as far as its events go."""
    sentences: list[SentenceEvent] = []
    citations: dict[str, Citation] = {}
    outcome, model, message = None, "", ""
    for streamed in events:
        match streamed.event:
            case SourcesEvent(citations=sources):
                citations.update((source.id, source) for source in sources)
            case SentenceEvent() as sentence:
                sentences.append(sentence)
            case ErrorEvent(message=text):
                message = text
            case OutcomeEvent() as end:
                outcome, model = end.outcome, end.model
            case _:
                pass
    return Turn(
        id=str(row.id),
        conversation_id=str(row.conversation_id),
        number=row.number,
        question=row.question,
        removed=row.removed,
        asked_at=row.asked_at,
        outcome=Outcome(row.outcome) if row.outcome else outcome,
        finished_at=row.finished_at,
        model=model,
        sentences=tuple(sentences),
        citations=tuple(citations.values()),
        message=message,
        rating=cast("Rating | None", rating),
    )


def restored(turn: Turn, placeholders: Mapping[str, str]) -> Turn:
    """The turn with its personal data put back, for its asker's eyes only."""
    if not placeholders:
        return turn
    return msgspec.structs.replace(
        turn,
        question=restore(turn.question, placeholders),
        sentences=tuple(
            msgspec.structs.replace(sentence, text=restore(sentence.text, placeholders))
            for sentence in turn.sentences
        ),
    )


def exchanges(turns: Sequence[Turn]) -> tuple[Exchange, ...]:
    """What was asked and answered, for the question that follows."""
    return tuple(
        Exchange(turn.question, " ".join(sentence.text for sentence in turn.sentences))
        for turn in turns
        if turn.outcome in _EXCHANGED
    )
