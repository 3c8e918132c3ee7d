"""An index of files that several processes can change, and a sync that runs in one of them."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.files import FilesSource
from fingerpost_knowledge_hub.sync import synchronise


class FileIndex:
    """Keeps each page in a file; slow, so that others get in between."""

    def __init__(self, folder: Path, seconds_a_page: float = 0.0) -> None:
        self._folder = folder
        self._seconds = seconds_a_page
        folder.mkdir(exist_ok=True)

    def replace(self, pages: Sequence[Document], tenant: str = "default") -> None:
        for page in pages:
            time.sleep(self._seconds)
            self._file(page.path, page.locale).write_bytes(msgspec.json.encode(page))

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        for path, locale in pages:
            self._file(path, locale).unlink(missing_ok=True)

    def documents(self) -> dict[str, Document]:
        """Everything that is indexed, by path."""
        read = (msgspec.json.decode(file.read_bytes(), type=Document) for file in self._files())
        return {document.path: document for document in read}

    def count(self) -> int:
        return len(list(self._files()))

    def _files(self) -> list[Path]:
        return sorted(self._folder.iterdir())

    def _file(self, path: str, locale: str) -> Path:
        name = hashlib.sha256(f"{path}|{locale}".encode()).hexdigest()
        return self._folder / name


def main(database: str, guidance: str, index: str, seconds: str) -> None:
    """Synchronise a folder once."""
    catalogue = Catalogue(sa.create_engine(database))
    synchronise(
        FilesSource(Path(guidance), name="files"),
        catalogue,
        FileIndex(Path(index), float(seconds)),
        prune=True,
        allow_shrink=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
