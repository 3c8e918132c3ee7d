"""models.toml is read into types, or refused with place, cause and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost_serving import (
    Backend,
    InvalidRegistry,
    NoModelForRole,
    Registry,
    Role,
    UnknownModel,
)

GOOD = """
[models.quotes]
role = "answer"
backend = "extractive"

[models.quotes.limits]
context = 100
concurrent_requests = 2
tokens_in_flight = 200
"""


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(text: str) -> Registry:
        file = tmp_path / "models.toml"
        file.write_text(text, "utf-8")
        return Registry.load(file)

    return write_and_load


def test_shipped_registry_answers_and_embeds_without_a_gpu() -> None:
    registry = Registry.load()
    assert registry.default(Role.ANSWER).backend is Backend.EXTRACTIVE
    assert registry.default(Role.EMBED).name == "all-MiniLM-L6-v2"


def test_first_model_of_a_role_is_its_default(load) -> None:
    registry = load(GOOD + GOOD.replace("quotes", "second"))
    assert registry.default(Role.ANSWER).name == "quotes"
    assert [model.name for model in registry.of_role(Role.ANSWER)] == ["quotes", "second"]


def test_model_is_found_by_name(load) -> None:
    assert load(GOOD).get("quotes").limits.tokens_in_flight == 200


def test_unknown_name_is_answered_with_the_known_ones(load) -> None:
    with pytest.raises(UnknownModel, match=r"'gpt'.*quotes"):
        load(GOOD).get("gpt")


def test_role_without_a_model_says_what_to_add(load) -> None:
    with pytest.raises(NoModelForRole, match='role = "rerank"'):
        load(GOOD).default(Role.RERANK)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        ('"answer"', '"answerer"', 3, "models.quotes.role", "answer, rewrite, embed"),
        ('"extractive"', '"vlm"', 4, "models.quotes.backend", "extractive, onnx, vllm"),
        ('backend = "extractive"', "", 2, "models.quotes.backend", "missing required field"),
        ("context = 100", "context = 0", 7, "models.quotes.limits.context", ">= 1"),
        ("context = 100", 'context = "a"', 7, "models.quotes.limits.context", "got `str`"),
        ("context = 100", "contexts = 1", 7, "models.quotes.limits.contexts", "spelling"),
        ("= 200", "= 99", 9, "models.quotes.limits.tokens_in_flight", "at least 100"),
        ('"answer"', '"embed"', 3, "models.quotes.role", "It can do: answer"),
        ("[models.quotes]", '[models."é"]', 2, "models.é", "no name"),
        ("[models.quotes]", '[models.quotes]\nname = "x"', 3, "models.quotes.name", "set twice"),
        ("[models.quotes]", "port = 1\n[models.quotes]", 2, "port", "[models.NAME]"),
    ],
)
def test_mistake_is_named_with_its_place(
    load, old: str, new: str, line: int, key: str, message: str
) -> None:
    with pytest.raises(InvalidRegistry) as caught:
        load(GOOD.replace(old, new, 1))
    assert message in str(caught.value)
    assert caught.value.key == key
    assert caught.value.line == line
    assert f"line {line}" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[models]", "models = 3", "[models.x", "models.x = 1"])
def test_file_that_names_no_model_is_refused(load, text: str) -> None:
    with pytest.raises(InvalidRegistry):
        load(text)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRegistry, match=r"absent\.toml: cannot be read"):
        Registry.load(tmp_path / "absent.toml")


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidRegistry, match="UTF-8"):
        Registry.load(file)
