"""A section's text taken apart: paragraphs, lists and tables, and the smallest pieces of each.

A line that starts with "- " or "1. " is an item of a list, one that starts with "| " a row of
a table; other lines are prose. A blank line ends a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

# ruff: noqa: RUF001 -- typographic quotation marks are what guidance is written with

_ITEM = re.compile(r"[^\S\n]*(?:[-*•] |\d{1,3}[.)] |\| )")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9£€À-Þ])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"'“‘])(?:[A-Za-z]|e\.g|i\.e|h\.y|Mr|Mrs|Ms|Dr|Prof|St|Rev|Nos?|paras?|art|sec|"
    r"regs?|vol|pp|tel|ext|cf|vs|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s+$"
)
_ABBREVIATION_REACH = 12
"""Characters before the end of a sentence among which the longest abbreviation fits."""


class Unit(msgspec.Struct, frozen=True):
    """What is never cut: a sentence, an item of a list, a row of a table."""

    text: str
    separator: str
    """What stands between it and the unit before: a space, a line break or a blank line."""
    is_item: bool = False


class Block(msgspec.Struct, frozen=True):
    """What is cut only where it does not fit whole: a paragraph, a list or a table."""

    units: tuple[Unit, ...]
    has_lead_in: bool = False
    """Whether the first unit introduces the others, so that none of them stands without it."""


def blocks(text: str) -> list[Block]:
    """Return the blocks of a section in order; a lead-in goes with what it introduces."""
    found: list[Block] = []
    for run in _runs(text):
        introduced = bool(found) and run[0].is_item and _introduces(found[-1].units[-1])
        if introduced:
            *prose, lead_in = found.pop().units
            if prose:
                found.append(Block(tuple(prose)))
            run.insert(0, lead_in)
        found.append(Block(tuple(run), has_lead_in=introduced))
    return found


def joined(units: Sequence[Unit]) -> str:
    """Return the text of some units, without the separator of the first."""
    return "".join(
        unit.text if index == 0 else unit.separator + unit.text for index, unit in enumerate(units)
    )


def _introduces(unit: Unit) -> bool:
    return not unit.is_item and unit.text.endswith(":")


def _runs(text: str) -> Iterator[list[Unit]]:
    """Yield the items that follow each other, and the prose up to a blank line or an item."""
    run: list[Unit] = []
    for unit in _units(text):
        ends_prose = not unit.is_item and unit.separator == "\n\n"
        if run and (ends_prose or unit.is_item != run[0].is_item):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _units(text: str) -> Iterator[Unit]:
    separator = "\n\n"
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped:
            separator = "\n\n"
        elif _ITEM.match(line):
            # Indentation says how deep in its list an item stands.
            yield Unit(line.rstrip(), separator, is_item=True)
            separator = "\n"
        else:
            for sentence in sentences(stripped):
                yield Unit(sentence, separator)
                separator = " "
            separator = "\n"


def sentences(line: str) -> Iterator[str]:
    """Yield the sentences of a line. In doubt there is no boundary, so that none is cut."""
    start = 0
    for ending in _SENTENCE_END.finditer(line):
        reach = line[max(start, ending.end() - _ABBREVIATION_REACH) : ending.end()]
        if _ABBREVIATION.search(reach) is None:
            yield line[start : ending.end()].rstrip()
            start = ending.end()
    if start < len(line):
        yield line[start:]
