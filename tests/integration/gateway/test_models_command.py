"""`fingerpost models serve` and `status` say what is missing, in plain words."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import COMMAND, fingerpost, result_of
from engines import four_free_ports, processes_of
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


def doctor_finding(data_dir: Path, part: str, **environment: str) -> dict[str, Any]:
    examined = fingerpost(data_dir, "doctor", "--json", **environment)
    (finding,) = (each for each in json.loads(examined.stdout)["findings"] if each["part"] == part)
    return finding


def test_doctor_tells_how_to_start_a_model_that_is_down(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    finding = doctor_finding(tmp_path, "model narrow", **settings)
    assert (finding["level"], finding["cure"]) == ("warn", "`fingerpost models serve`")


def test_doctor_misses_the_key_of_a_model(tmp_path: Path, settings: dict[str, str]) -> None:
    file = Path(settings["FINGERPOST_MODELS__FILE"])
    file.write_text(file.read_text().replace("path =", 'api_key_variable = "ABSENT_KEY", path ='))
    finding = doctor_finding(tmp_path, "model narrow", **settings)
    assert finding["level"] == "fail"
    assert "ABSENT_KEY is not set" in finding["detail"]


def test_doctor_points_to_the_mistake_in_the_file(tmp_path: Path, settings: dict[str, str]) -> None:
    Path(settings["FINGERPOST_MODELS__FILE"]).write_text("[models.x]\nrole = 'poet'\n")
    assert "line" in doctor_finding(tmp_path, "models", **settings)["detail"]


REPLICATED = """
[models.narrow]
role = "answer"
backend = "vllm"
engine = {{ path = "{folder}", port = {port}, replicas = 2 }}
limits = {{ context = 1024, concurrent_requests = 4, tokens_in_flight = 4096 }}
"""


@pytest.fixture
def small(tmp_path: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`fingerpost models serve` with engines that start at once."""
    python = tmp_path / "python"
    engine = Path(__file__).parents[2] / "support" / "smallengine.py"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} {engine} "$@"\n')
    python.chmod(0o755)
    file = Path(settings["FINGERPOST_MODELS__FILE"])
    file.write_text(REPLICATED.format(folder=tmp_path, port=four_free_ports()))
    process = subprocess.Popen(
        [*COMMAND, "models", "serve"],
        env={
            **os.environ,
            **settings,
            "FINGERPOST_DATA_DIR": str(tmp_path),
            "FINGERPOST_MODELS__VLLM_PYTHON": str(python),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """What it says up to a line with these words."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line.strip())
        if words in line:
            return said
    raise AssertionError(f"it ended without saying {words!r}: {said}")


def test_router_follows_its_replicas_and_all_end_with_the_command(
    small: subprocess.Popen[str], tmp_path: Path
) -> None:
    said = until(small, "narrow answers on http://127.0.0.1:")
    router = said.index("narrow, router: starting")
    assert {"narrow, replica 1: ready", "narrow, replica 2: ready"} <= set(said[:router])
    assert len(processes_of(tmp_path)) >= 5
    small.send_signal(signal.SIGTERM)
    assert small.wait(20) == 0
    assert processes_of(tmp_path) == []


def test_engines_end_when_the_command_is_killed(
    small: subprocess.Popen[str], tmp_path: Path
) -> None:
    until(small, "narrow answers on")
    small.kill()
    small.wait()
    end = time.monotonic() + 10
    while processes_of(tmp_path):
        assert time.monotonic() < end, "engines outlive the command"
        time.sleep(0.1)
