"""Fixtures for the whole suite: where the test data lies, and a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import VLLM_PYTHON, Engines
from serverprocess import ServerProcess

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of the test data; tests that need it are skipped, with the cure, when it is absent."""
    folder = Path(os.environ.get("FINGERPOST_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}: set FINGERPOST_TEST_DATA to its folder")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full",
        action="store_true",
        help="also run the tests that need torch, Ray, vLLM, PostgreSQL, Chromium or a new environment",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("vllm"):
            # The first one waits for the engines; all of them share one worker.
            item.add_marker(pytest.mark.timeout(400))
            item.add_marker(pytest.mark.xdist_group("vllm"))
    if config.getoption("--full"):
        return
    left_out = pytest.mark.skip(
        reason="needs torch, Ray, vLLM, PostgreSQL, Chromium or a new environment: make test FULL=1"
    )
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(left_out)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the sample knowledge, shared by all tests that leave it as it was."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Two vLLM replicas behind their router, shared by all tests marked `vllm`."""
    if not VLLM_PYTHON.is_file():
        reason = f"there is no {VLLM_PYTHON}: make vllm"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with Engines(tmp_path_factory.mktemp("engines")) as engines:
        yield engines
