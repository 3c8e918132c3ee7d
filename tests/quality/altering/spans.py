"""Stretches of a sentence: what must be left alone, and putting other words in their place."""

from __future__ import annotations

import re

Span = tuple[int, int]

WEB = re.compile(
    r"\b(?:https?://|www\.)[^\s<>()\[\]]*[\w/]"
    r"|\b[\w.-]+\.(?:gov\.uk|gov|org|com|net|edu|uk|eu|info|us|ca|io)(?:/[^\s<>()\[\]]*[\w/])?(?![\w@])",
    re.I,
)
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
PHONE = re.compile(
    r"(?<![\w.-])(?:\+?1[ .-]{1,3})?\(?\d{3}\)?[ .-]{1,3}\d{3}[ .-]{1,3}\d{4}(?![\w-])"
    r"|(?<![\w.-])(?:\+44 ?|0)\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?![\w-])"
)

_CODE = re.compile(
    r"\b(?=[\w./-]*\d)(?=[\w./-]*[A-Za-z])[\w]+(?:[./-][\w]+)*\b(?:\([a-z]\))?"  # V5C, 10-10EZ
    r"|\[[^\]]*\]|\(\d+\)|\d+\([a-z]\)"
)
_ORDINAL_OR_UNIT = re.compile(
    r"\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th|k|m|bn|am|pm|[- ](?:day|hour|month|week|year|minute)s?)",
    re.I,
)
_VOWEL_LETTERS = frozenset("AEFHILMNORSX")
_SAID_AS_WORDS = frozenset({"NATO", "NASA", "SNAP", "FEMA", "HUD"})
_ARTICLE = re.compile(r"\b([Aa])(n?) (?=([£$]?)(\w[\w.-]*))")


def kept(sentence: str) -> list[Span]:
    """Addresses, telephone numbers, codes of forms and notes in brackets."""
    found = [
        match.span() for pattern in (WEB, EMAIL, PHONE) for match in pattern.finditer(sentence)
    ]
    found += [
        match.span()
        for match in _CODE.finditer(sentence)
        if not _ORDINAL_OR_UNIT.fullmatch(match[0])
    ]
    return found


def overlaps(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def replaced(sentence: str, span: Span, text: str) -> str:
    """The sentence with other text at the span, and "a" or "an" before it as it then sounds."""
    before = sentence[: span[0]]
    changed = before + text + sentence[span[1] :]
    article = re.search(r"\b[Aa]n? $", before)
    if not article:
        return changed
    return changed[: article.start()] + _agreeing(changed[article.start() :])


def _agreeing(text: str) -> str:
    found = _ARTICLE.match(text)
    if not found:
        return text
    return f"{found[1]}{'n' if sounds_vowel(found[4]) else ''} {text[found.end() :]}"


def sounds_vowel(word: str) -> bool:
    """Whether the word is said with a vowel first: "hour", "8", "SSA"; not "UK" nor "NASA"."""
    if word[0].isdigit():
        return re.match(r"8|(?:11|18)(?!\d)", word) is not None
    if word.isupper() and len(word) > 1:
        return word[0] in _VOWEL_LETTERS and word not in _SAID_AS_WORDS
    lower = word.lower()
    if lower.startswith(("uni", "use", "usu", "eu", "one", "once")):
        return lower.startswith(("unin", "unim"))
    return lower[0] in "aeiou" or lower.startswith(("hour", "honest", "honour"))
