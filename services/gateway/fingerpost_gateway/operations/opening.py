"""Finding who does the work: a running server, or this process under the directory's lock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fingerpost_gateway.backup import finish_restore
from fingerpost_gateway.control.address import socket_path
from fingerpost_gateway.control.client import connect
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.operations.orders import RebuildOrder
from fingerpost_gateway.operations.protocol import OnProgress, Operations
from fingerpost_gateway.operations.results import RebuildResult
from fingerpost_gateway.settings import Settings
from fingerpost_gateway.waiting import Notice, take_turn

WAIT_S = 120.0
"""Longest wait for another command, or for a server that starts or stops."""


@asynccontextmanager
async def open_operations(
    settings: Settings, purpose: str, *, notice: Notice
) -> AsyncIterator[Operations]:
    """The commands' work, in a running server if there is one.

    Args:
        purpose: the command, which others are told while they wait.
        notice: tells the person that this command waits, and for whom.

    Raises:
        DataDirectoryError: the data directory cannot be used, or was in use all the time.
        AssistantError, RetrievalError: the database or the index cannot be opened.
    """
    directory = DataDirectory(settings.data_dir)
    async with AsyncExitStack() as stack:
        if await _reach(settings, directory, purpose, stack, notice):
            # Imported here: a command that goes through a server needs none of it.
            from fingerpost_gateway.knowledge import open_knowledge
            from fingerpost_gateway.operations.local import LocalOperations

            knowledge = await stack.enter_async_context(open_knowledge(settings, directory))
            yield LocalOperations(knowledge)
        else:
            yield await stack.enter_async_context(connect(socket_path(directory.root)))


async def rebuild_index(
    settings: Settings, progress: OnProgress, *, notice: Notice
) -> RebuildResult:
    """Build the index anew from the catalogue, in a running server if there is one.

    Without one the index need not be fit to be opened.
    """
    directory = DataDirectory(settings.data_dir)
    async with AsyncExitStack() as stack:
        if await _reach(settings, directory, "ingest", stack, notice):
            from fingerpost_assistant.storage.schema import upgrade
            from fingerpost_gateway.operations.rebuilding import rebuild_closed
            from fingerpost_gateway.operations.stoppable import run_stoppable

            await upgrade(settings.database_url)
            return await run_stoppable(
                lambda step: rebuild_closed(settings, directory, step), progress
            )
        server = await stack.enter_async_context(connect(socket_path(directory.root)))
        return await server.rebuild(RebuildOrder(), progress)


async def _reach(
    settings: Settings,
    directory: DataDirectory,
    purpose: str,
    stack: AsyncExitStack,
    notice: Notice,
) -> bool:
    """True when the data may be opened here, False when a server has it open."""
    await asyncio.to_thread(directory.prepare)
    if not settings.state.embedded:
        return True
    held = await take_turn(
        directory,
        purpose,
        stack,
        wait_s=WAIT_S,
        notice=notice,
        server=socket_path(directory.root),
    )
    if held:
        await asyncio.to_thread(finish_restore, directory)
    return held
