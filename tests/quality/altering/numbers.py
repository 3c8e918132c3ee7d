"""Numbers and amounts changed: money, shares, lengths of time, times of day, ages and counts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.quality.altering.evidence import (
    DAYS,
    MONTHS,
    ONES,
    SCALES,
    TENS,
    UNIT,
    WEEKDAYS,
    Evidence,
    spelt_value,
)
from tests.quality.altering.spans import Span, kept, overlaps, replaced

_WORD = "|".join([*ONES[2:], *TENS])
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_MONEY = re.compile(
    rf"(?P<sign>[£$€])(?P<number>{_FIGURE})(?P<scale>\s?(?:thousand|million|billion|trillion|bn|m|k)\b)?"
)
_SHARE = re.compile(rf"(?<![\w.,$£-])(?P<number>{_FIGURE})(?P<sign>\s?%|\s?per ?cent\b)")
_TIME_SPAN = re.compile(
    rf"(?<![\w.,$£/-])(?P<number>{_FIGURE}|(?i:one|{_WORD})\b)"
    rf"(?P<gap>\s?\(\d+\))?(?P<join>[ -])(?P<sort>(?:working |business |calendar |full )?){UNIT}(?P<plural>s?)\b"
)
_CLOCK = re.compile(
    r"(?<![\w.:])(?P<hour>1[0-2]|[1-9])(?P<minutes>[:.][0-5]\d)?(?P<half>\s?[ap]\.?m\b)"
)
_COUNT = re.compile(
    rf"(?<![\w.,$£€/:#@&°+\u00d7=<>*^~(-])(?P<number>{_FIGURE})"
    r"(?=(?:\s(?:thousand|million|billion)\b)?(?: (?!am\b|pm\b|[ap]\.m|percent|per cent)[a-z]+|[,;]? (?:or|and|to) |[.;]?$|, ))"
)
_WORD_COUNT = re.compile(
    rf"(?<![\w-])(?P<number>{_WORD})(?= (?!hundred|thousand|million|billion|and|or|to|of|percent)[a-z])",
    re.I,
)

_LABEL = re.compile(
    r"(?:\b(?:[A-Z]\w*|&|step|part|section|room|form|chapter|article|line|schedule|level|type|phase|title|number|no|"
    r"box|window|table|figure|version|layer|route|option|select|(?:press|dial)(?:ing)?|text|call|page|class|rule|code|item|"
    r"paragraph|question|grade|stage|zone|band|tier|area|version|id|at|e\.g|vol)\.?|\d|\+|=|:) ?$"
)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages|turn(?:s|ed)?) (?:of |over |under |between )?$")
_AGE_AFTER = re.compile(
    r"(?:[ -]years?)?[ -](?:old|of age)|s? (?:or|and) (?:over|older|above|under|younger)\b"
)
_AT_LEAST = re.compile(
    r"\b(?:more than|over|at least|exceed(?:s|ed|ing)?|above|minimum of|greater than|nearly|almost|as many as|upwards of|(?:longer|later|older|higher|greater|sooner|earlier) than) $"
)
_AT_MOST = re.compile(
    r"\b(?:less than|fewer than|under|up to|at most|no more than|not more than|within|below|maximum of|as little as|(?:the|their|your) first|until) $"
)
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|some|an estimated|circa|nearly|almost|approx\.?) $"
)
_DEMAND = re.compile(
    r"\b(?:must|have to|has to|need to|needs to|required?|limit|deadline|eligib\w+|qualify|entitled)\b"
)
_RANGE_AFTER = re.compile(
    rf"\s?(?:-|\u2013|to|and) [£$]?{_FIGURE}|\u2013|-\d| (?:or|and|to) (?:\d|{_WORD})"
)
_RANGE_BEFORE = re.compile(
    rf"(?:\d|\b(?:one|{_WORD}))(?:%|\w*)? ?(?:-|\u2013|to|and|or|but) ?(?:under |less than |up to )?$"
)

_AGES = (16, 17, 18, 19, 21, 25, 30, 50, 55, 60, 62, 65, 66, 67, 70, 75)
_POOLS = {
    "minute": (5, 10, 15, 20, 30, 40, 45, 60, 90),
    "hour": (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72),
    "day": (2, 3, 4, 5, 7, 10, 14, 15, 20, 21, 28, 30, 42, 45, 60, 90, 120),
    "week": (2, 3, 4, 6, 8, 10, 12, 13, 16, 18, 20, 26, 28, 30, 36, 39, 42, 52),
    "month": (2, 3, 4, 6, 8, 9, 12, 15, 18, 24, 36),
    "year": (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30),
}
_OTHER_UNIT = {
    "minute": "hour",
    "hour": "day",
    "day": "week",
    "week": "month",
    "month": "week",
    "year": "month",
}
_ONE_OF = re.compile(r"\b(?:of|in|only|any|for each|or) $")
_CEILING = re.compile(r" (?:a|per|each|every|out of the) (day|week|month|year)\b|/(day|week)")


def changed_numbers(sentence: str, evidence: Evidence, rng: random.Random) -> Iterator[str]:
    """Copies of the sentence with one number changed, in no certain order."""
    taken = kept(sentence) + _dates(sentence)
    for pattern, changes in (
        (_MONEY, _money),
        (_SHARE, _share),
        (_TIME_SPAN, _time_span),
        (_CLOCK, _clock),
        (_COUNT, _count),
        (_WORD_COUNT, _word_count),
    ):
        for found in pattern.finditer(sentence):
            if overlaps(found.span(), taken):
                continue
            taken.append(found.span())
            if _in_range(found):
                continue
            for text in changes(found, evidence, rng):
                yield replaced(sentence, found.span(), text)


def _dates(sentence: str) -> list[Span]:
    names = "|".join([*MONTHS, *(name[:3] + r"\b" for name in MONTHS), *WEEKDAYS])
    dates = re.compile(
        rf"\b(?:{names})\.?,? \d{{1,2}}(?:st|nd|rd|th)?(?: ?(?:-|\u2013|to|and) ?\d{{1,2}})?(?:,? \d{{4}})?"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{names})(?:,? \d{{4}})?"
        r"|\b(?:1[6-9]|20)\d\d(?:[-/\u2013]\d{2,4})?s?\b(?! (?:people|pounds|hours|miles|days|points))|\b\d{1,4}[-/]\d{1,2}[-/]\d{1,4}\b"
    )
    return [found.span() for found in dates.finditer(sentence)]


def _in_range(found: re.Match[str]) -> bool:
    before, after = found.string[: found.start()], found.string[found.end() :]
    return bool(_RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before))


def _fits(found: re.Match[str], old: float, new: float) -> bool:
    """Whether the new number contradicts the old one where the sentence gives only a bound."""
    before = found.string[: found.start()].lower()
    if re.search(r"\b(?:can|could|may|might) be [a-z]+ than $", before):
        return False
    if _ABOUT.search(before) and not 0.6 < new / old < 1.6:
        return True
    if _ABOUT.search(before):
        return not 0.75 < new / old < 1.3
    if _DEMAND.search(before):
        return True
    if _AT_LEAST.search(before) or re.match(
        r"\+| or (?:more|older|over|above)\b", found.string[found.end() :]
    ):
        return new > old
    if _AT_MOST.search(before) or re.match(
        r" or (?:less|fewer|under|younger)\b", found.string[found.end() :]
    ):
        return new < old
    return True


def _value(text: str) -> float:
    return float(text.replace(",", "")) if text[0].isdigit() else spelt_value(text)


def _step(value: float) -> float:
    """The last digit that counts: 1,000 for 3000 (so 3,500 is not tried), 0.01 for 94.25."""
    step = 1
    while value % (step * 10) == 0 and value > step * 10:
        step *= 10
    return step


def _near(number: str, rng: random.Random, least: float = 1.0) -> list[float]:
    value = _value(number)
    if value <= 0:
        return []
    if "." in number:
        places = len(number.partition(".")[2])
        tries = [round(value * factor, places) for factor in (0.62, 0.8, 0.93, 1.08, 1.25, 1.7)]
    elif value < 13:
        tries = [value + step for step in (-3, -2, -1, 1, 2, 3)]
    else:
        step = _step(value)
        tries = [
            round(value * factor / step) * step for factor in (0.5, 0.7, 0.8, 0.9, 1.1, 1.2, 1.5, 2)
        ]
        tries += [value - step, value + step]
    rng.shuffle(tries)
    most = 100 if value < 100 and "." not in number else 1e15
    return [new for new in dict.fromkeys(tries) if new != value and least < new < most]


def _written(value: float, like: str) -> str:
    if not like[0].isdigit():
        word = _spelt(int(value))
        return word.capitalize() if like[0].isupper() else word
    places = len(like.partition(".")[2])
    comma = "," if "," in like else ""
    return f"{value:{comma}.{places}f}"


def _spelt(value: int) -> str:
    if value < 20:
        return ONES[value]
    tens = TENS[value // 10 - 2] if value < 100 else ""
    return f"{tens}-{ONES[value % 10]}" if value % 10 else tens


def _money(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    scale = SCALES[found["scale"].strip()] if found["scale"] else 1.0
    old = _value(found["number"])
    for new in _near(found["number"], rng):
        if not evidence.counts(new * scale) and not evidence.counts(new) and _fits(found, old, new):
            yield found["sign"] + _written(new, found["number"]) + (found["scale"] or "")


def _share(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    old = _value(found["number"])
    for new in _near(found["number"], rng, least=0):
        if (old > 100 or new < 100) and not evidence.counts(new) and _fits(found, old, new):
            yield _written(new, found["number"]) + found["sign"]


def _time_span(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    if found["gap"] or found["unit"] not in _POOLS or "," in found["number"]:
        return
    old, unit, after = _value(found["number"]), found["unit"], found.string[found.end() :]
    if _AGE_AFTER.match(after) and unit == "year":
        yield from _age(found, evidence, rng)
        return
    if old == 1 and _ONE_OF.search(found.string[: found.start()].lower()):
        return
    roof = _CEILING.match(after)
    most = DAYS[roof[1] or roof[2]] / DAYS[unit] if roof else 1e9
    spelt = not found["number"][0].isdigit()
    pool = [new for new in _POOLS[unit] if 0.25 <= new / old <= 4 and new < most]
    changes = [(float(new), unit) for new in pool if not spelt or new < 13]
    other = _OTHER_UNIT[unit]
    if not roof and not found["sort"] and 1 < old <= 36 and DAYS[other] * old < 3000:
        changes.append((old, other))
    rng.shuffle(changes)
    for new, new_unit in changes:
        days = new * DAYS[new_unit]
        same = (new == old and new_unit == unit) or evidence.lasts(days)
        known = new_unit == unit and evidence.counts(new)
        if not same and not known and _fits(found, old * DAYS[unit], days):
            plural = "s" if found["plural"] or (old == 1 and found["join"] == " ") else ""
            yield _written(new, found["number"]) + found["join"] + found["sort"] + new_unit + plural


def _age(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    rest = found[0][len(found["number"]) :]
    for new in rng.sample(_AGES, len(_AGES)):
        old = _value(found["number"])
        if (
            0.5 < new / old < 2
            and new != old
            and not evidence.counts(new)
            and _fits(found, old, new)
        ):
            yield _written(new, found["number"]) + rest


def _clock(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    minutes = found["minutes"] or ""
    for step in rng.sample((-2, -1, 1, 2, 3), 5):
        hour = (int(found["hour"]) + step - 1) % 12 + 1
        if (
            abs(hour - int(found["hour"])) > 3
            or evidence.counts(hour)
            or evidence.says(f"{hour}{found['half']}")
        ):
            continue
        yield f"{hour}{minutes}{found['half']}"


def _count(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    before, after = found.string[: found.start()], found.string[found.end() :]
    old = _value(found["number"])
    if (
        not before.strip()
        or old < 2
        or re.fullmatch(r"\d{6,}", found["number"])
        or _LABEL.search(before)
    ):
        return
    scale = re.match(r"\s(thousand|million|billion)\b", after)
    if _AGE_BEFORE.search(before) or _AGE_AFTER.match(after):
        yield from _age(found, evidence, rng)
        return
    for new in _near(found["number"], rng):
        size = new * (SCALES[scale[1]] if scale else 1)
        if not evidence.counts(size) and not evidence.counts(new) and _fits(found, old, new):
            yield _written(new, found["number"])


def _word_count(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    old = _value(found["number"])
    if re.search(
        r"\b(?:these|those|other|the other|all|between|into|step|part|phase) $",
        found.string[: found.start()].lower(),
    ):
        return
    for new in _near(str(int(old)), rng):
        if 2 <= new < 100 and not evidence.counts(new) and _fits(found, old, new):
            yield _written(new, found["number"])
