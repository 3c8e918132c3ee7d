"""One model's places as this process sees them: its tickets, kept in step with Valkey's."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import random
import time
from collections.abc import Awaitable
from typing import TypeVar

from ..errors import Busy, TooLarge
from ..models import Limits
from .asking import Ask
from .observing import Observer
from .script import AdmissionScript, is_away
from .settings import AdmissionSettings
from .ticket import Ticket

T = TypeVar("T")

_log = logging.getLogger(__name__)

_TICKETS_A_CALL = 100
"""Of one beat, so that no call keeps Valkey long."""

_REMEMBER_S = 0.03
"""How long a refusal holds for the next of the same class and tenant: a place in the queue comes
free less often, and in a flood most asks need not reach Valkey."""

_RETRY_S = 5.0
"""When to ask again where no service time is known yet."""


class ModelQueue:
    """Places at one model, for this process.

    Valkey decides. When no heartbeat has reached it for as long as a lease lasts, it counts as
    away: this process then lets in what fits its share of the limits (they are divided by the
    processes that it last knew of) and lets nobody wait. An ask that gets no answer before that is
    refused: a process too busy to hear Valkey must not let in more.
    """

    def __init__(
        self,
        model: str,
        process: str,
        script: AdmissionScript,
        limits: Limits,
        settings: AdmissionSettings,
        observer: Observer,
    ) -> None:
        self.model = model
        self.granted = script.granted
        """List in Valkey of those that got a place after having waited."""
        self._script = script
        self._limits = limits
        self._answer_s = settings.answer_s
        self._observer = observer
        self._ids = (f"{process}.{number}" for number in itertools.count())
        self._tickets: dict[str, Ticket] = {}
        self._leaving: dict[str, bool] = {}
        """Tickets that Valkey may hold although they are done, and whether they are measured."""
        self._full_until: dict[tuple[int, str], float] = {}
        """Until when a class's tenant is refused without asking Valkey again."""
        self._wait_ms: int | None = None
        self._lease_s = settings.lease_s
        self._heard = time.monotonic()
        """When a heartbeat last reached Valkey."""
        self._away = False
        self._processes = 1

    async def enter(self, ask: Ask) -> Ticket:
        """Ask for a place.

        Raises:
            TooLarge: it would not fit if nobody else were there.
            Busy: it would have to wait too long.
        """
        most = min(self._limits.context, self._limits.tokens_in_flight)
        if ask.tokens > most:
            self._observer.refused(self.model, ask, "too_large")
            raise TooLarge(self.model, ask.tokens, most)
        if time.monotonic() < self._full_until.get((ask.priority, ask.tenant), 0.0):
            raise self._busy(ask, self._wait_ms)
        ticket = Ticket(next(self._ids), self.model, ask)
        self._tickets[ticket.id] = ticket
        try:
            await self._ask(ticket)
        except asyncio.CancelledError:
            # Valkey may let it in all the same, and sooner than a goodbye on another connection
            # would reach it: the next beat says that.
            self._tickets.pop(ticket.id, None)
            self._leaving[ticket.id] = False
            raise
        except BaseException:
            self._tickets.pop(ticket.id, None)
            raise
        return ticket

    async def leave(self, ticket: Ticket, *, measured: bool) -> None:
        """Give up the place, at the model or in the queue; what fails, the next beat does.

        Args:
            measured: whether its time tells others what to expect.
        """
        if self._tickets.pop(ticket.id, None) is None:
            return
        if not ticket.admitted:
            self._observer.left(self.model, ticket.ask, ticket.waited_s)
        if ticket.local:
            return
        self._leaving[ticket.id] = measured and ticket.admitted
        if self._away:
            return
        try:
            await self._say_goodbye(ticket.id)
        except Exception as error:
            # Were there no next beat, the lease would run out.
            if not is_away(error):
                _log.exception("leaving %s failed", self.model)

    def grant(self, id_: str) -> None:
        """Let one in who has waited: Valkey has said so."""
        ticket = self._tickets.get(id_)
        if ticket is None:
            self._leaving.setdefault(id_, False)
        else:
            self._admit(ticket)

    async def beat(self) -> None:
        """Renew the leases of all tickets, and learn their places.

        Raises:
            RedisError, OSError, TimeoutError: Valkey is away.
        """
        for id_ in list(self._leaving):
            await self._say_goodbye(id_)
        tickets = [each for each in self._tickets.values() if each.known and not each.local]
        for start in range(0, max(len(tickets), 1), _TICKETS_A_CALL):
            await self._beat(tickets[start : start + _TICKETS_A_CALL])
        self._heard = time.monotonic()
        if self._away:
            await self._come_back()

    def miss(self, error: Exception) -> None:
        """Take note that a heartbeat failed; after too many this process does without Valkey.

        Those who wait then are let in as far as there is room.
        """
        if self._away or time.monotonic() - self._heard < self._lease_s:
            return
        self._away = True
        self._observer.away(self.model, True)
        _log.warning("admission to %s goes on without Valkey: %r", self.model, error)
        for ticket in [each for each in self._tickets.values() if each.known]:
            if ticket.admitted:
                continue
            if self._fits_alone(ticket.ask):
                ticket.local = True
                self._admit(ticket)
            else:
                ticket.turn_away(self._busy(ticket.ask, None))

    async def close(self) -> None:
        """Give back every place of this process."""
        for ticket in list(self._tickets.values()):
            await self.leave(ticket, measured=False)

    async def _ask(self, ticket: Ticket) -> None:
        if self._away:
            self._enter_alone(ticket)
            return
        try:
            answer = await self._within(self._script.ask(ticket.id, ticket.ask))
        except Exception as error:
            if not is_away(error):
                raise
            self._leaving[ticket.id] = False
            _log.info("admission to %s got no answer: %r", self.model, error)
            raise self._busy(ticket.ask, None) from error
        ticket.known = True
        if answer.admitted:
            self._admit(ticket)
        elif answer.place is not None:
            ticket.move(answer.place)
        else:
            asker = ticket.ask.priority, ticket.ask.tenant
            self._full_until[asker] = time.monotonic() + _REMEMBER_S
            self._wait_ms = answer.wait_ms
            raise self._busy(ticket.ask, answer.wait_ms)

    def _enter_alone(self, ticket: Ticket) -> None:
        """Let a ticket in without Valkey, if this process's share has room."""
        if not self._fits_alone(ticket.ask):
            raise self._busy(ticket.ask, None)
        ticket.local = True
        self._admit(ticket)

    def _fits_alone(self, ask: Ask) -> bool:
        inside = [each.ask.tokens for each in self._tickets.values() if each.admitted]
        requests = max(self._limits.concurrent_requests // self._processes, 1)
        tokens = max(self._limits.tokens_in_flight // self._processes, ask.tokens)
        return len(inside) < requests and sum(inside) + ask.tokens <= tokens

    def _busy(self, ask: Ask, wait_ms: int | None) -> Busy:
        self._observer.refused(self.model, ask, "busy")
        wait_s = _RETRY_S if wait_ms is None else max(wait_ms / 1000, 1.0)
        # Spread, so that those who are refused do not all come back at once.
        return Busy(self.model, math.ceil(wait_s * random.uniform(1.0, 1.5)))  # noqa: S311

    def _admit(self, ticket: Ticket) -> None:
        if not ticket.admitted:
            ticket.admit()
            self._observer.admitted(self.model, ticket.ask, ticket.waited_s)

    async def _say_goodbye(self, id_: str) -> None:
        if id_ in self._leaving:
            await self._within(self._script.leave(id_, measured=self._leaving[id_]))
            self._leaving.pop(id_, None)

    async def _beat(self, tickets: list[Ticket]) -> None:
        load, places = await self._within(self._script.beat([each.id for each in tickets]))
        self._processes = max(load.processes, 1)
        self._observer.load(self.model, load.running, load.tokens, load.waiting)
        for ticket, place in zip(tickets, places, strict=True):
            if ticket.id not in self._tickets:
                continue
            if place is None:
                await self._find_again(ticket)
            elif place.position:
                ticket.move(place)
            else:
                self._admit(ticket)

    async def _find_again(self, ticket: Ticket) -> None:
        """Ask anew for what Valkey has lost: it was restarted, or this process stood still."""
        if ticket.admitted:
            await self._within(self._script.restore(ticket.id, ticket.ask))
        else:
            answer = await self._within(self._script.ask(ticket.id, ticket.ask))
            if answer.admitted:
                self._admit(ticket)
            elif answer.place is not None:
                ticket.move(answer.place)
            else:
                ticket.turn_away(self._busy(ticket.ask, answer.wait_ms))
        if ticket.id not in self._tickets:
            self._leaving[ticket.id] = False  # it left meanwhile

    async def _come_back(self) -> None:
        """Count what was let in without Valkey there from now on."""
        for ticket in [each for each in self._tickets.values() if each.local]:
            await self._within(self._script.restore(ticket.id, ticket.ask))
            ticket.local, ticket.known = False, True
            if ticket.id not in self._tickets:
                self._leaving[ticket.id] = False
        self._away = False
        self._observer.away(self.model, False)
        _log.warning("admission to %s has Valkey again", self.model)

    async def _within(self, call: Awaitable[T]) -> T:
        async with asyncio.timeout(self._answer_s):
            return await call
