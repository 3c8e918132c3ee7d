"""A cited passage as the check reads it: its units, words, figures, names, contacts and cues."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import msgspec

from ..answers import Evidence
from ..sentences import sentence_spans
from ..units import units_of
from ..words import STOP_WORDS, content_stems, stem, stems, tokens
from .contacts import Contact, contacts
from .names import Names, name_stems, names
from .polarity import Polarity, polarity
from .quantities import Figures, figures

# ruff: noqa: RUF001 -- typographic dashes and apostrophes are what guidance is written with

LONGEST = 600
"""Characters of a unit that are compared at once; a longer one is parted."""


class SourceUnit(msgspec.Struct, frozen=True):
    """A sentence, item or row of a passage."""

    text: str
    context: str
    """With its heading and lead-in, as it is compared."""
    content: frozenset[str]
    words: frozenset[str]
    """All its words, as they are written but for capitals."""
    figures: Figures
    polarity: Polarity


class Source(msgspec.Struct, frozen=True):
    """A passage, read."""

    units: tuple[SourceUnit, ...]
    words: frozenset[str]
    """Stems of all its words, of title and headings too."""
    counts: dict[str, int]
    """In how many units a stem stands that is not mere grammar."""
    pairs: frozenset[tuple[str, str]]
    """Stems that follow one another, words of mere grammar left out."""
    figures: Figures
    """Of title and headings."""
    names: Names
    initials: frozenset[str]
    """Abbreviations that its names would have ("dvla")."""
    contacts: tuple[Contact, ...]
    digits: str
    """All digits and letters of the text, without anything between."""
    folded: str


class _Piece(NamedTuple):
    title: str
    heading_path: tuple[str, ...]
    text: str


def source_of(evidence: Evidence) -> Source:
    """Read a passage; what was read last is remembered."""
    return _read(evidence.title, tuple(evidence.heading_path), evidence.text)


@lru_cache(maxsize=2048)
def _read(title: str, heading_path: tuple[str, ...], text: str) -> Source:
    head = ". ".join(filter(None, (title, *heading_path)))
    units = tuple(_units(_Piece(title, heading_path, text)))
    whole = f"{head}.\n{text}"
    words = stems(whole) | frozenset().union(*(name_stems(w) for w in names(whole).capitalised))
    return Source(
        units=units,
        words=words,
        counts=dict(Counter(word for unit in units for word in unit.content)),
        pairs=frozenset().union(*(stem_pairs(unit.text) for unit in units)),
        figures=figures(without_contacts(head)),
        names=names(whole),
        initials=frozenset(_initials(whole)),
        contacts=tuple(contacts(whole)),
        digits="".join(each for each in whole.casefold() if each.isalnum()),
        folded=whole.casefold().replace("\u2019", "'"),
    )


def stem_pairs(text: str) -> frozenset[tuple[str, str]]:
    """Return the stems of a text that follow one another, words of mere grammar left out."""
    words = [stem(word) for word in tokens(text) if word not in STOP_WORDS]
    return frozenset(pairwise(words))


def without_contacts(text: str) -> str:
    """Return a text with its contacts blanked, so that their digits are no figures."""
    for contact in reversed(contacts(text)):
        text = text[: contact.start] + " " + text[contact.end :]
    return text


def _units(piece: _Piece) -> list[SourceUnit]:
    found = []
    units = units_of([piece])
    for unit in units:
        lead_in = units[unit.lead_in].text + " " if unit.lead_in is not None else ""
        for text in _parts(unit.text):
            context = (lead_in + text).strip()
            found.append(
                SourceUnit(
                    text=text,
                    context=context,
                    content=content_stems(context),
                    words=frozenset(tokens(context)),
                    figures=figures(without_contacts(text)),
                    polarity=polarity(context),
                )
            )
    return found


def _parts(text: str) -> list[str]:
    if len(text) <= LONGEST:
        return [text]
    spans = sentence_spans(text)
    parts = [text[span.start : span.end] for span in spans]
    return [part[i : i + LONGEST] for part in parts for i in range(0, len(part), LONGEST)]


_NAME_RUN = re.compile(
    r"[A-Z][\w'’-]*(?:\s+(?:(?:and|of|for|the|to|in|on|&)\s+){0,2}[A-Z][\w'’-]*)+"
)


def _initials(text: str) -> list[str]:
    found: list[str] = []
    for run in _NAME_RUN.finditer(text):
        words = re.findall(r"\w+", run[0])
        big = "".join(word[0] for word in words if word[0].isupper()).casefold()
        for start in range(len(big)):
            ends = range(start + 2, min(len(big), start + 7) + 1)
            found += [big[start:end] for end in ends]
    return found
