"""One search, from the question to the hits, with the time that each stage takes."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
import numpy as np

from .encoding import Encoder
from .followups import Exchange, Rewriter, forms_of
from .fusion import Fusion
from .generation import Found
from .live import Live
from .ranking import Asked, head_for, rank
from .types import Embeddings, Hit, Scope, SearchResult

CANDIDATES = 100
"""Passages that each of the two rankings puts forward."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What one search is asked; see `GuidanceIndex.search`."""

    text: str
    scope: Scope
    limit: int
    history: Sequence[Exchange] = ()
    embedding: Embeddings | None = None
    fusion: Fusion | None = None
    rewriter: Rewriter | None = None


def search_live(live: Live, question: Question) -> SearchResult:
    """See `GuidanceIndex.search`."""
    generation, encoder = live
    started = time.perf_counter()
    forms = forms_of(question.text, question.history, question.rewriter)
    embedding = _embedded(encoder, forms, question.embedding)
    queries = [
        encoder.query(
            form, question.scope, None if embedding is None else embedding[row], CANDIDATES
        )
        for row, form in enumerate(forms)
    ]
    embedded = time.perf_counter()
    head = head_for(encoder.digest) if embedding is not None else None
    asked = Asked(queries, head, question.fusion, question.limit)
    found = generation.search(
        queries, lambda candidates: rank(generation.backend, asked, candidates)
    )
    return SearchResult(
        hits=_hits(found),
        embedding=embedding,
        index_revision=found.state.revision,
        timings={
            "embed": (embedded - started) * 1e3,
            "search": (found.searched - embedded) * 1e3,
            "rank": (time.perf_counter() - found.searched) * 1e3,
        },
        evidence=found.evidence,
    )


def _embedded(
    encoder: Encoder, forms: Sequence[str], embedding: Embeddings | None
) -> Embeddings | None:
    """Return a vector for each form, `(forms, dimensions)`, in one batch; the caller's if given."""
    if embedding is not None:
        given = embedding.reshape(-1, embedding.shape[-1])
        # One vector for a question in a context is the vector of the last turn alone.
        if len(given) == len(forms):
            return given
    return encoder.embed_questions(forms)


def _hits(found: Found) -> tuple[Hit, ...]:
    rows = range(len(found.ranking))
    dense, sparse = (found.evidence.column(name)[: len(rows)] for name in ("dense", "sparse"))
    return tuple(
        Hit(
            passage=found.passages[best.id],
            score=best.score,
            dense=None if np.isnan(dense[row]) else float(dense[row]),
            sparse=None if np.isnan(sparse[row]) or not sparse[row] else float(sparse[row]),
        )
        for row, best in zip(rows, found.ranking, strict=True)
    )
