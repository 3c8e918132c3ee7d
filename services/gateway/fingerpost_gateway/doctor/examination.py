"""The whole examination, in an order in which a failure explains those after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fingerpost_gateway.control.address import is_listening, socket_path
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.doctor.engines import examine_engines
from fingerpost_gateway.doctor.environment import (
    examine_data_directory,
    examine_packages,
    examine_python,
    examine_settings,
)
from fingerpost_gateway.doctor.findings import Finding, Level, fail, ok
from fingerpost_gateway.doctor.parts import (
    examine_database,
    examine_model,
    examine_status,
    examine_valkey,
)
from fingerpost_gateway.errors import SettingsError
from fingerpost_gateway.failures import EXPECTED
from fingerpost_gateway.operations.opening import open_operations
from fingerpost_gateway.settings import Settings, load_settings
from fingerpost_gateway.waiting import Notice


async def examine(notice: Notice) -> AsyncIterator[Finding]:
    """Look at every part, in a running server or here.

    Args:
        notice: tells the person for whom the examination waits.
    """
    yield examine_python()
    yield await asyncio.to_thread(examine_packages)
    try:
        settings = load_settings()
    except SettingsError as error:
        yield fail("settings", str(error))
        return
    yield examine_settings(settings)
    directory = DataDirectory(settings.data_dir)
    for finding in examine_data_directory(directory):
        yield finding
        if finding.level is Level.FAIL:
            return
    yield await asyncio.to_thread(examine_model, directory)
    yield await asyncio.to_thread(examine_database, directory, settings)
    async for finding in examine_engines(settings):
        yield finding
    async for finding in _examine_contents(settings, directory, notice):
        yield finding


async def _examine_contents(
    settings: Settings, directory: DataDirectory, notice: Notice
) -> AsyncIterator[Finding]:
    socket = socket_path(directory.root)
    served = settings.state.embedded and is_listening(socket)
    yield ok("server", f"runs; commands go through {socket}" if served else "does not run")
    try:
        async with open_operations(settings, "doctor", notice=notice) as operations:
            for finding in examine_status(await operations.status()):
                yield finding
            if not served:
                yield await examine_valkey(directory, settings)
    except EXPECTED as error:
        yield fail("contents", str(error))
