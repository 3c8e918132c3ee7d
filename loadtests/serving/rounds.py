"""The rounds: each measures every system once, in turn."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Mapping

import aiohttp
import msgspec

from loadtests.bench.questions import QUESTIONS
from loadtests.serving.driving import Sample, Target, client, open_loop, side_by_side
from loadtests.serving.measures import Spread, client_was_late, flowed, held, highest, percentile
from loadtests.serving.report import LITELLM, RATE, RAW, STREAMS, Report, SystemFigures
from loadtests.serving.systems import BURST, LONG_BURST, PACED, System

QUESTION = "How much is Child Benefit for two children?"
LONE_RATE = 20.0
"""Streams a second that no system is busy with."""
READERS = 8
"""Answers asked for at a time where their rate is measured."""
MOST_RATE, MOST_STREAMS = 1280, 512
"""Beyond these it is the client that is measured."""
PACED_S = 64 * 0.020

_BY_THE_MODEL = b'"model":"grounded '


class Effort(msgspec.Struct, frozen=True):
    """How much is measured."""

    rounds: int = 3
    seconds: float = 3.0
    """Of one measurement."""


class Bench:
    """Measures round by round and remembers."""

    def __init__(self, systems: Mapping[str, System], effort: Effort) -> None:
        self._systems = systems
        self._effort = effort
        self._seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self._questions: list[str] = []

    async def round(self, number: int, say: Callable[[str], object]) -> None:
        """Measure every system once; each round begins with another one."""
        names = list(self._systems)
        start = number % len(names)
        for name in names[start:] + names[:start]:
            system = self._systems[name]
            began = time.perf_counter()
            async with client() as http:
                if name == "ours, grounded":
                    await self._grounded(http, system)
                else:
                    compared = name in (LITELLM, RAW)
                    await self._proxied(http, system, searches=compared or number == 1)
            self._note(system, "memory MiB", system.memory_mib())
            say(f"round {number}: {name}, {time.perf_counter() - began:.0f} s")

    def report(self) -> Report:
        """All figures so far."""
        return Report(
            rounds=self._effort.rounds,
            systems=[
                SystemFigures(
                    name, {figure: Spread.of(values) for figure, values in figures.items()}
                )
                for name, figures in self._seen.items()
            ],
        )

    async def _proxied(
        self, http: aiohttp.ClientSession, system: System, *, searches: bool
    ) -> None:
        """Measure a system that passes streams on.

        Args:
            searches: whether the most that it holds is searched for, which takes long.
        """
        burst, paced = system.target(BURST), system.target(PACED)
        seconds = self._effort.seconds
        await side_by_side(http, burst, lambda: QUESTION, 4, 1.0)
        lone = await open_loop(http, burst, QUESTION, LONE_RATE, 1.5 * seconds)
        self._latency(system, "lone", lone)
        if searches:
            self._note(system, RATE, await self._highest_rate(http, system, burst))
            self._note(system, STREAMS, await self._most_streams(http, system, paced))
        calm = await side_by_side(http, paced, lambda: QUESTION, 8, seconds, spread_s=PACED_S)
        self._note(system, "ITL p50 ms", 1000 * percentile([each.itl for each in calm], 50))
        self._note(system, "ITL p99 ms", 1000 * percentile([each.gap for each in calm], 99))
        answers = await self._rate(http, system.target(LONG_BURST), itertools.repeat(QUESTION))
        self._note(system, "110-delta streams /s", answers)

    async def _grounded(self, http: aiohttp.ClientSession, system: System) -> None:
        target = Target(system.url, "fingerpost", system.headers)
        if not self._questions:
            self._questions = [each for each in QUESTIONS if await _written(http, target, each)]
        questions = itertools.cycle(self._questions)
        alone = await side_by_side(http, target, lambda: next(questions), 1, self._effort.seconds)
        self._latency(system, "lone", alone)
        answers = await self._rate(http, target, questions, _BY_THE_MODEL)
        self._note(system, "110-delta streams /s", answers)

    async def _highest_rate(
        self, http: aiohttp.ClientSession, system: System, target: Target
    ) -> int:
        late = False

        async def holds(rate: int) -> bool:
            nonlocal late
            seconds = max(self._effort.seconds * 0.75, min(120 / rate, 5.0))
            samples = await open_loop(http, target, QUESTION, rate, seconds)
            late = late or (not held(samples) and client_was_late(samples))
            return held(samples)

        known = self._seen[system.name][RATE]
        start = int(0.8 * known[-1]) if known and known[-1] else 32
        found = await highest(holds, start, most=MOST_RATE)
        self._note(system, "client was the bound", float(late))
        return found

    async def _most_streams(
        self, http: aiohttp.ClientSession, system: System, target: Target
    ) -> int:
        async def holds(streams: int) -> bool:
            samples = await side_by_side(
                http, target, lambda: QUESTION, streams, 1.5 * PACED_S, spread_s=PACED_S
            )
            return flowed(samples)

        known = self._seen[system.name][STREAMS]
        start = int(0.75 * known[-1]) if known and known[-1] else 16
        return await highest(holds, start, most=MOST_STREAMS)

    async def _rate(
        self,
        http: aiohttp.ClientSession,
        target: Target,
        questions: itertools.repeat[str] | itertools.cycle[str],
        mark: bytes = b"",
    ) -> float:
        """Streams a second, of which the last bytes hold `mark`."""
        began = time.perf_counter()
        samples = await side_by_side(
            http, target, lambda: next(questions), READERS, self._effort.seconds
        )
        seconds = time.perf_counter() - began
        return sum(not each.error and mark in each.tail for each in samples) / seconds

    def _latency(self, system: System, what: str, samples: list[Sample]) -> None:
        for name, values in (
            ("first text", [each.first for each in samples]),
            ("whole", [each.whole for each in samples]),
        ):
            for share in (50, 99):
                figure = f"{what}: {name} p{share} ms"
                self._note(system, figure, 1000 * percentile(values, share))
        self._note(system, f"{what}: failed", sum(bool(each.error) for each in samples))

    def _note(self, system: System, figure: str, value: float) -> None:
        self._seen[system.name][figure].append(round(value, 3))


async def _written(http: aiohttp.ClientSession, target: Target, question: str) -> bool:
    """Whether the model writes the answer to a question, and all of it comes."""
    samples = await side_by_side(http, target, lambda: question, 1, 0.001)
    return all(not each.error and _BY_THE_MODEL in each.tail for each in samples)
