"""Runs a command's work: settings, logs, and who does it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from fingerpost_gateway.cli.output import notice
from fingerpost_gateway.operations import Operations
from fingerpost_gateway.operations.opening import open_operations
from fingerpost_gateway.settings import Settings, load_settings

T = TypeVar("T")


def work(purpose: str, task: Callable[[Operations], Awaitable[T]]) -> T:
    """Do a task with the operations of a running server, or of this process.

    Args:
        purpose: the command, which others are told while they wait for it.
    """
    settings = command_settings()

    async def run() -> T:
        async with open_operations(settings, purpose, notice=notice) as operations:
            return await task(operations)

    return asyncio.run(run())


def command_settings() -> Settings:
    """The settings; from here on, warnings are shown in a command's form."""
    from fingerpost_gateway.cli.logs import configure_command_logs

    configure_command_logs()
    return load_settings()
