"""The server under questions over HTTP: answers a second, waiting times, memory and start-up."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp

from loadtests.bench.figures import Figure, median_of, percentiles
from loadtests.bench.machine import children, resident_mib
from loadtests.bench.questions import QUESTIONS
from tests.support.citizen import Citizen
from tests.support.serverprocess import ServerProcess

READERS = 16
"""Citizens that ask at the same time, each the next question when the last is answered."""
ROUND_S = 8.0
"""Length of one round, in seconds."""
ROUNDS = 3


def measure_server(work: Path) -> Iterator[Figure]:
    """Start the server three times, then ask it questions."""
    server = ServerProcess(work / "data")
    yield Figure(name="first start", value=server.start(), unit="s", note="builds model and index")
    yield Figure(
        name="memory at rest", value=resident_mib(server.pid), unit="MiB", note="server process"
    )
    server.stop()
    starts = []
    for _ in range(ROUNDS):
        starts.append(server.start())
        server.stop()
    yield median_of("later start", starts, "s")
    server.start()
    try:
        yield from asyncio.run(_under_load(server))
        yield Figure(name="memory after load", value=resident_mib(server.pid), unit="MiB")
        for child in children(server.pid):
            yield Figure(name="memory of Valkey", value=resident_mib(child), unit="MiB")
    finally:
        server.stop()


async def _under_load(server: ServerProcess) -> list[Figure]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(server.url, connector=connector) as http:
        floors, rates, waits = [], [], []
        for _ in range(ROUNDS):
            floors.append(len(await _round(lambda: _bare_request(http))))
            answered = await _round(await _asking(http))
            rates.append(len(answered) / ROUND_S)
            waits += answered
    note = f"{READERS} citizens at a time, the load generator on the same cores"
    floor_rates = [count / ROUND_S for count in floors]
    return [
        median_of("answers over HTTP", rates, "/s", note),
        *percentiles("question to last event", [1000 * wait for wait in waits], note),
        median_of("floor: GET /health/live", floor_rates, "/s", "the same client and server"),
        Figure(
            name="requests' worth of an answer",
            value=statistics.median(floor_rates) / statistics.median(rates),
            unit="x",
            note="floor over answers: how many bare requests one answer costs",
        ),
    ]


async def _round(act: Callable[[], Awaitable[None]]) -> list[float]:
    """Let all readers act over and over for one round; gives the seconds that each act took."""
    end = time.perf_counter() + ROUND_S
    took: list[float] = []

    async def reader() -> None:
        while (began := time.perf_counter()) < end:
            await act()
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(reader() for _ in range(READERS)))
    return took


async def _asking(http: aiohttp.ClientSession) -> Callable[[], Awaitable[None]]:
    questions = itertools.cycle(QUESTIONS)

    async def ask() -> None:
        citizen = await Citizen.arrive(http)
        events = await citizen.ask(next(questions))
        if events[-1].name != "done" or events[-2].data["outcome"].startswith("error"):
            raise RuntimeError(f"an answer went wrong: {events[-2:]}")

    return ask


async def _bare_request(http: aiohttp.ClientSession) -> None:
    async with http.get("/health/live") as response:
        await response.read()
