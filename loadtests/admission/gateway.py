"""`python -m loadtests.admission.gateway <round as JSON>`: clients of one gateway-like process."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from io import FileIO

import msgspec

from fingerpost_assistant.live.connection import connect
from fingerpost_serving import Busy
from fingerpost_serving.admission import Admission, Ask
from loadtests.admission.scenario import KINDS, MODEL, Happening, Round


async def serve(round_: Round, file: FileIO) -> None:
    """Let all clients ask, each on its own clock, until the round ends."""
    scenario = round_.scenario
    client = connect(round_.valkey_url, connections=32)
    limits = {MODEL: scenario.limits}
    async with (
        Admission(client, limits, scenario.settings) as admission,
        asyncio.TaskGroup() as clients,
    ):
        await asyncio.sleep(round_.begins - time.monotonic())
        for number in range(round_.clients):
            clients.create_task(_client(round_, admission, number % len(KINDS), file))
    await client.aclose()


async def _client(round_: Round, admission: Admission, kind: int, file: FileIO) -> None:
    """Ask at random times, whatever became of the requests before (open loop)."""
    async with asyncio.TaskGroup() as requests:
        while True:
            pause = random.expovariate(1 / round_.pause_s)
            if time.monotonic() + pause > round_.ends:
                return
            await asyncio.sleep(pause)
            requests.create_task(_request(round_, admission, kind, file))


async def _request(round_: Round, admission: Admission, kind: int, file: FileIO) -> None:
    scenario = round_.scenario
    priority, tenant = KINDS[kind]
    ask = Ask(tokens=random.randint(*scenario.tokens), priority=priority, tenant=tenant)
    began = time.monotonic()

    def write(what: str, id_: str = "") -> None:
        now = time.monotonic()
        line = Happening(
            what=what, at=now, id=id_, kind=kind, tokens=ask.tokens, took_s=now - began
        )
        file.write(msgspec.json.encode(line) + b"\n")

    try:
        async with admission.enter(MODEL, ask) as ticket:
            async for _ in ticket.wait():
                pass
            write("in", ticket.id)
            await asyncio.sleep(scenario.service_s * random.uniform(0.8, 1.2))
            write("out", ticket.id)
    except Busy:
        write("busy")


def main() -> None:
    """Serve one round."""
    round_ = msgspec.json.decode(sys.argv[1], type=Round)
    # Unbuffered: what was written stays when the process is killed.
    with FileIO(round_.file, "w") as file:
        asyncio.run(serve(round_, file))


if __name__ == "__main__":
    main()
