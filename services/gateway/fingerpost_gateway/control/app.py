"""The control application: a server's commands, for whoever may open its socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import msgspec
import structlog
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from litestar.di import Provide
from litestar.response import Stream
from litestar.types import ASGIApp

from fingerpost_gateway.control.messages import (
    Advanced,
    Ingested,
    Line,
    Rebuilt,
    Refused,
    encode_line,
)
from fingerpost_gateway.errors import IngestionStoppedError
from fingerpost_gateway.failures import EXPECTED, failure_code
from fingerpost_gateway.operations import OnProgress
from fingerpost_gateway.operations.local import LocalOperations
from fingerpost_gateway.operations.orders import (
    AskOrder,
    BackupOrder,
    IngestOrder,
    RebuildOrder,
    SearchOrder,
)
from fingerpost_gateway.operations.results import AskResult, BackupResult, StatusResult
from fingerpost_gateway.runtime import Runtime
from fingerpost_gateway.search.schemas import SearchAnswer
from fingerpost_gateway.shutdown import Shutdown

log = structlog.get_logger(__name__)


def create_control_app(runtime: Runtime, operations: LocalOperations) -> ASGIApp:
    """Build the application over the operations of this process."""

    def provide_operations() -> LocalOperations:
        return operations

    def provide_runtime() -> Runtime:
        return runtime

    return Litestar(
        route_handlers=[ingest, rebuild, search, ask, backup, status],
        dependencies={
            "operations": Provide(provide_operations, sync_to_thread=False),
            "runtime": Provide(provide_runtime, sync_to_thread=False),
        },
        exception_handlers={Exception: _refuse},
        openapi_config=None,
        logging_config=None,
    )


@post("/ingest", status_code=200)
async def ingest(data: IngestOrder, operations: LocalOperations, runtime: Runtime) -> Stream:
    async def work(progress: OnProgress) -> Ingested:
        return Ingested(await operations.ingest(data, progress))

    return _stream(work, runtime.shutdown)


@post("/rebuild", status_code=200)
async def rebuild(data: RebuildOrder, operations: LocalOperations, runtime: Runtime) -> Stream:
    async def work(progress: OnProgress) -> Rebuilt:
        return Rebuilt(await operations.rebuild(data, progress))

    return _stream(work, runtime.shutdown)


@post("/search", status_code=200)
async def search(data: SearchOrder, operations: LocalOperations) -> SearchAnswer:
    return await operations.search(data)


@post("/ask", status_code=200)
async def ask(data: AskOrder, operations: LocalOperations) -> AskResult:
    return await operations.ask(data)


@post("/backup", status_code=200)
async def backup(data: BackupOrder, operations: LocalOperations) -> BackupResult:
    return await operations.backup(data)


@post("/status", status_code=200)
async def status(operations: LocalOperations, runtime: Runtime) -> StatusResult:
    checks = await runtime.readiness()
    problems = {part: check.detail for part, check in checks.items() if not check.ok}
    return msgspec.structs.replace(await operations.status(), problems=problems)


def _stream(work: Callable[[OnProgress], Awaitable[Line]], shutdown: Shutdown) -> Stream:
    return Stream(_lines(work, shutdown), media_type="application/x-ndjson")


async def _lines(
    work: Callable[[OnProgress], Awaitable[Line]], shutdown: Shutdown
) -> AsyncIterator[bytes]:
    """Progress, then the result or the refusal. The work ends when its reader goes away."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[Advanced | None] = asyncio.Queue()

    def progress(done: int, total: int | None) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, Advanced(done, total))

    working = asyncio.ensure_future(work(progress))
    working.add_done_callback(lambda _: lines.put_nowait(None))
    stopping = asyncio.ensure_future(shutdown.draining.wait())
    stopping.add_done_callback(lambda done: done.cancelled() or working.cancel())
    try:
        while line := await lines.get():
            yield encode_line(line) + b"\n"
        yield encode_line(_last_line(working)) + b"\n"
    finally:
        stopping.cancel()
        working.cancel()
        await asyncio.wait([working, stopping])


def _last_line(working: asyncio.Future[Line]) -> Line:
    try:
        return working.result()
    except asyncio.CancelledError:
        return _refusal(IngestionStoppedError())
    except Exception as error:
        return _refusal(error)


def _refuse(_: Request[object, object, State], error: Exception) -> Response[Refused]:
    return Response(_refusal(error), status_code=400 if isinstance(error, EXPECTED) else 500)


def _refusal(error: Exception) -> Refused:
    if isinstance(error, EXPECTED):
        return Refused(failure_code(error), str(error))
    instance = uuid4().hex
    log.error("control.unexpected", instance=instance, exc_info=error)
    return Refused(
        "internal", f"something unexpected went wrong; see {instance} in the server's log"
    )
