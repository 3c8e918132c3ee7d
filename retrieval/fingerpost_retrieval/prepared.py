"""Pages cut and embedded apart from any index: for many machines that fill one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .backend import Point, page_key
from .embedding import Embedder
from .encoding import Encoder
from .errors import IndexMismatch
from .live import Live
from .passages import PASSAGE_FORMAT
from .types import Page

BATCH_PASSAGES = 512
"""Passages that are committed together; no page is parted between two commits."""


class PreparedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page as an index stores it. It can be pickled, and written by `GuidanceIndex.write`."""

    name: str
    """Name of the page within an index."""
    digest: str
    """The page's revision."""
    embedder: str
    """Digest of the embedder; empty where there was none."""
    passage_format: str
    points: tuple[Point, ...]


class PagePreparer:
    """Cuts and embeds pages, in any process: what an index does before it writes.

    Arguments:
        embedder: the one of the index; None where it holds no vectors.

    Example:
        preparer = PagePreparer(load_embedder(Path("models/minilm")))
        index.write(preparer.prepare(pages))
    """

    def __init__(self, embedder: Embedder | None) -> None:
        self._encoder = Encoder(embedder)

    def prepare(self, pages: Sequence[Page], tenant: str = "default") -> list[PreparedPage]:
        """Cut and embed pages, in one batch. Raises `InvalidPage`."""
        passages = [self._encoder.passages(page, tenant) for page in pages]
        points = self._encoder.points([passage for page in passages for passage in page])
        return [
            PreparedPage(
                name=page_key(tenant, page.path, page.locale),
                digest=page.digest,
                embedder=self._encoder.digest,
                passage_format=PASSAGE_FORMAT,
                points=tuple(next(points) for _ in cut),
            )
            for page, cut in zip(pages, passages, strict=True)
        ]


def changed_pages(live: Live, pages: Sequence[Page], tenant: str) -> list[Page]:
    """See `GuidanceIndex.changed`."""
    by_name = {page_key(tenant, page.path, page.locale): page for page in pages}
    present = live.generation.revisions(tuple(by_name))
    return [page for name, page in by_name.items() if present.get(name) != page.digest]


def check_fit(live: Live, prepared: Sequence[PreparedPage]) -> None:
    """Raise `IndexMismatch` if pages were prepared for another index than this one."""
    state = live.generation.state
    for page in prepared:
        if (page.embedder, page.passage_format) != (state.embedder, state.passage_format):
            raise IndexMismatch(
                "pages that were prepared with another embedder or passage format than the index "
                "has cannot be written to it. Prepare them with the index's own, or wait for the "
                "rebuild that is under way"
            )


def write_prepared(live: Live, prepared: Sequence[PreparedPage]) -> None:
    """See `GuidanceIndex.write`."""
    generation = live.generation
    newest = {page.name: page for page in prepared}
    present = generation.revisions(tuple(newest))
    batch: dict[str, Sequence[Point]] = {}
    for name, page in newest.items():
        if present.get(name) == page.digest:
            continue
        batch[name] = page.points
        if sum(map(len, batch.values())) >= BATCH_PASSAGES:
            generation.commit(batch)
            batch = {}
    if batch:
        generation.commit(batch)
    generation.flush()
