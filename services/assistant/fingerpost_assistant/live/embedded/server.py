"""A Valkey server that lives as long as this process and is restarted when it dies."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from redis.exceptions import BusyLoadingError, RedisError

from fingerpost_assistant.cancelling import cancel
from fingerpost_assistant.errors import EmbeddedValkeyError, ValkeyFailed
from fingerpost_assistant.live.connection import connect, is_away
from fingerpost_assistant.live.embedded.binary import command_line
from fingerpost_assistant.live.embedded.place import (
    FolderLock,
    make_private,
    socket_path,
    stop_survivor,
)

_log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_START_S = 15.0
"""How long a server may take until it answers at all; loading its file may take longer."""
_STOP_S = 10.0
_LOG_BYTES = 1_000_000
"""Size at which the log is begun anew, at a start."""
_LONGEST_PAUSE_S = 5.0


class EmbeddedValkey:
    """Valkey on a unix socket, with everything it keeps in one folder.

    The server dies with this process; one that did not is ended at the next start, so that
    there is never a second one on the same folder.

        async with EmbeddedValkey(data / "valkey") as valkey:
            client = connect(valkey.url)
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._socket = socket_path(self._folder)
        self._pid_file = self._folder / "valkey.pid"
        self._log_file = self._folder / "valkey.log"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Address for `connect`."""
        return f"unix://{quote(str(self._socket))}"

    @property
    def pid(self) -> int:
        """Process id of the server that runs now or ran last."""
        if self._process is None:
            raise ValkeyFailed("it has not been started")
        return self._process.pid

    async def __aenter__(self) -> Self:
        """Start the server.

        Raises:
            ValkeyMissing: there is no binary for this system.
            ValkeyInUse: another process runs Valkey on this folder.
            ValkeyFailed: it did not start.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self._folder)
        except OSError as error:
            raise ValkeyFailed(f"{self._folder} cannot be written: {error.strerror}") from error
        try:
            if self._socket.parent != self._folder:
                make_private(self._socket.parent)
            await asyncio.to_thread(stop_survivor, self._pid_file, self._socket)
            await self._start()
        except BaseException:
            await self._stop()
            self._lock.release()
            raise
        self._supervisor = asyncio.create_task(self._supervise(), name="valkey supervisor")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await cancel(self._supervisor, patience_s=_STOP_S)
        await self._stop()
        self._lock.release()

    async def _start(self) -> None:
        command = command_line(self._folder, self._socket, self._pid_file)
        if self._log_file.exists() and self._log_file.stat().st_size > _LOG_BYTES:
            self._log_file.unlink()
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-I", "-S", str(_CHILD), str(os.getpid())),
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # An interrupt from the keyboard is ours to handle: turns must end first.
                start_new_session=True,
            )
        await self._answers()

    async def _answers(self) -> None:
        """Wait until the server has loaded its file and takes commands."""
        client = connect(self.url, connections=1)
        loop = asyncio.get_running_loop()
        end = loop.time() + _START_S
        try:
            while True:
                try:
                    await client.ping()
                    return
                except BusyLoadingError:
                    end = loop.time() + _START_S
                except Exception as error:
                    if not is_away(error):
                        raise
                if self._process is None or self._process.returncode is not None:
                    raise ValkeyFailed(self._last_words())
                if loop.time() > end:
                    raise ValkeyFailed(f"no answer in {_START_S:.0f} s; {self._last_words()}")
                await asyncio.sleep(0.02)
        finally:
            await client.aclose()

    def _last_words(self) -> str:
        lines = self._log_file.read_text("utf-8", errors="replace").splitlines()
        return " / ".join(lines[-3:]) or "it wrote no log"

    async def _supervise(self) -> None:
        """Start the server again whenever it has died."""
        while self._process is not None:
            code = await self._process.wait()
            _log.error("Valkey ended with status %s and is started again", code)
            pause = 0.1
            while not await self._restarted():
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _restarted(self) -> bool:
        try:
            await self._start()
        except (EmbeddedValkeyError, RedisError, OSError) as error:
            _log.error("%s", error)
            await self._stop()
            return False
        return True

    async def _stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
