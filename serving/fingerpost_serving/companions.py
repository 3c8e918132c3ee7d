"""What a quoted unit must not be torn from: its lead-in, its conditions, what "it" refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .answers import Block
from .scoring import Numbers
from .units import Unit

LONGEST_LIST = 12
"""Items of a list that are shown together; of a longer one only the best are."""

SHORT_LIST = 5
"""A list of so few items is shown whole, whatever its lead-in says."""

MOST_QUALIFIERS = 2
"""Sentences that may follow a quoted one as its conditions."""

_ALTERNATIVES = re.compile(
    r"\b(?:either|any|one of|example|including|includes?|such as|or|unrhyw|naill ai|enghraifft)\b",
    re.IGNORECASE,
)
"""A lead-in with such a word can stand with some of its items; any other needs them all."""

_LIMITING = (
    r"unless|except|however|but|otherwise|only if|even if|"
    r"if (?:not|you do not|you don't)|"
    r"th(?:is|ese|ey) (?:do(?:es)? not|don't|doesn't|only|cannot|will not|won't)|"
    r"th(?:is|ese|e) (?:rules?|limits?|conditions?) (?:do(?:es)? not|only|cannot)|"
    r"there (?:are|is) (?:an? |some |different |other )*(?:exception|rule|limit)s?|"
    r"the only exceptions?|"
    r"oni bai|ac eithrio|ond|fodd bynnag|fel arall|dim ond|nid yw hyn|nid yw'r rhain"
)
_QUALIFIER = re.compile(rf"(?:{_LIMITING})\b", re.IGNORECASE)
"""How a sentence starts that takes back something of the one before it."""

_LEANING = (
    r"its?|this|that|they|their|these|those|such|s?he|both|neither|so|then|"
    r"(?:before|after|until|since|from) (?:then|that|this)|"
    r"you(?:'ll)? (?:(?:can|must|may|will) )?also|"
    r"mae'n|dyma|hyn|rhain|nhw|hefyd|felly"
)
_LEANS_BACK = re.compile(rf"(?:{_LEANING}|{_LIMITING})\b", re.IGNORECASE)
"""How a sentence starts that makes no sense without the one before it."""


def companions(units: Sequence[Unit], anchor: int, scores: Numbers) -> list[int]:
    """Return the units to show together with `units[anchor]`, itself among them, in order.

    A list item brings its lead-in, and every other item unless the lead-in says that one of
    them is enough; a lead-in brings its items; a table row brings the table's lead-in; a
    sentence that leans on the one before it brings that one; and exceptions that follow a
    sentence, list or table come along.

    Arguments:
        scores: one score a unit, by which items of an open list are chosen.
    """
    unit = units[anchor]
    if unit.block is Block.PARAGRAPH and not unit.introduces:
        group = _with_antecedent(units, anchor)
    else:
        group = _with_list(units, anchor, scores)
    return [*group, *qualifiers(units, _last_of_run(units, group[-1]))]


def _with_antecedent(units: Sequence[Unit], anchor: int) -> list[int]:
    group = [anchor]
    before = anchor - 1
    while before >= 0 and _starts(_LEANS_BACK, units[group[0]]) and len(group) < 3:
        if not _same_paragraph(units[before], units[anchor]):
            break
        group.insert(0, before)
        before -= 1
    return group


def _with_list(units: Sequence[Unit], anchor: int, scores: Numbers) -> list[int]:
    unit = units[anchor]
    lead_in = anchor if unit.introduces else unit.lead_in
    items = _items(units, anchor + 1 if unit.introduces else anchor)
    if units[items[0]].block is Block.ROW:
        chosen = [anchor] if unit.block is Block.ROW else _best(items, scores)
    elif len(items) > LONGEST_LIST:
        chosen = _best(items, scores)
    elif lead_in is None:
        chosen = items if unit.ordered else [anchor]
    elif len(items) > SHORT_LIST and _ALTERNATIVES.search(units[lead_in].text):
        chosen = _best(items, scores)
    else:
        chosen = items
    return chosen if lead_in is None else [*_with_antecedent(units, lead_in), *chosen]


def _items(units: Sequence[Unit], one: int) -> list[int]:
    """Return the whole list or table that `units[one]` belongs to."""
    first = last = one
    while first > 0 and _same_run(units[first - 1], units[one]):
        first -= 1
    while last + 1 < len(units) and _same_run(units[last + 1], units[one]):
        last += 1
    return list(range(first, last + 1))


def _best(items: Sequence[int], scores: Numbers) -> list[int]:
    return sorted(sorted(items, key=lambda i: -scores[i])[:SHORT_LIST])


def qualifiers(units: Sequence[Unit], last: int) -> list[int]:
    """Return the sentences after `units[last]` that take something back, with their lists."""
    found: list[int] = []
    index = last + 1
    for _ in range(MOST_QUALIFIERS):
        if index >= len(units) or units[index].evidence != units[last].evidence:
            break
        unit = units[index]
        if unit.block is not Block.PARAGRAPH or not _starts(_QUALIFIER, unit):
            break
        found.append(index)
        if unit.introduces:
            found.extend(_items(units, index + 1)[:LONGEST_LIST])
        index = found[-1] + 1
    return found


def _last_of_run(units: Sequence[Unit], index: int) -> int:
    if units[index].block is Block.PARAGRAPH:
        return index
    return _items(units, index)[-1]


def _same_run(one: Unit, other: Unit) -> bool:
    return one.evidence == other.evidence and one.run == other.run


def _same_paragraph(one: Unit, other: Unit) -> bool:
    return _same_run(one, other) and one.block is Block.PARAGRAPH


def _starts(pattern: re.Pattern[str], unit: Unit) -> bool:
    return pattern.match(unit.text.replace("\u2019", "'")) is not None
