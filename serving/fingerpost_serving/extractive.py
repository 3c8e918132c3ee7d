"""The extractive answerer: quotes the sentences of the evidence that answer, and cites each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .answers import Answer, AnswerSentence, Evidence, Quotation, TextEmbedder
from .confidence import Calibration, calibration_for, signs_of
from .errors import EmbeddingMismatch, UnknownNation
from .labels import label_of
from .nations import ALL_NATIONS
from .scoring import Similarity, relevance_of, score_units
from .selection import DEFAULT_LENGTH, Length, select
from .units import Unit, units_of
from .vectors import RememberingEmbedder

MODEL = "extractive/1"
"""Changes with whatever changes answers: it is stored with each."""

MOST_EVIDENCE = 8
"""Pieces of evidence that are read; the best come first."""

LONGEST_QUESTION = 4_000
"""Characters of a question that are read."""

ANSWERS_FROM = 0.55
"""Least confidence to answer with: a little above even odds, since a near-by sentence that does
not answer misleads, and a decline only sends on to where help is."""


class ExtractiveAnswerer:
    """Answers with sentences, list items and table rows of the evidence, word for word.

    What a sentence depends on comes with it: a list's lead-in and its other conditions, the
    exceptions that follow, the heading that names a nation. Deterministic, and safe to use from
    many threads; it computes, so async code calls it in a thread.

    Arguments:
        embedder: finds sentences that say it in other words; without one, words are compared.
        calibration: how confidence follows from the evidence; by default the one for the embedder.
        answers_from: least confidence, 0 to 1, to answer with.
        length: how much an answer may hold.

    Example:
        answerer = ExtractiveAnswerer()
        answer = answerer.answer("How long do I have?", passages)
        for sentence in answer.sentences:
            print(sentence.text, [passages[q.evidence].title for q in sentence.quotations])
    """

    def __init__(
        self,
        embedder: TextEmbedder | None = None,
        *,
        calibration: Calibration | None = None,
        answers_from: float = ANSWERS_FROM,
        length: Length = DEFAULT_LENGTH,
    ) -> None:
        self._embedder = RememberingEmbedder(embedder) if embedder is not None else None
        digest = embedder.digest if embedder is not None else ""
        self._calibration = calibration or calibration_for(digest)
        self._answers_from = answers_from
        self._length = length

    def answer(
        self,
        question: str,
        evidence: Sequence[Evidence],
        *,
        embedding: NDArray[np.float32] | None = None,
        relevance: Sequence[float] | None = None,
        nation: str | None = None,
    ) -> Answer:
        """Answer from the evidence, or with no sentences when nothing in it is good enough.

        Arguments:
            question: as asked, a story with a question at its end included.
            evidence: passages, best first; the first `MOST_EVIDENCE` are read.
            embedding: the question's vector, `(dimensions,)` or `(1, dimensions) float32`, from
                the same embedder; left out, it is made here.
            relevance: the search's score of each passage, on any scale; left out, their order
                counts.
            nation: where the asker lives, one of "england", "scotland", "wales" and
                "northern-ireland"; a nation that the question names goes before it.

        Raises `EmbeddingMismatch` for a vector from another embedder, and `UnknownNation`.
        """
        if nation is not None and nation not in ALL_NATIONS:
            raise UnknownNation(nation, ALL_NATIONS)
        question = question[:LONGEST_QUESTION]
        evidence = evidence[:MOST_EVIDENCE]
        units = units_of(evidence)
        if not question.strip() or not any(unit.quotable for unit in units):
            return Answer(sentences=(), confidence=0.0, model=MODEL)
        scored = score_units(
            question,
            evidence,
            units,
            relevance=relevance_of(evidence, relevance),
            similarity=self._similarity_to(question, embedding),
            nation=nation,
        )
        signs = signs_of(question, evidence, units, scored)
        confidence = self._calibration.confidence(signs)
        answers = confidence >= self._answers_from
        chosen = select(units, scored.score, self._length) if answers else []
        return Answer(
            sentences=tuple(sentences_of(units, chosen, evidence)),
            confidence=confidence,
            model=MODEL,
        )

    def _similarity_to(
        self, question: str, embedding: NDArray[np.float32] | None
    ) -> Similarity | None:
        embedder = self._embedder
        if embedder is None:
            return None

        def similarity(texts: Sequence[str]) -> NDArray[np.float32]:
            if embedding is None:
                vector, vectors = np.split(embedder.embed([question, *texts]), [1])
            else:
                vector, vectors = embedding, embedder.embed(texts)
            if vector.size != vectors.shape[1]:
                raise EmbeddingMismatch(vectors.shape[1], vector.shape)
            cosines: NDArray[np.float32] = vectors @ vector.reshape(-1)
            return cosines

        return similarity


def sentences_of(
    units: Sequence[Unit], chosen: Sequence[int], evidence: Sequence[Evidence]
) -> list[AnswerSentence]:
    """Write the chosen units out; of those that share a label, the first one shows it."""
    written: list[AnswerSentence] = []
    label, piece = "", -1
    for index in chosen:
        unit = units[index]
        needed = label_of(units, index, evidence)
        shown = needed if (needed, unit.evidence) != (label, piece) else ""
        label, piece = needed, unit.evidence
        written.append(
            AnswerSentence(
                text=unit.text,
                quotations=(Quotation(evidence=unit.evidence, text=unit.text),),
                block=unit.block,
                label=shown,
            )
        )
    return written
