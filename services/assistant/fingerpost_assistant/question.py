"""A question on its way through the pipeline: as asked, as prepared, and how its turn came out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from fingerpost_assistant.events import Citation, Event, Outcome, SentenceEvent
from fingerpost_serving.admission import Priority

Emit = Callable[[Event], Awaitable[None]]
"""Where a turn's events go as they happen; awaiting it is how a slow reader slows the writer."""

Trace = dict[str, str | int | float]
"""What each step decided and why, by dotted name ("triage.rule": "suicide"); for the record."""


class Exchange(msgspec.Struct, frozen=True):
    """An earlier question of the conversation and the answer that was shown."""

    question: str
    answer: str


class AskedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question as someone typed it: it may hold personal data and is never stored or logged."""

    text: str
    tenant: str = "default"
    collections: tuple[str, ...] = ("guidance",)
    nation: str | None = None
    """Where the asker lives ("england", "scotland", "wales", "northern-ireland"), if known."""
    locale: str | None = None
    """Language to answer in ("en", "cy") where the question does not show its own."""
    history: tuple[Exchange, ...] = ()
    """Earlier exchanges of the conversation, oldest first."""
    priority: Priority = Priority.CITIZEN
    """Whose turn it is where there is not room for all."""

    @property
    def characters(self) -> int:
        """Length of question and history."""
        return len(self.text) + sum(len(each.question) + len(each.answer) for each in self.history)


class PreparedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question that may be stored: personal data in it is replaced by placeholders."""

    text: str
    placeholders: dict[str, str] = {}
    """Placeholder ("[EMAIL-1]") to the text it replaced; the only place where that text remains."""
    removed: tuple[str, ...] = ()
    """Kinds of personal data that were found in this question ("email", "phone" …), sorted."""
    tenant: str = "default"
    collections: tuple[str, ...] = ("guidance",)
    nation: str | None = None
    locale: str | None = None
    history: tuple[Exchange, ...] = ()
    """Earlier exchanges, with personal data replaced as well."""
    priority: Priority = Priority.CITIZEN


class TurnResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a turn came out, with everything that is recorded about it."""

    outcome: Outcome
    model: str = ""
    """What wrote the answer; empty when only fixed texts were shown."""
    sentences: tuple[SentenceEvent, ...] = ()
    """What was shown, in order."""
    citations: tuple[Citation, ...] = ()
    """The sources that were shown."""
    confidence: float = 0.0
    """0 to 1: how well the guidance fits the question; 0 when there was no search."""
    index_revision: str = ""
    """Revision of the index that was searched; empty when there was no search."""
    timings: dict[str, float] = {}
    """Milliseconds by stage: "triage", "search", "decide", "answer", "check", "total" …"""
    trace: Trace = {}
