"""Tables as lines of text: every row with its headers, so that each can be read alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.markup.outline import MAX_HEADING

MAX_COLUMNS = 256
"""Columns that spans may reach; a span beyond is cut."""

MAX_CELLS = 200_000
"""Most cells, spans counted, of one table."""


class Cell(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One cell as it was written. Cells are told apart by identity, not by their text."""

    text: str
    heading: bool = False
    """Whether it is a `th`."""
    columns: int = 1
    rows: int = 1


class Row(NamedTuple):
    """One row as it was written."""

    cells: list[Cell]
    in_head: bool
    """Whether it stands in a `thead`."""


Grid = list[list[Cell | None]]


def table_lines(rows: Sequence[Row]) -> Iterator[str]:
    """One line a row: "| Header: value; Header: value".

    Cells that span columns come once, with the headers of all of them; cells that span rows
    come in each row; empty cells are left out. A row of one cell across the whole table and
    values without a header stand alone.

    Raises:
        DocumentError: the table has more than `MAX_CELLS` cells.
    """
    written = [row for row in rows if row.cells]
    grid = _grid(written)
    width = max(map(len, grid), default=0)
    head = _head(written, [_is_title(line, width) for line in grid])
    names = _column_names([grid[number] for number in head], width)
    for number, line in enumerate(grid):
        values = [] if number in head else list(_values(line, names, width))
        if values:
            yield "| " + "; ".join(values)


def _grid(rows: Sequence[Row]) -> Grid:
    """Rows laid out with spans filled in, as HTML's table model does; None where nothing is."""
    grid: Grid = []
    hanging: dict[int, tuple[Cell, int]] = {}
    room = MAX_CELLS
    for row in rows:
        line: list[Cell | None] = []
        last_hanging = max(hanging, default=-1)
        cells = iter(row.cells)
        cell = next(cells, None)
        while cell is not None or len(line) <= last_hanging:
            if len(line) in hanging:
                line.append(_let_hang(hanging, len(line)))
            elif cell is None:
                line.append(None)
            else:
                for _ in range(min(cell.columns, max(1, MAX_COLUMNS - len(line)))):
                    if cell.rows > 1:
                        hanging[len(line)] = (cell, cell.rows - 1)
                    line.append(cell)
                cell = next(cells, None)
        room -= len(line)
        if room < 0:
            raise DocumentError(f"a table has more than {MAX_CELLS:,} cells: check its spans")
        grid.append(line)
    return grid


def _let_hang(hanging: dict[int, tuple[Cell, int]], column: int) -> Cell:
    cell, rows_left = hanging.pop(column)
    if rows_left > 1:
        hanging[column] = (cell, rows_left - 1)
    return cell


def _is_title(line: Sequence[Cell | None], width: int) -> bool:
    """Whether one cell fills the whole width of a table of several columns."""
    return 1 < width == len(line) and all(cell is line[0] for cell in line)


def _head(rows: Sequence[Row], titles: Sequence[bool]) -> range:
    """The rows at the top that name the columns, below any titles; never all rows.

    A long text is no name of a column, whatever its tag: it would be repeated in every row.
    """
    first = next((number for number, title in enumerate(titles) if not title), 0)
    end = first
    for row, title in zip(rows[first:], titles[first:], strict=True):
        names_columns = row.in_head or (not title and all(cell.heading for cell in row.cells))
        if not names_columns or any(len(cell.text) > MAX_HEADING for cell in row.cells):
            break
        end += 1
    return range(first, end if end < len(rows) else first)


def _column_names(head: Grid, width: int) -> list[str]:
    """The name of every column: its headers from the top down, each once."""
    names: list[str] = []
    for column in range(width):
        texts = [row[column] for row in head if column < len(row)]
        named = dict.fromkeys(cell.text for cell in texts if cell is not None and cell.text)
        names.append(" / ".join(named))
    return names


def _values(row: Sequence[Cell | None], names: Sequence[str], width: int) -> Iterator[str]:
    whole_width = _is_title(row, width)
    column = 0
    while column < len(row):
        cell = row[column]
        end = column + 1
        while end < len(row) and row[end] is cell:
            end += 1
        if cell is not None and cell.text:
            name = "" if whole_width else ", ".join(filter(None, dict.fromkeys(names[column:end])))
            yield f"{name}: {cell.text}" if name else cell.text
        column = end
