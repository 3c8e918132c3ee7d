"""PostgreSQL and Valkey of one's own: only addresses in the settings change."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from citizen import Citizen
from commandline import result_of
from postgresserver import running_server, server_programs
from serverprocess import ServerProcess

from fingerpost_assistant.live.embedded import EmbeddedValkey

pytestmark = pytest.mark.full

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


@pytest.fixture
def postgresql() -> Iterator[str]:
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with running_server(programs) as query:
        yield f"postgresql:///postgres?{query}"


async def converse(url: str) -> Citizen:
    async with aiohttp.ClientSession(url) as http:
        citizen = await Citizen.arrive(http)
        events = await citizen.ask(QUESTION)
        assert events[-2].data["outcome"] == "answered"
        return citizen


async def turns(url: str, citizen: Citizen) -> int:
    async with (
        aiohttp.ClientSession(url, headers=citizen.headers) as http,
        http.get(f"/v1/conversations/{citizen.conversation}") as response,
    ):
        return len((await response.json())["turns"])


async def test_conversations_live_in_postgresql_and_turns_in_another_valkey(
    postgresql: str, prepared: Path, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "models").symlink_to(prepared / "models")
    async with EmbeddedValkey(tmp_path / "valkey") as valkey:
        state = {
            "FINGERPOST_STATE__DATABASE_URL": postgresql,
            "FINGERPOST_STATE__REDIS_URL": valkey.url,
        }
        server = ServerProcess(data_dir, environment=state)
        await asyncio.to_thread(server.start)
        try:
            citizen = await converse(server.url)
            assert not (data_dir / "fingerpost.db").exists()
            assert not (data_dir / "valkey").exists()
            examined = await asyncio.to_thread(result_of, data_dir, "doctor", **state)
            assert examined["healthy"]
            file = str(tmp_path / "backup.tar.gz")
            written = await asyncio.to_thread(result_of, data_dir, "backup", file, **state)
            assert written["parts"] == ["index"]
            assert await asyncio.to_thread(server.stop) == 0
            await asyncio.to_thread(server.start)
            assert await turns(server.url, citizen) == 1
        finally:
            server.kill()
