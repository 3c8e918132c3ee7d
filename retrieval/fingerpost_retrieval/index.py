"""The guidance index: pages in, passages found, whichever Qdrant holds them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from .backend import Store, page_key
from .embedding import Embedder
from .encoding import Encoder
from .errors import IndexClosed, IndexFault, IndexLocked, IndexMoved, MissingExtra
from .followups import Exchange, Rewriter
from .fusion import Fusion
from .generation import Generation
from .ingestion import remove_pages, replace_pages
from .live import Live, count, create_live, open_live
from .prepared import PreparedPage, changed_pages, check_fit, write_prepared
from .reranking import RerankStage
from .searching import Question, search_live
from .types import Embeddings, IndexStats, Page, Scope, SearchResult

DEFAULT_SCOPE = Scope()

ATTEMPTS = 10
"""How often a search or a change follows the index to a new generation before it gives up."""

Result = TypeVar("Result")


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

    def __init__(self, store: Store, live: Live, *, is_current: bool = True) -> None:
        self._store = store
        self._live = live
        self._is_current = is_current
        self._successor: _Successor | None = None
        self._changing = threading.Lock()  # pages, or which generations they go into
        self._rebuilding = threading.Lock()

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
        return cls._from(_server(url, alias, api_key), embedder)

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

        with _filled(EdgeFolder(folder, wait=wait), embedder) as fresh:
            yield fresh

    @classmethod
    @contextmanager
    def rebuild_server(
        cls, url: str, embedder: Embedder | None, *, alias: str = "fingerpost", api_key: str = ""
    ) -> Iterator[GuidanceIndex]:
        """`rebuild`, for an index on a Qdrant server; for the arguments see `connect`."""
        with _filled(_server(url, alias, api_key), embedder) as fresh:
            yield fresh

    @contextmanager
    def rebuilding(self, embedder: Embedder | None) -> Iterator[GuidanceIndex]:
        """Fill a new generation beside this one, for another embedder, while this one is in use.

        As with `rebuild`, the block fills the index that it is given and its end is the switch:
        from then on this index searches the new generation. Changes made to this index
        meanwhile go into both. Raises `IndexLocked` while another rebuild is under way.
        """
        if not self._rebuilding.acquire(blocking=False):
            raise IndexLocked(
                "the index is already being rebuilt. Wait until that is done and try again"
            )
        try:
            with self._changing:
                live = create_live(self._store, Encoder(embedder))
            with self._succeeded_by(live) as fresh:
                yield fresh
        finally:
            self._rebuilding.release()

    def replace(self, pages: Sequence[Page], tenant: str = "default") -> None:
        """Put pages into the index, each in the place of its earlier revision, if any.

        Readers see either the earlier revision of a page or the new one, whole. A page whose
        digest is unchanged costs nothing. On return the pages are on disk.

        Raises `InvalidPage`, `IndexUnwritable`, `IndexMismatch`.
        """
        self._write(
            lambda live: replace_pages(live, pages, tenant),
            {page_key(tenant, page.path, page.locale) for page in pages},
        )

    async def areplace(self, pages: Sequence[Page], tenant: str = "default") -> None:
        """`replace`, off the event loop."""
        await asyncio.to_thread(self.replace, pages, tenant)

    def changed(self, pages: Sequence[Page], tenant: str = "default") -> list[Page]:
        """Return the pages that `replace` would write: those that are not in the index as they are."""
        return self._on_live(lambda live: changed_pages(live, pages, tenant))

    def write(self, prepared: Sequence[PreparedPage]) -> None:
        """`replace`, for pages that a `PagePreparer` has cut and embedded, here or elsewhere.

        Raises `IndexMismatch` if they were not prepared for this index, or not for the one that
        is being built beside it; then nothing is written.
        """
        self._write(
            lambda live: write_prepared(live, prepared),
            {page.name for page in prepared},
            fits=lambda live: check_fit(live, prepared),
        )

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        """Take pages, each by path and locale, out of the index; those not in it are no error."""
        self._write(
            lambda live: remove_pages(live, pages, tenant),
            {page_key(tenant, path, locale) for path, locale in pages},
        )

    async def aremove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        """`remove`, off the event loop."""
        await asyncio.to_thread(self.remove, pages, tenant)

    def search(
        self,
        question: str,
        scope: Scope = DEFAULT_SCOPE,
        *,
        history: Sequence[Exchange] = (),
        limit: int = 8,
        embedding: Embeddings | None = None,
        fusion: Fusion | None = None,
        rewriter: Rewriter | None = None,
        reranker: RerankStage | None = None,
    ) -> SearchResult:
        """Find the passages that fit a question best.

        Arguments:
            question: in plain words.
            scope: what may be found; citizens' guidance in every language by default.
            history: what was said before in the conversation, oldest first. The question is
                searched for alone and in its context, and the ranking weighs both.
            limit: most hits to return.
            embedding: `SearchResult.embedding` of the same question and history, or the vector
                of a question without history, `(dimensions,)` or `(1, dimensions) float32`.
            fusion: makes the dense and the BM25 ranking one in the place of the learned ranker,
                for comparisons.
            rewriter: makes one question of question and history instead.
            reranker: reads the first hits again, with the question, if it has the time.

        Raises `IndexClosed`, `IndexUnreachable`.
        """
        asked = Question(
            text=question,
            scope=scope,
            limit=limit,
            history=history,
            embedding=embedding,
            fusion=fusion,
            rewriter=rewriter,
            reranker=reranker,
        )
        return self._on_live(lambda live: search_live(live, asked))

    async def asearch(
        self,
        question: str,
        scope: Scope = DEFAULT_SCOPE,
        *,
        history: Sequence[Exchange] = (),
        limit: int = 8,
        embedding: Embeddings | None = None,
        fusion: Fusion | None = None,
        rewriter: Rewriter | None = None,
        reranker: RerankStage | None = None,
    ) -> SearchResult:
        """`search`, off the event loop."""
        return await asyncio.to_thread(
            self.search,
            question,
            scope,
            history=history,
            limit=limit,
            embedding=embedding,
            fusion=fusion,
            rewriter=rewriter,
            reranker=reranker,
        )

    @property
    def revision(self) -> str:
        """Changes whenever any page in the index changes, and survives a restart."""
        return self._on_live(lambda live: live.generation.refresh().revision)

    def stats(self) -> IndexStats:
        """Count what a search can see."""
        return self._on_live(count)

    def optimise(self, pulse: Callable[[], None] = lambda: None) -> None:
        """Put what has been written in order for fast search; worth it after every ingestion.

        Costs little where little has changed. A large embedded index is put in order as a copy,
        by a process of its own, and the copy takes its place: searches go on meanwhile, and
        changes wait.

        Arguments:
            pulse: called a few times a second while a copy is put in order; what it raises ends
                the work and leaves the index as it was.

        Raises `IndexUnwritable` when there is no room for the copy.
        """
        with self._changing:
            old = self._live
            backend = self._store.put_in_order(old.generation.backend, pulse)
            if backend is old.generation.backend:
                return
            if self._is_current:
                self._store.promote(backend)
            self._live = Live(Generation(backend, grace=self._store.grace), old.encoder)
            old.generation.backend.close()
            self._store.discard(old.generation.backend)

    def flush(self) -> None:
        """Return when everything written is on disk; `replace` and `remove` do so themselves."""
        self._on_live(lambda live: live.generation.flush())

    def backup(self, to: Path) -> None:
        """Copy the index to a folder that does not exist yet, as it is at one moment.

        The copy is itself an index that `open` can open. Raises `IndexUnwritable`.
        """
        self._on_live(lambda live: self._store.backup(live.generation.backend, to))

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
            return cls(store, open_live(store, Encoder(embedder)))
        except BaseException:
            store.close()
            raise

    def _on_live(self, action: Callable[[Live], Result]) -> Result:
        """Do something with the current generation; once more if it is replaced meanwhile."""
        for _ in range(ATTEMPTS):
            live = self._live
            try:
                return action(live)
            except IndexClosed:
                if live is self._live:
                    raise
            except IndexMoved:
                self._live = open_live(self._store, live.encoder)
        raise IndexFault("the index is being rebuilt again and again: try later")

    @contextmanager
    def _succeeded_by(self, live: Live) -> Iterator[GuidanceIndex]:
        """Let changes go into both generations until the block ends, and then switch."""
        fresh = _Successor(self._store, live)
        with self._changing:
            self._successor = fresh
        try:
            yield fresh
            with self._changing:
                self._store.promote(fresh._live.generation.backend)
                old, self._live, self._successor = self._live, fresh._live, None
        except BaseException:
            with self._changing:
                self._successor = None
            _abandon(fresh._live)
            raise
        with self._changing:
            old.generation.backend.close()
            self._store.discard_others(self._live.generation.backend)

    def _write(
        self,
        action: Callable[[Live], None],
        pages: Set[str],
        *,
        fits: Callable[[Live], None] = lambda live: None,
    ) -> None:
        """Change the current generation, and its successor if there is one in the making.

        One change at a time, so that both see the changes in one order; and one that does not
        fit either changes neither.
        """
        with self._changing:
            self._on_live(fits)
            if self._successor is not None:
                self._successor._on_live(fits)
            self._on_live(action)
            if self._successor is not None:
                self._successor.overtake(action, pages)


class _Successor(GuidanceIndex):
    """A generation in the making beside a live one.

    What is changed in the live one meanwhile is changed here as well, and then is newer than
    what the rebuild may still bring of the same page.
    """

    def __init__(self, store: Store, live: Live) -> None:
        super().__init__(store, live, is_current=False)
        self._lock = threading.Lock()
        self._overtaken: set[str] = set()

    def overtake(self, action: Callable[[Live], None], pages: Set[str]) -> None:
        """Make a change of the live generation here too."""
        with self._lock:
            self._overtaken |= pages
            self._on_live(action)

    def replace(self, pages: Sequence[Page], tenant: str = "default") -> None:
        with self._lock:
            super().replace(
                [
                    page
                    for page in pages
                    if page_key(tenant, page.path, page.locale) not in self._overtaken
                ],
                tenant,
            )

    def write(self, prepared: Sequence[PreparedPage]) -> None:
        with self._lock:
            super().write([page for page in prepared if page.name not in self._overtaken])

    def optimise(self, pulse: Callable[[], None] = lambda: None) -> None:
        with self._lock:
            super().optimise(pulse)


@contextmanager
def _filled(store: Store, embedder: Embedder | None) -> Iterator[GuidanceIndex]:
    """A new generation that becomes the current one when the block ends well."""
    try:
        fresh = GuidanceIndex(store, create_live(store, Encoder(embedder)), is_current=False)
        try:
            yield fresh
            store.promote(fresh._live.generation.backend)
        except BaseException:
            _abandon(fresh._live)
            raise
        fresh._live.generation.backend.close()
        store.discard_others(fresh._live.generation.backend)
    finally:
        store.close()


def _abandon(live: Live) -> None:
    """Close a generation that has failed, without a word that would hide the reason."""
    with suppress(IndexFault):
        live.generation.backend.close()


def _server(url: str, alias: str, api_key: str) -> Store:
    if find_spec("qdrant_client") is None:
        raise MissingExtra("qdrant-client", "server")
    from .server_store import ServerStore

    return ServerStore(url, alias, api_key)
