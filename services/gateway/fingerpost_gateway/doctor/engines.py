"""The models behind servers: whether `models.toml` can be read, and whether they answer."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

from fingerpost_gateway.doctor.findings import Finding, fail, ok, warn
from fingerpost_gateway.settings import Settings
from fingerpost_serving import InvalidRegistry, Model, Registry
from fingerpost_serving.engines import ModelStatus, statuses


async def examine_engines(settings: Settings) -> AsyncIterator[Finding]:
    """One finding for each model behind a server; one for all where there is none."""
    try:
        registry = Registry.load(settings.models.file)
    except InvalidRegistry as error:
        yield fail("models", str(error))
        return
    found = await statuses(registry, os.environ)
    if not found:
        yield ok("models", "none is behind a server: answers are quoted from the guidance")
    for status in found:
        yield _finding(registry.get(status.name), status)


def _finding(model: Model, status: ModelStatus) -> Finding:
    part = f"model {model.name}"
    variable = model.engine.api_key_variable if model.engine else None
    if variable and not os.environ.get(variable):
        return fail(part, f"its server asks for a key, but {variable} is not set", "set it")
    up = sum(replica.up for replica in status.replicas)
    found = f"{status.address}: {up} of {len(status.replicas)} replicas are up"
    if not status.up:
        local = model.engine is not None and model.engine.local
        cure = "`fingerpost models serve`" if local else "ask whoever runs it, or correct its url"
        return warn(part, f"{status.address} does not answer, so answers go without it", cure)
    if up < len(status.replicas):
        return warn(part, found, "`fingerpost models status` shows which; the others bear its load")
    return ok(part, found)
