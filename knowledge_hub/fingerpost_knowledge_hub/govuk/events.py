"""Publishing events: each changes catalogue and index at once, in whatever order they come.

GOV.UK announces every change of a page as a message: the whole page, or that it is gone or
moved, with a running number (`payload_version`) that only ever grows. Messages can be late,
repeated and out of order. The newest one for a path counts; the catalogue remembers its number
even when there is no page any more, so that an older message cannot bring one back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from fingerpost_knowledge_hub.catalogue import Catalogue, Entry
from fingerpost_knowledge_hub.documents import Document, Identity, Status
from fingerpost_knowledge_hub.govuk.content_item import ContentItem, read_content_item
from fingerpost_knowledge_hub.govuk.folder import AUTHORITY
from fingerpost_knowledge_hub.govuk.parse import document_of, identity_of, version_of
from fingerpost_knowledge_hub.govuk.schemas import reason_to_skip
from fingerpost_knowledge_hub.govuk.tombstones import tombstone, why_gone
from fingerpost_knowledge_hub.index import DocumentIndex
from fingerpost_knowledge_hub.precedence import Revision, Standing, Verdict, judge

SOURCE = "govuk:events"

_NEVER = datetime.min.replace(tzinfo=UTC)


class Effect(StrEnum):
    """What an event changed."""

    INDEXED = "indexed"
    """The page is live and in the index."""
    WITHHELD = "withheld"
    """There is no live page at the path (any more); the record says why."""
    REPEATED = "repeated"
    """The event was applied before."""
    SUPERSEDED = "superseded"
    """A newer event for the path was applied before."""
    CLAIMED = "claimed"
    """The path belongs to a source that is not GOV.UK's."""
    SKIPPED = "skipped"
    """The event is about nothing that has a path."""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The account of one event."""

    effect: Effect
    identity: Identity | None = None
    reason: str = ""
    """Why there is no live page, as a code: "gone", "not_guidance:organisation", "withdrawn" …"""
    was_live: bool = False
    """Whether a page of GOV.UK was live at the path before."""


def apply_event(
    message: Mapping[str, object] | bytes,
    catalogue: Catalogue,
    index: DocumentIndex,
    *,
    tenant: str = "default",
) -> Applied:
    """Apply one publishing message: publish, republish, withdraw, unpublish, gone or redirect.

    Idempotent and independent of the order of arrival. The index changes first and the
    catalogue after: an event that was cut off between the two is simply applied again.

    Args:
        message: The decoded message, or its JSON.

    Raises:
        DocumentError: the message is broken; nothing was changed.
        CatalogueError: the catalogue cannot be used.
        Exception: whatever the index raises.
    """
    item = read_content_item(message)
    if item.base_path is None:
        return Applied(effect=Effect.SKIPPED, reason=reason_to_skip(item) or "no_path")
    document, reason = _outcome(item)
    with catalogue.exclusive():
        at_path = _Path(document, catalogue, index, tenant)
        effect = at_path.apply()
    return Applied(
        effect=effect, identity=document.identity, reason=reason, was_live=at_path.was_live
    )


def _outcome(item: ContentItem) -> tuple[Document, str]:
    """The document that an event leaves at its path, and why it is not live."""
    reason = reason_to_skip(item)
    if reason is None:
        parsed = document_of(item)
        if isinstance(parsed, Document):
            return parsed, "" if parsed.status is Status.LIVE else parsed.status.value
        reason = parsed
    grave = tombstone(
        Identity(*identity_of(item)),
        notice=why_gone(item, reason),
        schema=item.schema_name or "",
        version=version_of(item),
        updated_at=item.changed_at,
    )
    return grave, reason


class _Path:
    """All that is recorded at one path; the site serves one page there, in one language."""

    def __init__(
        self, document: Document, catalogue: Catalogue, index: DocumentIndex, tenant: str
    ) -> None:
        self._document = document
        self._revision = Revision.of(document)
        self._catalogue = catalogue
        self._index = index
        self._tenant = tenant
        locales = catalogue.locales(tenant, document.path)
        self._known = catalogue.standings(
            tenant, [Identity(document.path, locale) for locale in locales]
        )

    def apply(self) -> Effect:
        """Let the document compete with what is recorded, and do what follows."""
        own = self._known.get(self._document.identity)
        if judge(self._revision, own, source=SOURCE, authority=AUTHORITY) is Verdict.CLAIMED:
            return Effect.CLAIMED
        ours = {key: one for key, one in self._known.items() if one.authority == AUTHORITY}
        newest = max(ours.values(), key=lambda one: one.revision.rank, default=None)
        if newest is not None and not _supersedes(self._revision, newest):
            return self._repeat_or_bury(own, newest.revision)
        self._write([identity for identity in ours if identity != self._document.identity], own)
        return Effect.INDEXED if self._is_live else Effect.WITHHELD

    @property
    def was_live(self) -> bool:
        return any(one.is_live for one in self._known.values() if one.authority == AUTHORITY)

    @property
    def _is_live(self) -> bool:
        return self._document.status is Status.LIVE

    def _write(self, displaced: list[Identity], own: Standing | None) -> None:
        """The index first, the catalogue after: what is cut off in between is done again."""
        graves = (_displaced(identity, self._revision) for identity in displaced)
        entries = [_entry(document) for document in (self._document, *graves)]
        self._catalogue.unsettle(self._tenant, entries)
        if not self._is_live:
            # Also what is recorded as not live: an event may have been cut off before this one.
            displaced = [*displaced, self._document.identity]
        elif not _is_indexed(own, self._revision):
            self._index.replace([self._document], self._tenant)
        if displaced:
            self._index.remove(displaced, self._tenant)
        self._catalogue.put(self._tenant, entries)

    def _repeat_or_bury(self, own: Standing | None, newest: Revision) -> Effect:
        if own is not None and own.authority == AUTHORITY:
            same = (own.revision.digest, own.revision.version)
            repeated = same == (self._revision.digest, self._revision.version)
            return Effect.REPEATED if repeated else Effect.SUPERSEDED
        # Its language was not known at this path: record that it had its time before.
        identity = self._document.identity
        self._index.remove([identity], self._tenant)
        self._catalogue.put(self._tenant, [_entry(_displaced(identity, newest))])
        return Effect.SUPERSEDED


def _displaced(identity: Identity, by: Revision) -> Document:
    """What is recorded for a language that the site served at a path before."""
    notice = "The site serves another language here."
    return tombstone(identity, notice=notice, version=by.version)


def _entry(document: Document) -> Entry:
    return Entry(
        document=document,
        source=SOURCE,
        authority=AUTHORITY,
        origin=f"{document.path}@{document.version}",
    )


def _supersedes(revision: Revision, standing: Standing) -> bool:
    """Whether a revision is newer than what is recorded at its path.

    Versions decide between events. A copy from the Content API has none of its own, only the
    one that its page had reached before: it is newer than that, and beyond that number the
    time of the last update decides, and at the same time the event.
    """
    known = standing.revision
    if revision.version and known.version:
        if standing.source == SOURCE:
            return revision.rank > known.rank
        if revision.version <= known.version:
            return False
    moment, known_moment = revision.updated_at or _NEVER, known.updated_at or _NEVER
    return (moment, revision.version, revision.digest) > (
        known_moment,
        known.version,
        known.digest,
    )


def _is_indexed(standing: Standing | None, revision: Revision) -> bool:
    return standing is not None and standing.is_live and standing.revision.digest == revision.digest
