"""Engines are started with what their settings say, and nothing secret is on a command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost_serving import Engine, Model, Registry
from fingerpost_serving.engines.commands import (
    replica_command,
    replica_environment,
    router_command,
)

SETTINGS = """
[models.narrow]
role = "answer"
backend = "vllm"

[models.narrow.engine]
path = "/models/narrow"
served_name = "org/narrow"
api_key_variable = "NARROW_KEY"
replicas = 2
gpus = 2
arguments = ["--gpu-memory-utilization", "0.8"]

[models.narrow.limits]
context = 4096
concurrent_requests = 64
tokens_in_flight = 65536

[models.benefits]
role = "rewrite"
backend = "vllm"

[models.benefits.engine]
base = "narrow"
path = "/models/benefits"

[models.benefits.limits]
context = 4096
concurrent_requests = 64
tokens_in_flight = 65536
"""


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    file = tmp_path / "models.toml"
    file.write_text(SETTINGS)
    return Registry.load(file)


@pytest.fixture
def narrow(registry: Registry) -> tuple[Model, Engine]:
    model = registry.get("narrow")
    assert model.engine is not None
    return model, model.engine


def value(command: list[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_replica_gets_its_model_limits_and_adapters(
    registry: Registry, narrow: tuple[Model, Engine]
) -> None:
    command = replica_command("python", *narrow, registry.adapters_of(narrow[0]), 8101)
    assert value(command, "--model") == "/models/narrow"
    assert value(command, "--served-model-name") == "org/narrow"
    assert value(command, "--port") == "8101"
    assert value(command, "--max-model-len") == "4096"
    assert value(command, "--tensor-parallel-size") == "2"
    assert value(command, "--lora-modules") == "benefits=/models/benefits"
    assert command[-2:] == ["--gpu-memory-utilization", "0.8"]
    assert "--enforce-eager" not in command


def test_replicas_share_out_the_gpus(narrow: tuple[Model, Engine]) -> None:
    devices = [
        replica_environment(narrow[1], index, {"NARROW_KEY": "k"})["CUDA_VISIBLE_DEVICES"]
        for index in (0, 1)
    ]
    assert devices == ["0,1", "2,3"]


def test_gpus_that_were_chosen_outside_stay_chosen(narrow: tuple[Model, Engine]) -> None:
    environment = replica_environment(narrow[1], 0, {"CUDA_VISIBLE_DEVICES": "6,7"})
    assert environment["CUDA_VISIBLE_DEVICES"] == "6,7"


def test_key_is_handed_over_in_the_environment_only(
    registry: Registry, narrow: tuple[Model, Engine]
) -> None:
    environment = replica_environment(narrow[1], 0, {"NARROW_KEY": "very-secret"})
    assert environment["VLLM_API_KEY"] == "very-secret"
    command = replica_command("python", *narrow, registry.adapters_of(narrow[0]), 8101)
    assert "very-secret" not in " ".join(command + router_command("python", *narrow))


def test_router_neither_retries_nor_queues_and_notices_a_death_within_a_second(
    narrow: tuple[Model, Engine],
) -> None:
    command = router_command("python", *narrow)
    assert "--disable-retries" in command
    assert value(command, "--queue-size") == "0"
    assert value(command, "--policy") == "cache_aware"
    assert value(command, "--health-check-interval-secs") == "1"
    assert value(command, "--cb-failure-threshold") == "1"
    assert value(command, "--port") == "8100"
    urls = command[command.index("--worker-urls") + 1 :]
    assert urls == ["http://127.0.0.1:8101", "http://127.0.0.1:8102"]
    assert value(command, "--prometheus-port") == "8103"
