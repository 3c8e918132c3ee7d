"""Records that keep a path from coming back to life: what they say, and nothing of the page."""

from __future__ import annotations

from datetime import datetime

import msgspec

from fingerpost_knowledge_hub.documents import Document, Identity, Status
from fingerpost_knowledge_hub.govuk.addresses import page_address
from fingerpost_knowledge_hub.govuk.content_item import ContentItem
from fingerpost_knowledge_hub.govuk.schemas import GUIDANCE
from fingerpost_knowledge_hub.markup import one_line, text_from_html


class GoneDetails(msgspec.Struct, frozen=True, kw_only=True):
    explanation: str | None = None
    alternative_path: str | None = None


def tombstone(
    identity: Identity,
    *,
    notice: str,
    schema: str = "gone",
    version: int = 0,
    updated_at: datetime | None = None,
) -> Document:
    """A document that says that there is no guidance at a path any more.

    It depends on nothing that was there before, so that events which arrive in another order
    leave the same record.
    """
    return Document(
        path=identity.path,
        locale=identity.locale,
        title=identity.path,
        url=page_address(identity.path),
        sections=(),
        collection=GUIDANCE,
        status=Status.GONE,
        schema=schema,
        version=version,
        updated_at=updated_at,
        notice=notice,
    )


def why_gone(item: ContentItem, reason: str) -> str:
    """What a reader is told who asks for a page that is gone, moved or no guidance any more.

    Raises:
        DocumentError: the details hold what the schema does not allow.
    """
    if item.schema_name == "redirect":
        targets = [
            redirect.destination for redirect in item.redirects or () if redirect.destination
        ]
        return one_line(f"Moved to {targets[0]}")[:500] if targets else "Moved."
    if reason != "gone":
        return f"No guidance: {reason}."
    details = item.read(GoneDetails)
    explanation = one_line(text_from_html(details.explanation or ""))
    elsewhere = one_line(details.alternative_path or "")
    return " ".join(filter(None, (explanation, elsewhere and f"See {elsewhere}."))) or "Gone."
