"""A citizen's way over HTTP, against a real server with the sample knowledge."""

from __future__ import annotations

import aiohttp
from citizen import SSE, Citizen

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


async def test_an_answer_streams_from_turn_to_done_and_cites_each_sentence(
    citizen: Citizen,
) -> None:
    events = await citizen.ask(QUESTION)
    names = [event.name for event in events]
    assert names[0] == "turn"
    assert names[-2:] == ["outcome", "done"]
    assert events[-2].data["outcome"] == "answered"
    sources = {
        citation["id"]: citation["text"]
        for event in events
        if event.name == "sources"
        for citation in event.data["citations"]
    }
    sentences = [event.data for event in events if event.name == "sentence"]
    assert sentences
    for sentence in sentences:
        assert sentence["citations"]
        assert all(mark in sources for mark in sentence["citations"])


async def test_a_question_without_sse_is_accepted_with_its_location(citizen: Citizen) -> None:
    async with citizen.post_question(QUESTION, headers={}) as response:
        assert response.status == 202
        location = response.headers["Location"]
        turn = await response.json()
    assert location == f"/v1/turns/{turn['id']}"
    events = await citizen.follow(turn["id"])
    assert events[-1].name == "done"
    async with citizen.http.get(location, headers=citizen.headers) as response:
        assert (await response.json())["outcome"] == "answered"


async def test_a_reader_that_resumes_sees_each_event_once(citizen: Citizen) -> None:
    turn = await citizen.ask_later(QUESTION)
    whole = await citizen.follow(turn)
    for place, event in enumerate(whole[:-1]):
        assert await citizen.follow(turn, after=event.id) == whole[place + 1 :]


async def test_the_same_idempotency_key_gives_the_same_turn(citizen: Citizen) -> None:
    first = await citizen.ask_later(QUESTION, **{"Idempotency-Key": "k1"})
    again = await citizen.ask_later(QUESTION, **{"Idempotency-Key": "k1"})
    assert first == again


async def test_an_idempotency_key_for_another_question_is_refused(citizen: Citizen) -> None:
    await citizen.ask_later(QUESTION, **{"Idempotency-Key": "k1"})
    other = citizen.post_question("Who can vote by post?", headers={"Idempotency-Key": "k1"})
    async with other as response:
        assert response.status == 409
        assert (await response.json())["type"] == "urn:fingerpost:problem:idempotency-conflict"


async def test_a_conversation_keeps_its_turns_and_can_be_deleted(citizen: Citizen) -> None:
    await citizen.ask(QUESTION)
    path = f"/v1/conversations/{citizen.conversation}"
    async with citizen.http.get(path, headers=citizen.headers) as response:
        turns = (await response.json())["turns"]
        assert [turn["question"] for turn in turns] == [QUESTION]
    async with citizen.http.delete(path, headers=citizen.headers) as response:
        assert response.status == 204
    async with citizen.http.get(path, headers=citizen.headers) as response:
        assert response.status == 404


async def test_another_citizens_conversation_does_not_exist(
    http: aiohttp.ClientSession, citizen: Citizen
) -> None:
    turn = await citizen.ask_later(QUESTION)
    stranger = await Citizen.arrive(http)
    attempts = [
        ("GET", f"/v1/conversations/{citizen.conversation}"),
        ("DELETE", f"/v1/conversations/{citizen.conversation}"),
        ("GET", f"/v1/turns/{turn}"),
        ("GET", f"/v1/turns/{turn}/events"),
        ("POST", f"/v1/turns/{turn}/stop"),
    ]
    for headers in (stranger.headers, {}):
        for method, path in attempts:
            async with http.request(method, path, headers=headers) as response:
                assert response.status == 404, f"{method} {path}"


async def test_feedback_is_stored_once_and_may_change(citizen: Citizen) -> None:
    turn = await citizen.ask_later(QUESTION)
    for rating in ("useful", "not_useful"):
        verdict = {"rating": rating, "comment": "Write to jo@example.com"}
        path = f"/v1/turns/{turn}/feedback"
        async with citizen.http.post(path, json=verdict, headers=citizen.headers) as response:
            assert response.status == 204


async def test_a_question_about_nothing_we_have_is_declined_with_a_way_on(citizen: Citizen) -> None:
    events = await citizen.ask("How do I fix the gearbox of a 1962 tractor?")
    outcome = next(event for event in events if event.name == "outcome")
    assert outcome.data["outcome"] != "answered"
    assert any(event.name == "sentence" for event in events)


async def test_a_welsh_question_is_answered_in_welsh_from_welsh_guidance(citizen: Citizen) -> None:
    events = await citizen.ask("Sut mae cofrestru i bleidleisio?")
    citations = [
        citation
        for event in events
        if event.name == "sources"
        for citation in event.data["citations"]
    ]
    assert citations
    assert {citation["locale"] for citation in citations} == {"cy"}


async def test_search_gives_passages_without_an_answer(http: aiohttp.ClientSession) -> None:
    async with http.post("/v1/search", json={"question": "blue badge", "limit": 3}) as response:
        assert response.status == 200
        found = await response.json()
    assert len(found["passages"]) == 3
    assert found["passages"][0]["title"].startswith("Blue Badge")


async def test_a_stream_says_that_it_must_not_be_kept(citizen: Citizen) -> None:
    async with citizen.post_question(QUESTION, headers=SSE) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-store"
