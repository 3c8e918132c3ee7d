"""What the passages say in figures and in words, so that no alteration says it too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

ONES = [
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
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES = (
    {word: float(value) for value, word in enumerate(ONES)}
    | {word: 10.0 * (index + 2) for index, word in enumerate(TENS)}
    | {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
    | {"once": 1, "twice": 2, "double": 2, "couple": 2, "pair": 2, "both": 2, "triple": 3}
    | {"half": 0.5, "dozen": 12, "single": 1}
)
SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9}
SCALES |= {"bn": 1e9, "trillion": 1e12}
DAYS = {
    "second": 1 / 86400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "night": 1.0,
    "week": 7.0,
    "fortnight": 14.0,
    "month": 30.4,
    "quarter": 91.0,
    "year": 365.0,
    "decade": 3650.0,
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
UNIT = r"(?P<unit>second|minute|hour|day|night|week|fortnight|month|quarter|year|decade)"

_DIGITS = re.compile(
    r"(\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s?(hundred|thousand|million|billion|trillion|bn|k|m)\b)?"
)
_WORD = "|".join(sorted([*VALUES, *SCALES], key=len, reverse=True))
_WORDS = re.compile(rf"\b(?:{_WORD})\b(?:(?:[ -]|\sand\s)(?:{_WORD})\b)*")
_DURATION = re.compile(
    rf"(?P<number>\b\d[\d,]*(?:\.\d+)?|\b(?:an?|per|each|every|{_WORD}))"
    rf"(?:\s*\(\d+\))?[ -](?:(?:working|business|calendar|full|consecutive)[ -])?{UNIT}s?\b"
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]}|t)?" if name[3:] else name for name in MONTHS)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b", re.I)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b", re.I)
_NUMERIC = re.compile(r"\b(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\b")
_TO_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.? \d{{1,2}} ?(?:-|\u2013|to|and|or|through) ?(\d{{1,2}})\b", re.I
)
_YEAR = re.compile(r"(?<!\d)((?:1[6-9]|20)\d\d)(?:\s?[-/\u2013]\s?(\d\d)(?!\d))?(?!\d)")
_SPACE = re.compile(r"[^\w%£$.]+|\.(?!\d)")


class Evidence(msgspec.Struct, frozen=True):
    """Figures and words of some passages, in one spelling."""

    numbers: frozenset[float]
    days: tuple[float, ...]
    """Lengths of time, in days."""
    dates: frozenset[tuple[int, int]]
    """Days of the year, as (day, month); a date in figures counts both ways round."""
    years: frozenset[int]
    words: str
    """All text in lower case, words parted by one blank, with a blank at both ends."""
    digits: str

    def counts(self, value: float) -> bool:
        """Whether the number stands here, in figures or in words, or rounds to one that does."""
        return any(
            abs(value - known) < 1e-9 or (value >= 1000 and abs(value - known) <= 0.005 * known)
            for known in self.numbers
        )

    def lasts(self, days: float) -> bool:
        """Whether so long a time stands here, in any unit."""
        return any(abs(days - known) <= 0.05 * known for known in self.days)

    def says(self, phrase: str) -> bool:
        """Whether the words stand here next to each other."""
        wanted = folded(phrase)
        return wanted != "  " and wanted in self.words


def evidence_of(sources: Sequence[str], *more: str) -> Evidence:
    """Read what the passages, and further text, hold."""
    return _read("\n".join([*sources, *more]))


def folded(text: str) -> str:
    """In lower case, words parted by one blank, with a blank at both ends."""
    lower = text.lower().replace("\u2019", "'")
    return f" {_SPACE.sub(' ', lower).strip()} "


def spelt_value(words: str) -> float:
    """The value of a number in words: "two hundred and five" is 205."""
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in SCALES:
            current = (current or 1) * SCALES[word]
            if SCALES[word] > 100:
                total, current = total + current, 0.0
        else:
            current += VALUES.get(word, 0)
    return total + current


def day_month(day: str, month: str) -> tuple[int, int]:
    """(day, month) of "6" and "April" or "apr"."""
    return int(day), next(
        index for index, name in enumerate(MONTHS, 1) if name[:3].lower() == month[:3].lower()
    )


@lru_cache(maxsize=64)
def _read(text: str) -> Evidence:
    lower = text.lower()
    return Evidence(
        numbers=frozenset(_numbers(lower)),
        days=tuple(sorted(set(_durations(lower)))),
        dates=frozenset(_dates(text)),
        years=frozenset(_years(text)),
        words=folded(text),
        digits=re.sub(r"\D", "", text),
    )


def _numbers(lower: str) -> Iterator[float]:
    for found in _DIGITS.finditer(lower):
        value = float(found[1].replace(",", ""))
        yield value
        if found[2]:
            yield value * SCALES[found[2]]
    for found in _WORDS.finditer(lower):
        yield spelt_value(found[0])
        yield from (VALUES[word] for word in re.findall(r"[a-z]+", found[0]) if word in VALUES)


def _durations(lower: str) -> Iterator[float]:
    for found in _DURATION.finditer(lower):
        number = found["number"]
        digits = number[0].isdigit()
        value = float(number.replace(",", "")) if digits else spelt_value(number) or 1
        yield value * DAYS[found["unit"]]
    for word, days in {"annual": 365.0, "yearly": 365.0, "monthly": 30.4, "weekly": 7.0}.items():
        if word in lower:
            yield days


def _dates(text: str) -> Iterator[tuple[int, int]]:
    for found in _DAY_MONTH.finditer(text):
        yield day_month(found[1], found[2])
    for pattern in (_MONTH_DAY, _TO_MONTH_DAY):
        for found in pattern.finditer(text):
            yield day_month(found[2], found[1])
    for found in _NUMERIC.finditer(text):
        parts = [int(part) for part in found.groups()]
        yield from ((parts[0], parts[1]), (parts[1], parts[0]), (parts[2], parts[1]))


def _years(text: str) -> Iterator[int]:
    for found in _YEAR.finditer(text):
        yield int(found[1])
        if found[2]:
            yield int(found[1][:2] + found[2])
