"""Telephone numbers, email and web addresses, postcodes and street addresses in a text."""

from __future__ import annotations

import re
from typing import NamedTuple

# ruff: noqa: RUF001 -- typographic dashes and apostrophes are what guidance is written with

_EMAIL = r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"
_URL = (
    r"https?://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+|"
    r"\b(?:[a-z0-9][a-z0-9-]*\.)+(?:gov|org|com|net|edu|uk|co|info|scot|wales|cymru|eu|io|mil|us|int|"
    r"ie|biz|me|tv|app|dev|online|site|help|support|nhs|police)\b(?:/[^\s<>\"')\]]*)?"
)
_PHONE = (
    r"(?<![\w£$€.,/-])(?:\+\d{1,3}[\s().-]{0,2})?(?:\(\d{1,5}\)[\s.-]?)?"
    r"\d{2,5}(?:[\s.\u2011\u2013-]\d{2,6}){1,5}(?![\w%])|"
    r"(?<![\w£$€.,/-])\+?(?:0\d{8,11}|\d{10,13})(?!\w)|"
    r"\b1-\d{3}-[\dA-Z-]{7,12}\b|(?<![\w£$€.,/-])(?:111|112|999|911|988|101|105|119|211|311|711)(?!\w|[.,]\d)"
)
_POSTCODE = r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|BX\d\s?\d[A-Z]{2}|[A-Z]{2}\s\d{5}(?:-\d{4})?)\b"
_STREET = (
    r"\b\d{1,5}[a-z]?,?\s(?:[A-Z][\w'’-]+\s){1,4}"
    r"(?:Street|Road|Avenue|Lane|Drive|Way|Square|Place|Court|Close|Crescent|Boulevard|House|"
    r"Terrace|Gardens|Parade|Quay|St|Rd|Ave|Blvd)\b|\b[Pp]\.?\s?[Oo]\.?\s[Bb]ox\s\d+\b"
)
_CONTACT = re.compile(
    rf"(?P<email>{_EMAIL})|(?P<url>(?i:{_URL}))|(?P<postcode>{_POSTCODE})|"
    rf"(?P<street>{_STREET})|(?P<phone>{_PHONE})"
)
_MAY_HOLD = re.compile(r"[@/]|\d|\w\.\w")
_DATE_LIKE = re.compile(r"(?:\d{1,2}[-.\s]\d{1,2}[-.\s](?:19|20)?\d\d|(?:19|20)\d\d[-.\s]\d{1,2}[-.\s]\d{1,2}|"
    r"(?:19|20)\d\d\s?[-–\u2011]\s?(?:19|20)?\d\d|\d{1,3}[-–]\d{1,4})")  # fmt: skip


class Contact(NamedTuple):
    """A way to reach somebody."""

    kind: str
    """"email", "url", "phone", "postcode" or "street"."""
    value: str
    """In one spelling: digits of a number, an address in lower case without what varies."""
    start: int
    end: int


def contacts(text: str) -> list[Contact]:
    """Return the contacts of a text, in order."""
    if not _MAY_HOLD.search(text):
        return []
    found = []
    for match in _CONTACT.finditer(text):
        kind = match.lastgroup or ""
        if kind == "phone" and not _is_phone(match[0]):
            continue
        found.append(Contact(kind, _normal(kind, match[0]), *match.span()))
    return found


def _is_phone(text: str) -> bool:
    digits = sum(each.isdigit() for each in text)
    if _DATE_LIKE.fullmatch(text.strip()) or digits > 15:
        return False
    return digits >= 7 or (digits == 3 and len(text) == 3)


def _normal(kind: str, text: str) -> str:
    if kind == "phone":
        digits = "".join(each for each in text if each.isalnum())
        return re.sub(r"^(?:0044|44(?=\d{9,10}$)|00?(?=\d)|1(?=\d{10}$))", "", digits)
    if kind == "url":
        text = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.casefold())
        return text.rstrip("/.,;:!?…")
    return (
        re.sub(r"[\s,.]+", "", text.casefold())
        if kind != "email"
        else text.casefold().replace(" ", "")
    )
