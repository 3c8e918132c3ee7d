"""Tells Welsh from English by common words and by spellings that only Welsh has.

Measured on `welsh_gov_parallel` (labels and sentences of live services): see the rates in
`tests/integration/assistant/test_guardrail_rates.py`. Two languages and short texts are what it is for; a
general detector is larger and does worse on a question of four words.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

BASE_LANGUAGE = "en"
"""The language in which all guidance exists."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

_WELSH_SPELLING = re.compile(
    r"[ŵŷ]|^(?:ngh|[mn]h[aeiouwy]|ff[aeiouwy]|dd|gwn|gwy|llw|cyf|cym|cyn|ddy|wyb)|(?:wyd|iad|iau|wyr|wch|aeth|odd|wr|dd)$|[^aeiou]wy[^aeiou]|'(?:r|n|i|u|ch|w)$"
)
"""Letters, beginnings, endings and contractions that no common English word has."""


@cache
def _words(language: str) -> frozenset[str]:
    text = files(__package__).joinpath(f"{language}.txt").read_text(encoding="utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


def detect_language(text: str) -> str | None:
    """Return "cy" for Welsh, "en" for English, None if the words do not tell (`SA100`)."""
    welsh = english = 0.0
    for word in _WORD.findall(text.lower()):
        if word in _words("english"):
            english += 1
        elif word in _words("welsh"):
            welsh += 1
        elif _WELSH_SPELLING.search(word):
            welsh += 0.75
    if welsh == english:
        return None
    return "cy" if welsh > english else "en"


def language_of(question: str, locale: str | None) -> str:
    """Return the language to answer in: the question's own, else the asker's, else English."""
    return detect_language(question) or locale or BASE_LANGUAGE
