"""A replica that is killed: what it was writing ends clearly, and what comes next goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter

import pytest
from engines import Engines

from fingerpost_serving import ChatRequest, Message, ModelBrokeOff, ModelFailed
from fingerpost_serving.client import RemoteChatModel, Retries

pytestmark = [pytest.mark.full, pytest.mark.vllm]

STREAMS = 32


def asking(number: int, max_tokens: int) -> ChatRequest:
    message = Message("user", f"{number}: tell me all of it.")
    return ChatRequest(messages=(message,), max_tokens=max_tokens, deadline_s=90, first_token_s=30)


async def outcome(model: RemoteChatModel, request: ChatRequest) -> str:
    """How a call ends: "finished", or the name of its error."""
    try:
        async for _ in model.stream(request):
            pass
    except ModelFailed as error:
        return type(error).__name__
    return "finished"


async def test_replica_killed_under_thirty_two_streams(engines: Engines) -> None:
    async with (
        RemoteChatModel("tiny", engines.url) as model,
        RemoteChatModel("tiny", engines.url, retries=Retries(tries=1)) as impatient,
    ):
        streams = [
            asyncio.create_task(outcome(model, asking(number, 1200))) for number in range(STREAMS)
        ]
        affected = await _running_on_both(engines)
        os.kill(engines.replica_pid(0), signal.SIGKILL)
        killed = time.monotonic()
        soon = []
        while time.monotonic() - killed < 3:
            soon.append(asyncio.create_task(outcome(model, asking(100 + len(soon), 8))))
            await asyncio.sleep(0.25)
        later = await asyncio.gather(*(outcome(impatient, asking(200 + n, 8)) for n in range(16)))
        assert Counter(await asyncio.gather(*soon)) == {"finished": len(soon)}
        assert Counter(later) == {"finished": 16}, "the router still sends to the dead replica"
        outcomes = Counter(await asyncio.gather(*streams))
        assert outcomes == {
            ModelBrokeOff.__name__: affected,
            "finished": STREAMS - affected,
        }
    await _both_again(engines)
    assert "tiny, router: down" not in engines.said()


async def _running_on_both(engines: Engines) -> int:
    """Wait until every stream runs, some on each replica; return how many on the first."""
    for _ in range(100):
        first, second = await asyncio.gather(
            *(asyncio.to_thread(engines.status, number) for number in (0, 1))
        )
        if first.running + second.running == STREAMS:
            assert first.running, "one replica has all of the streams"
            assert second.running, "one replica has all of the streams"
            return first.running
        await asyncio.sleep(0.1)
    raise AssertionError(f"not all streams run: {first}, {second}")


async def _both_again(engines: Engines) -> None:
    """The killed replica is started again by itself; other tests need it too."""
    async with asyncio.timeout(150):
        while not await asyncio.to_thread(engines.is_ready):
            await asyncio.sleep(0.5)
