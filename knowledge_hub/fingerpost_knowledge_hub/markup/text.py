"""Clean text: no characters that a reader cannot see, one kind of white space."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters (C0 and C1)
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # no width, or text shown in another order
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, variants, byte order mark, notes
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # control of shorthand and of musical notes
    "\U000e0000-\U000e0fff"  # tags, which can carry a whole hidden text, and variants
    "]"
)
"""Control characters, Unicode's Default_Ignorable_Code_Point (derived property of
DerivedCoreProperties.txt) and interlinear annotation. The zero-width joiners of Persian and Indic
words are among them: questions are cleaned of them too, so that words are found either way."""

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
