"""One search, from the question to the hits, with the time that each stage takes."""

from __future__ import annotations

import time

from .fusion import Fusion
from .live import Live
from .types import Embeddings, Hit, Scope, SearchResult

CANDIDATES = 100
"""Passages that each of the two rankings puts forward."""


def search_live(
    live: Live,
    question: str,
    scope: Scope,
    limit: int,
    embedding: Embeddings | None,
    fusion: Fusion,
) -> SearchResult:
    """See `GuidanceIndex.search`."""
    generation, encoder = live
    started = time.perf_counter()
    if embedding is None:
        embedding = encoder.embed_question(question)
    query = encoder.query(question, scope, embedding, CANDIDATES)
    embedded = time.perf_counter()
    found = generation.search(query, lambda *rankings: fusion(*rankings)[:limit])
    dense, sparse = dict(found.candidates.dense), dict(found.candidates.sparse)
    hits = tuple(
        Hit(
            passage=found.passages[best.id],
            score=best.score,
            dense=dense.get(best.id),
            sparse=sparse.get(best.id),
        )
        for best in found.ranking
    )
    return SearchResult(
        hits=hits,
        embedding=None if embedding is None else embedding.reshape(1, -1),
        index_revision=found.candidates.state.revision,
        timings={
            "embed": (embedded - started) * 1e3,
            "search": (found.searched - embedded) * 1e3,
            "rank": (time.perf_counter() - found.searched) * 1e3,
        },
    )
