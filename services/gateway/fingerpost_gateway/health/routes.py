"""Liveness, readiness and metrics, for orchestrators and operators."""

from __future__ import annotations

import msgspec
from litestar import MediaType, Response, Router, get
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from fingerpost_gateway.runtime import Runtime


class PartState(msgspec.Struct, kw_only=True):
    """How one part is."""

    ok: bool
    detail: str = ""


class Readiness(msgspec.Struct, kw_only=True):
    """Whether requests should be sent here, and why not."""

    ready: bool
    parts: dict[str, PartState]


@get("/health/live", summary="Is the process alive?")
async def live() -> dict[str, bool]:
    """Answers as long as the event loop turns; look at `/health/ready` for more."""
    return {"alive": True}


@get("/health/ready", summary="Can the process serve?")
async def ready(runtime: Runtime) -> Response[Readiness]:
    """200 when every part answers; 503 when one does not, or the server is shutting down."""
    checks = await runtime.readiness()
    parts = {name: PartState(ok=check.ok, detail=check.detail) for name, check in checks.items()}
    draining = runtime.shutdown.draining.is_set()
    if draining:
        parts["server"] = PartState(ok=False, detail="shutting down")
    state = Readiness(ready=all(part.ok for part in parts.values()), parts=parts)
    return Response(state, status_code=200 if state.ready else 503)


@get("/metrics", summary="Prometheus metrics", media_type=MediaType.TEXT)
async def metrics() -> Response[bytes]:
    """Counts and durations; labels never hold anything that a person typed."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


health_router = Router(path="/", route_handlers=[live, ready, metrics], tags=["Operations"])
