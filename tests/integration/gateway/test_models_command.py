"""`fingerpost models serve` and `status` say what is missing, in plain words."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from commandline import fingerpost, result_of
from serverprocess import free_port

MODEL = """
[models.narrow]
role = "answer"
backend = "vllm"
engine = {{ path = "/models/narrow", port = {port} }}
limits = {{ context = 1024, concurrent_requests = 4, tokens_in_flight = 4096 }}
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(tmp_path: Path, port: int) -> dict[str, str]:
    file = tmp_path / "models.toml"
    file.write_text(MODEL.format(port=port))
    return {"FINGERPOST_MODELS__FILE": str(file), "FINGERPOST_MODELS__VLLM_PYTHON": "/bin/false"}


def test_shipped_models_leave_nothing_to_serve(tmp_path: Path) -> None:
    done = fingerpost(tmp_path, "models", "serve")
    assert done.returncode == 2
    assert "models.file" in done.stderr


def test_unknown_model_is_named(tmp_path: Path, settings: dict[str, str]) -> None:
    done = fingerpost(tmp_path, "models", "serve", "large", **settings)
    assert done.returncode == 2
    assert "no model 'large'" in done.stderr


def test_mistake_in_the_file_is_named_with_its_line(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    Path(settings["FINGERPOST_MODELS__FILE"]).write_text("[models.x]\nrole = 'poet'\n")
    done = fingerpost(tmp_path, "models", "status", **settings)
    assert done.returncode == 2
    assert "line" in done.stderr


def test_missing_vllm_says_how_to_get_it(tmp_path: Path, settings: dict[str, str]) -> None:
    settings["FINGERPOST_MODELS__VLLM_PYTHON"] = str(tmp_path / "absent")
    done = fingerpost(tmp_path, "models", "serve", **settings)
    assert done.returncode == 1
    assert "make vllm" in done.stderr


def test_taken_port_is_named(tmp_path: Path, settings: dict[str, str], port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        done = fingerpost(tmp_path, "models", "serve", **settings)
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr


def test_engine_that_cannot_start_ends_the_command(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    done = fingerpost(tmp_path, "models", "serve", **settings)
    assert done.returncode == 1
    assert "narrow, replica 1 ended with status 1" in done.stderr


def test_status_of_models_that_are_down(
    tmp_path: Path, settings: dict[str, str], port: int
) -> None:
    (status,) = result_of(tmp_path, "models", "status", **settings)["models"]
    assert (status["name"], status["up"]) == ("narrow", False)
    assert status["address"] == f"http://127.0.0.1:{port}"
    table = fingerpost(tmp_path, "models", "status", **settings).stdout
    assert f"http://127.0.0.1:{port}" in table
