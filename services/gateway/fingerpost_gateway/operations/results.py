"""What commands give back: the shapes that `--json` prints."""

from __future__ import annotations

from datetime import datetime

import msgspec


class FailedSource(msgspec.Struct, frozen=True):
    """Something that could not be read, with cause and cure."""

    source: str
    error: str


class SkippedSource(msgspec.Struct, frozen=True):
    """Something that is no guidance or must not be shown."""

    source: str
    reason: str
    """A stable code, such as "superseded" or "not_guidance:taxon"."""


class IngestResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an ingestion did, over all sources of the command."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    failed: int = 0
    failures: tuple[FailedSource, ...] = ()
    skipped: tuple[SkippedSource, ...] = ()
    statuses: dict[str, int] = {}
    """How many pages of each status the sources hold, such as {"live": 40, "draft": 2}."""
    rebuilt: int = 0
    """Pages that were indexed anew from the catalogue beforehand (`--rebuild`)."""
    complete: bool = True
    """Whether every source was listed to its end."""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


class RebuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """An index that was built anew."""

    pages: int
    seconds: float


class CitedPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A source of a sentence."""

    title: str
    url: str
    heading: str
    text: str
    updated: datetime | None = None


class CitedSentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of an answer, with the passages that it rests on."""

    text: str
    citations: tuple[CitedPassage, ...] = ()
    label: str = ""
    """Heading that limits what the sentence says ("Scotland")."""
    block: str = "paragraph"
    """How to set it: "paragraph", "item" (of a list) or "row" (of a table)."""


class AskResult(msgspec.Struct, frozen=True, kw_only=True):
    """An answer."""

    outcome: str
    """"answered", "unanswerable_no_guidance" …: see `fingerpost_assistant.events.Outcome`."""
    sentences: tuple[CitedSentence, ...] = ()
    model: str = ""
    """What wrote the answer."""
    confidence: float = 0.0
    """0 to 1: how well the guidance fits the question."""
    index_revision: str = ""
    timings: dict[str, float] = {}
    """Milliseconds by stage."""


class BackupResult(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was written."""

    file: str
    parts: tuple[str, ...]
    """What it holds: "database", "index"."""
    bytes: int
    seconds: float


class RestoreResult(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was put back."""

    file: str
    parts: tuple[str, ...]
    created_at: datetime
    """When the backup was written."""


class StatusResult(msgspec.Struct, frozen=True, kw_only=True):
    """How the data is, as `doctor` needs it."""

    indexed_pages: int
    passages: int
    generation: str
    has_vectors: bool
    live_pages: dict[str, int]
    """Live pages by collection, as the catalogue has them, over all tenants."""
    sample_pages: int
    problems: dict[str, str] = {}
    """What is wrong with parts of a running server, by part; empty when nothing is."""
