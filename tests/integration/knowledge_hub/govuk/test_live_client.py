"""The live client against a real HTTP server: what it takes, refuses and waits for."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Iterator

import pytest
from aiohttp import web
from contentserver import ContentServer, answering, failing

from fingerpost_knowledge_hub.errors import DocumentError, FetchError, ForbiddenAddressError
from fingerpost_knowledge_hub.govuk.live import (
    Absent,
    ContentApiClient,
    Fetched,
    Limits,
    Unchanged,
)

PAGE = {"base_path": "/a", "schema_name": "answer", "title": "A", "details": {"body": "Text."}}
QUICK = Limits(requests_per_second=1_000, backoff_s=0.01, retries=2, timeout_s=5)


@pytest.fixture
def server() -> Iterator[ContentServer]:
    with ContentServer([PAGE]) as running:
        yield running


def client(server: ContentServer, limits: Limits = QUICK, **options: object) -> ContentApiClient:
    return ContentApiClient(server.url, limits=limits, loopback_for_tests=True, **options)  # type: ignore[arg-type]


async def fetch(server: ContentServer, path: str = "/a", limits: Limits = QUICK) -> object:
    async with client(server, limits) as opened:
        return await opened.page(path)


async def test_page_is_fetched_and_unpacked(server: ContentServer) -> None:
    answer = await fetch(server)
    assert isinstance(answer, Fetched)
    assert json.loads(answer.body) == PAGE
    assert answer.etag


async def test_page_is_not_sent_again_while_it_is_the_same(server: ContentServer) -> None:
    async with client(server) as opened:
        first = await opened.page("/a")
        assert isinstance(first, Fetched)
        assert await opened.page("/a", etag=first.etag) == Unchanged()
        server.pages["/a"] = PAGE | {"title": "B"}
        assert isinstance(await opened.page("/a", etag=first.etag), Fetched)


@pytest.mark.parametrize("status", [404, 410])
async def test_page_that_is_not_there_is_absent(server: ContentServer, status: int) -> None:
    server.special["/gone"] = answering(status)
    assert await fetch(server, "/gone") == Absent()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_passing_failure_is_tried_again(server: ContentServer, status: int) -> None:
    server.special["/a"] = failing(2, answering(200, b"{}"), status=status)
    assert isinstance(await fetch(server), Fetched)
    assert server.requests["/a"] == 3


async def test_lasting_failure_is_told_with_its_cure(server: ContentServer) -> None:
    server.special["/a"] = answering(503)
    with pytest.raises(FetchError, match="answers 503, 3 times: run this again later"):
        await fetch(server)
    assert server.requests["/a"] == 3


@pytest.mark.parametrize("status", [400, 401, 403, 418])
async def test_refusal_is_not_tried_again(server: ContentServer, status: int) -> None:
    server.special["/a"] = answering(status)
    with pytest.raises(FetchError, match=f"answers {status}"):
        await fetch(server)
    assert server.requests["/a"] == 1


async def test_pause_that_the_server_asks_for_is_kept(server: ContentServer) -> None:
    server.special["/a"] = failing(1, answering(200), status=429, Retry_After="1")
    await fetch(server)
    assert server.moments[1] - server.moments[0] >= 0.95


async def test_pause_holds_up_other_requests_too(server: ContentServer) -> None:
    server.special["/busy"] = failing(1, answering(200), status=429, Retry_After="1")
    async with client(server) as opened:
        busy = asyncio.create_task(opened.page("/busy"))
        while not server.requests["/busy"]:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        await opened.page("/a")
        await busy
    assert server.moments[1] - server.moments[0] >= 0.9


async def test_pause_beyond_reason_is_not_waited_for(server: ContentServer) -> None:
    server.special["/a"] = answering(503, Retry_After="3600")
    with pytest.raises(FetchError, match="asks to wait 3600 s"):
        await fetch(server)
    assert server.requests["/a"] == 1


async def test_requests_keep_the_rate(server: ContentServer) -> None:
    async with client(server, Limits(requests_per_second=20, concurrency=8)) as opened:
        started = time.monotonic()
        await asyncio.gather(*(opened.page("/a") for _ in range(10)))
    assert time.monotonic() - started >= 9 / 20


async def test_no_more_requests_at_once_than_allowed(server: ContentServer) -> None:
    server.delay_s = 0.03
    limits = Limits(requests_per_second=1_000, concurrency=3)
    async with client(server, limits) as opened:
        await asyncio.gather(*(opened.page("/a") for _ in range(12)))
    assert server.most_at_once == 3


async def test_redirect_is_followed_within_the_site(server: ContentServer) -> None:
    server.special["/old"] = answering(303, Location="/api/content/a")
    assert isinstance(await fetch(server, "/old"), Fetched)


async def test_endless_redirects_are_given_up(server: ContentServer) -> None:
    server.special["/loop"] = answering(302, Location="/api/content/loop")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        await fetch(server, "/loop")
    assert server.requests["/loop"] == 6


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/", "http://www.gov.uk/a", "//evil.example/a", "file:///etc/passwd"),
        *("http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://10.0.0.1/"),
        *("http://localhost/", "http://127.0.0.2/", "gopher://127.0.0.1/x", "http://2130706433/"),
        *("http://127.1/", "http://0x7f000001/", "http://[::ffff:127.0.0.1]/"),
    ],
)
async def test_redirect_off_the_site_is_refused(server: ContentServer, target: str) -> None:
    server.special["/trap"] = answering(302, Location=target)
    with pytest.raises(FetchError):
        await fetch(server, "/trap")
    assert sum(server.requests.values()) == 1, "it is not asked a second time"


@pytest.mark.parametrize("target", ["", "http://[", "http://:99999999/", "\x00"])
async def test_malformed_redirect_is_refused(server: ContentServer, target: str) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.Response(status=302)
        if "\x00" not in target:
            response.headers["Location"] = target
        return response

    server.special["/trap"] = answer
    with pytest.raises(FetchError):
        await fetch(server, "/trap")


async def test_host_that_leads_to_this_machine_is_refused() -> None:
    guarded = ContentApiClient("https://localhost", limits=QUICK)
    async with guarded as opened:
        with pytest.raises(ForbiddenAddressError, match="no public address"):
            await opened.page("/a")


async def test_name_is_refused_even_where_tests_are_allowed(server: ContentServer) -> None:
    """The allowance is for the literal address 127.0.0.1, as https for a name."""
    port = server.url.rpartition(":")[2]
    named = ContentApiClient(f"http://localhost:{port}", limits=QUICK, loopback_for_tests=True)
    async with named as opened:
        with pytest.raises(ForbiddenAddressError, match="no plain https address"):
            await opened.page("/a")


async def test_body_beyond_the_limit_is_refused(server: ContentServer) -> None:
    server.special["/a"] = answering(200, b"x" * 3_000_000)
    with pytest.raises(FetchError, match="larger than 2 MiB"):
        await fetch(server, limits=Limits(body_bytes=2 * 2**20))


async def test_bomb_is_not_unpacked_beyond_the_limit(server: ContentServer) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    server.special["/a"] = answering(200, bomb, Content_Encoding="gzip")
    with pytest.raises(FetchError, match="larger than 2 MiB"):
        await fetch(server, limits=Limits(body_bytes=2 * 2**20))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"{}", "br"),
        (b"{}", "deflate"),
        (b"no gzip", "gzip"),
        (gzip.compress(b"{}" * 99, mtime=0)[:-9], "gzip"),
    ],
)
async def test_body_that_cannot_be_unpacked_is_refused(
    server: ContentServer, body: bytes, encoding: str
) -> None:
    server.special["/a"] = answering(200, body, Content_Encoding=encoding)
    with pytest.raises(FetchError, match=r"is packed as|is damaged"):
        await fetch(server)


async def test_slow_answer_is_given_up(server: ContentServer) -> None:
    server.delay_s = 1.0
    with pytest.raises(FetchError, match="cannot be reached"):
        await fetch(server, limits=Limits(timeout_s=0.2, retries=0))


async def test_answer_that_breaks_off_is_tried_again(server: ContentServer) -> None:
    async def breaks(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport is not None
        request.transport.close()
        return response

    server.special["/a"] = breaks
    with pytest.raises(FetchError, match="3 times"):
        await fetch(server)
    assert server.requests["/a"] == 3


async def test_server_that_is_down_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    async with ContentApiClient(url, limits=QUICK, loopback_for_tests=True) as opened:
        with pytest.raises(FetchError, match="cannot be reached"):
            await opened.page("/a")


@pytest.mark.parametrize("path", ["https://evil.example/", "/a b", "a"])
async def test_what_is_no_path_is_not_asked_for(server: ContentServer, path: str) -> None:
    with pytest.raises(DocumentError):
        await fetch(server, path)
    assert not server.requests


async def test_path_cannot_leave_the_content_api(server: ContentServer) -> None:
    await fetch(server, "/../../../secret?x=1#y")
    assert dict(server.requests) == {"/secret": 1}


def urlset(*addresses: str) -> bytes:
    entries = "".join(
        f"<url><loc>{one}</loc><lastmod>2026-01-01</lastmod></url>" for one in addresses
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f'<?xml version="1.0"?><urlset {space}>{entries}</urlset>'.encode()


async def paths(server: ContentServer, limits: Limits = QUICK) -> list[str]:
    async with client(server, limits) as opened:
        return [path async for path in opened.sitemap()]


async def test_sitemap_lists_the_paths_of_the_site_only(server: ContentServer) -> None:
    foreign = ("https://evil.example/x", "mailto:a@b", "http://[", f"{server.url}/a%20b")
    server.special["/sitemap.xml"] = answering(
        200, urlset(f"{server.url}/a", *foreign, f"{server.url}/b/?page=2")
    )
    assert await paths(server) == ["/a", "/b"]


async def test_sitemap_index_is_followed(server: ContentServer) -> None:
    parts = "".join(
        f"<sitemap><loc>{server.url}/sitemaps/{number}.xml</loc></sitemap>" for number in (1, 2)
    )
    server.special["/sitemap.xml"] = answering(
        200, f"<sitemapindex>{parts}</sitemapindex>".encode()
    )
    for number in (1, 2):
        server.special[f"/sitemaps/{number}.xml"] = answering(
            200, urlset(f"{server.url}/page-{number}")
        )
    assert await paths(server) == ["/page-1", "/page-2"]


async def test_sitemap_index_cannot_lead_off_the_site(server: ContentServer) -> None:
    index = b"<sitemapindex><sitemap><loc>https://evil.example/s.xml</loc></sitemap></sitemapindex>"
    server.special["/sitemap.xml"] = answering(200, index)
    with pytest.raises(ForbiddenAddressError):
        await paths(server)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "is no sitemap"),
        (b"<html><body>Not <br> XML", "is no sitemap"),
        (b"<sitemapindex>" + b"<sitemap><loc>/s</loc></sitemap>" * 1001, "is no sitemap"),
        (
            b"<sitemapindex>" + b"<sitemap><loc>/s</loc></sitemap>" * 1001 + b"</sitemapindex>",
            "more than 1000 sitemaps",
        ),
    ],
)
async def test_broken_sitemap_is_told(server: ContentServer, body: bytes, cause: str) -> None:
    server.special["/sitemap.xml"] = answering(200, body)
    with pytest.raises(FetchError, match=cause):
        await paths(server)


async def test_missing_sitemap_is_told(server: ContentServer) -> None:
    with pytest.raises(FetchError, match="does not exist"):
        await paths(server)


async def test_entities_of_a_sitemap_are_not_read(server: ContentServer) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    server.special["/sitemap.xml"] = answering(
        200, bomb + b"<urlset><url><loc>&a;</loc></url></urlset>"
    )
    assert await paths(server) == []
