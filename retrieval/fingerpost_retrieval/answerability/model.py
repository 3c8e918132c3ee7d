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

        Raises `ValueError` for a share that is none.
        """
        if not 0 <= share <= 1:
            raise ValueError(f"share is {share}: give a number from 0 to 1")
        at_half = self.of_signals(signals_of(question, hits))
        answerable, other = at_half * share, (1 - at_half) * (1 - share)
        return answerable / (answerable + other) if answerable else 0.0

    def of_signals(self, signals: Signals) -> float:
        """Return the probability for signals that have been read already."""
        return 0.5 * (1 + math.tanh(self._logit(signals) / 2))

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
