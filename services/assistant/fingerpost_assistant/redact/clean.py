"""Characters that a question may be made of: what hides personal data or instructions goes."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Letters and marks that nobody sees: Unicode's Default_Ignorable_Code_Point (derived property of
DerivedCoreProperties.txt), as far as they are no control, format or unassigned characters."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_KEPT_CONTROLS = frozenset("\n\t")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_PLAIN = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-"}
)
"""Typographic apostrophes and dashes, as phones type them, to those of a keyboard."""
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(text: str) -> str:
    """Return the text as it is read: NFKC, plain apostrophes, no hidden characters, spaces joined.

    Full-width digits, zero-width joiners, bidirectional overrides, tag characters and lone
    surrogates are ways to carry a card number past a pattern, or instructions past a reader.
    The result can be longer than the text (NFKC writes some characters out).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and not _CONTROL.search(text):
        return _joined(text)
    visible = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in _HIDDEN_CATEGORIES
    )
    return _joined(_INVISIBLE.sub("", visible).translate(_PLAIN))


def _joined(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()
