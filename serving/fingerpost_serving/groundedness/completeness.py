"""Limits and exceptions beside what an answer says, that it must not leave out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..answers import AnswerSentence, Evidence
from ..companions import companions, qualifiers
from ..extractive import sentences_of
from ..scoring import Similarity, relevance_of, score_units
from ..units import Unit, units_of
from ..words import content_stems
from .quantities import figures
from .source import without_contacts

MOST_ADDED = 3
"""Sentences, list items and table rows that are added to one answer."""

MARGIN = 0.6
"""How far a unit may be below the best one, as the weights of scoring count, to be added."""

BEARING = 0.34
"""Share of the question's words that a unit must have to be added."""

SAID = 0.6
"""A unit of whose words so many were said is not added."""

_EXCEPTION = re.compile(
    r"\b(?:unless|except|excluding|however|only if|does not apply|do not apply|cannot|can't|must not|"
    r"not eligible|will not|won't|at least|at most|no more than|no later than|up to|within|minimum|"
    r"maximum|deadline|before|until)\b",
    re.IGNORECASE,
)


def omitted(
    question: str,
    cited: Sequence[Evidence],
    said: Sequence[str],
    *,
    similarity: Similarity | None = None,
    nation: str | None = None,
) -> list[AnswerSentence]:
    """Return limits and exceptions of the cited passages that an answer left out.

    They are the exceptions that follow what the answer rests on ("However, …"), and the units
    that have a figure or an exception and bear on the question about as much as the best one.

    Arguments:
        cited: the passages that were cited; the sentences returned cite them by their place.
        said: the sentences that were shown.
        similarity: gives the cosines of texts to the question; without it, words decide.
    """
    units = units_of(cited)
    if not any(unit.quotable for unit in units):
        return []
    scored = score_units(
        question,
        cited,
        units,
        relevance=relevance_of(cited, None) * 0,
        similarity=similarity,
        nation=nation,
    ).score
    words = [content_stems(text) for text in said]
    all_said = frozenset[str]().union(*words)
    rests_on = {_rest(units, each) for each in words if each}
    wanted = [each for i in rests_on for each in qualifiers(units, i)]
    best = float(np.max(scored))
    ranked = [int(i) for i in np.argsort(-scored, kind="stable")]
    asked = content_stems(question)
    wanted += [
        i
        for i in ranked
        if scored[i] >= best - MARGIN and _bears_on(asked, units, i) and _limits(units[i])
    ]
    chosen: list[int] = []
    for index in wanted:
        if index in chosen or not units[index].quotable or _is_said(units[index], words, all_said):
            continue
        group = [i for i in companions(units, index, scored) if i not in chosen]
        if len(chosen) + len(group) <= MOST_ADDED:
            chosen += group
    return sentences_of(units, sorted(chosen), cited)


def _rest(units: Sequence[Unit], words: frozenset[str]) -> int:
    """Return the unit that a sentence most likely rests on."""
    return max(range(len(units)), key=lambda i: len(words & content_stems(units[i].text)))


def _bears_on(asked: frozenset[str], units: Sequence[Unit], index: int) -> bool:
    """Whether a unit, with its lead-in, speaks of what is asked."""
    unit = units[index]
    words = content_stems(unit.text)
    if unit.lead_in is not None:
        words |= content_stems(units[unit.lead_in].text)
    return len(asked & words) >= BEARING * len(asked)


def _limits(unit: Unit) -> bool:
    found = figures(without_contacts(unit.text))
    certain = any(each.certain for each in found.quantities)
    return certain or bool(found.dates) or _EXCEPTION.search(unit.text) is not None


def _is_said(unit: Unit, said: Sequence[frozenset[str]], all_said: frozenset[str]) -> bool:
    words = content_stems(unit.text)
    if any(len(words & each) >= SAID * len(words) for each in said):
        return True
    return len(words & all_said) >= 0.75 * len(words)
