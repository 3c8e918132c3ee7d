"""A real Valkey, a real database, and assistants on them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import redis
from conversing import Chat, ScriptedPipeline

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.connection import Client, connect
from fingerpost_assistant.live.embedded import child
from fingerpost_assistant.live.embedded.binary import command_line


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Valkey that all tests share, one after the other."""
    folder = tmp_path_factory.mktemp("v")
    socket = folder / "s"
    with (folder / "log").open("wb") as log:
        # Through `child.py`, so that it does not outlive tests that are killed.
        starter = (sys.executable, child.__file__, str(os.getpid()))
        command = command_line(folder, socket, folder / "pid")
        server = subprocess.Popen([*starter, *command], stdout=log)
    client = redis.Redis(unix_socket_path=str(socket))
    try:
        _wait_for(client)
        yield f"unix://{socket}"
    finally:
        client.close()
        server.terminate()
        server.wait()


def _wait_for(client: redis.Redis) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """Address of an empty Valkey."""
    client = redis.Redis.from_url(valkey_server)
    client.flushall()
    client.close()
    return valkey_server


@pytest.fixture
async def client(valkey_url: str) -> AsyncIterator[Client]:
    client = connect(valkey_url)
    yield client
    await client.aclose()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def pipeline() -> ScriptedPipeline:
    return ScriptedPipeline()


MakeAssistant = Callable[..., Awaitable[Assistant]]


@pytest.fixture
async def make_assistant(
    pipeline: ScriptedPipeline, database_url: str, valkey_url: str
) -> AsyncIterator[MakeAssistant]:
    """Starts assistants on one database and one Valkey, as replicas do."""
    async with AsyncExitStack() as stack:

        async def make(pipeline: ScriptedPipeline = pipeline, **limits: float) -> Assistant:
            assistant = Assistant(
                pipeline,
                database_url=database_url,
                valkey_url=valkey_url,
                limits=Limits(**limits),  # type: ignore[arg-type]
            )
            return await stack.enter_async_context(assistant)

        yield make


@pytest.fixture
async def assistant(make_assistant: MakeAssistant) -> Assistant:
    return await make_assistant()


@pytest.fixture
def chat(assistant: Assistant) -> Chat:
    """The owner's conversation."""
    return Chat(assistant)
