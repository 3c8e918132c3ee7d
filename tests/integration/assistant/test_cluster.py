"""A cluster: one slot a turn and its journal, one read a slot."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis
from conversing import Chat, ScriptedPipeline

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.events import Outcome
from fingerpost_assistant.live.embedded.binary import find_binary
from fingerpost_assistant.live.keys import JOURNALS, journal_of


@pytest.fixture
def cluster_url(tmp_path: Path) -> Iterator[str]:
    """Address of a cluster of one node, which refuses what crosses slots like any other."""
    port, bus = _free_ports(2)
    settings = {
        "port": port,
        "bind": "127.0.0.1",
        "cluster-enabled": "yes",
        "cluster-port": bus,
        "dir": tmp_path,
        "save": "",
    }
    arguments = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([str(find_binary()), *arguments], stdout=log)
    client = redis.Redis(port=port, decode_responses=True)
    try:
        _until_answered(client, "CLUSTER ADDSLOTSRANGE 0 16383", "OK")
        _until_answered(client, "CLUSTER INFO", "cluster_state:ok")
        yield f"redis+cluster://127.0.0.1:{port}"
    finally:
        client.close()
        server.terminate()
        server.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def _until_answered(client: redis.Redis, question: str, answer: str) -> None:
    end = time.monotonic() + 15
    while True:
        try:
            if answer in str(client.execute_command(*question.split())).replace("True", "OK"):
                return
        except redis.ConnectionError:
            pass
        assert time.monotonic() < end, question
        time.sleep(0.05)


@pytest.fixture
async def chat(
    pipeline: ScriptedPipeline, database_url: str, cluster_url: str
) -> AsyncIterator[Chat]:
    async with Assistant(pipeline, database_url=database_url, valkey_url=cluster_url) as assistant:
        yield Chat(assistant)


async def test_turns_of_every_journal_are_answered_followed_and_recorded(chat: Chat) -> None:
    turns = [await chat.ask(f"Question {n}?") for n in range(40)]
    assert {journal_of(turn.id) for turn in turns} == set(range(JOURNALS))
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
