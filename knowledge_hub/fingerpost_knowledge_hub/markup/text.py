"""Clean text: no characters that a reader cannot see, one kind of white space."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters (C0 and C1)
    "\xad\u200b\u2060\ufeff"  # soft hyphen, zero-width space, word joiner, byte order mark
    "\u202a-\u202e\u2066-\u2069"  # embeddings and overrides that show text in another order
    "\U000e0000-\U000e007f"  # tag characters, which can carry a whole hidden text
    "]"
)

_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without invisible characters and lone surrogates, in composed form (NFC).

    What a reader of the page cannot see must not reach a search index or a model, where it
    could hide instructions. Lone surrogates, which JSON can carry, become U+FFFD. White space
    and line breaks are kept as they are.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _SURROGATES.sub("\ufffd", text)))


def squeeze(text: str) -> str:
    """`text` with every stretch of white space as one space and none at the ends."""
    return _SPACES.sub(" ", text).strip()


def one_line(text: str) -> str:
    """`text` fit for a title or any other single line: cleaned and squeezed."""
    return squeeze(clean(text))
