"""A lexicon learnt from parallel sentences, by which a Welsh question is put into English words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from .forms import candidates, words

WELSH = "cy"
LEXICON = "lexicon.tsv"


Translations = tuple[tuple[str, float], ...]
"""English words with their probabilities, the likeliest first."""


class Gloss(msgspec.Struct, frozen=True):
    """A Welsh text in English, word by word."""

    text: str
    """The English words, in the order of the Welsh ones; made for search, not for reading."""
    known: float
    """Share of the Welsh words that the lexicon holds, 0 to 1."""


class Lexicon:
    """English words for Welsh ones.

    Arguments:
        entries: translations by the form of a Welsh word (see `forms`).
    """

    def __init__(self, entries: Mapping[str, Translations]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    def translations(self, word: str) -> Translations | None:
        """Return what a Welsh word means; None for one that the lexicon does not hold."""
        return next(filter(None, map(self.entries.get, candidates(word))), None)

    def gloss(self, text: str) -> Gloss:
        """Put a Welsh text into English. Words that are not known stay: names, numbers, forms."""
        english: dict[str, None] = {}
        known = 0
        asked = words(text)
        for word in asked:
            found = self.translations(word)
            known += found is not None
            if found is not None:
                english |= dict.fromkeys(each for each, _ in found)
            elif word not in _function_words():
                english[word] = None
        return Gloss(" ".join(english), known / max(len(asked), 1))


def read_lexicon(text: str) -> Lexicon:
    """Read a lexicon from lines: a form, and its translations, each with its probability."""
    entries: dict[str, Translations] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, *cells = line.split("\t")
            pairs = (cell.rpartition(" ") for cell in cells)
            entries[key] = tuple((word, float(share)) for word, _, share in pairs)
    return Lexicon(entries)


@cache
def _function_words() -> frozenset[str]:
    """Welsh words with no meaning of their own; those the lexicon does not hold are dropped."""
    return frozenset(_file("function_words.txt").split())


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def welsh_lexicon() -> Lexicon:
    """Return the lexicon that comes with the package (`MODEL_CARD.md` says how it was made)."""
    return read_lexicon(_file(LEXICON))


def gloss_welsh(text: str) -> Gloss:
    """Put a Welsh question into English words, by which English pages are found.

    Example:
        index.search(gloss_welsh("Sut mae adnewyddu pasbort?").text, Scope(locale="en"))
    """
    return welsh_lexicon().gloss(text)
