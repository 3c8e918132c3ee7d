"""A real database, and assistants on it and on a real Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from conversing import Chat, ScriptedPipeline

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.connection import Client, connect


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
