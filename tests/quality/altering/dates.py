"""Dates changed: day, month or year, tax years, and days of the week."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.quality.altering.evidence import MONTHS, WEEKDAYS, Evidence, day_month
from tests.quality.altering.spans import kept, overlaps, replaced

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NAMES = "|".join(MONTHS)
_DAY_MONTH = re.compile(
    rf"\b(?P<day>[1-9]|[12]\d|3[01])(?P<ending>st|nd|rd|th)?(?P<of> of)? (?P<month>{_NAMES})\b"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_NAMES}) (?P<day>[1-9]|[12]\d|3[01])(?P<ending>st|nd|rd|th)?(?![\d:]| ?(?:-|\u2013|to) ?\d)"
)
_MONTH = re.compile(
    rf"(?<=\b(?:[Ii]n|[Bb]y|of|to) )(?P<month>{_NAMES})(?![\w'\u2019]| \d{{1,2}}\b)"
    rf"|\b(?P<dated>{_NAMES})(?=,? (?:1[6-9]|20)\d\d\b)|(?<=[Ss]ince )(?P<since>{_NAMES})(?! \d{{1,2}}\b)"
)
_YEARS = re.compile(
    r"(?<![\w£$,./-])(?P<year>(?:19|20)\d\d)(?P<join> to |-|/|\u2013)(?P<next>(?:19|20)\d\d|\d\d)(?![\w/-])"
)
_YEAR = re.compile(r"(?<![\w£$€,./:#-])(?P<year>(?:1[7-9]|20)\d\d)(?![\w%/-]|,\d|\.\d)")
_YEAR_CUE = re.compile(
    rf"(?:\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Ff]rom|[Bb]efore|[Aa]fter|[Ii]n early|[Ii]n late|[Dd]uring|year|of|and|between|to|{_NAMES}|"
    r"Act)|\b\d{1,2}(?:st|nd|rd|th)?,|[a-z],?) $|\($"
)
_WEEKDAY = re.compile(rf"\b(?P<name>{'|'.join(WEEKDAYS)})(?P<plural>s?)\b")
_NAMED_DAY = re.compile(
    r"\b(?:Good|Black|Easter|Cyber|Ash|Palm|Super|Giving|Bloody|Whit|Pancake) $"
)
_DAYS = [name[:3].lower() for name in WEEKDAYS]
_SHORT = "|".join(_DAYS)
_EVERY_DAY = re.compile(r" (?:weekends?|every day|daily|seven days|7 days|24/7|weekdays?) ")


def changed_dates(sentence: str, evidence: Evidence, rng: random.Random) -> Iterator[str]:
    """Copies of the sentence with one date changed."""
    taken = kept(sentence)
    for pattern, changes in (
        (_DAY_MONTH, _day_of_month),
        (_MONTH_DAY, _day_of_month),
        (_MONTH, _month),
        (_YEARS, _years),
        (_YEAR, _year),
        (_WEEKDAY, _weekday),
    ):
        for found in pattern.finditer(sentence):
            if not overlaps(found.span(), taken):
                taken.append(found.span())
                for text in changes(found, evidence, rng):
                    yield replaced(sentence, found.span(), text)


def _day_of_month(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    day, month = day_month(found["day"], found["month"])
    others = [(day, other) for other in range(1, 13) if other != month]
    nearby = [(other, month) for other in range(max(1, day - 12), day + 13) if abs(other - day) > 2]
    rng.shuffle(nearby)
    rng.shuffle(others)
    for new in (pair for both in zip(nearby, others, strict=False) for pair in both):
        if new[0] <= _LENGTHS[new[1] - 1] and new not in evidence.dates:
            yield _dated(found, *new)


def _dated(found: re.Match[str], day: int, month: int) -> str:
    ending = ""
    if found["ending"]:
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if not 10 < day < 14 else 0, "th")
    if found.re is _MONTH_DAY:
        return f"{MONTHS[month - 1]} {day}{ending}"
    return f"{day}{ending}{found['of'] or ''} {MONTHS[month - 1]}"


def _month(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    for name in rng.sample(MONTHS, len(MONTHS)):
        if name != found[0] and not evidence.says(name) and not evidence.says(name[:3]):
            yield name


def _years(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    first = int(found["year"])
    last = (
        int(found["next"]) if len(found["next"]) == 4 else first // 100 * 100 + int(found["next"])
    )
    for step in rng.sample((-4, -3, -2, -1, 1, 2), 6):
        if last > first and not evidence.years & {first + step, last + step} and last + step < 2031:
            yield f"{first + step}{found['join']}{str(last + step)[-len(found['next']) :]}"


def _year(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    before, year = found.string[: found.start()], int(found["year"])
    if not _YEAR_CUE.search(before):
        return
    others = {int(other["year"]) for other in _YEAR.finditer(found.string)} - {year}
    for step in rng.sample((-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5), 11):
        new = year + step
        if any((other < year) != (other < new) for other in others):
            continue
        if new < 2031 and new not in evidence.years and new not in evidence.numbers:
            yield str(new)


def _weekday(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    if _NAMED_DAY.search(found.string[: found.start()]) or _EVERY_DAY.search(evidence.words):
        return
    for name in rng.sample(WEEKDAYS, len(WEEKDAYS)):
        known = any(evidence.says(form) for form in (name, name + "s", name[:3]))
        if not known and not _within_span(name, evidence) and not _odd_span(found, name):
            yield name + found["plural"]


def _within_span(name: str, evidence: Evidence) -> bool:
    """Whether the passages hold a span of days with this one in it."""
    spans = re.findall(
        rf" ({_SHORT})[a-z]* (?:to |through |thru |until )?({_SHORT})[a-z]*(?= )", evidence.words
    )
    places = [(_DAYS.index(first), _DAYS.index(last)) for first, last in spans]
    return any(first <= WEEKDAYS.index(name) <= last for first, last in places)


def _odd_span(found: re.Match[str], name: str) -> bool:
    """Whether a span of days would run backwards ("Saturday to Friday")."""
    place = WEEKDAYS.index(name)
    after = re.match(
        rf"s? (?:to|through|-|\u2013) ({'|'.join(WEEKDAYS)})", found.string[found.end() :]
    )
    before = re.search(
        rf"({'|'.join(WEEKDAYS)})s? (?:to|through|-|\u2013) $", found.string[: found.start()]
    )
    return bool(
        (after and WEEKDAYS.index(after[1]) <= place)
        or (before and WEEKDAYS.index(before[1]) >= place)
    )
