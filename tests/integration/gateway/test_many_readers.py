"""Many readers of few answers: whoever drops and resumes sees the same, and idle ones cost little."""

from __future__ import annotations

import asyncio
import random

import aiohttp
import redis.asyncio
from citizen import Citizen, ReceivedEvent, received_events
from serverprocess import ServerProcess

from fingerpost_assistant.live.embedded.place import socket_path

QUESTION = "How do I claim the State Pension and when is it paid?"


async def read_with_drops(
    citizen: Citizen, turn: str, chance: random.Random
) -> list[ReceivedEvent]:
    """Follow a turn, leaving after a random number of events and resuming, to the end."""
    seen: list[ReceivedEvent] = []
    for _ in range(50):
        headers = dict(citizen.headers)
        if seen:
            headers["Last-Event-ID"] = seen[-1].id
        patience = chance.randint(1, 4)
        async with citizen.http.get(f"/v1/turns/{turn}/events", headers=headers) as response:
            async for event in received_events(response):
                seen.append(event)
                patience -= 1
                if event.name == "done":
                    return seen
                if patience == 0:
                    break
    raise AssertionError(f"no end after 50 connections and {len(seen)} events")


async def test_fifty_readers_that_drop_and_resume_see_the_same_events(citizen: Citizen) -> None:
    turn = await citizen.ask_later(QUESTION)
    readers = [read_with_drops(citizen, turn, random.Random(seed)) for seed in range(50)]
    lists = await asyncio.gather(*readers)
    whole = await citizen.follow(turn)
    assert all(events == whole for events in lists)


async def test_five_hundred_readers_need_a_handful_of_valkey_connections(
    server: ServerProcess, citizen: Citizen
) -> None:
    valkey = redis.asyncio.Redis(unix_socket_path=str(socket_path(server.data_dir / "valkey")))
    turn = await citizen.ask_later(QUESTION)
    path = f"/v1/turns/{turn}/events"

    async def reader(opened: asyncio.Semaphore, leave: asyncio.Event) -> None:
        async with citizen.http.get(path, headers=citizen.headers) as response:
            assert response.status == 200, await response.text()
            opened.release()
            await leave.wait()

    opened, leave = asyncio.Semaphore(0), asyncio.Event()
    async with valkey, asyncio.TaskGroup() as readers:
        for _ in range(10):  # not all at once: this is about readers who sit and wait
            for _ in range(50):
                readers.create_task(reader(opened, leave))
            for _ in range(50):
                await asyncio.wait_for(opened.acquire(), 30)
        connections = await valkey.client_list()
        leave.set()
    assert len(connections) < 20
    assert server.ready()


async def test_a_reader_that_comes_late_sees_everything(
    http: aiohttp.ClientSession, citizen: Citizen
) -> None:
    live = await citizen.ask(QUESTION)
    turn = live[0].data["turn_id"]
    assert await citizen.follow(turn) == live
