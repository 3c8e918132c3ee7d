"""The guidance that answers cite, page by page, from the catalogue."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.exceptions import NotFoundException

from fingerpost_assistant import Principal
from fingerpost_gateway.pages.outline import contents, shown_sections
from fingerpost_gateway.pages.rendering import page, web_address
from fingerpost_gateway.pages.texts import LANGUAGES, Texts, texts_in
from fingerpost_gateway.runtime import Runtime
from fingerpost_knowledge_hub import Document, Status

SECRET = frozenset({Status.DRAFT, Status.INTERNAL})
"""Pages that were never public: for a reader, they do not exist."""


@get("/guidance/{path:path}", include_in_schema=False)
async def show_guidance(
    path: str, runtime: Runtime, principal: Principal, locale: str = "en"
) -> Response[str]:
    """A page of guidance, as it was ingested; a withdrawn one says so.

    Raises:
        NotFoundException: there is no such page for this reader.
    """
    # A long page takes its time to read and set, and meanwhile others must not wait.
    return await asyncio.to_thread(_shown, runtime, principal, _canonical(path), locale)


def _shown(runtime: Runtime, principal: Principal, path: str, locale: str) -> Response[str]:
    document, other = _found(runtime, principal, path, locale)
    sections = shown_sections(document)
    texts = texts_in(document.locale if document.locale in LANGUAGES else "en")
    return page(
        "guidance.html",
        status_code=410 if document.status is Status.GONE else 200,
        cache_control="no-cache",
        t=texts,
        title=runtime.settings.tenants[principal.tenant].title,
        here="/chat",
        document=document,
        translated=document.locale == locale,
        other_locale=other,
        sections=sections,
        contents=contents(sections),
        notice=_notice(document, texts),
        nations=texts.nation_names(document.nations),
        updated=texts.date(document.updated_at) if document.updated_at else "",
        source_url=_source_url(document),
    )


def _canonical(path: str) -> str:
    return "/" + path.strip("/")


def _found(runtime: Runtime, principal: Principal, path: str, locale: str) -> tuple[Document, str]:
    """The page, in English if there is none in the language, and the other language it is in."""
    by_locale = {
        tried: document
        for tried in dict.fromkeys((locale, *LANGUAGES))
        if (document := _visible(runtime, principal, path, tried))
    }
    if not by_locale:
        raise NotFoundException(f"there is no guidance at {path}")
    document = next(iter(by_locale.values()))
    others = [
        tried
        for tried, other in by_locale.items()
        if tried in LANGUAGES and tried != document.locale and other.status is Status.LIVE
    ]
    return document, others[0] if others else ""


def _visible(runtime: Runtime, principal: Principal, path: str, locale: str) -> Document | None:
    record = runtime.catalogue.get(principal.tenant, path, locale)
    if record is None or record.document.status in SECRET:
        return None
    return record.document if record.document.collection in principal.collections else None


def _notice(document: Document, texts: Texts) -> str:
    """Why the page should not be relied on; empty for a live one."""
    if document.status is Status.WITHDRAWN:
        return texts.guidance["withdrawn"]
    return texts.guidance["historic"] if document.status is Status.HISTORIC else ""


def _source_url(document: Document) -> str:
    """Where the authority's own page is; empty when this one is all there is."""
    address = document.official_url or document.url
    return "" if address.startswith("/") else web_address(address)
