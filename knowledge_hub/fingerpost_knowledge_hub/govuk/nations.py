"""To which nations of the UK a page applies, from its fields and from its wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import msgspec

from fingerpost_knowledge_hub.documents import NATIONS
from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem
from fingerpost_knowledge_hub.govuk.pieces import Piece, html_of, paragraph
from fingerpost_knowledge_hub.govuk.wording import wording
from fingerpost_knowledge_hub.markup import text_from_html


class Applicability(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a page applies to one nation, and which page does if not."""

    applicable: bool | None = None
    alternative_url: str | None = None


class Availability(msgspec.Struct, frozen=True, kw_only=True):
    """How a council's service stands in one nation: "unavailable" or its government's own."""

    type: str | None = None
    alternative_url: str | None = None


class NationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of all schemas that say where a page applies."""

    national_applicability: dict[str, Applicability] | None = None
    england_availability: Availability | None = None
    scotland_availability: Availability | None = None
    wales_availability: Availability | None = None
    northern_ireland_availability: Availability | None = None
    what_you_need_to_know: Body = None
    need_to_know: Body = None


_BY_NAME = {name.replace("-", " "): frozenset({name}) for name in NATIONS} | {
    "great britain": frozenset(NATIONS) - {"northern-ireland"},
    "the uk": frozenset(NATIONS),
    "the united kingdom": frozenset(NATIONS),
}
_ONLY = re.compile(r"(?:only )?available in (?P<names>.+?)(?P<only> only)?\.?", re.IGNORECASE)
_NOT = re.compile(r"(?:not available|unavailable) in (?P<names>.+?)\.?", re.IGNORECASE)
_AND = re.compile(r",\s*(?:and |or )?|\s+(?:and|or)\s+", re.IGNORECASE)


def nations_of(item: ContentItem) -> tuple[str, ...]:
    """The nations to which the page applies, in the order of `NATIONS`.

    All fields count, as does the wording that services use where they have no field
    ("Available in England only"). Where they leave no nation at all they contradict each other
    and none is believed.
    """
    details = item.read(NationDetails)
    left_out = {nation for nation, _ in _elsewhere(details)}
    for body in (details.what_you_need_to_know, details.need_to_know):
        for line in text_from_html(html_of(item, body)).splitlines():
            left_out |= _left_out_by(line.removeprefix("- ").strip())
    return tuple(nation for nation in NATIONS if nation not in left_out) or NATIONS


def applicability(item: ContentItem) -> Iterator[Piece]:
    """What the page says at its top: where it applies, and where to look for other nations."""
    details = item.read(NationDetails)
    words = wording(item.language)
    if details.national_applicability:
        applies = [words.nation(nation) for nation in nations_of(item)]
        yield Piece(paragraph(f"{words.applies_to}: {', '.join(applies)}"))
    links = {nation: url for nation, url in _elsewhere(details) if url}
    if links:
        lines = (f"{escape(words.nation(nation))}: {escape(url)}" for nation, url in links.items())
        yield Piece(f"<p>{'<br>'.join(lines)}</p>")


def _elsewhere(details: NationDetails) -> Iterator[tuple[str, str]]:
    """The nations that the fields leave out, each with the address of its own page or ""."""
    for name, one in (details.national_applicability or {}).items():
        nation = name.replace("_", "-")
        if one.applicable is False and nation in NATIONS:
            yield nation, one.alternative_url or ""
    availabilities = {
        "england": details.england_availability,
        "scotland": details.scotland_availability,
        "wales": details.wales_availability,
        "northern-ireland": details.northern_ireland_availability,
    }
    for nation, availability in availabilities.items():
        if availability is not None and availability.type:
            yield nation, availability.alternative_url or ""


def _left_out_by(line: str) -> frozenset[str]:
    """The nations that a line such as "Available in England and Wales only" leaves out."""
    if found := _NOT.fullmatch(line):
        return _named(found["names"])
    found = _ONLY.fullmatch(line)
    if found and (found["only"] or line.lower().startswith("only")):
        named = _named(found["names"])
        return frozenset(NATIONS) - named if named else frozenset()
    return frozenset()


def _named(names: str) -> frozenset[str]:
    """The nations in a list of names; none if any name is not a nation's."""
    parts = [_BY_NAME.get(name.strip().lower()) for name in _AND.split(names)]
    known = [part for part in parts if part is not None]
    return frozenset().union(*known) if len(known) == len(parts) else frozenset()
