"""A process says that it lives, and learns which others do."""

from __future__ import annotations

from collections.abc import Iterable

from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.forever import forever
from fingerpost_assistant.live.keys import alive_key


class Heartbeat:
    """Renews this process's lease; without it the lease runs out by itself."""

    def __init__(self, client: Client, process: str, *, every_s: float, lease_s: float) -> None:
        """
        Args:
            process: name of this process among all, new at every start.
            every_s: time between two heartbeats, in seconds.
            lease_s: how long one lasts; several times `every_s`.
        """
        self._client = client
        self._process = process
        self._every_s = every_s
        self._lease_s = lease_s

    async def run(self) -> None:
        """Beat until cancelled."""
        await forever(self.beat, "heartbeat", every_s=self._every_s)

    async def beat(self) -> None:
        """Renew the lease once."""
        await self._client.set(alive_key(self._process), "", px=int(self._lease_s * 1000))

    async def end(self) -> None:
        """Give the lease up: nothing of this process runs any more."""
        await self._client.delete(alive_key(self._process))


async def living(client: Client, processes: Iterable[str]) -> set[str]:
    """Those of the processes whose lease has not run out."""
    return {name for name in set(processes) if await client.exists(alive_key(name))}
