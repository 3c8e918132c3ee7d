"""An engine is started, watched, started again and stopped, and leaves nothing behind.

Here the engines are small web servers: what is looked at is their life, not what they answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from engines import processes_of
from serverprocess import free_port

from fingerpost_serving import EngineFailed
from fingerpost_serving.engines import EngineProcess, State

Make = Callable[..., EngineProcess]


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A folder whose server is healthy."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "health").write_text("ok")
    return folder


@pytest.fixture
def make(served: Path, tmp_path: Path) -> Make:
    def make(command: list[str] | None = None, **settings: object) -> EngineProcess:
        port = free_port()
        return EngineProcess(
            "small, replica 1",
            command or web_server(port, served),
            os.environ,
            f"http://127.0.0.1:{port}/health",
            tmp_path / "small.log",
            **{"start_s": 20.0, "stop_s": 5.0, **settings},
        )

    return make


def web_server(port: int, folder: Path) -> list[str]:
    server = f"{sys.executable} -m http.server {port} --bind 127.0.0.1 --directory {folder}"
    # A child of its own beside it, as vLLM's server has.
    return [
        "/bin/sh",
        "-c",
        f"{sys.executable} -c 'import time; time.sleep(60)' {folder} & {server}",
    ]


@contextlib.asynccontextmanager
async def running(process: EngineProcess) -> AsyncIterator[asyncio.Task[None]]:
    async with aiohttp.ClientSession() as session:
        task = asyncio.create_task(process.run(session))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_engine_is_ready_once_it_is_healthy_and_gone_once_it_is_stopped(
    make: Make, served: Path
) -> None:
    states: list[State] = []
    process = make(on_change=lambda changed: states.append(changed.state))
    async with running(process):
        await asyncio.wait_for(process.ready.wait(), 20)
        assert len(processes_of(served)) >= 3
    assert states == [State.STARTING, State.READY, State.DOWN]
    assert processes_of(served) == []


async def test_engine_that_dies_is_started_again_without_its_old_children(
    make: Make, served: Path
) -> None:
    process = make()
    async with running(process):
        await asyncio.wait_for(process.ready.wait(), 20)
        before = {pid for pid, _ in processes_of(served)}
        for pid, command in processes_of(served):
            if (
                "-m\0http.server" in command
                and "/bin/sh" not in command
                and "watcher" not in command
            ):
                os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(20):
            while not (process.restarts == 1 and process.state is State.READY):
                await asyncio.sleep(0.05)
        assert not before & {pid for pid, _ in processes_of(served)}


async def test_engine_that_cannot_start_says_its_last_words(make: Make) -> None:
    process = make(["/bin/sh", "-c", "echo there is no GPU; exit 3"])
    async with running(process) as task:
        with pytest.raises(EngineFailed, match=r"status 3: there is no GPU \(all of it is in"):
            await asyncio.wait_for(asyncio.shield(task), 20)


async def test_engine_that_is_not_ready_in_time_is_given_up(make: Make) -> None:
    process = make(["/bin/sleep", "60"], start_s=0.5)
    async with running(process) as task:
        with pytest.raises(EngineFailed, match="not ready after 0 s"):
            await asyncio.wait_for(asyncio.shield(task), 20)


async def test_engine_that_does_not_heed_sigterm_is_killed(make: Make, served: Path) -> None:
    deaf = ["/bin/sh", "-c", f"trap '' TERM; {web_server(free_port(), served)[2]}"]
    process = make(deaf, stop_s=0.5)
    async with running(process):
        async with asyncio.timeout(10):
            while not processes_of(served):
                await asyncio.sleep(0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert processes_of(served) == []


def test_engine_ends_when_its_supervisor_is_killed(served: Path, tmp_path: Path) -> None:
    port = free_port()
    supervisor = f"""
        import asyncio, os, aiohttp
        from pathlib import Path
        from fingerpost_serving.engines import EngineProcess
        async def main():
            process = EngineProcess("small", {web_server(port, served)!r}, os.environ,
                "http://127.0.0.1:{port}/health", Path({str(tmp_path / "small.log")!r}),
                start_s=20, stop_s=5)
            async with aiohttp.ClientSession() as session:
                await process.run(session)
        asyncio.run(main())
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(supervisor)])
    try:
        assert _within(20, lambda: any("http.server" in each for _, each in processes_of(served)))
    finally:
        process.kill()
        process.wait()
    assert _within(6, lambda: not processes_of(served))


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False
