"""All engines of this machine: the replicas of each model, and a router where there are several."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path

import aiohttp
import msgspec

from ..engine import LOOPBACK, Engine
from ..errors import EngineFailed
from ..models import Model
from ..registry import Registry
from .commands import replica_command, replica_environment, router_command
from .process import EngineProcess


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How engines are started on this machine."""

    python: Path
    """Python of the environment that vLLM and its router are installed in."""
    logs: Path
    """Folder for the engines' logs."""
    start_s: float = 900.0
    """Longest time until an engine is ready, in seconds: large weights take minutes to load."""
    stop_s: float = 15.0
    """Time that an engine gets to end before it is killed, in seconds."""
    cpu: bool = False
    """Run every model on the CPU, whatever its settings say."""


class Fleet:
    """The engines of some models, while `run` runs.

    running = asyncio.create_task(fleet.run())
    await fleet.wait_ready()
    """

    def __init__(
        self,
        registry: Registry,
        models: Sequence[Model],
        settings: EngineSettings,
        *,
        on_change: Callable[[EngineProcess], None] = lambda _: None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            models: those to run; they have a path and no url.
            on_change: called when an engine is starting, ready or down.
            environment: what engines inherit; None takes the process's own.
        """
        self._registry = registry
        self._settings = settings
        self._on_change = on_change
        self._environment = os.environ if environment is None else environment
        self._engines = [_engine(model, settings) for model in models]
        self._groups = [
            self._group(model, engine) for model, engine in zip(models, self._engines, strict=True)
        ]

    @property
    def processes(self) -> tuple[EngineProcess, ...]:
        """Every engine: of each model the replicas, then its router if it has one."""
        return tuple(process for group in self._groups for process in group)

    async def run(self) -> None:
        """Keep all engines running until cancelled; none is left when this ends.

        Raises:
            EngineFailed: vLLM is not there, a port is taken, or an engine never became ready.
        """
        if not self._settings.python.is_file():
            raise EngineFailed(
                f"there is no {self._settings.python}. Install vLLM in an environment of its own "
                f"(`make vllm`) and name its Python in the settings: models.vllm_python."
            )
        self._settings.logs.mkdir(parents=True, exist_ok=True)
        _refuse_taken(port for engine in self._engines for port in engine.ports)
        async with aiohttp.ClientSession() as session:
            await _together(*(_run_group(group, session) for group in self._groups))

    async def wait_ready(self) -> None:
        """Wait until every engine has been ready."""
        for process in self.processes:
            await process.ready.wait()

    def _group(self, model: Model, engine: Engine) -> list[EngineProcess]:
        python = str(self._settings.python.absolute())
        adapters = self._registry.adapters_of(model)
        ports = engine.ports if engine.replicas == 1 else engine.ports[1:-1]
        group = [
            self._process(
                f"{model.name}, replica {index + 1}",
                replica_command(python, model, engine, adapters, port),
                replica_environment(engine, index, self._environment),
                f"http://{LOOPBACK}:{port}/health",
            )
            for index, port in enumerate(ports)
        ]
        if engine.replicas > 1:
            command = router_command(python, model, engine)
            # Its /health is that of all replicas together; one that is down must not end it.
            health = f"http://{LOOPBACK}:{engine.ports[0]}/liveness"
            group.append(self._process(f"{model.name}, router", command, self._environment, health))
        return group

    def _process(
        self, name: str, command: list[str], environment: Mapping[str, str], health: str
    ) -> EngineProcess:
        log = "".join(each if each.isalnum() else "-" for each in name) + ".log"
        return EngineProcess(
            name,
            command,
            environment,
            health,
            self._settings.logs / log,
            start_s=self._settings.start_s,
            stop_s=self._settings.stop_s,
            on_change=self._on_change,
        )


def _engine(model: Model, settings: EngineSettings) -> Engine:
    if model.engine is None or not model.engine.local:
        raise ValueError(f"model {model.name} is not one to be started here")
    if settings.cpu:
        return msgspec.structs.replace(model.engine, device="cpu", gpus=1)
    return model.engine


async def _run_group(group: list[EngineProcess], session: aiohttp.ClientSession) -> None:
    """Run a model's engines; the router is started once there is something to route to."""
    if len(group) == 1:
        return await group[0].run(session)
    *replicas, router = group

    async def route() -> None:
        for replica in replicas:
            await replica.ready.wait()
        await router.run(session)

    await _together(route(), *(replica.run(session) for replica in replicas))
    return None


async def _together(*coroutines: Coroutine[None, None, None]) -> None:
    """Run all at a time; if one fails, or we are cancelled, the others are ended first."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            # Once is enough: a second one would cut short what the first one set going.
            if not task.cancelling():
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _refuse_taken(ports: Iterable[int]) -> None:
    """A port that answers belongs to somebody else, who would be taken for our engine."""
    for port in ports:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((LOOPBACK, port)) == 0:
                raise EngineFailed(
                    f"port {port} is taken. Stop what listens there, or set engine.port of the "
                    f"model to another one."
                )
