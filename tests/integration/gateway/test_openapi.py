"""The OpenAPI document says what the API does; conversations and turns are kept by no cache."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from citizen import Citizen

QUESTIONS = "/v1/conversations/{conversation_id}/questions"


@pytest.fixture
async def document(http: aiohttp.ClientSession) -> dict[str, Any]:
    async with http.get("/schema/openapi.json") as response:
        assert response.status == 200
        return await response.json(content_type=None)  # type: ignore[no-any-return]


def schema_of(response: dict[str, Any], media_type: str) -> str:
    reference: str = response["content"][media_type]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def test_a_question_is_answered_by_a_turn_or_by_a_stream(document: dict[str, Any]) -> None:
    responses = document["paths"][QUESTIONS]["post"]["responses"]
    assert schema_of(responses["202"], "application/json") == "TurnState"
    assert list(responses["200"]["content"]) == ["text/event-stream"]
    follow = document["paths"]["/v1/turns/{turn_id}/events"]["get"]["responses"]
    assert list(follow["200"]["content"]) == ["text/event-stream"]


def test_every_refusal_of_the_api_is_a_problem(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for operation in methods.values():
            refusals = {s: r for s, r in operation["responses"].items() if s >= "400"}
            assert {"400", "401", "503"} <= set(refusals)
            for refusal in refusals.values():
                assert schema_of(refusal, "application/problem+json") == "ProblemDocument"
    problem = document["components"]["schemas"]["ProblemDocument"]
    assert problem["required"] == ["detail", "status", "title", "type"]


def test_examples_are_our_own(document: dict[str, Any]) -> None:
    question = document["components"]["schemas"]["NewQuestion"]["properties"]["question"]
    assert question["examples"] == ["What happens to my Child Benefit if I earn over the limit?"]
    operation = document["paths"][QUESTIONS]["post"]
    assert "examples" not in operation["requestBody"]["content"]["application/json"]


async def test_no_cache_keeps_what_somebody_asked(citizen: Citizen) -> None:
    turn = await citizen.ask_later("Who can vote by post?")
    paths = (
        f"/v1/conversations/{citizen.conversation}",
        f"/v1/turns/{turn}",
        f"/v1/turns/{turn}/events",
    )
    for path in paths:
        async with citizen.http.get(path, headers=citizen.headers) as response:
            assert response.status == 200
            assert response.headers.getall("Cache-Control") == ["no-store"]
    async with citizen.http.post("/v1/conversations", json={}) as started:
        assert started.headers["Cache-Control"] == "no-store"
    async with citizen.post_question("And by proxy?", headers={}) as asked:
        assert asked.status == 202
        assert asked.headers["Cache-Control"] == "no-store"
