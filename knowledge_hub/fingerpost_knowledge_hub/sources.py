"""Where documents come from: the small protocol that every source speaks, and what it yields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import msgspec

from fingerpost_knowledge_hub.documents import Document


class Found(msgspec.Struct, frozen=True):
    """A page that was read, whatever its status."""

    document: Document
    source: str
    """Where it was read: a file (relative to the source's folder), an address or an event's id."""


class Skipped(msgspec.Struct, frozen=True):
    """Something that is no guidance or must not be used, with the reason."""

    source: str
    reason: str
    """A short, stable code in snake case, with a detail after a colon where it helps.

    From sources: "not_guidance:taxon", "navigation", "unsupported:.pdf" … From a sync:
    "superseded", "claimed:<source>", and the status of a page that is not live.
    """


class Failed(msgspec.Struct, frozen=True):
    """Something that should have been a page and could not be read."""

    source: str
    error: str
    """Cause and cure, in words for the person who runs the ingestion."""


Item = Found | Skipped | Failed


class Source(Protocol):
    """Anything that can list pages.

    Listing everything without raising means that the list is complete: pages of the same
    `name` that were listed earlier and are not now have gone. A source that cannot vouch for
    that raises `SourceError`; what it yielded before then is kept.
    """

    @property
    def name(self) -> str:
        """Stable name of what this source is responsible for, such as "govuk:/srv/payloads"."""
        ...

    @property
    def authority(self) -> str:
        """Whose word the source carries, such as "govuk".

        Sources of one authority are copies of the same pages: the newest copy wins. Sources
        of different authorities never overwrite each other's pages.
        """
        ...

    def items(self) -> Iterator[Item]: ...


class Part(msgspec.Struct, frozen=True):
    """A piece of a source that can be read alone, as a rule one file."""

    source: str
    """Name of the part within its source, as in `Found.source`."""
    stamp: str
    """Changes whenever the part's content may have changed; "" when that cannot be told."""


@runtime_checkable
class IncrementalSource(Source, Protocol):
    """A source that can tell cheaply which of its parts changed, so that the rest is not read."""

    @property
    def reader(self) -> str:
        """Name and version of the code that reads parts; another reader reads every part anew."""
        ...

    def parts(self) -> Iterator[Part | Item]:
        """Everything in the source: parts to be read if they changed, and items that need none."""
        ...

    def read(self, part: Part) -> Iterator[Item]:
        """Everything in one part; a part that cannot be read yields `Failed`, it never raises."""
        ...


def read_all(source: IncrementalSource) -> Iterator[Item]:
    """Everything in an incremental source: what its `items` returns."""
    for part in source.parts():
        if isinstance(part, Part):
            yield from source.read(part)
        else:
            yield part
