"""A backup of everything, beside a server or without, and back."""

from __future__ import annotations

import asyncio
import shutil
import stat
from pathlib import Path

import aiohttp
from citizen import Citizen
from commandline import fingerpost, recorded_pages, result_of
from serverprocess import ServerProcess

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


def test_conversations_and_guidance_come_back(
    data_dir: Path, guidance: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"

    async def converse(url: str) -> Citizen:
        async with aiohttp.ClientSession(url) as http:
            citizen = await Citizen.arrive(http)
            await citizen.ask(QUESTION)
            return citizen

    async def outcomes(url: str, citizen: Citizen) -> list[str]:
        async with (
            aiohttp.ClientSession(url, headers=citizen.headers) as http,
            http.get(f"/v1/conversations/{citizen.conversation}") as response,
        ):
            assert response.status == 200, await response.text()
            return [turn["outcome"] for turn in (await response.json())["turns"]]

    with ServerProcess(data_dir, sample=False) as server:
        citizen = asyncio.run(converse(server.url))
        written = result_of(data_dir, "backup", str(file))
        assert written["parts"] == ["database", "index"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        result_of(data_dir, "ingest", str(guidance))
        refused = fingerpost(data_dir, "restore", str(file))
        assert refused.returncode == 1
        assert "stop it, restore, then start it again" in refused.stderr
    assert recorded_pages(data_dir) == 61

    assert result_of(data_dir, "restore", str(file))["parts"] == ["database", "index"]
    assert recorded_pages(data_dir) == 58
    with ServerProcess(data_dir, sample=False) as server:
        assert asyncio.run(outcomes(server.url, citizen)) == ["answered"]
        assert result_of(data_dir, "doctor")["healthy"]


def test_a_new_machine_needs_nothing_but_the_backup(
    data_dir: Path, tmp_path: Path, prepared: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    result_of(data_dir, "backup", str(file))
    fresh = tmp_path / "fresh"
    # The model is not in it: it is built from its package, like the software itself.
    shutil.copytree(prepared / "models", fresh / "models")
    result_of(fresh, "restore", str(file))
    assert result_of(fresh, "ask", QUESTION)["outcome"] == "answered"
    assert result_of(fresh, "doctor")["healthy"]


def test_a_damaged_backup_is_refused_and_nothing_changes(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    result_of(data_dir, "backup", str(file))
    file.write_bytes(file.read_bytes()[:-1000])
    refused = fingerpost(data_dir, "restore", str(file))
    assert refused.returncode == 1
    assert "the backup is damaged" in refused.stderr
    assert "Nothing was changed" in refused.stderr
    assert result_of(data_dir, "doctor")["healthy"]


def test_a_backup_that_cannot_be_written_says_where_and_why(data_dir: Path) -> None:
    refused = fingerpost(data_dir, "backup", "/nowhere/backup.tar.gz")
    assert refused.returncode == 1
    assert "cannot be written to /nowhere/backup.tar.gz" in refused.stderr
    assert "Traceback" not in refused.stderr
