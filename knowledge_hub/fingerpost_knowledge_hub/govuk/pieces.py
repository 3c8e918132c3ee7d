"""What the readers of schemas yield: pieces of a page as HTML, in the order of reading."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from fingerpost_knowledge_hub.govuk.contact_details import ContactDetails, contact_html
from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem, read_as
from fingerpost_knowledge_hub.govuk.govspeak import html_from_govspeak

_CONTACT_LINKS = ("contacts", "embed", "ordered_contacts")


class Piece(NamedTuple):
    """A stretch of a page's HTML and where it stands."""

    html: str
    headings: tuple[str, ...] = ()
    """Headings under which it stands that are not in the HTML itself."""
    slug: str = ""
    """Of the part that it belongs to, where that has an address below the page's."""


def paragraph(text: str | None) -> str:
    """Plain text as a paragraph; its line breaks are kept."""
    lines = (escape(line.strip()) for line in (text or "").splitlines() if line.strip())
    return f"<p>{'<br>'.join(lines)}</p>"


def bullets(texts: Iterable[str]) -> str:
    """Plain texts as a list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts if text.strip()) + "</ul>"


def html_of(item: ContentItem, body: Body) -> str:
    """A text of a payload as HTML, whichever renderings of it there are.

    Raises:
        DocumentError: it has only govspeak, and that is too long.
    """
    if body is None or isinstance(body, str):
        return body or ""
    renderings = {rendering.content_type: rendering.content or "" for rendering in body}
    if "text/html" in renderings:
        return renderings["text/html"]
    return html_from_govspeak(renderings.get("text/govspeak", ""), _embedded(item))


def _embedded(item: ContentItem) -> dict[str, str]:
    """The contacts that a payload carries, by content id."""
    return {
        link.content_id: contact_html(read_as(link.details, ContactDetails, f"links.{name}"))
        for name in _CONTACT_LINKS
        for link in item.linked(name)
        if link.content_id and link.document_type == "contact"
    }
