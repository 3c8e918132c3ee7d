"""Guidance in files: Markdown with front matter, plain text and HTML, in a folder or alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from fingerpost_knowledge_hub.documents import Document, Section
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.files.front_matter import FrontMatter, split_front_matter
from fingerpost_knowledge_hub.files.markdown import html_from_markdown
from fingerpost_knowledge_hub.files.plain_text import read_plain_text
from fingerpost_knowledge_hub.folder import Folder
from fingerpost_knowledge_hub.markup import one_line
from fingerpost_knowledge_hub.markup.web_page import WebPage, read_web_page
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped, read_all

PREFIX = "/guidance"
"""Where the gateway shows pages that have no address of their own."""

MAX_BYTES = 4 * 2**20
"""Largest file that is read as a page."""

_LOCALE_SUFFIX = re.compile(r"(.+)\.([a-z]{2})")


class FilesSource:
    """The Markdown, text and HTML files of a folder, each a page.

    A page's path is the file's, without its suffix; "council-tax.cy.md" is the Welsh
    "/council-tax", "housing/index.md" is "/housing". Markdown may say more in its front
    matter (see `FrontMatter`).

        synchronise(FilesSource(Path("guidance")), catalogue, index, prune=True)
    """

    reader = "files/2"
    """Raise the number when files are read differently, so that all are read again."""

    def __init__(
        self, root: Path, *, collection: str = "guidance", name: str | None = None
    ) -> None:
        """
        Args:
            root: A folder, or one file.
            collection: Where the pages belong; see `Document.collection`.
            name: What the source is called in the catalogue; made from `root` if not given.
        """
        self._folder = Folder(root, suffixes=SUFFIXES, max_bytes=MAX_BYTES)
        self._collection = collection
        self.name = name or f"files:{self._folder.root}"
        # One file and the folder that it lies in speak for the same pages.
        self.authority = name or f"files:{self._folder.base}"

    def items(self) -> Iterator[Item]:
        return read_all(self)

    def parts(self) -> Iterator[Part | Skipped | Failed]:
        return self._folder.parts()

    def read(self, part: Part) -> Iterator[Item]:
        try:
            content = self._folder.read(part)
            yield Found(
                _document(content, PurePosixPath(part.source), self._collection), part.source
            )
        except DocumentError as error:
            yield Failed(part.source, str(error))


def _document(content: bytes, file: PurePosixPath, collection: str) -> Document:
    path, named_locale = _address(file)
    about, page = _READERS[file.suffix.lower()](_decoded(content))
    if not page.sections:
        raise DocumentError("holds no text: delete it, or write the page")
    locale = about.language or named_locale or page.language or "en"
    return Document(
        path=path,
        locale=locale,
        title=about.title or page.title or _title_from(file),
        url=about.url or f"{PREFIX}{quote(path)}" + (f"?locale={locale}" if locale != "en" else ""),
        sections=page.sections,
        collection=collection,
        description=about.description or page.description,
        nations=about.nations,
        status=about.status,
        publisher=about.publisher,
        published_at=about.published,
        updated_at=about.updated,
        official_url=about.official,
        sample=about.sample,
        notice=about.notice,
    )


def _markdown(text: str) -> tuple[FrontMatter, WebPage]:
    about, body = split_front_matter(text)
    return about, read_web_page(html_from_markdown(body), locale=about.language or "en")


def _html(text: str) -> tuple[FrontMatter, WebPage]:
    return FrontMatter(), read_web_page(text)


def _text(text: str) -> tuple[FrontMatter, WebPage]:
    title, blocks = read_plain_text(text)
    sections = (Section(heading_path=(), text=blocks),) if blocks else ()
    return FrontMatter(), WebPage(title=title, sections=sections)


_READERS: dict[str, Callable[[str], tuple[FrontMatter, WebPage]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".txt": _text,
}

SUFFIXES = frozenset(_READERS)
"""Suffixes of the files that are read, in lower case."""


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"is not UTF-8 (byte {error.start} is {content[error.start]:#04x}): save it as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _address(file: PurePosixPath) -> tuple[str, str]:
    """The page's path, and its language if the name says it."""
    stem, locale = file.stem, ""
    if suffixed := _LOCALE_SUFFIX.fullmatch(stem):
        stem, locale = suffixed.groups()
    parts = [*file.parts[:-1], stem]
    if stem == "index" and len(parts) > 1:
        parts.pop()
    return "/" + "/".join(parts), locale


def _title_from(file: PurePosixPath) -> str:
    words = one_line(_address(file)[0].rpartition("/")[2].replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:]
