"""One engine process: started, watched, started again when it dies, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import aiohttp

from ..errors import EngineFailed

_log = logging.getLogger(__name__)

_WATCHER = Path(__file__).with_name("watcher.py")
_LOG_BYTES = 5_000_000
"""Size at which a log is begun anew, at a start."""
_LOOK_S = 0.25
_CHECK_S = 5.0
"""Seconds between looks at the health of one that runs."""
_HEALTH_TIMEOUT_S = 10.0
_DEAF_AFTER = 3
"""Looks in a row without an answer after which a process is taken for hung."""
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
"""Time up after which a death is no longer counted with those before it."""


class State(StrEnum):
    """Where a process is in its life."""

    STARTING = "starting"
    READY = "ready"
    DOWN = "down"


class EngineProcess:
    """A server that answers 200 at `health_url` once it can work.

    It runs while `run` does, and is gone, with its children, once that has ended.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        health_url: str,
        log_file: Path,
        *,
        start_s: float,
        stop_s: float,
        on_change: Callable[[EngineProcess], None] = lambda _: None,
    ) -> None:
        """
        Args:
            name: for people.
            start_s: longest time until it is ready, in seconds.
            stop_s: time that it gets to end before it is killed, in seconds.
            on_change: called with each change of `state`.
        """
        self.name = name
        self.state = State.DOWN
        self.restarts = 0
        self.log_file = log_file
        self.ready = asyncio.Event()
        """Set once it has been ready for the first time."""
        self._command = command
        self._environment = environment
        self._health_url = health_url
        self._start_s = start_s
        self._stop_s = stop_s
        self._on_change = on_change
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the watcher whose child the server is; None while there is none."""
        return self._process.pid if self._process else None

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Keep it running until cancelled.

        Raises:
            EngineFailed: it never became ready. Later deaths are mended, with growing pauses.
        """
        pause = _FIRST_PAUSE_S
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._once(session)
            except EngineFailed as error:
                if not self.ready.is_set():
                    raise
                _log.error("%s", error)
            finally:
                await self._stop()
                self._enter(State.DOWN)
            if loop.time() - began > _STEADY_S:
                pause = _FIRST_PAUSE_S
            _log.warning("%s is started again in %.0f s", self.name, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            self.restarts += 1

    async def _once(self, session: aiohttp.ClientSession) -> None:
        """Start it, and return once it has died or is deaf."""
        self._enter(State.STARTING)
        process = await self._start()
        death = asyncio.ensure_future(process.wait())
        watch = asyncio.ensure_future(self._watch(session))
        try:
            await asyncio.wait((death, watch), return_when=asyncio.FIRST_COMPLETED)
            if watch.done():
                return watch.result()
        finally:
            death.cancel()
            watch.cancel()
            await asyncio.gather(death, watch, return_exceptions=True)
        message = f"{self.name} ended with status {process.returncode}: {self._last_words()}"
        raise EngineFailed(message)

    async def _start(self) -> asyncio.subprocess.Process:
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_BYTES:
            self.log_file.unlink()
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(_WATCHER), str(os.getpid()), str(self._stop_s)),
                *self._command,
                env=dict(self._environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # An interrupt from the keyboard is ours to handle.
                start_new_session=True,
            )
        return self._process

    async def _watch(self, session: aiohttp.ClientSession) -> None:
        """Return once it is deaf. Raises `EngineFailed` if it is not ready in time."""
        try:
            async with asyncio.timeout(self._start_s):
                while True:
                    if await self._healthy(session):
                        break
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            message = f"{self.name} is not ready after {self._start_s:.0f} s: {self._last_words()}"
            raise EngineFailed(message) from None
        self._enter(State.READY)
        self.ready.set()
        deaf = 0
        while deaf < _DEAF_AFTER:
            await asyncio.sleep(_CHECK_S)
            deaf = 0 if await self._healthy(session) else deaf + 1
        _log.error("%s does not answer and is started again", self.name)

    async def _healthy(self, session: aiohttp.ClientSession) -> bool:
        timeout = aiohttp.ClientTimeout(total=_HEALTH_TIMEOUT_S)
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(self._health_url, timeout=timeout) as response:
                return response.status == 200
        return False

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        # The watcher kills what has not ended by then.
        await process.wait()

    def _enter(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self._on_change(self)

    def _last_words(self) -> str:
        lines = self.log_file.read_text("utf-8", errors="replace").splitlines()
        said = " / ".join(line.strip()[-200:] for line in lines[-3:] if line.strip())
        return f"{said or 'it wrote no log'} (all of it is in {self.log_file})"
