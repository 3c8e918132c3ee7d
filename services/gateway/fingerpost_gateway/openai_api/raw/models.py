"""Which models a caller may use as they are, and under which names."""

from __future__ import annotations

from typing import NamedTuple

from fingerpost_assistant import Role
from fingerpost_gateway.access import Caller
from fingerpost_gateway.errors import UnknownModelError
from fingerpost_gateway.runtime import Runtime
from fingerpost_serving import ChatModel, Limits

RAW = "raw"
"""The largest model; `raw/NAME` is the one of that name in `models.toml`."""

STAFF = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ADMIN})


class RawModel(NamedTuple):
    """A model that may be used as it is."""

    client: ChatModel
    limits: Limits


class RawModels:
    """The models for callers with keys of staff; none for others, and none where they are off."""

    def __init__(self, runtime: Runtime) -> None:
        models = runtime.models
        self._models: dict[str, RawModel] = {}
        if models is None or runtime.settings.openai_api.raw == "off":
            return
        for name, client in models.clients.items():
            model = RawModel(client, models.limits[name])
            self._models.setdefault(RAW, model)
            self._models[f"{RAW}/{name}"] = model

    def names(self, caller: Caller) -> tuple[str, ...]:
        """What this caller may name."""
        return tuple(self._models) if caller.principal.role in STAFF else ()

    def named(self, name: str, caller: Caller) -> RawModel:
        """Return the model of that name.

        Raises:
            UnknownModelError: there is none, or not for this caller.
        """
        names = self.names(caller)
        if name not in names:
            known = ", ".join(map(repr, names)) or "a staff key, where the operator allows it"
            raise UnknownModelError("model", f"there is no {name!r} for this caller; use {known}")
        return self._models[name]
