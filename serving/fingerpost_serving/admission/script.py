"""The calls of `admission.lua`: typed, and each one atomic."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from ..models import Limits
from .asking import Ask, Place
from .settings import AdmissionSettings

if TYPE_CHECKING:
    from redis.asyncio import Redis, RedisCluster

    Valkey = Redis | RedisCluster


class Answer(NamedTuple):
    """What came of asking for a place."""

    admitted: bool
    place: Place | None
    """In the queue; None if it was refused or admitted."""
    wait_ms: int | None
    """For one who was refused: the wait that it would have had."""


class Load(NamedTuple):
    """How full a model is, over all processes."""

    running: int
    tokens: int
    waiting: int
    processes: int


def state_key(model: str) -> str:
    """Name of a model's state; all its keys are in one slot of a cluster."""
    return f"fingerpost:admission:{{{model}}}"


class AdmissionScript:
    """The script for one model, as one process calls it."""

    def __init__(
        self, client: Valkey, model: str, process: str, limits: Limits, settings: AdmissionSettings
    ) -> None:
        self._client = client
        self._settings = settings
        self._key = state_key(model)
        self.granted = f"{self._key}:granted:{process}"
        """List of this process's tickets that got a place while they waited."""
        self._head: tuple[str | int | float, ...] = (
            process,
            _ms(settings.lease_s),
            limits.concurrent_requests,
            limits.tokens_in_flight,
            settings.places,
            _ms(settings.longest_wait_s),
            settings.caseworker,
            settings.citizen,
            settings.batch,
        )

    async def ask(self, id_: str, ask: Ask) -> Answer:
        """Ask for a place, or for one in the queue."""
        state, *rest = await self._call("ask", *self._about(id_, ask))
        if state == 1:
            return Answer(True, None, None)
        if state == 2:
            return Answer(False, _place(*rest), None)
        return Answer(False, None, _known(rest[0]))

    async def restore(self, id_: str, ask: Ask) -> None:
        """Count a ticket that has its place although Valkey has forgotten it."""
        await self._call("restore", *self._about(id_, ask))

    async def leave(self, id_: str, *, measured: bool) -> None:
        """Give up a place, or stop waiting; with `measured` its time counts for what others are
        told to expect."""
        await self._call("leave", id_, int(measured))

    async def beat(self, ids: Sequence[str]) -> tuple[Load, list[Place | None]]:
        """Renew leases; return the load and each ticket's place.

        A position of 0 is a place at the model; None: Valkey does not know the ticket.
        """
        told = await self._call("beat", *ids)
        pairs = zip(told[4::2], told[5::2], strict=True)
        places = [None if position < 0 else _place(position, wait) for position, wait in pairs]
        return Load(*told[:4]), places

    def _about(self, id_: str, ask: Ask) -> tuple[str | int | float, ...]:
        weight = self._settings.tenant_weight(ask.tenant)
        return id_, int(ask.priority), ask.tokens, weight, ask.tenant

    async def _call(self, call: str, *arguments: str | int | float) -> list[int]:
        from redis.exceptions import NoScriptError

        source, digest = _source()
        words: tuple[Any, ...] = (self._key, call, *self._head, *arguments)
        try:
            answer = await self._client.evalsha(digest, 1, *words)
        except NoScriptError:
            answer = await self._client.eval(source, 1, *words)
        return list(answer)


def is_away(error: Exception) -> bool:
    """Whether an error means that Valkey cannot be asked now."""
    from redis.exceptions import RedisError

    return isinstance(error, RedisError | OSError | TimeoutError)


@cache
def _source() -> tuple[str, str]:
    source = files(__package__).joinpath("admission.lua").read_text("utf-8")
    return source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


def _place(position: int, wait_ms: int) -> Place:
    return Place(position, _known(wait_ms))


def _known(milliseconds: int) -> int | None:
    return milliseconds if milliseconds >= 0 else None


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
