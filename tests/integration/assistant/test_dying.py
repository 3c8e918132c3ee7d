"""Kill what you like: every accepted question keeps exactly one outcome."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import dyingprocess
import pytest
from conversing import OWNER, Chat, ScriptedPipeline, eventually

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.errors import ValkeyUnavailable
from fingerpost_assistant.events import Outcome
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.embedded import EmbeddedValkey

MakeAssistant = Callable[..., Awaitable[Assistant]]


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        yield valkey


@pytest.fixture
async def fragile(
    valkey: EmbeddedValkey, pipeline: ScriptedPipeline, database_url: str
) -> AsyncIterator[Chat]:
    """A conversation over a Valkey that the test kills."""
    limits = Limits(append_s=5, heartbeat_s=0.1, lease_s=0.5)
    async with Assistant(
        pipeline, database_url=database_url, valkey_url=valkey.url, limits=limits
    ) as assistant:
        yield Chat(assistant)


async def _killed(valkey: EmbeddedValkey) -> None:
    pid = valkey.pid
    os.kill(pid, signal.SIGKILL)

    async def gone() -> bool:
        return not Path(f"/proc/{pid}").exists()

    await eventually(gone)


async def test_valkey_killed_in_mid_answer_costs_nothing(
    fragile: Chat, valkey: EmbeddedValkey, pipeline: ScriptedPipeline
) -> None:
    pipeline.gate.clear()
    turn = await fragile.ask("What is Child Benefit?")
    reader = asyncio.create_task(fragile.events(turn))
    await asyncio.sleep(0.1)
    await _killed(valkey)
    pipeline.gate.set()
    async with asyncio.timeout(20):
        events = await reader
        assert await fragile.outcome(turn) is Outcome.ANSWERED
    recorded = await fragile.recorded(turn)
    assert [s.text for s in recorded.sentences] == ["Sentence 1.", "Sentence 2.", "Sentence 3."]
    assert await fragile.events(turn) == events


async def test_valkey_killed_again_and_again_while_turns_run(
    fragile: Chat, valkey: EmbeddedValkey, pipeline: ScriptedPipeline
) -> None:
    pipeline.sentences = 20
    pipeline.pause_s = 0.03
    turns = await asyncio.gather(*(fragile.ask(f"Question {n}?") for n in range(10)))
    readers = [asyncio.create_task(fragile.events(turn)) for turn in turns]
    for _ in range(3):
        await asyncio.sleep(0.15)
        await _killed(valkey)

        async def back() -> bool:
            try:
                await fragile.assistant.check()
            except ValkeyUnavailable:
                return False
            return True

        await eventually(back)
    async with asyncio.timeout(30):
        lists = await asyncio.gather(*readers)
    for turn, events in zip(turns, lists, strict=True):
        assert (await fragile.recorded(turn)).outcome is Outcome.ANSWERED
        assert await fragile.events(turn) == events
        assert len(events) == 25


async def test_valkey_that_came_back_empty_gets_the_turn_again(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline, valkey_url: str
) -> None:
    chat = Chat(await make_assistant())
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    reader = asyncio.create_task(chat.events(turn))
    await asyncio.sleep(0.1)
    await chat.assistant._client.flushall()
    pipeline.gate.set()
    async with asyncio.timeout(10):
        events = await reader
    assert [item.id for item in events] == [f"{n}-0" for n in range(1, 9)]
    assert (await chat.recorded(turn)).outcome is Outcome.ANSWERED
    assert await chat.events(turn) == events


async def test_outcome_goes_to_sql_when_valkey_stays_away(
    tmp_path: Path, pipeline: ScriptedPipeline, database_url: str
) -> None:
    valkey = EmbeddedValkey(tmp_path / "v")
    limits = Limits(append_s=0.3)
    await valkey.__aenter__()
    async with Assistant(
        pipeline, database_url=database_url, valkey_url=valkey.url, limits=limits
    ) as assistant:
        chat = Chat(assistant)
        pipeline.gate.clear()
        turn = await chat.ask("What is Child Benefit?")
        reader = asyncio.create_task(chat.events(turn))
        await asyncio.sleep(0.1)
        await valkey.__aexit__(None, None, None)
        pipeline.gate.set()
        recorded = await chat.recorded(turn)
        assert recorded.outcome is Outcome.INTERNAL
        assert len(recorded.sentences) == 3  # the last one could not be shown in time, but is kept
        async with asyncio.timeout(20):
            assert await reader == await chat.events(turn)


async def test_question_of_a_killed_process_gets_its_outcome_from_another(
    database_url: str, valkey_url: str, pipeline: ScriptedPipeline
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, dyingprocess.__file__, "turn", database_url, valkey_url),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(dyingprocess.__file__).parent)},
    )
    assert process.stdout is not None
    turn_id = (await process.stdout.readline()).decode().strip()
    limits = Limits(heartbeat_s=0.1, lease_s=0.5)
    async with (
        Assistant(pipeline, database_url=database_url, valkey_url=valkey_url, limits=limits) as one,
        Assistant(pipeline, database_url=database_url, valkey_url=valkey_url, limits=limits),
    ):
        chat = Chat(one)
        turn = await one.turn(OWNER, turn_id)
        reader = asyncio.create_task(chat.events(turn))
        await asyncio.sleep(1)
        assert (await one.turn(OWNER, turn_id)).running  # as long as its process lives
        process.kill()
        await process.wait()
        async with asyncio.timeout(15):
            events = await reader
        assert await chat.outcome(turn) is Outcome.INTERRUPTED
        recorded = await chat.recorded(turn)
        assert recorded.outcome is Outcome.INTERRUPTED
        assert [s.text for s in recorded.sentences] == ["Sentence 1.", "Sentence 2."]
        assert await chat.events(turn) == events
