"""How good the guidance must be to answer from it: the figures, and where they come from.

Measured on two indexes: 59 GOV.UK pages of conditionalqa, cut to their first three sections and
those that answer (306 passages), and the 235 pages of doc2dial (2,210 passages). Answerable are
conditionalqa's questions, alone and with their story, and doc2dial's opening questions. Not
answerable are 1,075 citizens' questions whose page is not in the index, alone and with their
story (conditionalqa_pages, benign_citizen_questions), doc2dial's questions for the first index,
and clinc150's questions to a bank or a diary. The least `fit` is where the share of answerable
questions let through, less that of the others, is greatest on average; where a range is as good,
it is the careful end (0.69 to 0.72 with MiniLM: 62% and 86% of conditionalqa's and 89% of
doc2dial's answerable questions are let through, and 0.5% to 18% of the others by set).
`tests/quality/decide_calibration.py` measures it again. The answerer's confidence adds little to
it (its own threshold beside this one would turn away a fifth of the answerable questions), so
only its worst answers are declined; without an embedder it knows no more than the fit.

None of this sees that a page is about the matter and yet does not hold the answer: with the
answering passage taken away, 57 of 100 questions to conditionalqa are still let through.

MiniLM has learnt no Welsh: its cosines let 7 of 16 Welsh questions on other matters through to
the sample's Welsh pages, words alone none, and 9 of 16 on their matters.
"""

from __future__ import annotations

import logging

import msgspec

logger = logging.getLogger(__name__)


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """When to answer. The figures hold for the embedder they were measured with, and no other."""

    embedder: str
    """Digest of that embedder; empty for search by words alone."""
    locales: tuple[str, ...]
    """Languages that the embedder knows; guidance in others is judged by words alone."""
    fit: float
    """Least fit of the hits (see `Decider`) to answer from them."""
    coverage: float
    """Weight in the fit of the share of the question's words that a passage holds."""
    agreement: float
    """Weight in the fit of the share of the best passages that are of one page."""
    confidence: float
    """Least confidence of the extractive answerer, 0 to 1."""


MINILM = Thresholds(
    embedder="6fe0003fbb3615ad7de1c40324437396",
    locales=("en",),
    fit=0.72,
    coverage=0.15,
    agreement=0.2,
    confidence=0.25,
)
"""all-MiniLM-L6-v2, int8, as `fingerpost_retrieval.minilm` builds it."""

WORDS_ALONE = Thresholds(
    embedder="", locales=(), fit=0.9, coverage=0.5, agreement=0.5, confidence=0.0
)
"""BM25 without an embedder: fewer answers, since other words for the same thing are not seen."""


def thresholds_for(embedder: str) -> Thresholds:
    """Return the thresholds for an embedder's digest.

    For an embedder that nothing was measured for, the words decide as if there were none: its
    cosines mean something else, and a wrong threshold would answer what it should not.
    """
    if embedder == MINILM.embedder:
        return MINILM
    if embedder:
        logger.warning(
            "No thresholds were measured for the embedder %s: whether to answer is decided by "
            "words alone. Measure them with tests/quality/decide_calibration.py and pass them "
            "to the pipeline.",
            embedder,
        )
    return WORDS_ALONE
