"""The models as they are, for staff: over a real server process, with OpenAI's own client."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import openai
import pytest
from aiohttp import web
from modelserver import ModelServer, faithful, refusing, sending, streaming
from modelserver import event as chunk
from serverprocess import ServerProcess, free_port

STAFF, CITIZEN = "fpk_a-caseworker", "fpk_a-citizen"

REGISTRY = """
[models.small]
role = "answer"
backend = "vllm"
size = "narrow"
engine = {{ url = "http://127.0.0.1:{port}" }}
limits = {{ context = 2048, concurrent_requests = 8, tokens_in_flight = 8192 }}

[models.big]
role = "answer"
backend = "vllm"
engine = {{ url = "http://127.0.0.1:{port}" }}
limits = {{ context = 4096, concurrent_requests = 1, tokens_in_flight = 4096 }}
"""

SETTINGS = """
[openai_api]
raw = "{raw}"

[models]
file = "{registry}"
wait_s = 0.5

[tenants.default]
keys = [
  {{ name = "ann", role = "caseworker", sha256 = "{staff}" }},
  {{ name = "bob", role = "citizen", sha256 = "{citizen}" }},
]
"""


def write_settings(data_dir: Path, port: int, raw: str) -> None:
    registry = data_dir.parent / "models.toml"
    registry.write_text(REGISTRY.format(port=port))
    staff, citizen = (hashlib.sha256(key.encode()).hexdigest() for key in (STAFF, CITIZEN))
    (data_dir / "fingerpost.toml").write_text(
        SETTINGS.format(raw=raw, registry=registry, staff=staff, citizen=citizen)
    )


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def gateway(data_dir: Path, port: int) -> Iterator[ServerProcess]:
    write_settings(data_dir, port, "redacted")
    with ServerProcess(data_dir, sample=False) as process:
        yield process


@asynccontextmanager
async def client_of(gateway: ServerProcess, key: str = STAFF) -> AsyncIterator[openai.AsyncOpenAI]:
    url = f"{gateway.url}/openai/v1"
    async with openai.AsyncOpenAI(base_url=url, api_key=key, max_retries=0) as client:
        yield client


def user(text: str) -> Any:
    return [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]


async def echoing(request: web.Request) -> web.StreamResponse:
    """Say the last message again, a few letters at a time."""
    said = json.loads(await request.read())["messages"][-1]["content"]
    return await streaming([said[start : start + 3] for start in range(0, len(said), 3)])(request)


async def test_staff_call_a_model_and_its_words_come_as_they_are(
    gateway: ServerProcess, port: int
) -> None:
    async with ModelServer(port=port) as server, client_of(gateway) as client:
        assert [model.id async for model in await client.models.list()] == [
            "fingerpost",
            "raw",
            "raw/big",
            "raw/small",
        ]
        whole = await client.chat.completions.create(
            model="raw",
            messages=user("Hello"),
            temperature=0.2,
            top_p=0.9,
            max_tokens=77,
            seed=4,
            stop="END",
        )
        assert whole.choices[0].message.content == "You can apply online."
        assert whole.choices[0].finish_reason == "stop"
        assert (whole.usage and whole.usage.total_tokens) == 15
        sent = server.bodies[0]
        assert [each["role"] for each in sent["messages"]] == ["system", "user"]  # type: ignore[attr-defined]
        expected = {"model": "big", "temperature": 0.2, "top_p": 0.9, "max_tokens": 77, "seed": 4}
        assert expected.items() <= sent.items()
        assert sent["stop"] == ["END"]

        stream = await client.chat.completions.create(
            model="raw/small",
            messages=user("Hello"),
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [each async for each in stream]
        deltas = [each.choices[0].delta.content for each in chunks if each.choices]
        assert deltas == ["", "You can ", "apply ", "online.", None]
        assert chunks[-1].usage == whole.usage
        assert {each.model for each in chunks} == {"raw/small"}

        server.otherwise = faithful()
        schema = {"type": "object", "properties": {"age": {"type": "integer"}}}
        wanted: Any = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
        structured = await client.chat.completions.create(
            model="raw", messages=user("How old?"), response_format=wanted
        )
        assert json.loads(structured.choices[0].message.content or "") == {"age": 7}
    async with aiohttp.ClientSession(gateway.url) as http, http.get("/metrics") as response:
        metrics = await response.text()
    assert 'fingerpost_raw_calls_total{model="raw",result="complete"} 2.0' in metrics
    assert "Hello" not in gateway.log.read_text()


async def test_personal_data_goes_to_no_model_and_comes_back_in_its_words(
    gateway: ServerProcess, port: int
) -> None:
    text = "Write to jo.bloggs@example.com or [EMAIL-7] about AB 12 34 56 C, please [1]"
    async with ModelServer(otherwise=echoing, port=port) as server, client_of(gateway) as client:
        stream = await client.chat.completions.create(model="raw", messages=user(text), stream=True)
        said = "".join([each.choices[0].delta.content or "" async for each in stream])
        whole = await client.chat.completions.create(model="raw", messages=user(text))
        read = json.dumps(server.bodies)
    assert said == whole.choices[0].message.content == text
    assert "jo.bloggs" not in read
    assert "12 34 56" not in read
    assert "[EMAIL-8]" in read


async def test_others_get_no_raw_model(gateway: ServerProcess, port: int) -> None:
    async with ModelServer(port=port) as server:
        async with client_of(gateway, CITIZEN) as client:
            assert [model.id async for model in await client.models.list()] == ["fingerpost"]
            for name in ("raw", "raw/big"):
                with pytest.raises(openai.NotFoundError, match="model: there is no 'raw"):
                    await client.chat.completions.create(model=name, messages=user("Hello"))
        async with aiohttp.ClientSession(gateway.url) as http:
            body = {"model": "raw", "messages": user("Hello")}
            async with http.post("/openai/v1/chat/completions", json=body) as response:
                assert response.status == 404
        async with client_of(gateway) as client:
            with pytest.raises(openai.NotFoundError, match="use 'raw', 'raw/big', 'raw/small'"):
                await client.chat.completions.create(model="raw/huge", messages=user("Hello"))
        assert not server.bodies


async def test_what_goes_wrong_has_a_status_and_a_cure(gateway: ServerProcess, port: int) -> None:
    async with client_of(gateway) as client:

        async def failure(**changes: Any) -> openai.APIStatusError:
            with pytest.raises(openai.APIStatusError) as raised:
                await client.chat.completions.create(
                    **{"model": "raw", "messages": user("Hello"), **changes}
                )
            return raised.value

        assert (await failure()).status_code == 503, "no server"
        async with ModelServer(port=port) as server:
            server.otherwise = refusing(400, {"message": "no such template"})
            refused = await failure()
            assert refused.status_code == 400
            assert refused.code == "model-refused"
            assert "no such template" in refused.message
            server.otherwise = refusing(401, {"message": "no key"})
            assert (await failure()).status_code == 503, "it is not the caller's key"
            server.bodies.clear()
            too_large = await failure(max_tokens=5000)
            assert too_large.status_code == 413
            assert "5,0" in too_large.message
            assert "4,096" in too_large.message
            for wish in (
                {"n": 2},
                {"tools": [{"type": "function", "function": {"name": "f"}}]},
                {"response_format": {"type": "json_object"}},
                {"messages": []},
                {"messages": [{"role": "tool", "content": "7", "tool_call_id": "1"}]},
                {"temperature": 9.0},
            ):
                assert (await failure(**wish)).status_code == 400, wish
            assert not server.bodies
            server.otherwise = sending(chunk("You "), chunk("can "), cut=True)
            stream = await client.chat.completions.create(
                model="raw", messages=user("Hello"), stream=True
            )
            with pytest.raises(openai.APIError, match="broke in mid-answer"):
                assert [each async for each in stream]


async def test_a_model_that_is_full_says_when_to_come_back_and_leaving_makes_room(
    gateway: ServerProcess, port: int
) -> None:
    endless = streaming(["word "] * 600, pause_s=0.05)
    async with ModelServer(otherwise=endless, port=port) as server, client_of(gateway) as client:
        stream = await client.chat.completions.create(
            model="raw", messages=user("Hello"), stream=True
        )
        await anext(aiter(stream))
        with pytest.raises(openai.APIStatusError) as raised:
            await client.chat.completions.create(model="raw", messages=user("Hello"))
        assert raised.value.status_code == 503
        assert raised.value.code == "models-busy"
        assert int(raised.value.response.headers["Retry-After"]) >= 1
        await stream.close()
        await asyncio.wait_for(server.left.wait(), 5)
        server.otherwise = streaming()
        again = await client.chat.completions.create(model="raw", messages=user("Hello"))
        assert again.choices[0].message.content == "You can apply online."


@pytest.mark.parametrize("raw", ["off", "plain"])
async def test_it_is_off_unless_the_operator_says_so_and_redaction_can_be_left_out(
    data_dir: Path, port: int, raw: str
) -> None:
    write_settings(data_dir, port, raw)
    with ServerProcess(data_dir, sample=False) as gateway:
        async with ModelServer(port=port) as server, client_of(gateway) as client:
            call = client.chat.completions.create(model="raw", messages=user("I am jo@example.com"))
            if raw == "off":
                with pytest.raises(openai.NotFoundError):
                    await call
                assert not server.bodies
            else:
                await call
                assert "jo@example.com" in json.dumps(server.bodies)
