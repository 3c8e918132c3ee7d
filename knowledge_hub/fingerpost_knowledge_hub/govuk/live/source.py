"""The live site as a source for a sync: asks for every page, and reads those that changed."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from fingerpost_knowledge_hub.documents import Document, Identity
from fingerpost_knowledge_hub.errors import DocumentError, FetchError, SourceError
from fingerpost_knowledge_hub.govuk.addresses import canonical_path
from fingerpost_knowledge_hub.govuk.folder import AUTHORITY
from fingerpost_knowledge_hub.govuk.live.client import ContentApiClient, Fetched, Unchanged
from fingerpost_knowledge_hub.govuk.live.crawl import Reply, Request, replies
from fingerpost_knowledge_hub.govuk.live.visits import Visit, Visits
from fingerpost_knowledge_hub.govuk.parse import parse_content_item
from fingerpost_knowledge_hub.govuk.tombstones import tombstone
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped, read_all

SITEMAP = "/sitemap.xml"

_GONE = "gone:"
"""Begins the stamp of a page that was there before; its language follows."""


class LiveSource:
    """Pages of the live site, all that its sitemap lists or those at some paths.

    Every page is asked for with the `ETag` of the last visit, so that one which has not changed
    costs a header. Pages are kept as they were fetched, so that a run which is cut off goes on
    where it was. Works outside an event loop, as a sync does; an asynchronous caller runs the
    sync in a thread.

        source = LiveSource(ContentApiClient(), folder / "govuk-visits.db")
        synchronise(source, catalogue, index, prune=True)
    """

    authority = AUTHORITY
    reader = "govuk-live/2"

    def __init__(
        self,
        client: ContentApiClient,
        visits: Path,
        *,
        paths: Sequence[str] | None = None,
        sitemap: str = SITEMAP,
        recheck_after_s: float = 0.0,
    ) -> None:
        """
        Args:
            visits: File that keeps pages from run to run; it may be deleted at any time.
            paths: The pages to ask for; all in the sitemap if None.
            sitemap: Address of the sitemap or of the index of sitemaps.
            recheck_after_s: Pages visited more recently are taken to be as they were.

        Raises:
            DocumentError: one of the paths is no path.
        """
        self.name = f"govuk:{client.site}{_part_of_site(paths, sitemap)}"
        self._client = client
        self._listed = None if paths is None else dict.fromkeys(map(canonical_path, paths))
        self._sitemap = sitemap
        self._visits = Visits(visits)
        self._recheck_after_s = recheck_after_s

    @property
    def is_whole(self) -> bool:
        """Whether pages that it does not list have gone: those of a sitemap have, single ones not."""
        return self._listed is None

    def items(self) -> Iterator[Item]:
        return read_all(self)

    def parts(self) -> Iterator[Part | Skipped | Failed]:
        """Every page, first those that were visited of late, then the others as they answer.

        Raises:
            SourceError: the sitemap cannot be had, the site fails again and again, or the file
                of visits cannot be used.
        """
        recent = time.time() - self._recheck_after_s
        with self._visits, asyncio.Runner() as runner:
            last = self._visits.last()
            runner.run(self._client.open())
            try:
                requests = []
                for path in runner.run(self._paths()):
                    visit = last.get(path)
                    if visit is not None and visit.checked_at > recent:
                        yield Part(path, visit.stamp)
                    else:
                        requests.append(Request(path, visit.etag if visit else ""))
                with closing(replies(runner, self._client, requests)) as arriving:
                    for reply in arriving:
                        yield self._part(reply, last.get(reply.path))
            finally:
                runner.run(self._client.close())

    def read(self, part: Part) -> Iterator[Item]:
        """What was found at a path."""
        if part.stamp.startswith(_GONE):
            yield _grave(part.source, part.stamp.removeprefix(_GONE))
            return
        kept = self._visits.kept(part.source, part.stamp)
        if kept is None:
            yield Failed(part.source, "is not as it was fetched any more: run this again")
            return
        try:
            parsed = parse_content_item(kept.body)
        except DocumentError as error:
            yield Failed(part.source, str(error))
            return
        if isinstance(parsed, Document):
            yield Found(parsed, part.source)
            if parsed.path == part.source:
                return
        else:
            yield Skipped(part.source, parsed)
        if kept.locale:
            yield _grave(part.source, kept.locale)

    async def _paths(self) -> Iterable[str]:
        if self._listed is not None:
            return self._listed
        try:
            return dict.fromkeys([path async for path in self._client.sitemap(self._sitemap)])
        except FetchError as error:
            raise SourceError(f"the sitemap {error}") from error

    def _part(self, reply: Reply, last: Visit | None) -> Part | Skipped | Failed:
        """Write a visit down, and name the state in which the page was found."""
        path, answer = reply
        if isinstance(answer, Fetched):
            return self._keep(path, answer, last.locale if last else "")
        if isinstance(answer, FetchError):
            return Failed(path, str(answer))
        if isinstance(answer, Unchanged) and last is not None:
            self._visits.touch(path, time.time())
            return Part(path, last.stamp)
        if last is None or not last.locale:
            return Skipped(path, "not_found")
        stamp = _GONE + last.locale
        visit = Visit(path=path, stamp=stamp, checked_at=time.time(), locale=last.locale)
        self._visits.record(visit, None)
        return Part(path, stamp)

    def _keep(self, path: str, answer: Fetched, locale: str) -> Part | Failed:
        try:
            parsed = parse_content_item(answer.body)
        except DocumentError as error:
            return Failed(path, str(error))
        if isinstance(parsed, Document) and parsed.path == path:
            locale = parsed.locale
        stamp = answer.etag or hashlib.sha256(answer.body).hexdigest()[:32]
        visit = Visit(
            path=path, stamp=stamp, etag=answer.etag, checked_at=time.time(), locale=locale
        )
        self._visits.record(visit, answer.body)
        return Part(path, stamp)


def _part_of_site(paths: Sequence[str] | None, sitemap: str) -> str:
    """Sets sources apart that list different pages of one site: each prunes only its own."""
    if paths is not None:
        return "#paths"
    return "" if sitemap == SITEMAP else f"#{sitemap}"


def _grave(path: str, locale: str) -> Found:
    """That there is no guidance any more at a path where there was some."""
    return Found(tombstone(Identity(path, locale), notice="Gone, or moved."), path)
