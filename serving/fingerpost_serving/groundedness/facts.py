"""Figures, names and contacts of a sentence that its passages do not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .contacts import Contact, contacts
from .names import name_stems, names, spellings
from .quantities import Date, Quantity, figures
from .source import Source, SourceUnit, without_contacts

SHORTEST_CONTACT = 6
"""Letters and digits of a contact that is looked for in the whole text, however it is spaced."""

_BESIDE = {
    ("minutes", 1): ("minute",),
    ("minutes", 60): ("hour",),
    ("minutes", 1440): ("day",),
    ("minutes", 10_080): ("week",),
    ("months", 1): ("month",),
    ("months", 12): ("year", "aged", "age ", "or over", "or older", "or under", "or younger"),
}
"""What stands beside a bare number that is a length of time (in a table), or years of age."""


def unsupported(text: str, sources: Sequence[Source]) -> str | None:
    """Return which kind of fact of a sentence no passage has, or None.

    The kinds: "contact", "number", "date", "name" and "nation".
    """
    for contact in contacts(text):
        if not _has_contact(contact, sources):
            return "contact"
    found = figures(without_contacts(text))
    for date in found.dates:
        if not _has_date(date, sources):
            return "date"
    for quantity in found.quantities:
        if not _has_quantity(quantity, sources):
            return "date" if quantity.kind == "weekday" else "number"
    return _unknown_name(text, sources)


def _has_contact(contact: Contact, sources: Sequence[Source]) -> bool:
    return any(_holds_contact(source, contact) for source in sources)


def _holds_contact(source: Source, contact: Contact) -> bool:
    if any((contact.kind, contact.value) == (other.kind, other.value) for other in source.contacts):
        return True
    if contact.kind == "url":
        # A bare host may be that of a longer address of the source.
        bare = "/" not in contact.value
        return bare and any(_has_host(other, contact.value) for other in source.contacts)
    plain = "".join(each for each in contact.value if each.isalnum())
    return len(plain) >= SHORTEST_CONTACT and plain in source.digits


def _has_host(other: Contact, host: str) -> bool:
    found = (
        other.value.partition("@")[2] if other.kind == "email" else other.value.partition("/")[0]
    )
    return found == host or found.endswith(f".{host}")


def _all_units(sources: Sequence[Source]) -> Iterator[SourceUnit]:
    for source in sources:
        yield from source.units


def _has_date(date: Date, sources: Sequence[Source]) -> bool:
    dates = [each for source in sources for each in source.figures.dates]
    dates += [each for unit in _all_units(sources) for each in unit.figures.dates]
    for other in dates:
        same = other.month == date.month and date.day in (None, other.day)
        turned = date.day is not None and (other.day, other.month) == (date.month, date.day)
        if (same or turned) and _year_agrees(date, other, sources):
            return True
    return False


def _year_agrees(date: Date, other: Date, sources: Sequence[Source]) -> bool:
    if date.year is None or other.year == date.year:
        return True
    return other.year is None and _has_raw(float(date.year), sources)


def _has_raw(value: float, sources: Sequence[Source]) -> bool:
    for source in sources:
        for found in (source.figures, *(unit.figures for unit in source.units)):
            if any(abs(quantity.raw - value) < 1e-6 for quantity in found.quantities):
                return True
            if any(value in (date.day, date.year) for date in found.dates):
                return True
    return False


def _has_quantity(quantity: Quantity, sources: Sequence[Source]) -> bool:
    if not quantity.certain:
        return True
    if quantity.kind in ("plain", "ordinal"):
        return _has_raw(quantity.raw, sources) or _in_code(quantity, sources)
    for source in sources:
        if any(_same(quantity, other) for other in source.figures.quantities):
            return True
        for unit in source.units:
            for other in unit.figures.quantities:
                if _same(quantity, other) or _bare(quantity, other, unit):
                    return True
    return False


def _in_code(quantity: Quantity, sources: Sequence[Source]) -> bool:
    digits = f"{quantity.raw:.0f}"
    return any(
        digits in code for source in sources for code in source.names.codes if len(digits) > 1
    )


def _same(one: Quantity, other: Quantity) -> bool:
    if one.kind != other.kind:
        return False
    near = 0.7 if one.kind == "share" and one.raw < 0 <= other.raw else 1e-6
    return abs(one.value - other.value) <= max(near, 1e-6 * abs(one.value))


def _bare(quantity: Quantity, other: Quantity, unit: SourceUnit) -> bool:
    """Whether a source has the number without its unit, which it then names beside it."""
    if other.kind not in ("plain", "ordinal") or abs(quantity.raw - other.raw) > 1e-6:
        return False
    kind = quantity.kind
    if kind.startswith("money"):
        return True
    if kind == "share":
        return any(each in unit.context.casefold() for each in ("%", "percent", "per cent"))
    if kind in ("minutes", "months"):
        words = _BESIDE.get((kind, round(quantity.value / quantity.raw) if quantity.raw else 0), ())
        return any(each in unit.context.casefold() for each in words)
    return kind == "clock" or kind.startswith("measure")


def _unknown_name(text: str, sources: Sequence[Source]) -> str | None:
    found = names(text)
    for nation in found.nations:
        if not any(nation in source.names.nations for source in sources):
            return "nation"
    for code in found.codes:
        if not any(code in source.digits for source in sources):
            return "name"
    known = frozenset().union(*(source.names.known for source in sources))
    for thing in found.known - known:
        if not any(each in source.folded for source in sources for each in spellings(thing)):
            return "name"
    for word in found.capitalised:
        if not _has_word(word, sources):
            return "name"
    return None


def _has_word(word: str, sources: Sequence[Source]) -> bool:
    parts = name_stems(word)
    for source in sources:
        if parts <= source.words or word.casefold().rstrip("s") in source.initials:
            return True
    return False
