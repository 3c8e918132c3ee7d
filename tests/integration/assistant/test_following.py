"""Readers of a turn: any number, at any time, all with the same events."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import pytest
from conversing import OWNER, Chat, ScriptedPipeline, eventually

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.conversations import Turn
from fingerpost_assistant.ending import Ending
from fingerpost_assistant.errors import InvalidEventId
from fingerpost_assistant.events import DoneEvent, Outcome, OutcomeEvent, StreamedEvent
from fingerpost_assistant.live import lane
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.keys import turn_key
from fingerpost_assistant.storage import Database, TurnStore

MakeAssistant = Callable[..., Awaitable[Assistant]]


async def _drop_and_resume(chat: Chat, turn: Turn, chance: random.Random) -> list[StreamedEvent]:
    """Follow a turn with a connection that breaks after every few events."""
    received: list[StreamedEvent] = []
    while not received or type(received[-1].event).__name__ != "DoneEvent":
        after = received[-1].id if received else None
        patience = chance.randint(0, 4)
        async with aclosing(chat.assistant.follow(OWNER, turn.id, after=after)) as events:
            async for event in events:
                received.append(event)
                patience -= 1
                if patience < 0:
                    break
        await asyncio.sleep(chance.random() * 0.01)
    return received


async def test_fifty_readers_that_drop_at_random_get_identical_lists(
    make_assistant: MakeAssistant,
) -> None:
    pipeline = ScriptedPipeline(sentences=25)
    pipeline.pause_s = 0.01
    answering, other = await make_assistant(pipeline), await make_assistant()
    chat, elsewhere = Chat(answering), Chat(other)
    turn = await chat.ask("What is Child Benefit?")
    async with asyncio.timeout(30):
        lists = await asyncio.gather(
            *(
                _drop_and_resume(elsewhere if n % 2 else chat, turn, random.Random(n))
                for n in range(50)
            )
        )
    assert len(lists[0]) == 30
    assert all(events == lists[0] for events in lists)


async def test_late_reader_gets_everything(chat: Chat, pipeline: ScriptedPipeline) -> None:
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    early = asyncio.create_task(chat.events(turn))
    await asyncio.sleep(0.05)
    late = asyncio.create_task(chat.events(turn))
    await asyncio.sleep(0.05)
    pipeline.gate.set()
    assert await early == await late


async def test_new_turn_is_read_at_once_beside_an_idle_one(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.gate.clear()
    idle = asyncio.create_task(chat.events(await chat.ask("What takes long?")))
    await asyncio.sleep(0.1)  # the one blocking read is under way
    turn = await chat.ask("What is Child Benefit?")
    async with asyncio.timeout(0.5), aclosing(chat.assistant.follow(OWNER, turn.id)) as events:
        await anext(events)
    pipeline.gate.set()
    await idle


async def test_replay_from_sql_is_identical(chat: Chat, client: Client) -> None:
    turn = await chat.ask("What is Child Benefit?")
    live = await chat.events(turn)
    await chat.recorded(turn)
    await client.delete(turn_key(turn.id))
    assert await chat.events(turn) == live
    assert await chat.events(turn, after=live[3].id) == live[4:]
    assert await chat.events(turn, after=live[-1].id) == []


async def test_stream_expires_after_it_is_recorded_and_not_before(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline, client: Client
) -> None:
    chat = Chat(await make_assistant(stream_ttl_s=0.1))
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    await asyncio.sleep(0.3)
    assert await client.exists(turn_key(turn.id))
    pipeline.gate.set()
    await chat.recorded(turn)

    async def expired() -> bool:
        return not await client.exists(turn_key(turn.id))

    await eventually(expired)


@pytest.mark.parametrize("after", ["", "x", "-1-0", "1", "1-1", "٣-0", "9" * 40 + "-0", "1-0\r\n"])
async def test_resuming_after_what_is_no_event_id_is_refused(chat: Chat, after: str) -> None:
    turn = await chat.ask("What is Child Benefit?")
    with pytest.raises(InvalidEventId):
        await chat.events(turn, after=after)


async def test_reader_of_a_turn_whose_end_never_reached_valkey_gets_it_from_sql(
    chat: Chat,
    pipeline: ScriptedPipeline,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lane, "RECHECK_S", 0.2)
    monkeypatch.setattr(lane, "BLOCK_S", 0.1)
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    async with aclosing(chat.assistant.follow(OWNER, turn.id)) as reader:
        events = [await anext(reader) for _ in range(5)]
        end = [OutcomeEvent(outcome=Outcome.INTERNAL), DoneEvent()]
        events += [StreamedEvent(f"{6 + n}-0", event) for n, event in enumerate(end)]
        database = Database(database_url)
        await TurnStore(database).record(turn.id, Ending(outcome=Outcome.INTERNAL), events)
        await database.close()
        assert [event async for event in reader] == events[5:]


async def test_slow_reader_keeps_no_one_waiting(chat: Chat, pipeline: ScriptedPipeline) -> None:
    turn = await chat.ask("What is Child Benefit?")
    slow = chat.assistant.follow(OWNER, turn.id)
    first = await anext(slow)
    quick = await chat.events(turn)
    rest = [event async for event in slow]
    assert [first, *rest] == quick


async def test_five_hundred_idle_readers_share_a_handful_of_connections(
    make_assistant: MakeAssistant, client: Client
) -> None:
    pipeline = ScriptedPipeline()
    pipeline.gate.clear()
    assistant = await make_assistant(pipeline, running_turns=500)
    chats = [Chat(assistant) for _ in range(500)]
    turns = await asyncio.gather(*(chat.ask("What is Child Benefit?") for chat in chats))
    readers = [
        asyncio.create_task(chat.events(turn)) for chat, turn in zip(chats, turns, strict=True)
    ]
    await asyncio.sleep(1)
    connections = [entry for entry in await client.client_list() if entry["cmd"] != "client|list"]
    assert len(connections) <= 12, [entry["cmd"] for entry in connections]
    pipeline.gate.set()
    async with asyncio.timeout(30):
        lists = await asyncio.gather(*readers)
    assert all(len(events) == 8 for events in lists)
