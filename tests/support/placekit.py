"""What tests of admission do again and again: hold a place, wait for one, count those inside."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from fingerpost_assistant.live.connection import Client
from fingerpost_serving import Busy, Limits
from fingerpost_serving.admission import Admission, Ask, Priority, Ticket

MODEL = "large"
LIMITS = Limits(context=1_000, concurrent_requests=4, tokens_in_flight=4_000)
MakeAdmission = Callable[..., Awaitable[Admission]]
STATE = f"fingerpost:admission:{{{MODEL}}}"


def ask(tokens: int = 100, priority: Priority = Priority.CITIZEN, tenant: str = "a") -> Ask:
    return Ask(tokens=tokens, priority=priority, tenant=tenant)


async def until_admitted(ticket: Ticket) -> None:
    async with asyncio.timeout(10):
        async for _ in ticket.wait():
            pass


class Holders:
    """Tickets that are held until they are let go."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._stacks: list[AsyncExitStack] = []

    async def enter(self, wanted: Ask | None = None) -> Ticket:
        stack = AsyncExitStack()
        entering = self._admission.enter(MODEL, wanted or ask())
        ticket = await stack.enter_async_context(entering)
        self._stacks.append(stack)
        return ticket

    async def fill(self, places: int) -> None:
        for _ in range(places):
            await until_admitted(await self.enter())

    async def let_go(self, which: int = 0) -> None:
        """Let the one go that came first, or another."""
        await self._stacks.pop(which).aclose()

    async def let_all_go(self) -> None:
        while self._stacks:
            await self.let_go()


async def counted(client: Client) -> tuple[int, int, int, int]:
    """Running requests, their tokens, leases and tickets, as Valkey has them."""
    running = await client.zcard(f"{STATE}:running")
    tokens = int(await client.hget(STATE, "tokens") or 0)
    leases = await client.zcard(f"{STATE}:leases")
    return running, tokens, leases, await client.hlen(f"{STATE}:tickets")


async def refusal_s(holders: Holders) -> float:
    """Seconds that it takes to be told that there is no room; the best of a few, as the machine
    may be busy with something else."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        with contextlib.suppress(Busy):
            await holders.enter()
            raise AssertionError("there was room")
        took.append(time.perf_counter() - began)
    return min(took)


async def until(condition: Callable[[], Awaitable[bool]], what: str, within_s: float = 5.0) -> None:
    """Wait until an async condition holds."""
    end = asyncio.get_running_loop().time() + within_s
    while not await condition():
        assert asyncio.get_running_loop().time() < end, f"in {within_s} s: {what}"
        await asyncio.sleep(0.02)
