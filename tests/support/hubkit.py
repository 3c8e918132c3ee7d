"""Small knowledge for tests of the hub: pages, sources made of lists, an index that remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from fingerpost_knowledge_hub.documents import Document, Identity, Section, Status
from fingerpost_knowledge_hub.errors import SourceError
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, read_all


def page(
    path: str = "/a",
    text: str = "Text.",
    *,
    locale: str = "en",
    status: Status = Status.LIVE,
    version: int = 0,
    day: int | None = None,
    sample: bool = False,
) -> Document:
    """A page of one section; `day` is the day of January 2026 on which it was updated."""
    return Document(
        path=path,
        locale=locale,
        title=f"Title of {path}",
        url=f"/guidance{path}",
        sections=(Section(heading_path=(), text=text),),
        collection="guidance",
        status=status,
        version=version,
        updated_at=None if day is None else datetime(2026, 1, day, tzinfo=UTC),
        sample=sample,
    )


class RecordingIndex:
    """The index that a sync sees: holds pages in memory and counts what it was given."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, Identity], Document] = {}
        self.replaced = 0
        self.removed = 0

    def replace(self, pages: Sequence[Document], tenant: str = "default") -> None:
        for one in pages:
            assert one.status is Status.LIVE, f"{one.identity} is {one.status}"
            self.pages[tenant, one.identity] = one
        self.replaced += len(pages)

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        for path, locale in pages:
            self.pages.pop((tenant, Identity(path, locale)), None)
        self.removed += len(pages)

    def texts(self, tenant: str = "default") -> dict[str, str]:
        """What is indexed: the text of the first section, by path (and language, if not English)."""
        return {
            identity.path if identity.locale == "en" else str(identity): one.sections[0].text
            for (owner, identity), one in self.pages.items()
            if owner == tenant
        }


class ListSource:
    """A source that lists what it is given; documents are found under their own path."""

    def __init__(
        self,
        *items: Document | Item,
        name: str = "test",
        authority: str | None = None,
        breaks: bool = False,
    ) -> None:
        self.name = name
        self.authority = authority or name
        self._items = items
        self._breaks = breaks

    def items(self) -> Iterator[Item]:
        for item in self._items:
            yield Found(item, item.path) if isinstance(item, Document) else item
        if self._breaks:
            raise SourceError("the folder cannot be listed: check its rights")


class PartsSource:
    """A source of parts that can be changed between runs, and that counts how often each is read."""

    name = "parts"
    authority = "parts"
    reader = "parts/1"

    def __init__(self) -> None:
        self.contents: dict[str, tuple[str, list[Item]]] = {}
        self.reads: list[str] = []

    def write(self, part: str, stamp: str, *documents: Document | Failed) -> None:
        """Give a part new content under a new stamp."""
        items: list[Item] = [
            Found(one, part) if isinstance(one, Document) else one for one in documents
        ]
        self.contents[part] = (stamp, items)

    def items(self) -> Iterator[Item]:
        return read_all(self)

    def parts(self) -> Iterator[Part | Item]:
        for part, (stamp, _) in self.contents.items():
            yield Part(part, stamp)

    def read(self, part: Part) -> Iterator[Item]:
        self.reads.append(part.source)
        yield from self.contents[part.source][1]
