"""The smallest quotable stretches of evidence: sentences, list items and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from .answers import Block, Evidence
from .sentences import Span, sentence_spans

LONGEST_TEXT = 20_000
"""Characters of one piece of evidence that are read; a passage has about a thousand."""

MOST_UNITS = 200
"""Units of one piece of evidence that are looked at."""

LONGEST_UNIT = 900
"""Characters of a unit that may be quoted; longer ones are no sentence anyone can read."""

MOST_HEADING_WORDS = 8
"""Words of a line that may be a heading."""

_ITEM = re.compile(r"(?:[-*•]|(?P<number>\d{1,3}[.)]))[ \t]+(?=\S)")
_ROW = re.compile(r"\|[ \t]*(?=\S)")
_WORD = re.compile(r"\w+")


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of evidence that can be quoted by itself: `evidence.text[start:end]`."""

    evidence: int
    """Index of the evidence it stands in."""
    start: int
    end: int
    text: str
    block: Block
    run: int
    """Number of its paragraph, list or table within its evidence, from 0."""
    lead_in: int | None = None
    """Index of the unit that introduces its list or table ("You can apply if:")."""
    ordered: bool = False
    """Whether it is a numbered item, one step of several."""
    introduces: bool = False
    """Whether it is such a lead-in itself."""
    heading: str = ""
    """The heading it stands under, if that heading is a line of the evidence's own text."""

    @property
    def is_heading(self) -> bool:
        """Whether it is such a heading, or the words of a link, and says nothing by itself."""
        return self.block is Block.PARAGRAPH and _is_heading(self.text)

    @property
    def quotable(self) -> bool:
        """Whether it can stand in an answer: no heading, and no lead-in whose list is missing."""
        if self.is_heading or len(self.text) > LONGEST_UNIT or not _WORD.search(self.text):
            return False
        return self.introduces or self.block is not Block.PARAGRAPH or self.text[-1] != ":"


class _Line(NamedTuple):
    """The words of a line, without its marker."""

    block: Block
    ordered: bool
    span: Span


class _Run(msgspec.Struct):
    """Lines of one kind that follow one another."""

    block: Block
    ordered: bool
    spans: list[Span]


def units_of(evidence: Sequence[Evidence]) -> list[Unit]:
    """Cut every piece of evidence into units, in order; blocks are told apart by their lines.

    A line that starts with "- " or "1. " is a list item, one that starts with "| " a table row;
    other lines that follow one another are a paragraph, which is cut into sentences.
    """
    units: list[Unit] = []
    for index, piece in enumerate(evidence):
        units += _units_of_piece(index, len(units), piece.text[:LONGEST_TEXT])
    return units


def _units_of_piece(index: int, first: int, text: str) -> list[Unit]:
    """Cut one piece; `first` is the index that its first unit will have."""
    units: list[Unit] = []
    heading = ""
    for number, run in enumerate(_runs(text)):
        lead_in = None
        if run.block is not Block.PARAGRAPH and units and _leads_in(units[-1]):
            units[-1] = msgspec.structs.replace(units[-1], introduces=True)
            lead_in = first + len(units) - 1
        for span in _unit_spans(run, text):
            unit = Unit(
                evidence=index,
                start=span.start,
                end=span.end,
                text=text[span.start : span.end],
                block=run.block,
                run=number,
                lead_in=lead_in,
                ordered=run.ordered,
                heading=heading,
            )
            units.append(unit)
            if unit.is_heading:
                heading = unit.text
            if len(units) == MOST_UNITS:
                return units
    return units


def _leads_in(unit: Unit) -> bool:
    return unit.block is Block.PARAGRAPH and unit.text.endswith(":")


def _unit_spans(run: _Run, text: str) -> Iterator[Span]:
    if run.block is not Block.PARAGRAPH:
        yield from run.spans
        return
    lines = run.spans
    while len(lines) > 1 and _is_heading(text[slice(*lines[0])]):
        # Short sections that share a passage start with a line that is their heading.
        if not _starts_sentence(text[slice(*lines[1])]):
            break
        yield lines[0]
        lines = lines[1:]
    start, end = lines[0].start, lines[-1].end
    for span in sentence_spans(text[start:end]):
        yield Span(start + span.start, start + span.end)


def _is_heading(line: str) -> bool:
    """Tell a heading from a sentence: few words, no figure, no stop at the end."""
    if line[-1] in ".!?:;,…”\"')" or any(character.isdigit() for character in line):
        return False
    return len(_WORD.findall(line)) <= MOST_HEADING_WORDS


def _starts_sentence(line: str) -> bool:
    return not line[0].islower() and (line[-1] in ".!?:…”\"')" or len(_WORD.findall(line)) > 6)


def _runs(text: str) -> Iterator[_Run]:
    """Group the lines of a text; a blank line ends a paragraph, but not a list or a table."""
    run: _Run | None = None
    for line in _lines(text):
        if line is None:
            if run is not None and run.block is Block.PARAGRAPH:
                yield run
                run = None
        elif run is not None and (run.block, run.ordered) == line[:2]:
            run.spans.append(line.span)
        else:
            if run is not None:
                yield run
            run = _Run(line.block, line.ordered, [line.span])
    if run is not None:
        yield run


def _lines(text: str) -> Iterator[_Line | None]:
    """Tell what each line is; None for a blank one."""
    position = 0
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        end = start + len(line.rstrip())
        start = end - len(text[start:end].lstrip())
        if start == end:
            yield None
        elif item := _ITEM.match(text, start, end):
            yield _Line(Block.ITEM, item["number"] is not None, Span(item.end(), end))
        elif row := _ROW.match(text, start, end):
            yield _Line(Block.ROW, False, Span(row.end(), end))
        else:
            yield _Line(Block.PARAGRAPH, False, Span(start, end))
