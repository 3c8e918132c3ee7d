"""models.toml says where models outside this process run, or is refused with place and cure."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from fingerpost_serving import Backend, InvalidRegistry, Registry, Role, Size

LIMITS = """
[models.{0}.limits]
context = 100
concurrent_requests = 2
tokens_in_flight = 200
"""
HERE = """
[models.here]
role = "answer"
backend = "vllm"
size = "narrow"

[models.here.engine]
path = "/models/here"
replicas = 2
""" + LIMITS.format("here")
THERE = """
[models.there]
role = "answer"
backend = "vllm"

[models.there.engine]
url = "https://models.example/v1/"
""" + LIMITS.format("there")
ADAPTER = """
[models.adapter]
role = "rewrite"
backend = "vllm"

[models.adapter.engine]
base = "here"
path = "/models/adapter"
""" + LIMITS.format("adapter")
OTHER = """
[models.other]
role = "answer"
backend = "vllm"

[models.other.engine]
port = 8200
path = "/models/other"
""" + LIMITS.format("other")


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(text: str) -> Registry:
        file = tmp_path / "models.toml"
        file.write_text(text, "utf-8")
        return Registry.load(file)

    return write_and_load


def test_shipped_example_is_read_once_it_is_uncommented(load) -> None:
    text = resources.files("fingerpost_serving").joinpath("models.toml").read_text("utf-8")
    example = re.sub(r"(?m)^# ?", "", text[text.index("# [models.narrow]") :])
    registry = load(text[: text.index("# [models.narrow]")] + example)
    assert registry.default(Role.ANSWER).backend is Backend.EXTRACTIVE
    assert [model.name for model in registry.models][2:] == ["narrow", "large", "benefits"]
    assert registry.get("narrow").size is Size.NARROW


def test_model_elsewhere_is_asked_at_its_address(load) -> None:
    engine = load(THERE).get("there").engine
    assert engine is not None
    assert engine.address == "https://models.example"
    assert not engine.local
    assert not engine.ports


def test_model_here_is_asked_at_its_first_port(load) -> None:
    engine = load(HERE).get("here").engine
    assert engine is not None
    assert engine.address == "http://127.0.0.1:8100"
    assert list(engine.ports) == [8100, 8101, 8102, 8103]
    assert engine.local


def test_adapter_is_asked_where_its_base_runs(load) -> None:
    registry = load(ADAPTER + HERE)
    adapter, base = registry.get("adapter"), registry.get("here")
    assert registry.server_of(adapter) == base.engine
    assert registry.adapters_of(base) == (adapter,)
    assert registry.adapters_of(adapter) == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('path = "/models/here"\n', "", "here.engine", "url, the address of a server, or path"),
        ("replicas = 2", "replicas = 0", "here.engine.replicas", ">= 1"),
        ('size = "narrow"', 'size = "tiny"', "here.size", "narrow, large"),
        ("replicas = 2", 'device = "tpu"', "here.engine.device", "tpu"),
        ("replicas = 2", "port = 65534\nreplicas = 3", "here.engine.port", "room for the 5 ports"),
        ('"https://models.example/v1/"', '"models.example"', "there.engine.url", "no address"),
        ('"https://models.example/v1/"', '"http://a:port"', "there.engine.url", "no address"),
        ("example/v1/", 'example"\nreplicas = 2#', "there.engine.replicas", "decides"),
        ('base = "here"', 'base = "absent"', "adapter.engine.base", 'no model "absent"'),
        ('base = "here"', 'base = "adapter"', "adapter.engine.base", "adapter itself"),
        ('base = "here"', 'base = "here"\nurl = "http://a"', "adapter.engine.url", "in its base"),
        ('path = "/models/adapter"', "", "adapter.engine", "folder of the adapter"),
        ("port = 8200", "port = 8103", "other.engine.port", "8104 or higher"),
        ('backend = "vllm"', 'backend = "extractive"', "here.engine", "runs in this process"),
    ],
)
def test_mistake_is_named_with_its_place(load, old: str, new: str, key: str, message: str) -> None:
    text = HERE + THERE + ADAPTER + OTHER
    assert old in text
    with pytest.raises(InvalidRegistry) as caught:
        load(text.replace(old, new, 1))
    assert message in str(caught.value)
    assert caught.value.key == f"models.{key}"
    assert caught.value.line


def test_engine_is_asked_for_where_the_backend_needs_one(load) -> None:
    with pytest.raises(InvalidRegistry, match=r"\[models\.there\.engine\] with url or path"):
        load(re.sub(r"\[models\.there\.engine\]\nurl = .*", "", THERE))


def test_key_in_place_of_its_variable_is_not_repeated(load) -> None:
    with pytest.raises(InvalidRegistry, match="never the key") as caught:
        load(THERE.replace("url", 'api_key_variable = "sk-very-secret"\nurl'))
    assert "secret" not in str(caught.value)
