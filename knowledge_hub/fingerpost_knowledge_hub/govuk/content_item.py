"""The envelope that all GOV.UK payloads share, as the publishing API's content schemas define it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from fingerpost_knowledge_hub.errors import DocumentError

T = TypeVar("T")

_STRAYS = (RecursionError, OverflowError, UnicodeError)
"""What decoding raises besides its own errors: for deep nesting, huge numbers, lone surrogates."""


class Rendering(msgspec.Struct, frozen=True):
    """One of several forms of the same text."""

    content_type: str
    content: str | None = None


Body = str | list[Rendering] | None
"""A text: HTML, or its renderings ("text/html", "text/govspeak") as the publishing API sends it."""


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """Another content item that a payload carries in its links."""

    title: str | None = None
    document_type: str | None = None
    content_id: str | None = None
    details: dict[str, object] = {}


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """Where readers of a path are sent."""

    path: str
    destination: str | None = None
    type: str = "exact"


class ContentItem(msgspec.Struct, frozen=True, kw_only=True):
    """One payload: what the Content API serves, a publishing message, or a publishing request.

    Only what every schema has is typed here; `details` is read by the schema's own reader.
    """

    schema_name: str | None = None
    document_type: str | None = None
    base_path: str | None = None
    locale: str | None = None
    title: str | None = None
    description: Body = None
    details: dict[str, object] | None = None
    links: dict[str, object] | None = None
    expanded_links: dict[str, object] | None = None
    """In publishing messages; their `links` hold ids only."""
    redirects: list[Redirect] | None = None
    withdrawn_notice: dict[str, object] | None = None
    access_limited: dict[str, object] | bool | None = None
    publication_state: str | None = None
    content_store: str | None = None
    first_published_at: datetime | None = None
    public_updated_at: datetime | None = None
    updated_at: datetime | None = None
    payload_version: int | str | None = None

    @property
    def language(self) -> str:
        """The locale, English where none is given, as the publishing API has it."""
        return self.locale or "en"

    @property
    def published_at(self) -> datetime | None:
        return _aware(self.first_published_at)

    @property
    def changed_at(self) -> datetime | None:
        """When readers were last told of a change; else when anything changed."""
        return _aware(self.public_updated_at or self.updated_at)

    def read(self, form: type[T]) -> T:
        """The details in the form of a schema.

        Raises:
            DocumentError: a field holds what the schema does not allow.
        """
        return read_as(self.details or {}, form, "details")

    def linked(self, name: str) -> list[Linked]:
        """The content items of one set of links; ids without their items are passed over.

        Raises:
            DocumentError: the links hold what the schemas do not allow.
        """
        links = self.expanded_links or self.links or {}
        found = read_as(links.get(name) or [], list[Linked | str | None], f"links.{name}")
        return [link for link in found if isinstance(link, Linked)]


def read_content_item(payload: Mapping[str, object] | bytes) -> ContentItem:
    """Read the envelope of a payload, decoded or as JSON.

    Raises:
        DocumentError: it is no JSON, no object, or a field of the envelope has a wrong type.
    """
    if not isinstance(payload, bytes):
        return read_as(dict(payload), ContentItem, "the payload")
    try:
        return msgspec.json.decode(payload, type=ContentItem)
    except (msgspec.DecodeError, *_STRAYS) as error:
        raise _unreadable(error, "the payload") from error


def read_as(value: object, form: type[T], where: str) -> T:
    """A decoded JSON value in a typed form.

    Raises:
        DocumentError: it does not fit the form.
    """
    try:
        return msgspec.convert(value, form)
    except (msgspec.ValidationError, *_STRAYS) as error:
        raise _unreadable(error, where) from error


def _aware(moment: datetime | None) -> datetime | None:
    """A moment with a time zone; the publishing API means UTC where it names none."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _unreadable(error: Exception, where: str) -> DocumentError:
    return DocumentError(
        f"cannot be read as a content item ({where}: {error}): "
        "fetch the page again; if it stays so, its schema is not what GOV.UK documents"
    )
