"""A gateway with language models: a real server process before a model server that misbehaves."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from citizen import Citizen, ReceivedEvent
from commandline import fingerpost
from modelserver import ModelServer, refusing, streaming
from serverprocess import ServerProcess, free_port

EASY = "How much is Child Benefit?"
HARD = "Do I get Child Benefit if I earn over the limit and my child lives abroad, but I pay tax?"

REGISTRY = """
[models.extractive]
role = "answer"
backend = "extractive"
limits = {{ context = 4096, concurrent_requests = 4, tokens_in_flight = 16384 }}

[models.large]
role = "answer"
backend = "vllm"
engine = {{ url = "http://127.0.0.1:{port}" }}
limits = {{ context = 8192, concurrent_requests = 1, tokens_in_flight = 8192 }}
"""

_PASSAGE = re.compile(r'<passage number="1">\nFrom: [^\n]*\n(.*?)\n</passage>', re.DOTALL)


async def quoting(request: web.Request) -> web.StreamResponse:
    """Write the first sentence of the first passage, with its mark."""
    body = json.loads(await request.read())
    text = _PASSAGE.search(body["messages"][-1]["content"])
    assert text is not None
    sentence = re.split(r"(?<=[.!?])\s", text[1].strip())[0]
    return await streaming([sentence, " [1]", "."][:2])(request)


async def slowly(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(2)
    return await quoting(request)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def gateway(data_dir: Path, port: int) -> Iterator[ServerProcess]:
    registry = data_dir.parent / "models.toml"
    registry.write_text(REGISTRY.format(port=port))
    settings = {"FINGERPOST_MODELS__FILE": str(registry), "FINGERPOST_MODELS__WAIT_S": "5"}
    with ServerProcess(data_dir, sample=False, environment=settings) as process:
        yield process


async def ask(http: aiohttp.ClientSession, question: str) -> list[ReceivedEvent]:
    return await (await Citizen.arrive(http)).ask(question)


def statuses(events: list[ReceivedEvent], stage: str) -> list[dict[str, object]]:
    return [each.data for each in events if each.name == "status" and each.data["stage"] == stage]


async def test_answers_are_streamed_kept_queued_for_and_quoted_when_the_model_is_gone(
    gateway: ServerProcess, port: int, data_dir: Path
) -> None:
    async with aiohttp.ClientSession(gateway.url) as http:
        async with ModelServer(otherwise=quoting, port=port) as model:
            events = await ask(http, EASY)
            assert events[-2].data["outcome"] == "answered"
            assert events[-2].data["model"] == "large grounded/1"
            assert [each.name for each in events].count("sentence") >= 1
            assert len(model.bodies) == 1

            again = await ask(http, EASY)
            assert again[-2].data == events[-2].data
            assert len(model.bodies) == 1, "what was kept answers the second"

            model.otherwise = slowly
            first = asyncio.create_task(ask(http, HARD))
            await asyncio.sleep(1)
            second = await ask(http, "What is a Blue Badge and who can get one?")
            queued = statuses(second, "queued")
            assert queued
            assert queued[0]["position"] == 1
            assert (await first)[-2].data["outcome"] == "answered"

            model.otherwise = refusing(500)
            down = await ask(http, "How do I renew my passport?")
        gone = await ask(http, "When do I have to pay vehicle tax?")
        for events in (down, gone):
            assert len(statuses(events, "stepped_down")) == 1
            assert events[-2].data["outcome"] == "answered"
            assert str(events[-2].data["model"]).startswith("extractive")
        async with http.get("/metrics") as response:
            metrics = await response.text()
        async with http.get("/health/ready") as response:
            assert (await response.json())["parts"]["models"] == {"ok": True, "detail": "large"}
    assert 'fingerpost_model_choices_total{reason="easy",writer="narrow"}' in metrics
    assert 'fingerpost_model_stepped_down_total{to="extractive"} 2.0' in metrics
    assert 'fingerpost_answer_cache_total{result="hit"} 1.0' in metrics
    assert 'fingerpost_model_admitted_total{model="large"' in metrics


async def test_doctor_says_which_model_does_not_answer(
    data_dir: Path, port: int, tmp_path: Path
) -> None:
    registry = tmp_path / "models.toml"
    registry.write_text(REGISTRY.format(port=port))
    examined = await asyncio.to_thread(
        fingerpost, data_dir, "doctor", "--json", FINGERPOST_MODELS__FILE=str(registry)
    )
    found = {each["part"]: each for each in json.loads(examined.stdout)["findings"]}
    assert found["model large"]["level"] == "warn"
    assert f"127.0.0.1:{port}" in found["model large"]["detail"]
