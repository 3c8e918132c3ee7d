"""Sitemaps (https://www.sitemaps.org/protocol.html): which pages a site lists."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

from lxml import etree

from fingerpost_knowledge_hub.errors import FetchError

MAX_ADDRESS = 2_048
"""Addresses are shorter than this (protocol, "XML tag definitions")."""


class Sitemap(NamedTuple):
    """The addresses in a sitemap, or in an index of sitemaps; as written."""

    pages: list[str]
    sitemaps: list[str]


def read_sitemap(xml: bytes) -> Sitemap:
    """Read a sitemap or a sitemap index. Entities and whatever lies elsewhere are not followed.

    Raises:
        FetchError: it is no XML.
    """
    found = Sitemap([], [])
    try:
        events = etree.iterparse(
            BytesIO(xml),
            tag=("{*}url", "{*}sitemap"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for _, element in events:
            address = (element.findtext("{*}loc") or "").strip()
            if address and len(address) < MAX_ADDRESS:
                is_page = etree.QName(element).localname == "url"
                (found.pages if is_page else found.sitemaps).append(address)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise FetchError(f"is no sitemap ({error.msg}): check its address") from error
    return found
