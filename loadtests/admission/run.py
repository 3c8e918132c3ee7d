"""Runs a scenario: Valkey, gateways as processes, and a watch on what Valkey counts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import redis

from loadtests.admission.scenario import MODEL, Happening, Round, Scenario

STATE = f"fingerpost:admission:{{{MODEL}}}"
START_S = 8.0
"""What a gateway gets to start, on a busy machine."""


class Watch(threading.Thread):
    """Asks Valkey again and again how many are inside, and of which process."""

    def __init__(self, valkey_url: str) -> None:
        super().__init__(daemon=True)
        self._client = redis.Redis.from_url(valkey_url, decode_responses=True)
        self._ended = threading.Event()
        self.most_requests = 0
        self.most_tokens = 0
        self.looks = 0

    def run(self) -> None:
        while not self._ended.wait(0.01):
            with self._client.pipeline(transaction=True) as pipe:
                pipe.zcard(f"{STATE}:running")
                pipe.hget(STATE, "tokens")
                requests, tokens = pipe.execute()
            self.most_requests = max(self.most_requests, requests)
            self.most_tokens = max(self.most_tokens, int(tokens or 0))
            self.looks += 1

    def leases_of(self, pid: int) -> int:
        """How many leases a process has."""
        return sum(
            id_.startswith(f"{pid}-") for id_ in self._client.zrange(f"{STATE}:leases", 0, -1)
        )

    def stop(self) -> None:
        self._ended.set()
        self.join()
        self._client.close()


class Seen(msgspec.Struct, kw_only=True):
    """All that one run has shown."""

    unloaded: list[Happening]
    loaded: list[Happening]
    """Within the seconds of full load on both gateways."""
    all: list[Happening]
    """With what came after one was killed."""
    killed_at: float
    killed_ids: str
    """How the tickets of the killed process begin."""
    freed_after_s: float | None
    """From the kill until it had no lease any more; None if it still had some at the end."""
    most_requests: int
    most_tokens: int
    looks: int


def run(scenario: Scenario, valkey_url: str, folder: Path) -> Seen:
    """Half load, then overload on two gateways, then one of them is killed."""
    capacity = scenario.places / scenario.service_s
    calm = 2 * scenario.clients / capacity
    with _gateways(scenario, valkey_url, folder / "unloaded", calm, scenario.unloaded_s) as both:
        for gateway in both:
            gateway.wait()
    unloaded = _read(folder / "unloaded")

    watch = Watch(valkey_url)
    watch.start()
    pause = scenario.clients / (scenario.overload * capacity)
    seconds = scenario.seconds + scenario.after_s
    with _gateways(scenario, valkey_url, folder / "loaded", pause, seconds) as both:
        time.sleep(START_S + scenario.seconds)
        both[1].kill()
        killed_at = time.monotonic()
        freed = _freed(watch, both[1].pid, killed_at + scenario.after_s)
        both[0].wait()
    watch.stop()
    everything = _read(folder / "loaded")
    begins = killed_at - scenario.seconds
    return Seen(
        unloaded=unloaded,
        loaded=[each for each in everything if begins < each.at < killed_at],
        all=everything,
        killed_at=killed_at,
        killed_ids=f"{both[1].pid}-",
        freed_after_s=freed,
        most_requests=watch.most_requests,
        most_tokens=watch.most_tokens,
        looks=watch.looks,
    )


@contextmanager
def _gateways(
    scenario: Scenario, valkey_url: str, folder: Path, pause_s: float, seconds: float
) -> Iterator[list[subprocess.Popen[bytes]]]:
    folder.mkdir()
    begins = time.monotonic() + START_S
    started: list[subprocess.Popen[bytes]] = []
    for number in range(2):
        round_ = Round(
            scenario=scenario,
            valkey_url=valkey_url,
            file=str(folder / f"{number}.jsonl"),
            clients=scenario.clients // 2,
            pause_s=pause_s,
            begins=begins,
            ends=begins + seconds,
        )
        command = [sys.executable, "-m", "loadtests.admission.gateway"]
        argument = msgspec.json.encode(round_).decode()
        started.append(subprocess.Popen([*command, argument], env=os.environ))
    try:
        yield started
    finally:
        for gateway in started:
            gateway.kill()
            gateway.wait()


def _freed(watch: Watch, pid: int, until: float) -> float | None:
    began = time.monotonic()
    while time.monotonic() < until:
        if not watch.leases_of(pid):
            return time.monotonic() - began
        time.sleep(0.05)
    return None


def _read(folder: Path) -> list[Happening]:
    lines = [line for file in folder.iterdir() for line in file.read_bytes().splitlines()]
    return sorted(
        (msgspec.json.decode(line, type=Happening) for line in lines if line.endswith(b"}")),
        key=lambda each: each.at,
    )
