"""Questions that ask for a figure ("how much", "when"), and sentences that have one."""

from __future__ import annotations

import re

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr"
)

_ASKS = re.compile(
    r"\b(?:how (?:much|many|long|soon|often|old|late|far|quickly)|when|what (?:age|date|time)|"
    r"(?:cost|price|fee|charge|rate|amount|deadline)s?|phone number|"
    r"faint|pryd|pa mor (?:hir|fuan|aml)|ffi|pris)\b",
    re.IGNORECASE,
)
_HAS = re.compile(rf"\d|£|\b(?:free|am ddim|{_MONTHS})\b", re.IGNORECASE)


def asks_for_figure(question: str) -> bool:
    """Tell whether a question wants an amount, a date, a length of time or a number."""
    return _ASKS.search(question) is not None


def has_figure(text: str) -> bool:
    """Tell whether a text has an amount, a date, a length of time or a number; "free" is one."""
    return _HAS.search(text) is not None
