"""Processes that tests kill: `dyingprocess.py valkey FOLDER`, `dyingprocess.py turn DATABASE VALKEY`.

Each prints one line when it is ready, a process id or a turn id, and then waits to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from conversing import Chat, ScriptedPipeline

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.embedded import EmbeddedValkey


def _report(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _run_valkey(folder: str) -> None:
    async with EmbeddedValkey(Path(folder)) as valkey:
        _report(str(valkey.pid))
        await asyncio.Event().wait()


async def _run_turn(database_url: str, valkey_url: str) -> None:
    pipeline = ScriptedPipeline()
    pipeline.gate.clear()
    limits = Limits(heartbeat_s=0.1, lease_s=0.5)
    async with Assistant(
        pipeline, database_url=database_url, valkey_url=valkey_url, limits=limits
    ) as assistant:
        turn = await Chat(assistant).ask("What is Child Benefit?")
        async for event in assistant.follow(Chat(assistant).principal, turn.id):
            if event.id == "5-0":  # the second sentence; the third never comes
                _report(turn.id)


if __name__ == "__main__":
    run = {"valkey": _run_valkey, "turn": _run_turn}[sys.argv[1]]
    asyncio.run(run(*sys.argv[2:]))
