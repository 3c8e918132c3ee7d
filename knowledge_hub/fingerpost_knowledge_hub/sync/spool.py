"""Documents that wait on disk until it is known which of them are needed."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from types import TracebackType

import msgspec

from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.errors import KnowledgeHubError
from fingerpost_knowledge_hub.sources import Found, IncrementalSource, Part, Source
from fingerpost_knowledge_hub.sync.listing import Candidate, Place

_MEMORY = 32 * 2**20
"""Bytes kept in memory before the spool moves to a temporary file."""


class Spool:
    """Holds any number of a source's documents in bounded memory; used with `with`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._file = tempfile.SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115 (see __exit__)
        self._end = 0
        self._reread: tuple[str, list[Document]] = ("", [])

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # On a full disk closing fails as writing did; nothing in the file is needed any more.
        with suppress(OSError):
            self._file.close()

    def put(self, document: Document) -> Place:
        """Keep a document for later.

        Raises:
            KnowledgeHubError: there is no room for temporary files.
        """
        content = msgspec.msgpack.encode(document)
        try:
            self._file.seek(self._end)
            self._file.write(content)
            self._file.flush()
        except OSError as error:
            raise KnowledgeHubError(
                f"no room for temporary files in {tempfile.gettempdir()} ({error.strerror}): "
                "make room, or name another folder in TMPDIR"
            ) from error
        place = Place(self._end, len(content))
        self._end += len(content)
        return place

    def load(self, candidate: Candidate) -> Document | None:
        """A candidate's document, from the spool or read from the source again.

        None when the source no longer holds that revision.
        """
        if candidate.place is not None:
            self._file.seek(candidate.place.offset)
            return msgspec.msgpack.decode(self._file.read(candidate.place.length), type=Document)
        for document in self._read_again(candidate.part):
            if (document.identity, document.digest) == (
                candidate.identity,
                candidate.revision.digest,
            ):
                return document
        return None

    def _read_again(self, part: Part | None) -> list[Document]:
        # Pages of one part come one after the other: it is read once for all of them.
        if part is None or not isinstance(self._source, IncrementalSource):
            return []
        if self._reread[0] != part.source:
            items = self._source.read(part)
            self._reread = (part.source, [it.document for it in items if isinstance(it, Found)])
        return self._reread[1]
