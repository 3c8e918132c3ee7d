"""A learned ranker: one weight a signal, made for one embedder.

The weights are few on purpose: gradient-boosted trees over thirty signals gained more on the
sets that they were trained on and lost on every other (see the decision record 0005).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..types import Evidence

HEADS = "heads.json"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Weights by signal (`evidence.FEATURES`); a signal that is not named counts for nothing."""

    name: str
    embedder: str
    """Digest of the embedder whose cosines it weighs."""
    question: dict[str, float]
    """For a question that stands for itself."""
    followup: dict[str, float]
    """For a question in its context, whose last turn alone has signals as well."""

    def scores(self, evidence: Evidence, *, has_context: bool) -> NDArray[np.float32]:
        """Return the worth of each candidate, `(candidates,) float32`: differences count."""
        weights = self.followup if has_context else self.question
        total = np.zeros(len(evidence.values), dtype=np.float32)
        for feature, weight in weights.items():
            total += np.float32(weight) * np.nan_to_num(evidence.column(feature))
        return total


def head_for(embedder: str) -> Head | None:
    """Return the head that was made for an embedder, by its digest; None if there is none."""
    return _heads().get(embedder)


@cache
def _heads() -> dict[str, Head]:
    content = files(__package__).joinpath(HEADS).read_bytes()
    return {head.embedder: head for head in msgspec.json.decode(content, type=list[Head])}
