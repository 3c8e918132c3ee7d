"""A process that takes places at a model and then does nothing, until it is killed.

`python holdingprocess.py <url of Valkey> <places>` prints "ready" when it has them.
"""

from __future__ import annotations

import asyncio
import sys

from placekit import LIMITS, MODEL, Holders, ask

from fingerpost_assistant.live.connection import connect
from fingerpost_serving.admission import Admission, AdmissionSettings


async def main(url: str, places: int) -> None:
    settings = AdmissionSettings(beat_s=0.1, lease_s=1.0)
    async with Admission(connect(url), {MODEL: LIMITS}, settings) as admission:
        holders = Holders(admission)
        for _ in range(places):
            await holders.enter(ask())
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.sleep(60)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
