"""Schemas in parts, each with an address of its own: guides and travel advice."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem
from fingerpost_knowledge_hub.govuk.pieces import Piece, html_of, paragraph
from fingerpost_knowledge_hub.govuk.wording import wording


class GuidePart(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    slug: str | None = None
    body: Body = None


class GuideDetails(msgspec.Struct, frozen=True, kw_only=True):
    parts: list[GuidePart] | None = None


class TravelAdviceDetails(GuideDetails, frozen=True, kw_only=True):
    summary: Body = None
    alert_status: list[str] | None = None
    change_description: str | None = None


_ALERTS = {
    "avoid_all_but_essential_travel_to_parts": "all but essential travel to parts of the country",
    "avoid_all_but_essential_travel_to_whole_country": "all but essential travel to the whole country",
    "avoid_all_travel_to_parts": "all travel to parts of the country",
    "avoid_all_travel_to_whole_country": "all travel to the whole country",
}
"""What the Foreign, Commonwealth & Development Office advises against, by its alert status."""


def guide(item: ContentItem) -> Iterator[Piece]:
    """A guide: every part under its title."""
    return _parts(item, item.read(GuideDetails))


def travel_advice(item: ContentItem) -> Iterator[Piece]:
    """Advice on a country: the warnings in force and the latest change, then the parts."""
    details = item.read(TravelAdviceDetails)
    for alert in details.alert_status or ():
        if advice := _ALERTS.get(alert):
            yield Piece(
                f'<div class="help-notice">{paragraph(f"FCDO advises against {advice}.")}</div>'
            )
    latest, label = details.change_description or "", wording(item.language).latest_update
    if latest.strip():
        yield Piece(paragraph(latest if latest.startswith(label) else f"{label}: {latest}"))
    yield Piece(html_of(item, details.summary))
    yield from _parts(item, details)


def _parts(item: ContentItem, details: GuideDetails) -> Iterator[Piece]:
    for number, part in enumerate(details.parts or ()):
        # The site serves the first part at the page's own address.
        slug = part.slug if number and part.slug else ""
        headings = (part.title,) if part.title else ()
        yield Piece(html_of(item, part.body), headings, slug)
