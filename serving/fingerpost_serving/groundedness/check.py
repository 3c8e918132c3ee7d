"""Whether passages hold what a sentence says: facts, then turns, then support."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..answers import AnswerSentence, Evidence, TextEmbedder
from ..errors import EmbeddingMismatch
from ..scoring import Similarity
from ..vectors import RememberingEmbedder
from .completeness import omitted
from .facts import unsupported
from .heads import Heads, shipped_heads
from .source import Source, source_of
from .support import vector_signs, word_signs
from .turning import signs_of_turning

logger = logging.getLogger(__name__)

LONGEST_SENTENCE = 1_000
"""Characters of a sentence that can be checked."""

MOST_PASSAGES = 8
"""Passages that one sentence may cite."""


class GroundednessCheck:
    """Checks sentences, in words of their own, against the passages that they cite.

    Three questions, the surest first:

    1. *Facts* (`facts.py`): every figure, date, contact, name of a form, benefit, body or nation
       stands in a cited passage, whatever its spelling.
    2. *Turns* (`turning.py`): nothing is denied, allowed, demanded or limited that the passages,
       where they speak of it, do not.
    3. *Support* (`support.py`): the passages hold the words, or, where words leave it in doubt,
       something near in meaning.

    English only: in another language it would miss what is turned. Deterministic and safe to use
    from many threads. It computes, about half a millisecond a sentence, and some more where the
    embedder is asked.

    Arguments:
        embedder: with the digest that the heads were fitted on; with another one, or without
            any, words alone decide.
        heads: other weights and thresholds than those of the package.

    Example:
        check = GroundednessCheck()
        check.fault("You have 28 days to apply.", [passage])   # None, or "number", "turned" …
    """

    def __init__(self, embedder: TextEmbedder | None = None, *, heads: Heads | None = None) -> None:
        self._heads = heads or shipped_heads()
        self._embedder: RememberingEmbedder | None = None
        if embedder is not None and embedder.digest == self._heads.embedder:
            self._embedder = RememberingEmbedder(embedder)
        elif embedder is not None:
            logger.warning(
                "The check of answers was not fitted for the embedder %s: words alone decide "
                "whether passages support a sentence. Fit it with "
                "python -m tests.quality.check_on_data --fit.",
                embedder.digest,
            )

    def prepare(self, passages: Sequence[Evidence]) -> None:
        """Read passages ahead of the first sentence, while the model has not yet written any."""
        for passage in passages:
            source_of(passage)

    def fault(self, text: str, cited: Sequence[Evidence]) -> str | None:
        """Return why the cited passages do not hold a sentence; None if they do.

        "too_long", "no_citation"; "contact", "number", "date", "name", "nation" for a fact that
        they do not have; "turned"; "unsupported".
        """
        if len(text) > LONGEST_SENTENCE:
            return "too_long"
        sources = [source_of(passage) for passage in cited[:MOST_PASSAGES]]
        if not any(source.units for source in sources):
            return "no_citation"
        if fault := unsupported(text, sources):
            return fault
        if self._heads.turning.score(signs_of_turning(text, sources)) < self._heads.turning.least:
            return "turned"
        return None if self._is_supported(text, sources) else "unsupported"

    def omitted(
        self,
        question: str,
        cited: Sequence[Evidence],
        said: Sequence[str],
        *,
        embedding: NDArray[np.float32] | None = None,
        nation: str | None = None,
    ) -> list[AnswerSentence]:
        """Return limits and exceptions of the cited passages that an answer left out.

        Arguments:
            said: the sentences that were shown.
            embedding: the question's vector, from the same embedder; without it, words decide.
        """
        similar: Similarity | None = None
        if self._embedder is not None and embedding is not None:
            embedder, vector = self._embedder, embedding.reshape(-1)

            def similarity(texts: Sequence[str]) -> NDArray[np.float32]:
                vectors = embedder.embed(texts)
                if vectors.shape[1] != vector.size:
                    raise EmbeddingMismatch(vectors.shape[1], vector.shape)
                cosines: NDArray[np.float32] = vectors @ vector
                return cosines

            similar = similarity
        return omitted(question, cited, said, similarity=similar, nation=nation)

    def _is_supported(self, text: str, sources: Sequence[Source]) -> bool:
        signs = word_signs(text, sources)
        head = self._heads.words
        score = head.score(signs)
        if self._embedder is None or not head.doubtful[0] <= score < head.doubtful[1]:
            return score >= head.least
        signs |= vector_signs(text, sources, self._embedder.embed)
        return self._heads.vectors.score(signs) >= self._heads.vectors.least
