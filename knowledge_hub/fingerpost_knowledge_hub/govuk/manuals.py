"""Schemas that list what is below them: manuals, HMRC's manuals and the service standard."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem
from fingerpost_knowledge_hub.govuk.pieces import Piece, bullets, html_of
from fingerpost_knowledge_hub.govuk.wording import wording


class ManualEntry(msgspec.Struct, frozen=True, kw_only=True):
    section_id: str | None = None
    title: str | None = None
    description: str | None = None


class ManualGroup(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    child_sections: list[ManualEntry] | None = None


class ManualDetails(msgspec.Struct, frozen=True, kw_only=True):
    body: Body = None
    child_section_groups: list[ManualGroup] | None = None


def manual(item: ContentItem) -> Iterator[Piece]:
    """A manual, or a section of one: its own text, then what it holds."""
    details = item.read(ManualDetails)
    yield Piece(html_of(item, details.body))
    for group in details.child_section_groups or ():
        entries = bullets(_entry(entry) for entry in group.child_sections or ())
        yield Piece(entries, (group.title or wording(item.language).contents,))


def _entry(entry: ManualEntry) -> str:
    title = " ".join(filter(None, (entry.section_id, entry.title)))
    return ": ".join(filter(None, (title, entry.description)))
