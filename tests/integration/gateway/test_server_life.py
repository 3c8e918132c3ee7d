"""How a server starts, ends, and comes back after it was killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from citizen import Citizen, ReceivedEvent
from commandline import fingerpost, recorded_pages, result_of, started, write_pages
from serverprocess import ServerProcess, free_port

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


@pytest.fixture
def server(data_dir: Path) -> Iterator[ServerProcess]:
    """A server of the test's own, started."""
    with ServerProcess(data_dir, sample=False) as process:
        yield process


@pytest.fixture
def unhurried(data_dir: Path) -> Iterator[ServerProcess]:
    """The same, with answers that take a few seconds."""
    environment = {"UNHURRIED_PACE_S": "0.4"}
    with ServerProcess(
        data_dir, sample=False, module="unhurried", environment=environment
    ) as process:
        yield process


def valkeys(data_dir: Path) -> list[int]:
    """Processes of Valkey on this data directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"valkey-server" in words[0] and os.fsencode(data_dir / "valkey") in words:
                    found.append(int(entry.name))
    return found


async def ask_many(http: aiohttp.ClientSession, count: int) -> list[tuple[Citizen, str]]:
    """Ask questions without waiting for the answers; gives who asked and the turn."""
    citizens = await asyncio.gather(*(Citizen.arrive(http) for _ in range(count)))
    turns = await asyncio.gather(*(citizen.ask_later(QUESTION) for citizen in citizens))
    return list(zip(citizens, turns, strict=True))


def test_conversations_and_index_are_there_after_a_restart(server: ServerProcess) -> None:
    async def converse() -> tuple[Citizen, str]:
        async with aiohttp.ClientSession(server.url) as http:
            citizen = await Citizen.arrive(http)
            events = await citizen.ask(QUESTION)
            assert events[-2].data["outcome"] == "answered"
            return citizen, events[0].data["turn_id"]

    async def read_again(citizen: Citizen, turn: str) -> list[str]:
        async with aiohttp.ClientSession(server.url) as http:
            citizen.http = http
            return [event.name for event in await citizen.follow(turn)]

    citizen, turn = asyncio.run(converse())
    assert server.stop() == 0
    assert valkeys(server.data_dir) == []
    server.start()
    assert asyncio.run(read_again(citizen, turn))[-1] == "done"
    assert result_of(server.data_dir, "search", "child benefit")["passages"]


def test_a_later_start_takes_seconds(data_dir: Path) -> None:
    with ServerProcess(data_dir, sample=True) as server:
        server.stop()
        assert server.start() < 8.0


def test_asked_to_stop_it_takes_nothing_new_and_finishes_what_it_has(
    unhurried: ServerProcess,
) -> None:
    async def ask_and_stop() -> list[list[str]]:
        async with aiohttp.ClientSession(unhurried.url) as http:
            asked = await ask_many(http, 20)
            following = [asyncio.ensure_future(citizen.follow(turn)) for citizen, turn in asked]
            await asyncio.sleep(0.2)
            os.kill(unhurried.pid, signal.SIGTERM)
            await asyncio.sleep(0.2)
            async with http.get("/health/ready") as response:
                assert response.status == 503, "readiness falls first"
                assert (await response.json())["parts"]["server"]["detail"] == "shutting down"
            citizen, _ = asked[0]
            async with citizen.post_question(QUESTION, headers={}) as response:
                assert response.status == 503
                assert (await response.json())["type"].endswith(":shutting-down")
            assert not any(stream.done() for stream in following)
            streams = await asyncio.gather(*following)
        return [[event.name for event in events] for events in streams]

    for names in asyncio.run(ask_and_stop()):
        assert "sentence" in names
        assert names[-1] == "done"
    assert unhurried.wait() == 0


def test_what_is_not_finished_by_the_deadline_ends_with_an_error_that_says_so(
    data_dir: Path,
) -> None:
    environment = {"UNHURRIED_PACE_S": "20", "FINGERPOST_HTTP__DRAIN_S": "1"}

    async def ask_and_stop() -> list[ReceivedEvent]:
        async with aiohttp.ClientSession(server.url) as http:
            citizen = await Citizen.arrive(http)
            following = asyncio.ensure_future(citizen.ask(QUESTION))
            await asyncio.sleep(1)
            os.kill(server.pid, signal.SIGTERM)
            return await following

    with ServerProcess(
        data_dir, sample=False, module="unhurried", environment=environment
    ) as server:
        events = asyncio.run(ask_and_stop())
        assert [event.name for event in events[-3:]] == ["error", "outcome", "done"]
        assert "restarting" in events[-3].data["message"]
        assert events[-2].data["outcome"] == "error_interrupted"
        assert server.wait(10) == 0


def test_an_ingestion_stops_with_its_server_and_goes_on_without_it(
    server: ServerProcess, tmp_path: Path
) -> None:
    write_pages(tmp_path / "pages", 200)
    before = recorded_pages(server.data_dir)
    ingestion = started(server.data_dir, "ingest", str(tmp_path / "pages"))
    while recorded_pages(server.data_dir) == before:
        assert ingestion.poll() is None, "it ended before the server could"
        time.sleep(0.01)
    assert server.stop() == 0
    _, messages = ingestion.communicate(timeout=30)
    assert ingestion.returncode == 4
    assert "run the command again to go on" in messages
    report = result_of(server.data_dir, "ingest", str(tmp_path / "pages"))
    assert report["added"] + report["unchanged"] == 200
    assert report["unchanged"] > 0


def test_a_second_signal_ends_it_at_once(server: ServerProcess) -> None:
    os.kill(server.pid, signal.SIGTERM)
    os.kill(server.pid, signal.SIGINT)
    began = time.monotonic()
    code = server.wait()
    assert time.monotonic() - began < 5
    assert code in (0, -signal.SIGINT, -signal.SIGTERM)


def test_told_to_stop_while_it_starts_it_ends_without_a_trace(data_dir: Path) -> None:
    process = started(data_dir, "serve", "--port", str(free_port()))
    lock = data_dir / "lock"
    written = lock.stat().st_mtime_ns
    while lock.stat().st_mtime_ns == written:
        time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 0, messages
    assert "Traceback" not in messages
    assert valkeys(data_dir) == []
    assert result_of(data_dir, "doctor")["healthy"]


def test_killed_in_mid_answer_every_question_gets_one_outcome(unhurried: ServerProcess) -> None:
    server = unhurried

    async def ask_and_kill() -> list[tuple[Citizen, str]]:
        async with aiohttp.ClientSession(server.url) as http:
            early = await ask_many(http, 5)
            await asyncio.gather(*(citizen.follow(turn) for citizen, turn in early))
            late = await ask_many(http, 20)
            await asyncio.sleep(0.7)
            server.kill()
            return early + late

    asked = asyncio.run(ask_and_kill())
    # The socket that it left is no server: commands do without.
    assert (server.data_dir / "control.sock").exists()
    assert result_of(server.data_dir, "search", "child benefit")["passages"]
    server.start()
    assert len(valkeys(server.data_dir)) == 1
    outcomes = asyncio.run(outcomes_of(server, asked))
    assert all(len(each) == 1 for each in outcomes)
    assert [each[0] for each in outcomes] == ["answered"] * 5 + ["error_interrupted"] * 20


def test_when_valkey_is_killed_it_is_started_again_and_nothing_is_lost(
    unhurried: ServerProcess,
) -> None:
    server = unhurried

    async def ask_around_a_kill() -> list[tuple[Citizen, str]]:
        async with aiohttp.ClientSession(server.url) as http:
            asked = await ask_many(http, 20)
            await asyncio.sleep(0.7)
            (valkey,) = valkeys(server.data_dir)
            os.kill(valkey, signal.SIGKILL)
            return asked

    asked = asyncio.run(ask_around_a_kill())
    outcomes = asyncio.run(outcomes_of(server, asked))
    assert all(len(each) == 1 for each in outcomes)
    assert len(valkeys(server.data_dir)) == 1
    assert server.ready()


async def outcomes_of(server: ServerProcess, asked: list[tuple[Citizen, str]]) -> list[list[str]]:
    """The outcomes in every turn's events, read to the end."""
    async with aiohttp.ClientSession(server.url) as http:

        async def outcomes(citizen: Citizen, turn: str) -> list[str]:
            citizen.http = http
            events = await citizen.follow(turn)
            assert events[-1].name == "done"
            return [event.data["outcome"] for event in events if event.name == "outcome"]

        return await asyncio.gather(*(outcomes(*each) for each in asked))


def test_a_second_server_on_the_same_data_is_refused(server: ServerProcess) -> None:
    second = fingerpost(server.data_dir, "serve", "--port", str(free_port()))
    assert second.returncode == 4
    assert f"in use by fingerpost serve (process {server.pid})" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_in_use_is_refused_before_anything_is_opened(
    server: ServerProcess, tmp_path: Path
) -> None:
    second = fingerpost(tmp_path / "other", "serve", "--port", str(server.port))
    assert second.returncode == 4
    assert f"another program listens on 127.0.0.1:{server.port}" in second.stderr
    assert "--port" in second.stderr
    assert not (tmp_path / "other").exists()


def test_beyond_this_machine_it_wants_a_key(data_dir: Path) -> None:
    refused = fingerpost(data_dir, "serve", "--host", "0.0.0.0")
    assert refused.returncode == 2
    assert "fingerpost keys new" in refused.stderr


def test_a_command_waits_for_a_server_that_starts(data_dir: Path) -> None:
    server = started(data_dir, "serve", "--port", str(free_port()))
    try:
        while not (data_dir / "valkey").exists():
            assert server.poll() is None
            time.sleep(0.005)
        assert result_of(data_dir, "search", "child benefit")["passages"]
        assert server.poll() is None
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert server.returncode == 0
