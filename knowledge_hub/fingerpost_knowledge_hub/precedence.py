"""Which of two revisions of a page counts: the rules that syncs and events share."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from fingerpost_knowledge_hub.documents import Document, Status

_NEVER = datetime.min.replace(tzinfo=UTC)

UNSETTLED = ""
"""In place of a digest: a change of the index was begun and is not known to have ended."""

Rank = tuple[int, datetime, str]


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known about a document to compare it with another of the same identity."""

    digest: str
    status: Status
    version: int = 0
    updated_at: datetime | None = None
    sample: bool = False

    @classmethod
    def of(cls, document: Document) -> Revision:
        return cls(
            digest=document.digest,
            status=document.status,
            version=document.version,
            updated_at=_aware(document.updated_at),
            sample=document.sample,
        )

    @property
    def rank(self) -> Rank:
        """A total order: the publisher's version, the time of the update, then the digest."""
        return (self.version, self.updated_at or _NEVER, self.digest)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the catalogue holds for a page, without the page itself."""

    revision: Revision
    source: str
    """Name of the source that is responsible for the page."""
    authority: str
    origin: str
    """Where in the source it was read: a file, an address or an event's id."""

    @property
    def is_live(self) -> bool:
        """Whether the page is in the index, or may be, since a change was cut off."""
        return self.revision.status is Status.LIVE or self.revision.digest == UNSETTLED


class Verdict(StrEnum):
    """What is to be done with a revision that a source lists."""

    NEW = "new"
    """No page of this identity is known, or only a sample or a tombstone that gives way."""
    CHANGED = "changed"
    """It replaces the revision that is known."""
    SAME = "same"
    """It is the revision that is known."""
    RENEWED = "renewed"
    """It is the revision that is known, under a higher version number or now listed by another
    source of the same authority: only the record changes."""
    SUPERSEDED = "superseded"
    """A newer revision is known."""
    CLAIMED = "claimed"
    """The page belongs to a source of another authority."""


def judge(revision: Revision, standing: Standing | None, *, source: str, authority: str) -> Verdict:
    """Compare a revision that `source` lists with what the catalogue holds.

    A source is the truth about its own pages, so that an editor may put an older text back;
    only the publisher's own version number never runs backwards. A page that another source
    of the same authority brought is replaced unless it is newer, and whoever lists it last is
    responsible for it from then on. A page of another authority
    stays as it is, save that sample text gives way to live guidance, and a page that has gone
    to whoever has it now.
    """
    if standing is None:
        return Verdict.NEW
    known = standing.revision
    if authority != standing.authority:
        is_guidance = revision.status is Status.LIVE and not revision.sample
        gives_way = known.status is Status.GONE or (known.sample and is_guidance)
        return Verdict.NEW if gives_way else Verdict.CLAIMED
    same_source = source == standing.source
    if revision.digest == known.digest:
        is_renewed = revision.version > known.version
        is_adopted = revision.version == known.version and not same_source
        return Verdict.RENEWED if is_renewed or is_adopted else Verdict.SAME
    if _is_older(revision, known, same_source=same_source):
        return Verdict.SUPERSEDED
    return Verdict.NEW if known.status is Status.GONE else Verdict.CHANGED


def _is_older(revision: Revision, known: Revision, *, same_source: bool) -> bool:
    if revision.version and known.version:
        return revision.version < known.version
    if same_source and not known.version:
        return False
    if revision.updated_at is None or known.updated_at is None:
        return False
    return revision.updated_at < known.updated_at


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
