"""Commands while the server runs: it does their work, and answers on."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from citizen import Citizen
from commandline import fingerpost, recorded_pages, result_of, started, write_pages
from copying import copy_data_dir
from serverprocess import ServerProcess

from fingerpost_gateway.control.address import socket_path

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


@pytest.fixture(scope="module")
def running(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose guidance these tests change."""
    data_dir = tmp_path_factory.mktemp("running") / "data"
    copy_data_dir(prepared, data_dir)
    with ServerProcess(data_dir, sample=False) as server:
        yield server


async def titles_found(server: ServerProcess, question: str) -> list[str]:
    async with (
        aiohttp.ClientSession(server.url) as http,
        http.post("/v1/search", json={"question": question}) as response,
    ):
        return [passage["title"] for passage in (await response.json())["passages"]]


async def test_what_is_ingested_is_found_at_once(running: ServerProcess, guidance: Path) -> None:
    report = result_of(running.data_dir, "ingest", str(guidance))
    assert report["added"] == 3
    assert (await titles_found(running, "mooring fee for gondolas"))[0].endswith("gondolas")
    (guidance / "gondolas.md").unlink()
    assert result_of(running.data_dir, "ingest", str(guidance))["removed"] == 1
    found = await titles_found(running, "mooring fee for gondolas")
    assert not any(title.endswith("gondolas") for title in found)


def test_ask_and_search_go_through_the_server(running: ServerProcess) -> None:
    answer = result_of(running.data_dir, "ask", QUESTION)
    assert answer["outcome"] == "answered"
    assert answer["sentences"][0]["citations"][0]["title"]
    assert result_of(running.data_dir, "search", QUESTION)["passages"]


def test_its_errors_are_the_commands_own(running: ServerProcess) -> None:
    refused = fingerpost(running.data_dir, "ask", " ", "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "empty_question"
    assert "Traceback" not in refused.stderr
    unknown = fingerpost(running.data_dir, "search", "x", "--tenant", "nobody")
    assert "there is no tenant 'nobody' in the settings" in unknown.stderr
    missing = fingerpost(running.data_dir, "ingest", "/nowhere/at/all")
    assert missing.returncode == 2
    assert "nothing at /nowhere/at/all" in missing.stderr


async def test_questions_are_answered_while_two_ingestions_run(
    running: ServerProcess, tmp_path: Path
) -> None:
    folders = []
    for name in ("boats", "kites"):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(40):
            page = f"---\ntitle: {name} {number}\n---\n\nRule {number} for {name}.\n"
            (folder / f"{name}-{number}.md").write_text(page)
        folders.append(folder)
    ingestions = [started(running.data_dir, "ingest", str(folder), "--json") for folder in folders]
    async with aiohttp.ClientSession(running.url) as http:
        citizen = await Citizen.arrive(http)
        asked = 0
        while any(process.poll() is None for process in ingestions):
            events = await citizen.ask(QUESTION)
            assert events[-2].data["outcome"] == "answered"
            asked += 1
            await asyncio.sleep(0.05)
    assert asked > 1
    for process in ingestions:
        output, messages = process.communicate()
        assert process.returncode == 0, messages
        assert json.loads(output)["added"] == 40
    assert result_of(running.data_dir, "doctor")["healthy"]


def test_an_interrupted_ingestion_stops_in_the_server_and_goes_on_later(
    running: ServerProcess, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    write_pages(folder, 1000)
    before = recorded_pages(running.data_dir)
    process = started(running.data_dir, "ingest", str(folder))
    while recorded_pages(running.data_dir) == before:
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.01)
    process.send_signal(2)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopped; what was done stays" in messages
    report = result_of(running.data_dir, "ingest", str(folder))
    assert 0 < report["added"] < 1000
    assert report["added"] + report["unchanged"] == 1000


def test_the_index_is_built_anew_while_it_is_searched(running: ServerProcess) -> None:
    before = indexed(running)
    report = result_of(running.data_dir, "ingest", "--rebuild")
    assert report["rebuilt"] == before
    assert indexed(running) == before
    assert result_of(running.data_dir, "doctor")["healthy"]


def test_the_control_socket_is_for_its_owner_alone(running: ServerProcess) -> None:
    path = socket_path(running.data_dir)
    assert path.parent == running.data_dir
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def indexed(server: ServerProcess) -> int:
    findings = result_of(server.data_dir, "doctor")["findings"]
    (index,) = [finding for finding in findings if finding["part"] == "index"]
    return int(index["detail"].split()[0])
