"""How well each unit of the evidence fits the question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from .answers import Evidence
from .figures import asks_for_figure, has_figure
from .labels import headings_of
from .nations import nations_named, nations_of
from .units import Unit
from .words import content_stems, coverage, rarity, stems

Numbers = NDArray[np.float64]
Similarity = Callable[[Sequence[str]], NDArray[np.float32]]
"""Gives the cosine of each text to the question."""

MOST_EMBEDDED = 24
"""Units a question that are embedded; the others have too little for them to be the answer."""

UNFIT = -99.0
"""Score of units that are not quotable, or too many to be looked at closely."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What each sign of a good unit counts for in its score.

    Set by hand on half the pages of conditionalqa, and on seventy short questions to the sample
    pages, since conditionalqa's are long; tests/quality/conditionalqa_extraction.py has the
    figures of the other half.
    """

    relevance: float = 1.0
    """The search's own score of the passage, from 0 (the last) to 1 (the first)."""
    similarity: float = 5.0
    """Cosine of the question and the unit, read with title, heading and lead-in."""
    coverage: float = 0.5
    """Share of the question's words in the unit and its lead-in, rare ones weighing more."""
    figure: float = 0.4
    """The question asks for a figure, and the unit has one."""
    nation: float = 1.5
    """Taken off when the unit holds for other nations than the one asked about."""
    opening: float = 0.1
    """For a passage's first unit, half for its second, a third for its third …"""


WEIGHTS = Weights()


class Scored(msgspec.Struct, frozen=True):
    """The units' scores, and their cosines to the question; arrays are `(units,)`."""

    score: Numbers
    similarity: Numbers
    """0 for units that were not embedded."""


def relevance_of(evidence: Sequence[Evidence], given: Sequence[float] | None) -> Numbers:
    """Bring the search's scores to 0 … 1; without any, the order of the evidence decides."""
    if given is None:
        return 1 - np.arange(len(evidence)) / max(len(evidence), 1)
    scores = np.nan_to_num(np.asarray(given[: len(evidence)], dtype=np.float64))
    spread = float(np.ptp(scores))
    return (scores - scores.min()) / spread if spread > 0 else np.ones(len(scores))


def in_context(units: Sequence[Unit], index: int, evidence: Sequence[Evidence]) -> str:
    """Return a unit as it is embedded: after title, heading and lead-in."""
    unit = units[index]
    piece = evidence[unit.evidence]
    heading = unit.heading or "".join(piece.heading_path[-1:])
    place = ": ".join(dict.fromkeys(filter(None, (piece.title, heading))))
    lead_in = f"{units[unit.lead_in].text} " if unit.lead_in is not None else ""
    return f"{place}: {lead_in}{unit.text}"


def score_units(
    question: str,
    evidence: Sequence[Evidence],
    units: Sequence[Unit],
    *,
    relevance: Numbers,
    similarity: Similarity | None,
    nation: str | None = None,
) -> Scored:
    """Score every unit for the question.

    Arguments:
        relevance: `(len(evidence),)`, 0 to 1, from `relevance_of`.
        similarity: gives the cosines of texts to the question; without it, words decide.
        nation: the asker's; one that the question itself names goes before it.
    """
    asked = nations_named(question) or frozenset(filter(None, (nation,)))
    score = (
        WEIGHTS.relevance * relevance[[unit.evidence for unit in units]]
        + WEIGHTS.coverage * _coverage(question, units)
        + WEIGHTS.opening * _opening(units)
        - WEIGHTS.nation * _holds_elsewhere(asked, evidence, units)
    )
    if asks_for_figure(question):
        score += WEIGHTS.figure * np.array([has_figure(unit.text) for unit in units])
    quotable = np.array([unit.quotable for unit in units], dtype=bool)
    if similarity is None:
        return Scored(np.where(quotable, score, UNFIT), np.zeros(len(units)))
    ranked = np.argsort(np.where(quotable, -score, np.inf), kind="stable")
    chosen = ranked[: min(MOST_EMBEDDED, int(quotable.sum()))]
    cosines = np.zeros(len(units))
    cosines[chosen] = similarity([in_context(units, int(i), evidence) for i in chosen])
    fit = np.isin(np.arange(len(units)), chosen)
    return Scored(np.where(fit, score + WEIGHTS.similarity * cosines, UNFIT), cosines)


def _coverage(question: str, units: Sequence[Unit]) -> Numbers:
    words = [stems(unit.text) for unit in units]
    terms = rarity(words, content_stems(question))
    return np.array(
        [
            coverage(terms, own | words[unit.lead_in] if unit.lead_in is not None else own)
            for unit, own in zip(units, words, strict=True)
        ]
    )


def _opening(units: Sequence[Unit]) -> Numbers:
    seen: Counter[int] = Counter()
    values = np.zeros(len(units))
    for i, unit in enumerate(units):
        # What cannot be quoted does not push back what can.
        seen[unit.evidence] += unit.quotable
        values[i] = 1 / max(seen[unit.evidence], 1)
    return values


def _holds_elsewhere(
    asked: frozenset[str], evidence: Sequence[Evidence], units: Sequence[Unit]
) -> Numbers:
    values = np.zeros(len(units))
    if not asked:
        return values
    for i, unit in enumerate(units):
        around = (units[unit.lead_in].text,) if unit.lead_in is not None else ()
        limit = nations_of((unit.text, *around, *headings_of(unit, evidence[unit.evidence])))
        values[i] = bool(limit and not limit & asked)
    return values
