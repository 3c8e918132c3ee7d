"""A real Valkey, shared by the components that need one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from fingerpost_assistant.live.embedded import child
from fingerpost_assistant.live.embedded.binary import command_line, find_binary


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Valkey that all tests share, one after the other."""
    folder = tmp_path_factory.mktemp("v")
    socket = folder / "s"
    with (folder / "log").open("wb") as log:
        # Through `child.py`, so that it does not outlive tests that are killed.
        starter = (sys.executable, child.__file__, str(os.getpid()))
        command = command_line(folder, socket, folder / "pid")
        server = subprocess.Popen([*starter, *command], stdout=log)
    client = redis.Redis(unix_socket_path=str(socket))
    try:
        _wait_for(client)
        yield f"unix://{socket}"
    finally:
        client.close()
        server.terminate()
        server.wait()


def _wait_for(client: redis.Redis) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """Address of an empty Valkey."""
    client = redis.Redis.from_url(valkey_server)
    client.flushall()
    client.close()
    return valkey_server


@pytest.fixture
def cluster_url(tmp_path: Path) -> Iterator[str]:
    """Address of a cluster of one node, which refuses what crosses slots like any other."""
    port, bus = _free_ports(2)
    settings = {
        "port": port,
        "bind": "127.0.0.1",
        "cluster-enabled": "yes",
        "cluster-port": bus,
        "dir": tmp_path,
        "save": "",
    }
    arguments = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([str(find_binary()), *arguments], stdout=log)
    client = redis.Redis(port=port, decode_responses=True)
    try:
        _until_answered(client, "CLUSTER ADDSLOTSRANGE 0 16383", "OK")
        _until_answered(client, "CLUSTER INFO", "cluster_state:ok")
        yield f"redis+cluster://127.0.0.1:{port}"
    finally:
        client.close()
        server.terminate()
        server.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def _until_answered(client: redis.Redis, question: str, answer: str) -> None:
    end = time.monotonic() + 15
    while True:
        try:
            if answer in str(client.execute_command(*question.split())).replace("True", "OK"):
                return
        except redis.ConnectionError:
            pass
        assert time.monotonic() < end, question
        time.sleep(0.05)
