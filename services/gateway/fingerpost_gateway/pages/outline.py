"""The sections of a page with headings of the right level, and its table of contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from fingerpost_gateway.pages.blocks import Block, parse_blocks
from fingerpost_knowledge_hub import Document

DEEPEST_HEADING = 6
"""HTML has no more levels."""


class Heading(msgspec.Struct, frozen=True):
    """A heading; the page's title has level 1."""

    level: int
    text: str
    anchor: str = ""
    """Where to jump to; empty for a heading that only stands around others."""


class ShownSection(msgspec.Struct, frozen=True):
    """A section with the headings that begin with it: its own, and any around it not yet shown."""

    anchor: str
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]


def shown_sections(document: Document) -> tuple[ShownSection, ...]:
    """Make the sections of a page ready for the template."""
    return tuple(_sections(document))


def contents(sections: Iterable[ShownSection]) -> tuple[Heading, ...]:
    """The headings of the first level that can be jumped to."""
    return tuple(
        heading
        for section in sections
        for heading in section.headings
        if heading.level == 2 and heading.anchor
    )


def _sections(document: Document) -> Iterator[ShownSection]:
    above: tuple[str, ...] = ()
    for section in document.sections:
        path = section.heading_path
        headings = [
            Heading(
                min(depth + 2, DEEPEST_HEADING),
                text,
                section.anchor if depth == len(path) - 1 else "",
            )
            for depth, text in enumerate(path)
            if path[: depth + 1] != above[: depth + 1]
        ]
        above = path
        yield ShownSection(section.anchor, tuple(headings), parse_blocks(section.text))
