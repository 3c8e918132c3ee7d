"""Where a finished stretch of text goes: the page, a list, a table cell, or a boxed block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from fingerpost_knowledge_hub.markup.outline import Outline

MAX_INDENT = 8
"""Levels of a list in lists that are still indented; deeper ones stay at this indentation."""


class Sink(Protocol):
    """Takes text, and can give up what it holds when a table must come in between."""

    def write(self, lines: list[str]) -> None:
        """Take a stretch of text, one string for each line that the page breaks on purpose."""

    def settle(self, outline: Outline) -> None:
        """Move what was taken so far to the page; what follows starts a block of its own."""


class PageSink:
    """The running text of a page: every stretch is a block."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    def write(self, lines: list[str]) -> None:
        self._outline.block(lines)

    def settle(self, outline: Outline) -> None:
        """A page holds nothing back."""


class BoxSink:
    """A contact, an address or an attachment: all its lines are one block."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def write(self, lines: list[str]) -> None:
        self._lines.extend(lines)

    def settle(self, outline: Outline) -> None:
        outline.block(self.take())

    def take(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines


class CellSink:
    """A cell of a table: everything in it is one line."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def write(self, lines: list[str]) -> None:
        self._pieces.extend(lines)

    def settle(self, outline: Outline) -> None:
        """A cell keeps what it holds: a table within it is part of its text."""

    def text(self) -> str:
        return run_on(self._pieces)


class ListSink:
    """A list with the lists in it: one line an item, numbered where the order counts."""

    def __init__(self) -> None:
        self._counters: list[int | None] = []
        self._items: list[_Item] = []
        self._open: list[_Item] = []

    def open_level(self, first: int | None) -> None:
        """Start a list; `first` is the number of its first item, None without numbers."""
        self._counters.append(first)

    def close_level(self) -> None:
        self._counters.pop()

    def open_item(self) -> None:
        number = self._counters[-1]
        if number is not None:
            self._counters[-1] = number + 1
        item = _Item("-" if number is None else f"{number}.", len(self._counters))
        self._items.append(item)
        self._open.append(item)

    def close_item(self) -> None:
        self._open.pop()

    def define(self) -> None:
        """What follows in the last item defines what came before ("term: definition")."""
        self._last().define()

    def write(self, lines: list[str]) -> None:
        item = self._open[-1] if self._open else self._last()
        item.pieces.extend(lines)

    def settle(self, outline: Outline) -> None:
        outline.block(self.lines())
        self._items = [_Item(item.marker, item.depth) for item in self._open]
        self._open = self._items.copy()

    def lines(self) -> Iterator[str]:
        """A line for each item that says something, indented below the one that it belongs to."""
        around: list[int] = []
        for item in self._items:
            if item.pieces:
                while around and around[-1] >= item.depth:
                    around.pop()
                yield "  " * min(len(around), MAX_INDENT) + f"{item.marker} {item.text()}"
                around.append(item.depth)

    def _last(self) -> _Item:
        if not self._items:
            self._items.append(_Item("-", len(self._counters)))
        return self._items[-1]


class _Item:
    """One item of a list in the making."""

    def __init__(self, marker: str, depth: int) -> None:
        self.marker = marker
        self.depth = depth
        self.pieces: list[str] = []
        self._term_ends: int | None = None

    def define(self) -> None:
        if self._term_ends is None:
            self._term_ends = len(self.pieces)

    def text(self) -> str:
        if not self._term_ends:
            return run_on(self.pieces)
        term, definition = self.pieces[: self._term_ends], self.pieces[self._term_ends :]
        return ": ".join(filter(None, (run_on(term).rstrip(":"), run_on(definition))))


def run_on(pieces: Iterable[str]) -> str:
    """Pieces of text as one line, with a comma between where none ends with a mark."""
    line = ""
    for piece in pieces:
        if line:
            line += " " if line[-1] in ".,;:!?" else ", "
        line += piece
    return line
