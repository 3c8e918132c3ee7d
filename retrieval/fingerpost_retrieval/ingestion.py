"""Pages into the index and out of it, a batch at a time, each page whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .backend import Point, page_key
from .encoding import Encoder
from .errors import IndexMismatch
from .live import Live
from .prepared import changed_pages
from .types import Page, Passage

BATCH_PASSAGES = 128
"""Passages that are embedded and committed together; no page is parted between two commits."""


def replace_pages(live: Live, pages: Sequence[Page], tenant: str) -> None:
    """See `GuidanceIndex.replace`."""
    generation, encoder = live
    _check_writable(live)
    changed = changed_pages(live, pages, tenant)
    for batch in _batches(encoder, changed, tenant):
        generation.commit(batch)
    if changed:
        generation.flush()


def remove_pages(live: Live, pages: Sequence[tuple[str, str]], tenant: str) -> None:
    """See `GuidanceIndex.remove`."""
    live.generation.commit({page_key(tenant, path, locale): () for path, locale in pages})
    live.generation.flush()


def _check_writable(live: Live) -> None:
    if live.generation.state.embedder != live.encoder.digest:
        raise IndexMismatch(
            "the index holds vectors, and no embedding model is in use to make more. Name the "
            "folder of the model when opening the index, or build the index anew "
            "(`fingerpost ingest --rebuild`)"
        )


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
