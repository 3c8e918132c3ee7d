"""A citizen's client: asks over HTTP and reads the event stream, as `curl -N` would."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

SSE = {"Accept": "text/event-stream"}


@dataclass(frozen=True)
class ReceivedEvent:
    """One server-sent event."""

    id: str
    name: str
    data: dict[str, Any] = field(hash=False)


async def received_events(response: aiohttp.ClientResponse) -> AsyncIterator[ReceivedEvent]:
    """Read server-sent events as they come; comments are passed over."""
    fields: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield ReceivedEvent(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


class Citizen:
    """Someone with a session and one conversation."""

    def __init__(self, http: aiohttp.ClientSession, conversation: str, session: str) -> None:
        self.http = http
        self.conversation = conversation
        self.session = session
        self.headers = {"Authorization": f"Bearer {session}"}

    @classmethod
    async def arrive(cls, http: aiohttp.ClientSession, **wishes: str) -> Self:
        """Start a conversation without any credentials."""
        async with http.post("/v1/conversations", json=wishes) as response:
            assert response.status == 201, await response.text()
            started = await response.json()
        return cls(http, started["id"], started["session"])

    async def ask(self, question: str) -> list[ReceivedEvent]:
        """Ask, and read the answer to its end."""
        async with self.post_question(question, headers=SSE) as response:
            assert response.status == 200, await response.text()
            return [event async for event in received_events(response)]

    async def ask_later(self, question: str, **headers: str) -> str:
        """Ask without waiting for the answer; gives the turn's id."""
        async with self.post_question(question, headers=headers) as response:
            assert response.status == 202, await response.text()
            return str((await response.json())["id"])

    def post_question(self, question: object, headers: dict[str, str]) -> Any:
        """The bare request, for tests that look at the response itself."""
        return self.http.post(
            f"/v1/conversations/{self.conversation}/questions",
            json={"question": question},
            headers={**self.headers, **headers},
        )

    async def follow(self, turn: str, after: str | None = None) -> list[ReceivedEvent]:
        """Read a turn's events to the end, from the first or after an id."""
        headers = {**self.headers, **({"Last-Event-ID": after} if after else {})}
        async with self.http.get(f"/v1/turns/{turn}/events", headers=headers) as response:
            assert response.status == 200, await response.text()
            return [event async for event in received_events(response)]
