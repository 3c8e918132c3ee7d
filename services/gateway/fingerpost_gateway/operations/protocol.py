"""What commands can do to the data, wherever it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from fingerpost_gateway.operations.orders import (
    AskOrder,
    BackupOrder,
    IngestOrder,
    RebuildOrder,
    SearchOrder,
)
from fingerpost_gateway.operations.results import (
    AskResult,
    BackupResult,
    IngestResult,
    RebuildResult,
    StatusResult,
)
from fingerpost_gateway.search.schemas import SearchAnswer

OnProgress = Callable[[int, int | None], None]
"""Called with what is done and what there is to do (None while that is not known), from any
thread."""


class Operations(Protocol):
    """The commands' work: `LocalOperations` does it here, `RemoteOperations` in the server."""

    async def ingest(self, order: IngestOrder, progress: OnProgress) -> IngestResult: ...

    async def rebuild(self, order: RebuildOrder, progress: OnProgress) -> RebuildResult: ...

    async def search(self, order: SearchOrder) -> SearchAnswer: ...

    async def ask(self, order: AskOrder) -> AskResult: ...

    async def backup(self, order: BackupOrder) -> BackupResult: ...

    async def status(self) -> StatusResult: ...
