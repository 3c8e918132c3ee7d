"""An HTTP client on the shared server, and data directories of a test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from citizen import Citizen
from commandline import result_of
from copying import copy_data_dir
from serverprocess import ServerProcess


@pytest.fixture
async def http(server: ServerProcess) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(server.url, connector=connector) as session:
        yield session


@pytest.fixture
async def citizen(http: aiohttp.ClientSession) -> Citizen:
    return await Citizen.arrive(http)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the model and the sample knowledge, made once and only copied."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    result_of(folder, "ingest", "--sample")
    return folder


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    """A data directory with the sample knowledge that a test may do with as it likes."""
    folder = tmp_path / "data"
    copy_data_dir(prepared, folder)
    return folder


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    """A folder with three short pages that are not in the sample."""
    folder = tmp_path / "guidance"
    folder.mkdir()
    for subject in ("zeppelins", "gondolas", "hovercraft"):
        (folder / f"{subject}.md").write_text(
            f"---\ntitle: Mooring fees for {subject}\n---\n\n"
            f"The mooring fee for {subject} is £40 a night.\n"
        )
    return folder
