"""Schemas that lead to a service: transactions, councils' services, places and licences."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem
from fingerpost_knowledge_hub.govuk.pieces import Piece, html_of, paragraph
from fingerpost_knowledge_hub.govuk.wording import Wording, wording


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A form of a transaction for some of its users, with an address of its own."""

    title: str | None = None
    slug: str | None = None
    introductory_paragraph: Body = None
    more_information: Body = None
    transaction_start_link: str | None = None
    will_continue_on: str | None = None


class TransactionDetails(msgspec.Struct, frozen=True, kw_only=True):
    introductory_paragraph: Body = None
    start_button_text: str | None = None
    transaction_start_link: str | None = None
    will_continue_on: str | None = None
    more_information: Body = None
    what_you_need_to_know: Body = None
    other_ways_to_apply: Body = None
    downtime_message: str | None = None
    variants: list[Variant] | None = None


class LocalTransactionDetails(msgspec.Struct, frozen=True, kw_only=True):
    introduction: Body = None
    need_to_know: Body = None
    more_information: Body = None
    before_results: Body = None
    after_results: Body = None


class LicenceDetails(msgspec.Struct, frozen=True, kw_only=True):
    licence_short_description: str | None = None
    licence_overview: Body = None
    will_continue_on: str | None = None
    continuation_link: str | None = None


def transaction(item: ContentItem) -> Iterator[Piece]:
    """A service to start on line: what it is for, where it starts, what is needed."""
    details = item.read(TransactionDetails)
    words = wording(item.language)
    if details.downtime_message:
        yield Piece(f'<div class="help-notice">{paragraph(details.downtime_message)}</div>')
    yield Piece(html_of(item, details.introductory_paragraph))
    yield Piece(_start(words, details.will_continue_on, details.transaction_start_link))
    yield Piece(html_of(item, details.what_you_need_to_know), (words.need_to_know,))
    yield Piece(html_of(item, details.more_information))
    yield Piece(html_of(item, details.other_ways_to_apply), (words.other_ways,))
    for variant in details.variants or ():
        headings = (variant.title,) if variant.title else ()
        for html in (
            html_of(item, variant.introductory_paragraph),
            _start(words, variant.will_continue_on, variant.transaction_start_link),
            html_of(item, variant.more_information),
        ):
            yield Piece(html, headings, variant.slug or "")


def local_transaction(item: ContentItem) -> Iterator[Piece]:
    """A service of the reader's council, or a finder of places near by."""
    details = item.read(LocalTransactionDetails)
    yield Piece(html_of(item, details.introduction))
    need_to_know = html_of(item, details.need_to_know)
    yield Piece(need_to_know, (wording(item.language).need_to_know,))
    yield Piece(html_of(item, details.before_results))
    yield Piece(html_of(item, details.after_results))
    yield Piece(html_of(item, details.more_information))


def licence(item: ContentItem) -> Iterator[Piece]:
    """A licence: who needs it, and where to apply."""
    details = item.read(LicenceDetails)
    yield Piece(paragraph(details.licence_short_description))
    yield Piece(_start(wording(item.language), details.will_continue_on, details.continuation_link))
    yield Piece(html_of(item, details.licence_overview))


def _start(words: Wording, continues_on: str | None, link: str | None) -> str:
    """The page's call to action: where the service starts."""
    if not link:
        return ""
    place = (continues_on or "").strip()
    return paragraph(f"{words.start_on} {place}: {link}" if place else f"{words.start_now}: {link}")
