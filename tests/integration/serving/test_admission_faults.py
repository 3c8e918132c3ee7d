"""Admission when something dies or stands still: a gateway, or Valkey."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import placekit
import pytest
from placekit import MODEL, Holders, MakeAdmission, ask, counted, refusal_s, until, until_admitted

from fingerpost_assistant.live.connection import Client, connect
from fingerpost_assistant.live.embedded import EmbeddedValkey
from fingerpost_serving import Busy

LEASE_S = 1.0


@pytest.fixture
def other_gateway(valkey_url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has four places and three in the queue."""
    support = Path(placekit.__file__).parent
    process = subprocess.Popen(
        [sys.executable, str(support / "holdingprocess.py"), valkey_url, "7"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(support)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.fixture
async def own_valkey(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    """A Valkey of the test's own, which may be stopped."""
    async with EmbeddedValkey(tmp_path / "valkey") as valkey:
        yield valkey


async def test_killed_gateway_frees_its_places_and_its_places_in_the_queue(
    make_admission: MakeAdmission, other_gateway: subprocess.Popen[str], client: Client
) -> None:
    holders = Holders(await make_admission(lease_s=LEASE_S))
    waiting = await holders.enter()
    await asyncio.sleep(1.5 * LEASE_S)
    assert await counted(client) == (4, 400, 8, 8), "a living gateway keeps them"
    other_gateway.kill()
    began = time.monotonic()
    await until_admitted(waiting)
    assert time.monotonic() - began < LEASE_S + 5
    assert await counted(client) == (1, 100, 1, 1)
    await holders.let_all_go()


async def test_gateway_that_stood_still_counts_again_what_it_holds(
    make_admission: MakeAdmission, client: Client
) -> None:
    holders = Holders(await make_admission(lease_s=0.3))
    await holders.fill(4)
    waiting = await holders.enter()
    time.sleep(0.5)  # nothing of this process runs, heartbeats neither
    other = await make_admission(lease_s=0.3)
    async with other.enter(MODEL, ask()):
        pass

    async def restored() -> bool:
        return await counted(client) == (4, 400, 5, 5)

    await until(restored, "four are inside and one waits again")
    await holders.let_go()
    await until_admitted(waiting)
    await holders.let_all_go()


async def test_valkey_that_lost_everything_learns_it_again(
    make_admission: MakeAdmission, client: Client
) -> None:
    holders = Holders(await make_admission())
    await holders.fill(4)
    waiting = await holders.enter()
    await client.flushall()

    async def restored() -> bool:
        return await counted(client) == (4, 400, 5, 5)

    await until(restored, "four are inside and one waits again")
    await holders.let_all_go()
    assert waiting.admitted
    assert await counted(client) == (0, 0, 0, 0)


async def test_without_valkey_each_gateway_keeps_to_its_share(
    make_admission: MakeAdmission, own_valkey: EmbeddedValkey
) -> None:
    url = own_valkey.url
    first, _ = [await make_admission(url=url, answer_s=0.3, lease_s=0.5) for _ in range(2)]
    holders = Holders(first)
    await holders.enter()
    await asyncio.sleep(1.0)  # two gateways, which each knows
    os.kill(own_valkey.pid, 19)  # SIGSTOP: it answers nothing
    try:
        with pytest.raises(Busy):
            await holders.enter()  # no answer is no place
        await asyncio.sleep(2.0)
        assert (await holders.enter()).admitted, "half of the four places"
        assert await refusal_s(holders) < 0.05
    finally:
        os.kill(own_valkey.pid, 18)
    client = connect(url)

    async def counts_again() -> bool:
        return (await counted(client))[:2] == (2, 200)

    await until(counts_again, "what was let in without Valkey counts")
    await holders.enter()
    await client.aclose()
    await holders.let_all_go()


async def test_who_waits_when_valkey_goes_is_let_in_or_told(
    make_admission: MakeAdmission, own_valkey: EmbeddedValkey
) -> None:
    holders = Holders(await make_admission(url=own_valkey.url, answer_s=0.3, lease_s=0.5))
    await holders.fill(4)
    waiting = await holders.enter()
    os.kill(own_valkey.pid, 19)
    try:
        with pytest.raises(Busy):
            await until_admitted(waiting)
        await holders.let_all_go()
        assert (await holders.enter()).admitted
    finally:
        os.kill(own_valkey.pid, 18)
    await holders.let_all_go()
