"""From the plain block format of guidance (`Section.text`) to paragraphs, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from fingerpost_gateway.pages.rows import Table, table_of

DEEPEST_LIST = 8
"""Levels of lists within lists that are told apart; what is deeper stands at the last."""

_ITEM = re.compile(r"(?P<indent> *)(?P<sign>-|\d{1,3}\.) (?P<text>.*)")
_ROW_SIGN = "| "


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Lines that belong together; more than one for an address or contact."""

    lines: tuple[str, ...]


class Item(msgspec.Struct, frozen=True):
    """An item of a list, with the lists inside it."""

    text: str
    inner: tuple[ItemList, ...] = ()


class ItemList(msgspec.Struct, frozen=True, tag="list"):
    """A list with or without numbers."""

    ordered: bool
    items: tuple[Item, ...]


Block = Paragraph | ItemList | Table


def block_kind(block: Block) -> str:
    """Name of the block's kind, by which templates choose."""
    return str(type(block).__struct_config__.tag)


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Read a section's text. Nothing is lost: what fits no other form is a paragraph."""
    lines = text.split("\n")
    return tuple(
        block
        for blank, group in groupby(lines, key=lambda line: not line.strip())
        if not blank
        for block in _blocks(group)
    )


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    for form, group in groupby(lines, key=_form):
        if form == "item":
            yield from _lists([_line_of_list(line) for line in group])
        elif form == "row":
            yield from _rows([line.removeprefix(_ROW_SIGN).strip() for line in group])
        else:
            yield Paragraph(tuple(line.strip() for line in group))


def _rows(rows: list[str]) -> Iterator[Table | Paragraph]:
    if table := table_of(rows):
        yield table
    else:
        yield from (Paragraph((row,)) for row in rows)


def _form(line: str) -> str:
    if line.startswith(_ROW_SIGN):
        return "row"
    return "item" if _ITEM.fullmatch(line) else "line"


class _ListLine(msgspec.Struct, frozen=True):
    level: int
    ordered: bool
    text: str


def _line_of_list(line: str) -> _ListLine:
    indent, sign, text = _ITEM.fullmatch(line).groups()  # type: ignore[union-attr]
    return _ListLine(min(len(indent) // 2, DEEPEST_LIST), sign != "-", text)


def _lists(lines: list[_ListLine]) -> Iterator[ItemList]:
    position = 0
    while position < len(lines):
        made, position = _list_from(lines, position)
        yield made


def _list_from(lines: list[_ListLine], position: int) -> tuple[ItemList, int]:
    """The list that begins at `position`, and where it ends: at a lower level or another sign."""
    first = lines[position]
    items: list[Item] = []
    while position < len(lines) and lines[position].level >= first.level:
        line = lines[position]
        if line.level > first.level:
            inner, position = _list_from(lines, position)
            items[-1] = Item(items[-1].text, (*items[-1].inner, inner))
        elif line.ordered != first.ordered:
            break
        else:
            items.append(Item(line.text))
            position += 1
    return ItemList(first.ordered, tuple(items)), position
