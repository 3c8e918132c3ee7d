"""Whether a payload may be shown as guidance: limited, draft, withdrawn, historic or live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.govuk.content_item import ContentItem, read_as
from fingerpost_knowledge_hub.markup import one_line, text_from_html


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Why and when a page was withdrawn; an empty one means that it was not."""

    explanation: str | None = None
    withdrawn_at: str | None = None


class Government(msgspec.Struct, frozen=True, kw_only=True):
    """The government under which a page was published."""

    title: str | None = None
    current: bool | None = None


class PoliticalDetails(msgspec.Struct, frozen=True, kw_only=True):
    political: bool | None = None
    government: Government | None = None


class Standing(NamedTuple):
    """A page's status with what a reader is told about it."""

    status: Status
    notice: str = ""


def standing_of(item: ContentItem) -> Standing:
    """The page's status; where several hold, the one that keeps it most firmly from readers."""
    if item.access_limited:
        return Standing(Status.INTERNAL, _limits(item.access_limited))
    if item.publication_state == "draft" or item.content_store == "draft":
        return Standing(Status.DRAFT)
    notice = read_as(item.withdrawn_notice or {}, Notice, "withdrawn_notice")
    if notice.explanation or notice.withdrawn_at:
        return Standing(Status.WITHDRAWN, _withdrawal(notice))
    government = _past_government(item)
    if government is not None:
        under = f"the {one_line(government.title)}" if government.title else "a past government"
        return Standing(Status.HISTORIC, f"This was published under {under}.")
    return Standing(Status.LIVE)


def _past_government(item: ContentItem) -> Government | None:
    """The government that published a political page, if it is no longer in office.

    The site calls such pages historic: `details.political`, and a government that is not
    current, which newer payloads name in their links and older ones in their details.
    """
    details = item.read(PoliticalDetails)
    if not details.political:
        return None
    for link in item.linked("government"):
        linked = read_as(link.details, Government, "links.government")
        if linked.current is not None:
            return None if linked.current else Government(title=link.title, current=False)
    government = details.government
    return government if government is not None and government.current is False else None


def _withdrawal(notice: Notice) -> str:
    explanation = one_line(text_from_html(notice.explanation or ""))
    day = one_line(notice.withdrawn_at or "")[:10]
    return f"Withdrawn on {day}. {explanation}".strip() if day else explanation


def _limits(limits: Mapping[str, object] | bool) -> str:
    if isinstance(limits, bool):
        return "Access is limited."
    counts = {name: len(who) for name, who in limits.items() if isinstance(who, list) and who}
    groups = ", ".join(f"{count} {one_line(name)[:40]}" for name, count in sorted(counts.items()))
    return f"Access is limited to {groups}." if groups else "Access is limited."
