"""Runs the engines of this machine until a signal: `fingerpost models serve`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from fingerpost_gateway.errors import NothingToRunError
from fingerpost_gateway.settings import Settings
from fingerpost_gateway.signals import StopSignals
from fingerpost_serving import Model, Registry
from fingerpost_serving.engines import EngineProcess, EngineSettings, Fleet


async def serve_engines(
    settings: Settings, names: Sequence[str], *, cpu: bool, tell: Callable[[str], None]
) -> None:
    """Run models until told to stop.

    Args:
        names: those to run; none: all that can run here.
        cpu: run them on the CPU.
        tell: says to a person what goes on.

    Raises:
        NothingToRunError: no model of the registry, or one that was named, runs on this machine.
        EngineFailed: an engine cannot be started.
    """
    signals = StopSignals()
    signals.started()
    registry = Registry.load(settings.models.file)
    models = models_to_run(registry, names)
    engines = EngineSettings(
        python=settings.models.vllm_python,
        logs=settings.data_dir.absolute() / "engines",
        cpu=cpu,
    )

    def changed(process: EngineProcess) -> None:
        tell(f"{process.name}: {process.state}")

    fleet = Fleet(registry, models, engines, on_change=changed)
    running = asyncio.ensure_future(fleet.run())
    announcing = asyncio.ensure_future(_announce(fleet, models, tell))
    stop = asyncio.ensure_future(signals.received.wait())
    await asyncio.wait((running, stop), return_when=asyncio.FIRST_COMPLETED)
    for task in (announcing, stop):
        task.cancel()
    if running.done():
        return running.result()
    tell("stopping…")
    running.cancel()
    await asyncio.wait((running,))
    return None


def models_to_run(registry: Registry, names: Sequence[str]) -> tuple[Model, ...]:
    """The models of these names, or all that run on this machine.

    Raises:
        UnknownModel: there is none of a name.
        NothingToRunError: it does not run on this machine, or none does.
    """
    chosen = tuple(registry.get(name) for name in names) or registry.models
    here = tuple(model for model in chosen if model.engine is not None and model.engine.local)
    if names and (elsewhere := [model.name for model in chosen if model not in here]):
        raise NothingToRunError(
            f"{', '.join(elsewhere)}: not a model to be started on this machine. That takes "
            f'backend = "vllm" and an engine with a path and without url or base.'
        )
    if not here:
        raise NothingToRunError(
            'models.toml names no model to be started on this machine. Add one with backend = "vllm" '
            "and an engine with a path (the shipped file has an example), and name your file in "
            "the settings: models.file."
        )
    return here


async def _announce(fleet: Fleet, models: Sequence[Model], tell: Callable[[str], None]) -> None:
    await fleet.wait_ready()
    for model in models:
        if model.engine is not None:
            tell(f"{model.name} answers on {model.engine.address}")
