"""What comes in broken, hostile or too large is answered with a problem that says so."""

from __future__ import annotations

import aiohttp
import pytest
from citizen import Citizen

PREFIX = "urn:fingerpost:problem:"


async def problem_of(response: aiohttp.ClientResponse) -> tuple[int, str, str]:
    assert response.headers["Content-Type"].startswith("application/problem+json")
    document = await response.json(content_type=None)
    assert document["title"]
    assert document["status"] == response.status
    return response.status, document["type"].removeprefix(PREFIX), document["detail"]


@pytest.mark.parametrize("question", ["", "   ", "\u200b\u200b", "\n\t"])
async def test_an_empty_question_is_refused(citizen: Citizen, question: str) -> None:
    async with citizen.post_question(question, headers={}) as response:
        status, slug, detail = await problem_of(response)
    assert (status, slug) == (422, "empty-question")
    assert "write what you would like to know" in detail


async def test_a_question_that_is_too_long_is_refused_with_the_limit(citizen: Citizen) -> None:
    async with citizen.post_question("a " * 3000, headers={}) as response:
        status, slug, detail = await problem_of(response)
    assert (status, slug) == (413, "question-too-long")
    assert "4,000" in detail


async def test_a_hundred_kilobytes_are_refused_by_the_body_limit(citizen: Citizen) -> None:
    async with citizen.post_question("a" * 100_000, headers={}) as response:
        assert (await problem_of(response))[0] == 413


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"question": ', b"\xff\xfe", b'{"question": "\xff\xfe"}', b"[]", b"null", b'"x"'],
)
async def test_broken_json_is_refused(citizen: Citizen, body: bytes) -> None:
    path = f"/v1/conversations/{citizen.conversation}/questions"
    headers = {**citizen.headers, "Content-Type": "application/json"}
    async with citizen.http.post(path, data=body, headers=headers) as response:
        assert (await problem_of(response))[0] == 400


@pytest.mark.parametrize(
    "body", [{}, {"question": 7}, {"question": None}, {"question": "x", "admin": True}]
)
async def test_json_of_another_form_is_refused(citizen: Citizen, body: dict[str, object]) -> None:
    path = f"/v1/conversations/{citizen.conversation}/questions"
    async with citizen.http.post(path, json=body, headers=citizen.headers) as response:
        assert (await problem_of(response))[0] == 400


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script> what is child benefit?",
        "'; DROP TABLE turns; -- what is child benefit?",
        "child benefit \x00 \x1b[31m ?",
        "{{ 7 * 7 }} child benefit %s %(x)s",
        "child benefit \U0001f600 \u202e\u0301" * 3,
    ],
)
async def test_hostile_text_is_just_a_question(citizen: Citizen, question: str) -> None:
    events = await citizen.ask(question)
    assert events[-1].name == "done"
    outcome = events[-2].data["outcome"]
    assert not outcome.startswith("error_")


async def test_an_unknown_conversation_is_not_found(citizen: Citizen) -> None:
    for unknown in ("nope", "00000000-0000-0000-0000-000000000000", "%00", "a" * 3000):
        path = f"/v1/conversations/{unknown}/questions"
        body = {"question": "Who can vote?"}
        async with citizen.http.post(path, json=body, headers=citizen.headers) as response:
            assert (await problem_of(response))[0] in (400, 404, 414)


async def test_an_unknown_key_is_denied_with_the_way_in(http: aiohttp.ClientSession) -> None:
    headers = {"Authorization": "Bearer fpk_unknown"}
    async with http.post("/v1/conversations", json={}, headers=headers) as response:
        status, slug, detail = await problem_of(response)
        assert response.headers["WWW-Authenticate"] == "Bearer"
    assert (status, slug) == (401, "access-denied")
    assert "ask the operator for a key" in detail


async def test_another_site_cannot_use_the_browsers_session(citizen: Citizen) -> None:
    path = f"/v1/conversations/{citizen.conversation}"
    headers = {"Cookie": f"fingerpost_session={citizen.session}", "Sec-Fetch-Site": "cross-site"}
    async with citizen.http.delete(path, headers=headers) as response:
        assert (await problem_of(response))[:2] == (403, "forbidden")


async def test_a_wrong_event_id_is_refused(citizen: Citizen) -> None:
    turn = await citizen.ask_later("Who can vote by post?")
    headers = {**citizen.headers, "Last-Event-ID": "yesterday"}
    async with citizen.http.get(f"/v1/turns/{turn}/events", headers=headers) as response:
        assert (await problem_of(response))[:2] == (400, "invalid-event-id")


async def test_an_unknown_path_is_a_problem_with_safe_headers(http: aiohttp.ClientSession) -> None:
    async with http.get("/v1/nothing", headers={"Accept": "application/json"}) as response:
        assert (await problem_of(response))[0] == 404
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_wrong_method_is_a_problem(http: aiohttp.ClientSession) -> None:
    async with http.put("/v1/search", json={}) as response:
        assert (await problem_of(response))[0] == 405
