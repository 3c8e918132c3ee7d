"""Pages into passages: stretches under one heading, of a size that an embedder reads whole."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import msgspec

from ._blocks import Block, Unit, blocks, joined
from .backend import passage_id
from .embedding import encodable
from .types import Page, PageSection, Passage

PASSAGE_FORMAT = "headings/4"
"""Names how pages are cut and what is stored of each passage (2: a vector of title and headings;
4: ids that say which passages have a title in common); passages of two formats are never in one
index."""

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
        # Often computed from the whole page, so that it is asked for once.
        revision = page.digest
        found: list[Passage] = []
        for stretch in self._stretches(page):
            for part in self._parts(page.title, stretch):
                text = encodable(joined(part.units))
                parts = (tenant, page.path, page.locale, revision, str(len(found)))
                found.append(
                    Passage(
                        id=passage_id(page.title or page.path, "\n".join(parts)),
                        path=encodable(page.path),
                        locale=page.locale,
                        revision=revision,
                        title=encodable(page.title),
                        url=encodable(stretch.url),
                        heading_path=tuple(map(encodable, stretch.heading_path)),
                        text=text,
                        position=len(found),
                        tokens=self._count(text),
                        collection=page.collection,
                        tenant=tenant,
                        nations=page.nations,
                        updated_at=page.updated_at,
                    )
                )
        return found

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
        text = section.text.strip()
        may_be_short = len(text) < SHORT_TOKENS * CHARACTERS_PER_TOKEN
        is_short = may_be_short and self._count(text) < SHORT_TOKENS
        return is_short, section.heading_path[:-1]

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

    def _parts(self, title: str, stretch: Stretch) -> list[Piece]:
        place = self._count(search_text(place_text(title, stretch.heading_path), ""))
        limit = max(self._max - place, self._max // 2)
        pieces = []
        for block in stretch.blocks:
            measured = [Piece((unit,), self._size(unit.text)) for unit in block.units]
            whole = _together(measured)
            if whole.size <= limit:
                pieces.append(whole)
            else:
                pieces += self._split(measured, limit, has_lead_in=block.has_lead_in)
        return self._pack(pieces, limit)

    def _split(self, measured: list[Piece], limit: int, *, has_lead_in: bool) -> list[Piece]:
        """Part a block that is too long, repeating what leads in."""
        lead_in = measured[:1] if has_lead_in and measured[0].size <= limit // 2 else []
        room = limit - _together(lead_in).size
        fragments = [
            fragment
            for piece in measured[len(lead_in) :]
            for fragment in self._fragments(piece, room)
        ]
        return [_together([*lead_in, part]) for part in self._pack(fragments, room)]

    def _fragments(self, piece: Piece, limit: int) -> Iterator[Piece]:
        """Part a unit that is too long: in the middle, at a space, until its parts fit."""
        waiting = [piece]
        while waiting:
            piece = waiting.pop()
            (unit,) = piece.units
            if piece.size <= limit or len(unit.text) < 2:
                yield piece
                continue
            middle = len(unit.text) // 2
            space = unit.text.rfind(" ", 1, middle)
            at = space if space > 0 else middle
            start, rest = unit.text[:at].rstrip(), unit.text[at:].lstrip()
            waiting += [
                Piece((Unit(rest, " " if space > 0 else "", unit.is_item),), self._size(rest)),
                Piece((msgspec.structs.replace(unit, text=start),), self._size(start)),
            ]

    def _pack(self, pieces: list[Piece], limit: int) -> list[Piece]:
        """Put pieces together in order, into as few parts as the target allows, of like size."""
        total = _together(pieces).size
        count = 1 if total <= limit else math.ceil(total / min(self._target, limit))
        parts: list[list[Piece]] = []
        size = 0
        for piece in pieces:
            overshoots = count > 1 and size + piece.size / 2 > total / count
            if not parts or overshoots or size + piece.size > limit:
                parts.append([])
                size = 0
            parts[-1].append(piece)
            size += piece.size
        return [_together(part) for part in parts]

    def _size(self, text: str) -> int:
        by_characters = len(text) // CHARACTERS_PER_TOKEN
        # What is too long in any case is not worth counting.
        return by_characters if by_characters > self._max else max(self._count(text), by_characters)


def _together(pieces: Sequence[Piece]) -> Piece:
    units = tuple(unit for piece in pieces for unit in piece.units)
    return Piece(units, sum(piece.size for piece in pieces))


def count_words(text: str) -> int:
    """Count words and punctuation marks: the size of a text where there is no tokenizer."""
    return sum(1 for _ in _WORD.finditer(text))


def search_text(place: str, text: str) -> str:
    """Return what is embedded and indexed of a passage: where it stands, then what it says."""
    return f"{place}\n{text}"


def place_text(title: str, heading_path: Sequence[str]) -> str:
    """Return where a passage stands: the title of its page and the headings above it."""
    place = "\n".join(part for part in (title, " > ".join(heading_path)) if part)
    return place[:PLACE_CHARACTERS]


def _address(page: Page, section: PageSection) -> str:
    address = section.url or page.url
    return f"{address}#{section.anchor}" if section.anchor else address
