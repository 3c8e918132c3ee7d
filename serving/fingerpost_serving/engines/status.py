"""How models behind servers are: their replicas, queues and caches, from vLLM's `/metrics`."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

import aiohttp
import msgspec
from prometheus_client.parser import text_string_to_metric_families

from ..engine import LOOPBACK, Engine
from ..models import Model
from ..registry import Registry

_TIMEOUT_S = 3.0


class ReplicaStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One server of a model."""

    address: str
    up: bool
    running: int = 0
    """Requests that it writes answers to."""
    waiting: int = 0
    """Requests in its queue."""
    kv_cache_use: float = 0.0
    """Share of its KV cache that is in use, from 0 to 1."""
    prefix_cache_hits: float | None = None
    """Share of the tokens of all prompts since its start that were found in the cache; None
    before the first prompt."""
    error: str = ""
    """Why nothing is known of it."""


class ModelStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One model behind a server."""

    name: str
    address: str
    """Where requests go: its server, or the router."""
    up: bool
    """Whether requests are answered there."""
    replicas: tuple[ReplicaStatus, ...]


async def statuses(registry: Registry, environment: Mapping[str, str]) -> tuple[ModelStatus, ...]:
    """Ask the servers of all models that have one of their own.

    Args:
        environment: where the servers' keys are looked up.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S)) as session:
        asked = [
            _model_status(session, model, model.engine, environment)
            for model in registry.models
            if model.engine is not None and not model.engine.base
        ]
        return tuple(await asyncio.gather(*asked))


async def _model_status(
    session: aiohttp.ClientSession, model: Model, engine: Engine, environment: Mapping[str, str]
) -> ModelStatus:
    headers = {}
    if engine.api_key_variable and (key := environment.get(engine.api_key_variable)):
        headers["Authorization"] = f"Bearer {key}"
    up = await _up(session, engine.address)
    addresses = await _replicas(session, engine, headers)
    replicas = await asyncio.gather(*(_replica(session, each, headers) for each in addresses))
    return ModelStatus(name=model.name, address=engine.address, up=up, replicas=tuple(replicas))


async def _up(session: aiohttp.ClientSession, address: str) -> bool:
    """Whether a router has a replica to send to, or a server is healthy."""
    try:
        # A router's /health asks for all of its replicas; vLLM's server has no /readiness.
        for path in ("readiness", "health"):
            async with session.get(f"{address}/{path}") as response:
                if response.status != 404:
                    return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        pass
    return False


class _Workers(msgspec.Struct):
    urls: list[str]


async def _replicas(
    session: aiohttp.ClientSession, engine: Engine, headers: Mapping[str, str]
) -> Sequence[str]:
    """Addresses of the replicas: ours, those that a router names, or the server itself."""
    if engine.local and engine.replicas > 1:
        return [f"http://{LOOPBACK}:{port}" for port in engine.ports[1:-1]]
    if engine.url:
        try:
            async with session.get(f"{engine.address}/list_workers", headers=headers) as response:
                if response.status == 200:
                    return msgspec.json.decode(await response.read(), type=_Workers).urls
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError):
            pass
    return [engine.address]


async def _replica(
    session: aiohttp.ClientSession, address: str, headers: Mapping[str, str]
) -> ReplicaStatus:
    try:
        async with session.get(f"{address}/metrics", headers=headers) as response:
            if response.status != 200:
                error = f"{address}/metrics answers {response.status}"
                return ReplicaStatus(address=address, up=False, error=error)
            return read_metrics(address, await response.text())
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        message = str(error) or type(error).__name__
        return ReplicaStatus(address=address, up=False, error=message)


def read_metrics(address: str, text: str) -> ReplicaStatus:
    """Read what vLLM's `/metrics` says.

    Raises:
        ValueError: this is not in Prometheus's format.
    """
    totals: defaultdict[str, float] = defaultdict(float)
    fullest = 0.0
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            totals[sample.name] += sample.value
            if sample.name == "vllm:kv_cache_usage_perc":
                fullest = max(fullest, sample.value)
    asked = totals["vllm:prefix_cache_queries_total"]
    return ReplicaStatus(
        address=address,
        up=True,
        running=int(totals["vllm:num_requests_running"]),
        waiting=int(totals["vllm:num_requests_waiting"]),
        kv_cache_use=fullest,
        prefix_cache_hits=totals["vllm:prefix_cache_hits_total"] / asked if asked else None,
    )
