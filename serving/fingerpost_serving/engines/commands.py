"""The command lines of vLLM's server and of its router, from a model's settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..engine import LOOPBACK, Engine
from ..models import Model, Role

_POOLING = frozenset({Role.EMBED, Role.RERANK})


def replica_command(
    python: str, model: Model, engine: Engine, adapters: Sequence[Model], port: int
) -> list[str]:
    """The command that serves one replica of a model.

    The module is run, since the `vllm` command needs packages that a CPU does without.
    """
    options: dict[str, str] = {
        "model": engine.path,
        "served-model-name": engine.served_name or model.name,
        "host": LOOPBACK,
        "port": str(port),
        "dtype": engine.dtype,
        "max-model-len": str(model.limits.context),
        # One replica may have to bear it all while another is started again.
        "max-num-seqs": str(model.limits.concurrent_requests),
    }
    if engine.gpus > 1:
        options["tensor-parallel-size"] = str(engine.gpus)
    if model.role in _POOLING:
        options["runner"] = "pooling"
    command = [python, "-m", "vllm.entrypoints.openai.api_server"]
    for name, value in options.items():
        command += [f"--{name}", value]
    # Usage tells how much of a prompt was cached. Requests hold people's words: none is logged.
    command += ["--enable-prompt-tokens-details", "--disable-uvicorn-access-log"]
    if engine.device == "cpu":
        command.append("--enforce-eager")
    if adapters:
        command += ["--enable-lora", "--lora-modules", *map(_adapter, adapters)]
    return [*command, *engine.arguments]


def _adapter(model: Model) -> str:
    engine = model.engine
    assert engine is not None, "an adapter has an engine"
    return f"{engine.served_name or model.name}={engine.path}"


def replica_environment(
    engine: Engine, index: int, surrounding: Mapping[str, str]
) -> dict[str, str]:
    """The environment of one replica.

    Args:
        index: its number among the replicas of its model, from 0.
        surrounding: the environment that it is started from.
    """
    # Its own settings must not leak in from an environment that another Python is active in.
    environment = {k: v for k, v in surrounding.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    environment |= {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    if variable := engine.api_key_variable:
        environment["VLLM_API_KEY"] = surrounding.get(variable, "")
    if engine.device == "cpu":
        cores = max(1, (os.cpu_count() or 1) // engine.replicas)
        environment |= {
            "VLLM_CPU_KVCACHE_SPACE": str(engine.cpu_cache_gib),
            # Left to themselves, all replicas bind themselves to the same cores.
            "VLLM_CPU_OMP_THREADS_BIND": "nobind",
            "OMP_NUM_THREADS": str(cores),
        }
    elif "CUDA_VISIBLE_DEVICES" not in surrounding and engine.replicas > 1:
        first = index * engine.gpus
        environment["CUDA_VISIBLE_DEVICES"] = ",".join(
            str(number) for number in range(first, first + engine.gpus)
        )
    if Path(engine.path).is_dir():
        environment["HF_HUB_OFFLINE"] = "1"
    return environment


def router_command(python: str, model: Model, engine: Engine) -> list[str]:
    """The command that serves the router before a model's replicas.

    Retries are our client's, queueing is admission's. A replica that fails once is out until
    its health, looked at every second, is good again.
    """
    port, *replicas, metrics = engine.ports
    options = {
        "host": LOOPBACK,
        "port": str(port),
        "prometheus-host": LOOPBACK,
        "prometheus-port": str(metrics),
        "policy": "cache_aware",
        # Requests share their prompt's beginning, so that affinity alone would send all of them
        # to one replica until it is this far ahead.
        "balance-abs-threshold": str(
            max(1, model.limits.concurrent_requests // (4 * engine.replicas))
        ),
        "balance-rel-threshold": "1.2",
        "health-check-interval-secs": "1",
        "health-check-timeout-secs": "2",
        "health-failure-threshold": "1",
        "health-success-threshold": "1",
        "cb-failure-threshold": "1",
        "cb-success-threshold": "1",
        "cb-timeout-duration-secs": "2",
        "queue-size": "0",
        "max-concurrent-requests": str(2 * model.limits.concurrent_requests),
        "worker-startup-check-interval": "1",
        "log-level": "warning",
    }
    command = [python, "-m", "vllm_router.launch_router", "--disable-retries"]
    for name, value in options.items():
        command += [f"--{name}", value]
    return [*command, "--worker-urls", *(f"http://{LOOPBACK}:{replica}" for replica in replicas)]
