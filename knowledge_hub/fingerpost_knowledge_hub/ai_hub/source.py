"""Reads the hub's built site in the light of its search data.

`get-search.json` says which tools and prompts are drafts, internal or hidden from the live site,
and most of those have an HTML page all the same. So the JSON decides what may be shown, nothing
is read without it, and a tool or prompt that it does not know stays out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

import msgspec

from fingerpost_knowledge_hub.ai_hub.search_data import Item as Listed
from fingerpost_knowledge_hub.ai_hub.search_data import key, read_search_data
from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.errors import DocumentError, SourceError, SourceNotFoundError
from fingerpost_knowledge_hub.folder import Folder
from fingerpost_knowledge_hub.markup.web_page import WebPage, read_web_page
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped, read_all

COLLECTION = "ai-knowledge-hub"
"""Its readers are public servants: never part of citizens' default."""

SITE = "https://ai.gov.uk/knowledge-hub"
"""Where the hub is published (`og:url` of its pages)."""

SEARCH_DATA = "get-search.json"
PAGES = "html"

_PATH = "/knowledge-hub"
_OWN_HOSTS = frozenset({"", "ai.gov.uk"})
_SCHEMA = "hub"
_PUBLISHER = "AI Knowledge Hub"
_ITEM_FOLDERS = frozenset({"tools", "prompts"})
_LISTINGS = frozenset({"tools", "prompts", "how-tos"})
_LISTING_FOLDERS = frozenset({"capability"})
_NAVIGATION = frozenset({"", "site-map"})
_ERRORS = frozenset({"generic-error", "unauthorised"})

_CONTENT = "//main//*[contains(@class, 'govuk-grid-column-two-thirds')]"
_FURNITURE = ("//copy-button", "//p[starts-with(normalize-space(), 'Content created:')]")


class AiHubSource:
    """A folder with the hub's `get-search.json` and its pages under `html/`."""

    reader = "ai-hub/2"
    """Raise the number when pages are read differently, so that all are read again."""

    authority = "ai-knowledge-hub"

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser().resolve()
        self._pages = Folder(self._root / PAGES, suffixes=frozenset({".html"}))
        self._search: dict[str, Listed] | None = None
        self.name = f"hub:{self._root}"

    def items(self) -> Iterator[Item]:
        return read_all(self)

    def parts(self) -> Iterator[Part | Item]:
        """
        Raises:
            SourceNotFoundError: this is no folder of the hub.
            SourceError: the search data cannot be read.
        """
        data = self._search_data()
        self._search = read_search_data(data)
        version = hashlib.sha256(data).hexdigest()[:16]
        yield from self._beside_the_site()
        on_site: set[str] = set()
        for item in self._pages.parts():
            place = _page_key(item.source)
            on_site.add(place)
            yield self._classified(item, place, version)
        for place, listed in self._listed.items():
            if place not in on_site:
                yield Found(_unpublished(place, listed), f"{SEARCH_DATA}#{listed.url}")

    def read(self, part: Part) -> Iterator[Item]:
        inner = Part(part.source.removeprefix(f"{PAGES}/"), part.stamp)
        try:
            place = _page_key(inner.source)
            if reason := self._reason_to_skip(place):
                yield Skipped(part.source, reason)
                return
            html = self._pages.read(inner).decode("utf-8")
            page = read_web_page(html, content=_CONTENT, drop=_FURNITURE)
            yield self._item(part, place, page)
        except UnicodeDecodeError as error:
            yield Failed(part.source, f"is not UTF-8 (byte {error.start}): fetch it again")
        except (DocumentError, SourceError) as error:
            yield Failed(part.source, str(error))

    @property
    def _listed(self) -> dict[str, Listed]:
        """What the search data says of each page; no page is judged without it."""
        if self._search is None:
            self._search = read_search_data(self._search_data())
        return self._search

    def _search_data(self) -> bytes:
        if not (self._root / SEARCH_DATA).is_file() or not self._pages.root.is_dir():
            raise SourceNotFoundError(
                f"{self._root} does not hold {SEARCH_DATA} and {PAGES}/: name the hub's folder"
            )
        try:
            return Folder(self._root / SEARCH_DATA).read(Part(SEARCH_DATA, ""))
        except DocumentError as error:
            raise SourceError(f"{SEARCH_DATA} {error}") from error

    def _beside_the_site(self) -> Iterator[Skipped]:
        for path in sorted(self._root.iterdir()):
            if path.name not in (SEARCH_DATA, PAGES) and not path.name.startswith("."):
                copy = path.suffix == ".jsonl"
                yield Skipped(path.name, "copy_of_pages" if copy else "not_a_page")

    def _classified(self, item: Part | Item, place: str, version: str) -> Part | Item:
        source = f"{PAGES}/{item.source}"
        if isinstance(item, Part):
            if reason := self._reason_to_skip(place):
                return Skipped(source, reason)
            # A page's status comes from the search data: when that changes, all are read anew.
            return Part(source, item.stamp and f"{version} {item.stamp}")
        return msgspec.structs.replace(item, source=source)

    def _reason_to_skip(self, place: str) -> str | None:
        folder = place.partition("/")[0]
        if place in _NAVIGATION:
            return "navigation"
        if place in _ERRORS:
            return "error_page"
        if place in _LISTINGS or folder in _LISTING_FOLDERS:
            return "listing"
        if folder in _ITEM_FOLDERS and place not in self._listed:
            return "not_in_search_data"
        return None

    def _item(self, part: Part, place: str, page: WebPage) -> Item:
        listed = self._listed.get(place)
        is_live = listed is None or listed.status is Status.LIVE
        if is_live and any(self._is_hidden(link) for link in page.links):
            # A list of links, or a page that would lead readers to one that they must not see.
            return Skipped(part.source, "links_to_hidden")
        if not page.sections:
            raise DocumentError("holds no text: check the page, or take it off the site")
        folder = PurePosixPath(part.source).relative_to(PAGES).parent.as_posix()
        title = listed.title if listed else page.title
        document = Document(
            path=f"{_PATH}/{place}",
            locale="en",
            title=title or page.title or folder,
            url=f"{SITE}/{quote(folder)}/",
            sections=page.sections,
            collection=COLLECTION,
            schema=_SCHEMA,
            publisher=_PUBLISHER,
        )
        return Found(_described(document, listed) if listed else document, part.source)

    def _is_hidden(self, link: str) -> bool:
        if urlsplit(link).netloc not in _OWN_HOSTS:
            return False
        listed = self._listed.get(key(link).removeprefix(_PATH[1:] + "/"))
        return listed is not None and listed.status is not Status.LIVE


def _page_key(file: str) -> str:
    """The key of the page that lies at "tools/caddy/index.html".

    Raises:
        DocumentError: the name takes a detour, so that it could lead to another page.
    """
    if ".." in PurePosixPath(file).parts:
        raise DocumentError("is named by a detour: name it as the source lists it")
    folder, _, name = file.removesuffix(".html").rpartition("/")
    return key(folder if name == "index" else f"{folder}/{name}")


def _described(document: Document, listed: Listed) -> Document:
    """A page with what the search data says about it."""
    return msgspec.structs.replace(
        document,
        status=listed.status,
        description=listed.synopsis,
        publisher=listed.organisation or _PUBLISHER,
        published_at=listed.created,
        updated_at=listed.updated,
    )


def _unpublished(place: str, listed: Listed) -> Document:
    """The record of a tool or prompt without a page: it is never live."""
    document = Document(
        path=f"{_PATH}/{place}",
        locale="en",
        title=listed.title,
        url=f"{SITE}/{quote(listed.url.strip('/'))}/",
        sections=(),
        collection=COLLECTION,
        schema=_SCHEMA,
        notice="It is in the hub's search data and has no page on its site.",
    )
    status = Status.DRAFT if listed.status is Status.LIVE else listed.status
    return msgspec.structs.replace(_described(document, listed), status=status)
