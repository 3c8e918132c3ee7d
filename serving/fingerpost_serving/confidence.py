"""How sure one may be that the evidence answers the question at all."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

import msgspec
import numpy as np

from .answers import Evidence
from .scoring import Scored
from .units import LONGEST_TEXT, Unit
from .words import content_stems, stems

logger = logging.getLogger(__name__)


class Signs(msgspec.Struct, frozen=True):
    """What the confidence is reckoned from."""

    similarity: float
    """Cosine of the best unit to the question; 0 without an embedder."""
    coverage: float
    """Share of the question's words that the best unit's page mentions.

    A page that does not even mention what a question is about ("dog") does not answer it,
    however near its subject is.
    """


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """From two signs to a probability, by logistic regression, for one embedder.

    Fitted by `tests/quality/confidence_calibration.py` on questions to conditionalqa and
    doc2dial with their answers in the evidence, with only these taken away, with their whole
    page taken away, and on questions to other services (clinc150).
    """

    embedder: str
    """Digest of the embedder whose cosines it was fitted on; "" for words alone."""
    similarity: float
    """Weight of that sign."""
    coverage: float
    """Weight of that sign."""
    offset: float

    def confidence(self, signs: Signs) -> float:
        """Return the probability, 0 to 1, that the evidence answers the question."""
        logit = self.similarity * signs.similarity + self.coverage * signs.coverage + self.offset
        return 1 / (1 + math.exp(-logit))


MINILM = Calibration(
    embedder="6fe0003fbb3615ad7de1c40324437396", similarity=5.14, coverage=1.39, offset=-3.73
)
"""all-MiniLM-L6-v2, int8, as `fingerpost_retrieval.minilm` builds it."""

WORDS_ALONE = Calibration(embedder="", similarity=0.0, coverage=2.63, offset=-1.47)
"""Without an embedder, or with one that nothing was measured for."""


def calibration_for(digest: str) -> Calibration:
    """Return the calibration for an embedder's digest; for an unknown one, words decide."""
    if digest == MINILM.embedder:
        return MINILM
    if digest:
        logger.warning(
            "No confidence was calibrated for the embedder %s: whether to answer is decided by "
            "words alone. Calibrate with tests/quality/confidence_calibration.py and pass the "
            "result to ExtractiveAnswerer.",
            digest,
        )
    return WORDS_ALONE


def signs_of(
    question: str, evidence: Sequence[Evidence], units: Sequence[Unit], scored: Scored
) -> Signs:
    """Read the signs from units that `score_units` has scored."""
    best = int(np.argmax(scored.score))
    title = evidence[units[best].evidence].title
    said = stems(title)
    for piece in evidence:
        if piece.title == title:
            said |= stems(" ".join((*piece.heading_path, piece.text[:LONGEST_TEXT])))
    terms = content_stems(question)
    coverage = len(terms & said) / len(terms) if terms else 0.0
    return Signs(float(scored.similarity[best]), coverage)
