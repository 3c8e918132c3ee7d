"""Admission as several gateways use it: on one real Valkey, each with its own connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from placekit import LIMITS, MakeAdmission

from fingerpost_assistant.live.connection import Client, connect
from fingerpost_serving import Limits
from fingerpost_serving.admission import Admission, AdmissionSettings


@pytest.fixture
async def client(valkey_url: str) -> AsyncIterator[Client]:
    client = connect(valkey_url)
    yield client
    await client.aclose()


@pytest.fixture
async def make_admission(valkey_url: str) -> AsyncIterator[MakeAdmission]:
    """Starts the admission of one more process; it has one model, "large"."""
    async with AsyncExitStack() as stack:

        async def make(
            *, limits: Limits = LIMITS, url: str = valkey_url, **settings: object
        ) -> Admission:
            client = connect(url)
            stack.push_async_callback(client.aclose)
            chosen = AdmissionSettings(**{"beat_s": 0.1, **settings})  # type: ignore[arg-type]
            return await stack.enter_async_context(Admission(client, {"large": limits}, chosen))

        yield make


@pytest.fixture
async def admission(make_admission: MakeAdmission) -> Admission:
    return await make_admission()
