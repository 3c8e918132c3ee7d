"""Schemas whose text is one body: answers, detailed guides, manuals' sections, help pages …"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fingerpost_knowledge_hub.govuk.contact_details import ContactDetails, ways_to_contact
from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem, read_as
from fingerpost_knowledge_hub.govuk.pieces import Piece, bullets, html_of
from fingerpost_knowledge_hub.govuk.wording import wording


class BodyDetails(msgspec.Struct, frozen=True, kw_only=True):
    body: Body = None


class QuickLink(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None


class ContactPageDetails(ContactDetails, frozen=True, kw_only=True):
    """The details of a page about one contact."""

    quick_links: list[QuickLink] | None = None


class OfficeDetails(msgspec.Struct, frozen=True, kw_only=True):
    access_and_opening_times: Body = None


def body_page(item: ContentItem) -> Iterator[Piece]:
    """Any schema whose whole text is `details.body`."""
    yield Piece(html_of(item, item.read(BodyDetails).body))


def contact_page(item: ContentItem) -> Iterator[Piece]:
    """A contact: one section for each way to get in touch."""
    details = item.read(ContactPageDetails)
    yield Piece(html_of(item, item.description))
    yield Piece(bullets(link.title or "" for link in details.quick_links or ()))
    for name, html in ways_to_contact(details, item.language):
        yield Piece(html, (name,))


def office_page(item: ContentItem) -> Iterator[Piece]:
    """An office abroad: when it is open, and its contacts."""
    yield Piece(html_of(item, item.read(OfficeDetails).access_and_opening_times))
    for link in item.linked("contact"):
        contact = read_as(link.details, ContactDetails, "links.contact")
        yield Piece(contact.description or "", (contact.title or wording(item.language).post,))
        for name, html in ways_to_contact(contact, item.language):
            yield Piece(html, tuple(filter(None, (contact.title, name))))
