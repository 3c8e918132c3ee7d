"""Whether the language models that write answers can be asked."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

from fingerpost_gateway.doctor.findings import Finding, fail, ok, warn
from fingerpost_gateway.language_models import answering_models
from fingerpost_gateway.settings import Settings
from fingerpost_serving import InvalidRegistry


async def examine_language_models(settings: Settings) -> AsyncIterator[Finding]:
    """One finding for each model behind a server; one alone where there is none."""
    try:
        registry, models = answering_models(settings)
    except InvalidRegistry as error:
        yield fail("models", str(error))
        return
    if not models:
        yield ok("models", "none writes answers; they are quoted from the guidance")
        return
    from fingerpost_serving.engines import statuses

    names = {model.name for model in models}
    for status in await statuses(registry, os.environ):
        if status.name not in names:
            continue
        if status.up:
            yield ok(f"model {status.name}", f"answers at {status.address}")
        else:
            yield warn(
                f"model {status.name}",
                f"does not answer at {status.address}; questions get quotations meanwhile",
                "start it with `fingerpost models serve`, or correct its url in models.toml",
            )
