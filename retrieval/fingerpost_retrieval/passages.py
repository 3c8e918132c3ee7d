"""Pages into passages: stretches under one heading, of a size that an embedder reads whole."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import msgspec

from ._blocks import Block, Unit, blocks, joined
from .backend import NAMESPACE
from .types import Page, PageSection, Passage

PASSAGE_FORMAT = "headings/1"
"""Names how pages are cut; passages of two formats are never in one index."""

TARGET_TOKENS = 200
SHORT_TOKENS = 25
"""Neighbouring sections that are all below this size share a passage."""

PLACE_CHARACTERS = 300
"""Title and headings are cut here in what is embedded, lest they crowd out the text."""
SPECIAL_TOKENS = 2
CHARACTERS_PER_TOKEN = 8
"""English has four to five. Where there are more, as in a word of a megabyte that is one unknown
token, characters count instead, so that every passage stays of a readable size."""

_WORD = re.compile(r"\w+|[^\w\s]")

CountTokens = Callable[[str], int]


class Stretch(msgspec.Struct, frozen=True):
    """What passages are cut from: a section, or short ones that stand together."""

    heading_path: tuple[str, ...]
    url: str
    blocks: tuple[Block, ...]


class Piece(msgspec.Struct, frozen=True):
    """Units that stay together, and their size in tokens."""

    units: tuple[Unit, ...]
    size: int


class PassageCutter:
    """Cuts pages into passages, always the same way.

    Arguments:
        count_tokens: length of a text in the embedder's tokens.
        max_tokens: what the embedder reads of a text, with its special tokens.
        target_tokens: the size to which the parts of a longer section are brought near.

    A section that fits is one passage. A longer one is parted between its paragraphs, lists
    and tables. One of these that does not fit alone is parted between its sentences, items or
    rows, each part with the sentence that leads in. Only a sentence that is too long by itself
    is parted between words.
    """

    def __init__(
        self,
        count_tokens: CountTokens,
        *,
        max_tokens: int = 256,
        target_tokens: int = TARGET_TOKENS,
    ) -> None:
        self._count = count_tokens
        self._max = max_tokens - SPECIAL_TOKENS
        self._target = target_tokens

    def cut(self, page: Page, tenant: str = "default") -> list[Passage]:
        """Return the passages of a page in order.

        A page without text is one passage that says its description or title.
        """
        found: list[Passage] = []
        for stretch in self._stretches(page):
            for units in self._parts(page.title, stretch):
                found.append(self._passage(page, tenant, stretch, joined(units), len(found)))
        return found

    def _passage(
        self, page: Page, tenant: str, stretch: Stretch, text: str, position: int
    ) -> Passage:
        name = "\n".join((tenant, page.path, page.locale, page.digest, str(position)))
        return Passage(
            id=str(uuid.uuid5(NAMESPACE, name)),
            path=page.path,
            locale=page.locale,
            revision=page.digest,
            title=page.title,
            url=stretch.url,
            heading_path=stretch.heading_path,
            text=text,
            position=position,
            tokens=self._count(text),
            collection=page.collection,
            tenant=tenant,
            nations=page.nations,
            updated_at=page.updated_at,
        )

    def _stretches(self, page: Page) -> Iterator[Stretch]:
        sections = [section for section in page.sections if section.text.strip()]
        if not sections:
            alone = blocks(page.description or page.title)
            yield Stretch((), page.url, tuple(alone))
        for (is_short, parent), run in groupby(sections, self._company):
            together = list(run)
            if is_short and len(together) > 1:
                yield self._joint(page, parent, together)
            else:
                for section in together:
                    found = tuple(blocks(section.text))
                    yield Stretch(section.heading_path, _address(page, section), found)

    def _company(self, section: PageSection) -> tuple[bool, tuple[str, ...]]:
        """Sections with equal values, one after the other, may share a passage."""
        return self._size(section.text) < SHORT_TOKENS, section.heading_path[:-1]

    def _joint(self, page: Page, parent: tuple[str, ...], sections: list[PageSection]) -> Stretch:
        """Short sections as one: each is a block, its heading the first line."""
        found = []
        for section in sections:
            heading = "".join(section.heading_path[-1:])
            units = [unit for block in blocks(section.text) for unit in block.units]
            first = msgspec.structs.replace(units[0], separator="\n" if heading else "\n\n")
            start = [Unit(heading, "\n\n")] if heading else []
            found.append(Block((*start, first, *units[1:])))
        return Stretch(parent, _address(page, sections[0]), tuple(found))

    def _parts(self, title: str, stretch: Stretch) -> list[tuple[Unit, ...]]:
        place = self._count(search_text(title, stretch.heading_path, ""))
        limit = max(self._max - place, self._max // 2)
        pieces = []
        for block in stretch.blocks:
            piece = self._piece(block.units)
            pieces += [piece] if piece.size <= limit else self._split(block, limit)
        return self._pack(pieces, limit)

    def _split(self, block: Block, limit: int) -> list[Piece]:
        """Part a block that is too long, repeating what leads in."""
        units = block.units
        lead_in = self._piece(units[:1] if block.has_lead_in else ())
        if lead_in.size > limit // 2:
            lead_in = self._piece(())
        pieces = [
            self._piece((fragment,))
            for unit in units[len(lead_in.units) :]
            for fragment in self._fragments(unit, limit - lead_in.size)
        ]
        parts = self._pack(pieces, limit - lead_in.size)
        return [self._piece((*lead_in.units, *part)) for part in parts]

    def _fragments(self, unit: Unit, limit: int) -> Iterator[Unit]:
        """Part a unit that is too long: in the middle, at a space, until its parts fit."""
        waiting = [unit]
        while waiting:
            unit = waiting.pop()
            if self._size(unit.text) <= limit or len(unit.text) < 2:
                yield unit
                continue
            middle = len(unit.text) // 2
            space = unit.text.rfind(" ", 1, middle)
            at = space if space > 0 else middle
            rest = Unit(unit.text[at:].lstrip(), " " if space > 0 else "", unit.is_item)
            waiting += [rest, msgspec.structs.replace(unit, text=unit.text[:at].rstrip())]

    def _pack(self, pieces: list[Piece], limit: int) -> list[tuple[Unit, ...]]:
        """Put pieces together in order, into as few parts as the target allows, of like size."""
        total = sum(piece.size for piece in pieces)
        count = 1 if total <= limit else math.ceil(total / min(self._target, limit))
        aim = total / count
        parts: list[tuple[Unit, ...]] = []
        part: tuple[Unit, ...] = ()
        size = 0
        for piece in pieces:
            overshoots = count > 1 and size + piece.size / 2 > aim
            if part and (overshoots or size + piece.size > limit):
                parts.append(part)
                part, size = (), 0
            part, size = part + piece.units, size + piece.size
        return [*parts, part] if part else parts

    def _piece(self, units: Sequence[Unit]) -> Piece:
        return Piece(tuple(units), sum(self._size(unit.text) for unit in units))

    def _size(self, text: str) -> int:
        return max(self._count(text), len(text) // CHARACTERS_PER_TOKEN)


def count_words(text: str) -> int:
    """Count words and punctuation marks: the size of a text where there is no tokenizer."""
    return sum(1 for _ in _WORD.finditer(text))


def search_text(title: str, heading_path: Sequence[str], text: str) -> str:
    """Return what is embedded and indexed of a passage: where it stands, then what it says."""
    place = "\n".join(part for part in (title, " > ".join(heading_path)) if part)
    return f"{place[:PLACE_CHARACTERS]}\n{text}"


def _address(page: Page, section: PageSection) -> str:
    address = section.url or page.url
    return f"{address}#{section.anchor}" if section.anchor else address
