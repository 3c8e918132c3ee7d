"""The nouns of search: pages that go in, passages that are indexed, hits that come out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

Embeddings = NDArray[np.float32]
"""Unit-length row vectors, `(n, dimensions) float32`."""

ALL_NATIONS = ("england", "scotland", "wales", "northern-ireland")


class PageSection(Protocol):
    """A stretch of a page under one heading (any object with these attributes will do)."""

    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def url(self) -> str:
        """Address of the part of the page that holds the section; empty for the page's own."""
        ...


class Page(Protocol):
    """A page to be indexed (any object with these attributes will do).

    `digest` names the revision of the page's content: passages of two revisions of a page
    are never seen together.
    """

    @property
    def path(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def sections(self) -> Sequence[PageSection]: ...
    @property
    def collection(self) -> str: ...
    @property
    def nations(self) -> tuple[str, ...]: ...
    @property
    def updated_at(self) -> datetime | None: ...
    @property
    def digest(self) -> str: ...


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """The unit of search and of citation: a stretch of one section, with where it stands."""

    id: str
    """Stable: a UUID made from tenant, page, revision and position."""
    path: str
    locale: str
    revision: str
    """Digest of the page this passage was cut from."""
    title: str
    url: str
    """The page's address with the section's fragment."""
    heading_path: tuple[str, ...]
    text: str
    position: int
    """Place of the passage on its page, from 0."""
    tokens: int
    """Length of `text` in the embedder's tokens."""
    collection: str
    tenant: str = "default"
    nations: tuple[str, ...] = ALL_NATIONS
    updated_at: datetime | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that was found."""

    passage: Passage
    score: float
    """Fused score, 0 to 1; comparable within one result only."""
    dense: float | None = None
    """Cosine similarity to the question; None when the passage came from BM25 alone."""
    sparse: float | None = None
    """BM25 score; None when the passage came from the dense search alone."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a search may see. Filters are applied inside the index, before ranking."""

    tenant: str = "default"
    collections: tuple[str, ...] = ("guidance",)
    nation: str | None = None
    """Only pages that apply in this nation; None for any."""
    locale: str | None = None
    """Only pages in this language; None for any."""


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """Hits, best first, with what is needed to explain and to cache them."""

    hits: tuple[Hit, ...]
    embedding: Embeddings | None
    """The question's vector, `(1, dimensions)`; None when no embedder is installed."""
    index_revision: str
    """Changes whenever any page in the index changes."""
    timings: dict[str, float]
    """Milliseconds by stage: "embed", "search", "rank"."""


class IndexStats(msgspec.Struct, frozen=True, kw_only=True):
    """What an index holds."""

    pages: int
    passages: int
    generation: str
    revision: str
    embedder: str
    """Digest of the embedder it was built for; empty when it holds no vectors."""
    passage_format: str
    has_vectors: bool
    question_hit_rate: float = 0.0
    """Share of the questions whose vector was in the cache, 0 to 1, since the index was opened."""
    notice: str = ""
    """What is amiss and how to mend it, for people; empty when all is well."""
