"""The probability that what a search found answers its question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from ..types import Hit
from .signals import SIGNALS, Signals, signals_of

WEIGHTS = "weights.json"


class Answerability(msgspec.Struct, frozen=True, kw_only=True):
    """A logistic regression on the signals of a search, for one embedder.

    Example:
        judge = answerability_for(embedder.digest)
        found = index.search(question)
        if judge is not None and judge.probability(question, found.hits) < 0.5:
            ...  # say that there is no guidance on it
    """

    embedder: str
    """Digest of the embedder whose cosines it was fitted on."""
    signals: tuple[str, ...]
    """Names of the signals, in the order of the weights; see `SIGNALS`."""
    weights: tuple[float, ...]
    offset: float
    locales: tuple[str, ...] = ("en",)
    """Languages of the guidance that it was fitted on; in others it knows nothing."""

    def probability(self, question: str, hits: Sequence[Hit], *, share: float = 0.5) -> float:
        """Return the probability, 0 to 1, that the hits of a search answer its question.

        Arguments:
            question: as it was searched for.
            hits: best first; the first eight are looked at.
            share: of all questions that are asked, those that the guidance answers, if known.
                The weights were fitted where it is a half.
        """
        odds = math.exp(self._logit(signals_of(question, hits))) * share / (1 - share)
        return odds / (1 + odds)

    def of_signals(self, signals: Signals) -> float:
        """Return the probability for signals that have been read already."""
        return 1 / (1 + math.exp(-self._logit(signals)))

    def _logit(self, signals: Signals) -> float:
        return float(signals @ np.array(self.weights)) + self.offset


def answerability_for(embedder: str) -> Answerability | None:
    """Return the weights for an embedder's digest; None for one that nothing was fitted for.

    Raises `ValueError` if the weights were fitted for other signals than this package reads.
    """
    shipped = _shipped()
    if tuple(SIGNALS) != shipped.signals:
        raise ValueError(
            "the weights of answerability were fitted for other signals: fit them again with "
            "`python -m tests.quality.answerability DATA MODEL --write`"
        )
    return shipped if shipped.embedder == embedder else None


@cache
def _shipped() -> Answerability:
    content = files(__package__).joinpath(WEIGHTS).read_bytes()
    return msgspec.json.decode(content, type=Answerability)
