"""What settings of models cannot be true together, with themselves or with other models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from .engine import Engine
from .models import ROLES_BY_BACKEND, Backend, Model


class Fault(NamedTuple):
    """What is wrong with one model's table."""

    key: str
    """Dotted, below the model's own table; empty for the table as a whole."""
    cause: str
    cure: str


def contradictions(models: Sequence[Model]) -> Iterator[tuple[str, Fault]]:
    """Yield each model's first contradiction, then those between models, with the name."""
    for model in models:
        fault = next(filter(None, (check(model) for check in _CHECKS)), None)
        if fault:
            yield model.name, fault
    by_name = {model.name: model for model in models}
    for model in models:
        if fault := _of_adapter(model, by_name.get(model.engine.base if model.engine else "")):
            yield model.name, fault
    yield from _ports_taken_twice(models)


def _of_role(model: Model) -> Fault | None:
    if model.role in ROLES_BY_BACKEND[model.backend]:
        return None
    cause = f'backend "{model.backend}" cannot do role "{model.role}"'
    able = ", ".join(sorted(ROLES_BY_BACKEND[model.backend]))
    return Fault("role", cause, f"It can do: {able}.")


def _of_limits(model: Model) -> Fault | None:
    if model.limits.tokens_in_flight >= model.limits.context:
        return None
    cause = "is less than limits.context, so a request of full length could never start"
    return Fault("limits.tokens_in_flight", cause, f"Make it at least {model.limits.context}.")


def _of_backend(model: Model) -> Fault | None:
    if model.backend is Backend.VLLM and model.engine is None:
        cause = "is missing, so there is no telling where the model runs"
        return Fault("engine", cause, f"Add [models.{model.name}.engine] with url or path.")
    if model.backend is not Backend.VLLM and model.engine is not None:
        cause = f'does not go with backend "{model.backend}", which runs in this process'
        return Fault("engine", cause, 'Remove it, or set backend = "vllm".')
    return None


def _of_place(model: Model) -> Fault | None:
    engine = model.engine
    if engine is None:
        return None
    if engine.base and engine.url:
        cure = "Remove it, or remove base and name the adapter by served_name."
        return Fault("engine.url", "does not go with base: an adapter runs in its base", cure)
    if engine.base and not engine.path:
        return Fault("engine", "names no adapter", "Add path, the folder of the adapter.")
    if not engine.url and not engine.path:
        cause = "says neither where the model runs nor what to start"
        return Fault("engine", cause, "Add url, the address of a server, or path, its weights.")
    if engine.url and not _is_http(engine.url):
        return Fault("engine.url", "is no address", 'Write it like "http://host:8000".')
    return None


def _of_replicas(model: Model) -> Fault | None:
    engine = model.engine
    if engine is None or engine.replicas == 1 or engine.local:
        return None
    cause = "says how many to start, but nothing of this model is started here"
    cure = "Remove it: whoever runs the server decides."
    return Fault("engine.replicas", cause, cure)


_CHECKS: tuple[Callable[[Model], Fault | None], ...] = (
    _of_role,
    _of_limits,
    _of_backend,
    _of_place,
    _of_replicas,
)


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _of_adapter(model: Model, base: Model | None) -> Fault | None:
    if model.engine is None or not model.engine.base:
        return None
    if base is None or base.engine is None:
        cause = f'there is no model "{model.engine.base}" with an engine'
        return Fault("engine.base", cause, "Name a model of this file whose backend is vllm.")
    if base.engine.base:
        cause = f'"{base.name}" is an adapter itself'
        return Fault("engine.base", cause, f'Name its base, "{base.engine.base}".')
    return None


def _ports_taken_twice(models: Sequence[Model]) -> Iterator[tuple[str, Fault]]:
    taken: list[tuple[Model, Engine]] = []
    for model in models:
        engine = model.engine
        if engine is None or not engine.local:
            continue
        if engine.ports.stop > 65536:
            cause = f"leaves no room for the {len(engine.ports)} ports that are needed"
            yield model.name, Fault("engine.port", cause, "Choose a lower one.")
        for other, theirs in taken:
            if engine.ports.start < theirs.ports.stop and theirs.ports.start < engine.ports.stop:
                cause = f"overlaps with the ports of {other.name}, which has {_span(theirs)}"
                cure = f"Set [models.{model.name}.engine] port = {theirs.ports.stop} or higher."
                yield model.name, Fault("engine.port", cause, cure)
        taken.append((model, engine))


def _span(engine: Engine) -> str:
    return f"{engine.ports.start} to {engine.ports.stop - 1}"
