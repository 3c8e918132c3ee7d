"""From the assistant's nouns to what the API shows."""

from __future__ import annotations

from fingerpost_assistant import ConversationView, Turn
from fingerpost_gateway.chat.schemas import ConversationState, TurnState


def turn_path(turn_id: str) -> str:
    """Where a turn is found."""
    return f"/v1/turns/{turn_id}"


def turn_state(turn: Turn) -> TurnState:
    """Show a turn."""
    return TurnState(
        id=turn.id,
        conversation_id=turn.conversation_id,
        question=turn.question,
        removed=turn.removed,
        asked_at=turn.asked_at,
        outcome=turn.outcome,
        sentences=turn.sentences,
        citations=turn.citations,
        message=turn.message,
        events_url=f"{turn_path(turn.id)}/events",
    )


def conversation_state(view: ConversationView) -> ConversationState:
    """Show a conversation with its turns."""
    conversation = view.conversation
    return ConversationState(
        id=conversation.id,
        started_at=conversation.started_at,
        nation=conversation.nation,
        locale=conversation.locale,
        turns=tuple(turn_state(turn) for turn in view.turns),
    )
