"""The commands' side of the control socket."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp
import msgspec

from fingerpost_gateway.control.messages import (
    Advanced,
    Ingested,
    Rebuilt,
    Refused,
    decode_line,
)
from fingerpost_gateway.errors import CommandFailedError, ServerUnreachableError
from fingerpost_gateway.operations.orders import (
    AskOrder,
    BackupOrder,
    IngestOrder,
    RebuildOrder,
    SearchOrder,
    StatusOrder,
)
from fingerpost_gateway.operations.protocol import OnProgress
from fingerpost_gateway.operations.results import (
    AskResult,
    BackupResult,
    IngestResult,
    RebuildResult,
    StatusResult,
)
from fingerpost_gateway.search.schemas import SearchAnswer

CONNECT_S = 5.0
LONGEST_LINE = 64 * 2**20
"""Bytes of the longest line: the result of an ingestion names every page that was skipped."""

Order = IngestOrder | RebuildOrder | SearchOrder | AskOrder | BackupOrder | StatusOrder
T = TypeVar("T")
E = TypeVar("E", Ingested, Rebuilt)


class RemoteOperations:
    """Has a running server do the work."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def ingest(self, order: IngestOrder, progress: OnProgress) -> IngestResult:
        return (await self._followed("/ingest", order, Ingested, progress)).result

    async def rebuild(self, order: RebuildOrder, progress: OnProgress) -> RebuildResult:
        return (await self._followed("/rebuild", order, Rebuilt, progress)).result

    async def search(self, order: SearchOrder) -> SearchAnswer:
        return await self._result("/search", order, SearchAnswer)

    async def ask(self, order: AskOrder) -> AskResult:
        return await self._result("/ask", order, AskResult)

    async def backup(self, order: BackupOrder) -> BackupResult:
        return await self._result("/backup", order, BackupResult)

    async def status(self) -> StatusResult:
        return await self._result("/status", StatusOrder(), StatusResult)

    async def _followed(self, path: str, order: Order, ending: type[E], progress: OnProgress) -> E:
        async with self._answer(path, order) as response:
            async for line in response.content:
                match decode_line(line):
                    case Advanced(done, total):
                        progress(done, total)
                    case Refused(code, message):
                        raise CommandFailedError(code, message)
                    case last if isinstance(last, ending):
                        return last
        raise _broken_off()

    async def _result(self, path: str, order: Order, kind: type[T]) -> T:
        async with self._answer(path, order) as response:
            return msgspec.json.decode(await response.read(), type=kind)

    @asynccontextmanager
    async def _answer(self, path: str, order: Order) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.post(path, data=msgspec.json.encode(order)) as response:
                if response.status != 200:
                    refused = msgspec.json.decode(await response.read(), type=Refused)
                    raise CommandFailedError(refused.code, refused.message)
                yield response
        except (aiohttp.ClientError, OSError) as error:
            raise _broken_off() from error


@asynccontextmanager
async def connect(path: Path) -> AsyncIterator[RemoteOperations]:
    """Operations in the server that listens on the socket."""
    session = aiohttp.ClientSession(
        "http://fingerpost",
        connector=aiohttp.UnixConnector(os.fspath(path)),
        headers={"Content-Type": "application/json"},
        # Ingestions take as long as they take.
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
        read_bufsize=LONGEST_LINE,
    )
    async with session:
        yield RemoteOperations(session)


def _broken_off() -> ServerUnreachableError:
    return ServerUnreachableError(
        "the server ended while it worked on this command: what was done stays; "
        "run the command again"
    )
