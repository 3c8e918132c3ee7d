"""Real vLLM replicas behind a real router: what streams, what is cached, what ends when we leave."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from commandline import result_of
from engines import Engines

from fingerpost_serving import (
    ChatRequest,
    Finished,
    FinishReason,
    Message,
    ModelRefused,
    TextDelta,
)
from fingerpost_serving.client import RemoteChatModel
from fingerpost_serving.langchain import ChatFingerpost

pytestmark = [pytest.mark.full, pytest.mark.vllm]


@pytest.fixture
async def model(engines: Engines) -> AsyncIterator[RemoteChatModel]:
    registry = engines.registry
    async with RemoteChatModel.of(registry.get("tiny"), registry) as model:
        yield model


def asking(text: str, max_tokens: int, **settings: object) -> ChatRequest:
    return ChatRequest(messages=(Message("user", text),), max_tokens=max_tokens, **settings)


async def written(model: RemoteChatModel, request: ChatRequest) -> tuple[str, Finished]:
    """The whole text, and the last event."""
    events = [event async for event in model.stream(request)]
    finished = events.pop()
    assert isinstance(finished, Finished)
    return "".join(event.text for event in events if isinstance(event, TextDelta)), finished


async def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something becomes true in time; it is looked at in a thread."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if await asyncio.to_thread(holds):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_answer_streams_token_by_token_and_is_counted(model: RemoteChatModel) -> None:
    request = asking("Can I apply?", 40)
    events = [event async for event in model.stream(request)]
    deltas, finished = events[:-1], events[-1]
    assert isinstance(finished, Finished)
    assert len(deltas) > 10
    assert finished.reason is FinishReason.LENGTH
    assert finished.usage.completion_tokens == 40
    assert finished.usage.prompt_tokens > 10


async def test_same_question_gets_the_same_answer(model: RemoteChatModel) -> None:
    request = asking("Can I apply?", 40)
    assert (await written(model, request))[0] == (await written(model, request))[0]


@pytest.mark.parametrize("way", ["closed", "cancelled"])
async def test_leaving_frees_the_engine_within_a_second(
    model: RemoteChatModel, engines: Engines, way: str
) -> None:
    def running() -> int:
        return sum(engines.status(number).running for number in (0, 1))

    stream = model.stream(asking("Tell me all of it.", 1900))
    await anext(stream)
    if way == "closed":
        assert await within(20, lambda: running() == 1)
        await stream.aclose()
    else:

        async def read() -> None:
            async for _ in stream:
                pass

        reader = asyncio.create_task(read())
        assert await within(20, lambda: running() == 1)
        reader.cancel()
    assert await within(1, lambda: running() == 0)


async def test_prompts_that_begin_alike_are_found_in_the_cache(
    model: RemoteChatModel, engines: Engines
) -> None:
    rules = "Answer from the passages only, in plain words, one citation to a sentence. " * 8
    usages = []
    for number in range(12):
        _, finished = await written(model, asking(f"{rules} Question {number}: can I apply?", 4))
        usages.append(finished.usage)
    prompt = sum(usage.prompt_tokens for usage in usages)
    assert sum(usage.cached_tokens for usage in usages) / prompt > 0.5
    hits = [engines.status(number).prefix_cache_hits for number in (0, 1)]
    assert max(hit or 0.0 for hit in hits) > 0.5


async def test_structured_output_follows_its_schema(model: RemoteChatModel) -> None:
    schema = {
        "type": "object",
        "properties": {
            "nation": {"enum": ["england", "wales", "scotland"]},
            "urgent": {"type": "boolean"},
        },
        "required": ["nation", "urgent"],
        "additionalProperties": False,
    }
    text, finished = await written(model, asking("Where?", 200, json_schema=schema))
    answer = json.loads(text)
    assert answer["nation"] in ("england", "wales", "scotland")
    assert isinstance(answer["urgent"], bool)
    assert finished.reason is FinishReason.STOP


async def test_adapter_is_served_beside_its_base(engines: Engines, model: RemoteChatModel) -> None:
    registry = engines.registry
    request = asking("Can I apply?", 20)
    async with RemoteChatModel.of(registry.get("adapted"), registry) as adapted:
        assert (await written(adapted, request))[0] != (await written(model, request))[0]
    async with aiohttp.ClientSession() as session, session.get(f"{engines.url}/v1/models") as got:
        names = {each["id"] for each in (await got.json())["data"]}
    assert {"tiny", "adapted"} <= names


async def test_request_that_does_not_fit_is_refused_with_the_reason(
    model: RemoteChatModel,
) -> None:
    with pytest.raises(ModelRefused, match="2048"):
        await written(model, asking("word " * 3000, 16))


def test_langchain_chats_with_it(engines: Engines) -> None:
    chat = ChatFingerpost(model="tiny", base_url=engines.url, max_tokens=24)
    message = chat.invoke("Can I apply?")
    assert message.text
    assert message.usage_metadata is not None
    assert message.usage_metadata["output_tokens"] == 24
    schema = {"title": "Place", "type": "object", "required": ["nation"]}
    schema["properties"] = {"nation": {"enum": ["england", "wales"]}}
    assert chat.with_structured_output(schema).invoke("Where?")["nation"] in ("england", "wales")


async def test_status_shows_the_replicas(engines: Engines) -> None:
    status = await asyncio.to_thread(
        result_of, engines.data_dir, "models", "status", **engines.settings
    )
    (shown,) = status["models"]
    assert (shown["name"], shown["address"], shown["up"]) == ("tiny", engines.url, True)
    assert [each["address"] for each in shown["replicas"]] == list(engines.replicas)
    assert all(each["up"] and each["running"] == 0 for each in shown["replicas"])
