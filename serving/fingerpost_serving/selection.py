"""Which units make the answer, and in what order they are read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from .companions import companions
from .scoring import UNFIT, Numbers
from .units import Unit
from .words import stems

MOST_TRIED = 40
"""Units, best first, that may join an answer."""


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """How much an answer may hold. What must stand together is never cut to fit."""

    words: int = 90
    units: int = 8
    """Sentences, list items and table rows."""
    margin: float = 0.8
    """How far a unit's score may be below the best one's, as the weights of scoring count."""
    alike: float = 0.8
    """Units that share so much of their words say the same; only one of them is shown."""


DEFAULT_LENGTH = Length()


def select(units: Sequence[Unit], scores: Numbers, length: Length = DEFAULT_LENGTH) -> list[int]:
    """Return the units of the answer in reading order; none when no unit is fit.

    Units join best first, each with its companions, while there is room. Evidence is then
    ordered by the best of its units, and within it units stand as on the page.
    """
    ranked = [int(i) for i in np.argsort(-scores, kind="stable")[:MOST_TRIED]]
    chosen: list[int] = []
    words = 0
    for index in ranked:
        if scores[index] <= UNFIT or scores[index] < scores[ranked[0]] - length.margin:
            break
        if index in chosen:
            continue
        group = [i for i in companions(units, index, scores) if i not in chosen]
        size = sum(len(units[i].text.split()) for i in group)
        full = words + size > length.words or len(chosen) + len(group) > length.units
        if (chosen and full) or _repeats(units, index, chosen, length.alike):
            continue
        chosen += group
        words += size
    return _in_reading_order(units, chosen, scores)


def _repeats(units: Sequence[Unit], index: int, chosen: Sequence[int], alike: float) -> bool:
    words = stems(units[index].text)
    for other in chosen:
        theirs = stems(units[other].text)
        if len(words & theirs) >= alike * max(len(words | theirs), 1):
            return True
    return False


def _in_reading_order(units: Sequence[Unit], chosen: Sequence[int], scores: Numbers) -> list[int]:
    best: dict[int, float] = {}
    for i in chosen:
        piece = units[i].evidence
        best[piece] = max(best.get(piece, UNFIT), float(scores[i]))
    return sorted(chosen, key=lambda i: (-best[units[i].evidence], units[i].evidence, i))
