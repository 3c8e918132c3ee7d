"""What goes in and out of a search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from fingerpost_gateway.places import Locale, Nation


class NewSearch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to look for, and where."""

    question: Annotated[
        str,
        msgspec.Meta(min_length=1, max_length=4_000, examples=["How do I renew my passport?"]),
    ]
    nation: Nation | None = None
    """Only pages that apply there; None for any."""
    locale: Locale | None = None
    """Only pages in this language; None for any."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 8
    """Most passages to return."""


class FoundPassage(msgspec.Struct, kw_only=True):
    """A passage of guidance that fits the question."""

    title: str
    url: str
    heading: str
    text: str
    updated: datetime | None
    nations: tuple[str, ...]
    locale: str
    collection: str
    score: float
    """0 to 1; comparable within one result only."""


class SearchAnswer(msgspec.Struct, kw_only=True):
    """Passages, best first."""

    passages: tuple[FoundPassage, ...]
    index_revision: str
    """Changes whenever any page in the index changes."""
    timings: dict[str, float]
    """Milliseconds by stage."""
