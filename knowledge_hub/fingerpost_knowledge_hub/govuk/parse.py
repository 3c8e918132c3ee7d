"""From a GOV.UK payload to a document, or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from fingerpost_knowledge_hub.documents import Document, Section
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.govuk.addresses import canonical_path, page_address
from fingerpost_knowledge_hub.govuk.content_item import ContentItem, read_as, read_content_item
from fingerpost_knowledge_hub.govuk.nations import applicability, nations_of
from fingerpost_knowledge_hub.govuk.pieces import Piece, html_of
from fingerpost_knowledge_hub.govuk.schemas import READERS, collection_of, reason_to_skip
from fingerpost_knowledge_hub.govuk.status import standing_of
from fingerpost_knowledge_hub.markup import one_line, sections_from_html, text_from_html

MAX_TEXT = 8 * 2**20
"""Most characters of text that one page may have."""

MAX_TITLE = 500
MAX_DESCRIPTION = 10_000
MAX_VERSION = 2**63 - 1

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
"""The shape of the locales in the content schemas ("en", "cy", "zh-hk", "es-419")."""


class _Publisher(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None


class _PublisherDetails(msgspec.Struct, frozen=True, kw_only=True):
    organisations: list[_Publisher] | None = None


def parse_content_item(payload: Mapping[str, object] | bytes) -> Document | str:
    """Read one payload of the Content API, of the publishing API or of a publishing message.

    Returns:
        The page as a document, whatever its status; or, for what is no guidance, the reason as
        a stable code: "not_guidance:organisation", "unknown_schema:…", "redirect", "gone",
        "links_only" (links without the page they belong to) or "no_text:guide".

    Raises:
        DocumentError: the payload is broken: no JSON, wrong types, no path or title, too large.
    """
    item = read_content_item(payload)
    return reason_to_skip(item) or document_of(item)


def document_of(item: ContentItem) -> Document | str:
    """The document in a payload whose schema is guidance, or "no_text:…" if it says nothing.

    Raises:
        DocumentError: see `parse_content_item`.
    """
    path, locale = identity_of(item)
    title = one_line(item.title or "")
    description = one_line(text_from_html(html_of(item, item.description)))
    _require_length("title", title, 1, MAX_TITLE)
    _require_length("description", description, 0, MAX_DESCRIPTION)
    sections = tuple(_merged(_sections(item, path)))
    if not sections:
        return f"no_text:{item.schema_name}"
    status, notice = standing_of(item)
    return Document(
        path=path,
        locale=locale,
        title=title,
        url=page_address(path),
        sections=sections,
        collection=collection_of(item),
        description=description,
        nations=nations_of(item),
        status=status,
        schema=item.schema_name or "",
        publisher=_publisher(item),
        published_at=item.published_at,
        updated_at=item.changed_at,
        version=version_of(item),
        notice=notice,
    )


def identity_of(item: ContentItem) -> tuple[str, str]:
    """The canonical path and the locale of a payload.

    Raises:
        DocumentError: it has no path, or one of them is malformed.
    """
    if item.base_path is None:
        raise DocumentError("has no base_path: it cannot be told which page this is")
    if not _LOCALE.fullmatch(item.language):
        raise DocumentError(f"{item.language[:40]!r} is no locale: expected one like 'en' or 'cy'")
    return canonical_path(item.base_path), item.language


def version_of(item: ContentItem) -> int:
    """The publisher's running number of the payload; 0 where there is none.

    Raises:
        DocumentError: it is no whole number from 0 on.
    """
    given = item.payload_version
    text = str(0 if given is None else given)
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MAX_VERSION):
        raise DocumentError(
            f"its payload_version is {text[:40]!r}: expected a whole number from 0 to {MAX_VERSION}"
        )
    return int(text)


def _sections(item: ContentItem, path: str) -> Iterator[Section]:
    room = MAX_TEXT
    for piece in _pieces(item):
        url = _part_address(path, piece.slug)
        headings = tuple(filter(None, map(one_line, piece.headings)))
        for section in sections_from_html(
            piece.html, headings=headings, url=url, locale=item.language
        ):
            room -= len(section.text)
            if room < 0:
                raise DocumentError(
                    f"its text is longer than {MAX_TEXT // 2**20} MiB: split the page"
                )
            yield section


def _pieces(item: ContentItem) -> Iterator[Piece]:
    yield from applicability(item)
    yield from READERS[item.schema_name or ""](item)


def _merged(sections: Iterable[Section]) -> Iterator[Section]:
    """Neighbours under one heading as one section."""
    last: Section | None = None
    for section in sections:
        if last is not None and _place(last) == _place(section):
            last = msgspec.structs.replace(last, text=f"{last.text}\n\n{section.text}")
            continue
        if last is not None:
            yield last
        last = section
    if last is not None:
        yield last


def _place(section: Section) -> tuple[object, ...]:
    return section.heading_path, section.anchor, section.url


def _part_address(path: str, slug: str) -> str:
    if not slug:
        return ""
    part = canonical_path(f"{path}/{slug}")
    if not part.startswith(f"{path}/"):
        raise DocumentError(f"{slug[:100]!r} is no part of {path}: a slug is one segment of a path")
    return page_address(part)


def _publisher(item: ContentItem) -> str:
    for name in ("primary_publishing_organisation", "organisations"):
        for link in item.linked(name):
            if link.title:
                return one_line(link.title)
    details = read_as(item.details or {}, _PublisherDetails, "details")
    return next((one_line(one.title) for one in details.organisations or () if one.title), "")


def _require_length(name: str, text: str, least: int, most: int) -> None:
    if len(text) < least:
        raise DocumentError(f"has no {name}: fetch the page again")
    if len(text) > most:
        raise DocumentError(f"its {name} is longer than {most} characters: shorten it")
