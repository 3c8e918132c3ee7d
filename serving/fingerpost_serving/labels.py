"""Headings that a sentence needs beside it, because it holds only for what they name."""

from __future__ import annotations

from collections.abc import Sequence

from .answers import Block, Evidence
from .nations import ALL_NATIONS, nations_named
from .units import Unit

LONGEST_LABEL = 120
"""Characters; a longer heading is no label."""


def headings_of(unit: Unit, piece: Evidence) -> tuple[str, ...]:
    """Return the headings over a unit, from the nearest to the title of its page."""
    return (*filter(None, (unit.heading, *reversed(piece.heading_path))), piece.title)


def label_of(units: Sequence[Unit], index: int, evidence: Sequence[Evidence]) -> str:
    """Return the heading to put before a unit, or "" when it needs none.

    It needs the nearest heading that names nations of the UK, though not all of them, unless it
    says itself for which of these it holds. What has a lead-in leaves the label to that. A list
    item that starts in mid-sentence and has no lead-in needs its heading.
    """
    unit = units[index]
    if unit.lead_in is not None:
        return ""
    headings = headings_of(unit, evidence[unit.evidence])
    said = nations_named(unit.text)
    for heading in headings:
        if limit := nations_named(heading):
            is_said = bool(said) and said <= limit
            return "" if is_said or ALL_NATIONS in (limit, said) else _as_label(heading)
    torn = unit.block is Block.ITEM and unit.text[:1].islower()
    return _as_label(headings[0]) if torn else ""


def _as_label(heading: str) -> str:
    label = " ".join(heading.split()).rstrip(":.")
    return label if len(label) <= LONGEST_LABEL else ""
