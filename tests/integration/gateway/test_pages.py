"""The pages over HTTP, as any browser would get them: forms, cookies, headers, errors, guidance."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from serverprocess import ServerProcess

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
QUESTION = "What happens to my Child Benefit if I earn over the limit?"
INLINE = re.compile(r"<script(?! type=.(module|application/json))|<style|\son\w+=|\sstyle=", re.I)


@pytest.fixture
async def web(server: ServerProcess) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser without scripts, that keeps its cookies."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(server.url, cookie_jar=jar, headers=PAGE) as session:
        yield session


async def test_a_form_leads_to_the_answer_and_sets_a_strict_cookie(
    web: aiohttp.ClientSession,
) -> None:
    async with web.post("/chat", data={"question": QUESTION}, allow_redirects=False) as asked:
        assert asked.status == 303
        place = asked.headers["Location"]
        cookie = asked.headers["Set-Cookie"].lower()
    assert re.fullmatch(r"/chat/[\w-]+#question-1", place)
    assert cookie.startswith("fingerpost_session=fps_")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie
    async with web.get(place) as shown:
        text = await shown.text()
        assert shown.headers["Cache-Control"] == "no-store"
    assert 'data-outcome="answered"' in text
    assert "High Income Child Benefit Charge" in text


async def test_the_cookie_is_secure_where_the_site_is(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    public = {"FINGERPOST_HTTP__PUBLIC_URL": "https://ask.example.org"}
    data_dir = tmp_path_factory.mktemp("secure") / "data"
    with ServerProcess(data_dir, sample=False, environment=public) as server:
        async with (
            aiohttp.ClientSession(server.url, headers=PAGE) as session,
            session.post("/chat", data={"question": "Hello?"}, allow_redirects=False) as asked,
        ):
            cookie = asked.headers["Set-Cookie"]
        assert cookie.startswith("__Host-fingerpost_session=fps_")
        assert "secure" in cookie.lower()
        assert "path=/;" in cookie.lower()
        assert "domain" not in cookie.lower()


async def test_a_second_question_keeps_session_and_conversation(
    web: aiohttp.ClientSession,
) -> None:
    async with web.post("/chat", data={"question": QUESTION}, allow_redirects=False) as first:
        conversation = first.headers["Location"].split("/")[2].split("#")[0]
    again = {"question": "How do I pay it?", "conversation": conversation}
    async with web.post("/chat", data=again, allow_redirects=False) as second:
        assert second.headers["Location"] == f"/chat/{conversation}#question-2"
        assert "Set-Cookie" not in second.headers


async def test_the_script_gets_a_conversation_and_no_session(web: aiohttp.ClientSession) -> None:
    async with web.post("/chat/conversations", json={"nation": "wales"}) as started:
        assert list(await started.json()) == ["id"]
        assert "fingerpost_session=fps_" in started.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"question": ""}, 422, "Enter a question"),
        ({"question": " \r\n\t"}, 422, "Enter a question"),
        ({"question": "\u200b"}, 422, "Enter a question"),
        ({"question": "é" * 4001}, 413, "4,000 characters or fewer"),
        ({"question": "Who?", "conversation": "unknown"}, 404, "can no longer be continued"),
    ],
)
async def test_a_refused_question_is_shown_with_the_reason(
    web: aiohttp.ClientSession, form: dict[str, str], status: int, words: str
) -> None:
    async with web.post("/chat", data=form) as refused:
        assert refused.status == status
        text = await refused.text()
    assert words in text
    assert 'aria-invalid="true"' in text
    assert form["question"].strip() in text


@pytest.mark.parametrize(
    "body",
    [b"question=%ff%fe", b"question=a&nation=atlantis", b"\xff\xfe", b"question=" + b"a" * 100_000],
)
async def test_a_broken_form_is_a_page_and_no_failure(
    web: aiohttp.ClientSession, body: bytes
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with web.post("/chat", data=body, headers=headers) as response:
        assert response.status < 500
        assert "<h1" in await response.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_sites_form_changes_nothing(
    web: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with web.post("/chat", data={"question": "Hello?"}, headers=headers) as refused:
        assert refused.status == 403
        assert "Set-Cookie" not in refused.headers


@pytest.mark.parametrize("path", ["/", "/chat?lang=cy", "/guidance/blue-badge", "/nothing"])
async def test_no_page_has_anything_inline_or_foreign(
    web: aiohttp.ClientSession, path: str
) -> None:
    async with web.get(path) as response:
        text = await response.text()
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert INLINE.search(text) is None
    assert re.findall(r'(?:src|<link[^>]+href)="(?!/static/)', text) == []


async def test_static_files_are_kept_for_good_only_under_their_own_version(
    web: aiohttp.ClientSession,
) -> None:
    async with web.get("/") as response:
        paths = set(re.findall(r'"(/static/[^"]+)"', await response.text()))
    assert {path.rpartition(".")[2] for path in paths} == {"css", "js", "svg"}
    for path in paths:
        async with web.get(path) as file:
            assert file.status == 200
            assert "immutable" in file.headers["Cache-Control"]
    async with web.get("/static/older/style.css") as older:
        assert older.headers["Cache-Control"] == "no-cache"
    async with web.get("/static/older/..%2fstyle.css") as outside:
        assert outside.status == 404


async def test_errors_are_pages_for_browsers_and_problems_for_programs(
    web: aiohttp.ClientSession,
) -> None:
    async with web.get("/nothing") as page:
        assert page.status == 404
        assert page.content_type == "text/html"
        assert "Page not found" in await page.text()
    async with web.get("/nothing", headers={"Accept": "application/json"}) as problem:
        assert problem.status == 404
        assert problem.content_type == "application/problem+json"


async def test_error_pages_speak_the_readers_language(web: aiohttp.ClientSession) -> None:
    async with web.get("/nothing", headers={"Accept-Language": "cy-GB,cy;q=0.9,en"}) as page:
        assert "Heb ddod o hyd" in await page.text()


async def test_guidance_is_shown_with_its_tables_and_the_official_page(
    web: aiohttp.ClientSession,
) -> None:
    async with web.get("/guidance/child-benefit-high-income") as response:
        assert response.status == 200
        text = await response.text()
    assert '<section id="how-much-you-pay"' in text
    assert 'scope="col">Income</th>' in text
    assert 'href="https://www.gov.uk/child-benefit-tax-charge"' in text
    assert "14 September 2026" in text


@pytest.mark.parametrize("path", ["nothing", "", "..%2f..%2fetc%2fpasswd", "%00", "a" * 2000])
async def test_unknown_guidance_is_not_found(web: aiohttp.ClientSession, path: str) -> None:
    async with web.get(f"/guidance/{path}") as response:
        assert response.status in (400, 404)
