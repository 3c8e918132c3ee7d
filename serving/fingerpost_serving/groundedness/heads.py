"""The learned part of the check: small logistic heads over named signs, read from `heads.json`.

`heads.md` is their model card, and names the command that fits them again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

logger = logging.getLogger(__name__)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Weighs signs; the more, the likelier is the sentence true to its passages."""

    weights: dict[str, float]
    offset: float
    least: float
    """A sentence that weighs less is withheld."""
    doubtful: tuple[float, float] = (0.0, 0.0)
    """From where to where a dearer head must be asked; empty when there is none."""

    def score(self, signs: Mapping[str, float]) -> float:
        """Return the weight (a logit) of signs; those that are not named are 0."""
        return self.offset + sum(
            weight * signs.get(name, 0.0) for name, weight in self.weights.items()
        )


class Heads(msgspec.Struct, frozen=True, kw_only=True):
    """What the check has learned."""

    format: int
    turning: Head
    """Whether a sentence turns what its passages say."""
    words: Head
    """Whether the passages hold a sentence, by words alone."""
    vectors: Head
    """The same with vectors, where words leave it in doubt."""
    embedder: str
    """Digest of the embedder that `vectors` was fitted on: it holds for no other."""


@cache
def shipped_heads() -> Heads:
    """Return the heads that come with the package."""
    text = files(__package__).joinpath("heads.json").read_bytes()
    return msgspec.json.decode(text, type=Heads)
