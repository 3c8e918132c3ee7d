"""From table rows in plain text, "Header: value; Header: value", back to a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

Cells = dict[str, str]
"""Values by header; a value that stands alone has the header ""."""

_CELL_END = re.compile(r"; (?=[^;:]{1,120}: )")
"""A cell ends only where the header of another follows, since values may hold semicolons."""


WIDEST_TABLE = 20
"""Headers. A page is not ours: rows whose headers all differ would make a table of the square of
their number, and nobody could read it."""


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows under headers. A row of one cell spans the table, whatever the number of headers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cells_of(row: str) -> Cells:
    """Read one row. What cannot be told apart for certain stays together in one cell."""
    cells: Cells = {}
    for part in _CELL_END.split(row):
        header, colon, value = part.partition(": ")
        if not colon:
            header, value = "", part
        if header in cells:
            return {"": row}
        cells[header] = value
    return cells


def table_of(rows: Sequence[str]) -> Table | None:
    """Set rows in one table: each header is a column, and cells that were left out are empty.

    None when it would be wider than `WIDEST_TABLE`.
    """
    read = [cells_of(row) for row in rows]
    headers: list[str] = []
    for cells in read:
        if _spans(cells):
            continue
        if len({*headers, *cells}) > WIDEST_TABLE:
            return None
        _take_in(headers, cells)
    return Table(
        tuple(headers),
        tuple(
            tuple(cells.values()) if _spans(cells) else tuple(cells.get(h, "") for h in headers)
            for cells in read
        ),
    )


def _spans(cells: Cells) -> bool:
    return list(cells) == [""]


def _take_in(headers: list[str], cells: Cells) -> None:
    """Add headers that are new, each after the one before it in its row."""
    place = 0
    for header in cells:
        if header in headers:
            place = headers.index(header) + 1
        else:
            headers.insert(place, header)
            place += 1
