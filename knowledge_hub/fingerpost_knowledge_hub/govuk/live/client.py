"""A polite client of the GOV.UK Content API that can be led nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from types import TracebackType

import aiohttp
import msgspec
from yarl import URL

from fingerpost_knowledge_hub.errors import DocumentError, FetchError
from fingerpost_knowledge_hub.govuk.addresses import SITE, canonical_path
from fingerpost_knowledge_hub.govuk.live.body import read_body
from fingerpost_knowledge_hub.govuk.live.guard import Guard, GuardedResolver
from fingerpost_knowledge_hub.govuk.live.limits import Limits
from fingerpost_knowledge_hub.govuk.live.pace import Pace, backoff, retry_after
from fingerpost_knowledge_hub.govuk.live.sitemap import Sitemap, read_sitemap

_HEADERS = {
    "Accept": "application/json, application/xml;q=0.9",
    "Accept-Encoding": "gzip",
    "User-Agent": "fingerpost-knowledge-hub",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_NOT_MODIFIED = 304
_ABSENT = frozenset({404, 410})
_PASSING = frozenset({429, 500, 502, 503, 504})
"""Answers that may well be others a little later."""

_MAX_ETAG = 1_000


class Fetched(msgspec.Struct, frozen=True):
    """The page as it is now."""

    body: bytes
    etag: str
    """Names this state of the page, to ask with the next time; "" if the server gives none."""


class Unchanged(msgspec.Struct, frozen=True):
    """The page is as it was when it was fetched with the `etag` given."""


class Absent(msgspec.Struct, frozen=True):
    """There is no page at the path, or none any more."""


Answer = Fetched | Unchanged | Absent


class _PassingError(Exception):
    """A failure that is worth another try, after as many seconds as the server asks for."""

    def __init__(self, cause: str, wait_s: float = 0.0) -> None:
        super().__init__(cause)
        self.wait_s = wait_s


class ContentApiClient:
    """Fetches content items and sitemaps, within `Limits`.

    Only https, only the site's own host and those in `hosts`, only public addresses: each
    redirect and each address that a name resolves to is checked.

        async with ContentApiClient() as client:
            answer = await client.page("/child-benefit")
    """

    def __init__(
        self,
        site: str = SITE,
        *,
        hosts: Iterable[str] = (),
        limits: Limits | None = None,
        loopback_for_tests: bool = False,
    ) -> None:
        """
        Args:
            site: Where the site is; its host is allowed.
            hosts: Further hosts to which redirects may lead.
            loopback_for_tests: Also allow plain http to this machine, for tests only.
        """
        self.site = site.rstrip("/")
        self.limits = limits or Limits()
        self._guard = Guard([URL(site).host or "", *hosts], loopback_for_tests=loopback_for_tests)
        self._pace = Pace(self.limits.requests_per_second)
        self._places: asyncio.Semaphore | None = None
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Get ready to ask; `async with` does it too."""
        self._places = asyncio.Semaphore(self.limits.concurrency)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=GuardedResolver(self._guard)),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            timeout=aiohttp.ClientTimeout(total=self.limits.timeout_s),
            auto_decompress=False,
        )

    async def close(self) -> None:
        """Close all connections; the client can be opened again, on another event loop too."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> ContentApiClient:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def check(self, url: URL) -> None:
        """Look whether the client may ask for an address, without asking.

        Raises:
            ForbiddenAddressError: it may not.
        """
        self._guard.check(url)

    async def page(self, path: str, *, etag: str = "") -> Answer:
        """Fetch the content item at a path, unless it is still the one that `etag` names.

        Raises:
            ForbiddenAddressError: it redirects to where the client must not go.
            FetchError: it cannot be had, for a stated reason.
            DocumentError: `path` is no path.
        """
        url = URL(f"{self.site}/api/content{canonical_path(path)}", encoded=True)
        return await self._get(url, etag, self.limits.body_bytes)

    async def sitemap(self, address: str = "/sitemap.xml") -> AsyncIterator[str]:
        """The canonical paths of all pages in a sitemap, or in all sitemaps of an index.

        Addresses on other hosts, and what is no path of the site, are passed over.

        Raises:
            FetchError: a sitemap cannot be had, is no sitemap, or the index is too long.
        """
        start = _joined(URL(self.site), address)
        listed = await self._sitemap(start)
        if len(listed.sitemaps) > self.limits.sitemaps:
            raise FetchError(f"lists more than {self.limits.sitemaps} sitemaps: raise the limit")
        for path in self._paths(listed):
            yield path
        for part in listed.sitemaps:
            for path in self._paths(await self._sitemap(_joined(start, part))):
                yield path

    async def _sitemap(self, url: URL) -> Sitemap:
        answer = await self._get(url, "", self.limits.sitemap_bytes)
        if not isinstance(answer, Fetched):
            raise FetchError(f"{url} does not exist: check the sitemap's address")
        return await asyncio.to_thread(read_sitemap, answer.body)

    def _paths(self, sitemap: Sitemap) -> Iterator[str]:
        host = URL(self.site).host
        for address in sitemap.pages:
            with suppress(ValueError, DocumentError):
                url = URL(address)
                if url.host == host:
                    yield canonical_path(url.raw_path)

    async def _get(self, url: URL, etag: str, most: int) -> Answer:
        """One address, tried again while that may help."""
        for attempt in range(self.limits.retries + 1):
            try:
                return await self._follow(url, etag, most)
            except _PassingError as error:
                wait_s = max(error.wait_s, backoff(self.limits.backoff_s, attempt))
                if error.wait_s > self.limits.longest_wait_s:
                    raise FetchError(
                        f"{error} and asks to wait {error.wait_s:.0f} s: run this again later"
                    ) from error
                if attempt == self.limits.retries:
                    raise FetchError(
                        f"{error}, {attempt + 1} times: run this again later"
                    ) from error
                await asyncio.sleep(wait_s)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _follow(self, url: URL, etag: str, most: int) -> Answer:
        """One attempt, over as many redirects as are allowed."""
        for _ in range(self.limits.redirects + 1):
            self._guard.check(url)
            try:
                answer = await self._ask(url, etag, most)
            except (
                aiohttp.ClientConnectionError,
                aiohttp.ClientPayloadError,
                TimeoutError,
            ) as error:
                raise _PassingError(
                    f"cannot be reached ({error or type(error).__name__})"
                ) from error
            except (aiohttp.ClientError, ValueError) as error:
                raise FetchError(f"cannot be fetched ({error}): check the address") from error
            if not isinstance(answer, URL):
                return answer
            url = answer
        raise FetchError(f"redirects more than {self.limits.redirects} times: check its address")

    async def _ask(self, url: URL, etag: str, most: int) -> Answer | URL:
        """One request; a redirect's target is returned, not followed."""
        if self._session is None or self._places is None:
            raise RuntimeError("the client is not open: use `async with`")
        headers = {"If-None-Match": etag} if etag else {}
        async with self._places:
            await self._pace.turn()
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status in _REDIRECTS:
                    return _joined(url, response.headers.get("Location", ""))
                if response.status == _NOT_MODIFIED and etag:
                    return Unchanged()
                if response.status in _ABSENT:
                    return Absent()
                if response.status in _PASSING:
                    wait_s = retry_after(response.headers.get("Retry-After"))
                    self._pace.hold(min(wait_s, self.limits.longest_wait_s))
                    raise _PassingError(f"answers {response.status}", wait_s)
                if response.status != _OK:
                    raise FetchError(f"answers {response.status}: check that it is public")
                given = response.headers.get("ETag", "")
                body = await read_body(response, most)
                return Fetched(body, given if len(given) <= _MAX_ETAG else "")


def _joined(base: URL, target: str) -> URL:
    try:
        return base.join(URL(target))
    except ValueError as error:
        raise FetchError(f"leads to {target[:100]!r}, which is no address") from error
