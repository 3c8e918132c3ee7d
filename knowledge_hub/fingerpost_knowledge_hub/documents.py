"""What a piece of guidance is: a typed document with its sections, standing and identity."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

FORMAT_VERSION = 1
"""Version of the document format; it is part of every digest, so a new format replaces every page."""

NATIONS = ("england", "scotland", "wales", "northern-ireland")
"""The nations of the UK, in the spelling that the GOV.UK content schemas use with hyphens."""


class Status(StrEnum):
    """Whether a page may be shown as guidance. Only `LIVE` pages are ever searched."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    HISTORIC = "historic"
    DRAFT = "draft"
    INTERNAL = "internal"
    GONE = "gone"


class Identity(NamedTuple):
    """What makes two payloads the same page: the canonical path and the language."""

    path: str
    locale: str

    def __str__(self) -> str:
        return f"{self.path}|{self.locale}"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a page under one heading.

    `text` is plain text in blocks that are separated by one blank line. A block is a
    paragraph, a list (every item on a line that starts with "- ", or "1. " where the
    order counts; two more spaces before it for each list that encloses its own), a contact
    or address (one line each), or a table (every row on a line that starts with "| ", as
    "| Header: value; Header: value").
    """

    heading_path: tuple[str, ...]
    """Headings from the outermost to this section's own; empty for text before the first one."""
    text: str
    anchor: str = ""
    """Fragment of the page's address at which the section starts, without "#"."""
    url: str = ""
    """Address of the part of the page that holds the section, where the parts of a page have
    addresses of their own (a guide's chapters); empty when it is the page's own address."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One page of guidance in one language."""

    path: str
    """Canonical path: starts with "/", no trailing slash, query or fragment."""
    locale: str
    """BCP 47 language tag, as a rule "en" or "cy"."""
    title: str
    url: str
    """Where a reader finds the page: absolute, or a path that the gateway serves."""
    sections: tuple[Section, ...]
    collection: str
    """"guidance" for citizens, "ai-knowledge-hub" for public servants, or a department's own."""
    description: str = ""
    nations: tuple[str, ...] = NATIONS
    """The nations to which the page applies, from `NATIONS`."""
    status: Status = Status.LIVE
    schema: str = "file"
    """Where the text came from: the content schema ("guide", "transaction" …), "hub" or "file"."""
    publisher: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
    """The publisher's own running number of the payload; the highest of one identity is the newest."""
    official_url: str = ""
    """For sample or derived text: the page of the authority that should be read instead."""
    sample: bool = False
    notice: str = ""
    """Why the page is withdrawn or historic, or to whom access is limited."""

    @property
    def identity(self) -> Identity:
        return Identity(self.path, self.locale)

    @property
    def digest(self) -> str:
        """SHA-256 over everything a reader could see, and the format version (32 hex digits)."""
        content = msgspec.structs.replace(self, version=0)
        payload = msgspec.msgpack.encode((FORMAT_VERSION, content))
        return hashlib.sha256(payload).hexdigest()[:32]
