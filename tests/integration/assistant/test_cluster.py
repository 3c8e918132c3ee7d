"""A cluster: one slot a turn and its journal, one read a slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from conversing import Chat, ScriptedPipeline

from fingerpost_assistant import Turn
from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.events import Outcome
from fingerpost_assistant.live.keys import JOURNALS, journal_of


@pytest.fixture
async def chat(
    pipeline: ScriptedPipeline, database_url: str, cluster_url: str
) -> AsyncIterator[Chat]:
    async with Assistant(pipeline, database_url=database_url, valkey_url=cluster_url) as assistant:
        yield Chat(assistant)


async def test_turns_of_every_journal_are_answered_followed_and_recorded(chat: Chat) -> None:
    turns: list[Turn] = []
    # Their ids are random: how many it takes until each journal has one is a matter of luck.
    while {journal_of(turn.id) for turn in turns} != set(range(JOURNALS)):
        assert len(turns) < 400
        turns.append(await chat.ask(f"Question {len(turns)}?"))
    async with asyncio.timeout(20):
        lists = await asyncio.gather(*(chat.events(turn) for turn in turns))
    assert {len(events) for events in lists} == {8}
    for turn, events in zip(turns, lists, strict=True):
        assert (await chat.recorded(turn)).outcome is Outcome.ANSWERED
        assert await chat.events(turn) == events


async def test_running_turn_is_stopped_and_its_conversation_deleted(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    await chat.assistant.stop(chat.principal, turn.id)
    assert await chat.outcome(turn) is Outcome.STOPPED
    await chat.assistant.delete_conversation(chat.principal, turn.conversation_id)
