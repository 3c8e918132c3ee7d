"""The words of a question that say what it is about, and whether it is a question at all."""

from __future__ import annotations

import re
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")


def _read_words(name: str) -> frozenset[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


_VAGUE = _read_words("vague_words.txt")

MOST_KEYWORDS = 3
"""More words than these are taken for a question even without a verb."""

_ASKS = re.compile(
    r"\?|\b(?:how|what|when|where|who|which|why|can|could|do|does|did|is|are|am|will|would|should|may"
    r"|must|need|want|have|has|i|my|if|sut|beth|pryd|ble|pwy|pa|pam|faint|oes|ydw|alla|allaf|ga|gaf"
    r"|fy|os|mae|rhaid)\b",
    re.IGNORECASE,
)


def topic_words(question: str) -> list[str]:
    """Return the words that say what a question is about (`Can I claim?` has none)."""
    return [word for word in _WORD.findall(question.lower()) if word not in _VAGUE]


def is_keywords(question: str) -> bool:
    """Whether these are a few search words rather than a question."""
    return len(_WORD.findall(question)) <= MOST_KEYWORDS and not _ASKS.search(question)
