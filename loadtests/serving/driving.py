"""The client: streams that begin when they were planned to, whatever became of those before."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from collections.abc import Callable, Mapping
from statistics import median

import aiohttp
import msgspec

PATIENCE_S = 10.0
"""A stream that takes longer has failed."""

_TEXT = re.compile(rb'"content": ?"[^"]')


class Target(msgspec.Struct, frozen=True):
    """Where a stream is asked for, and how."""

    url: str
    model: str
    headers: Mapping[str, str] = {}

    def body(self, question: str) -> dict[str, object]:
        """A request for a stream."""
        message = {"role": "user", "content": question}
        return {"model": self.model, "messages": [message], "stream": True}


class Sample(msgspec.Struct, frozen=True):
    """One stream; all times in seconds, from the moment that it was planned for."""

    late: float
    """By how much the client itself began late."""
    first: float
    """To the first text."""
    whole: float
    gap: float
    """Longest time between two reads, from the first text on."""
    itl: float
    """Median of these times."""
    error: str = ""
    tail: bytes = b""
    """The last bytes read."""


def client() -> aiohttp.ClientSession:
    """Connections without a bound: the plan is the bound."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=PATIENCE_S)
    )


async def stream(
    http: aiohttp.ClientSession, target: Target, question: str, planned: float
) -> Sample:
    """Read one stream to its end."""
    late = time.perf_counter() - planned
    reads: list[float] = []
    tail, first = b"", 0.0
    try:
        async with http.post(
            target.url, json=target.body(question), headers=target.headers
        ) as response:
            if response.status != 200:
                return _failed(late, planned, f"status {response.status}")
            async for data in response.content.iter_any():
                now = time.perf_counter()
                if not first and _TEXT.search(tail + data):
                    first = now
                if first:
                    reads.append(now)
                tail = (tail + data)[-2_000:]
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return _failed(late, planned, type(error).__name__)
    if not first or b"[DONE]" not in tail:
        return _failed(late, planned, "cut short")
    gaps = [after - before for before, after in itertools.pairwise(reads)]
    return Sample(
        late=late,
        first=first - planned,
        whole=time.perf_counter() - planned,
        gap=max(gaps, default=0.0),
        itl=median(gaps) if gaps else 0.0,
        tail=tail,
    )


async def open_loop(
    http: aiohttp.ClientSession, target: Target, question: str, rate: float, seconds: float
) -> list[Sample]:
    """Begin streams at random times (a Poisson process), `rate` a second."""
    dice = random.Random(rate)
    begin = time.perf_counter() + 0.05
    moments, moment = [], 0.0
    while (moment := moment + dice.expovariate(rate)) < seconds:
        moments.append(begin + moment)

    async def one(planned: float) -> Sample:
        await asyncio.sleep(max(0.0, planned - time.perf_counter()))
        return await stream(http, target, question, planned)

    return list(await asyncio.gather(*map(one, moments)))


async def side_by_side(
    http: aiohttp.ClientSession,
    target: Target,
    question: Callable[[], str],
    streams: int,
    seconds: float,
    *,
    spread_s: float = 0.0,
) -> list[Sample]:
    """Keep so many streams going, each followed by the next, and let the last ones end.

    Args:
        spread_s: over how long the first ones begin.
    """
    began = time.perf_counter()
    samples: list[Sample] = []

    async def one(number: int) -> None:
        await asyncio.sleep(spread_s * number / streams)
        while (now := time.perf_counter()) < began + seconds:
            samples.append(await stream(http, target, question(), now))

    await asyncio.gather(*map(one, range(streams)))
    return samples


def _failed(late: float, planned: float, error: str) -> Sample:
    whole = time.perf_counter() - planned
    return Sample(late=late, first=whole, whole=whole, gap=whole, itl=whole, error=error)
