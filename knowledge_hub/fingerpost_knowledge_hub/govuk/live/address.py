"""A source for what an address names: a page of GOV.UK, or a sitemap with many."""

from __future__ import annotations

from pathlib import Path

from yarl import URL

from fingerpost_knowledge_hub.errors import FetchError
from fingerpost_knowledge_hub.govuk.live.client import ContentApiClient
from fingerpost_knowledge_hub.govuk.live.source import LiveSource


def open_address(address: str, visits: Path, client: ContentApiClient | None = None) -> LiveSource:
    """The source for an address: all pages of a sitemap (".xml"), or the one page there.

    Args:
        address: A full address, such as "https://www.gov.uk/child-benefit".
        visits: File that keeps pages from run to run, as in `LiveSource`.
        client: Where the site is, and how much it is asked; www.gov.uk by default.

    Raises:
        ForbiddenAddressError: it is on another site, or no plain https address.
        FetchError: it is no address.
        DocumentError: it names no page.
    """
    client = client or ContentApiClient()
    try:
        url = URL(address)
    except ValueError as error:
        raise FetchError(f"{address[:100]!r} is no address ({error})") from error
    client.check(url)
    if url.path.endswith(".xml"):
        return LiveSource(client, visits, sitemap=url.raw_path)
    return LiveSource(client, visits, paths=[url.raw_path])
