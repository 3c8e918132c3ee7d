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
    """Stable: a UUID made from title, tenant, page, revision and position."""
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
    """Cosine similarity to the question; None when it is not known."""
    sparse: float | None = None
    """BM25 score; None when it is not known or the passage has none of the question's words."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a search may see. Filters are applied inside the index, before ranking."""

    tenant: str = "default"
    collections: tuple[str, ...] = ("guidance",)
    nation: str | None = None
    """Only pages that apply in this nation; None for any."""
    locale: str | None = None
    """Only pages in this language; None for any."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for each candidate of a search, as numbers: signals before any verdict.

    Example:
        evidence = result.evidence
        best_cosine = evidence.column("dense")[0]
    """

    features: tuple[str, ...]
    """Name of each column; `evidence.FEATURES` says what each one is."""
    values: NDArray[np.float32]
    """`(candidates, features)`, a row for each candidate, best first: the first rows belong to
    the hits, in their order. NaN where a signal is unknown."""

    def column(self, feature: str) -> NDArray[np.float32]:
        """Return one signal of every candidate, `(candidates,)`; NaN where it is not measured."""
        if feature not in self.features:
            return np.full(len(self.values), np.nan, dtype=np.float32)
        column: NDArray[np.float32] = self.values[:, self.features.index(feature)]
        return column


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """Hits, best first, with what is needed to explain and to cache them."""

    hits: tuple[Hit, ...]
    embedding: Embeddings | None
    """The question's vector, `(1, dimensions)`; with a history `(2, dimensions)`: in its context
    and alone. None when no embedder is installed."""
    index_revision: str
    """Changes whenever any page in the index changes."""
    timings: dict[str, float]
    """Milliseconds by stage: "embed", "search", "rank", and "rerank" where that was asked."""
    evidence: Evidence | None = None
    """The signals behind the ranking, before any reranker; None where a result was not made by a search."""


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
    ranking: str = ""
    """How passages are ranked; where it is not by a learned ranker, why not."""
    question_hit_rate: float = 0.0
    """Share of the questions whose vector was in the cache, 0 to 1, since the index was opened."""
    notice: str = ""
    """What is amiss and how to mend it, for people; empty when all is well."""
