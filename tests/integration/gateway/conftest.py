"""An HTTP client on the shared server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from citizen import Citizen
from serverprocess import ServerProcess


@pytest.fixture
async def http(server: ServerProcess) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(server.url, connector=connector) as session:
        yield session


@pytest.fixture
async def citizen(http: aiohttp.ClientSession) -> Citizen:
    return await Citizen.arrive(http)
