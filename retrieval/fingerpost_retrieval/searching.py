"""One search, from the question to the hits, with the time that each stage takes."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from .abbreviations import spelt_out
from .encoding import Encoder
from .evidence import ALONE
from .followups import Exchange, Rewriter, forms_of
from .fusion import Fusion
from .generation import Found
from .live import Live
from .ranking import Asked, head_for, rank
from .reranking import RerankStage
from .types import Embeddings, Evidence, Hit, Scope, SearchResult

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
    reranker: RerankStage | None = None


def search_live(live: Live, question: Question) -> SearchResult:
    """See `GuidanceIndex.search`."""
    generation, encoder = live
    started = time.perf_counter()
    forms = [
        spelt_out(form) for form in forms_of(question.text, question.history, question.rewriter)
    ]
    embedding = _embedded(encoder, forms, question.embedding)
    queries = [
        encoder.query(
            form,
            question.scope,
            None if embedding is None else embedding[row],
            CANDIDATES,
            passages=generation.state.passages,
        )
        for row, form in enumerate(forms)
    ]
    embedded = time.perf_counter()
    head = head_for(encoder.digest) if embedding is not None else None
    asked = Asked(queries, head, question.fusion, question.limit)
    found = generation.search(
        queries, lambda candidates: rank(generation.backend, asked, candidates)
    )
    hits, ranked = _hits(found), time.perf_counter()
    reranking: dict[str, float] = {}
    if question.reranker is not None:
        hits = question.reranker.rerank(forms[0], hits)
        reranking["rerank"] = (time.perf_counter() - ranked) * 1e3
    return SearchResult(
        hits=hits,
        embedding=embedding,
        index_revision=found.state.revision,
        timings={
            "embed": (embedded - started) * 1e3,
            "search": (found.searched - embedded) * 1e3,
            "rank": (ranked - found.searched) * 1e3,
            **reranking,
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


def _best(evidence: Evidence, name: str) -> NDArray[np.float32]:
    """Return a score by the form of the question that it is higher for, `(candidates,)`."""
    best: NDArray[np.float32] = np.fmax(evidence.column(name), evidence.column(ALONE + name))
    return best


def _hits(found: Found) -> tuple[Hit, ...]:
    rows = range(len(found.ranking))
    dense, sparse = (_best(found.evidence, name) for name in ("dense", "sparse"))
    return tuple(
        Hit(
            passage=found.passages[best.id],
            score=best.score,
            dense=None if np.isnan(dense[row]) else float(dense[row]),
            sparse=None if np.isnan(sparse[row]) or not sparse[row] else float(sparse[row]),
        )
        for row, best in zip(rows, found.ranking, strict=True)
    )
