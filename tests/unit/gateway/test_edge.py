"""The outermost layers: a request that takes too long is answered in the form of its face."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from fingerpost_gateway.edge import TimeLimit, with_time_limit
from fingerpost_gateway.openai_api.errors import plain_error


async def slow(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/v1/search", b"application/problem+json"), ("/own", b"application/json")],
)
async def test_what_takes_too_long_is_answered_in_the_form_of_its_face(
    path: str, media_type: bytes
) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    own = {"/own": TimeLimit(0.02, plain_error, "application/json")}
    await with_time_limit(slow, 0.01, own)({"type": "http", "path": path}, slow, send)  # type: ignore[arg-type, typeddict-item]
    start, end = sent
    assert start["status"] == 503
    headers = dict(start["headers"])
    assert headers[b"content-type"] == media_type
    assert headers[b"retry-after"] == b"5"
    body = json.loads(end["body"])
    if path == "/own":
        assert body["error"]["code"] == "timed-out"
        assert "0.02 seconds" in body["error"]["message"]
    else:
        assert body["type"].endswith("timed-out")
