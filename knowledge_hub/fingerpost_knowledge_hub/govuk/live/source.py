"""The live site as a source for a sync: asks for every page, and reads those that changed."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from fingerpost_knowledge_hub.documents import Identity
from fingerpost_knowledge_hub.errors import DocumentError, FetchError, SourceError
from fingerpost_knowledge_hub.govuk.addresses import canonical_path
from fingerpost_knowledge_hub.govuk.folder import AUTHORITY
from fingerpost_knowledge_hub.govuk.live.client import Absent, ContentApiClient, Fetched
from fingerpost_knowledge_hub.govuk.live.visits import Visit, Visits
from fingerpost_knowledge_hub.govuk.parse import parse_content_item
from fingerpost_knowledge_hub.govuk.tombstones import tombstone
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped, read_all

T = TypeVar("T")

Result = Part | Skipped | Failed

_GONE = "gone:"
"""Begins the stamp of a page that was there before; its language follows."""


class LiveSource:
    """Pages of the live site, all that its sitemap lists or those at some paths.

    Every page is asked for with the `ETag` of the last visit, so that one which has not changed
    costs a header. A run that was cut off loses nothing: visits are written down one by one.
    Works outside an event loop, as a sync does; an asynchronous caller runs the sync in a thread.

        source = LiveSource(ContentApiClient(), visits=folder / "govuk-visits.jsonl")
        synchronise(source, catalogue, index, prune=True)
    """

    authority = AUTHORITY
    reader = "govuk-live/1"

    def __init__(
        self,
        client: ContentApiClient,
        *,
        paths: Sequence[str] | None = None,
        sitemap: str = "/sitemap.xml",
        visits: Path | None = None,
        recheck_after_s: float = 0.0,
    ) -> None:
        """
        Args:
            paths: The pages to ask for; all in the sitemap if None.
            sitemap: Address of the sitemap or of the index of sitemaps.
            visits: File that remembers visits from run to run.
            recheck_after_s: Pages visited more recently are taken to be as they were, which
                lets a run that was cut off go on where it was.

        Raises:
            DocumentError: one of the paths is no path.
        """
        self.name = f"govuk:{client.site}" + ("" if paths is None else "#paths")
        self._client = client
        self._listed = None if paths is None else list(dict.fromkeys(map(canonical_path, paths)))
        self._sitemap = sitemap
        self._visits = Visits(visits)
        self._recheck_after_s = recheck_after_s
        self._runner: asyncio.Runner | None = None
        self._items: dict[str, list[Item]] = {}

    def items(self) -> Iterator[Item]:
        return read_all(self)

    def parts(self) -> Iterator[Result]:
        """Every page in turn, as it was found or as it was already known.

        Raises:
            SourceError: the sitemap cannot be had, or the site fails again and again.
        """
        with self._visits, asyncio.Runner() as runner:
            self._runner = runner
            results: asyncio.Queue[Result | None] = asyncio.Queue(self._client.limits.concurrency)
            runner.run(self._client.open())
            crawl = runner.get_loop().create_task(self._crawl(results))
            try:
                while (result := runner.run(results.get())) is not None:
                    yield result
                    self._items.pop(result.source, None)
                runner.run(_result_of(crawl))
            finally:
                crawl.cancel()
                runner.run(self._client.close())
                self._runner = None

    def read(self, part: Part) -> Iterator[Item]:
        """What was found at a path; it is asked for again if it is not at hand."""
        if part.stamp.startswith(_GONE):
            locale = part.stamp.removeprefix(_GONE)
            yield Found(tombstone(Identity(part.source, locale), notice="Gone."), part.source)
            return
        if part.source not in self._items:
            result = self._run(self._visit(part.source, None))
            if not isinstance(result, Part):
                yield result
                return
        yield from self._items.pop(part.source, [])

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return self._runner.run(work) if self._runner else asyncio.run(self._opened(work))

    async def _opened(self, work: Coroutine[object, object, T]) -> T:
        async with self._client:
            return await work

    async def _crawl(self, results: asyncio.Queue[Result | None]) -> None:
        """Visit all pages, some at a time; None in the queue says that this is over."""
        paths = self._paths()
        turn = asyncio.Lock()
        failures = 0

        async def work() -> None:
            nonlocal failures
            while True:
                async with turn:
                    path = await anext(paths, None)
                if path is None:
                    return
                result = await self._visit(path, self._visits.get(path))
                await results.put(result)
                if not isinstance(result, Failed):
                    failures = 0
                    continue
                failures += 1
                if failures >= self._client.limits.failures_in_a_row:
                    raise SourceError(
                        f"{failures} pages in a row failed, the last one {result.error}: "
                        "run this again when the site is well"
                    )

        try:
            await asyncio.gather(*(work() for _ in range(self._client.limits.concurrency)))
        except FetchError as error:
            raise SourceError(f"{self._sitemap} {error}") from error
        finally:
            await results.put(None)

    async def _paths(self) -> AsyncIterator[str]:
        """Every path once."""
        if self._listed is not None:
            for path in self._listed:
                yield path
            return
        seen: set[str] = set()
        async for path in self._client.sitemap(self._sitemap):
            if path not in seen:
                seen.add(path)
                yield path

    async def _visit(self, path: str, last: Visit | None) -> Result:
        """Ask for one page, read it if it changed, and write the visit down."""
        now = time.time()
        if last is not None and now - last.checked_at < self._recheck_after_s:
            return Part(path, last.stamp)
        try:
            answer = await self._client.page(path, etag=last.etag if last else "")
            if isinstance(answer, Fetched):
                return await self._take(path, answer, last, now)
        except (FetchError, DocumentError) as error:
            return Failed(path, str(error))
        if isinstance(answer, Absent):
            if last is None or not last.locale:
                return Skipped(path, "not_found")
            last = Visit(path=path, stamp=_GONE + last.locale, locale=last.locale)
        assert last is not None  # only who names an ETag is told that nothing changed
        self._visits.record(msgspec.structs.replace(last, checked_at=now))
        return Part(path, last.stamp)

    async def _take(self, path: str, answer: Fetched, last: Visit | None, now: float) -> Part:
        before = last.locale if last else ""
        items = await asyncio.to_thread(_read, path, answer.body, before)
        here = [one.document for one in items if isinstance(one, Found)]
        locale = next((one.locale for one in here if one.path == path), before)
        stamp = answer.etag or hashlib.sha256(answer.body).hexdigest()[:32]
        self._visits.record(
            Visit(path=path, stamp=stamp, etag=answer.etag, checked_at=now, locale=locale)
        )
        self._items[path] = items
        return Part(path, stamp)


def _read(path: str, body: bytes, locale_before: str) -> list[Item]:
    """The page in an answer; and if it has moved, that there is none at the old path.

    Raises:
        DocumentError: the payload is broken.
    """
    parsed = parse_content_item(body)
    if isinstance(parsed, str):
        items: list[Item] = [Skipped(path, parsed)]
    else:
        items = [Found(parsed, path)]
        if parsed.path == path:
            return items
    if locale_before:
        grave = tombstone(Identity(path, locale_before), notice="Moved or no guidance any more.")
        items.append(Found(grave, path))
    return items


async def _result_of(task: asyncio.Task[None]) -> None:
    await task
