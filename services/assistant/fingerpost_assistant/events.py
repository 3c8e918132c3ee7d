"""What a reader of a turn sees, in order: the events of its stream and how a turn can end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """How a turn ended. Every accepted question gets exactly one."""

    ANSWERED = "answered"
    VERIFIED = "verified"
    CLARIFICATION = "clarification"
    NO_GUIDANCE = "unanswerable_no_guidance"
    """Nothing in the guidance is good enough."""
    OTHER_NATION = "unanswerable_other_nation"
    """There is guidance, but only for another nation than the asker's."""
    CRISIS = "guardrail_crisis"
    ATTACK = "guardrail_attack"
    OUT_OF_SCOPE = "guardrail_out_of_scope"
    HANDED_OVER = "handed_over"
    STOPPED = "error_stopped"
    """The asker pressed stop."""
    TIMED_OUT = "error_timed_out"
    INTERRUPTED = "error_interrupted"
    """The process that answered died; the sweeper ended the turn."""
    INTERNAL = "error_internal"


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A source of the answer, as a reader sees it."""

    id: str
    """Short and unique within the turn ("1", "2" …); sentences refer to it."""
    title: str
    url: str
    heading: str
    """Heading path of the passage, joined with " › "; empty for a page's introduction."""
    text: str
    """The passage, word for word."""
    updated: datetime | None = None
    passage_id: str = ""
    revision: str = ""
    """Digest of the page revision that was read."""
    nations: tuple[str, ...] = ()
    locale: str = "en"


class TurnEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="turn"):
    """First of every stream."""

    turn_id: str
    conversation_id: str
    question: str
    """As stored: personal data already replaced."""


class StatusEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="status"):
    """What is going on; nothing a reader must keep."""

    stage: str
    """"redact", "search", "answer", "queued", "stepped_down" …"""
    message: str = ""
    removed: tuple[str, ...] = ()
    """Kinds of personal data that were removed ("email", "phone" …)."""
    position: int | None = None
    """Place in the queue, from 1."""
    expected_wait_ms: int | None = None


class SourcesEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="sources"):
    """Sources that the sentences after it may cite."""

    citations: tuple[Citation, ...]


class SentenceEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="sentence"):
    """One checked sentence; once shown, it stays."""

    text: str
    citations: tuple[str, ...] = ()
    """Ids of its sources; empty only for fixed texts that people wrote."""
    label: str = ""
    """Heading of the source that limits what the sentence says ("Scotland"); show it before it."""
    block: str = "paragraph"
    """How to set it: "paragraph", "item" (of a list) or "row" (of a table)."""


class OutcomeEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="outcome"):
    """How the turn ended."""

    outcome: Outcome
    model: str = ""


class ErrorEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="error"):
    """Something went wrong; an `outcome` follows."""

    message: str
    """What happened and what to do, in words for the asker."""


class DoneEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="done"):
    """Last of every stream; nothing follows."""


Event = (
    TurnEvent | StatusEvent | SourcesEvent | SentenceEvent | OutcomeEvent | ErrorEvent | DoneEvent
)


class StreamedEvent(msgspec.Struct, frozen=True):
    """An event with its place in the turn's stream, by which a reader resumes."""

    id: str
    event: Event


encode_event = msgspec.json.Encoder().encode
decode_event = msgspec.json.Decoder(Event).decode
