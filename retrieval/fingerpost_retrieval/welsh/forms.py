"""Welsh words in forms that can be compared: whatever mutation their first letter has undergone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+")

_FIRST_SOUNDS = (
    ("ngh", "K"),
    ("mh", "P"),
    ("nh", "T"),
    ("ng", "K"),
    ("ch", "K"),
    ("ph", "P"),
    ("th", "T"),
    ("dd", "T"),
    ("ff", "F"),
    ("ll", "L"),
    ("rh", "R"),
    ("b", "P"),
    ("c", "K"),
    ("d", "T"),
    ("f", "P"),
    ("g", "K"),
    ("l", "L"),
    ("m", "P"),
    ("p", "P"),
    ("r", "R"),
    ("t", "T"),
)
"""First letters that mutation turns into one another: `trwydded`, `drwydded`, `nhrwydded`."""

_MAY_HAVE_LOST_G = re.compile(r"[aeiouwylrn]", re.IGNORECASE)
PREFIX = 6
"""Letters by which a word is found that is known in another ending only (`taliad`, `taliadau`)."""


def words(text: str) -> list[str]:
    """Return the words of a text in small letters; `i'r` and `o'ch` are two words each."""
    return _WORD.findall(text.lower())


def form(word: str) -> str:
    """Return a word's form: without accents, its first sound (in capitals) without mutation."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", word)
        if not unicodedata.combining(letter)
    )
    for letters, sound in _FIRST_SOUNDS:
        if plain.startswith(letters):
            return sound + plain[len(letters) :]
    return plain


def candidates(word: str) -> Iterator[str]:
    """Yield the keys under which a lexicon may hold a word, best first."""
    plain = form(word)
    forms = [plain]
    if _MAY_HAVE_LOST_G.match(plain):  # soft mutation drops a g: gwasanaeth, wasanaeth
        forms.append("K" + plain.lower())
    yield from forms
    yield from (prefix(each) for each in forms if len(each) > PREFIX)


def prefix(plain: str) -> str:
    """Return the key for all words that begin as a form does."""
    return plain[:PREFIX] + "-"
