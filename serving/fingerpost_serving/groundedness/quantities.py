"""Amounts, shares, lengths of time, times, dates, ages and counts, in one spelling each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# ruff: noqa: RUF001 -- typographic dashes and apostrophes are what guidance is written with

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: n for n, word in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_MONTHS = {
    name: n
    for n, names in enumerate(
        ("january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul",
         "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec"), 1,
    )
    for name in names.split("|")
}  # fmt: skip
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

# Lengths of time in the one unit of their kind that all of them are multiples of.
_UNITS = {
    "second": ("minutes", 1 / 60), "sec": ("minutes", 1 / 60),
    "minute": ("minutes", 1), "min": ("minutes", 1),
    "hour": ("minutes", 60), "hr": ("minutes", 60),
    "day": ("minutes", 1440), "night": ("minutes", 1440), "week": ("minutes", 10_080),
    "fortnight": ("minutes", 20_160),
    "month": ("months", 1), "quarter": ("months", 3), "year": ("months", 12), "yr": ("months", 12), "decade": ("months", 120), "century": ("months", 1200),
}  # fmt: skip
_MEASURES = {
    "mile": "mile", "km": "km", "kilometre": "km", "kilometer": "km", "metre": "metre", "meter": "metre",
    "cm": "cm", "mm": "mm", "inch": "inch", "inches": "inch", "foot": "foot", "feet": "foot",
    "kg": "kg", "kilogram": "kg", "gram": "gram", "mg": "mg", "lb": "pound weight",
    "litre": "litre", "liter": "litre", "gallon": "gallon", "acre": "acre", "mph": "mph",
    "gb": "gb", "mb": "mb", "tb": "tb", "kb": "kb", "ton": "ton", "tonne": "ton", "degree": "degree",
}  # fmt: skip
_CURRENCIES = {
    "£": "£",
    "$": "$",
    "€": "€",
    "pound": "£",
    "dollar": "$",
    "euro": "€",
    "gbp": "£",
    "usd": "$",
}

_NUMBER_WORD = "|".join(sorted([*_WORDS, *_SCALES], key=len, reverse=True))
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_DATE = re.compile(
    rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+|day of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?\b|"
    rf"\b(?P<m2>{_MONTH})\s+(?:the\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:,.]\d)(?:,?\s+(?P<y2>{_YEAR}))?\b|"
    rf"\b(?P<m3>{_MONTH}),?\s+(?:of\s+)?(?P<y3>{_YEAR})\b|"
    rf"\b(?P<y4>{_YEAR})-(?P<m4>\d\d)-(?P<d4>\d\d)\b|"
    rf"\b(?P<d5>\d{{1,2}})[/.](?P<m5>\d{{1,2}})[/.](?P<y5>(?:{_YEAR})|\d\d)\b|"
    rf"\b(?P<m6>(?:january|february|march(?!\s+(?:to|on|with))|april|june|july|august|september|october|november|december))\b"
)
_TAX_YEAR = re.compile(rf"\b(?P<a>{_YEAR})\s?(?:/|-|–|\u2011|to|and)\s?(?P<b>{_YEAR}|\d\d)\b")
_CLOCK = re.compile(
    r"\b(?P<h>[01]?\d|2[0-4])(?:[:.](?P<m>[0-5]\d))?\s?(?P<ap>[ap])\.?\s?m\b\.?|"
    r"\b(?P<h2>[01]?\d|2[0-3]):(?P<m2>[0-5]\d)\b|"
    r"\b(?P<word>noon|midday|midnight)\b|\b(?P<h3>1[0-2]|[1-9])\s?o['’]clock\b"
)
_WEEKDAY = re.compile(r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b")
_NUMBER = re.compile(
    r"(?P<cur>[£$€])?\s?(?<![\w.])"
    r"(?:(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)(?P<th>st|nd|rd|th)?|"
    rf"(?P<words>(?:{_NUMBER_WORD})(?:(?:\s|-)(?:and\s)?(?:{_NUMBER_WORD}))*)\b)"
    r"(?:\s?(?P<scale>k|m|bn|hundred|thousand|million|billion|trillion)\b)?"
)
_AFTER = re.compile(
    r"\s?(?:-|\u2011)?\s?(?:(?P<pct>%|per\s?cent\b|percentage\b|percent\b)|(?P<pence>p\b|pence\b|cents?\b)|"
    r"(?:(?:calendar|working|business|full|consecutive|more|further|additional|school|whole|straight|"
    r"clear|qualifying|tax|academic)\s)?(?P<unit>[a-z]+))"
)
_RANGE = re.compile(r"\s?(?:to|-|–|or|and|\u2011)\s?")
_FRACTION = re.compile(
    r"\b(?:(?P<n>one|two|three|four|a|an)[\s-])?(?P<f>half|halves|thirds?|quarters?|fifths?|tenths?)\b"
    r"(?=\s+(?:of|an?|the|as|what|your|its|their|his|my)\b|[.,;]|$)|½|¼|¾"
)
_A_UNIT = re.compile(
    r"\b(?:an?|per|each|every)\s(?:(?:calendar|working|full|whole|single|tax)\s)?(?P<unit>second|minute|hour|day|week|fortnight|month|year|decade|century)\b"
)
_SINGLE_PRONOUN = re.compile(
    r"\b(?:no|any|every|some|each|this|that|which|another|the|only)\sone\b|\bone\s(?:of|another|or|can|must|may|should|is|day|s\b)|['’]s one\b|\bone['’]s"
)


_NTH = re.compile(rf"\b({'|'.join(_ORDINALS)})\b")
_MONTHISH = re.compile(rf"\b{_MONTH}|noon|midday|midnight")


class Quantity(NamedTuple):
    """One figure of a text."""

    kind: str
    """"plain", "money £", "share", "minutes", "months", "clock", "weekday", "measure km" …"""
    value: float
    """In the one unit of its kind: "2 weeks" has 20,160 minutes."""
    raw: float
    """As it was written: "2 weeks" has 2."""
    text: str
    """As it was written, for the record."""
    certain: bool = True
    """Whether it is surely a figure: "one", "first" and "a year" often are not."""


class Date(NamedTuple):
    """A day, a month or a year, as far as it was written."""

    day: int | None
    month: int
    year: int | None
    text: str


class Figures(NamedTuple):
    """All figures of a text."""

    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]


@lru_cache(maxsize=4096)
def figures(text: str) -> Figures:
    """Return the figures of a text without contacts; what is one thing is found once."""
    text = text.casefold().replace("\u00a0", " ")
    quantities: list[Quantity] = []
    dates: list[Date] = []
    if any(each.isdigit() for each in text) or _MONTHISH.search(text):
        text = _take_dates(text, dates, quantities)
        text = _take_clock(text, quantities)
    quantities += [
        Quantity("weekday", float(_DAYS.index(m[1])), -1.0, m[0]) for m in _WEEKDAY.finditer(text)
    ]
    text = _take_fractions(text, quantities)
    quantities += _numbers(text)
    quantities += [
        Quantity(_UNITS[m["unit"]][0], float(_UNITS[m["unit"]][1]), 1.0, m[0], certain=False)
        for m in _A_UNIT.finditer(text)
    ]
    quantities += [
        Quantity(
            "ordinal",
            float(_ORDINALS[m[1]]),
            float(_ORDINALS[m[1]]),
            m[0],
            certain=m[1] not in ("first", "second"),
        )
        for m in _NTH.finditer(text)
    ]
    return Figures(tuple(quantities), tuple(dates))


def _blank(text: str, match: re.Match[str]) -> str:
    return (
        text[: match.start()]
        + " \u2016 ".ljust(len(match[0]))[: len(match[0])]
        + text[match.end() :]
    )


def _take_dates(text: str, dates: list[Date], quantities: list[Quantity]) -> str:
    for match in _DATE.finditer(text):
        groups = {key[0]: value for key, value in match.groupdict().items() if value}
        month = groups["m"].rstrip(".")
        number = int(month) if month.isdigit() else _MONTHS[month]
        day = int(groups["d"]) if "d" in groups else None
        year = int(groups["y"]) if "y" in groups else None
        year = year + 2000 if year is not None and year < 100 else year
        if (month == "may" or month == "mar") and day is None and year is None:
            continue
        dates.append(Date(day, number, year, match[0]))
        text = _blank(text, match)
    for match in _TAX_YEAR.finditer(text):
        first = int(match["a"])
        second = int(match["b"]) if len(match["b"]) == 4 else first // 100 * 100 + int(match["b"])
        quantities += [
            Quantity("plain", float(each), float(each), match[0]) for each in (first, second)
        ]
        text = _blank(text, match)
    return text


def _take_clock(text: str, quantities: list[Quantity]) -> str:
    for match in _CLOCK.finditer(text):
        if match["word"]:
            minutes = 0 if match["word"] == "midnight" else 720
        else:
            hour = int(match["h"] or match["h2"] or match["h3"])
            minutes = hour % 24 * 60 + int(match["m"] or match["m2"] or 0)
            if match["ap"]:
                minutes = minutes % 720 + (720 if match["ap"] == "p" else 0)
        quantities.append(Quantity("clock", float(minutes), float(minutes // 60), match[0]))
        text = _blank(text, match)
    return text


def _take_fractions(text: str, quantities: list[Quantity]) -> str:
    for match in _FRACTION.finditer(text):
        if match[0] in "½¼¾":
            value = {"½": 0.5, "¼": 0.25, "¾": 0.75}[match[0]]
        else:
            count = {"two": 2, "three": 3, "four": 4}.get(match["n"] or "", 1)
            name = "half" if match["f"] == "halves" else match["f"].rstrip("s")
            value = count * _FRACTIONS[name]
        after = re.match(
            r"\s(?:an?|the)\s(hour|year|day|mile|decade|century)\b", text[match.end() :]
        )
        if after and after[1] in _UNITS:
            kind, size = _UNITS[after[1]]
            quantities.append(Quantity(kind, value * size, -1.0, match[0]))
        else:
            quantities.append(Quantity("share", round(100 * value, 3), -1.0, match[0]))
        text = _blank(text, match)
    return text


def _numbers(text: str) -> Iterator[Quantity]:
    """Yield the numbers with their units; "6 to 8 weeks" gives both of them weeks."""
    found: list[tuple[re.Match[str], float, str, bool]] = []
    for match in _NUMBER.finditer(text):
        value = _value(match)
        kind = _kind(text, match)
        certain = not (match["words"] == "one" and _is_pronoun(text, match))
        found.append((match, value, kind, certain))
    kinds = [kind for _, _, kind, _ in found]
    for place in range(len(found) - 2, -1, -1):
        if kinds[place] == "plain" and _joined(text, found[place][0], found[place + 1][0]):
            kinds[place] = kinds[place + 1]
    for place, (match, value, _, certain) in enumerate(found):
        kind, _, size = kinds[place].partition(":")
        factor = float(size or 1)
        yield Quantity(kind, round(value * factor, 4), value, match[0].strip(), certain)


def _joined(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return _RANGE.fullmatch(text, one.end(), other.start()) is not None


def _value(match: re.Match[str]) -> float:
    if match["num"]:
        value = float(match["num"].replace(",", ""))
    else:
        value = float(_from_words(match["words"]))
    scale = match["scale"]
    if scale:
        value *= {"k": 1e3, "m": 1e6, "bn": 1e9}.get(scale, 0) or _SCALES[scale]
    return value


def _from_words(words: str) -> int:
    total = part = 0
    for word in re.split(r"[\s-]+", words):
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALES:
            total += (part or 1) * _SCALES[word]
            part = 0
    return total + part


def _kind(text: str, match: re.Match[str]) -> str:
    """Return the kind of a number, after a colon what one of its unit is ("minutes:1440")."""
    if match["cur"]:
        return f"money {match['cur']}"
    if match["th"]:
        return "ordinal"
    after = _AFTER.match(text, match.end())
    if after is None:
        return "plain"
    if after["pct"]:
        return "share"
    if after["pence"]:
        return "money $:0.01" if after["pence"].startswith("c") else "money £:0.01"
    unit = after["unit"]
    single = unit if unit in _UNITS or unit in _MEASURES else unit.removesuffix("s")
    if single in _UNITS:
        kind, size = _UNITS[single]
        return f"{kind}:{size}"
    if single in _MEASURES:
        return f"measure {_MEASURES[single]}"
    return f"money {_CURRENCIES[single]}" if single in _CURRENCIES else "plain"


def _is_pronoun(text: str, match: re.Match[str]) -> bool:
    around = text[max(match.start("words") - 8, 0) : match.end("words") + 8]
    return _SINGLE_PRONOUN.search(around) is not None
