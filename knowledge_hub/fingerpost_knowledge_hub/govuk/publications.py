"""Schemas of published documents: publications, consultations and collections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem
from fingerpost_knowledge_hub.govuk.pieces import Piece, bullets, html_of, paragraph
from fingerpost_knowledge_hub.govuk.wording import wording


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None


class PublicationDetails(msgspec.Struct, frozen=True, kw_only=True):
    body: Body = None
    attachments: list[Attachment] | None = None
    documents: list[str] | None = None
    """Attachments as HTML, in older payloads."""


class WaysToRespond(msgspec.Struct, frozen=True, kw_only=True):
    link_url: str | None = None
    email: str | None = None
    postal_address: str | None = None


class ConsultationDetails(PublicationDetails, frozen=True, kw_only=True):
    opening_date: datetime | None = None
    closing_date: datetime | None = None
    ways_to_respond: WaysToRespond | None = None
    held_on_another_website_url: str | None = None
    final_outcome_detail: Body = None
    final_outcome_documents: list[str] | None = None
    outcome_detail: Body = None
    outcome_documents: list[str] | None = None
    """The two "outcome" fields are those of a call for evidence."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    body: Body = None


class CollectionDetails(msgspec.Struct, frozen=True, kw_only=True):
    body: Body = None
    collection_groups: list[Group] | None = None


def publication(item: ContentItem) -> Iterator[Piece]:
    """A publication: the text of its page and the names of its documents."""
    return _published(item, item.read(PublicationDetails))


def consultation(item: ContentItem) -> Iterator[Piece]:
    """A consultation or call for evidence: when it is open, how to respond, what came of it."""
    details = item.read(ConsultationDetails)
    words = wording(item.language)
    yield Piece(_moment(words.opens, details.opening_date))
    yield Piece(_moment(words.closes, details.closing_date))
    yield from _published(item, details)
    respond = details.ways_to_respond or WaysToRespond()
    elsewhere = details.held_on_another_website_url
    for way in (elsewhere, respond.link_url, respond.email, respond.postal_address):
        yield Piece(paragraph(way), (words.ways_to_respond,))
    for outcome in (details.final_outcome_detail, details.outcome_detail):
        yield Piece(html_of(item, outcome), (words.outcome,))
    for documents in (details.final_outcome_documents, details.outcome_documents):
        yield Piece("".join(documents or ()), (words.outcome,))


def document_collection(item: ContentItem) -> Iterator[Piece]:
    """A collection: what it says itself, without the list of pages that it collects."""
    details = item.read(CollectionDetails)
    yield Piece(html_of(item, details.body))
    for group in details.collection_groups or ():
        yield Piece(html_of(item, group.body), (group.title,) if group.title else ())


def _published(item: ContentItem, details: PublicationDetails) -> Iterator[Piece]:
    yield Piece(html_of(item, details.body))
    documents = (wording(item.language).documents,)
    yield Piece(bullets(file.title or "" for file in details.attachments or ()), documents)
    yield Piece("".join(details.documents or ()), documents)


def _moment(label: str, moment: datetime | None) -> str:
    return paragraph(f"{label}: {moment.day} {moment:%B %Y}") if moment else ""
