"""The Valkey beside us: one a folder, gone with its parent, back when it dies."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path

import dyingprocess
import pytest
from conversing import eventually

from fingerpost_assistant.errors import ValkeyFailed, ValkeyInUse, ValkeyMissing
from fingerpost_assistant.live.connection import connect, persistently
from fingerpost_assistant.live.embedded import EmbeddedValkey, child, server

SUPPORT = Path(dyingprocess.__file__).parent


async def _parent(folder: Path) -> tuple[asyncio.subprocess.Process, int]:
    """Another process with its Valkey, and the Valkey's process id."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, dyingprocess.__file__, "valkey", str(folder)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SUPPORT)},
    )
    assert process.stdout is not None
    return process, int(await process.stdout.readline())


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def _servers(folder: Path) -> list[int]:
    """Process ids of the Valkeys on a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _runs(int(entry.name)):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"valkey-server") and os.fsencode(folder) in words:
                found.append(int(entry.name))
    return found


async def _gone(pid: int) -> None:
    async def gone() -> bool:
        return not _runs(pid)

    await eventually(gone)


async def _write(valkey: EmbeddedValkey, key: str) -> None:
    client = connect(valkey.url)
    await client.set(key, "kept")
    await client.aclose()


async def _read(valkey: EmbeddedValkey, key: str) -> object:
    client = connect(valkey.url)
    try:
        return await persistently(partial(client.get, key), 5)
    finally:
        await client.aclose()


async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        await _write(valkey, "k")
    assert not _runs(valkey.pid)
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        assert await _read(valkey, "k") == "kept"


async def test_it_listens_on_no_port_and_only_its_owner_may_connect(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        client = connect(valkey.url)
        assert (await client.config_get("port"))["port"] == "0"
        await client.aclose()
        socket = Path(valkey.url.removeprefix("unix://"))
        assert socket.stat().st_mode & 0o777 == 0o700


async def test_killed_server_is_started_again_with_its_data(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        await _write(valkey, "k")
        killed = valkey.pid
        os.kill(killed, signal.SIGKILL)

        async def back() -> bool:
            return valkey.pid != killed and _runs(valkey.pid)

        await eventually(back)
        assert await _read(valkey, "k") == "kept"
        assert _servers(tmp_path / "v") == [valkey.pid]


async def test_server_comes_back_when_its_binary_was_missing_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = asyncio.Event()

    def missing(*_: Path) -> list[str]:
        missed.set()
        raise ValkeyMissing("its package is being replaced")

    async with EmbeddedValkey(tmp_path / "v") as valkey:
        await _write(valkey, "k")
        with monkeypatch.context() as patch:
            patch.setattr(server, "command_line", missing)
            os.kill(valkey.pid, signal.SIGKILL)
            await asyncio.wait_for(missed.wait(), 10)
        assert await _read(valkey, "k") == "kept"


async def test_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        with pytest.raises(ValkeyInUse, match=f"in use by process {os.getpid()}"):
            await EmbeddedValkey(tmp_path / "v").__aenter__()
        assert _servers(tmp_path / "v") == [valkey.pid]


async def test_server_dies_with_its_parent(tmp_path: Path) -> None:
    parent, pid = await _parent(tmp_path / "v")
    parent.kill()
    await parent.wait()
    await _gone(pid)
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        assert _servers(tmp_path / "v") == [valkey.pid]


@pytest.mark.parametrize("frozen", [False, True], ids=["answering", "frozen"])
async def test_survivor_is_ended_before_another_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    monkeypatch.setattr("fingerpost_assistant.live.embedded.place._END_S", 1.0)
    parent, pid = await _parent(tmp_path / "v")
    # A frozen process takes no signal but the last: it survives its parent.
    os.kill(pid, signal.SIGSTOP)
    parent.kill()
    await parent.wait()
    assert _runs(pid)
    starting = asyncio.create_task(EmbeddedValkey(tmp_path / "v").__aenter__())
    if not frozen:
        os.kill(pid, signal.SIGCONT)
    valkey = await starting
    try:
        assert not _runs(pid)
        assert _servers(tmp_path / "v") == [valkey.pid]
    finally:
        await valkey.__aexit__(None, None, None)


async def test_process_that_was_given_an_old_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "valkey.pid").write_text(f"{os.getpid()}\n")
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        assert await _read(valkey, "k") is None


async def test_torn_last_write_does_not_keep_it_from_starting(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        await _write(valkey, "k")
    (log,) = (tmp_path / "v" / "appendonlydir").glob("*.incr.aof")
    with log.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$1\r\nx")
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        assert await _read(valkey, "k") == "kept"


@pytest.mark.parametrize("name", ["d" * 120, "a folder with spaces", "dossier_é_%41"])
async def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    async with EmbeddedValkey(tmp_path / name) as valkey:
        await _write(valkey, "k")
        assert await _read(valkey, "k") == "kept"


async def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ValkeyFailed, match="cannot be written"):
        await EmbeddedValkey(tmp_path / "file" / "v").__aenter__()


async def test_damaged_file_is_reported_with_the_servers_own_words(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "v") as valkey:
        await _write(valkey, "k")
    (log,) = (tmp_path / "v" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"no append-only file\r\n" * 10)
    with pytest.raises(ValkeyFailed, match="Bad file format"):
        await EmbeddedValkey(tmp_path / "v").__aenter__()
    assert _servers(tmp_path / "v") == []


async def test_system_without_a_binary_is_told_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(ValkeyMissing, match="set the redis URL"):
        await EmbeddedValkey(tmp_path / "v").__aenter__()


async def test_where_the_kernel_does_not_help_a_watcher_does(tmp_path: Path) -> None:
    """A parent that starts `child.py --watch` and is killed takes the grandchild along."""
    ready = tmp_path / "pid"
    script = f"echo $$ > {ready}; exec sleep 60"
    starter = (
        "import os, subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, {child.__file__!r}, '--watch', str(os.getpid()),"
        f" '/bin/sh', '-c', {script!r}]); time.sleep(60)"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", starter)

    async def started() -> bool:
        return ready.exists() and ready.read_text().strip() != ""

    await eventually(started)
    pid = int(ready.read_text())
    assert _runs(pid)
    parent.kill()
    await parent.wait()
    await _gone(pid)
