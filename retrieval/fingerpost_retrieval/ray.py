"""Embeds a corpus that outgrows one machine, as a Ray Data job (extra `[ray]`).

The pages lie in files of JSON lines, as `page_line` writes them. Workers on any number of machines
cut and embed them; this process alone writes to the index, which as a rule is on a Qdrant server.
A job that was cut off is started again: what is in the index is not embedded once more.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from .embedding import Embedder
from .errors import InvalidPage, MissingExtra
from .index import GuidanceIndex
from .prepared import PagePreparer, PreparedPage
from .text_pages import TextPage, TextSection
from .types import Page

try:
    import ray.data as ray_data
except ModuleNotFoundError as error:
    raise MissingExtra("ray", "ray") from error

__all__ = ["CorpusReport", "embed_corpus", "page_line"]

CHUNK_PAGES = 20_000
"""Pages that are held against the index, embedded and written before the next ones are read."""
BATCH_PAGES = 32
"""Pages that a worker takes at a time."""

Item = TypeVar("Item")


class CorpusReport(msgspec.Struct, kw_only=True):
    """What a job has done, in pages."""

    written: int = 0
    unchanged: int = 0
    """In the index already, as they are."""


class _Line(TextPage, frozen=True, kw_only=True):
    """A page of a file, with the digest that its own type gave it."""

    revision: str = ""

    @property
    def digest(self) -> str:
        return self.revision or TextPage.digest.__get__(self)


def page_line(page: Page) -> bytes:
    """Return a page as one line of a corpus file, with its line break."""
    sections = [_fields(section, TextSection) for section in page.sections]
    fields = {**_fields(page, TextPage), "sections": sections, "revision": page.digest}
    return msgspec.json.encode(fields) + b"\n"


def embed_corpus(
    files: Sequence[str | Path],
    index: GuidanceIndex,
    embedder: Callable[[], Embedder],
    *,
    tenant: str = "default",
    workers: int = 1,
    cpus: float = 1,
    gpus: float = 0,
    chunk_pages: int = CHUNK_PAGES,
) -> CorpusReport:
    """Bring an index up to date with the pages of a corpus; none is removed.

    Arguments:
        files: of JSON lines; a path or an address that Ray can read (`s3://…`).
        index: where the pages go; opened with the same model.
        embedder: makes the model, once in each worker; it has to be importable there.
        tenant: whose pages they are.
        workers: processes that embed.
        cpus, gpus: what each of them takes of its machine.
        chunk_pages: pages between two looks at the index.

    Ray runs on this machine unless `ray.init` was called before, or `RAY_ADDRESS` names a cluster.
    Raises `InvalidPage` for a line that is no page, with its text, and what
    `GuidanceIndex.write` raises; what was written by then stays.
    """
    report = CorpusReport()
    lines = ray_data.read_text([str(file) for file in files]).iter_rows()
    pages = (_page(row["text"]) for row in lines)
    for chunk in _chunks(pages, chunk_pages):
        changed = index.changed(chunk, tenant)
        report.unchanged += len(chunk) - len(changed)
        for prepared in _prepared(changed, embedder, tenant, workers, cpus, gpus):
            index.write(prepared)
            report.written += len(prepared)
    index.optimise()
    return report


class _Worker:
    """Holds the model in one process."""

    def __init__(self, embedder: Callable[[], Embedder], tenant: str) -> None:
        self._preparer = PagePreparer(embedder())
        self._tenant = tenant

    def __call__(self, batch: dict[str, Sequence[bytes]]) -> dict[str, list[bytes]]:
        pages = [msgspec.json.decode(line, type=_Line) for line in batch["page"]]
        return {"prepared": [pickle.dumps(self._preparer.prepare(pages, self._tenant))]}


def _prepared(
    pages: Sequence[Page],
    embedder: Callable[[], Embedder],
    tenant: str,
    workers: int,
    cpus: float,
    gpus: float,
) -> Iterator[list[PreparedPage]]:
    if not pages:
        return
    dataset = ray_data.from_items([{"page": page_line(page)} for page in pages]).map_batches(
        _Worker,
        fn_constructor_args=(embedder, tenant),
        batch_size=BATCH_PAGES,
        compute=ray_data.ActorPoolStrategy(size=workers),
        num_cpus=cpus,
        num_gpus=gpus,
    )
    for row in dataset.iter_rows():
        # From our own workers, over Ray's own connections, which pickle as well.
        prepared: list[PreparedPage] = pickle.loads(row["prepared"])  # noqa: S301
        yield prepared


def _fields(thing: object, kind: type[msgspec.Struct]) -> dict[str, object]:
    return {name: getattr(thing, name) for name in kind.__struct_fields__}


def _page(line: str) -> Page:
    try:
        return msgspec.json.decode(line, type=_Line)
    except msgspec.DecodeError as error:
        raise InvalidPage(
            f"a line of the corpus is no page ({error}): {line[:200]!r}. Write the lines with "
            "`fingerpost_retrieval.ray.page_line`"
        ) from error


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
