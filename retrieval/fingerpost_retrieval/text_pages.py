"""The simplest pages: plain text, from memory or from a folder of `.txt` files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from .types import ALL_NATIONS


class TextSection(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a page under one heading; see `PageSection`."""

    text: str
    heading_path: tuple[str, ...] = ()
    anchor: str = ""
    url: str = ""


class TextPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page that satisfies `Page`, for callers that have no document type of their own."""

    path: str
    title: str
    sections: tuple[TextSection, ...]
    locale: str = "en"
    url: str = ""
    description: str = ""
    collection: str = "guidance"
    nations: tuple[str, ...] = ALL_NATIONS
    updated_at: datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over the page (32 hex digits)."""
        content = json.dumps(msgspec.to_builtins(self))
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def text_pages(folder: Path) -> Iterator[TextPage]:
    """Read every `.txt` file in a folder; its first line is the page's title.

    Bytes that are no UTF-8 are replaced, so that one odd file does not stop the others.
    """
    for file in sorted(folder.glob("*.txt")):
        title, _, text = file.read_text("utf-8", errors="replace").strip().partition("\n")
        yield TextPage(
            path=f"/{file.stem}",
            title=title.strip() or file.stem,
            sections=(TextSection(text=text),),
            url=file.resolve().as_uri(),
            updated_at=datetime.fromtimestamp(file.stat().st_mtime, tz=UTC),
        )
