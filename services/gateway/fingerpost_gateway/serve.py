"""The life of a server process: open, listen, and end in good order when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar.types import ASGIApp

from fingerpost_gateway.app import create_app
from fingerpost_gateway.control.address import socket_path
from fingerpost_gateway.control.app import create_control_app
from fingerpost_gateway.in_flight import InFlight
from fingerpost_gateway.listening import check_address
from fingerpost_gateway.observability.tracing import tracing
from fingerpost_gateway.operations.local import LocalOperations
from fingerpost_gateway.operations.orders import IngestOrder
from fingerpost_gateway.runtime import Runtime, open_runtime
from fingerpost_gateway.settings import Settings
from fingerpost_gateway.signals import StopSignals

BACKLOG = 2048
"""Connections that wait to be accepted."""

OPEN_REQUESTS = 20_000
"""Requests that are answered at a time, idle streams included; more wait for a place."""

LAST_CALL_S = 2.0
"""How long streams get to take leave once the drain deadline has passed."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

# What the server library says of itself below an error is of no use to an operator.
_SERVER_LOG = {"handlers": {}, "formatters": {}, "loggers": {"_granian": {"propagate": True}}}

log = structlog.get_logger(__name__)


async def serve(
    settings: Settings, *, sample: bool = False, on_ready: Callable[[str], None] = lambda _: None
) -> None:
    """Run the server until SIGTERM or SIGINT; returns when everything is closed.

    Args:
        sample: bring the sample knowledge up to date before listening.
        on_ready: called with the server's address once it answers.

    Raises:
        UnsafeAddressError, PortInUseError, SettingsError: it cannot listen as the settings say.
        DataDirectoryError, AssistantError, RetrievalError: a part cannot be opened.
    """
    signals = StopSignals()
    check_address(settings)
    try:
        async with _opened(settings, sample) as (runtime, in_flight):
            signals.started()
            url = public_url(settings)
            log.info("server.ready", url=url)
            on_ready(url)
            await signals.received.wait()
            await _drain(runtime, in_flight)
    except asyncio.CancelledError:
        if not signals.received.is_set():
            raise
        log.info("server.stopped_while_starting")
    else:
        log.info("server.stopped")


def public_url(settings: Settings) -> str:
    """Where people reach the server."""
    host = settings.http.host
    shown = f"[{host}]" if ":" in host else host
    return settings.http.public_url or f"http://{shown}:{settings.http.port}"


@asynccontextmanager
async def _opened(settings: Settings, sample: bool) -> AsyncIterator[tuple[Runtime, InFlight]]:
    in_flight = InFlight()
    async with AsyncExitStack() as stack:
        stack.enter_context(tracing(settings.telemetry))
        runtime = await stack.enter_async_context(open_runtime(settings))
        operations = LocalOperations(runtime.knowledge)
        if sample:
            await _load_sample(operations)
        if settings.state.embedded:
            control = create_control_app(runtime, operations)
            path = socket_path(runtime.knowledge.directory.root)
            await stack.enter_async_context(_on_socket(in_flight.watch(control), path))
        # Somebody may have taken the port in the meantime.
        check_address(settings)
        public = in_flight.watch(create_app(runtime))
        await stack.enter_async_context(_on_port(public, settings))
        yield runtime, in_flight


async def _load_sample(operations: LocalOperations) -> None:
    log.info("sample.loading")
    result = await operations.ingest(IngestOrder(sample=True), lambda done, total: None)
    log.info(
        "sample.loaded",
        added=result.added,
        changed=result.changed,
        removed=result.removed,
        unchanged=result.unchanged,
    )


async def _drain(runtime: Runtime, in_flight: InFlight) -> None:
    """Readiness falls, nothing new is taken, and what runs gets its time to end."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + runtime.settings.http.drain_s
    log.info("server.draining", seconds=runtime.settings.http.drain_s)
    runtime.shutdown.draining.set()
    await runtime.assistant.drain(runtime.settings.http.drain_s)
    await in_flight.idle(max(0.0, deadline - loop.time()))
    runtime.shutdown.deadline.set()
    await in_flight.idle(LAST_CALL_S)


@asynccontextmanager
async def _on_port(app: ASGIApp, settings: Settings) -> AsyncIterator[None]:
    http = settings.http
    server = Server(
        app,
        address=http.host,
        port=http.port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=BACKLOG,
        backpressure=OPEN_REQUESTS,
        log_level=LogLevels.error,
        log_dictconfig=_SERVER_LOG,
    )
    async with _running(server, lambda: asyncio.open_connection(http.host, http.port)):
        yield


@asynccontextmanager
async def _on_socket(app: ASGIApp, path: Path) -> AsyncIterator[None]:
    # We hold the directory's lock: whoever left a socket there is dead.
    await asyncio.to_thread(path.unlink, missing_ok=True)
    server = Server(
        app,
        uds=path,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=_SERVER_LOG,
    )
    server.uds_permissions = 0o600
    async with _running(server, lambda: asyncio.open_unix_connection(path)):
        yield


@asynccontextmanager
async def _running(
    server: Server, connect: Callable[[], Awaitable[Streams]]
) -> AsyncIterator[None]:
    """The server accepts connections while inside; it finishes what it has on leaving."""
    task = asyncio.create_task(server.serve())
    try:
        await _accepting(task, connect)
        yield
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        # A reader that takes nothing more must not hold up the end.
        await asyncio.wait([task], timeout=LAST_CALL_S)


async def _accepting(task: asyncio.Task[None], connect: Callable[[], Awaitable[Streams]]) -> None:
    while True:
        if task.done():
            task.result()
            raise RuntimeError("the server ended before it had begun")
        try:
            _, writer = await connect()
        except OSError:
            await asyncio.sleep(0.001)
        else:
            writer.close()
            return
